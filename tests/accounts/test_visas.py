"""Getting in by a visa: a mailed link and no password; who holds the visa, and what a link is worth."""

from datetime import timedelta

import pytest

from guichet.accounts import actions, queries
from guichet.accounts.due import sweep_links
from guichet.accounts.errors import IdentityFrozen, IdentityMismatch, LinkUnusable
from guichet.accounts.models import Account, LinkToken, Person
from guichet.core.errors import TooManyTries
from guichet.core.events import SYSTEM
from guichet.core.models import Event
from guichet.registries.errors import RegistryUnavailable
from tests.accounts.helpers import (
    ADDRESS,
    EMAIL,
    KIM,
    LUCAS,
    MARIAM,
    PASSWORD,
    ask_by_visa,
    mails,
    open_by_visa,
    visa_of,
    visa_token,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "198.51.100.7"


def again(number=KIM, email=EMAIL, address=ADDRESS):
    return actions.request_visa_link(number, email, "fr", address)


def test_the_mail_holds_a_link_that_opens_an_access_without_a_password():
    ask_by_visa()
    (mail,) = mails()
    assert (mail.template, mail.address, mail.account) == ("visa_access", EMAIL, None)
    assert "24 heures" in mail.body
    for personal in ("KIM", "Seo-yeon", KIM):
        assert personal not in mail.body + mail.subject
    assert not Account.objects.exists()
    account = actions.open_visa_access(visa_token())
    assert account.is_visa_access
    assert not account.has_usable_password()
    assert not account.must_change_password
    assert (account.email, account.display_name) == (EMAIL, "Seo-yeon KIM")
    assert Event.objects.filter(kind="account_opened", subject_id=str(account.pk), data__origin="visabio").count() == 1


def test_the_identity_is_frozen_as_visabio_gave_it_with_the_visa_that_told():
    (person,) = queries.persons_of(open_by_visa())
    visa = visa_of()
    assert (person.origin, person.foreigner_number) == ("visabio", None)
    assert (person.visa_number, person.visa_valid_from, person.visa_valid_until) == (KIM, visa.valid_from, visa.valid_until)
    assert (person.birth_name, person.first_names, person.birth_date) == ("KIM", "Seo-yeon", visa.birth_date)
    assert person.is_frozen and person.frozen_at is not None
    account = Account.objects.get()
    with pytest.raises(IdentityFrozen):
        actions.declare_person(account, person=person, birth_name="LEE")


def test_a_link_works_once_and_a_day():
    open_by_visa()
    with pytest.raises(LinkUnusable) as used:
        actions.open_visa_access(visa_token())
    assert used.value.code == "used"


def test_a_link_past_its_day_opens_nothing(movable_clock):
    ask_by_visa()
    movable_clock.move(hours=24, seconds=1)
    with pytest.raises(LinkUnusable) as expired:
        actions.open_visa_access(visa_token())
    assert expired.value.code == "expired"
    assert not Account.objects.exists()


def test_the_link_of_one_door_does_not_open_another():
    ask_by_visa()
    with pytest.raises(LinkUnusable):
        actions.activate(visa_token(), PASSWORD)
    with pytest.raises(LinkUnusable):
        actions.reset_password(visa_token(), PASSWORD)


def test_a_fresh_link_leads_back_to_the_same_access_and_ends_the_older_ones(movable_clock):
    first = open_by_visa()
    tokens = []
    for _ in range(2):
        movable_clock.move(seconds=61)
        again()
        tokens.append(visa_token())
    assert actions.open_visa_access(tokens[1]).pk == first.pk
    with pytest.raises(LinkUnusable):
        actions.open_visa_access(tokens[0])
    assert (Account.objects.count(), Person.objects.count()) == (1, 1)


def test_a_fresh_link_is_also_what_the_first_door_gives_to_who_has_begun(movable_clock):
    first = open_by_visa()
    movable_clock.move(seconds=61)
    ask_by_visa()
    assert actions.open_visa_access(visa_token()).pk == first.pk


def test_what_was_asked_and_never_opened_is_sent_again():
    ask_by_visa()
    again(address=ELSEWHERE)
    assert actions.open_visa_access(visa_token()).display_name == "Seo-yeon KIM"


def test_with_another_address_nothing_is_sent_there_but_that_nothing_was_begun():
    """Whether somebody began with this visa is for the address that did."""
    open_by_visa()
    again(email="autre@exemple.fr", address=ELSEWHERE)
    again(LUCAS, email="autre2@exemple.fr", address=ELSEWHERE)
    said = [mail.body for mail in mails("visa_unknown")]
    assert len(said) == 2 and said[0] == said[1]
    assert [mail.address for mail in mails("visa_access")] == [EMAIL]


def test_somebody_else_with_the_same_visa_is_a_second_claim_and_its_owner_is_told():
    owner = open_by_visa()
    told = []
    ask_by_visa(email="autre@exemple.fr", address=ELSEWHERE, on_second_claim=told.append)
    assert (told[0].account, told[0].door, told[0].claimed["visa_number"]) == (owner, "visa", KIM)
    (mail,) = mails("account_exists")
    assert mail.address == EMAIL
    assert "/compte/visa/" in mail.body and "mot de passe" not in mail.body
    assert not mails(address="autre@exemple.fr")


def test_of_two_who_asked_before_any_opened_the_first_to_open_holds_the_visa():
    ask_by_visa()
    ask_by_visa(email="autre@exemple.fr", address=ELSEWHERE)
    first = actions.open_visa_access(visa_token())
    told = []
    with pytest.raises(LinkUnusable):
        actions.open_visa_access(visa_token("autre@exemple.fr"), on_second_claim=told.append)
    assert told[0].account == first
    assert Account.objects.count() == 1


def test_an_access_that_was_closed_is_opened_by_no_link():
    account = open_by_visa()
    Account.objects.filter(pk=account.pk).update(is_active=False)
    again(address=ELSEWHERE)
    assert len(mails("visa_access")) == 1


def test_a_visa_that_does_not_match_is_said_alike_whatever_is_wrong_and_throttled():
    wrong = {"valid_from": visa_of().valid_from - timedelta(days=1)}
    for changes in (wrong, {"number": "FRA0000000001"}, wrong, wrong, wrong):
        with pytest.raises(IdentityMismatch) as refused:
            actions.request_access_by_visa(
                **{
                    "number": KIM,
                    "valid_from": visa_of().valid_from,
                    "valid_until": visa_of().valid_until,
                    "email": EMAIL,
                    "language": "fr",
                    "address": ADDRESS,
                    **changes,
                }
            )
        assert "vignette" in str(refused.value.message)
    with pytest.raises(IdentityMismatch):
        ask_by_visa(**wrong)
    with pytest.raises(TooManyTries):
        ask_by_visa()


@pytest.mark.parametrize("number", ["FRA2600000009", "FRA2600000008"])
def test_a_registry_that_is_down_is_nobody_s_wrong_try(number):
    for _ in range(7):
        with pytest.raises(RegistryUnavailable):
            actions.request_access_by_visa(number, visa_of().valid_from, visa_of().valid_until, EMAIL, "fr", ADDRESS)


def test_once_a_number_was_given_the_visa_opens_nothing_and_says_where_to_go(movable_clock):
    account = open_by_visa()
    movable_clock.move(seconds=61)
    again()
    pending = visa_token()
    (person,) = queries.persons_of(account)
    actions.give_foreigner_number(person, MARIAM, SYSTEM, reason="Même personne : passeport vu.")
    with pytest.raises(LinkUnusable):
        actions.open_visa_access(pending)
    movable_clock.move(hours=2)
    again()
    ask_by_visa(address=ELSEWHERE)
    assert len(mails("visa_access")) == 2, "none since"
    assert "/compte/connexion/" in mails("account_exists")[-1].body


def test_an_identifier_of_a_visa_is_never_shown_nor_signed_in_with(client, movable_clock):
    account = open_by_visa()
    actions.remind_identifiers(EMAIL, "fr")
    (mail,) = mails("identifiers")
    assert KIM not in mail.body
    assert "/compte/visa/" in mail.body and "/compte/creer/" not in mail.body
    for typed in (account.identifier, KIM, account.identifier.upper()):
        actions.request_password_reset(typed, "fr", address=ADDRESS)
    assert not mails("password_reset")


def test_personal_data_of_a_link_that_expired_are_erased(movable_clock):
    ask_by_visa()
    movable_clock.move(hours=25)
    sweep_links()
    assert LinkToken.objects.get().payload == {}
