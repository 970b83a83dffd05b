"""A reserved share of the places is a published rule: whoever reads the conditions reads it too."""

from dataclasses import replace

import pytest

from guichet.appointments import actions, queries
from guichet.appointments.models import Agenda
from tests.appointments import world
from tests.web_officer.agendas_world import read

pytestmark = pytest.mark.django_db


def page_of(client, type, **more):
    return read(client.get(f"/rdv/{type.office.slug}/{type.slug}/", **more))


def test_the_share_and_for_whom_it_is_kept_are_read_on_the_page_of_the_type(client):
    kept = tuple(replace(one, pool="associations", desks=1) for one in world.WEEKDAYS[:2])
    type = world.a_type(world.an_agenda(hours=(*world.WEEKDAYS, *kept)))
    assert queries.reserved_shares(type) == [("associations", 17)]  # 12 of 72 places a week
    assert "17 % : données par les associations d'aide" in page_of(client, type)
    client.cookies["langue"] = "en"
    assert "17%: given by support associations" in page_of(client, type)


def test_nothing_is_said_where_every_place_is_everybody_s(client):
    type = world.a_type(world.an_agenda())
    assert "Places réservées" not in page_of(client, type)


def test_a_closed_agenda_reserves_nothing_and_a_small_share_is_never_said_to_be_none(client):
    kept = replace(world.WEEKDAYS[0], pool="officers", desks=1, closes=world.WEEKDAYS[0].opens.replace(minute=30))
    agenda = world.an_agenda(desks=200, hours=(*world.WEEKDAYS, kept))
    type = world.a_type(agenda)
    assert queries.reserved_shares(type) == [("officers", 1)]
    changed = world.rules(desks=200, hours=(*world.WEEKDAYS, kept), active=False)
    actions.save_agenda(agenda.office, changed, by=world.OFFICER, agenda=Agenda.objects.get(pk=agenda.pk))
    assert queries.reserved_shares(type) == []
