"""The figures of an office's days."""

from datetime import timedelta

import pytest
from django.urls import reverse

from guichet.appointments import actions, due, queries
from tests.appointments import world
from tests.web_officer.rdv.doing import BY, booked, number, read

pytestmark = pytest.mark.django_db


def test_the_figures_of_a_day_are_those_of_its_rows(agenda, type, office, clock):
    came, missing, cancelled = (booked(agenda, type, starts_in=timedelta(minutes=30 + place)) for place in range(3))
    booked(agenda, type, starts_in=timedelta(days=1))
    visit = actions.check_in(came, office, BY)
    actions.cancel_by_officer(cancelled, by=BY, reason="")
    walk_in = number(office)
    number(office)  # goes without being called
    clock.shift(timedelta(minutes=10))
    actions.call(visit, "1", BY)
    clock.shift(timedelta(minutes=10))
    actions.call(walk_in, "2", BY)
    clock.shift(timedelta(minutes=20))
    actions.mark_missed(missing, BY)
    found = dict(queries.figures(office, world.utc(2026, 11, 23).date(), world.utc(2026, 11, 29).date()))
    assert len(found) == 7
    today = found[world.utc(2026, 11, 24).date()]
    assert (today.places, today.booked, today.honoured, today.missed, today.cancelled) == (9, 2, 1, 1, 1)
    assert (today.walk_ins, today.called, today.mean_wait, today.filled) == (2, 2, 15, 22)
    assert found[world.utc(2026, 11, 25).date()].booked == 1
    whole = queries.together(found.values())
    assert (whole.places, whole.booked, whole.mean_wait) == (12, 3, 15)
    assert found[world.utc(2026, 11, 23).date()].mean_wait is None


def test_the_day_of_a_figure_is_that_of_the_wall(clock):
    far = world.an_empty_agenda(office=world.an_office(time_zone="Pacific/Noumea"))  # eleven hours ahead
    type = world.a_type(far, confirmation_minutes=0)
    booked(far, type, starts_in=timedelta(hours=5))  # 14:00 UTC: one o'clock the day after, there
    found = dict(queries.figures(far.office, world.utc(2026, 11, 24).date(), world.utc(2026, 11, 25).date()))
    assert [found[day].booked for day in sorted(found)] == [0, 1]


def test_the_figures_are_a_table_for_everybody_and_bars_for_the_eye(agenda, type, office, colleague, clock):
    booked(agenda, type)
    text = read(colleague.get(reverse("officer:rdv_figures")))
    assert "mardi 24 novembre 2026" in text and '<th scope="col">Attente moyenne</th>' in text
    assert 'aria-hidden="true"' in text and "Chiffres du 23 novembre au 29 novembre 2026" in text
    assert "Chiffres du 23 novembre au 20 décembre 2026" in read(
        colleague.get(reverse("officer:rdv_figures"), {"semaines": "4"})
    )
    assert "Rien à compter" in read(colleague.get(reverse("officer:rdv_figures"), {"agenda": "autre"}))
    assert "Rien à compter" in read(colleague.get(reverse("officer:rdv_figures"), {"jour": "2026-10-01"}))


def test_what_the_night_marks_is_in_the_figures(agenda, type, office, clock):
    booked(agenda, type)
    clock.shift(timedelta(days=1))
    due.end_of_day()
    day = world.utc(2026, 11, 24).date()
    assert dict(queries.figures(office, day, day))[day].missed == 1
