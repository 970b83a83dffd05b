"""Who describes a person of the registry, and who does not."""

from dataclasses import dataclass

import pytest

from guichet.accounts.identity import Claim, matches
from guichet.core.dates import PartialDate


@dataclass(frozen=True)
class Known:
    birth_name: str
    first_names: str
    birth_date: PartialDate
    usage_name: str = ""


BORN = PartialDate(2007, 5, 12)


def agree(known, last_name, first_names, born=BORN):
    return matches(known, Claim(last_name, first_names, born))


@pytest.mark.parametrize(
    ("last_name", "first_names"),
    [
        ("NGUYEN", "Minh Anh"),
        ("nguyen", "minh anh"),
        ("Nguyễn", "Minh  Ánh"),
        ("NGUYEN", "Minh"),
        ("NGUYEN", "Minh-Anh"),
        ("NGUYEN", "MinhAnh"),
        ("NGUYEN", "Anh, Minh"),
        (" N'guyen ", "Minh"),
    ],
)
def test_case_accents_spaces_and_the_order_of_first_names_are_forgiven(last_name, first_names):
    assert agree(Known("NGUYEN", "Minh Anh", BORN), last_name, first_names)


@pytest.mark.parametrize(
    ("last_name", "first_names"),
    [("NGUYEN", "Anh"), ("NGUYEN", ""), ("NGUYEN", "Minh Ann"), ("TRAN", "Minh Anh"), ("", "Minh Anh"), ("Minh Anh", "NGUYEN")],
)
def test_another_name_is_not_forgiven(last_name, first_names):
    assert not agree(Known("NGUYEN", "Minh Anh", BORN), last_name, first_names)


def test_the_first_names_may_be_cut_after_any_of_them_and_a_compound_one_may_be_written_apart():
    known = Known("MARTIN", "Jean-Pierre Marie Louis", BORN)
    for written in ("Jean-Pierre", "Jean Pierre", "jeanpierre marie", "Louis Marie Pierre Jean"):
        assert agree(known, "MARTIN", written), written
    for written in ("Marie", "Jean-Pierre Louis", "Pierre"):
        assert not agree(known, "MARTIN", written), written


def test_the_birth_name_and_the_usage_name_both_serve():
    known = Known("SHARMA", "Priya", BORN, usage_name="MARTIN-DURAND")
    assert agree(known, "Sharma", "Priya")
    assert agree(known, "Martin Durand", "Priya")
    assert not agree(known, "Martin", "Priya")


@pytest.mark.parametrize(
    "letter_pair",
    [
        ("Đặng", "DANG"),
        ("Yıldız", "YILDIZ"),
        ("Łukasz", "LUKASZ"),
        ("Sørensen", "SORENSEN"),
        ("Æther", "AETHER"),
        ("Weiß", "WEISS"),
    ],
)
def test_letters_without_a_plain_twin_in_unicode_are_compared_as_passports_write_them(letter_pair):
    typed, written = letter_pair
    assert agree(Known(written, "A", BORN), typed, "A")


@pytest.mark.parametrize(
    ("last_name", "first_names"),
    [
        ("MADHAVAN", ""),
        ("", "Madhavan"),
        ("Madhavan", "MADHAVAN"),
        ("Madhavan", "FNU"),
        ("Madhavan", "XXX"),
        ("madhavan", "sans prénom"),
    ],
)
def test_a_single_name_is_found_wherever_it_is_typed(last_name, first_names):
    for known in (Known("MADHAVAN", "", BORN), Known("", "Madhavan", BORN), Known("MADHAVAN", "FNU", BORN)):
        assert agree(known, last_name, first_names)


def test_a_single_name_with_another_beside_it_is_somebody_else():
    known = Known("MADHAVAN", "", BORN)
    assert not agree(known, "MADHAVAN", "Ravi")
    assert not agree(known, "", "")
    assert not agree(Known("", "", BORN), "", "")


@pytest.mark.parametrize(
    ("in_registry", "typed", "same"),
    [
        ("2007-05-12", "2007-05-12", True),
        ("2007-05-12", "2007-05-13", False),
        ("2007-05-12", "2007-06-12", False),
        ("2007-05-12", "2008-05-12", False),
        # The person does not know what the registry knows: that is not a description of it …
        ("2007-05-12", "2007", False),
        ("2007-05-12", "2007-05", False),
        # … unless the registry holds the first of the year or of the month, as administrations write «unknown».
        ("2007-01-01", "2007", True),
        ("2007-05-01", "2007-05", True),
        ("2007-05-01", "2007", False),
        # The registry does not know: papers may show any day.
        ("2007", "2007", True),
        ("2007", "2007-01-01", True),
        ("2007", "2007-12-31", True),
        ("2007", "2006-12-31", False),
        ("2007-05", "2007-05-20", True),
        ("2007-05", "2007-05", True),
        ("2007-05", "2007-06-20", False),
        ("2007-05", "2007", False),
    ],
)
def test_unknown_days_and_months(in_registry, typed, same):
    known = Known("DIALLO", "Amadou", PartialDate.parse(in_registry))
    assert agree(known, "Diallo", "Amadou", PartialDate.parse(typed)) is same
