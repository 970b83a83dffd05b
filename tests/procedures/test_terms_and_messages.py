"""What depends on the answers beside the forms: when silence refuses, until when a permit lasts, amounts in messages."""

from datetime import date

import pytest
from django.utils import translation

from guichet.procedures.evaluation import Evaluation
from tests.procedures.conftest import TODAY

ADULT, MINOR = {"person": {"birth_date": "2000-01-01"}}, {"person": {"birth_date": "2010-01-01"}}
SILENCE = "silence_refuses: {after: 4 months, legal_basis: [CESEDA R432-1]}"
BY_AGE = """silence_refuses:
  - {when: facts.is_minor, after: 90 days, legal_basis: [CESEDA R422-5]}
  - {when: not facts.is_minor, after: 4 months, legal_basis: [CESEDA R432-1]}"""


def test_silence_refuses_after_the_term_of_ones_own_situation(load_small):
    definition = load_small((SILENCE, BY_AGE))
    on = {name: Evaluation(definition, answers, TODAY) for name, answers in (("minor", MINOR), ("adult", ADULT), ("none", {}))}
    assert on["minor"].silence_refuses_on(date(2026, 10, 31)) == date(2027, 1, 29)
    assert on["adult"].silence_refuses_on(date(2026, 10, 31)) == date(2027, 2, 28)
    assert on["none"].silence_refuses_on(date(2026, 10, 31)) is None


@pytest.mark.parametrize(
    ("bound", "last"),
    [
        ("add_months(today, 3)", date(2027, 2, 23)),  # a contract of three months
        ("add_years(today, 5)", date(2027, 11, 22)),  # a contract longer than the permit may be
        ("add_years(today, -1)", TODAY),  # a contract that has ended: never a permit that ends before it begins
        ("person.birth_date", date(2027, 11, 22)),  # not answered: no bound
    ],
)
def test_a_permit_ends_with_the_contract_when_that_comes_first(load_small, bound, last):
    definition = load_small(("lasts: 12 months", f'lasts: 12 months\n  no_later_than: "{bound}"'))
    assert Evaluation(definition, {}, TODAY).granted_until(TODAY) == last


def test_a_message_says_the_amount_in_words_and_in_its_language(load_small):
    definition = load_small(
        ("facts:\n", "facts:\n  least: threshold('student_monthly')\n"),
        ('{fr: "Trop jeune.", en: "Too young."}', '{fr: "Au moins {facts.least}.", en: "At least {facts.least}."}'),
    )
    finding = Evaluation(definition, {"person": {"birth_date": "2015-01-01"}}, TODAY).finding(definition.eligibility[0])
    with translation.override("fr"):
        assert str(finding.message).replace("\u202f", " ").replace("\xa0", " ") == "Au moins 615 €."
    with translation.override("en"):
        assert str(finding.message).replace("\xa0", " ") == "At least 615 €."
