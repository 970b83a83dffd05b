"""Whoever lost the mail with the link has it again by their address alone: one mail, and nobody else learns anything."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.appointments import actions, links_again, mailboxes
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import households, waiting_world, world
from tests.appointments.draw_world import a_draw, enter, ids, register
from tests.appointments.draw_world import token as registration_token
from tests.appointments.test_invitations import a_guest, invite
from tests.typography import keyboard as plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
ANA = "ana@example.org"


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=100)


def of_ana(**changes):
    return world.details(**{"email": ANA, **changes})


def invited(agenda):
    """An invitation of hers, to a type of its own."""
    type = world.a_type(agenda, f"remise-{next(world.serial)}", identity="invitation", confirmation_minutes=0)
    return invite(type, replace(a_guest(), email=ANA))


def mails(address=ANA):
    return list(OutboxMessage.objects.filter(template="appointment_links", address__iexact=address).order_by("created_at"))


def asks(email=ANA, language="fr"):
    """What was mailed; the links in it, in their order."""
    actions.send_links_again(email, language=language)
    sent = mails(email.strip())
    return [line.rsplit("/rdv/", 1)[1] for line in sent[-1].body.splitlines() if "/rdv/" in line] if sent else []


def test_an_appointment_has_its_link_again(type, slot):
    booking = world.ask(type, slot, of_ana())
    assert asks() == [f"demande/{world.token(booking)}/"]
    (mail,) = mails()
    assert type.name in mail.body and type.office.name in mail.body and booking.display_name in mail.body
    assert "À confirmer avant : " in plain(mail.body)
    assert actions.confirm(world.token(booking)).state == "confirmed", "the link is the same: it still serves"


def test_one_mail_lists_everything_that_is_still_to_come(agenda, type, slot):
    booking = world.ask(type, slot, of_ana())
    full, draw = world.a_type(world.an_empty_agenda(), "full"), a_draw()
    entry = actions.join_waiting_list(full, of_ana())
    registration, unconfirmed = register(draw, ids(draw)[:1], of_ana()), enter(draw, ids(draw)[:1], of_ana())
    invitation = invited(agenda)
    links = asks()
    assert links[:2] == [f"demande/{world.token(booking)}/", f"attente/{waiting_world.token(entry)}/"]
    assert set(links[2:4]) == {f"inscription/{registration_token(one)}/" for one in (registration, unconfirmed)}
    assert links[4].startswith("invitation/") and len(links) == 5
    assert actions.leave_waiting_list(links[1].split("/")[1]).state == "left"
    assert len(mails()) == 1 and invitation.type.name in mails()[0].body


def test_nothing_that_is_over_is_listed(agenda, type, movable_clock):
    slot, draw = world.a_slot(agenda, capacity=9), a_draw()
    actions.cancel(world.token(world.ask(type, slot, of_ana())))
    honoured, lapsed = world.ask(type, slot, of_ana()), world.ask(type, slot, of_ana())
    actions.confirm(world.token(honoured))
    entry = actions.join_waiting_list(world.a_type(world.an_empty_agenda(), "full"), of_ana())
    actions.leave_waiting_list(waiting_world.token(entry))
    enter(draw, ids(draw)[:1], of_ana())
    invited(agenda)
    movable_clock.move(days=400)
    assert Booking.objects.get(pk=lapsed.pk).state == "to_confirm", "the worker has not passed"
    assert asks() == [] and mails() == []


def test_an_invitation_that_served_is_not_an_invitation_any_more(agenda):
    invitation = invited(agenda)
    type = invitation.type
    session = str(uuid.uuid4())
    held = world.claim(type, world.a_slot(agenda), session=session, invitation=invitation)
    booking = actions.give_details(held, of_ana(), session_key=session)
    assert asks() == [f"demande/{world.token(booking)}/"]


def test_whose_slot_the_office_withdrew_is_asked_to_choose_again(agenda, type, slot):
    booking = world.ask(type, slot, of_ana())
    actions.confirm(world.token(booking))
    Slot.objects.filter(pk=slot.pk).update(withdrawn_at=clock.now())
    assert asks() == [f"demande/{world.token(booking)}/"] and "doit changer de date" in mails()[0].body


def test_a_family_has_one_link(agenda):
    type, row = world.a_type(agenda, party_max=3), world.a_row(agenda, 1, 1, 1)
    first = households.ask(type, row[0], 3, given=households.people(3, email=ANA))
    assert asks() == [f"demande/{world.token(first)}/"]


def test_those_of_one_mailbox_are_told_apart_by_their_names(type, slot):
    """An association helps many people with the one address it has."""
    names = [world.ask(type, slot, of_ana()).display_name for _each in range(3)]
    assert len(asks()) == 3 and all(name in mails()[0].body for name in names)


def test_of_very_many_the_first_ones_are_listed_and_the_mail_says_so(agenda, type, slot, monkeypatch):
    monkeypatch.setattr(links_again, "SHOWN", 3)
    later = world.a_slot(agenda, starts_in=timedelta(days=8), capacity=9)
    for one in (later, slot, slot, slot):
        world.ask(type, one, of_ana())
    cache.clear()
    assert len(asks()) == 3 and "Il y en a d'autres" in plain(mails()[0].body)


def test_case_and_spaces_do_not_count_but_another_address_does(type, slot):
    booking = world.ask(type, slot, of_ana(email="Ana@Example.org"))
    assert asks(" ANA@example.ORG ") == [f"demande/{world.token(booking)}/"]
    for other in ("ana+x@example.org", "an@example.org", "nobody@example.org", "%@example.org"):
        assert asks(other) == []


def test_an_address_that_was_corrected_no_longer_leads_anywhere(type, slot):
    held = world.claim(type, slot, session="mine")
    asked = actions.give_details(held, of_ana(email="wrong@example.org"), session_key="mine")
    actions.correct_address(asked, ANA, session_key="mine")
    assert asks("wrong@example.org") == []
    (link,) = asks()
    assert actions.confirm(link.split("/")[1]).state == "confirmed"


def test_it_is_written_in_the_language_of_who_asks(type, slot):
    world.ask(type, slot, of_ana(language="fr"))
    asks(language="en")
    assert type.name_en in mails()[0].body and "Your" in mails()[0].subject and mails()[0].language == "en"


def test_one_mail_a_quarter_of_an_hour_and_six_a_day(type, slot, movable_clock):
    world.ask(type, slot, of_ana())
    for _again in range(3):
        asks()
        asks("Ana+rdv@example.org")  # the same mailbox
    assert len(mails()) == 1
    for _quarter in range(8):
        movable_clock.move(minutes=16)
        asks()
    assert len(mails()) == 6


def test_asking_for_an_address_of_nobody_is_never_counted(type, slot):
    for _again in range(9):
        assert asks() == []
    world.ask(type, slot, of_ana())
    assert len(asks()) == 1, "who asks too early, then books, has the mail"


def test_a_mailbox_full_of_our_mails_has_no_more_and_nobody_is_told(type, slot, movable_clock):
    for _each in range(mailboxes.IN_AN_HOUR.tries):
        world.ask(type, slot, of_ana())
    assert asks() == []
    movable_clock.move(minutes=61)
    assert len(asks()) == mailboxes.IN_AN_HOUR.tries, "being refused did not count"


def test_it_asks_as_many_queries_for_many_as_for_one(agenda, type, slot):
    draw, waits = a_draw(), world.a_type(world.an_empty_agenda(), "full")

    def more():
        for _each in range(3):
            world.ask(type, slot, of_ana())
            actions.join_waiting_list(waits, of_ana())
            register(draw, ids(draw)[:1], of_ana())
            invited(agenda)
            cache.clear()  # so many mails

    def queries():
        cache.clear()
        OutboxMessage.objects.filter(template="appointment_links").delete()
        with CaptureQueriesContext(connection) as asked:
            asks()
        return [one["sql"] for one in asked if "appointments_" in one["sql"]]

    nothing = queries()
    more()
    few = queries()
    more()
    assert len(queries()) == len(few) == 5 and len(nothing) == 4
