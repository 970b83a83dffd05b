"""What FNE promises, by its simulator and over HTTP alike."""

from datetime import date, timedelta

import pytest

from guichet.registries.agdref.sample import people_as_of
from guichet.registries.agdref.simulator import BUILT_IN, people_file, write_people
from guichet.registries.errors import RegistryUnavailable

HELD = [(person, permit) for person in BUILT_IN.values() for permit in person.permits]
FIRST, LAST = date(2026, 1, 10), date(2027, 1, 9)


@pytest.fixture
def fne(registry):
    return registry("fne")


@pytest.mark.parametrize(("person", "permit"), HELD, ids=[permit.number for _, permit in HELD])
def test_every_permit_leads_to_its_holder_whole(fne, person, permit):
    assert fne.find_permit(permit.number, permit.valid_from, permit.valid_until) == person


def test_the_permits_of_the_demonstration_are_there():
    assert {permit.number: person.birth_name for person, permit in HELD}.items() >= {
        ("A1B2C3D4E", "OKAFOR"),
        ("T4L3NT001", "SHARMA"),
    }


@pytest.mark.parametrize(("before", "after"), [(1, 0), (0, 1), (-1, 0), (0, -1)])
def test_a_day_that_is_not_the_permit_s_finds_nothing(fne, before, after):
    (permit,) = BUILT_IN["7503134955"].permits
    first, last = permit.valid_from + timedelta(days=before), permit.valid_until + timedelta(days=after)
    assert fne.find_permit(permit.number, first, last) is None


@pytest.mark.parametrize("number", ["A1B2C3D07", "A1B2C3D4F", "7503134955"])
def test_an_unknown_number_is_none(fne, number):
    (permit,) = BUILT_IN["7503134955"].permits
    assert fne.find_permit(number, permit.valid_from, permit.valid_until) is None


@pytest.mark.parametrize(("number", "reason"), [("A1B2C3D09", "timeout"), ("A1B2C3D08", "error")])
def test_a_registry_that_fails_is_unavailable_and_never_unknown(fne, number, reason):
    with pytest.raises(RegistryUnavailable) as failure:
        fne.find_permit(number, FIRST, LAST)
    assert (failure.value.registry, failure.value.reason, failure.value.code) == ("fne", reason, f"registry_{reason}")


def test_the_people_written_for_agdref_are_fne_s_too(fne):
    okafor = next(person for person in people_as_of(date(2031, 3, 1)) if person.birth_name == "OKAFOR")
    write_people([okafor])
    (permit,) = okafor.permits
    assert fne.find_permit(permit.number, permit.valid_from, permit.valid_until) == okafor
    (sharma,) = BUILT_IN["6908004242"].permits
    assert fne.find_permit(sharma.number, sharma.valid_from, sharma.valid_until) is None


def test_a_broken_file_is_never_unknown(registry):
    people_file().write_text("{}")
    with pytest.raises(RegistryUnavailable) as failure:
        registry("fne").find_permit("A1B2C3D4E", FIRST, LAST)
    assert failure.value.registry == "fne"


def test_it_is_reachable(fne):
    assert fne.reachable() is True
