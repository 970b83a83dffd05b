"""What this room refuses."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class NotAllowed(ActionRefused):
    """The officer's post does not open this act on this ticket."""

    def __init__(self) -> None:
        super().__init__(
            _("Votre poste ne permet pas cet acte sur cette demande d'aide : demandez à l'administrateur de votre bureau."),
            "not_allowed",
        )


class NothingWritten(ActionRefused):
    def __init__(self) -> None:
        super().__init__(_("Écrivez votre réponse avant de l'envoyer."), "nothing_written")


class AlreadyAnswered(ActionRefused):
    """Somebody else answered meanwhile: their answer has left and is not replaced."""

    def __init__(self) -> None:
        super().__init__(
            _("Une réponse est déjà partie pour cette demande. Relisez-la avant d'écrire de nouveau."), "already_answered"
        )


class Invalid(ActionRefused):
    """What was entered cannot be taken as it is. ``field`` names the entry to mend."""

    def __init__(self, message: object, field: str, code: str = "invalid") -> None:
        super().__init__(message, code)  # type: ignore[arg-type]
        self.field = field
