"""The national administration writes, previews, changes and withdraws what everybody reads."""

import html

import pytest
from django.test import Client

from guichet.core import clock
from guichet.core.events import Subject, timeline
from guichet.messaging import queries
from guichet.messaging.models import Announcement

pytestmark = pytest.mark.django_db


@pytest.fixture
def national(world, browse):
    return browse(world.officers["national_administrator"])


def filled(**changed):
    today = clock.today()
    return {
        "text_fr": "Les étudiants déposent ici.", "text_en": "Students apply here.", "level": "info",
        "first_day_day": str(today.day), "first_day_month": str(today.month), "first_day_year": str(today.year),
        "last_day_day": "", "last_day_month": "", "last_day_year": "", **changed,
    }  # fmt: skip


def test_what_is_announced_is_read_by_everybody_at_once(national, world):
    assert national.post("/agents/annonces/nouvelle/", filled()).status_code == 302
    (made,) = queries.announcements()
    assert "Les étudiants déposent ici." in Client().get("/").content.decode()
    (event,) = timeline(Subject("announcement", str(made.pk)))
    assert event.actor_id == str(world.officers["national_administrator"].account.pk)
    assert "Affichée" in national.get("/agents/annonces/").content.decode()


def test_a_preview_shows_both_languages_and_writes_nothing(national):
    page = html.unescape(national.post("/agents/annonces/nouvelle/", {**filled(), "action": "preview"}).content.decode())
    assert page.count("Les étudiants déposent ici.") == 2 and page.count("Students apply here.") == 2
    assert 'lang="en"' in page and Announcement.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "anchor"),
    [
        ({"text_en": ""}, "id_text_en"),
        ({"text_fr": "   "}, "id_text_fr"),
        ({"level": "alert"}, "id_level_0"),
        ({"last_day_day": "1", "last_day_month": "1", "last_day_year": "2020"}, "id_last_day_day"),
    ],
)
@pytest.mark.parametrize("action", ["", "preview"])
def test_a_mistake_is_told_and_nothing_typed_is_lost(national, wrong, anchor, action):
    if action and "last_day_year" in wrong:
        wrong = {**wrong, "last_day_year": "xx"}
    page = html.unescape(national.post("/agents/annonces/nouvelle/", {**filled(), **wrong, "action": action}).content.decode())
    assert f'href="#{anchor}' in page.replace("#id_last_day_year", "#id_last_day_day")
    assert "Les étudiants déposent ici." in page or "text_fr" in wrong
    assert Announcement.objects.count() == 0


def test_one_is_changed_then_withdrawn(national):
    national.post("/agents/annonces/nouvelle/", filled())
    (made,) = queries.announcements()
    address = f"/agents/annonces/{made.pk}/"
    assert "Students apply here." in national.get(address).content.decode()
    national.post(address, filled(text_en="Students and trainees apply here."))
    assert queries.announcements()[0].text_en == "Students and trainees apply here."
    assert national.get(f"{address}retirer/").status_code == 405
    assert national.post(f"{address}retirer/").status_code == 302
    assert queries.announcements() == []
    assert national.get(address).status_code == 404, "what was withdrawn is not written over"
    assert "Retirée" in national.get("/agents/annonces/").content.decode()


def test_the_list_costs_the_same_whatever_it_holds(national, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries_made:
            national.get("/agents/annonces/")
        return len(queries_made)

    national.post("/agents/annonces/nouvelle/", filled())
    few = cost()
    for number in range(5):
        national.post("/agents/annonces/nouvelle/", filled(text_fr=f"Message {number}."))
    assert cost() == few
