"""A draw from its announcement to its leftovers: nobody is favoured, nothing is lost, and anybody can check."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guichet.appointments import actions, due, queries
from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.draws import drawing, running, taking_part
from guichet.appointments.draws.errors import (
    AlreadyRegistered,
    DrawNotOpen,
    UnknownRegistration,
    WishesRefused,
)
from guichet.appointments.errors import AlreadyBooked, IdentityNeeded, NotReleased
from guichet.appointments.keys import token_of_registration
from guichet.appointments.models import Draw, DrawFile, DrawRegistration, Slot
from guichet.appointments.releases import UNDRAWN
from guichet.core import clock
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.registries import queries as registries
from guichet.registries.beacon.port import CHAIN, moment_of, round_at
from tests.appointments.draw_world import DRAW, a_draw, a_plan, after, close, enter, ids, register, run, token
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
    shared = taking_part.slots_of(draw)
    assert shared.count() == 15 and set(shared.values_list("released_at", flat=True)) == {UNDRAWN}
    with after(draw.leftovers_at), pytest.raises(NotReleased):  # even if nobody draws for days
        claim(draw.type, shared.first())
    due.make_slots()
    assert set(taking_part.slots_of(draw).values_list("released_at", flat=True)) == {UNDRAWN}
    assert queries.next_release(draw.type) is None or queries.next_release(draw.type) < UNDRAWN


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("closes_at", lambda plan: {"closes_at": plan.opens_at + timedelta(hours=23)}),
        ("draws_at", lambda plan: {"draws_at": plan.closes_at + timedelta(minutes=14)}),
        ("leftovers_at", lambda plan: {"leftovers_at": plan.draws_at + timedelta(hours=23)}),
        ("first_day", lambda plan: {"first_day": plan.leftovers_at.date()}),
        ("last_day", lambda plan: {"last_day": plan.first_day - timedelta(days=1)}),
        ("last_day", lambda plan: {"last_day": plan.first_day + timedelta(days=taking_part.DAYS_AT_MOST)}),
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


def test_a_type_leads_to_the_draw_that_is_open_then_to_the_next_one_then_to_what_is_awaited(draw):
    plan = a_plan()
    week = timedelta(days=7)
    later = a_draw(
        agenda=draw.agenda,
        type=draw.type,
        plan=a_plan(
            first_day=plan.last_day + timedelta(days=10),
            last_day=plan.last_day + timedelta(days=20),
            **{name: getattr(plan, name) + week for name in ("opens_at", "closes_at", "draws_at", "leftovers_at")},
        ),
    )
    assert queries.current_draw(draw.type) == draw
    close(draw)
    with after(draw.closes_at):
        assert queries.current_draw(draw.type) == later  # to come
    later.delete()
    assert queries.current_draw(draw.type) == draw  # its outcome is awaited
    run(draw)
    assert queries.current_draw(draw.type) is None


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
    assert set(OutboxMessage.objects.filter(intent__startswith="draw:").values_list("address", flat=True)) == {first.email}


def test_the_same_form_sent_twice_is_one_registration(draw):
    key, who = uuid.uuid4(), details()
    made = enter(draw, ids(draw)[:1], who, request_key=key)
    assert enter(draw, ids(draw)[:1], who, request_key=key) == made
    assert OutboxMessage.objects.filter(intent__startswith="draw:").count() == 1
    actions.confirm_registration(token(made))
    assert enter(draw, ids(draw)[:1], who, request_key=key) == made
    assert OutboxMessage.objects.filter(intent__startswith="draw:").count() == 2


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
    assert running.close_due() == 0  # not before the deadline
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
    assert running.close_due() == 0


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
        assert running.close_due() == 1
        draw.refresh_from_db()
        assert draw.draws_at > clock.now() + timedelta(minutes=30) and draw.beacon["round"] > first
        assert draw.beacon["put_off_from"] == first and draw.leftovers_at >= draw.draws_at + taking_part.LEFTOVERS_AFTER
        assert running.read_seeds() == 0
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
