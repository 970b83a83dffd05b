"""A registration in a draw takes part once its mail was answered; else nothing of it is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guichet.appointments import actions, due, queries
from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.draws import confirming, drawing, running, taking_part
from guichet.appointments.draws.errors import AlreadyRegistered, DrawNotOpen, RegistrationLapsed, UnknownRegistration
from guichet.appointments.models import DrawFile, DrawRegistration
from guichet.core import clock
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from tests.appointments.draw_world import a_draw, a_plan, after, close, enter, ids, register, results, run, token
from tests.appointments.world import OFFICER, details

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw():
    return a_draw()


def told(registration):
    sent = OutboxMessage.objects.filter(intent__startswith=f"draw:{registration.pk}:").order_by("created_at", "pk")
    return [mail.template for mail in sent]


def test_the_first_mail_has_the_link_and_says_what_happens_without_a_click(draw):
    made = enter(draw, ids(draw)[:1])
    assert made.confirmed_at is None and told(made) == ["draw_to_confirm"]
    mail = OutboxMessage.objects.get()
    assert f"/rdv/inscription/{token(made)}/" in mail.body and made.public_id not in mail.body
    assert "vous ne participez pas au tirage" in mail.body and made.phone not in mail.body


def test_confirming_once_or_twice_is_taking_part_and_having_a_code(draw):
    made = enter(draw, ids(draw)[:1])
    for _click in range(2):
        assert actions.confirm_registration(token(made)).confirmed_at
    assert told(made) == ["draw_to_confirm", "draw_registered"]
    assert made.public_id in OutboxMessage.objects.get(template="draw_registered").body
    assert Event.objects.filter(kind="draw_registration_confirmed").count() == 1
    with pytest.raises(UnknownRegistration):
        actions.confirm_registration("")


def test_one_has_as_long_as_for_an_appointment_and_never_past_the_deadline():
    draw = a_draw(confirmation_minutes=600)
    made = enter(draw, ids(draw)[:1])
    assert made.confirm_until - made.registered_at == timedelta(minutes=600)
    with after(draw.closes_at - timedelta(hours=1)):
        assert enter(draw, ids(draw)[:1]).confirm_until == draw.closes_at


def test_a_type_that_asks_for_no_confirmation_asks_for_one_here():
    plan = a_plan()
    week = timedelta(days=7)
    later = {name: getattr(plan, name) + week for name in ("closes_at", "draws_at", "leftovers_at", "first_day", "last_day")}
    draw = a_draw(confirmation_minutes=0, plan=a_plan(**later))
    made = enter(draw, ids(draw)[:1])
    assert made.confirm_until - made.registered_at == timedelta(minutes=taking_part.ANSWER)


def test_who_did_not_confirm_in_time_is_told_and_forgotten_and_may_register_again():
    draw = a_draw(confirmation_minutes=600)
    who = details()
    made = enter(draw, ids(draw)[:1], who)
    assert due.lapse_registrations() == 0
    with after(made.confirm_until):
        with pytest.raises(RegistrationLapsed):
            actions.confirm_registration(token(made))
        assert due.lapse_registrations() == 1 and due.lapse_registrations() == 0
        assert not DrawRegistration.objects.exists()
        mail = OutboxMessage.objects.get(template="draw_lapsed")
        assert mail.address == who.email and "à nouveau" in mail.body
        assert register(draw, ids(draw)[:1], who).confirmed_at
    assert Event.objects.filter(kind="draw_registration_lapsed").count() == 1


def test_who_confirmed_is_never_forgotten_for_that(draw):
    made = register(draw, ids(draw)[:1])
    with after(made.confirm_until):
        assert due.lapse_registrations() == 0
    assert DrawRegistration.objects.get() == made


def test_only_those_who_confirmed_are_in_the_list_and_have_places(draw):
    asked = enter(draw, ids(draw)[:1])
    takes_part = register(draw, ids(draw)[:1])
    (found,) = queries.draws_of_office(draw.type.office)
    assert (found.registered, found.asked) == (1, 2)
    close(draw)
    published = drawing.read_list(DrawFile.objects.get(draw=draw).text)
    assert set(published.wishes) == {takes_part.public_id} and draw.counts["registrations"] == 1
    with after(draw.closes_at):
        with pytest.raises(DrawNotOpen):
            actions.confirm_registration(token(asked))
        assert due.lapse_registrations() == 1
        assert "sont terminées" in OutboxMessage.objects.get(template="draw_lapsed").body
    run(draw)
    assert set(results(draw)) == {takes_part.public_id}


def test_a_draw_is_drawn_even_before_the_unconfirmed_are_forgotten(draw):
    enter(draw, ids(draw)[:1])
    register(draw, ids(draw)[:1])
    run(draw)
    assert draw.counts["won"] == 1 and running.replay(draw).is_right


def test_a_wrong_address_is_in_nobody_s_way(draw):
    who = details()
    wrong = enter(draw, ids(draw)[:1], details(last_name=who.last_name, email="wrong@example.org"))
    right = register(draw, ids(draw)[1:2], who)
    assert DrawRegistration.objects.get() == right
    with pytest.raises(UnknownRegistration):
        actions.confirm_registration(token(wrong))


def test_one_person_confirms_one_registration(draw, monkeypatch):
    """Two clicks in two mails at the same moment: the database keeps one."""
    who = details()
    one, other = enter(draw, ids(draw)[:1], who), enter(draw, ids(draw)[1:2], who)
    stale = confirming.by_registration_token(token(other))
    actions.confirm_registration(token(one))
    assert not DrawRegistration.objects.filter(pk=other.pk).exists()
    stale.save(force_insert=True)  # as if it had been written at that very moment
    with pytest.raises(AlreadyRegistered):
        actions.confirm_registration(token(other))
    assert DrawRegistration.objects.filter(confirmed_at__isnull=False).get() == one


def test_the_database_refuses_to_draw_or_to_confirm_what_was_not_confirmed_in_time(draw):
    asked = enter(draw, ids(draw)[:1])
    rows = DrawRegistration.objects.filter(pk=asked.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(rank=1)
    close(draw)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(confirmed_at=clock.now())
    assert rows.delete()[0] == 1  # nothing of it is in the list


def test_a_draw_that_somebody_asked_to_take_part_in_is_not_taken_back(draw):
    made = enter(draw, ids(draw)[:1])
    with pytest.raises(RulesRefused):
        actions.cancel_draw(draw, by=OFFICER)
    actions.leave_draw(token(made))
    actions.cancel_draw(draw, by=OFFICER)
