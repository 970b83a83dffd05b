"""What the rules of permits refuse, in a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused


class NothingToProlong(ActionRefused):
    """No prolongation is open for this source: the procedure gives none, or a decision ended it."""

    def __init__(self) -> None:
        super().__init__(
            _("Aucune attestation ne peut être établie pour cette demande : elle est décidée, ou sa démarche n'en donne pas."),
            "nothing_to_prolong",
        )


class NotYet(ActionRefused):
    """The certificate in force lasts long enough: the next one is not due."""

    def __init__(self) -> None:
        super().__init__(
            _("Votre attestation est encore valable assez longtemps. La suivante sera établie avant sa fin."), "not_yet"
        )


class ReasonMissing(ActionRefused):
    def __init__(self) -> None:
        super().__init__(_("Écrivez le motif de cet acte : il reste dans l'historique du dossier."), "reason_missing")


class NothingToStop(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Cette attestation n'est plus en vigueur : elle est arrêtée ou remplacée. Rechargez la page."), "nothing_to_stop"
        )


class AlreadyCovered(ActionRefused):
    """An officer asked for a certificate over days that another one already covers."""

    def __init__(self) -> None:
        super().__init__(
            _("Une attestation est déjà prête pour la période qui suit. Attendez qu'elle commence, ou arrêtez-la d'abord."),
            "already_covered",
        )
