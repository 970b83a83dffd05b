"""What this room refuses."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class NothingWritten(ActionRefused):
    def __init__(self) -> None:
        super().__init__(_("Écrivez votre réponse avant de l'envoyer."), "nothing_written")


class AlreadyAnswered(ActionRefused):
    """Somebody else answered meanwhile: their answer has left and is not replaced."""

    def __init__(self) -> None:
        super().__init__(
            _("Une réponse est déjà partie pour cette demande. Relisez-la avant d'écrire de nouveau."), "already_answered"
        )
