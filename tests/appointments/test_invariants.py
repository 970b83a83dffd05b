"""What must always hold, tried by thousands of acts in any order, with a movable clock, against a simple model.

The model knows who has which place and until when; the database must tell the same after every act. Clocks change in the
middle: the agenda is open at night, in the hour that does not exist and in the one that comes twice.
"""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from guichet.appointments import actions, due, rules
from guichet.appointments.actions import Details, Hours
from guichet.appointments.errors import AlreadyBooked, ConfirmationOver, Full, HoldOver, NotReleased, SlotWithdrawn, TooLate
from guichet.appointments.models import Agenda, Booking, Closure, Slot
from guichet.appointments.models.bookings import OVER
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.errors import ActionRefused
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

PARIS = ZoneInfo("Europe/Paris")
COUNTED = {"held", "to_confirm", "confirmed", "offered"}  # in the model: places that come back are counted apart
ASKED = {"to_confirm", "confirmed", "offered"}
BEGINNINGS = (datetime(2026, 10, 23, 20, 7, 30, tzinfo=UTC), datetime(2027, 3, 26, 20, 7, 30, tzinfo=UTC))
PEOPLE = tuple(
    Details(last_name=name, birth_date=PartialDate(1990), email=f"{name}@example.org") for name in ("ali", "bea", "chi", "dov")
)
people = st.sampled_from(range(len(PEOPLE)))
places = st.integers(0, 7)


@dataclass
class Known:
    """A booking as the model knows it."""

    person: int
    slot: int
    state: str
    until: datetime | None
    mails: int = 0
    moves: int = 0


def night(opens: int) -> tuple[Hours, ...]:
    return tuple(Hours(weekday, time(opens), time(opens + 3)) for weekday in range(7))


class Office(RuleBasedStateMachine):
    """An office, four people, a worker and an officer who changes the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        connection.check_constraints()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(begins=st.sampled_from(BEGINNINGS), confirmation=st.sampled_from([0, 2880]), lead=st.sampled_from([0, 90]))
    def open(self, begins, confirmation, lead):
        self.offset = begins - datetime.now(UTC)
        clock._offset.set(self.offset)
        self.known: dict[int, Known] = {}
        self.away: Counter[int] = Counter()
        self.closed: set[date] = set()
        self.desks, self.opens = 1, 1
        self.agenda = world.an_agenda(**self.written())
        self.type = world.a_type(self.agenda, confirmation_minutes=confirmation, lead_minutes=lead)

    def written(self):
        release = {"rule": "rolling", "days": 3, "at": "00:30"}
        return {"slot_minutes": 60, "desks": self.desks, "release": release, "hours": night(self.opens)}

    # What the model reckons ----------------------------------------------------------------------

    def slot(self, index: int) -> Slot | None:
        """The slots that come next, and now and then one that is past or not released yet."""
        slots = Slot.objects.filter(agenda=self.agenda).order_by("starts_at", "pk")
        if index == 7:
            return slots.filter(starts_at__lte=clock.now()).last() or slots.last()
        coming = slots.filter(starts_at__gt=clock.now())
        return coming.filter(released_at__gt=clock.now()).first() if index == 6 else coming[index : index + 1].first()

    def counted(self, slot_id: int) -> int:
        return sum(one.slot == slot_id and one.state in COUNTED for one in self.known.values()) + self.away[slot_id]

    def of(self, person: int, *states: str) -> tuple[int, Known] | None:
        return next(((pk, one) for pk, one in self.known.items() if one.person == person and one.state in states), None)

    def first_start(self) -> datetime:
        return rules.first_start(
            clock.now(), lead_minutes=self.type.lead_minutes, confirmation_minutes=self.type.confirmation_minutes
        )

    def outcome(self, slot: Slot) -> type[ActionRefused] | None:
        """What claiming this slot must say; None: it is taken."""
        if slot.withdrawn_at is not None:
            return Full
        if slot.released_at > clock.now():
            return NotReleased
        if slot.starts_at < self.first_start():
            return TooLate
        return Full if self.counted(slot.pk) >= slot.capacity else None

    def leave(self, slot_id: int) -> None:
        """A place is left: it is away for a while, unless its slot is withdrawn or nobody could take it any more."""
        slot = Slot.objects.get(pk=slot_id)
        useful = slot.starts_at - timedelta(minutes=self.type.lead_minutes + 40) - clock.now()
        if slot.withdrawn_at is None and useful > timedelta():
            self.away[slot_id] += 1

    def withdrawn(self, one: Known) -> bool:
        return Slot.objects.get(pk=one.slot).withdrawn_at is not None

    def began(self, one: Known) -> bool:
        """The hour has come; whose slot was withdrawn may still say what becomes of the request."""
        slot = Slot.objects.get(pk=one.slot)
        return slot.starts_at <= clock.now() and slot.withdrawn_at is None

    def late(self, one: Known) -> bool:
        """Not confirmed in time; nobody can confirm, nor is late to, what was withdrawn."""
        return one.state == "to_confirm" and one.until <= clock.now() and not self.withdrawn(one)

    def end(self, one: Known, state: str, mails: int = 0) -> None:
        one.state, one.mails = state, one.mails + mails
        self.leave(one.slot)

    # Acts ----------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 9, 11, 45, 180, 700, 1450, 2900]))
    def time_passes(self, minutes):
        self.offset += timedelta(minutes=minutes)
        clock._offset.set(self.offset)

    @rule(minutes=st.sampled_from([5, 20, 45, 100, 140]))
    def the_next_slot_comes_near(self, minutes):
        coming = Slot.objects.filter(agenda=self.agenda, starts_at__gt=clock.now()).order_by("starts_at").first()
        wait = coming.starts_at - clock.now() - timedelta(minutes=minutes) if coming else timedelta()
        if wait > timedelta():
            self.offset += wait
            clock._offset.set(self.offset)

    @rule(person=people, minutes=st.sampled_from([5, 20, 45, 100, 140]))
    def claim_at_the_last_moment(self, person, minutes):
        self.the_next_slot_comes_near(minutes)
        self.claim(person, 0, False)

    @rule(person=people, index=places)
    def ask(self, person, index):
        self.claim(person, index, False)
        self.give_details(person, False)

    @rule(person=people, index=places, twice=st.booleans())
    def claim(self, person, index, twice):
        slot = self.slot(index)
        if slot is None:
            return
        held = self.of(person, "held")
        over = held is not None and held[1].until <= clock.now()
        if held and over:
            self.end(held[1], "lapsed")
        expected = AlreadyBooked if held and not over else self.outcome(slot)
        sent = {"session": f"browser {person}", "request_key": uuid.uuid4(), "proof_key": str(uuid.uuid4())}
        try:
            booking = world.claim(self.type, slot, **sent)
        except ActionRefused as refused:
            assert type(refused) is expected
            return
        assert expected is None
        wall = slot.starts_at.astimezone(PARIS)
        assert wall.date() not in self.closed and wall.replace(fold=0).astimezone(UTC) == slot.starts_at
        self.known[booking.pk] = Known(person, slot.pk, "held", booking.held_until)
        if twice:
            assert world.claim(self.type, slot, **sent).pk == booking.pk

    @rule(person=people, twice=st.booleans())
    def give_details(self, person, twice):
        held = self.of(person, "held")
        if held is None:
            return
        pk, one = held
        expected = HoldOver if one.until <= clock.now() else AlreadyBooked if self.of(person, *ASKED) else None
        for _again in range(1 + twice):
            try:
                booking = actions.give_details(Booking.objects.get(pk=pk), PEOPLE[person], session_key=f"browser {person}")
            except ActionRefused as refused:
                assert type(refused) is expected
                return
            assert expected is None
        one.mails, one.state, one.until = 1, booking.state, booking.confirm_until
        if self.type.confirmation_minutes:
            lead = timedelta(minutes=self.type.lead_minutes)
            assert booking.state == "to_confirm" and clock.now() < one.until <= booking.slot.starts_at - lead
        else:
            assert booking.state == "confirmed"

    @rule(person=people)
    def give_up(self, person):
        held = self.of(person, "held")
        if held:
            actions.give_up(Booking.objects.get(pk=held[0]), session_key=f"browser {person}")
            self.end(held[1], "lapsed")

    @rule(person=people, twice=st.booleans())
    def confirm(self, person, twice):
        asked = self.of(person, "to_confirm")
        if asked is None:
            return
        pk, one = asked
        expected = SlotWithdrawn if self.withdrawn(one) else ConfirmationOver if self.late(one) else None
        for _again in range(1 + twice):
            try:
                actions.confirm(world.token(Booking.objects.get(pk=pk)))
            except ActionRefused as refused:
                assert type(refused) is expected
                return
        assert expected is None
        one.state, one.mails = "confirmed", one.mails + 1

    @rule(person=people, twice=st.booleans())
    def cancel(self, person, twice):
        mine = self.of(person, "to_confirm", "confirmed")
        if mine is None:
            return
        pk, one = mine
        over = self.began(one)
        try:
            for _again in range(1 + twice):
                actions.cancel(world.token(Booking.objects.get(pk=pk)))
        except ActionRefused:
            assert over
            return
        assert not over
        self.end(one, "cancelled", mails=1)

    @rule(person=people, index=places)
    def move(self, person, index):
        mine, target = self.of(person, "to_confirm", "confirmed"), self.slot(index)
        if mine is None or target is None or target.pk == mine[1].slot:
            return
        pk, one = mine
        often = one.moves >= rules.MOVES_AT_MOST and not self.withdrawn(one)
        expected = self.began(one) or self.late(one) or often or self.outcome(target) is not None
        try:
            booking = actions.reschedule(Booking.objects.get(pk=pk), target.pk)
        except ActionRefused:
            assert expected
            return
        assert not expected
        left, one.slot, one.until, one.mails = one.slot, target.pk, booking.confirm_until, one.mails + 1
        one.moves += 1
        self.leave(left)

    @rule()
    def the_worker_passes(self):
        due.lapse_holds()
        due.lapse_requests()
        for one in self.known.values():
            if self.late(one) or (one.state == "held" and one.until <= clock.now()):
                self.end(one, "lapsed", mails=one.state == "to_confirm")
        self.places_come_back()

    def places_come_back(self) -> None:
        for place in Booking.objects.filter(state="returning", returns_at__lte=clock.now()):
            self.away[place.slot_id] -= 1
        due.give_places_back()

    @rule()
    def who_came_is_forgotten(self):
        with patch.object(rules, "FORGOTTEN_AFTER", timedelta()):
            due.forget_what_is_over()
        begun = Booking.objects.filter(slot__starts_at__lt=clock.now())
        assert not begun.filter(state__in=OVER, forgotten_at=None).exists()
        assert not Booking.objects.exclude(forgotten_at=None).exclude(state__in=OVER, person_key="", email="").exists()

    @rule()
    def slots_are_made(self):
        due.make_slots()
        assert due.make_slots() == 0

    @rule(desks=st.integers(1, 2), opens=st.sampled_from([1, 2]))
    def the_rules_change(self, desks, opens):
        self.desks, self.opens = desks, opens
        told = self.told()
        actions.save_agenda(
            self.agenda.office,
            world.rules(**self.written()),
            by=world.OFFICER,
            agenda=Agenda.objects.get(pk=self.agenda.pk),
            displace=True,
        )
        self.read_who_was_told(told)

    @rule(ahead=st.integers(0, 4))
    def a_day_is_closed(self, ahead):
        day = clock.today() + timedelta(days=ahead)
        told = self.told()
        actions.close_days(self.agenda.office, day, day, by=world.OFFICER, displace=True)
        self.closed.add(day)
        self.read_who_was_told(told)

    @precondition(lambda self: getattr(self, "closed", None))
    @rule()
    def days_are_open_again(self):
        told = self.told()
        for closure in Closure.objects.filter(office=self.agenda.office):
            actions.reopen_days(closure, by=world.OFFICER)
        self.closed.clear()
        self.read_who_was_told(told)

    def told(self) -> set[str]:
        """Who was told before an act of the office; which slots are away then."""
        self.gone = set(Slot.objects.exclude(withdrawn_at=None).values_list("pk", flat=True))
        about = ("appointment_withdrawn", "appointment_restored")
        return set(OutboxMessage.objects.filter(template__in=about).values_list("intent", flat=True))

    def read_who_was_told(self, before: set[str]) -> None:
        """Those, and only those, whose slot to come is withdrawn now, or is there again."""
        gone = self.gone
        for intent in self.told() - before:
            _appointment, number, what, *_which = intent.split(":")
            one = self.known[int(number)]
            is_there = Slot.objects.get(pk=one.slot).withdrawn_at is None
            assert one.state in ("to_confirm", "confirmed") and is_there == (what == "restored")
            one.mails += 1
        self.time_is_given_again(gone)
        self.holds_end_with_their_slot()

    def time_is_given_again(self, gone: set[int]) -> None:
        """The whole delay, to those who could not confirm while their slot was away, and to nobody else."""
        for pk, one in self.known.items():
            slot = Slot.objects.get(pk=one.slot)
            if one.state != "to_confirm" or one.slot not in gone or slot.withdrawn_at or slot.starts_at <= clock.now():
                continue
            delays = {"lead_minutes": self.type.lead_minutes, "confirmation_minutes": self.type.confirmation_minutes}
            until = Booking.objects.get(pk=pk).confirm_until
            assert abs(until - rules.confirm_until(clock.now(), slot.starts_at, **delays)) < timedelta(minutes=1)
            one.until = until

    def holds_end_with_their_slot(self) -> None:
        withdrawn = set(Slot.objects.exclude(withdrawn_at=None).values_list("pk", flat=True))
        for one in self.known.values():
            if one.state == "held" and one.slot in withdrawn:
                self.end(one, "lapsed")

    # What must always hold ----------------------------------------------------------------------

    @invariant()
    def places_are_counted_and_never_beyond_the_capacity(self):
        for slot in Slot.objects.filter(agenda=self.agenda):
            assert slot.taken == self.counted(slot.pk) <= slot.capacity
            wanted_now = slot.withdrawn_at is None and slot.starts_at > clock.now()
            if wanted_now:
                assert slot.starts_at.astimezone(PARIS).date() not in self.closed

    @invariant()
    def bookings_are_what_the_model_says(self):
        rows = {row.pk: row for row in Booking.objects.exclude(state__in=["returning", "returned"])}
        assert {pk: (row.slot_id, row.state) for pk, row in rows.items()} == {
            pk: (one.slot, one.state) for pk, one in self.known.items()
        }
        asked = {pk: row.confirm_until for pk, row in rows.items() if row.state == "to_confirm"}
        assert asked == {pk: self.known[pk].until for pk in asked}
        active = Counter(row.person_key for row in rows.values() if row.state in COUNTED)
        assert not active or max(active.values()) == 1
        by_person = Counter(one.person for one in self.known.values() if one.state in ASKED)
        assert not by_person or max(by_person.values()) == 1

    @invariant()
    def nothing_was_taken_before_its_release(self):
        assert not [row for row in Booking.objects.select_related("slot").exclude(state__in=["returning", "returned"])
                    if row.claimed_at < row.slot.released_at and row.slot.withdrawn_at is None]  # fmt: skip

    @invariant()
    def one_message_for_each_thing_that_happened(self):
        intents = OutboxMessage.objects.filter(intent__startswith="appointment:").values_list("intent", flat=True)
        written = Counter(int(intent.split(":")[1]) for intent in intents)
        assert written == Counter({pk: one.mails for pk, one in self.known.items() if one.mails})


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order(movable_clock):
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
