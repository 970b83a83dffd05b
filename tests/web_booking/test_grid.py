"""The week grid: its cells, its weeks, its refreshing."""

import re
from datetime import timedelta

import pytest

from guichet.appointments.models import Slot
from guichet.core import bot_check, clock, questions
from tests.appointments import world
from tests.web_booking.conftest import Visitor
from tests.web_booking.test_way import text_of


def week_of(slot):
    year, week, _ = world.wall(slot.agenda, slot).isocalendar()
    return f"{year}-W{week:02}"


def test_the_first_free_week_is_shown_with_its_cells(visitor, agenda, slot):
    full = world.a_slot(agenda, capacity=0, starts_in=timedelta(days=5, minutes=30))
    page = text_of(visitor.get("creneaux/", semaine=week_of(slot)))
    assert f'data-cell="t{slot.pk}" data-state="free"' in page and f'data-cell="d{slot.pk}"' in page
    if week_of(full) == week_of(slot):
        assert f'data-cell="t{full.pk}" data-state="full"' in page
    assert "Heures du bureau de Saint-Étienne" in page and "Première plage libre" in page
    assert f'data-week="{week_of(slot)}"' in text_of(visitor.get("creneaux/"))


@pytest.mark.parametrize("week", ["", "x", "2026-W99", "0000-W01", "9999-W52", "2026-W4"])
def test_a_week_that_is_none_is_the_first_free_one(visitor, slot, week):
    assert f'data-week="{week_of(slot)}"' in text_of(visitor.get("creneaux/", semaine=week))


def test_the_panel_tells_of_the_selected_slot(visitor, slot):
    page = text_of(visitor.get("creneaux/", semaine=week_of(slot), plage=slot.pk))
    assert "2 places libres" in page and "Prendre cette plage" in page
    start, end = world.wall(slot.agenda, slot), slot.ends_at.astimezone(slot.agenda.zone)
    assert f"de {start:%H:%M} à {end:%H:%M}" in page


def test_unchanged_is_a_304(visitor, type, slot):
    query = {"semaine": week_of(slot), "vue": "grille"}
    first = visitor.get("creneaux/", **query)
    assert first.status_code == 200 and "<html" not in text_of(first)
    again = visitor.browser.get(f"{visitor.base}creneaux/", query, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    world.claim(type, slot)
    changed = visitor.browser.get(f"{visitor.base}creneaux/", query, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_the_part_of_another_selection_or_language_is_another(visitor, slot):
    query = {"semaine": week_of(slot), "vue": "grille"}
    tags = {
        visitor.get("creneaux/", **query)["ETag"],
        visitor.get("creneaux/", **query, plage=slot.pk)["ETag"],
        visitor.get("creneaux/", **query, lang="en")["ETag"],
    }
    assert len(tags) == 3


def test_polling_costs_little(visitor, slot, django_assert_max_num_queries):
    query = {"semaine": week_of(slot), "vue": "grille"}
    tag = visitor.get("creneaux/", **query)["ETag"]
    with django_assert_max_num_queries(2):
        visitor.browser.get(f"{visitor.base}creneaux/", query, headers={"If-None-Match": tag})


def test_an_office_overseas_says_its_own_time(db):
    office = world.an_office(time_zone="America/Cayenne", department="973", city="Cayenne", city_insee="97302")
    agenda = world.an_empty_agenda(office=office)
    slot = world.a_slot(agenda)
    page = text_of(Visitor(world.a_type(agenda)).get("creneaux/", semaine=week_of(slot), plage=slot.pk))
    assert "Ce n'est pas l'heure de Paris" in page
    assert f"{world.wall(agenda, slot):%H:%M}" in page


def test_a_selected_slot_that_is_gone_proposes_others(visitor, agenda, slot):
    near = world.a_slot(agenda, starts_in=timedelta(days=5, hours=1))
    Slot.objects.filter(pk=slot.pk).update(capacity=0)
    page = text_of(visitor.get("creneaux/", semaine=week_of(slot), plage=slot.pk))
    assert "Cette plage n'est plus libre" in page and f"plage={near.pk}" in page


# The question ---------------------------------------------------------------------------------------------------------------


def right_answer(question):
    """By trying every word: what a person reads at once."""
    from django.core.signing import Signer

    name = Signer(salt="guichet.core.bot_check").unsign_object(question.token)["name"]
    return sorted(questions._puzzle(bot_check._pick(name)).answers)[0]


def test_a_question_is_passed_once(visitor, type, slot, agenda):
    question = bot_check.question()
    sent = {"question": question.token, "answer": right_answer(question).upper() + " "}
    visitor.accepts()
    visitor.takes(slot)
    assert visitor.post("controle/", sent)["Location"].endswith("/coordonnees/")
    other = Visitor(type)
    other.accepts()
    other.takes(world.a_slot(agenda, starts_in=timedelta(days=6)))
    assert other.post("controle/", sent).status_code == 422


def test_a_wrong_answer_spends_the_question(visitor, slot):
    question = bot_check.question()
    visitor.accepts()
    visitor.takes(slot)
    assert visitor.post("controle/", {"question": question.token, "answer": "non"}).status_code == 422
    assert visitor.post("controle/", {"question": question.token, "answer": right_answer(question)}).status_code == 422


def test_answers_are_throttled(visitor, slot):
    visitor.accepts()
    visitor.takes(slot)
    statuses = [visitor.post("controle/", {"question": "x", "answer": "x"}).status_code for _ in range(16)]
    assert statuses[:15] == [422] * 15 and statuses[15] == 429


def test_spent_checks_are_forgotten_once_expired(visitor, slot, movable_clock):
    visitor.holds(slot)
    assert bot_check.forget_spent() == 0
    movable_clock.move(hours=1)
    assert bot_check.forget_spent() == 1


def test_a_phone_leads_to_each_day_and_says_what_it_has(visitor, agenda, slot):
    """Days without a free slot say so before one goes there."""
    monday = (slot.starts_at + timedelta(days=14 - slot.starts_at.weekday())).replace(hour=11, minute=0)
    free, full, closed = (a_slot_at(agenda, monday + timedelta(days=day)) for day in range(3))
    Slot.objects.filter(pk=full.pk).update(capacity=0)
    Slot.objects.filter(pk=closed.pk).update(released_at=clock.now() + timedelta(days=3))
    page = text_of(visitor.get("creneaux/", semaine=week_of(free)))
    states = dict(re.findall(r'href="#jour-(\d+)" data-cell="j\d+" data-state="(\w+)"', page))
    days = [f"{world.wall(agenda, one):%Y%m%d}" for one in (free, full, closed)]
    assert states == dict(zip(days, ("free", "full", "closed"), strict=True))
    assert page.count('data-state="closed">Fermé : pas encore ouvert, ou trop tard.') == 1


def test_the_slot_that_is_read_is_marked_in_the_week_without_a_script(visitor, slot):
    page = text_of(visitor.get("creneaux/", semaine=week_of(slot), plage=slot.pk))
    assert page.count("booking-cell--chosen") == 2, "in the table, and in the list of a phone"
    assert page.count("Voir la plage que j'ai cochée") == 1
    assert "booking-cell--chosen" not in text_of(visitor.get("creneaux/", semaine=week_of(slot)))


def a_slot_at(agenda, moment):
    return world.a_slot(agenda, starts_in=moment - clock.now())
