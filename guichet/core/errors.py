"""Refusals a person can act on. Rooms subclass them; pages turn them into a sentence and a way out."""

from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy


class ActionRefused(Exception):
    """An action that the rules refuse. ``message`` is a translated (or lazy) sentence that says what to do."""

    def __init__(self, message: "str | Promise", code: str = "refused") -> None:
        super().__init__(str(code))
        self.message = message
        self.code = code


class TooManyTries(ActionRefused):
    """Too many tries from here. ``minutes`` is how long to wait, rounded up."""

    def __init__(self, seconds: int) -> None:
        self.seconds = max(seconds, 1)
        self.minutes = -(-self.seconds // 60)
        super().__init__(
            ngettext_lazy(
                "Trop d'essais depuis cet appareil ou ce réseau. Réessayez dans %(minutes)d minute.",
                "Trop d'essais depuis cet appareil ou ce réseau. Réessayez dans %(minutes)d minutes.",
                "minutes",
            )
            % {"minutes": self.minutes},
            "too_many_tries",
        )
