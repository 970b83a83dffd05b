"""A foreigner number given during the examination: whose it is, what is mailed, what becomes of password and sessions."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from guichet.accounts import actions, queries
from guichet.accounts.errors import NumberRefused, PasswordRefused
from guichet.accounts.models import Account, OpenSession, Person, Representation
from guichet.accounts.opening import check_password
from guichet.accounts.passwords import temporary_password
from guichet.core import clock
from guichet.core.events import Actor
from guichet.core.models import Event
from guichet.registries.errors import RegistryUnavailable
from tests.accounts.helpers import (
    CHINEDU,
    EMAIL,
    MARIAM,
    NUMBER,
    PASSWORD,
    SINGLE,
    mails,
    make_account,
    open_by_visa,
    record,
    token_in,
)

pytestmark = pytest.mark.django_db
BY = Actor("officer", "x")
WHY = "Passeport vu au guichet."


def without_number(email=EMAIL, like=NUMBER, **more):
    """An account whose identifier is the e-mail, and its person as declared."""
    account = make_account(email, email=email)
    (person,) = queries.persons_of(account)
    known = record(like)
    declared = {"birth_name": known.birth_name, "first_names": known.first_names, "birth_date_text": str(known.birth_date)}
    Person.objects.filter(pk=person.pk).update(**{**declared, **more})
    person.refresh_from_db()
    return account, person


def mailed_password(address=EMAIL):
    (mail,) = mails("temporary_password", address)
    return re.search(r"^(\w\w-\w{5}-\w{4}-\d{4})$", mail.body, re.MULTILINE).group(1)


def sign_in(identifier, password, rf):
    return authenticate(rf.post("/"), identifier=identifier, password=password)


# --- Whose number it is


def test_the_identity_becomes_that_of_agdref_and_the_number_the_identifier():
    account, person = without_number()
    actions.give_foreigner_number(person, "59 08 00 20 10", BY)
    account.refresh_from_db(), person.refresh_from_db()
    assert (account.identifier, person.foreigner_number, person.origin) == (NUMBER, NUMBER, "registry")
    assert person.birth_country == record().birth_country
    assert Event.objects.filter(kind="foreigner_number_given", subject_id=str(person.pk), actor_kind="officer").count() == 1


def test_the_same_number_twice_is_once():
    _, person = without_number()
    for _ in range(2):
        actions.give_foreigner_number(person, NUMBER, BY)
        person.refresh_from_db()
    assert len(mails()) == 1


@pytest.mark.parametrize("number", ["5908002007", "", "abc", "9" * 40])
def test_a_number_that_agdref_does_not_know_is_given_to_nobody(number):
    _, person = without_number()
    with pytest.raises(NumberRefused) as refused:
        actions.give_foreigner_number(person, number, BY)
    assert refused.value.code == "unknown"


def test_a_registry_that_is_down_gives_nothing():
    _, person = without_number()
    with pytest.raises(RegistryUnavailable):
        actions.give_foreigner_number(person, "5908002009", BY)
    person.refresh_from_db()
    assert person.foreigner_number is None


@pytest.mark.parametrize("changes", [{"birth_name": "BALDE"}, {"first_names": "Moussa"}, {"birth_date_text": ""}])
def test_identities_that_differ_need_a_reason_which_is_kept(changes):
    _, person = without_number(**changes)
    assert not queries.check_number(person, NUMBER).same_person
    for nothing in ("", "   "):
        with pytest.raises(NumberRefused) as refused:
            actions.give_foreigner_number(person, NUMBER, BY, reason=nothing)
        assert refused.value.code == "identity_differs"
    actions.give_foreigner_number(person, NUMBER, BY, reason=WHY)
    assert Event.objects.get(kind="foreigner_number_given").data["reason"] == WHY


def test_the_two_identities_are_told_field_by_field():
    _, person = without_number(birth_place="Kindia", first_names="AMADOU")
    checked = queries.check_number(person, NUMBER)
    lines = {field.name: field for field in checked.fields}
    assert checked.same_person
    assert lines["first_names"].agrees, "case is forgiven"
    assert (lines["birth_place"].here, lines["birth_place"].there, lines["birth_place"].agrees) == ("Kindia", "Conakry", False)


def test_a_number_of_somebody_else_is_refused_with_the_way_out():
    make_account(NUMBER, email="autre@exemple.fr")
    _, person = without_number()
    with pytest.raises(NumberRefused) as refused:
        actions.give_foreigner_number(person, NUMBER, BY, reason=WHY)
    assert refused.value.code == "taken"
    assert "centre de contact" in str(refused.value.message)
    person.refresh_from_db()
    assert person.origin == "declared" and not mails()


def test_a_number_borne_by_a_person_without_an_account_is_taken_too():
    Person.objects.create(foreigner_number=NUMBER)
    _, person = without_number()
    with pytest.raises(NumberRefused) as refused:
        actions.give_foreigner_number(person, NUMBER, BY)
    assert refused.value.code == "taken"


def test_a_person_who_has_a_number_is_not_given_another():
    _, person = without_number()
    actions.give_foreigner_number(person, NUMBER, BY)
    person.refresh_from_db()
    with pytest.raises(NumberRefused) as refused:
        actions.give_foreigner_number(person, MARIAM, BY, reason=WHY)
    assert refused.value.code == "has_another"


def test_what_must_happen_elsewhere_happens_in_the_same_transaction():
    _, person = without_number()

    def refuse(given):
        raise NumberRefused("unknown")

    with pytest.raises(NumberRefused):
        actions.give_foreigner_number(person, NUMBER, BY, then=refuse)
    person.refresh_from_db()
    assert person.foreigner_number is None and not mails()


# --- The account of somebody without a number


def test_whoever_has_a_password_keeps_it_with_the_sessions_and_one_mail_says_the_new_identifier(rf):
    account, person = without_number()
    OpenSession.objects.create(account=account, session_key="s" * 32)
    actions.give_foreigner_number(person, NUMBER, BY)
    (mail,) = mails()
    assert (mail.template, mail.address) == ("identifier_given", EMAIL)
    assert NUMBER in mail.body and "reste le même" in mail.body
    assert sign_in(NUMBER, PASSWORD, rf) == account
    assert sign_in(EMAIL, PASSWORD, rf) is None
    account.refresh_from_db()
    assert account.open_sessions.count() == 1 and not account.must_change_password


def test_an_account_that_acts_for_others_keeps_its_identifier_when_one_of_them_gets_a_number():
    account, _ = without_number()
    child = Person.objects.create(birth_name="MADHAVAN", birth_date_text="2007")
    Representation.objects.create(account=account, person=child, capacity="parent")
    actions.give_foreigner_number(child, SINGLE, BY)
    account.refresh_from_db(), child.refresh_from_db()
    assert (account.identifier, child.foreigner_number) == (EMAIL, SINGLE)
    assert not mails()


def test_an_account_opened_for_a_minor_takes_the_minor_s_number():
    account, person = without_number()
    Representation.objects.filter(account=account).update(capacity="care_service")
    actions.give_foreigner_number(person, NUMBER, BY)
    account.refresh_from_db()
    assert account.identifier == NUMBER


# --- The account born from an access by visa


def given_to_a_visa_holder():
    account = open_by_visa()
    OpenSession.objects.create(account=account, session_key="s" * 32)
    (person,) = queries.persons_of(account)
    actions.give_foreigner_number(person, CHINEDU, BY, reason=WHY)
    account.refresh_from_db()
    return account


def test_two_mails_bring_the_identifier_and_the_password_apart():
    given_to_a_visa_holder()
    sent = [mail for mail in mails() if mail.template != "visa_access"]
    assert [mail.template for mail in sent] == ["identifier_given", "temporary_password"]
    assert CHINEDU in sent[0].body and CHINEDU not in sent[1].body
    assert mailed_password() in sent[1].body and mailed_password() not in sent[0].body
    assert {mail.address for mail in sent} == {EMAIL}


def test_the_password_is_kept_hashed_and_opens_the_account_until_it_is_changed(rf):
    account = given_to_a_visa_holder()
    assert mailed_password() not in account.password
    assert sign_in(CHINEDU, mailed_password(), rf) == account
    assert account.must_change_password
    assert not account.is_visa_access


def test_the_sessions_that_links_had_opened_end():
    assert given_to_a_visa_holder().open_sessions.count() == 0


def test_the_last_day_that_the_mail_says_is_the_last_day_that_the_password_opens(rf, movable_clock):
    account = given_to_a_visa_holder()
    last = clock.today() + timedelta(days=7)
    assert f"{last.day}" in mails("temporary_password")[0].body and f"{last.year}" in mails("temporary_password")[0].body
    movable_clock.move(seconds=int((clock.end_of_paris_day(last) - clock.now()).total_seconds()) - 5)
    assert sign_in(CHINEDU, mailed_password(), rf) == account
    movable_clock.move(seconds=10)
    assert sign_in(CHINEDU, mailed_password(), rf) is None


def test_past_its_day_a_forgotten_password_gives_another_way_in(rf, movable_clock):
    account = given_to_a_visa_holder()
    movable_clock.move(days=30)
    actions.request_password_reset(CHINEDU, "fr")
    actions.reset_password(token_in(mails("password_reset")[0], "/compte/reinitialiser/"), PASSWORD)
    account.refresh_from_db()
    assert sign_in(CHINEDU, PASSWORD, rf) == account and not account.must_change_password


def test_one_s_own_password_replaces_the_mailed_one(rf):
    account = given_to_a_visa_holder()
    actions.replace_temporary_password(account, PASSWORD)
    account.refresh_from_db()
    assert not account.must_change_password
    assert sign_in(CHINEDU, mailed_password(), rf) is None
    assert sign_in(CHINEDU, PASSWORD, rf) == account
    with pytest.raises(PasswordRefused) as refused:  # once only: afterwards the current password is asked for
        actions.replace_temporary_password(account, "Autre-Mot-De-Passe-9")
    assert refused.value.code == "not_temporary"


def test_the_mailed_password_is_not_kept_as_one_s_own():
    account = given_to_a_visa_holder()
    with pytest.raises(PasswordRefused) as refused:
        actions.replace_temporary_password(account, mailed_password())
    assert refused.value.code == "same"
    with pytest.raises(PasswordRefused):
        actions.replace_temporary_password(account, "court")


def test_every_temporary_password_obeys_the_rules_of_all_and_none_comes_twice():
    account = Account(identifier=NUMBER, email=EMAIL, display_name="Amadou DIALLO")
    drawn = {temporary_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        check_password(password, account)
        assert not set(password) & set("0O1lI5S8B"), "copied by hand"
