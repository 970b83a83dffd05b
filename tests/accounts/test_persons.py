"""People declared by those who act for them."""

import pytest
from django.db import IntegrityError, transaction

from guichet.accounts import actions, queries
from guichet.accounts.errors import IdentityFrozen
from guichet.accounts.models import Person
from guichet.core import clock
from tests.accounts.helpers import make_account, open_account

pytestmark = pytest.mark.django_db


def test_a_care_service_acts_for_several_people_oneself_first():
    account = make_account("service@exemple.fr")
    first = actions.declare_person(account, capacity="care_service", birth_name="Keita", first_names="Fanta")
    second = actions.declare_person(account, capacity="care_service", birth_name="Sow")
    assert queries.persons_of(account)[1:] == [first, second]
    assert queries.representations_of(account)[0].capacity == "self"
    assert queries.can_act_for(account, second)
    assert not queries.can_act_for(make_account("autre@exemple.fr"), second)
    account.refresh_from_db()
    assert account.display_name == "Amadou DIALLO"


def test_a_declared_identity_can_be_filled_in_and_names_the_account_of_oneself():
    account = make_account("nadia@exemple.fr", name="")
    (person,) = queries.persons_of(account)
    actions.declare_person(account, person=person, birth_name="Keita", first_names="Nadia", birth_date_text="2007-05")
    person.refresh_from_db()
    account.refresh_from_db()
    assert (person.display_name, str(person.birth_date)) == ("Nadia KEITA", "2007-05")
    assert account.display_name == "Nadia KEITA"


def test_an_identity_of_the_registry_or_of_others_is_not_typed_over():
    account = open_account()
    (person,) = queries.persons_of(account)
    with pytest.raises(IdentityFrozen):
        actions.declare_person(account, person=person, birth_name="Autre")
    stranger = make_account("autre@exemple.fr")
    (theirs,) = queries.persons_of(stranger)
    with pytest.raises(IdentityFrozen):
        actions.declare_person(account, person=theirs, birth_name="Autre")
    with pytest.raises(TypeError):
        actions.declare_person(stranger, person=theirs, foreigner_number="1")


@pytest.mark.parametrize(
    "incoherent",
    [
        {"origin": "visabio"},
        {"origin": "visabio", "visa_number": "FRA1", "visa_valid_from": "2026-01-01", "visa_valid_until": "2026-12-31"},
        {"origin": "registry", "visa_number": "FRA1", "visa_valid_from": "2026-01-01", "visa_valid_until": "2026-12-31"},
        {"visa_number": "FRA1"},
        {"visa_number": "FRA1", "visa_valid_from": "2026-12-31", "visa_valid_until": "2026-01-01"},
    ],
)
def test_the_database_refuses_an_identity_whose_origin_cannot_be_told(incoherent):
    dated = {"frozen_at": clock.now()} if incoherent.get("origin") != "visabio" or len(incoherent) == 1 else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(**incoherent, **dated)


def test_a_stateless_person_has_a_nationality_of_three_letters():
    Person.objects.create(nationality="XXA").full_clean(exclude=["sex"])
