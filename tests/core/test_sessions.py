"""Sessions are read by our own statement: everything else is Django's store."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from guichet.core.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept() -> str:
    store = SessionStore()
    store["chosen"] = {"slot": 7}
    store.save()
    return str(store.session_key)


def test_a_session_is_read_as_it_was_kept(django_assert_num_queries):
    key = kept()
    with django_assert_num_queries(1):
        assert SessionStore(key)["chosen"] == {"slot": 7}
    assert db.SessionStore(key)["chosen"] == {"slot": 7}, "Django's own store reads the same rows."


def test_a_session_that_is_over_is_empty_and_gets_another_key():
    key = kept()
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    store = SessionStore(key)
    assert store.get("chosen") is None
    store["chosen"] = 1
    store.save()
    assert store.session_key != key


@pytest.mark.parametrize("key", ["x" * 32, "short", "' OR 1=1 --"])
def test_an_unknown_key_gives_nothing_and_is_not_kept(key):
    store = SessionStore(key)
    assert store.get("chosen") is None
    assert store.session_key is None


def test_a_session_that_somebody_rewrote_is_empty():
    key = kept()
    Session.objects.filter(pk=key).update(session_data="forged")
    assert SessionStore(key).get("chosen") is None
