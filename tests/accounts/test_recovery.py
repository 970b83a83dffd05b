"""Forgotten password, forgotten identifier, changed password."""

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guichet.accounts import actions
from guichet.accounts.due import sweep_links
from guichet.accounts.errors import LinkUnusable, PasswordRefused
from guichet.accounts.models import Account, LinkToken, OpenSession
from guichet.core.errors import TooManyTries
from tests.accounts.helpers import ADDRESS, EMAIL, MARIAM, NUMBER, PASSWORD, mails, make_account, token_in

pytestmark = pytest.mark.django_db
NEW = "Quatre-chiens-noirs-8"


def reset_token():
    return token_in(mails("password_reset")[-1], "/compte/reinitialiser/")


def test_the_reset_mail_goes_to_the_account_s_address_and_does_not_repeat_the_identifier():
    make_account()
    actions.request_password_reset("59 08 002 010", "fr", address=ADDRESS)
    (mail,) = mails()
    assert mail.address == EMAIL
    assert NUMBER not in mail.body + mail.subject
    assert "une heure" in mail.body


def test_a_reset_sets_the_password_once_and_tells_the_owner():
    account = make_account()
    actions.request_password_reset(NUMBER, "fr")
    raw = reset_token()
    actions.reset_password(raw, NEW)
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert [mail.address for mail in mails("password_changed")] == [EMAIL]
    with pytest.raises(LinkUnusable) as refused:
        actions.reset_password(raw, PASSWORD)
    assert refused.value.code == "used"


def test_a_reset_link_lives_one_hour(movable_clock):
    make_account()
    actions.request_password_reset(NUMBER, "fr")
    movable_clock.move(minutes=59)
    assert actions.peek_link(reset_token(), "reset_password")
    movable_clock.move(minutes=2)
    with pytest.raises(LinkUnusable) as refused:
        actions.reset_password(reset_token(), NEW)
    assert refused.value.code == "expired"


def test_a_reset_spends_the_other_links_ends_sessions_and_opens_locks():
    account = make_account()
    AccessAttempt.objects.create(username=NUMBER, ip_address=ADDRESS, failures_since_start=9, attempt_time=timezone.now())
    OpenSession.objects.create(account=account, session_key="a" * 32)
    actions.request_password_reset(NUMBER, "fr")
    first = reset_token()
    actions.request_password_reset(NUMBER, "fr")
    actions.reset_password(reset_token(), NEW)
    with pytest.raises(LinkUnusable):
        actions.reset_password(first, PASSWORD)
    assert not AccessAttempt.objects.exists()
    assert not OpenSession.objects.exists()


def test_a_password_against_the_rules_leaves_the_link_usable():
    make_account()
    actions.request_password_reset(NUMBER, "fr")
    with pytest.raises(PasswordRefused):
        actions.reset_password(reset_token(), "court")
    actions.reset_password(reset_token(), NEW)


def test_nobody_officers_and_closed_accounts_get_no_reset_mail():
    make_account("agent@exemple.fr", email="agent@exemple.fr", kind="officer")
    closed = make_account(MARIAM, email="mariam@exemple.fr")
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    for identifier in ("agent@exemple.fr", MARIAM, "0000000000", "personne@exemple.fr", "", "???"):
        actions.request_password_reset(identifier, "fr")
    assert mails() == []


def test_a_reset_asks_the_database_the_same_whether_the_account_exists_or_not():
    """Neither how many statements nor which ones tell who has an account: only whether the last savepoint is kept differs."""

    def asked(identifier):
        with CaptureQueriesContext(connection) as captured:
            actions.request_password_reset(identifier, "fr", address=ADDRESS)
        ours = [one["sql"] for one in captured if "guichet_cache" not in one["sql"]]
        return [" ".join(sql.replace("ROLLBACK TO", "RELEASE").split()[:3]) for sql in ours if "SAVEPOINT" not in sql], len(
            ours
        )

    make_account(NUMBER)
    known, unknown = asked(NUMBER), asked(MARIAM)
    assert known[0] == unknown[0]
    assert abs(known[1] - unknown[1]) <= 1  # a savepoint taken back is released too
    assert len(mails()) == 1, "and nobody is written to but the owner"


def test_links_issued_for_nobody_are_swept_as_soon_as_they_expire(movable_clock):
    actions.request_password_reset("0000000000", "fr")
    assert sweep_links() == 0
    movable_clock.move(minutes=61)
    assert sweep_links() == 1
    assert not LinkToken.objects.exists()


def test_reset_mails_are_bounded_from_one_address_only():
    make_account()
    for _ in range(6):
        actions.request_password_reset(NUMBER, "fr", address="203.0.113.9")
    with pytest.raises(TooManyTries):
        actions.request_password_reset(NUMBER, "fr", address="203.0.113.9")
    actions.request_password_reset(NUMBER, "fr", address="198.51.100.7")
    assert len(mails("password_reset")) == 7


def test_the_identifiers_of_an_address_are_all_listed_with_whose_they_are():
    make_account(NUMBER, email="famille@exemple.fr")
    make_account(MARIAM, email="famille@exemple.fr", name="Mariam HAIDARI")
    make_account("agent@exemple.fr", email="famille@exemple.fr", kind="officer")
    make_account("5903007192", email="autre@exemple.fr")
    actions.remind_identifiers(" Famille@exemple.fr ", "fr", address=ADDRESS)
    (mail,) = mails()
    assert mail.address == "famille@exemple.fr"
    assert f"- {NUMBER} (Amadou DIALLO)" in mail.body
    assert f"- {MARIAM} (Mariam HAIDARI)" in mail.body
    assert "agent@exemple.fr" not in mail.body
    assert "5903007192" not in mail.body


def test_an_address_without_account_is_told_so_by_mail():
    actions.remind_identifiers("personne@exemple.fr", "en", address=ADDRESS)
    (mail,) = mails()
    assert mail.address == "personne@exemple.fr"
    assert "No account" in mail.body


def test_changing_one_s_password_needs_the_current_one_and_bounds_guesses():
    account = make_account()
    for _ in range(5):
        with pytest.raises(PasswordRefused) as refused:
            actions.change_password(account, NEW, current="faux", address=ADDRESS)
        assert refused.value.code == "wrong_current"
    with pytest.raises(TooManyTries):
        actions.change_password(account, NEW, current=PASSWORD, address=ADDRESS)
    actions.change_password(account, NEW, current=PASSWORD, address="198.51.100.7")
    account.refresh_from_db()
    assert account.check_password(NEW)


def test_changing_one_s_password_spends_pending_reset_links():
    account = make_account()
    actions.request_password_reset(NUMBER, "fr")
    actions.change_password(account, NEW, current=PASSWORD)
    with pytest.raises(LinkUnusable):
        actions.reset_password(reset_token(), PASSWORD)
