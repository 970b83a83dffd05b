"""Opening an account by a residence permit: FNE is asked, and from there on it is the way of the foreigner number."""

from datetime import timedelta

import pytest

from guichet.accounts import actions, queries
from guichet.accounts.errors import IdentityMismatch, LinkUnusable
from guichet.accounts.models import Account, LinkToken
from guichet.core.errors import TooManyTries
from guichet.registries.errors import RegistryUnavailable
from tests.accounts.helpers import ADDRESS, EMAIL, PASSWORD, a_permit, activation_token, ask, ask_by_permit, mails, make_account

pytestmark = pytest.mark.django_db


def test_the_account_is_that_of_the_foreigner_number_which_the_registry_gives():
    number, _ = a_permit()
    ask_by_permit()
    (mail,) = mails()
    assert (mail.template, mail.address) == ("account_activation", EMAIL)
    assert number not in mail.body and a_permit()[1].number not in mail.body
    account = actions.activate(activation_token(), PASSWORD)
    (person,) = queries.persons_of(account)
    assert (account.identifier, person.foreigner_number, person.origin) == (number, number, "registry")


@pytest.mark.parametrize("spelled", [str.lower, lambda number: f" {number[:3]} {number[3:]} ", lambda number: "-".join(number)])
def test_the_number_is_recognised_however_it_is_spelled(spelled):
    _, permit = a_permit()
    ask_by_permit(permit_number=spelled(permit.number))
    assert LinkToken.objects.count() == 1


@pytest.mark.parametrize("field", ["valid_from", "valid_until"])
def test_a_day_away_is_another_permit_and_nothing_tells_which_was_wrong(field):
    _, permit = a_permit()
    with pytest.raises(IdentityMismatch) as refused:
        ask_by_permit(**{field: getattr(permit, field) + timedelta(days=1)})
    with pytest.raises(IdentityMismatch) as unknown:
        ask_by_permit(permit_number="ZZ99999991")
    assert str(refused.value.message) == str(unknown.value.message)
    assert "titre de séjour" in str(refused.value.message)
    assert not mails()


def test_wrong_tries_are_counted_and_another_address_still_gets_in():
    for _ in range(5):
        with pytest.raises(IdentityMismatch):
            ask_by_permit(valid_until=a_permit()[1].valid_until + timedelta(days=1))
    with pytest.raises(TooManyTries):
        ask_by_permit()
    ask_by_permit(address="198.51.100.7")


def test_tries_are_counted_on_the_permit_however_it_is_spelled():
    for spelled in ("ZZ99999991", "zz99999991", "ZZ 99 99 99 91", "ZZ-99999991", " zz.99999991 "):
        with pytest.raises(IdentityMismatch):
            ask_by_permit(permit_number=spelled)
    with pytest.raises(TooManyTries):
        ask_by_permit(permit_number="ＺＺ99999991")
    with pytest.raises(IdentityMismatch):
        ask_by_permit(permit_number="ZZ99999992")


@pytest.mark.parametrize("number", ["AB12345609", "AB12345608"])
def test_a_registry_that_is_down_is_nobody_s_wrong_try(number):
    for _ in range(7):
        with pytest.raises(RegistryUnavailable):
            ask_by_permit(permit_number=number)


def test_by_permit_or_by_number_an_identity_has_one_account():
    """The second door leads to the same account: its owner is told, and somebody else is a second claim."""
    number, _ = a_permit()
    make_account(number, email="proprietaire@exemple.fr")
    told = []
    outcome = ask_by_permit(on_second_claim=told.append)
    assert [mail.template for mail in mails()] == ["account_exists"]
    assert outcome.second_claim == told[0]
    assert (told[0].door, told[0].claimed["foreigner_number"]) == ("permit", number)
    assert EMAIL not in {mail.address for mail in mails()}
    assert Account.objects.count() == 1


def test_what_was_asked_by_permit_is_sent_again_by_the_identifier_of_the_outcome(movable_clock):
    outcome = ask_by_permit()
    movable_clock.move(seconds=61)
    actions.resend_link(outcome.identifier, EMAIL, "en", ADDRESS)
    assert [mail.language for mail in mails("account_activation")] == ["fr", "en"]


def test_two_doors_of_one_identity_open_one_account():
    ask_by_permit()
    ask(a_permit()[0], email="autre@exemple.fr", address="198.51.100.7")
    actions.activate(activation_token(), PASSWORD)
    with pytest.raises(LinkUnusable):
        actions.activate(activation_token("autre@exemple.fr"), PASSWORD)
    assert Account.objects.count() == 1
