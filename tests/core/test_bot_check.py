"""The bot check: each challenge and each question is ours, once, and for twenty minutes, whatever is sent for it."""

import base64
import hashlib
import json
import re

import pytest

from guichet.core import bot_check
from guichet.core.bot_check import CheckRefused
from guichet.core.errors import TooManyTries
from tests.journeys.booking import answer_to

pytestmark = pytest.mark.django_db
FAR = "32503680000"  # the year 3000


@pytest.fixture(autouse=True)
def little_work(monkeypatch):
    monkeypatch.setattr(bot_check, "HASHES", 500)


def solved(challenge, **other):
    """A challenge as a browser sends it; ``other``: what somebody changed in it."""
    wanted = challenge["challenge"]
    number = next(n for n in range(501) if hashlib.sha256(f"{challenge['salt']}{n}".encode()).hexdigest() == wanted)
    kept = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return sent({**kept, "number": number, **other})


def sent(what):
    return base64.b64encode(json.dumps(what).encode()).decode()


def code_of(act, *given, **named):
    with pytest.raises(CheckRefused) as refused:
        act(*given, **named)
    return refused.value.code


def test_a_solved_challenge_passes_once():
    answer = solved(bot_check.challenge())
    assert bot_check.pass_proof(answer).startswith("proof:")
    assert code_of(bot_check.pass_proof, answer) == "check_spent"


def test_a_solved_challenge_expires_and_stays_refused_once_it_is_forgotten(movable_clock):
    used, kept = (solved(bot_check.challenge()) for _each in range(2))
    bot_check.pass_proof(used)
    movable_clock.move(minutes=21)
    assert code_of(bot_check.pass_proof, kept) == "check_expired"
    movable_clock.move(minutes=21)
    assert bot_check.forget_spent() == 1
    assert code_of(bot_check.pass_proof, used) == "check_expired"


@pytest.mark.parametrize(
    "forged",
    [
        f"until={FAR}&until=",  # before ours, which is the one that is hashed
        f"?until={FAR}&until=",
        "x=?until=",
        "until=abc&until=",
        "until=99999999999999999&until=",
        "until=-1&until=",
        "until=%00&until=",
        "Until=&until=",
    ],
)
def test_nobody_gives_a_challenge_another_time(forged, movable_clock):
    """A stock of solved challenges is what a reseller fires at the second of a release."""
    challenge = bot_check.challenge()
    answer = solved(challenge, salt=challenge["salt"].replace("until=", forged))
    assert code_of(bot_check.pass_proof, answer) == "check_wrong"
    movable_clock.move(minutes=21)
    assert code_of(bot_check.pass_proof, answer) == "check_wrong"


@pytest.mark.parametrize("ending", ["", "&&", "&a=b&", "#", " ", "\n", "&until=1&"])
def test_a_salt_is_taken_only_as_it_was_given(ending):
    challenge = bot_check.challenge()
    answer = solved(challenge, salt=challenge["salt"].removesuffix("&") + ending)
    assert code_of(bot_check.pass_proof, answer) == "check_wrong"


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 501},
        {"number": -1},
        {"number": True},
        {"number": "1"},
        {"number": 1e3},
        {"salt": ""},
        {"salt": "?"},
        {"salt": None},
        {"signature": "0" * 64},
        {"algorithm": "SHA-1"},
    ],
)
def test_what_is_not_the_answer_is_refused(changed):
    assert code_of(bot_check.pass_proof, solved(bot_check.challenge(), **changed)) == "check_wrong"


@pytest.mark.parametrize(
    "text", ["", "x", "é", "bnVsbA==", sent([]), sent("a"), "W" * 5000, base64.b64encode(b"[" * 1400).decode()]
)
def test_what_is_no_answer_at_all_is_refused(text):
    assert code_of(bot_check.pass_proof, text) == "check_wrong"


def test_a_challenge_of_another_site_is_refused(settings):
    settings.SECRET_KEY = "another site"
    answer = solved(bot_check.challenge())
    settings.SECRET_KEY = "ours"
    assert code_of(bot_check.pass_proof, answer) == "check_wrong"


def test_a_question_is_answered_once_right_or_wrong():
    asked = bot_check.question()
    assert bot_check.pass_question(asked.token, answer_to(asked.text), address="192.0.2.1").startswith("question:")
    for typed in ("rien", answer_to(asked.text)):
        assert code_of(bot_check.pass_question, asked.token, typed, address="192.0.2.1") == "check_spent"
    missed = bot_check.question()
    assert code_of(bot_check.pass_question, missed.token, "rien", address="192.0.2.1") == "check_wrong"
    assert code_of(bot_check.pass_question, missed.token, answer_to(missed.text), address="192.0.2.1") == "check_spent"


def test_a_question_expires(movable_clock):
    asked = bot_check.question()
    movable_clock.move(minutes=21)
    assert code_of(bot_check.pass_question, asked.token, answer_to(asked.text), address="192.0.2.1") == "check_expired"


def test_questions_are_limited_where_they_come_from():
    for _each in range(bot_check.TRIES.tries):
        code_of(bot_check.pass_question, "forged", "1", address="192.0.2.1")
    with pytest.raises(TooManyTries):
        bot_check.pass_question("forged", "1", address="192.0.2.1")
    assert code_of(bot_check.pass_question, "forged", "1", address="192.0.2.2") == "check_wrong"


def test_a_question_says_nothing_of_its_answer_but_in_words():
    asked = bot_check.question()
    assert not re.search(rf"\b{re.escape(answer_to(asked.text))}\b", asked.token)
    assert bot_check.question().token != asked.token


def test_looking_at_the_check_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        bot_check.challenge()
        bot_check.question()
