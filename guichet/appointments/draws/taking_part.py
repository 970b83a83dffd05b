"""Opening a draw, and taking part in it. Called through ``actions``; what follows the deadline is in ``draw_running``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guichet.appointments import keys, mailboxes, releases
from guichet.appointments.agendas import making
from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.bookings.booking import Details
from guichet.appointments.bookings.references import ALPHABET
from guichet.appointments.draws import mails
from guichet.appointments.draws.errors import AlreadyRegistered, DrawNotOpen, UnknownRegistration, WishesRefused
from guichet.appointments.errors import AlreadyBooked, IdentityNeeded
from guichet.appointments.models import ACTIVE, Agenda, AppointmentType, Booking, Draw, DrawRegistration, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.moves import PERSON
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.core.identifiers import hash_token, random_text
from guichet.registries import queries as registries
from guichet.registries.beacon import port as beacon

WISHES = 5  # at most
DAYS_AT_MOST = 35
SLOTS_AT_MOST = 500  # that a person has to choose from
OPEN_AT_LEAST = timedelta(hours=24)  # nobody has to be first
LIST_BEFORE_SEED = timedelta(minutes=15)  # the list is published so long before the seed can be known
LEFTOVERS_AFTER = timedelta(hours=24)  # everybody has read the outcome before what is left is taken
ANSWER = 2880  # minutes to answer a mail of the draw, where the type asks for no confirmation: nothing is lost in a mailbox


@dataclass(frozen=True)
class DrawPlan:
    """What an office decides of a draw: the days that it shares (of the office, both counted), and its four moments."""

    first_day: date
    last_day: date
    opens_at: datetime
    closes_at: datetime
    draws_at: datetime
    leftovers_at: datetime


def open_draw(agenda: Agenda, type: AppointmentType, plan: DrawPlan, *, by: Actor) -> Draw:
    """Announces a draw: its slots are made and kept from everybody until it is drawn, its seed is named. Its moment is that of
    the round which gives the seed, at most 30 seconds after the one that was asked for. ``RulesRefused``."""
    plan = replace(plan, draws_at=beacon.moment_of(beacon.round_at(plan.draws_at)))
    with transaction.atomic():
        agenda = Agenda.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=agenda.pk)
        _check_agenda(agenda, type)
        _check_days(agenda, plan)
        _check_moments(agenda, plan)
        slug = plan.draws_at.astimezone(agenda.zone).date().isoformat()
        if Draw.objects.filter(type=type, slug=slug).exists():
            raise RulesRefused("draws_at", _("Il y a déjà un tirage de cette nature de rendez-vous ce jour-là."))
        opened = Draw.objects.create(
            agenda=agenda,
            type=type,
            slug=slug,
            first_day=plan.first_day,
            last_day=plan.last_day,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            draws_at=plan.draws_at,
            leftovers_at=plan.leftovers_at,
            beacon=announced(plan.draws_at),
        )
        making.make(agenda)
        shared = slots_of(opened).count()
        if shared == 0:
            raise RulesRefused(
                "first_day", _("Ces jours n'ont aucune plage : vérifiez les heures d'ouverture et les fermetures.")
            )
        if shared > SLOTS_AT_MOST:
            raise RulesRefused(
                "last_day",
                _("Ces jours ont plus de %(most)d plages : partagez-les en plusieurs tirages.") % {"most": SLOTS_AT_MOST},
            )
        events.record("draw_opened", subject_of(opened), by, round=opened.beacon["round"], slots=shared)
    return opened


def announced(moment: datetime) -> dict[str, Any]:
    """The source of a seed and its round, as it is announced: the first one that is given at ``moment`` or after it."""
    number = beacon.round_at(moment)
    real = registries.nature("beacon") == "real"
    return {
        "source": beacon.SOURCE if real else "simulated",
        "chain": beacon.CHAIN,
        "round": number,
        "at": in_utc(beacon.moment_of(number)),
        "where": beacon.public_address(number) if real else "",
    }


def in_utc(moment: datetime) -> str:
    """As published files say it: ``2026-12-07T08:00:00Z``."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _check_agenda(agenda: Agenda, type: AppointmentType) -> None:
    if agenda.release.get("rule") != "draw" or not agenda.active:
        raise RulesRefused("agenda", _("Cet agenda ne partage pas ses places par tirage : changez d'abord sa règle."))
    if not type.agendas.filter(pk=agenda.pk).exists() or type.identity == AppointmentType.Identity.INVITATION:
        raise RulesRefused("type", _("Cette nature de rendez-vous ne se tire pas au sort dans cet agenda."))


def _check_days(agenda: Agenda, plan: DrawPlan) -> None:
    if not plan.first_day <= plan.last_day <= plan.first_day + timedelta(days=DAYS_AT_MOST - 1):
        raise RulesRefused("last_day", _("Partagez de 1 à %(most)d jours.") % {"most": DAYS_AT_MOST})
    if Draw.objects.filter(agenda=agenda, first_day__lte=plan.last_day, last_day__gte=plan.first_day).exists():
        raise RulesRefused("first_day", _("Un autre tirage de cet agenda partage déjà certains de ces jours."))
    released = releases.released_at(releases.parse(agenda.release), plan.first_day, agenda.zone)
    if released <= clock.now():
        raise RulesRefused(
            "first_day", _("Les plages du premier jour sont déjà ouvertes à tous : choisissez des jours plus tard.")
        )


def _check_moments(agenda: Agenda, plan: DrawPlan) -> None:
    if plan.closes_at < max(plan.opens_at, clock.now()) + OPEN_AT_LEAST:
        raise RulesRefused(
            "closes_at", _("Laissez au moins 24 heures pour s'inscrire : personne n'a besoin d'être le premier.")
        )
    if plan.draws_at < plan.closes_at + LIST_BEFORE_SEED:
        raise RulesRefused(
            "draws_at", _("Tirez au moins 15 minutes après la fin des inscriptions : la liste est publiée avant la graine.")
        )
    if plan.leftovers_at < plan.draws_at + LEFTOVERS_AFTER:
        raise RulesRefused("leftovers_at", _("Ouvrez à tous les places restantes au moins 24 heures après le tirage."))
    if releases.at_wall(plan.first_day, time(0), agenda.zone) <= plan.leftovers_at:
        raise RulesRefused("first_day", _("Le premier jour vient après l'ouverture à tous des places restantes."))


def cancel_draw(draw: Draw, *, by: Actor) -> None:
    """Takes back a draw that nobody registered for: its slots follow the agenda's rule again. ``RulesRefused``."""
    with transaction.atomic():
        row = locked(draw.pk)
        if row.state != Draw.State.OPEN or row.registrations.exists():
            raise RulesRefused("state", _("Des personnes sont inscrites à ce tirage : il aura lieu."))
        events.record("draw_cancelled", subject_of(row), by, slug=row.slug)
        agenda = row.agenda
        row.delete()
        making.make(agenda)


def locked(draw_id: int) -> Draw:
    """The row as it is now, held until the transaction ends: nobody registers meanwhile."""
    return Draw.objects.select_for_update(of=("self",)).select_related("agenda__office", "type__office").get(pk=draw_id)


def subject_of(draw: Draw) -> Subject:
    return Subject("draw", str(draw.pk))


def slots_of(draw: Draw) -> "QuerySet[Slot]":
    """The slots that a draw shares, by hour."""
    since, until = making.day_bounds(draw.agenda, draw.first_day, draw.last_day)
    found = Slot.objects.filter(
        agenda=draw.agenda_id, pool=PUBLIC, withdrawn_at__isnull=True, starts_at__gte=since, starts_at__lt=until
    )
    return found.order_by("starts_at", "id")


# Taking part --------------------------------------------------------------------------------------------------------------


def register(
    draw: Draw,
    details: Details,
    wishes: Sequence[int],
    *,
    request_key: UUID,
    proof_key: str,
    person_key: str | None = None,
) -> DrawRegistration:
    """Registers a person with their wishes (ids of slots, the preferred one first) and mails a link to confirm: who does not,
    in time, takes no part.

    ``person_key``: for types that ask who one is. ``proof_key``: raw, of the bot check. The same form sent twice is one
    registration. Somebody whose address was wrong registers again. Raises ``DrawNotOpen``, ``WishesRefused``,
    ``AlreadyRegistered``, ``AlreadyBooked``, ``IdentityNeeded``, ``MailboxFull``.
    """
    now = clock.now()
    if draw.type.identity != AppointmentType.Identity.NONE and not person_key:
        raise IdentityNeeded
    earlier = DrawRegistration.objects.filter(request_key=request_key, draw=draw).first()
    if earlier is not None:
        return earlier
    check_open(draw, now)
    chosen = _checked(draw, wishes)
    key = person_key or details.key()
    booked = Booking.objects.filter(person_key=key, type=draw.type_id, state__in=ACTIVE).first()
    if booked is not None:
        raise AlreadyBooked(booked)
    if takes_part(draw, key):
        raise AlreadyRegistered
    try:
        with mailboxes.one_mail_to(details.email), transaction.atomic():
            made = DrawRegistration(
                draw=draw,
                public_id=_new_code(),
                person_key=key,
                wishes=chosen,
                request_key=request_key,
                token_hash=hash_token(keys.token_of_registration(request_key)),
                proof_key=keys.of_proof(proof_key),
                registered_at=now,
                confirm_until=min(now + timedelta(minutes=answer_minutes(draw.type)), draw.closes_at),
            )
            for column, value in details.columns().items():
                setattr(made, column, value)
            made.save(force_insert=True)
            events.record("draw_registered", registration_subject(made), PERSON, draw=draw.pk)
            mails.tell_to_confirm(made)
            return made
    except IntegrityError as error:
        earlier = DrawRegistration.objects.filter(request_key=request_key, draw=draw).first()
        if earlier is None:
            raise DrawNotOpen from error  # closed at this very moment
        return earlier  # the same form sent twice


def answer_minutes(type: AppointmentType) -> int:
    """How long one has to answer a mail of a draw."""
    return type.confirmation_minutes or ANSWER


def takes_part(draw: Draw, person_key: str) -> bool:
    """Whether this person has confirmed a registration."""
    return DrawRegistration.objects.filter(draw=draw, person_key=person_key, confirmed_at__isnull=False).exists()


def details_of(registration: DrawRegistration) -> Details:
    """What was said at registration, for the place that was won."""
    assert registration.birth_date  # asked for by the form
    return Details(
        first_names=registration.first_names,
        last_name=registration.last_name,
        birth_name=registration.birth_name,
        birth_date=registration.birth_date,
        email=registration.email,
        phone=registration.phone,
        language=registration.language,
        needs=registration.needs,
        situation=registration.situation,
    )


def _new_code() -> str:
    """Such as ``7KQ2-M9PX-4TBD``: 60 bits, drawn by us: nobody tries codes until one would be lucky."""
    drawn = random_text(ALPHABET, 12)
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def is_registration_code(text: str) -> bool:
    """Whether a text has the shape of such a code."""
    return len(text) == 14 and text[4] == text[9] == "-" and set(text) <= {*ALPHABET, "-"}


def check_open(draw: Draw, now: datetime) -> None:
    """``DrawNotOpen`` before the registrations begin and from their end on, even if the worker is late."""
    if draw.state != Draw.State.OPEN or not draw.opens_at <= now < draw.closes_at:
        raise DrawNotOpen


def _checked(draw: Draw, wishes: Sequence[int]) -> list[int]:
    chosen = list(wishes)
    known = set(slots_of(draw).filter(pk__in=chosen[: WISHES + 1]).values_list("pk", flat=True))
    if not 1 <= len(chosen) <= WISHES or len(set(chosen)) != len(chosen) or not set(chosen) <= known:
        raise WishesRefused(WISHES)
    return chosen


def registration_subject(registration: DrawRegistration) -> Subject:
    return Subject("draw_registration", str(registration.pk))


def by_registration_token(raw: str) -> DrawRegistration:
    """The registration of a mailed link; ``UnknownRegistration``."""
    rows = DrawRegistration.objects.select_related("draw__agenda", "draw__type__office", "booking")
    found = rows.filter(token_hash=hash_token(raw)).first() if raw else None
    if found is None:
        raise UnknownRegistration
    return found


def change_wishes(raw: str, wishes: Sequence[int]) -> DrawRegistration:
    """Other wishes, by the mailed link, until the deadline. ``UnknownRegistration``, ``DrawNotOpen``, ``WishesRefused``."""
    registration = by_registration_token(raw)
    check_open(registration.draw, clock.now())
    registration.wishes = _checked(registration.draw, wishes)
    try:
        with transaction.atomic():
            registration.save(update_fields=["wishes"])
            events.record("draw_wishes_changed", registration_subject(registration), PERSON, draw=registration.draw_id)
    except IntegrityError as error:
        raise DrawNotOpen from error  # closed at this very moment
    return registration


def leave_draw(raw: str) -> Draw:
    """Takes a registration back, by the mailed link, until the deadline: nothing of it is kept. ``UnknownRegistration``,
    ``DrawNotOpen``."""
    registration = by_registration_token(raw)
    check_open(registration.draw, clock.now())
    try:
        with transaction.atomic():
            events.record("draw_left", registration_subject(registration), PERSON, draw=registration.draw_id)
            registration.delete()
    except IntegrityError as error:
        raise DrawNotOpen from error
    return registration.draw
