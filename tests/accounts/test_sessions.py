"""The browsers where an account is signed in."""

import pytest
from django.contrib.sessions.backends.db import SessionStore

from guichet.accounts import actions, queries
from guichet.accounts.sessions import browser_in_words, sweep_lapsed
from tests.accounts.helpers import make_account

FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox, Android"), (EDGE, "Edge, Windows"), (SAFARI, "Safari, iPhone"), ("curl/8", ""), ("", "")],
)
def test_a_browser_is_named_enough_to_be_recognised(agent, words):
    assert browser_in_words(agent) == words


@pytest.fixture
def account(db):
    return make_account()


def signed_in(account, agent=FIREFOX):
    store = SessionStore()
    store["x"] = 1
    store.save()
    actions.remember_session(account, store.session_key, agent)
    return store.session_key


def test_signing_out_everywhere_else_keeps_this_browser(account):
    here, there = signed_in(account), signed_in(account, EDGE)
    assert actions.close_other_sessions(account, here) == 1
    assert SessionStore().exists(here)
    assert not SessionStore().exists(there)
    assert [session.session_key for session in queries.sessions_of(account)] == [here]


def test_signing_out_everywhere_touches_no_other_account(account):
    mine, other = signed_in(account), signed_in(make_account("autre@exemple.fr"))
    assert actions.close_other_sessions(account) == 1
    assert not SessionStore().exists(mine)
    assert SessionStore().exists(other)


def test_sessions_that_lapsed_are_swept_from_the_list(account):
    kept, gone = signed_in(account), signed_in(account)
    SessionStore().delete(gone)
    assert sweep_lapsed() == 1
    assert [session.session_key for session in queries.sessions_of(account)] == [kept]
    assert sweep_lapsed() == 0
