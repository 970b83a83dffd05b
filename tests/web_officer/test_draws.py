"""Draws at the office: announced by its administrator, seeded by two hands when the site cannot read the source."""

import re
from datetime import timedelta

import pytest

from guichet.appointments.draws import running
from guichet.appointments.models import Draw, Slot
from guichet.appointments.releases import UNDRAWN
from guichet.registries.beacon.port import round_at
from tests.appointments import world as appointments
from tests.appointments.draw_world import DRAW, a_draw, a_plan, after, close, ids, register, run
from tests.web_officer.agendas_world import read

pytestmark = pytest.mark.django_db
PAGE = "/agents/agendas/essai/tirages/"
SEED = "ab" * 32


@pytest.fixture
def agenda(world):
    return appointments.an_agenda(world.office, release=DRAW, slot_minutes=60)


@pytest.fixture
def draw(agenda):
    return a_draw(agenda=agenda)


def sent(plan, agenda, type, **changes):
    days = {
        "first_day": plan.first_day,
        "last_day": plan.last_day,
        **{
            f"{name}_on": getattr(plan, f"{name}_at").astimezone(agenda.zone).date()
            for name in ("opens", "closes", "draws", "leftovers")
        },
    }
    data = {f"{name}_{part}": getattr(day, part) for name, day in days.items() for part in ("day", "month", "year")}
    return data | {
        "agenda": agenda.pk,
        "type": type.pk,
        "opens_at": "9h",
        "closes_at": "18:00",
        "draws_at": "20:00",
        "leftovers_at": "21:00",
        **changes,
    }


def test_the_administrator_announces_a_draw(chief, agenda):
    type = appointments.a_type(agenda)
    assert f'href="{PAGE}"' in chief.get("/agents/agendas/").content.decode()
    assert "Aucun tirage" in read(chief.get(PAGE))
    page = chief.get(f"{PAGE}annoncer/")
    assert page.status_code == 200 and "Premier jour partagé" in read(page)
    response = chief.post(f"{PAGE}annoncer/", sent(a_plan(), agenda, type))
    opened = Draw.objects.get()
    assert response.url == f"{PAGE}{opened.pk}/"
    assert f"{opened.draws_at.astimezone(agenda.zone):%H:%M}" == "20:00"
    assert Slot.objects.filter(released_at=UNDRAWN).count() == 15
    page = read(chief.get(response.url))
    assert str(round_at(opened.draws_at)) in page and "Retirer ce tirage" in page
    assert agenda.name in page


def announce_as_proposed(chief, agenda):
    page = chief.get(f"{PAGE}annoncer/").content.decode()
    data = {
        name: value for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page) if "csrf" not in name
    }
    return chief.post(f"{PAGE}annoncer/", data | {"agenda": agenda.pk, "type": agenda.types.get().pk})


def test_what_is_proposed_can_be_announced_as_it_is_and_a_second_time(chief, agenda):
    """The days that another draw shares are not proposed again."""
    appointments.a_type(agenda)
    for count in (1, 2, 3):
        response = announce_as_proposed(chief, agenda)
        assert response.status_code == 302, read(response)
        assert Draw.objects.count() == count


def test_a_draw_that_would_be_unfair_is_refused_beside_its_field(chief, agenda):
    type = appointments.a_type(agenda)
    plan = a_plan()
    hasty = a_plan(closes_at=plan.opens_at)
    response = chief.post(f"{PAGE}annoncer/", sent(hasty, agenda, type, closes_at="19:00"))
    assert response.status_code == 422 and "Laissez au moins 24 heures" in read(response)
    assert chief.post(f"{PAGE}annoncer/", {}).status_code == 422
    assert not Draw.objects.exists()


def test_without_an_agenda_that_shares_by_draw_the_page_says_where_to_go(chief, world):
    appointments.an_agenda(world.office)
    page = read(chief.get(f"{PAGE}annoncer/"))
    assert "Aucun agenda du bureau ne s'ouvre par tirage" in page.replace("’", "'")


def test_others_read_and_do_not_announce(world, browse, draw):
    reader = browse(world.officers["case_officer"])
    assert "Annoncer un tirage" not in read(reader.get(PAGE))
    assert reader.get(f"{PAGE}annoncer/").status_code == 403
    assert reader.get(f"{PAGE}{draw.pk}/").status_code == 200
    assert reader.post(f"{PAGE}{draw.pk}/retirer/").status_code == 403
    assert reader.get("/agents/agendas/ailleurs/tirages/").status_code == 404
    assert reader.get(f"{PAGE}{draw.pk + 100}/").status_code == 404


def test_two_officers_type_the_seed(world, browse, draw):
    first, second = browse(world.officers["office_administrator"]), browse(world.officers["case_officer"])
    register(draw, ids(draw)[:1])
    address = f"{PAGE}{draw.pk}/"
    assert "Saisir la graine" not in read(first.get(address))
    close(draw)
    with after(draw.draws_at):
        assert "Saisir la graine" in read(first.get(address))
        assert first.post(address, {"seed": "abc"}).status_code == 422
        assert first.post(address, {"seed": SEED}).status_code == 302
        page = first.get(address).content.decode()
        assert "Il en manque une" in page and SEED not in page  # nobody sees what the other typed
        assert first.post(address, {"seed": SEED}).status_code == 422
        assert second.post(address, {"seed": "cd" * 32}, follow=True).status_code == 200
        draw.refresh_from_db()
        assert draw.seed == draw.typed_seed == ""
        second.post(address, {"seed": SEED})
        assert "Les deux saisies sont les mêmes" in read(first.post(address, {"seed": SEED}, follow=True))
        draw.refresh_from_db()
        assert (draw.seed, draw.seed_from) == (SEED, "officers")
        while running.give_due():
            pass
    page = read(first.get(address))
    assert "Tirage fait" in page and "1 / 30" in page.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_draw_is_taken_back_until_somebody_registers(chief, draw):
    address = f"{PAGE}{draw.pk}/"
    other = register(draw, ids(draw)[:1])
    assert "Retirer ce tirage" not in read(chief.get(address))
    assert chief.post(f"{address}retirer/").url == address and Draw.objects.exists()
    other.delete()
    assert chief.post(f"{address}retirer/").url == PAGE and not Draw.objects.exists()


def test_the_office_reads_what_its_draws_gave(chief, draw):
    for _ in range(2):
        register(draw, ids(draw)[:1])
    run(draw)
    page = read(chief.get(PAGE))
    assert "Tirage fait" in page and " 2 " in page
    assert timedelta(0) < draw.leftovers_at - draw.drawn_at
