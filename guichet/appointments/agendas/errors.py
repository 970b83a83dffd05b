"""What setting up an agenda refuses, in a sentence that says what to do."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused

if TYPE_CHECKING:
    from guichet.appointments.agendas.planning import Hours, Preview


class RulesRefused(ActionRefused):
    """Rules that make no agenda: ``field`` names which, the message how to mend it; ``hours``: the stretch that is wrong."""

    def __init__(self, field: str, message: "str | Promise", hours: "Hours | None" = None) -> None:
        self.field = field
        self.hours = hours
        super().__init__(message, "rules_refused")


class Conflicts(ActionRefused):
    """The change would leave people without their slot: ``preview`` lists them; decide, then save again."""

    def __init__(self, preview: "Preview") -> None:
        self.preview = preview
        super().__init__(
            _("Ce changement supprime des plages déjà réservées. Décidez du sort de ces rendez-vous avant d'enregistrer."),
            "conflicts",
        )


class AgendaChanged(ActionRefused):
    """Somebody else saved the agenda since it was read."""

    def __init__(self) -> None:
        super().__init__(
            _("Cet agenda a été changé par quelqu'un d'autre depuis que vous l'avez ouvert. Rechargez la page."),
            "agenda_changed",
        )


class TypeChanged(ActionRefused):
    """Somebody else saved the type of appointment since it was read."""

    def __init__(self) -> None:
        super().__init__(
            _("Ce rendez-vous a été changé par quelqu'un d'autre depuis que vous l'avez ouvert. Relisez avant d'enregistrer."),
            "type_changed",
        )
