"""A reserved share of the places is a published rule: whoever reads the conditions reads it too."""

from dataclasses import replace

import pytest
from django.db.models import F

from guichet.appointments import actions, queries
from guichet.appointments.models import Agenda, Slot
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


# What becomes of those that nobody took -------------------------------------------------------------------------------------


def a_type_that_returns(*hours, **changes):
    """Associations have a share of every weekday; the first ones come back so many hours before."""
    told = (*hours, *[hours[-1]] * 5)[:5]
    kept = tuple(
        replace(one, pool="associations", desks=1, returns_hours=back) for one, back in zip(world.WEEKDAYS, told, strict=True)
    )
    return world.a_type(world.an_agenda(hours=(*world.WEEKDAYS, *kept)), **changes)


@pytest.mark.parametrize(
    ("hours", "french", "english"),
    [
        (24, "à partir de la veille", "from the day before the appointment"),
        (72, "à partir de 3 jours avant le rendez-vous", "from 3 days before the appointment"),
        (36, "à partir de 36 heures avant le rendez-vous", "from 36 hours before the appointment"),
    ],
)
def test_when_they_are_everybody_s_again_is_said_by_the_day(client, hours, french, english):
    type = a_type_that_returns(hours)
    page = page_of(client, type)
    assert f"Celles que personne n'a prises reviennent à tous {french}" in page
    assert "à un moment tiré au hasard" in page, "nobody is told when to watch"
    client.cookies["langue"] = "en"
    assert english in page_of(client, type)


def test_so_near_the_appointment_that_it_would_tell_the_moment_only_that_they_come_back_is_said(client):
    """One hour before, less the time to answer: whoever knows it watches for a quarter of an hour."""
    page = page_of(client, a_type_that_returns(1))
    assert "Celles que personne n'a prises reviennent à tous." in page and "heure avant" not in page


@pytest.mark.parametrize("lead", [24 * 60, 48 * 60])
def test_nothing_is_promised_where_they_would_come_back_too_late_for_anybody(client, lead):
    page = page_of(client, a_type_that_returns(24, lead_minutes=lead))
    assert "Les associations" in page or "données par les associations" in page
    assert "reviennent" not in page


def test_nothing_is_promised_where_they_stay_reserved(client):
    assert "reviennent" not in page_of(client, a_type_that_returns(None))


def test_of_several_delays_the_first_is_said(client):
    assert "à partir de 2 jours avant" in page_of(client, a_type_that_returns(24, 48, None))


def test_whoever_finds_nothing_free_reads_it_too(client):
    type = a_type_that_returns(24)
    Slot.objects.update(capacity=F("taken"))
    client.post(f"/rdv/{type.office.slug}/{type.slug}/", {"accepted": "on"})
    for page in ("descriptif/", "creneaux/"):
        shown = read(client.get(f"/rdv/{type.office.slug}/{type.slug}/{page}"))
        assert "Des places réservées que personne n'a prises reviennent aussi à tous" in shown, page
        assert "la veille" not in shown, page
    assert "reviennent aussi" not in read(
        client.get(f"/rdv/{world.a_type(world.an_empty_agenda()).office.slug}/admission/creneaux/")
    )
