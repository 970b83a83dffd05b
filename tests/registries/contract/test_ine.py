"""What the register of students promises, by its simulator and over HTTP alike."""

from dataclasses import replace
from datetime import date

import pytest

from guichet.core.dates import PartialDate
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.ine.sample import students_as_of
from guichet.registries.ine.simulator import BUILT_IN, students_file, write_students


@pytest.fixture
def ine(registry):
    return registry("ine")


@pytest.mark.parametrize("number", sorted(BUILT_IN))
def test_every_known_student_comes_back_whole(ine, number):
    assert ine.find_student(number) == BUILT_IN[number]


def test_the_students_of_the_demonstration_are_there():
    lopez, benali = students_as_of(date(2026, 11, 23))
    assert (lopez.ine, lopez.birth_name, lopez.institution) == ("0123456789A", "LOPEZ", "Université Jean-Monnet")
    assert (lopez.stay_kind, lopez.stay_ends_on) == ("permit", date(2027, 1, 4))
    assert (benali.ine, benali.birth_name, benali.stay_ends_on) == ("012345678BC", "BENALI", date(2027, 4, 22))
    assert set(BUILT_IN) == {lopez.ine, benali.ine}


@pytest.mark.parametrize("number", ["0123456789B", "0123456707A", "012345607BC"])
def test_an_unknown_number_is_none(ine, number):
    assert ine.find_student(number) is None


@pytest.mark.parametrize(
    ("number", "reason"), [("0123456709A", "timeout"), ("012345609BC", "timeout"), ("0123456708A", "error")]
)
def test_a_registry_that_fails_is_unavailable_and_never_unknown(ine, number, reason):
    with pytest.raises(RegistryUnavailable) as failure:
        ine.find_student(number)
    assert (failure.value.registry, failure.value.reason, failure.value.code) == ("ine", reason, f"registry_{reason}")


def test_the_students_written_by_the_demonstration_replace_the_others(ine):
    lopez, benali = students_as_of(date(2031, 3, 1))
    write_students([lopez])
    assert ine.find_student(lopez.ine) == lopez
    assert (lopez.birth_date, lopez.stay_ends_on) == (PartialDate(2009, 3, 1), date(2031, 4, 12))
    assert ine.find_student(benali.ine) is None


def test_a_student_whose_permit_is_not_known_and_who_has_a_single_name_is_possible(ine):
    student = replace(
        BUILT_IN["0123456789A"], birth_name="MADHAVAN", first_names="", birth_date=PartialDate(2004), institution="",
        birth_country="", birth_place="", nationality="XXA", stay_kind=None, stay_ends_on=None,
    )  # fmt: skip
    write_students([student])
    assert ine.find_student(student.ine) == student


def test_students_that_could_not_be_read_back_are_not_written():
    with pytest.raises(ValueError, match="INE"):
        write_students([replace(BUILT_IN["0123456789A"], ine="12")])
    with pytest.raises(ValueError, match="last day"):
        write_students([replace(BUILT_IN["0123456789A"], stay_kind=None)])
    assert not students_file().exists()


def test_a_broken_file_is_never_unknown(ine):
    students_file().write_text("{}")
    with pytest.raises(RegistryUnavailable) as failure:
        ine.find_student("0123456789A")
    assert failure.value.registry == "ine"


def test_it_is_reachable(ine):
    assert ine.reachable() is True
