"""Refusals a person can act on. Rooms subclass them; pages turn them into a sentence and a way out."""

from django.utils.functional import Promise


class ActionRefused(Exception):
    """An action that the rules refuse. ``message`` is a translated (or lazy) sentence that says what to do."""

    def __init__(self, message: "str | Promise", code: str = "refused") -> None:
        super().__init__(str(code))
        self.message = message
        self.code = code
