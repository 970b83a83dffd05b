"""Coming with others of one household: how many, who they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guichet.appointments import queries as appointments
from guichet.appointments.actions import Details
from guichet.appointments.models import AppointmentType, Booking
from guichet.core import throttling
from guichet.core.errors import TooManyTries
from guichet.core.identifiers import whole_number
from guichet.web.booking import kept
from guichet.web.booking.forms import OtherPersonForm, details_of
from guichet.web.booking.words import Moment, local

PARTY = "personnes"  # in addresses: how many come
CORRECTIONS = throttling.Limit("booking_household", 2, 900)  # by hold
CONTACT = ("email", "phone", "access", "interpreter", "companion")  # said once, for all of them


def asked(request: HttpRequest, type: AppointmentType) -> int | None:
    """How many people the address says; None when it says nothing that the type receives."""
    count = whole_number(request.GET.get(PARTY, ""))
    return count if count is not None and 1 <= count <= type.party_max else None


def chosen(request: HttpRequest, type: AppointmentType) -> int:
    """How many were chosen with the slot; one when nothing was, or the type has come to receive fewer."""
    count = kept.way(request, type).get("party", 1)
    return count if count <= type.party_max else 1


def choices(type: AppointmentType) -> range:
    """How many may come together; empty where each comes alone."""
    return range(1, type.party_max + 1) if type.party_max > 1 else range(0)


def moment(rows: Sequence[Booking]) -> Moment:
    """From the beginning of the first to the end of the last."""
    first, last = rows[0].slot, rows[-1].slot
    return local(first, first.agenda.zone).until(last.ends_at)


@dataclass(frozen=True)
class Other:
    """One of those who come with the first: which place, what is typed of them."""

    number: int  # from 2 on
    hour: str
    form: OtherPersonForm

    @property
    def title(self) -> str:
        return self.form.title


def others_of(
    held: Booking, data: Mapping[str, Any] | None, typed: Sequence[Mapping[str, Any]], *, as_left: bool = False
) -> list[Other]:
    """The forms of those who come with the first, in order of hour; none when one comes alone. One query at most."""
    found = []
    for number, row in enumerate(appointments.party_of(held)[1:], start=2):
        initial = typed[number - 2] if len(typed) >= number - 1 else None
        form = OtherPersonForm(data, initial=initial, prefix=f"personne{number}", title=title_of(number), as_left=as_left)
        found.append(Other(number, f"{row.starts_at_local:%H:%M}", form))
    return found


def title_of(number: int) -> str:
    return _("Personne %(number)d") % {"number": number}


def may_try_again(held: Booking) -> bool:
    """Whether somebody else may be written in place of who has a request already: a few times for one hold. Each answer tells
    something of whoever was named."""
    try:
        throttling.spend(CORRECTIONS, str(held.pk))
    except TooManyTries:
        return False
    return True


def already_booked() -> str:
    """Said of one of several people: what to do so that the others come all the same."""
    return _(
        "Cette personne a déjà une demande de rendez-vous en cours. Annulez-la par le lien reçu par courriel, ou revenez au"
        " choix de la plage et prenez une place de moins."
    )


def details_of_others(typed: Mapping[str, Any], language: str) -> list[Details]:
    """What was kept of those who come with the first, with the address and the needs that were said once."""
    shared = {name: typed[name] for name in CONTACT if typed.get(name)}
    return [details_of({**shared, **other}, language) for other in typed.get("others", [])]


def refuse_repeated(first: Mapping[str, Any], others: Sequence[Other]) -> bool:
    """Whether all are different people; an error beside each who was written already. The forms are valid."""
    known = {details_of({"email": "", **first}, "fr").key()}
    for other in others:
        key = details_of({"email": "", **other.form.plain()}, "fr").key()
        if key in known:
            other.form.add_error(
                "last_name", _("Cette personne est déjà écrite plus haut. Écrivez chaque personne une seule fois.")
            )
        known.add(key)
    return not any(other.form.errors for other in others)
