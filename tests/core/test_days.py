"""Days in words: French writes «1er», and English never turns a day into a month."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils.translation import override

from guichet.core.dates import day_in_words

FIRST = date(2027, 3, 1)


def shown(expression: str, day: date, language: str) -> str:
    with override(language):
        return Template("{{ day|" + expression + " }}").render(Context({"day": day}))


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (FIRST, "fr", "1er mars 2027"),
        (FIRST, "en", "1 March 2027"),
        (date(2027, 3, 11), "fr", "11 mars 2027"),
        (date(2027, 12, 4), "en", "4 December 2027"),
    ],
)
def test_a_day_is_said_in_the_language_of_the_reader(day, language, words):
    with override(language):
        assert day_in_words(day) == words
    assert shown('date:"j F Y"', day, language) == words
    assert shown('date:"DATE_FORMAT"', day, language) == words
    assert shown("date", day, language) == words


def test_a_short_date_has_its_day_first_in_both_languages():
    assert shown('date:"SHORT_DATE_FORMAT"', date(2026, 12, 4), "fr") == "04/12/2026"
    assert shown('date:"SHORT_DATE_FORMAT"', date(2026, 12, 4), "en") == "04/12/2026"


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (FIRST, "fr", "lundi 1er mars"),
        (date(2027, 3, 31), "fr", "mercredi 31 mars"),
        (date(2027, 3, 21), "fr", "dimanche 21 mars"),
        (FIRST, "en", "Monday 1 March"),
    ],
)
def test_a_day_of_the_week_comes_before_the_first_too(day, language, words):
    assert shown('date:"l j F"', day, language) == words


def test_an_instant_is_that_of_paris():
    instant = datetime(2027, 2, 28, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert shown('date:"j F Y, H:i"', instant, "fr") == "1er mars 2027, 00:30"
    assert shown('date:"DATETIME_FORMAT"', instant, "en") == "1 March 2027, 00:30"


def test_nothing_is_still_nothing():
    assert shown('date:"j F Y"', None, "fr") == ""
