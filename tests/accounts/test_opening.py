"""Opening an account: what is mailed to whom, what becomes of the identity, what a link is worth."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from guichet.accounts import actions, queries
from guichet.accounts.errors import IdentityMismatch, LinkUnusable, PasswordRefused
from guichet.accounts.models import Account, LinkToken, Person
from guichet.core import clock
from guichet.core.errors import TooManyTries
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.registries.errors import RegistryUnavailable
from tests.accounts.helpers import (
    ADDRESS,
    EMAIL,
    MARIAM,
    NUMBER,
    PASSWORD,
    SINGLE,
    activation_token,
    ask,
    birth,
    mails,
    make_account,
    open_account,
    record,
)

pytestmark = pytest.mark.django_db


def test_by_number_the_mail_holds_a_link_and_nothing_personal():
    ask()
    (mail,) = mails()
    assert (mail.template, mail.address, mail.language) == ("account_activation", EMAIL, "fr")
    assert "24 heures" in mail.body
    for personal in ("Amadou", "DIALLO", NUMBER):
        assert personal not in mail.body + mail.subject
    assert not Account.objects.exists()
    assert not Person.objects.exists()


def test_the_mail_speaks_the_language_of_the_page():
    ask(language="en")
    assert mails()[0].subject == "Confirm your e-mail address"


def test_activation_opens_the_account_and_freezes_the_identity_of_the_registry():
    account = open_account()
    known = record()
    (representation,) = queries.representations_of(account)
    person = representation.person
    assert (account.identifier, account.email, account.kind) == (NUMBER, EMAIL, "applicant")
    assert account.check_password(PASSWORD)
    assert account.display_name == "Amadou DIALLO"
    assert representation.capacity == "self"
    assert (person.foreigner_number, person.birth_name, person.first_names) == (NUMBER, known.birth_name, known.first_names)
    assert (person.birth_date, person.birth_country, person.nationality, person.sex) == (
        known.birth_date,
        known.birth_country,
        known.nationality,
        known.sex,
    )
    assert person.origin == "registry"
    assert timedelta() <= clock.now() - person.frozen_at < timedelta(minutes=1)
    assert queries.can_act_for(account, person)
    assert Event.objects.filter(kind="account_opened", subject_id=str(account.pk)).count() == 1


@pytest.mark.parametrize("typed", ["59 08 00 20 10", "5908-002-010", " 5908002010 ", "５９０８００２０１０"])
def test_the_number_is_recognised_however_it_is_spaced(typed):
    ask(foreigner_number=typed)
    assert LinkToken.objects.get().identifier == NUMBER


@pytest.mark.parametrize("typed", ["1", "59080020", "5" * 20, "5" * 21, "5" * 400, ""])
def test_the_length_of_a_number_never_blocks_it_is_only_unknown(typed):
    with pytest.raises(IdentityMismatch):
        ask(foreigner_number=typed)


def test_a_single_name_and_a_year_of_birth_are_enough_for_those_who_have_no_more():
    account = open_account(SINGLE)
    (person,) = queries.persons_of(account)
    assert (person.birth_name, person.first_names, str(person.birth_date)) == ("MADHAVAN", "", "2007")


@pytest.mark.parametrize(
    "changes",
    [
        {"last_name": "DIALO"},
        {"first_names": "Moussa"},
        {"birth_date": birth("1990-01-01")},
        {"foreigner_number": "5908002017"},
        {"foreigner_number": "5908002007"},
    ],
)
def test_data_that_do_not_match_are_refused_alike_whatever_is_wrong(changes):
    with pytest.raises(IdentityMismatch) as refused:
        ask(**changes)
    assert refused.value.code == "identity_mismatch"
    assert not OutboxMessage.objects.exists()


def test_wrong_data_are_throttled_here_and_the_rightful_person_elsewhere_still_gets_in():
    for _ in range(5):
        with pytest.raises(IdentityMismatch):
            ask(last_name="X", address="203.0.113.9")
    with pytest.raises(TooManyTries):
        ask(last_name="X", address="203.0.113.9")
    with pytest.raises(TooManyTries):
        ask(address="203.0.113.9")  # even right, from there: a guess must not be told from a wrong one
    ask(address="198.51.100.7")
    assert len(mails("account_activation")) == 1


def test_wrong_data_on_many_numbers_meet_the_looser_limit_of_the_address():
    for number in range(30):
        with pytest.raises(IdentityMismatch):
            ask(foreigner_number=f"77{number:06}11", address="203.0.113.9")
    with pytest.raises(TooManyTries):
        ask(foreigner_number="7700009911", address="203.0.113.9")


def test_right_data_use_no_try_up(movable_clock):
    for _ in range(5):
        ask()
        movable_clock.move(minutes=11)
    for _ in range(5):
        with pytest.raises(IdentityMismatch):
            ask(last_name="X")


@pytest.mark.parametrize("number", ["5908002009", "5908002008"])
def test_a_registry_that_is_down_is_nobody_s_wrong_try(number):
    for _ in range(8):
        with pytest.raises(RegistryUnavailable):
            ask(number=NUMBER, foreigner_number=number)
    assert not OutboxMessage.objects.exists()


def test_mails_to_one_person_are_bounded_from_one_address(movable_clock):
    for _ in range(6):
        ask()
        movable_clock.move(minutes=2)
    with pytest.raises(TooManyTries):
        ask()
    ask(address="198.51.100.7")


# A second claim


def test_a_second_claim_tells_the_first_address_and_the_caller_and_nobody_else():
    owner = make_account()
    told = []
    outcome = ask(email="autre@exemple.fr", on_second_claim=told.append)
    (mail,) = mails()
    assert (mail.template, mail.address) == ("account_exists", EMAIL)
    assert "/compte/connexion/" in mail.body
    assert "/compte/mot-de-passe-oublie/" in mail.body
    assert "autre@exemple.fr" not in mail.body
    assert [claim.account for claim in told] == [owner]
    assert told[0].claimant_email == "autre@exemple.fr"
    assert outcome.second_claim == told[0]
    assert not LinkToken.objects.exists()


def test_what_the_caller_does_with_a_second_claim_is_in_the_same_transaction():
    make_account()

    def fails(claim):
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        ask(email="autre@exemple.fr", on_second_claim=fails)
    assert not OutboxMessage.objects.exists()
    assert not Event.objects.exists()


def test_one_ticket_a_day_for_a_claimant_and_the_log_keeps_no_address(movable_clock):
    make_account()
    told = []
    for _ in range(3):
        ask(email="autre@exemple.fr", on_second_claim=told.append)
        movable_clock.move(minutes=2)
    assert len(told) == 1
    ask(email="tiers@exemple.fr", on_second_claim=told.append, address="198.51.100.7")
    assert len(told) == 2
    movable_clock.move(days=1)
    ask(email="autre@exemple.fr", on_second_claim=told.append)
    assert len(told) == 3
    assert "@" not in json.dumps(list(Event.objects.values_list("data", flat=True)))


def test_the_owner_who_forgot_asks_again_with_the_same_address_no_ticket():
    make_account()
    told = []
    ask(email=" Amadou@Exemple.FR ", on_second_claim=told.append)
    assert [mail.template for mail in mails()] == ["account_exists"]
    assert told == []


def test_an_identity_held_by_an_account_without_number_is_also_claimed_twice():
    account = make_account("amadou@exemple.fr")
    queries.persons_of(account)[0]
    Person.objects.update(foreigner_number=NUMBER)
    ask(email="autre@exemple.fr")
    assert [mail.template for mail in mails()] == ["account_exists"]


def test_nobody_fills_a_mailbox_by_claiming(movable_clock):
    make_account()
    for place in range(20):
        ask(email=f"claim{place}@exemple.fr", address=f"198.51.100.{place}")
    assert len(mails("account_exists")) <= 2  # one an hour, and the hour may turn during the test


# Without number


def test_without_number_the_identifier_is_the_email_and_the_person_is_still_to_be_declared():
    actions.request_account_without_number(" Nadia@Exemple.fr", "fr", "self", address=ADDRESS)
    account = actions.activate(activation_token("nadia@exemple.fr"), PASSWORD)
    assert account.identifier == "nadia@exemple.fr"
    (person,) = queries.persons_of(account)
    assert (person.origin, person.foreigner_number, person.display_name) == ("declared", None, "")


def test_without_number_an_email_that_already_is_an_identifier_is_told_by_mail():
    make_account("nadia@exemple.fr", email="nadia@exemple.fr", name="")
    actions.request_account_without_number("NADIA@exemple.fr", "fr", "self", address=ADDRESS)
    (mail,) = mails()
    assert (mail.template, mail.address) == ("account_exists", "nadia@exemple.fr")


def test_an_officer_s_address_is_told_to_take_another():
    make_account("agent@exemple.fr", email="agent@exemple.fr", kind="officer")
    actions.request_account_without_number("agent@exemple.fr", "fr", "self", address=ADDRESS)
    (mail,) = mails()
    assert "compte d'agent" in mail.body
    assert "/compte/connexion/" not in mail.body


def test_one_email_serves_several_people():
    first = open_account(NUMBER, email="service@exemple.fr")
    second = open_account(MARIAM, email="service@exemple.fr")
    assert first.email == second.email
    assert first.identifier != second.identifier


@pytest.mark.parametrize("capacity", ["parent", "guardian", "care_service"])
def test_a_representative_says_in_what_capacity(capacity):
    ask(capacity=capacity)
    assert "une personne que vous représentez" in mails()[0].body
    account = actions.activate(activation_token(), PASSWORD)
    assert queries.representations_of(account)[0].capacity == capacity


# The link


def test_looking_at_a_link_does_not_use_it():
    ask()
    raw = activation_token()
    for _ in range(3):
        assert actions.peek_link(raw, "activate").identifier == NUMBER
    assert actions.peek_link(raw, "reset_password") is None
    assert actions.peek_link(raw + "x", "activate") is None


def test_the_raw_token_is_not_stored():
    ask()
    assert activation_token() not in str(list(LinkToken.objects.values()))


def test_a_link_lives_24_hours(movable_clock):
    ask()
    raw = activation_token()
    movable_clock.move(hours=23, minutes=59)
    assert actions.peek_link(raw, "activate")
    movable_clock.move(minutes=2)
    with pytest.raises(LinkUnusable) as refused:
        actions.activate(raw, PASSWORD)
    assert refused.value.code == "expired"
    assert not Account.objects.exists()


def test_a_link_is_used_once():
    open_account()
    with pytest.raises(LinkUnusable) as refused:
        actions.activate(activation_token(), "Autre-mot-de-passe-8")
    assert refused.value.code == "used"
    assert Account.objects.get().check_password(PASSWORD)


def test_a_refused_password_does_not_use_the_link_and_gives_every_reason():
    ask()
    with pytest.raises(PasswordRefused) as refused:
        actions.activate(activation_token(), "amadou")
    assert len(refused.value.reasons) == 2
    assert actions.activate(activation_token(), PASSWORD)


def test_the_link_sent_first_still_works_after_a_second_one_and_both_are_spent_together(movable_clock):
    ask()
    first = activation_token()
    movable_clock.move(minutes=2)
    actions.resend_link(NUMBER, EMAIL, "fr", ADDRESS)
    second = activation_token()
    assert first != second
    actions.activate(first, PASSWORD)
    with pytest.raises(LinkUnusable) as refused:
        actions.activate(second, PASSWORD)
    assert refused.value.code == "used"


def test_the_first_link_opened_wins_and_the_other_claimant_becomes_a_second_claim(movable_clock):
    ask(email="un@exemple.fr")
    ask(email="deux@exemple.fr", address="198.51.100.7")
    owner = actions.activate(activation_token("un@exemple.fr"), PASSWORD)
    told = []
    with pytest.raises(LinkUnusable):
        actions.activate(activation_token("deux@exemple.fr"), PASSWORD, on_second_claim=told.append)
    assert Account.objects.get() == owner
    assert [claim.claimant_email for claim in told] == ["deux@exemple.fr"]
    assert [mail.address for mail in mails("account_exists")] == ["un@exemple.fr"]
    with pytest.raises(LinkUnusable):  # and its link is used up
        actions.activate(activation_token("deux@exemple.fr"), PASSWORD, on_second_claim=told.append)
    assert len(told) == 1


def test_a_person_known_without_account_is_taken_over_with_fresh_data():
    known = Person.objects.create(foreigner_number=NUMBER, birth_name="DIALO")
    account = open_account()
    (person,) = queries.persons_of(account)
    assert (person.pk, person.birth_name) == (known.pk, "DIALLO")


def test_sending_again_waits_a_minute(movable_clock):
    ask()
    with pytest.raises(TooManyTries):
        actions.resend_link(NUMBER, EMAIL, "fr", ADDRESS)
    movable_clock.move(seconds=61)
    actions.resend_link(NUMBER, EMAIL, "en", ADDRESS)
    assert [mail.language for mail in mails("account_activation")] == ["fr", "en"]


def test_sending_again_to_an_identity_with_an_account_writes_to_its_owner_only(movable_clock):
    make_account()
    actions.resend_link(NUMBER, "autre@exemple.fr", "fr", ADDRESS)
    assert [(mail.template, mail.address) for mail in mails()] == [("account_exists", EMAIL)]


# What lapses


def test_the_data_of_an_expired_link_are_erased_and_later_the_link_itself(movable_clock):
    from guichet.accounts.due import sweep_links

    ask()
    assert sweep_links() == 0
    movable_clock.move(hours=25)
    assert sweep_links() == 1
    assert LinkToken.objects.get().payload == {}
    with pytest.raises(LinkUnusable) as refused:
        queries.link(activation_token(), "activate")
    assert refused.value.code == "expired"
    assert sweep_links() == 0
    movable_clock.move(days=31)
    assert sweep_links() == 1
    assert not LinkToken.objects.exists()


def test_an_activated_link_keeps_no_personal_data():
    open_account()
    assert list(LinkToken.objects.values_list("payload", flat=True)) == [{}]
