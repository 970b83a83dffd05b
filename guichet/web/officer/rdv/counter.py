"""Taking an appointment for somebody who stands at the counter: a type, a free slot, who comes."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.errors import AlreadyBooked
from guichet.appointments.models import AppointmentType
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import whole_number
from guichet.offices.models import Office
from guichet.web.design.forms import ErrorLine
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import told
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.forms import CounterForm, PersonForm
from guichet.web.officer.rdv.frame import FARTHEST, ROLES, actor, address, office_of, page, to

WEEK, SLOT, PARTY = "semaine", "plage", "personnes"


@officer_required(*ROLES)
@never_cache
@require_safe
def types(request: OfficerRequest) -> HttpResponse:
    """For what."""
    office = office_of(request)
    found = [{"type": one, "url": address("rdv_slots", office, one.slug)} for one in appointments.visit_types(office)]
    return page(request, "officer/rdv/types.html", office, {"types": found}, here="rdv_types")


@officer_required(*ROLES)
@never_cache
@require_safe
def slots(request: OfficerRequest, type: str) -> HttpResponse:
    """When: the free slots of a week, those that are reserved to officers too."""
    office = office_of(request)
    kind = _type(office, type)
    party = _party(request, kind)
    slot_id = whole_number(request.GET.get(SLOT, ""))
    if slot_id:
        return to("rdv_book", office, kind.slug, slot_id, **_kept(party))
    kept = _kept(party)
    context = {
        **week_of(
            request,
            office,
            kind,
            party,
            at=lambda **query: address("rdv_slots", office, kind.slug, **query, **kept),
            of=lambda slot_id: address("rdv_book", office, kind.slug, slot_id, **kept),
        ),
        "type": kind,
        "party": party,
        "parties": range(1, kind.party_max + 1) if kind.party_max > 1 else (),
    }
    return page(request, "officer/rdv/slots.html", office, context, here="", trail=_trail(office))


def week_of(
    request: OfficerRequest,
    office: Office,
    kind: AppointmentType,
    party: int,
    *,
    at: Callable[..., str],
    of: Callable[[int], str],
) -> dict[str, Any]:
    """The free slots of the week that is asked for, and the way to its neighbours. ``at(semaine=…)``: the address of a week;
    ``of(slot)``: where a slot leads."""
    first = appointments.counter_first(kind, party)
    today = appointments.today_of(office)
    monday = _monday(request, first.starts_at.date() if first else today)
    this_week = today - timedelta(days=today.weekday())
    week = timedelta(days=7)
    return {
        "first": first,
        "days": [
            (day, [(slot, of(slot.slot_id)) for slot in slots]) for day, slots in appointments.counter_week(kind, monday, party)
        ],
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "previous_url": at(semaine=_week(monday - week)) if monday > this_week else "",
        "next_url": at(semaine=_week(monday + week)),
        "first_url": at(semaine=_week(first.starts_at.date())) if first else "",
    }


@officer_required(*ROLES)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: OfficerRequest, type: str, slot: int) -> HttpResponse:
    """Who. The appointment is firm at once; its page offers the convocation to print."""
    office = office_of(request)
    kind = _type(office, type)
    party = _party(request, kind)
    twin: AlreadyBooked | None = None
    typed = _Forms(request, kind, party)
    if request.method == "POST" and typed.are_valid():
        try:
            return _book(request, office, kind, slot, typed)
        except AlreadyBooked as refusal:
            twin = refusal
            typed = _Forms(request, kind, party, twin=refusal.person)
            typed.are_valid()
            typed.say_twin(refusal.person)
        except ActionRefused as refusal:
            told(request, refusal)
            return to("rdv_slots", office, kind.slug, **_kept(party))
    places = appointments.counter_seats(kind, slot, party)
    if not places:
        gone = _("Cette plage n'est plus libre. Choisissez-en une autre.")
        messages.error(request, gone if party == 1 else _("Ces places ne sont plus libres ensemble. Choisissez-en d'autres."))
        return to("rdv_slots", office, kind.slug, **_kept(party))
    week_url = address("rdv_slots", office, kind.slug, semaine=_week(places[0].starts_at.date()), **_kept(party))
    context = {
        "type": kind,
        "slot": places[0],
        "ends_at": places[-1].ends_at,
        "party": party,
        "day_words": words.long_day(places[0].starts_at.date()),
        "form": typed.first,
        "others": list(zip(typed.others, places[1:], strict=True)),
        "error_lines": typed.error_lines,
        "twin": twin.booking if twin else None,
        "twin_url": address("rdv_booking", office, twin.booking.pk) if twin and twin.booking.reference else "",
        "back_url": week_url,
    }
    trail = (*_trail(office), (week_url, kind.name))
    return page(
        request, "officer/rdv/book.html", office, context, here="", trail=trail, status=422 if typed.error_lines else 200
    )


class _Forms:
    """What is typed of the first, and of each of those who come with them. ``twin``: of whom another one has a request."""

    def __init__(self, request: OfficerRequest, kind: AppointmentType, party: int, twin: int | None = None) -> None:
        data = request.POST if request.method == "POST" else None
        several = party > 1
        self.first = CounterForm(
            data,
            type=kind,
            title=_("Personne %(number)d") % {"number": 1} if several else "",
            # Of who showed a number the number says who it is.
            has_twin=twin == 0 and not (data and data.get("number", "").strip()),
            initial={"key": uuid4(), "language": "fr"},
        )
        self.others = [
            PersonForm(
                data,
                prefix=f"personne{number}",
                title=_("Personne %(number)d") % {"number": number},
                has_twin=twin == number - 1,
            )
            for number in range(2, party + 1)
        ]

    @property
    def all(self) -> list[PersonForm]:
        return [self.first, *self.others]

    @property
    def error_lines(self) -> list[ErrorLine]:
        return [line for form in self.all if form.is_bound for line in form.error_lines]

    def are_valid(self) -> bool:
        """Each is right, and nobody is written twice."""
        if not all([form.is_valid() for form in self.all]):
            return False
        known: set[str] = set()
        for form in self.all:
            key = self.first.details(form).key()
            if key in known:
                said = _("Cette personne est déjà écrite plus haut. Écrivez chaque personne une seule fois.")
                form.add_error("last_name", said)
            known.add(key)
        return not self.error_lines

    def say_twin(self, person: int) -> None:
        form = self.all[person]
        said = _("Une personne du même nom, née le même jour, a déjà un rendez-vous de ce type.")
        form.add_error("homonym" if "homonym" in form.fields else None, said)


def _book(request: OfficerRequest, office: Office, kind: AppointmentType, slot_id: int, typed: _Forms) -> HttpResponse:
    first = typed.first
    details = first.details()
    number = first.cleaned_data.get("number", "")
    people = [(first.details(form), form.is_another) for form in typed.others]
    booked = actions.book_at_counter(
        actor(request),
        kind,
        slot_id,
        details,
        request_key=first.cleaned_data["key"],
        person_key=appointments.key_of_number(first.kind, number) if number else None,
        homonym=actions.free_homonym(kind, details) if first.is_another else 0,
        others=[(one, actions.free_homonym(kind, one) if is_another else 0) for one, is_another in people],
    )
    one = _("Le rendez-vous est pris. Imprimez la convocation pour la personne.")
    messages.success(request, _("Les rendez-vous sont pris. Imprimez la convocation de chacun.") if people else one)
    return to("rdv_booking", office, booked.pk)


def _party(request: OfficerRequest, kind: AppointmentType) -> int:
    """How many come together: what the address or the form says, where the type receives as many; else one."""
    asked = whole_number(request.POST.get(PARTY) or request.GET.get(PARTY, ""))
    return asked if asked is not None and 1 <= asked <= kind.party_max else 1


def _kept(party: int) -> dict[str, Any]:
    return {PARTY: party} if party > 1 else {}


def _type(office: Office, slug: str) -> AppointmentType:
    found = appointments.type_of(office.slug, slug)
    if found is None:
        raise Http404
    return found


def _trail(office: Office) -> tuple[tuple[str, Any], ...]:
    return ((address("rdv_types", office), _("Prendre un rendez-vous")),)


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _monday(request: OfficerRequest, otherwise: date) -> date:
    """The Monday of ``?semaine=2026-W48``, else of a day."""
    match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", request.GET.get(WEEK, ""))
    if match:
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            pass
        else:
            if abs(monday - otherwise) <= FARTHEST:
                return monday
    return otherwise - timedelta(days=otherwise.weekday())
