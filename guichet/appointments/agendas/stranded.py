"""Types whose people an agenda that closes leaves without any slot, and where these people may go instead."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.agendas.planning import Preview
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Agenda, AppointmentType, Booking

# The type that receives them; None: the office writes or calls itself.
Replacements = Mapping[int, AppointmentType | None]


def stranded_by(agenda: Agenda, preview: Preview, *, receives: bool) -> list[int]:
    """The ids of the types whose people would lose their slot and find no open agenda with hours. ``receives``: whether this
    agenda still has some. Two queries."""
    if receives:
        return []
    gone = [number for one in preview.conflicts if one.goes for number in one.bookings]
    people = Booking.objects.filter(pk__in=gone, state__in=[State.TO_CONFIRM, State.CONFIRMED])
    types = set(people.order_by().values_list("type_id", flat=True))
    served = AppointmentType.agendas.through.objects.filter(
        appointmenttype__in=types, agenda__active=True, agenda__hours__isnull=False
    ).exclude(agenda=agenda)
    return sorted(types - set(served.values_list("appointmenttype", flat=True)))


def replacements_of(type: AppointmentType) -> list[AppointmentType]:
    """The types that may receive the people of one: open, with hours, asking who one is in the same way; those of its office
    first. One query."""
    found = AppointmentType.objects.filter(
        identity=type.identity, active=True, agendas__active=True, agendas__hours__isnull=False
    ).exclude(pk=type.pk)
    ordered = found.select_related("office").distinct().order_by("office__name", "slug")
    return sorted(ordered, key=lambda one: one.office_id != type.office_id)


def decide(stranded: Sequence[int], chosen: Replacements, *, must: bool) -> None:
    """Writes where the people of each stranded type go. ``must``: ``RulesRefused`` when one of them is not decided about."""
    for type in AppointmentType.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=stranded).order_by("pk"):
        if type.pk not in chosen:
            if must and type.replaced_by_id is None:
                raise RulesRefused("replaced_by", _("Dites où iront les personnes qui n'ont plus d'agenda."))
            continue
        other = chosen[type.pk]
        if other is not None and other not in replacements_of(type):
            raise RulesRefused("replaced_by", _("Ce rendez-vous ne peut pas recevoir ces personnes. Choisissez-en un autre."))
        type.replaced_by = other
        type.save(update_fields=["replaced_by"])
