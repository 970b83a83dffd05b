"""A draw from its announcement to its leftovers: nobody is favoured, nothing is lost, and anybody can check."""

import re
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from guichet.appointments import actions, draw_running, drawing, draws, due, queries
from guichet.appointments.draw_errors import (
    AlreadyRegistered,
    DrawNotOpen,
    SeedRefused,
    UnknownRegistration,
    WishesRefused,
)
from guichet.appointments.errors import AlreadyBooked, IdentityNeeded, NotReleased, RulesRefused
from guichet.appointments.keys import token_of_registration
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Draw, DrawFile, DrawRegistration, Slot
from guichet.appointments.releases import UNDRAWN
from guichet.core import clock
from guichet.core.events import Actor
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.registries import queries as registries
from guichet.registries.beacon.port import CHAIN, moment_of, round_at
from guichet.registries.errors import RegistryUnavailable
from tests.appointments.draw_world import DRAW, a_draw, a_plan, after, close, ids, register, results, run
from tests.appointments.world import OFFICER, an_agenda, ask, claim, details

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw():
    return a_draw()


# Announcing ---------------------------------------------------------------------------------------------------------------


def test_a_draw_says_beforehand_what_its_seed_will_be(draw):
    number = round_at(draw.draws_at)
    assert draw.beacon == {
        "source": "simulated",
        "chain": CHAIN,
        "round": number,
        "at": f"{moment_of(number):%Y-%m-%dT%H:%M:%SZ}",
        "where": "",
    }
    assert moment_of(number) >= draw.draws_at > draw.closes_at
    assert draw.slug == draw.draws_at.astimezone(draw.agenda.zone).date().isoformat()


def test_a_real_source_is_named_with_the_address_where_anybody_reads_it(settings):
    settings.REGISTRIES = {**settings.REGISTRIES, "beacon": {"url": "https://api.drand.sh", "token": ""}}
    beacon = a_draw().beacon
    assert beacon["source"] == "drand" and beacon["where"].endswith(f"{CHAIN}/public/{beacon['round']}")


def test_what_a_draw_shares_is_released_to_nobody_before_it_is_drawn(draw):
    shared = draws.slots_of(draw)
    assert shared.count() == 15 and set(shared.values_list("released_at", flat=True)) == {UNDRAWN}
    with after(draw.leftovers_at), pytest.raises(NotReleased):  # even if nobody draws for days
        claim(draw.type, shared.first())
    due.make_slots()
    assert set(draws.slots_of(draw).values_list("released_at", flat=True)) == {UNDRAWN}
    assert queries.next_release(draw.type) is None or queries.next_release(draw.type) < UNDRAWN


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("closes_at", lambda plan: {"closes_at": plan.opens_at + timedelta(hours=23)}),
        ("draws_at", lambda plan: {"draws_at": plan.closes_at + timedelta(minutes=14)}),
        ("leftovers_at", lambda plan: {"leftovers_at": plan.draws_at + timedelta(hours=23)}),
        ("first_day", lambda plan: {"first_day": plan.leftovers_at.date()}),
        ("last_day", lambda plan: {"last_day": plan.first_day - timedelta(days=1)}),
        ("last_day", lambda plan: {"last_day": plan.first_day + timedelta(days=draws.DAYS_AT_MOST)}),
    ],
)
def test_a_draw_that_would_be_unfair_is_not_opened(field, changes):
    plan = a_plan()
    agenda = an_agenda(release=DRAW)
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=agenda, plan=a_plan(**changes(plan)))
    assert refusal.value.field == field
    assert not Draw.objects.exists()


def test_only_an_agenda_that_shares_by_draw_can_be_drawn_and_each_day_once():
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=an_agenda())
    assert refusal.value.field == "agenda"
    draw = a_draw()
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=draw.agenda, type=draw.type)
    assert refusal.value.field == "first_day"
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=an_agenda(release=DRAW), type=draw.type)
    assert refusal.value.field == "type"
    with pytest.raises(RulesRefused) as refusal:
        a_draw(identity="invitation")
    assert refusal.value.field == "type"
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=an_agenda(release=DRAW, hours=()))
    assert refusal.value.field == "first_day"
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=an_agenda(release=DRAW, slot_minutes=1))
    assert refusal.value.field == "last_day"


def test_days_that_are_already_open_to_all_are_not_drawn():
    agenda = an_agenda(release={**DRAW, "days": 60})
    with pytest.raises(RulesRefused) as refusal:
        a_draw(agenda=agenda)
    assert refusal.value.field == "first_day"


def test_a_draw_without_anybody_can_be_taken_back(draw):
    actions.cancel_draw(draw, by=OFFICER)
    assert not Draw.objects.exists() and Slot.objects.filter(released_at=UNDRAWN).count() == 0
    other = a_draw()
    register(other, ids(other)[:1])
    with pytest.raises(RulesRefused):
        actions.cancel_draw(other, by=OFFICER)


# Taking part --------------------------------------------------------------------------------------------------------------


def test_a_registration_has_a_random_code_and_a_mail_with_the_link(draw, django_capture_on_commit_callbacks):
    wishes = ids(draw)[:3]
    made = register(draw, list(reversed(wishes)))
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", made.public_id)
    assert made.wishes == list(reversed(wishes))
    message = OutboxMessage.objects.get(intent=f"draw:{made.pk}:registered")
    assert message.address == made.email
    assert made.public_id in message.body and f"/rdv/inscription/{token_of_registration(made.request_key)}/" in message.body
    assert made.last_name in message.body and made.phone not in message.body and "1990" not in message.body
    assert queries.registration_by_token(token_of_registration(made.request_key)) == made


def test_a_person_takes_part_once_whatever_the_address(draw):
    who = details()
    first = register(draw, ids(draw)[:1], who)
    with pytest.raises(AlreadyRegistered):
        register(draw, ids(draw)[1:2], details(last_name=who.last_name, email="another@example.org"))
    assert DrawRegistration.objects.get() == first
    assert OutboxMessage.objects.filter(intent__startswith="draw:").count() == 1


def test_the_same_form_sent_twice_is_one_registration(draw):
    key, who = uuid.uuid4(), details()
    made = register(draw, ids(draw)[:1], who, request_key=key)
    assert register(draw, ids(draw)[:1], who, request_key=key) == made
    assert OutboxMessage.objects.filter(intent__startswith="draw:").count() == 1


def test_one_passed_check_is_one_registration(draw):
    register(draw, ids(draw)[:1], proof_key="same")
    with pytest.raises(DrawNotOpen):
        register(draw, ids(draw)[:1], proof_key="same")
    assert DrawRegistration.objects.count() == 1


def test_whoever_has_an_appointment_does_not_register(draw):
    who = details()
    other = an_agenda(office=draw.type.office, slug="autre")
    draw.type.agendas.add(other)
    ask(draw.type, queries.first_free(draw.type), who)
    with pytest.raises(AlreadyBooked) as refusal:
        register(draw, ids(draw)[:1], who)
    assert not refusal.value.is_yours


def test_a_type_that_asks_who_one_is_asks_it_here_too():
    draw = a_draw(identity="student")
    with pytest.raises(IdentityNeeded):
        register(draw, ids(draw)[:1])
    register(draw, ids(draw)[:1], person_key="a" * 64)
    with pytest.raises(AlreadyRegistered):  # whatever the names
        register(draw, ids(draw)[:1], person_key="a" * 64)


@pytest.mark.parametrize("choose", [lambda own: [], lambda own: own[:6], lambda own: [own[0], own[0]], lambda own: [0]])
def test_wishes_are_one_to_five_different_slots_of_the_draw(draw, choose):
    with pytest.raises(WishesRefused):
        register(draw, choose(ids(draw)))
    made = register(draw, ids(draw)[:5])
    with pytest.raises(WishesRefused):
        actions.change_wishes(token_of_registration(made.request_key), choose(ids(draw)))


def test_nobody_registers_before_the_opening_or_after_the_deadline():
    plan = a_plan()
    draw = a_draw(plan=a_plan(opens_at=plan.opens_at + timedelta(hours=1)))
    with pytest.raises(DrawNotOpen):
        register(draw, ids(draw)[:1])
    with after(draw.opens_at):
        made = register(draw, ids(draw)[:1])
    token = token_of_registration(made.request_key)
    with after(draw.closes_at):  # the worker has not come yet
        for late in (
            lambda: register(draw, ids(draw)[:1]),
            lambda: actions.change_wishes(token, ids(draw)[:2]),
            lambda: actions.leave_draw(token),
        ):
            with pytest.raises(DrawNotOpen):
                late()


def test_wishes_change_and_registrations_go_by_the_mailed_link_until_the_deadline(draw):
    who = details()
    made = register(draw, ids(draw)[:1], who)
    token = token_of_registration(made.request_key)
    assert actions.change_wishes(token, ids(draw)[3:5]).wishes == ids(draw)[3:5]
    made.refresh_from_db()
    assert made.wishes == ids(draw)[3:5]
    actions.leave_draw(token)
    assert not DrawRegistration.objects.exists()
    for gone in (lambda: actions.leave_draw(token), lambda: actions.change_wishes("", ids(draw)[:1])):
        with pytest.raises(UnknownRegistration):
            gone()
    assert register(draw, ids(draw)[:1], who).public_id != made.public_id


# The list -----------------------------------------------------------------------------------------------------------------


def test_the_list_is_published_with_its_hash_before_the_seed_and_holds_nothing_of_anybody(draw):
    people = [register(draw, ids(draw)[index : index + 2]) for index in range(4)]
    assert draw_running.close_due() == 0  # not before the deadline
    close(draw)
    text = DrawFile.objects.get(draw=draw, kind="list").text
    assert draw.list_hash == drawing.sha256(text) and draw.seed == ""
    published = drawing.read_list(text)
    assert published.wishes == {row.public_id: row.wishes for row in people}
    assert published.places == dict.fromkeys(ids(draw), 1)
    assert published.facts["beacon"]["round"] == draw.beacon["round"]
    for row in people:
        for secret in (row.last_name, row.first_names, row.email, row.phone, row.person_key, str(row.request_key)):
            assert secret not in text
    assert draw_running.close_due() == 0


def test_a_closed_draw_keeps_its_list_whoever_writes(draw):
    made = register(draw, ids(draw)[:2])
    close(draw)
    rows = DrawRegistration.objects.filter(pk=made.pk)
    for act in (
        lambda: rows.update(wishes=[]),
        lambda: rows.update(public_id="ANOTHER"),
        lambda: rows.delete(),
        lambda: DrawRegistration.objects.create(draw=draw, public_id="NEW", person_key="x", token_hash="y", wishes=[]),
        lambda: DrawFile.objects.filter(draw=draw).update(text="other"),
        lambda: DrawFile.objects.filter(draw=draw).delete(),
        lambda: Draw.objects.filter(pk=draw.pk).update(list_hash="", seed="a" * 64),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert rows.update(rank=1) == 1  # what the draw itself writes


def test_a_list_that_comes_too_late_waits_for_a_seed_that_nobody_knows(draw):
    register(draw, ids(draw)[:1])
    first = draw.beacon["round"]
    with after(draw.draws_at):
        assert draw_running.close_due() == 1
        draw.refresh_from_db()
        assert draw.draws_at > clock.now() + timedelta(minutes=30) and draw.beacon["round"] > first
        assert draw.beacon["put_off_from"] == first and draw.leftovers_at >= draw.draws_at + draws.LEFTOVERS_AFTER
        assert draw_running.read_seeds() == 0
        listed = drawing.read_list(DrawFile.objects.get(draw=draw).text)
    assert listed.facts["beacon"]["round"] == draw.beacon["round"]
    assert Event.objects.filter(kind="draw_put_off").count() == 1
    run(draw)
    assert draw.seed == registries_value(draw)


def registries_value(draw):
    with after(draw.draws_at):
        return registries.random_value(draw.beacon["round"])


def test_a_slot_that_the_office_closed_meanwhile_is_not_in_the_list(draw):
    made = register(draw, ids(draw)[:4])
    gone = Slot.objects.get(pk=ids(draw)[0])
    actions.close_days(draw.type.office, draw.first_day, draw.first_day, by=OFFICER)
    close(draw)
    published = drawing.read_list(DrawFile.objects.get(draw=draw).text)
    assert gone.pk not in published.places and published.wishes[made.public_id] == made.wishes[3:]


# The seed -----------------------------------------------------------------------------------------------------------------


def test_the_seed_is_the_announced_round_and_is_not_asked_for_before_its_time(draw, monkeypatch):
    register(draw, ids(draw)[:1])
    close(draw)
    asked = []
    monkeypatch.setattr(registries, "random_value", lambda number: asked.append(number) or "a" * 64)
    with after(draw.draws_at - timedelta(minutes=5)):
        assert draw_running.read_seeds() == 0 and not asked
    with after(draw.draws_at):
        assert draw_running.read_seeds() == 1
        assert draw_running.read_seeds() == 0
    draw.refresh_from_db()
    assert asked == [draw.beacon["round"]] and (draw.seed, draw.seed_from) == ("a" * 64, "beacon")


def test_a_source_that_does_not_answer_is_asked_again(draw, monkeypatch):
    close(draw)

    def down(number):
        raise RegistryUnavailable("beacon", "timeout")

    with after(draw.draws_at):
        with monkeypatch.context() as patch:
            patch.setattr(registries, "random_value", down)
            assert draw_running.read_seeds() == draw_running.give_due() == 0
        assert draw_running.read_seeds() == 1


def test_a_draw_announced_on_the_real_source_is_never_seeded_by_the_simulated_one(draw):
    close(draw)
    draw.beacon = {**draw.beacon, "source": "drand"}
    draw.save()
    with after(draw.draws_at):
        assert draw_running.read_seeds() == 0
        draw.refresh_from_db()
        assert draw.seed == ""


ONE, TWO, SEED = Actor("officer", "1"), Actor("officer", "2"), "ab" * 32


def test_two_officers_type_the_seed_that_the_site_cannot_read(draw):
    close(draw)
    with pytest.raises(SeedRefused) as refusal:
        actions.type_seed(draw, SEED, by=ONE)  # its time has not come
    assert refusal.value.code == "seed_not_awaited"
    with after(draw.draws_at):
        assert actions.type_seed(draw, f' "{SEED.upper()}" ', by=ONE) is False
        with pytest.raises(SeedRefused) as refusal:
            actions.type_seed(draw, SEED, by=ONE)
        assert refusal.value.code == "seed_same_hand"
        draw.refresh_from_db()
        assert draw.seed == ""
        assert actions.type_seed(draw, SEED, by=TWO) is True
        draw.refresh_from_db()
        assert (draw.seed, draw.seed_from, draw.typed_seed) == (SEED, "officers", "")
        with pytest.raises(SeedRefused):
            actions.type_seed(draw, "cd" * 32, by=TWO)
    typed = Event.objects.filter(kind="draw_seed_typed").order_by("id")
    assert [event.actor_id for event in typed] == ["1", "2"]
    assert Event.objects.get(kind="draw_seed_known").actor_id == "2"


def test_two_officers_who_type_different_seeds_begin_again(draw):
    close(draw)
    with after(draw.draws_at):
        actions.type_seed(draw, SEED, by=ONE)
        with pytest.raises(SeedRefused) as refusal:
            actions.type_seed(draw, "cd" * 32, by=TWO)
        assert refusal.value.code == "seed_differs"
        draw.refresh_from_db()
        assert draw.seed == draw.typed_seed == draw.typed_by == ""
        assert actions.type_seed(draw, SEED, by=TWO) is False and actions.type_seed(draw, SEED, by=ONE) is True
    assert Event.objects.filter(kind="draw_seed_differs").count() == 1


@pytest.mark.parametrize("typed", ["", "ab", "zz" * 32, "ab" * 33, "é" * 64, "٠" * 64])
def test_what_is_no_seed_is_not_taken(draw, typed):
    close(draw)
    with after(draw.draws_at), pytest.raises(SeedRefused) as refusal:
        actions.type_seed(draw, typed, by=ONE)
    assert refusal.value.code == "seed_shape"


# The places ---------------------------------------------------------------------------------------------------------------


def test_places_go_in_the_order_of_the_hashes_and_the_rest_are_told(draw):
    first, second = ids(draw)[:2]
    people = [register(draw, [first, second]) for _ in range(4)]
    run(draw)
    order = drawing.order(draw.seed, [row.public_id for row in people])
    assert [results(draw)[code] for code in order] == [("won", first), ("won", second), ("no_place", None), ("no_place", None)]
    assert [row.rank for row in draw.registrations.order_by("rank")] == [1, 2, 3, 4]
    winners = draw.registrations.filter(result="won")
    for row in winners:
        booking = row.booking
        assert (booking.state, booking.slot_id, booking.person_key) == (State.TO_CONFIRM, row.place, row.person_key)
        assert (booking.display_name, booking.email) == (row.display_name, row.email)
        assert booking.confirm_until - booking.asked_at == timedelta(minutes=draw.type.confirmation_minutes)
        body = OutboxMessage.objects.get(intent=f"draw:{row.pk}:drawn").body
        assert "/rdv/demande/" in body and booking.reference in body
    for row in draw.registrations.filter(result="no_place"):
        body = OutboxMessage.objects.get(intent=f"draw:{row.pk}:drawn").body
        assert "/rdv/demande/" not in body and f"/tirage/{draw.slug}/" in body
    assert OutboxMessage.objects.filter(intent__startswith="draw:", intent__endswith=":drawn").count() == 4
    assert Event.objects.filter(kind="place_drawn").count() == 2


def test_a_place_that_was_won_waits_for_its_answer_even_where_others_are_firm_at_once():
    draw = a_draw(confirmation_minutes=0)
    made = register(draw, ids(draw)[:1])
    run(draw)
    made.refresh_from_db()
    assert made.booking.state == State.TO_CONFIRM
    assert made.booking.confirm_until - made.booking.asked_at == timedelta(minutes=draw_running.ANSWER)


def test_a_winner_confirms_like_anybody_and_a_place_that_nobody_confirms_comes_back(draw):
    from tests.appointments.world import token

    kept, lost = register(draw, ids(draw)[:1]), register(draw, ids(draw)[1:2])
    run(draw)
    kept.refresh_from_db(), lost.refresh_from_db()
    with after(draw.draws_at):
        assert actions.confirm(token(kept.booking)).state == State.CONFIRMED
    with after(lost.booking.confirm_until):
        assert due.lapse_requests() == 1
    lost.booking.refresh_from_db()
    assert lost.booking.state == State.LAPSED
    assert Slot.objects.get(pk=lost.place).taken == 1  # away until a moment that nobody can guess


def test_whoever_booked_meanwhile_is_passed_over_without_being_named(draw):
    who = details()
    made, other = register(draw, ids(draw)[:1], who), register(draw, ids(draw)[:1])
    elsewhere = an_agenda(office=draw.type.office, slug="autre")
    draw.type.agendas.add(elsewhere)
    ask(draw.type, queries.first_free(draw.type), who)
    run(draw)
    assert results(draw) == {made.public_id: ("already_booked", None), other.public_id: ("won", ids(draw)[0])}
    outcome = DrawFile.objects.get(draw=draw, kind="outcome").text
    assert '"result":"already_booked"' in outcome and made.last_name not in outcome
    assert "déjà un rendez-vous" in OutboxMessage.objects.get(intent=f"draw:{made.pk}:drawn").body
    assert actions.replay_draw(draw).is_right


def test_a_place_that_is_refused_when_it_is_given_is_published_and_the_next_wish_is_looked_at(draw):
    first, second = ids(draw)[:2]
    people = [register(draw, [first, second]) for _ in range(3)]
    close(draw)
    Slot.objects.filter(pk=first).update(withdrawn_at=clock.now())  # the office closed it after the list was published
    run(draw)
    order = drawing.order(draw.seed, [row.public_id for row in people])
    assert [results(draw)[code] for code in order] == [("won", second), ("no_place", None), ("no_place", None)]
    rows = {row.public_id: row.refused for row in draw.registrations.all()}
    assert rows[order[0]] == [[first, "gone"]] and rows[order[1]] == rows[order[2]] == []
    report = actions.replay_draw(draw)
    assert report.is_right and report.numbers["refused"] == 1


def test_nobody_sees_a_slot_open_while_places_are_given(draw):
    register(draw, ids(draw)[:1])
    close(draw)
    with after(draw.draws_at):
        draw_running.read_seeds()
        draw_running._give(draw.pk, 1)
        left = Slot.objects.get(pk=ids(draw)[1])
        assert left.released_at > clock.now()
        with pytest.raises(NotReleased):
            claim(draw.type, left)


def test_what_is_left_is_everybodys_at_the_announced_moment_and_never_sooner(draw):
    register(draw, ids(draw)[:1])
    announced = draw.leftovers_at
    run(draw)
    left = Slot.objects.get(pk=ids(draw)[1])
    assert draw.leftovers_at == left.released_at == announced
    with after(announced - timedelta(minutes=1)), pytest.raises(NotReleased):
        claim(draw.type, left)
    with after(announced):
        assert claim(draw.type, left).state == State.HELD
    due.make_slots()
    assert Slot.objects.get(pk=left.pk).released_at == announced


def test_a_draw_that_comes_late_leaves_everybody_a_day_to_read_its_outcome(draw):
    close(draw)
    with after(draw.leftovers_at + timedelta(days=1)):
        draw_running.read_seeds()
        draw_running.give_due()
        draw.refresh_from_db()
        assert draw.state == Draw.State.DRAWN and draw.leftovers_at >= clock.now() + timedelta(hours=23)
        assert Slot.objects.get(pk=ids(draw)[0]).released_at == draw.leftovers_at


def test_a_draw_without_anybody_is_drawn_too(draw):
    run(draw)
    assert actions.replay_draw(draw).is_right and draw.counts["registrations"] == 0


# Killed in the middle -----------------------------------------------------------------------------------------------------


def same_people(count=12):
    """A draw whose codes are always the same."""
    draw = a_draw()
    own = ids(draw)
    rows = [register(draw, [own[n % 3], own[3 + n % 2], own[5]]) for n in range(count)]
    for number, row in enumerate(rows):
        DrawRegistration.objects.filter(pk=row.pk).update(public_id=f"AAAA-AAAA-{number:04}")
    place = {slot: index for index, slot in enumerate(own)}
    return draw, place


class Killed(BaseException):
    """Nothing catches it: the process is gone."""


@pytest.mark.parametrize("dies_at", [1, 4, 5, 11, 12])
def test_a_draw_killed_in_the_middle_and_run_again_gives_what_it_would_have_given(dies_at, monkeypatch):
    monkeypatch.setattr(draw_running, "TOGETHER", 3)
    seed = "5" * 64
    monkeypatch.setattr(registries, "random_value", lambda number: seed)
    whole, places = same_people()
    run(whole)
    expected = {code: (result, places.get(place)) for code, (result, place) in results(whole).items()}
    draw, places = same_people()
    close(draw)
    decide, calls = draw_running._decide, []

    def dying(*arguments):
        calls.append(1)
        if len(calls) == dies_at:
            raise Killed
        decide(*arguments)

    with after(draw.draws_at):
        draw_running.read_seeds()
        with monkeypatch.context() as patch:
            patch.setattr(draw_running, "_decide", dying)
            with pytest.raises(Killed):
                draw_running.give_due()
        assert draw.registrations.filter(rank__isnull=False).count() == (dies_at - 1) // 3 * 3  # whole batches only
    run_again(draw)
    assert {code: (result, places.get(place)) for code, (result, place) in results(draw).items()} == expected
    assert Booking.objects.filter(registrations__draw=draw).count() == draw.counts["won"]
    mails = OutboxMessage.objects.filter(
        intent__in=[f"draw:{pk}:drawn" for pk in draw.registrations.values_list("pk", flat=True)]
    )
    assert mails.count() == 12
    assert actions.replay_draw(draw).is_right


def run_again(draw):
    with after(draw.draws_at):
        while draw_running.give_due():
            pass
    draw.refresh_from_db()


def test_a_worker_that_comes_second_gives_nothing_twice(draw):
    people = [register(draw, ids(draw)[:3]) for _ in range(5)]
    close(draw)
    with after(draw.draws_at):
        draw_running.read_seeds()
        published = drawing.read_list(DrawFile.objects.get(draw=draw).text)
        order = drawing.order(Draw.objects.get().seed, [row.public_id for row in people])
        assert draw_running._give_some(draw.pk, published, order, order[:2]) == 2
        assert draw_running._give_some(draw.pk, published, order, order[:2]) == 0  # these had their turn
        assert draw_running._give_some(draw.pk, published, order, order[3:]) == 0  # these are not the next
    assert draw.registrations.filter(rank__isnull=False).count() == 2
    run_again(draw)
    assert actions.replay_draw(draw).is_right


# Replaying ----------------------------------------------------------------------------------------------------------------


def test_a_published_draw_replays_and_the_worker_says_so(draw):
    for index in range(6):
        register(draw, ids(draw)[index % 2 : index % 2 + 2])
    run(draw)
    report = actions.replay_draw(draw)
    assert report.is_right and report.numbers["won"] == 3 == draw.counts["won"]
    with after(draw.drawn_at):
        assert draw_running.replay_due() == 1  # each draw is replayed once published
        draw.refresh_from_db()
        assert draw.replayed_at and draw.replay_findings == []
        assert draw_running.replay_due() == 0
    with after(draw.replayed_at):
        actions.ask_replay(draw)
        actions.ask_replay(draw)
        assert draw_running.replay_due() == 1


def test_the_time_at_which_one_registers_changes_nothing(monkeypatch):
    monkeypatch.setattr(registries, "random_value", lambda number: "7" * 64)
    told = []
    for turn in (1, -1):
        draw = a_draw()
        own = ids(draw)
        codes = [f"AAAA-AAAA-{number:04}" for number in range(8)]
        for code in codes[::turn]:
            made = register(draw, own[:3])
            DrawRegistration.objects.filter(pk=made.pk).update(public_id=code)
        run(draw)
        told.append({code: (result, own.index(place) if place else None) for code, (result, place) in results(draw).items()})
    assert told[0] == told[1]


def test_reading_draws_takes_as_many_queries_however_many_there_are(draw, django_assert_num_queries):
    register(draw, ids(draw)[:1])
    with django_assert_num_queries(1):
        assert [each.type.office.name for each in queries.draws_of_type(draw.type)]
    with django_assert_num_queries(1):
        (found,) = queries.draws_of_office(draw.type.office)
        assert found.registered == 1 and found.agenda.name
    with django_assert_num_queries(1):
        assert queries.draw_of(draw.type.office.slug, draw.type.slug, draw.slug).agenda.zone
    with django_assert_num_queries(1):
        assert queries.current_draw(draw.type) == draw


def test_a_command_replays_a_draw_of_the_site_or_two_files(draw, tmp_path):
    made = register(draw, ids(draw)[:1])
    slug = f"{draw.type.office.slug}/{draw.type.slug}/{draw.slug}"
    for unknown in (["nowhere/at/all"], [slug], ["one", "two"], ["a", "b", "c"]):  # not drawn yet: nothing to replay
        with pytest.raises(CommandError):
            call_command("replay_draw", *unknown, stdout=StringIO())
    run(draw)
    said = StringIO()
    call_command("replay_draw", slug, code=made.public_id, stdout=said)
    assert "exactly that of the rule" in said.getvalue() and f"{made.public_id} : rank 1" in said.getvalue()
    texts = dict(DrawFile.objects.filter(draw=draw).values_list("kind", "text"))
    files = [tmp_path / "liste.jsonl", tmp_path / "resultat.jsonl"]
    for path, kind in zip(files, ("list", "outcome"), strict=True):
        path.write_text(texts[kind], newline="")
    call_command("replay_draw", *map(str, files), stdout=said)
    files[1].write_text(texts["outcome"].replace('"rank":1', '"rank":2'), newline="")
    with pytest.raises(CommandError, match="not that of the rule"):
        call_command("replay_draw", *map(str, files), stdout=said)
