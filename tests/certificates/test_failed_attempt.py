"""The certificate of a failed attempt: what it says, what it does not claim, and that anybody can read it."""

import io
import re

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from guichet.certificates import typesetting
from guichet.certificates.actions import issue
from guichet.certificates.contents import CONTENTS
from tests.certificates.test_documents import AT, NUMBER, tags, words
from tests.typography import keyboard

DATA = {
    "issued_on": "2023-08-16",
    "first_names": "Amadou Nguyễn",
    "last_name": "MARTIN",
    "birth_date": "2005-11",
    "declared": True,
    "office_name": "Préfecture de la Loire (Saint-Étienne)",
    "office_city": "Saint-Étienne",
    "type_name": {"fr": "Admission exceptionnelle au séjour", "en": "Exceptional admission to residence"},
    "attempts": [{"day": "2023-08-15", "hour": "09:12"}, {"day": "2023-08-16", "hour": "10:00"}],
    "count": 2,
    "next_release": {"day": "2023-08-21", "hour": "09:00"},
}


def made(language="fr", **changes):
    content = CONTENTS["failed_attempt"].model_validate({**DATA, **changes})
    return PdfReader(io.BytesIO(typesetting.official_pdf("failed_attempt", content, NUMBER, language, AT)))


def test_it_says_what_was_seen_and_claims_nothing():
    said = keyboard(words(made()))
    for part in (
        "Attestation de tentative de prise de rendez-vous",
        "mercredi 16 août 2023 à 10:00",
        "aucune place n'était libre",
        "Identité déclarée",
        "MARTIN",
        "Amadou Nguyễn",
        "novembre 2005 (jour inconnu)",
        "2 tentatives enregistrées",
        "mardi 15 août 2023 à 09:12",
        "annoncées pour le lundi 21 août 2023 à 09:00",
        "n'ouvre aucun droit",
        "Personne n'a vérifié cette identité",
        NUMBER,
    ):
        assert part in said, part


def test_who_was_identified_is_not_said_to_be_declared():
    said = keyboard(words(made(declared=False)))
    assert "déclarée" not in said and "Personne n'a vérifié" not in said


def test_an_unknown_release_is_said_so():
    assert "date d'ouverture inconnue" in keyboard(words(made(next_release=None)))


def test_in_english_the_french_comes_first():
    reader = made("en")
    said = keyboard(words(reader))
    assert said.index("Attestation de tentative") < said.index("Certificate of an attempt to book an appointment")
    assert "no place was free online" in said and "Wednesday 16 August 2023 at 10:00" in said and "2 attempts recorded" in said
    assert len(reader.pages) == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_screen_reader_and_an_archive_can_read_it(language):
    reader = made(language)
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "fr" and re.search(r"<pdfuaid:part>1<", xmp) and re.search(r"<pdfaid:part>3<", xmp)
    kinds = [tag for tag, _language in tags(reader)]
    assert kinds.count("/H1") == (2 if language == "en" else 1) and "/H2" in kinds and "/L" in kinds


@pytest.mark.parametrize("missing", ["last_name", "declared", "office_name", "issued_on", "type_name", "attempts", "count"])
@pytest.mark.django_db
def test_it_is_never_issued_with_a_hole_in_it(missing):
    data = {name: value for name, value in DATA.items() if name != missing}
    with pytest.raises(ValidationError, match=missing):
        issue("failed_attempt", subject=("attempt", "1"), data=data, language="fr")


def test_sixty_attempts_still_hold():
    many = [{"day": "2023-08-15", "hour": f"{hour:02}:12"} for hour in range(20)] * 3
    reader = made(attempts=many, count=75)
    assert "15 tentatives plus anciennes" in keyboard(words(reader)) and len(reader.pages) <= 3
