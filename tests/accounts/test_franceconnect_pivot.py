"""Is the person whom FranceConnect vouches for the one whom the registry knows? And reading FranceConnect's claims."""

from dataclasses import replace

import pytest

from guichet.accounts.franceconnect.errors import IdentityIncomplete
from guichet.accounts.franceconnect.pivot import PivotIdentity, birth_date, differences
from guichet.core.dates import PartialDate
from tests.accounts.helpers import NUMBER, SINGLE, record

CLAIMS = {
    "sub": "s",
    "family_name": "N'GUYEN-LÊ",
    "given_name": "Minh Anh",
    "preferred_username": "DUPONT",
    "gender": "female",
    "birthdate": "2001-02-03",
    "birthplace": "75107",
    "birthcountry": "99100",
    "email": "anh@exemple.fr",
}


def pivot(**changes):
    return PivotIdentity.from_claims(CLAIMS | changes, issuer_host="fc.example.org")


def known(**changes):
    return replace(
        record(NUMBER),
        **{
            "birth_name": "Nguyen Le",
            "usage_name": "",
            "first_names": "Minh-Anh",
            "sex": "F",
            "birth_date": PartialDate(2001, 2, 3),
            **changes,
        },
    )


def test_case_accents_hyphens_and_apostrophes_are_forgiven():
    assert differences(known(), pivot()) == ()


@pytest.mark.parametrize(
    ("registry", "franceconnect"),
    [
        ({"first_names": "Minh"}, {}),  # the registry holds the first only
        ({"first_names": "Minh Anh Thu"}, {}),  # FranceConnect does
        ({"first_names": "Anh, Minh"}, {}),
        ({"birth_name": "DUPONT"}, {}),  # the usage name is the one that the registry holds
        ({"birth_name": "AUTRE", "usage_name": "Nguyen Le"}, {"preferred_username": ""}),
        ({"birth_name": "", "first_names": "Madhavan"}, {"family_name": "MADHAVAN", "given_name": ""}),
        ({"birth_name": "Madhavan", "first_names": ""}, {"family_name": "MADHAVAN", "given_name": "XXX"}),
        ({"birth_date": PartialDate(2001)}, {}),
        ({"birth_date": PartialDate(2001, 1, 1)}, {"birthdate": "2001-00-00"}),
        ({"birth_date": PartialDate(2001, 2, 1)}, {"birthdate": "2001-02-00"}),
        ({"birth_date": PartialDate(2001)}, {"birthdate": "2001"}),
        ({"sex": "X"}, {}),
        ({}, {"gender": ""}),
        ({}, {"gender": "unspecified"}),
    ],
)
def test_the_same_person_written_otherwise(registry, franceconnect):
    assert differences(known(**registry), pivot(**franceconnect)) == ()


@pytest.mark.parametrize(
    ("registry", "franceconnect", "found"),
    [
        ({"birth_date": PartialDate(2001, 2, 4)}, {}, ("birth_date",)),
        ({"birth_date": PartialDate(2000, 2, 3)}, {"birthdate": "2001"}, ("birth_date",)),
        ({}, {"birthdate": "2001-00-00"}, ("birth_date",)),  # who does not know a date has not described it
        ({"birth_name": "Nguyen"}, {}, ("names",)),
        ({"first_names": "Anh"}, {}, ("names",)),  # a second first name alone may be a sister's
        ({"first_names": "Bao"}, {}, ("names",)),
        ({"first_names": ""}, {}, ("names",)),
        ({}, {"given_name": ""}, ("names",)),
        ({"sex": "M"}, {}, ("sex",)),
        ({"sex": "M", "birth_name": "AUTRE", "birth_date": PartialDate(1990)}, {}, ("names", "birth_date", "sex")),
    ],
)
def test_somebody_else(registry, franceconnect, found):
    assert differences(known(**registry), pivot(**franceconnect)) == found


def test_no_name_on_either_side_is_never_a_match():
    assert "names" in differences(known(birth_name="", first_names=""), pivot(family_name="X", given_name=""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1990-05-12", PartialDate(1990, 5, 12)),
        ("1990-05-00", PartialDate(1990, 5)),
        ("1990-00-00", PartialDate(1990)),
        ("1990", PartialDate(1990)),
        ("1990-05", PartialDate(1990, 5)),
        ("1990-02-31", None),
        ("0000-00-00", None),
        ("12/05/1990", None),
        ("1990-5-12", None),
        ("", None),
    ],
)
def test_dates_as_franceconnect_writes_them(text, expected):
    assert birth_date(text) == expected


@pytest.mark.parametrize("broken", [{"family_name": ""}, {"family_name": 7}, {"birthdate": ""}, {"birthdate": "2001-13-01"}])
def test_an_identity_lacks_neither_a_name_nor_a_birth_date(broken):
    with pytest.raises(IdentityIncomplete):
        pivot(**broken)


def test_what_a_provider_writes_is_read_as_text_that_can_be_stored():
    read = pivot(family_name="DU\x00PONT\u202e", given_name=["Minh"], email=None, birthplace="7" * 500)
    assert (read.family_name, read.given_names, read.email) == ("DUPONT", "", "")
    assert len(read.birth_place) == 10


def test_the_subject_is_hashed_with_the_provider_that_gave_it():
    other = PivotIdentity.from_claims(CLAIMS, issuer_host="other.example.org")
    assert pivot().subject != other.subject and CLAIMS["sub"] != pivot().subject


def test_it_survives_the_session():
    assert PivotIdentity(**pivot().as_kept()) == pivot()


def test_a_single_name_of_the_registry():
    assert (
        differences(record(SINGLE), pivot(family_name="Madhavan", given_name="", birthdate="2007-07-01", gender="male")) == ()
    )
