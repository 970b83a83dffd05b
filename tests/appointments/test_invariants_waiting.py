"""The same office with a waiting list: a freed place goes to whose turn it is, by day, or comes back to everybody."""

from dataclasses import dataclass, field
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from guichet.appointments import actions, due, keys, rules
from guichet.appointments.actions import Details
from guichet.appointments.errors import AlreadyBooked
from guichet.appointments.models import Booking, Offer, Slot, WaitingEntry
from guichet.appointments.waiting.errors import OfferOver, PlacesFree
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.errors import ActionRefused
from guichet.messaging.models import OutboxMessage
from tests.appointments import test_invariants as whole
from tests.appointments import world

FIRST = 1000  # the model's numbers of strangers, who fill the slots and leave
STRANGERS = tuple(
    Details(last_name=f"stranger {world.letters(number)}", birth_date=PartialDate(1990), email=f"s{number}@example.org")
    for number in range(100, 160)
)


@dataclass
class Waiting:
    """An entry of the waiting list as the model knows it; its turn is its place in the model's list."""

    person: int
    pk: int
    state: str = "waiting"
    unanswered: int = 0
    seen: set[int] = field(default_factory=set)  # places that were offered

    @property
    def token(self) -> str:
        return keys.token_of_entry(WaitingEntry.objects.get(pk=self.pk).key)


class WaitingList(whole.Office):
    """Four people who wait, and strangers who take everything and leave."""

    @initialize(
        begins=st.sampled_from(whole.BEGINNINGS),
        confirmation=st.sampled_from([0, 2880]),
        lead=st.sampled_from([0, 90]),
        waiting=st.permutations(range(4)),
    )
    def open(self, begins, confirmation, lead, waiting):
        super().open(begins, confirmation, lead)
        self.turns: list[Waiting] = []
        self.over: list[Waiting] = []  # entries that left the list
        self.said: set[str] = set()  # what the list was told, by intent
        self.strangers_take_the_rest()
        for person in waiting[:3]:
            self.join(person, False)

    @rule()
    def the_worker_passes(self):
        """Offers end before places come back, as in the duties; who has an appointment leaves the list."""
        self.offers_end()
        super().the_worker_passes()
        due.close_waiting()
        for one in [one for one in self.turns if one.state == "waiting" and self.of(one.person, "confirmed")]:
            self.ends(one, "booked", f"waiting:{one.pk}:booked")

    # Strangers ----------------------------------------------------------------------

    @rule()
    def strangers_take_the_rest(self):
        """Without it there is always something free, and nobody waits."""
        free = [one for one in Slot.objects.filter(agenda=self.agenda).order_by("pk") if self.outcome(one) is None]
        for slot in free:
            person = next((one for one in range(len(STRANGERS)) if self.of(FIRST + one, *whole.COUNTED) is None), None)
            if person is None:
                return
            booking = world.ask(self.type, slot, STRANGERS[person])
            self.known[booking.pk] = whole.Known(FIRST + person, slot.pk, booking.state, booking.confirm_until, mails=1)

    @rule(index=st.integers(0, 20))
    def a_stranger_leaves(self, index):
        there = [one.person for one in self.known.values() if one.person >= FIRST and one.state in ("to_confirm", "confirmed")]
        if there:
            self.cancel(there[index % len(there)], False)

    @rule()
    def the_next_place_comes_back(self):
        """The moment drawn for it, without waiting for it."""
        place = Booking.objects.filter(state="returning").order_by("returns_at", "pk").first()
        if place is not None and place.returns_at > clock.now():
            self.offset += place.returns_at - clock.now()
            clock._offset.set(self.offset)
        self.the_worker_passes()

    @rule(index=st.integers(0, 20))
    def a_place_is_freed(self, index):
        self.a_stranger_leaves(index)
        self.the_next_place_comes_back()

    @rule(index=st.integers(0, 20), accepts=st.booleans())
    def a_place_is_freed_and_somebody_answers(self, index, accepts):
        self.a_place_is_freed(index)
        for person in range(4):
            if self.of(person, "offered"):
                self.accept(person, True) if accepts else self.decline(person, True)
                return

    def entry_of(self, person: int) -> Waiting | None:
        return next((one for one in self.turns if one.person == person), None)

    @rule(person=whole.people, twice=st.booleans())
    def join(self, person, twice):
        mine = self.entry_of(person)
        free = any(self.outcome(one) is None for one in Slot.objects.filter(agenda=self.agenda))
        if self.of(person, "to_confirm", "confirmed"):
            expected: type[ActionRefused] | None = AlreadyBooked
        else:
            expected = PlacesFree if free and mine is None else None
        for _again in range(1 + twice):
            try:
                entry = actions.join_waiting_list(self.type, whole.PEOPLE[person])
            except ActionRefused as refused:
                assert type(refused) is expected
                return
            assert expected is None
            if self.entry_of(person) is None:
                self.turns.append(Waiting(person, entry.pk))
            assert self.entry_of(person).pk == entry.pk
            self.said.add(f"waiting:{entry.pk}:joined:{clock.today()}")

    @rule(person=whole.people, twice=st.booleans())
    def accept(self, person, twice):
        offered = self.of(person, "offered")
        if offered is None:
            return
        pk, one = offered
        mine, offer = self.entry_of(person), Offer.objects.get(booking=pk, state="open")
        over = one.until <= clock.now() or Slot.objects.get(pk=one.slot).withdrawn_at is not None
        for _again in range(1 + twice):
            try:
                assert actions.accept_offer(mine.token, offer.pk).pk == pk
            except OfferOver:
                assert over
                return
        assert not over
        one.state, one.mails = "confirmed", 1
        self.ends(mine, "booked")

    @rule(person=whole.people, twice=st.booleans())
    def decline(self, person, twice):
        offered = self.of(person, "offered")
        if offered is None:
            return
        pk, one = offered
        mine, offer = self.entry_of(person), Offer.objects.get(booking=pk, state="open")
        over = one.until <= clock.now()
        for _again in range(1 + twice):
            try:
                actions.decline_offer(mine.token, offer.pk)
            except OfferOver:
                assert over
                return
        assert not over
        mine.state, mine.unanswered = "waiting", 0
        self.goes_on(pk)

    @rule(person=whole.people, twice=st.booleans())
    def leave_the_list(self, person, twice):
        mine = self.entry_of(person)
        if mine is None:
            return
        token, offered = mine.token, self.of(person, "offered")
        for _again in range(1 + twice):
            actions.leave_waiting_list(token)
        self.ends(mine, "left")
        if offered:
            self.goes_on(offered[0])

    def ends(self, one: Waiting, state: str, *said: str) -> None:
        one.state = state
        self.turns.remove(one)
        self.over.append(one)
        self.said.update(said)

    def offers_end(self) -> None:
        """Those whose time is over go to the end of the list, or out of it; those of a withdrawn slot keep their turn."""
        due.end_offers()
        now, withdrawn = clock.now(), set(Slot.objects.exclude(withdrawn_at=None).values_list("pk", flat=True))
        over = [(one.until, pk) for pk, one in self.known.items() if one.state == "offered"]
        for until, pk in sorted(over):
            one = self.known[pk]
            if until > now and one.slot not in withdrawn:
                continue
            mine, offer = (
                self.entry_of(one.person),
                Offer.objects.filter(booking=pk, entry__in=[self.entry_of(one.person).pk]).latest("pk"),
            )
            mine.state = "waiting"
            if one.slot in withdrawn:
                self.said.add(f"waiting:{mine.pk}:withdrawn:{offer.pk}")
            else:
                mine.unanswered += 1
                self.said.add(f"waiting:{mine.pk}:unanswered:{offer.pk}")
                self.turns.remove(mine)
                self.turns.append(mine)
                if mine.unanswered == 2:
                    self.ends(mine, "left")
            self.goes_on(pk)

    def goes_on(self, place: int) -> None:
        """A place that was offered is nobody's, then perhaps the next one's."""
        slot = self.known.pop(place).slot
        self.away[slot] += 1
        self.proposed(place, Slot.objects.get(pk=slot))

    def places_come_back(self) -> None:
        now = clock.now()
        coming = list(Booking.objects.filter(state="returning", returns_at__lte=now).order_by("returns_at", "pk"))
        wide = {slot.pk for slot in Slot.objects.filter(capacity__gt=self.desks)}
        due.give_places_back()
        for place in coming:
            is_offered = Offer.objects.filter(booking=place.pk, state="open").exists()
            if place.slot_id in wide and not is_offered:
                self.away[place.slot_id] -= 1  # kept larger than the rules want: nobody is offered what they no longer want
                assert Booking.objects.get(pk=place.pk).state == "returned"
            elif not self.proposed(place.pk, Slot.objects.get(pk=place.slot_id)):
                self.away[place.slot_id] -= 1

    def proposed(self, place: int, slot: Slot) -> bool:
        """What must become of a place whose moment has come: the next one's, put off until the morning, or everybody's."""
        now = clock.now()
        moment = rules.by_day(now, whole.PARIS)
        until = rules.accept_until(moment, slot.starts_at, zone=whole.PARIS, lead_minutes=self.type.lead_minutes)
        eligible = [
            one
            for one in self.turns
            if one.state == "waiting"
            and place not in one.seen
            and not self.of(one.person, "to_confirm", "confirmed", "offered")
        ]
        if slot.withdrawn_at is not None or until is None or not eligible or slot.capacity > self.desks:
            assert not Offer.objects.filter(booking=place, state="open").exists()
            return False
        if moment > now:
            row = Booking.objects.get(pk=place)
            wall = row.returns_at.astimezone(whole.PARIS)
            assert row.state == "returning" and time(8) <= wall.time() <= time(10, 0, 1) and row.returns_at >= moment
            return True
        offer = Offer.objects.get(booking=place, state="open")
        assert offer.entry_id == eligible[0].pk and abs(offer.accept_until - until) < timedelta(seconds=30)
        assert time(8) <= offer.accept_until.astimezone(whole.PARIS).time() <= time(20)
        self.away[slot.pk] -= 1
        self.known[place] = whole.Known(eligible[0].person, slot.pk, "offered", offer.accept_until)
        eligible[0].state = "offered"
        eligible[0].seen.add(place)
        self.said.add(f"waiting:{eligible[0].pk}:offer:{offer.pk}")
        return True

    # What must always hold ----------------------------------------------------------------------

    @rule()
    def who_came_is_forgotten(self):
        """Whose turn was over before is forgotten with them."""
        before = clock.now()
        super().who_came_is_forgotten()
        assert not WaitingEntry.objects.filter(ended_at__lt=before).exists()
        kept = set(WaitingEntry.objects.filter(ended_at__gte=before).values_list("pk", flat=True))
        self.over = [one for one in self.over if one.pk in kept]

    @invariant()
    def the_waiting_list_is_what_the_model_says(self):
        rows = {row.pk: row.state for row in WaitingEntry.objects.all()}
        assert rows == {one.pk: one.state for one in (*self.turns, *self.over)}
        order = (
            WaitingEntry.objects.filter(state__in=["waiting", "offered"]).order_by("since", "pk").values_list("pk", flat=True)
        )
        assert list(order) == [one.pk for one in self.turns]
        open_offers = Offer.objects.filter(state="open").values_list("entry_id", "booking_id")
        offered = {pk: one for pk, one in self.known.items() if one.state == "offered"}
        assert set(open_offers) == {(self.entry_of(one.person).pk, pk) for pk, one in offered.items()}

    @invariant()
    def each_thing_is_told_once(self):
        assert set(OutboxMessage.objects.filter(intent__startswith="waiting:").values_list("intent", flat=True)) == self.said


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order(movable_clock):
    run_state_machine_as_test(
        WaitingList,
        settings=settings(
            max_examples=20, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
