"""Long after the day of an appointment nothing tells whose it was; what is counted, and what proves something, stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guichet.appointments import actions, due, forgetting, keys, queries, rules
from guichet.appointments.lifecycle import OVER, State
from guichet.appointments.models import Attempt, Booking, Invitation, Slot, Visit
from guichet.certificates import queries as certificates
from guichet.core import clock, triggers
from guichet.core.events import Subject, timeline
from tests.appointments import households, world
from tests.appointments.draw_world import after
from tests.appointments.test_invitations import SOURCE, book, invite
from tests.appointments.waiting_world import free, join, offer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
A_MINUTE = timedelta(minutes=1)
PERSONAL = ("first_names", "last_name", "birth_name", "birth_date_text", "email", "phone")
KEPT = (
    "slot_id",
    "type_id",
    "state",
    "party_id",
    "reference",
    "claimed_at",
    "asked_at",
    "arrived_at",
    "moves",
    "invitation_id",
)


def again(row):
    return type(row).objects.get(pk=row.pk)


def later(slot, since=timedelta()):
    """The clock once who was in a slot is forgotten."""
    return after(slot.starts_at + rules.FORGOTTEN_AFTER + since)


def written(booking):
    """Everything that the row of a booking says, as one text."""
    return " ".join(str(value) for value in Booking.objects.filter(pk=booking.pk).values().get().values())


def confirmed(type, slot, given=None):
    return actions.confirm(world.token(world.ask(type, slot, given)))


def honoured(type, slot):
    booking = confirmed(type, slot)
    with after(slot.starts_at):
        actions.check_in(booking, type.office, world.OFFICER)
    return again(booking)


def missed(type, slot):
    booking = confirmed(type, slot)
    with after(slot.starts_at + timedelta(minutes=1)):
        return actions.mark_missed(booking, world.OFFICER)


def cancelled(type, slot):
    return actions.cancel(world.token(confirmed(type, slot)))


def lapsed(type, slot):
    booking = world.ask(type, slot)
    with after(booking.confirm_until):
        due.lapse_requests()
    return again(booking)


def given_up(type, slot):
    held = world.claim(type, slot, session="browser")
    actions.give_up(held, session_key="browser")
    return again(held)


ENDS = {"honoured": honoured, "missed": missed, "cancelled": cancelled, "lapsed": lapsed, "given_up": given_up}


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=3)


# Appointments --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ENDS)
def test_whatever_became_of_it_nobody_is_told_ninety_days_after_the_day_and_not_before(end, type, slot):
    booking = ENDS[end](type, slot)
    before = {name: getattr(booking, name) for name in KEPT}
    known = {getattr(booking, name) for name in (*PERSONAL, "person_key", "session_key", "proof_key") if getattr(booking, name)}
    with later(slot, -A_MINUTE):
        due.forget_what_is_over()
        assert again(booking).person_key == booking.person_key
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
        row = again(booking)
    assert {name: getattr(row, name) for name in KEPT} == before and row.forgotten_at is not None
    assert known and not [value for value in known if value in written(booking)]
    assert row.birth_date is None and row.display_name == "Identité effacée"


def test_what_they_need_to_come_is_forgotten_too(type, slot):
    booking = honoured(type, slot)
    Booking.objects.filter(pk=booking.pk).update(needs={"access": "fauteuil"}, situation="doctorant")
    Visit.objects.filter(booking=booking).update(needs=["access"])
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
    row = again(booking)
    assert (row.needs, row.situation, row.visit.needs) == ({}, "", [])


def test_places_figures_and_the_log_stay_what_they_were(type, agenda, slot):
    booking = honoured(type, slot)
    day = slot.starts_at.astimezone(agenda.zone).date()
    told = list(queries.figures(type.office, day, day))
    events = timeline(Subject("booking", str(booking.pk))).count()
    was = again(slot)
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
    assert list(queries.figures(type.office, day, day)) == told and told[0][1].honoured == 1
    assert timeline(Subject("booking", str(booking.pk))).count() == events
    assert (again(slot).taken, again(slot).version) == (was.taken, was.version) and not triggers.missing()


def test_its_papers_are_forgotten_and_can_still_be_told_to_be_ours(type, slot):
    booking = confirmed(type, slot)
    paper = certificates.document(booking.convocation)
    with after(slot.starts_at + timedelta(days=1)):
        due.end_of_day()
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
    row = certificates.document(paper.number)
    assert (row.data, row.sha256, row.issued_at) == ({}, paper.sha256, paper.issued_at)
    assert again(booking).convocation == "" and again(booking).state == State.MISSED


def test_neither_link_nor_reference_leads_to_it_any_more(type, slot):
    booking = lapsed(type, slot)
    raw = world.token(booking)
    assert (
        queries.booking_by_token(raw) == booking and queries.booking_by_reference(booking.reference, booking.email) == booking
    )
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
        assert queries.booking_by_token(raw) is None
        assert queries.booking_by_reference(booking.reference, booking.email) is None
        assert queries.booking_by_reference(booking.reference, "") is None


def test_those_who_came_together_are_forgotten_together(agenda, slot):
    first = households.ask(world.a_type(agenda, "familles", party_max=3), slot, 3)
    actions.cancel(world.token(first))
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
        party = queries.party_of(again(first))
    assert len(party) == 3 and {one.display_name for one in party} == {"Identité effacée"}


def test_who_was_forgotten_books_again_and_is_held_to_one_appointment(type, agenda, slot):
    given = world.details()
    first = world.ask(type, slot, given)
    with after(first.confirm_until):
        due.lapse_requests()
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
        newer = world.a_slot(agenda)
        second = world.ask(type, newer, given)
        assert second.pk != first.pk and again(second).person_key == given.key()
        due.forget_what_is_over()
        assert again(second).last_name == given.last_name


def test_who_was_asked_to_choose_another_date_is_kept_until_they_did_and_the_others_are_not(type, agenda, slot):
    gone, waits = cancelled(type, slot), confirmed(type, slot)
    Slot.objects.filter(pk=slot.pk).update(withdrawn_at=clock.now())
    with later(slot, A_MINUTE):
        due.give_places_back()
        due.forget_what_is_over()
        assert again(gone).forgotten_at and again(waits).email == waits.email and again(slot).forgotten_at is None
        assert forgetting.forget(10) == 0  # nothing of it is looked at again and again
        actions.cancel_by_officer(again(waits), by=world.OFFICER, reason="Sans nouvelles.")
        due.forget_what_is_over()
        assert again(waits).forgotten_at and again(slot).forgotten_at


def test_who_ends_while_the_others_are_being_forgotten_is_forgotten_next(type, slot, monkeypatch):
    cancelled(type, slot)
    waits = confirmed(type, slot)
    Slot.objects.filter(pk=slot.pk).update(withdrawn_at=clock.now())
    real = forgetting.certificates.forget

    def meanwhile(kind, ids):
        if again(waits).state == State.CONFIRMED:
            actions.cancel_by_officer(again(waits), by=world.OFFICER, reason="Sans nouvelles.")
        return real(kind, ids)

    with later(slot, A_MINUTE):
        due.give_places_back()
        monkeypatch.setattr(forgetting.certificates, "forget", meanwhile)
        due.forget_what_is_over()
        assert again(waits).forgotten_at is None and again(slot).forgotten_at is None
        due.forget_what_is_over()
        assert again(waits).forgotten_at and again(slot).forgotten_at


def test_a_place_that_was_offered_and_came_back_holds_nobody(type, agenda):
    slot = world.a_slot(agenda, starts_in=timedelta(days=9))
    taken = world.ask(type, slot)
    entry = join(type)
    free(taken)
    actions.accept_offer(keys.token_of_entry(entry.key), offer_of(entry).pk)
    with after(slot.starts_at + timedelta(days=1)):
        due.end_of_day()
    with later(slot, A_MINUTE):
        due.forget_what_is_over()
        assert set(Booking.objects.values_list("person_key", "email")) == {("", "")}


@pytest.mark.parametrize(
    "changes",
    [{}, {"last_name": ""}, {"person_key": "", "session_key": "", "proof_key": ""}],
)
def test_the_database_refuses_a_row_that_is_half_forgotten(changes, type, slot):
    booking = lapsed(type, slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(forgotten_at=clock.now(), **changes)


def test_the_database_forgets_nobody_who_is_expected(type, slot):
    booking = confirmed(type, slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(forgotten_at=clock.now(), **forgetting.NOBODY)


def test_no_officer_corrects_a_day_that_is_forgotten():
    assert rules.CORRECTED_WITHIN < rules.FORGOTTEN_AFTER
    assert {State.HONOURED, State.MISSED, State.CANCELLED, State.LAPSED, State.RETURNED} == OVER


# Invitations ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_invitation(agenda):
    return world.a_type(agenda, "remise", identity="invitation", confirmation_minutes=0)


def test_what_called_for_an_appointment_tells_the_same_of_it_once_nobody_is_named(by_invitation, slot):
    invitation = invite(by_invitation, reason="Votre titre est prêt.")
    booking = book(by_invitation, slot, invitation)
    with after(slot.starts_at):
        actions.check_in(booking, by_invitation.office, world.OFFICER)
    told = queries.invitations_of_source(*SOURCE)[0]
    with after(invitation.expires_at + rules.FORGOTTEN_AFTER + A_MINUTE):
        due.forget_what_is_over()
        due.forget_what_is_over()
        after_it = queries.invitations_of_source(*SOURCE)[0]
    assert (after_it.state, after_it.booking, after_it.misses) == (told.state, told.booking, 0) == ("honoured", booking, 0)
    row = after_it.invitation
    assert [getattr(row, name) for name in (*PERSONAL, "person_key")] == [""] * 7 and row.reason == invitation.reason
    assert row.forgotten_at and queries.bookings_of_source(*SOURCE) == [booking]
    assert not queries.is_of_one_of(row, [])


def test_a_call_that_still_serves_is_kept(by_invitation, agenda):
    invitation = invite(by_invitation)
    far = world.a_slot(agenda, starts_in=rules.INVITED_FOR + timedelta(days=30))
    with after(invitation.expires_at - timedelta(days=1)):
        book(by_invitation, far, invitation)
    with after(invitation.expires_at + rules.FORGOTTEN_AFTER + A_MINUTE):
        due.forget_what_is_over()
        assert again(invitation).last_name == "Haidari"  # the appointment is over since less than ninety days
    with later(far, timedelta(days=1)):
        due.end_of_day()
        due.forget_what_is_over()
        due.forget_what_is_over()
        assert (
            again(invitation).last_name == "" and not Invitation.objects.exclude(forgotten_at=None).exclude(email="").exists()
        )


def test_who_waits_with_a_call_is_kept(by_invitation):
    invitation = invite(by_invitation)
    actions.join_waiting_list(by_invitation, world.details(), invitation=invitation)
    with after(invitation.expires_at + rules.FORGOTTEN_AFTER + A_MINUTE):
        due.forget_what_is_over()
        assert again(invitation).last_name == "Haidari"


# Attempts ------------------------------------------------------------------------------------------------------------------


def test_a_proof_is_kept_until_the_end_of_the_fourth_year_that_follows(type):
    attempt = actions.record_attempt(type, world.details())
    paper = certificates.document(attempt.document)
    assert attempt.at.year == 2026
    with after(datetime(2030, 12, 31, 22, 50, tzinfo=UTC)):  # ten to midnight in Paris
        due.forget_what_is_over()
        assert again(attempt) and certificates.pdf(certificates.document(paper.number))
    with after(datetime(2030, 12, 31, 23, 10, tzinfo=UTC)):
        due.forget_what_is_over()
    row = certificates.document(paper.number)
    assert not Attempt.objects.exists() and (row.data, row.key) == ({}, "")
    assert (row.kind, row.sha256, row.issued_at) == ("failed_attempt", paper.sha256, paper.issued_at)


def test_the_first_day_whose_proofs_are_kept():
    assert rules.proofs_before(date(2030, 12, 31)) == date(2026, 1, 1)
    assert rules.proofs_before(date(2031, 1, 1)) == date(2027, 1, 1)


# The worker ----------------------------------------------------------------------------------------------------------------


def test_a_batch_of_slots_at_a_time_and_each_once(type, agenda):
    slots = [world.a_slot(agenda, starts_in=timedelta(days=5, minutes=number)) for number in range(3)]
    for slot in slots:
        lapsed(type, slot)
    with later(slots[-1], A_MINUTE):
        due.give_places_back()
        assert [forgetting.forget(2), forgetting.forget(2), forgetting.forget(2)] == [2, 1, 0]
    assert not Slot.objects.filter(forgotten_at=None).exists()


def test_as_many_queries_for_one_as_for_fifteen(type, agenda):
    counts = []
    for number in (1, 15):
        slot = world.a_slot(agenda, capacity=15, starts_in=timedelta(days=5 + number))
        for _ in range(number):
            lapsed(type, slot)
        with (
            later(slot, A_MINUTE),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            forgetting.forget(200)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_slots_of_years_ago_are_not_read_again(type, agenda):
    """The order of reading is that of the index of what is not forgotten yet."""
    world.a_slot(agenda)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    due_slots = Slot.objects.filter(starts_at__lt=clock.now(), forgotten_at__isnull=True).order_by("starts_at", "id")
    assert "slot_to_forget" in due_slots.explain()
    assert "attempt_to_forget" in Attempt.objects.filter(at__lt=clock.now()).order_by("at", "id").explain()
    found = Invitation.objects.filter(expires_at__lt=clock.now(), forgotten_at__isnull=True)
    assert "invitation_to_forget" in found.order_by("expires_at", "id").explain()
