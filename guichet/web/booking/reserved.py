"""The rule that an office publishes: which share of its places is kept, and for whom."""

from django.utils.translation import gettext as _

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType


def lines_of(type: AppointmentType) -> list[str]:
    """One sentence per pool of reserved places; none where every place is everybody's. Two queries."""
    sentences = {
        "officers": _("%(percent)d %% : données par les agents au guichet, à qui ne peut pas réserver en ligne."),
        "associations": _("%(percent)d %% : données par les associations d'aide aux personnes qu'elles accompagnent."),
        "expiring": _("%(percent)d %% : pour les personnes dont le titre se termine bientôt, sur invitation."),
    }
    other = _("%(percent)d %% : pour les personnes que le bureau invite.")
    return [sentences.get(pool, other) % {"percent": percent} for pool, percent in appointments.reserved_shares(type)]
