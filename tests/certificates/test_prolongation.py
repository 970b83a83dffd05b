"""What the certificate of prolongation says, in which language, and with which paper it goes."""

import pytest

from tests.certificates.test_documents import NUMBER, made, words


@pytest.mark.parametrize(
    "said",
    [
        "Attestation de prolongation d'instruction",
        NUMBER,
        "5901202308160000184",
        "Valable du 16 août 2023 au 15 février 2024",
        "Séjourner Oui, même sans autre titre.",
        "Travailler Oui, dans le métier de votre choix.",
        "Voyager Non, pas hors de France.",
        "déposée le 16 août 2023",
        "CESEDA R431-15-3",
        "n'empêche pas un refus par silence",
        "même si ce document est encore valable",
        "Vous pourrez alors contester ce refus jusqu'au 16 février 2024",
        "tribunal administratif de Lille",
        "DIALLO",
    ],
)
def test_it_says_in_french(said):
    assert said in words(made("prolongation"))


@pytest.mark.parametrize(
    "said",
    [
        "Certificate of extended examination",
        "Valid from 16 August 2023 to 15 February 2024",
        "Yes, in any occupation.",
        "does not prevent a refusal by silence",
        "until 16 February 2024",
        "only the French version is authoritative",
    ],
)
def test_it_says_in_english_too(said):
    assert said in words(made("prolongation", "en"))


def test_without_a_permit_nothing_is_said_of_one():
    assert "avec le titre" not in words(made("prolongation"))


def test_it_goes_with_the_expired_permit():
    said = words(made("prolongation", permit_number="CARD9", permit_until="2023-08-15"))
    assert "Valable seulement avec le titre de séjour ou le visa expiré numéro CARD9" in said
    assert "15 août 2023" in said


def test_it_goes_with_a_permit_that_is_still_valid():
    said = words(made("prolongation", permit_number="CARD9", permit_until="2023-09-15"))
    assert "À présenter avec le titre de séjour ou le visa numéro CARD9" in said and "expiré" not in said


def test_once_silence_may_have_refused_it_says_so():
    said = words(made("prolongation", silence_refuses_on="2023-08-01", silence_challenge_until="2023-10-01"))
    assert "Depuis le 1er août 2023" in said and "peut déjà valoir refus" in said and "1er octobre 2023" in said


def test_without_a_date_of_silence_it_says_nothing_of_it():
    assert "silence" not in words(made("prolongation", silence_refuses_on=None))


def test_once_the_delay_is_over_nobody_is_told_that_it_runs():
    said = words(made("prolongation", silence_refuses_on="2023-05-01", silence_challenge_until="2023-07-01"))
    assert "a pris fin le 1er juillet 2023" in said and "Vous pouvez contester" not in said and "telerecours" not in said
