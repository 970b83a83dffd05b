"""What AGDREF promises, by its simulator and over HTTP alike."""

from datetime import date, timedelta

import pytest

from guichet.core.dates import PartialDate
from guichet.registries.agdref.sample import people_as_of
from guichet.registries.agdref.simulator import BUILT_IN, write_people
from guichet.registries.errors import RegistryUnavailable


@pytest.fixture
def agdref(registry):
    return registry("agdref")


@pytest.mark.parametrize("number", sorted(BUILT_IN))
def test_every_known_person_comes_back_whole(agdref, number):
    assert agdref.find_person(number) == BUILT_IN[number]


def test_a_permit_comes_with_its_dates(agdref):
    (permit,) = agdref.find_person("7503134955").permits
    assert (permit.number, permit.kind, permit.reason, permit.status) == ("A1B2C3D4E", "temporary_card", "student", "valid")
    assert permit.valid_until - permit.valid_from == timedelta(days=365)


def test_a_single_name_and_a_birth_year_alone_are_possible(agdref):
    person = agdref.find_person("5903007194")
    assert (person.birth_name, person.first_names, person.birth_date) == ("MADHAVAN", "", PartialDate(2007))


@pytest.mark.parametrize("number", ["1111111107", "1111111111", "5908002011"])
def test_an_unknown_number_is_none(agdref, number):
    assert agdref.find_person(number) is None


@pytest.mark.parametrize(("number", "reason"), [("1111111109", "timeout"), ("1111111108", "error")])
def test_a_registry_that_fails_is_unavailable_and_never_unknown(agdref, number, reason):
    with pytest.raises(RegistryUnavailable) as failure:
        agdref.find_person(number)
    assert (failure.value.registry, failure.value.reason, failure.value.code) == ("agdref", reason, f"registry_{reason}")


def test_the_people_written_by_the_demonstration_replace_the_others(agdref):
    (amadou, *_) = people_as_of(date(2031, 3, 1))
    write_people([amadou])
    assert agdref.find_person("5908002010") == amadou
    assert amadou.birth_date == PartialDate(2014, 1, 20)
    assert agdref.find_person("5908002016") is None


def test_it_is_reachable(agdref):
    assert agdref.reachable() is True
