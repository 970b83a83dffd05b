"""The same office, where a family comes too: all of them side by side or nobody, whatever happens in whatever order."""

import uuid
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from guichet.appointments import actions, keys, queries, rules
from guichet.appointments.actions import Details
from guichet.appointments.errors import AlreadyBooked, ConfirmationOver, Full, HoldOver, SlotWithdrawn
from guichet.appointments.models import AppointmentType, Booking, Slot
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.errors import ActionRefused
from tests.appointments import test_invariants as whole
from tests.appointments import world

FIRST = 100  # the model's numbers of people who come together
HOUSEHOLD = [Details(last_name=name, birth_date=PartialDate(1990), email="home@example.org") for name in ("eve", "fay", "gil")]
BROWSER = "browser of the household"
counts = st.integers(2, 3)


class Household(whole.Office):
    """Three people of one household, two or three of whom ask together."""

    @initialize(
        begins=st.sampled_from(whole.BEGINNINGS), confirmation=st.sampled_from([0, 2880]), lead=st.sampled_from([0, 90])
    )
    def open(self, begins, confirmation, lead):
        super().open(begins, confirmation, lead)
        AppointmentType.objects.filter(pk=self.type.pk).update(party_max=3)
        self.type.refresh_from_db()
        self.leading: set[int] = set()

    def written(self):
        return {**super().written(), "desks": self.desks + 1}

    # What the model reckons ----------------------------------------------------------------------

    def family(self, *states: str) -> list[tuple[int, whole.Known]]:
        """Those of the household in these states, in order of hour."""
        found = [(pk, one) for pk, one in self.known.items() if one.person >= FIRST and one.state in states]
        begins = dict(Slot.objects.filter(pk__in=[one.slot for _pk, one in found]).values_list("pk", "starts_at"))
        return sorted(found, key=lambda each: (begins[each[1].slot], each[0]))

    def seats(self, slot: Slot, count: int) -> list[int] | type[ActionRefused]:
        """The slot of each from this one on; else what is said."""
        refused = self.outcome(slot)
        if refused is not None:
            return refused
        found: list[int] = []
        for one in Slot.objects.filter(agenda=self.agenda, starts_at__gte=slot.starts_at).order_by("starts_at"):
            left = one.capacity - self.counted(one.pk)
            found += [one.pk] * min(left, count - len(found)) if self.outcome(one) is None else []
            if len(found) == count:
                return found
            following = Slot.objects.filter(agenda=self.agenda, starts_at=one.ends_at).first()
            if self.outcome(one) is not None or following is None:
                return Full
        return Full

    def end(self, one: whole.Known, state: str, mails: int = 0) -> None:
        """One mail is written to a family, by the first of those whom it concerns."""
        told = one.person < FIRST or id(one) in self.leading
        super().end(one, state, mails if told else 0)

    def holds_end_with_their_slot(self) -> None:
        withdrawn = set(Slot.objects.exclude(withdrawn_at=None).values_list("pk", flat=True))
        for one in self.known.values():
            if one.state == "held" and one.slot in withdrawn:
                self.end(one, "lapsed")

    # Acts ----------------------------------------------------------------------

    # The waiting list, and people alone who dawdle, have their own trial: here places are wanted for families.
    strangers_take_the_rest = a_stranger_leaves = the_next_place_comes_back = None
    join = accept = decline = leave_the_list = claim_at_the_last_moment = None

    @rule(count=counts, index=st.integers(0, 4))
    def ask_together(self, count, index):
        self.come_together(count, index, False)
        self.say_who_they_are(False)

    @rule(count=counts, index=st.integers(0, 4), whose=st.integers(0, 2))
    def ask_and_answer(self, count, index, whose):
        self.ask_together(count, index)
        self.answer_for_all(whose, False)

    @rule(count=counts, index=whole.places, twice=st.booleans())
    def come_together(self, count, index, twice):
        slot = self.slot(index)
        if slot is None:
            return
        held = [one for pk, one in self.family("held") if Booking.objects.get(pk=pk).session_key]
        over = bool(held) and held[0].until <= clock.now()
        if over:
            for _pk, one in self.family("held"):
                self.end(one, "lapsed")
        elif held:
            expected: list[int] | type[ActionRefused] = AlreadyBooked
        if not held or over:
            expected = self.seats(slot, count)
        sent = {"session_key": BROWSER, "request_key": uuid.uuid4(), "proof_key": str(uuid.uuid4())}
        try:
            first = actions.claim_together(self.type, slot.pk, count, **sent)
        except ActionRefused as refused:
            assert type(refused) is expected
            return
        rows = queries.party_of(first)
        assert [row.slot_id for row in rows] == expected
        for number, row in enumerate(rows):
            self.known[row.pk] = whole.Known(FIRST + number, row.slot_id, "held", row.held_until)
        if twice:
            assert actions.claim_together(self.type, slot.pk, count, **sent).pk == first.pk

    @rule(twice=st.booleans())
    def say_who_they_are(self, twice):
        held = Booking.objects.filter(state="held", session_key=keys.of_session(BROWSER)).first()
        if held is None:
            return
        rows = [(row.pk, self.known[row.pk]) for row in queries.party_of(held)]
        people = HOUSEHOLD[: len(rows)]
        if any(one.state != "held" or one.until <= clock.now() for _pk, one in rows):
            expected: type[ActionRefused] | None = HoldOver
        else:
            expected = AlreadyBooked if self.family("to_confirm", "confirmed") else None
        for _again in range(1 + twice):
            try:
                actions.give_details(Booking.objects.get(pk=held.pk), people[0], session_key=BROWSER, others=people[1:])
            except ActionRefused as refused:
                # Of those who asked before, the ones who were cancelled alone are in nobody's way.
                assert type(refused) is expected
                return
            assert expected is None or self.nobody_twice(len(rows))
        for place, (pk, one) in enumerate(rows):
            row = Booking.objects.get(pk=pk)
            one.state, one.until, one.mails = row.state, row.confirm_until, int(place == 0)
        assert {one.state for _pk, one in rows} == {"to_confirm" if self.type.confirmation_minutes else "confirmed"}

    def nobody_twice(self, count: int) -> bool:
        standing = {one.person for _pk, one in self.family("to_confirm", "confirmed")}
        return not standing & {FIRST + number for number in range(count)}

    @rule()
    def let_go(self):
        held = Booking.objects.filter(state="held", session_key=keys.of_session(BROWSER)).first()
        if held is None:
            return
        actions.give_up(held, session_key=BROWSER)
        for row in queries.party_of(held):
            if self.known[row.pk].state == "held":
                self.end(self.known[row.pk], "lapsed")

    def one_request(self, *states: str) -> list[tuple[int, whole.Known]]:
        """Those of one request: who asked again after being cancelled alone is in another."""
        found = self.family(*states)
        party = Booking.objects.get(pk=found[0][0]).party_id if found else None
        return [each for each in found if Booking.objects.get(pk=each[0]).party_id == party]

    @rule(whose=st.integers(0, 2), twice=st.booleans())
    def answer_for_all(self, whose, twice):
        asked = self.one_request("to_confirm")
        if not asked:
            return
        late = asked[0][1].until <= clock.now()
        expected = SlotWithdrawn if any(self.withdrawn(one) for _pk, one in asked) else ConfirmationOver if late else None
        token = world.token(Booking.objects.get(pk=asked[whose % len(asked)][0]))
        for _again in range(1 + twice):
            try:
                actions.confirm(token)
            except ActionRefused as refused:
                assert type(refused) is expected
                return
        assert expected is None
        for place, (_pk, one) in enumerate(asked):
            one.state, one.mails = "confirmed", one.mails + (place == 0)

    @rule(whose=st.integers(0, 2), alone=st.booleans(), twice=st.booleans())
    def call_off(self, whose, alone, twice):
        standing = self.one_request("to_confirm", "confirmed")
        if not standing:
            return
        chosen = standing[whose % len(standing)]
        leaving = [chosen] if alone else standing
        over = any(self.began(one) for _pk, one in leaving)
        token = world.token(Booking.objects.get(pk=chosen[0]))
        try:
            for _again in range(1 + twice):
                actions.cancel(token, alone=alone)
        except ActionRefused:
            assert over
            return
        assert not over
        self.leading = {id(leaving[0][1])}
        for _pk, one in sorted(leaving, key=lambda each: each[1].slot):
            self.end(one, "cancelled", mails=1)

    @rule(index=whole.places)
    def move_together(self, index):
        movers, target = self.one_request("to_confirm", "confirmed"), self.slot(index)
        if not movers or target is None or target.pk == movers[0][1].slot:
            return
        over = any(self.began(one) for _pk, one in movers)
        late = any(self.late(one) for _pk, one in movers)
        often = not any(one.moves < rules.MOVES_AT_MOST or self.withdrawn(one) for _pk, one in movers)
        expected = self.seats(target, len(movers))
        try:
            actions.reschedule(Booking.objects.get(pk=movers[0][0]), target.pk)
        except ActionRefused:
            assert over or late or often or not isinstance(expected, list)
            return
        assert not over and not late and not often
        assert [Booking.objects.get(pk=pk).slot_id for pk, _one in movers] == expected
        for place, (pk, one) in enumerate(movers):
            left, one.slot, one.until = one.slot, expected[place], Booking.objects.get(pk=pk).confirm_until
            one.mails += place == 0
            one.moves += 1
            if left != one.slot:
                self.leave(left)

    @rule()
    def the_worker_passes(self):
        """Of each request that lapses now the first one's mail tells all."""
        late = [(pk, one) for pk, one in self.family("to_confirm") if self.late(one)]
        parties: dict[int, whole.Known] = {}
        for pk, one in late:
            parties.setdefault(Booking.objects.get(pk=pk).party_id, one)
        self.leading = {id(one) for one in parties.values()}
        super().the_worker_passes()

    @rule(desks=st.integers(1, 2), opens=st.sampled_from([1, 2]))
    def the_rules_change(self, desks, opens):
        super().the_rules_change(desks, opens)
        self.holds_end_with_their_slot()

    @rule(ahead=st.integers(0, 4))
    def a_day_is_closed(self, ahead):
        super().a_day_is_closed(ahead)
        self.holds_end_with_their_slot()

    # What must always hold ----------------------------------------------------------------------

    @invariant()
    def those_who_come_together_do_so_without_a_gap(self):
        """Unless one was cancelled alone, or the office withdrew a slot between them."""
        parties: dict[int, list[Booking]] = {}
        for row in Booking.objects.filter(party__isnull=False).select_related("slot"):
            parties.setdefault(row.party_id, []).append(row)
        for rows in parties.values():
            states = Counter(row.state for row in rows)
            if len(states) == 1 and states.keys() & whole.COUNTED:
                ordered = sorted(rows, key=lambda row: row.slot.starts_at)
                gaps = [b.slot.starts_at - a.slot.ends_at for a, b in pairwise(ordered)]
                assert all(gap <= timedelta() for gap in gaps)


@pytest.mark.django_db
def test_whatever_happens_to_a_family_in_whatever_order(movable_clock):
    run_state_machine_as_test(
        Household,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )
