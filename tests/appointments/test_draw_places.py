"""The places of a draw: given in the order of the seed, once, whatever happens; then replayed by anybody."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from guichet.appointments import actions, due, queries
from guichet.appointments.draws import drawing, running, taking_part
from guichet.appointments.errors import NotReleased
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Draw, DrawFile, DrawRegistration, Slot
from guichet.core import clock
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.registries import queries as registries
from tests.appointments.draw_world import a_draw, after, close, ids, register, results, run
from tests.appointments.world import an_agenda, ask, claim, details

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw():
    return a_draw()


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
    assert made.booking.confirm_until - made.booking.asked_at == timedelta(minutes=taking_part.ANSWER)


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
        running.read_seeds()
        running._give(draw.pk, 1)
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
        running.read_seeds()
        running.give_due()
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
    monkeypatch.setattr(running, "TOGETHER", 3)
    seed = "5" * 64
    monkeypatch.setattr(registries, "random_value", lambda number: seed)
    whole, places = same_people()
    run(whole)
    expected = {code: (result, places.get(place)) for code, (result, place) in results(whole).items()}
    draw, places = same_people()
    close(draw)
    decide, calls = running._decide, []

    def dying(*arguments):
        calls.append(1)
        if len(calls) == dies_at:
            raise Killed
        decide(*arguments)

    with after(draw.draws_at):
        running.read_seeds()
        with monkeypatch.context() as patch:
            patch.setattr(running, "_decide", dying)
            with pytest.raises(Killed):
                running.give_due()
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
        while running.give_due():
            pass
    draw.refresh_from_db()


def test_a_worker_that_comes_second_gives_nothing_twice(draw):
    people = [register(draw, ids(draw)[:3]) for _ in range(5)]
    close(draw)
    with after(draw.draws_at):
        running.read_seeds()
        published = drawing.read_list(DrawFile.objects.get(draw=draw).text)
        order = drawing.order(Draw.objects.get().seed, [row.public_id for row in people])
        assert running._give_some(draw.pk, published, order, order[:2]) == 2
        assert running._give_some(draw.pk, published, order, order[:2]) == 0  # these had their turn
        assert running._give_some(draw.pk, published, order, order[3:]) == 0  # these are not the next
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
        assert running.replay_due() == 1  # each draw is replayed once published
        draw.refresh_from_db()
        assert draw.replayed_at and draw.replay_findings == []
        assert running.replay_due() == 0
    with after(draw.replayed_at):
        actions.ask_replay(draw)
        actions.ask_replay(draw)
        assert running.replay_due() == 1


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
