"""Several at once: one account for an identity, one use of a code, never a try too many."""

import pytest

from guichet.accounts import actions, queries
from guichet.accounts.errors import CodeRefused, LinkUnusable
from guichet.accounts.models import Account, Person, Representation
from guichet.core.errors import TooManyTries
from guichet.core.models import Event
from guichet.core.throttling import Limit, spend
from tests.accounts.helpers import PASSWORD, activation_token, ask, mails, make_account
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_link_opened_in_two_windows_at_once_opens_one_account():
    ask()
    raw = activation_token()
    results = at_once(*[lambda n=n: actions.activate(raw, f"{PASSWORD}{n}") for n in range(4)])
    assert [type(result) for result in results if isinstance(result, Account)] == [Account], results
    assert sum(isinstance(result, LinkUnusable) for result in results) == 3, results
    assert (Account.objects.count(), Person.objects.count(), Representation.objects.count()) == (1, 1, 1)
    assert Event.objects.filter(kind="account_opened").count() == 1
    winner = next(place for place, result in enumerate(results) if isinstance(result, Account))
    assert Account.objects.get().check_password(f"{PASSWORD}{winner}")


def test_two_links_on_one_identity_opened_at_once_give_one_account_and_one_second_claim():
    told = []
    for place in range(3):
        ask(email=f"claim{place}@exemple.fr", address=f"198.51.100.{place}")
    tokens = [activation_token(f"claim{place}@exemple.fr") for place in range(3)]
    results = at_once(*[lambda raw=raw: actions.activate(raw, PASSWORD, on_second_claim=told.append) for raw in tokens])
    opened = [result for result in results if isinstance(result, Account)]
    assert len(opened) == 1, results
    assert all(isinstance(result, LinkUnusable) for result in results if result not in opened), results
    assert Account.objects.get().email == opened[0].email
    assert {claim.claimant_email for claim in told} == {f"claim{n}@exemple.fr" for n in range(3)} - {opened[0].email}
    assert {mail.address for mail in mails("account_exists")} == {opened[0].email}


def test_a_code_typed_in_two_windows_at_once_is_accepted_once():
    from django_otp.oath import TOTP

    account = make_account("agent@lille.fr", kind="officer")
    device = actions.prepare_second_factor(account, secret="JBSWY3DPEHPK3PXP")
    code = f"{TOTP(device.bin_key).token():06}"
    results = at_once(*[lambda: actions.verify_second_factor(account, code) for _ in range(4)])
    assert sum(result == device for result in results) == 1, results
    assert [result.code for result in results if isinstance(result, CodeRefused)] == ["replayed"] * 3, results
    assert queries.second_factor_of(account).last_t > 0


def test_tries_made_at_once_are_all_counted():
    limit = Limit("race", 3, 600)
    results = at_once(*[lambda: spend(limit, "x") for _ in range(6)])
    assert sum(isinstance(result, TooManyTries) for result in results) == 3, results
