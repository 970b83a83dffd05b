"""Announcements: in both languages, from one day to another, and every change is known."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from guichet.core import clock
from guichet.core.events import Actor, Subject, timeline
from guichet.messaging import actions, queries
from guichet.messaging.announcements import LONGEST, AnnouncementRefused
from guichet.messaging.models import Announcement

pytestmark = pytest.mark.django_db
BY = Actor("officer", "1")
DAY = date(2027, 3, 10)


def written(**changed):
    return {
        "text_fr": "Une démarche ouvre.", "text_en": "A procedure opens.", "level": "info",
        "first_day": DAY, "last_day": DAY + timedelta(days=2), "by": BY, **changed,
    }  # fmt: skip


def events_of(announcement):
    return [(event.kind, event.actor_id) for event in timeline(Subject("announcement", str(announcement.pk)))]


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, True), (2, True), (3, False)])
def test_it_is_shown_from_its_first_day_to_its_last_both_included(days, shown):
    made = actions.announce(**written())
    assert queries.announcements(DAY + timedelta(days=days)) == ([made] if shown else [])


def test_without_a_last_day_it_stays_until_it_is_withdrawn():
    made = actions.announce(**written(last_day=None, first_day=clock.today()))
    assert queries.announcements(clock.today() + timedelta(days=5000)) == [made]
    actions.withdraw_announcement(made, by=BY)
    actions.withdraw_announcement(made, by=BY)
    assert queries.announcements() == []
    assert events_of(made) == [("announcement_made", "1"), ("announcement_withdrawn", "1")]


def test_the_gravest_comes_first():
    info = actions.announce(**written())
    warning = actions.announce(**written(level="warning"))
    assert queries.announcements(DAY) == [warning, info]


def test_everyone_reads_it_in_their_language():
    made = actions.announce(**written())
    assert made.text == "Une démarche ouvre."
    with translation.override("en"):
        assert made.text == "A procedure opens."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text_fr": "  "}, "text_fr"),
        ({"text_en": ""}, "text_en"),
        ({"text_en": "a" * (LONGEST + 1)}, "text_en"),
        ({"last_day": DAY - timedelta(days=1)}, "last_day"),
    ],
)
def test_what_cannot_be_announced_is_refused_with_its_field(wrong, field):
    made = actions.announce(**written())
    for act in (lambda: actions.announce(**written(**wrong)), lambda: actions.change_announcement(made, **written(**wrong))):
        with pytest.raises(AnnouncementRefused) as refused:
            act()
        assert refused.value.code == field
    assert Announcement.objects.count() == 1


def test_a_change_is_recorded_with_what_was_said_before_and_no_change_is_not():
    made = actions.announce(**written())
    actions.change_announcement(made, **written())
    assert events_of(made) == [("announcement_made", "1")]
    actions.change_announcement(made, **written(text_fr="Une autre."))
    last = timeline(Subject("announcement", str(made.pk))).last()
    assert (last.data["before"]["text_fr"], last.data["after"]["text_fr"]) == ("Une démarche ouvre.", "Une autre.")


def test_what_was_withdrawn_is_not_changed():
    made = actions.announce(**written())
    actions.withdraw_announcement(made, by=BY)
    with pytest.raises(AnnouncementRefused) as refused:
        actions.change_announcement(made, **written(text_fr="Une autre."))
    assert refused.value.code == "withdrawn"


def test_the_database_itself_refuses_a_text_in_one_language_and_days_the_wrong_way_round():
    for wrong in ({"text_en": ""}, {"last_day": DAY - timedelta(days=1)}):
        row = {key: value for key, value in written(**wrong).items() if key != "by"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.create(**row)
