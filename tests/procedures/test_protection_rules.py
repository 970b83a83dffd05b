"""International protection: which card for whom, which proof of stay, what is asked of whom (CESEDA L424-1 to L424-19)."""

from datetime import date, timedelta

import pytest

from guichet.procedures.evaluation import Evaluation
from guichet.procedures.loader import load_catalogue
from tests.procedures.conftest import TODAY

ADULT, MINOR = "1999-05-12", "2009-10-14"
BY_SLUG = {loaded.definition.procedure: loaded.definition for loaded in load_catalogue()}
SLUGS = ("international_protection", "international_protection_renewal")
CARDS = [
    ("refugee", None, "resident_card", "10 years"),
    ("subsidiary", None, "multiannual_card", "4 years"),
    ("stateless", None, "multiannual_card", "4 years"),
    ("family", "refugee", "resident_card", "10 years"),
    ("family", "subsidiary", "multiannual_card", "4 years"),
    ("family", "stateless", "multiannual_card", "4 years"),
]


def evaluated(slug="international_protection", *, born=ADULT, status="refugee", relative=None, domiciled=False, **more):
    answers = {
        "civil_status": {"birth_date": born},
        "address": {"domiciled": domiciled},
        "protection": {"status": status, **({"relative_status": relative} if relative else {})},
        "document_cases": {"home": "hosted"},
        **more,
    }
    return Evaluation(BY_SLUG[slug], answers, TODAY)


def documents(evaluation):
    return {requirement.id for requirement in evaluation.requirements() if requirement.required}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(("status", "relative", "permit", "lasts"), CARDS)
def test_each_situation_has_its_card_and_the_stamp_only(slug, status, relative, permit, lasts):
    granted = evaluated(slug, status=status, relative=relative).grants()
    assert (granted.permit, granted.lasts, granted.taxes) == (permit, lasts, ("residence_permit_stamp",))


def test_no_card_is_named_before_the_situation_is_known():
    assert Evaluation(BY_SLUG["international_protection"], {"protection": {"status": "family"}}, TODAY).grants() is None


def test_proof_of_stay_comes_with_the_deposit_for_six_months_and_follows_the_card_for_three():
    first, renewal = (BY_SLUG[slug] for slug in SLUGS)
    assert (first.prolongation.lasts, renewal.prolongation.lasts) == ("6 months", "3 months")
    assert "prolongation_certificate" in first.on_deposit.issue
    assert "prolongation_certificate" not in renewal.on_deposit.issue
    assert {"CESEDA R431-15-3", "CESEDA R431-15-4"} <= set(first.prolongation.legal_basis)
    for allows in (first.prolongation.allows, renewal.prolongation.allows):
        for said in (allows.stay, allows.work, allows.travel):
            assert said.fr.startswith(("Oui", "Non")) and said.en.startswith(("Yes", "No"))


@pytest.mark.parametrize("status", ["refugee", "subsidiary", "stateless"])
def test_who_is_protected_gives_the_decision_and_waits_for_no_civil_status(status):
    evaluation = evaluated(status=status)
    assert "decision" in documents(evaluation)
    assert {"relative_protection", "family_link", "family_identity"}.isdisjoint(documents(evaluation))
    every = {requirement.id for requirement in evaluation.requirements()}
    assert "civil_status_papers" in every and "civil_status_papers" not in documents(evaluation)


@pytest.mark.parametrize("relative", ["refugee", "subsidiary", "stateless"])
def test_the_family_proves_the_link_and_the_relative_s_protection(relative):
    evaluation = evaluated(status="family", relative=relative)
    assert {"relative_protection", "family_link", "family_identity"} <= documents(evaluation)
    assert "decision" not in documents(evaluation)


def test_an_association_s_address_is_enough():
    at_home, elsewhere = documents(evaluated()), documents(evaluated(domiciled=True))
    assert "home__host_statement" in at_home and "domiciliation" not in at_home
    assert "domiciliation" in elsewhere and not any(name.startswith("home") for name in elsewhere)


def test_a_stateless_person_is_not_asked_which_asylum_body_decided():
    assert evaluated().is_visible("protection", "decided_by")
    assert not evaluated(status="stateless").is_visible("protection", "decided_by")
    assert not evaluated(status="family", relative="refugee").is_visible("protection", "decided_by")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_minor_brings_an_agreement_and_swears_no_more_than_needed(slug):
    minor, adult = evaluated(slug, born=MINOR), evaluated(slug)
    assert "parental_agreement" in documents(minor) and "parental_agreement" not in documents(adult)
    assert [item for item, _text, _ticked in minor.statements()] == ["knows_penalties"]
    assert [item for item, _text, _ticked in adult.statements()] == ["not_polygamous", "knows_penalties"]


@pytest.mark.parametrize("slug", SLUGS)
def test_before_sixteen_no_permit_is_needed(slug):
    assert [finding.id for finding in evaluated(slug, born="2012-01-01").blocks()] == ["at_least_16"]
    assert evaluated(slug, born=MINOR).blocks() == []


@pytest.mark.parametrize(("days", "told"), [(200, "too_early"), (90, ""), (20, "late"), (0, "late"), (-1, "expired")])
def test_when_to_renew_is_told_and_never_blocks(days, told):
    until = TODAY + timedelta(days=days)
    held = {"valid_from": str(date(2016, 1, 1)), "valid_until": str(until)}
    evaluation = evaluated("international_protection_renewal", permit_held=held)
    assert [finding.id for finding in evaluation.warnings()] == ([told] if told else [])
    assert evaluation.blocks() == []
