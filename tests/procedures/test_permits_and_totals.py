"""What a favourable decision gives depends on the answers; rows add up; long lists have headings."""

import pytest

from guichet.procedures.evaluation import Evaluation
from tests.procedures.conftest import TODAY

ONE = """grants:
  permit: temporary_card
  permit_label: {fr: "Carte", en: "Card"}
  mention: student
  mention_label: {fr: "Étudiant", en: "Student"}
  lasts: 12 months
"""
TWO = """grants:
  - when: facts.is_minor
    permit: temporary_card
    permit_label: {fr: "Carte", en: "Card"}
    mention: student
    mention_label: {fr: "Étudiant", en: "Student"}
    lasts: 12 months
  - when: not facts.is_minor
    permit: pluriannual_card
    permit_label: {fr: "Carte pluriannuelle", en: "Multi-year card"}
    mention: student
    mention_label: {fr: "Étudiant", en: "Student"}
    lasts: 4 years
"""
NONE = 'nature: change\noutcome: {fr: "Votre dossier est mis à jour.", en: "Your record is updated."}\n'
ROWS = "        repeat: {min: 0, max: 5}\n"
SUMMED = ROWS + '        total: {of: amount, label: {fr: "Total", en: "Total"}}\n'


def evaluation(definition, **answers):
    return Evaluation(definition, answers, TODAY)


@pytest.mark.parametrize(("born", "kind"), [("2010-01-01", "temporary_card"), ("2000-01-01", "pluriannual_card")])
def test_the_permit_granted_is_that_of_the_answers(load_small, born, kind):
    asked = evaluation(load_small((ONE, TWO)), person={"birth_date": born})
    assert asked.grants().permit == kind


def test_no_permit_is_told_as_long_as_the_answers_do_not_tell(load_small):
    assert evaluation(load_small((ONE, TWO))).grants() is None


def test_one_permit_is_that_of_everybody(load_small):
    definition = load_small()
    assert evaluation(definition).grants() == definition.grants[0]
    assert definition.permits_in_words == ["Carte, Étudiant"]


def test_a_procedure_may_grant_no_permit_and_says_what_it_gives(load_small):
    definition = load_small((ONE, NONE))
    assert evaluation(definition).grants() is None
    assert definition.outcome.en == "Your record is updated."


def test_rows_add_up_with_what_is_given_so_far(load_small):
    definition = load_small((ROWS, SUMMED))
    assert evaluation(definition).total("resources") == 0
    rows = [{"amount": 40_000}, {"regular": True}, {"amount": 21_550}]
    assert evaluation(definition, resources=rows).total("resources") == 61_550
    assert evaluation(definition, resources=rows).total("person") is None
    assert evaluation(load_small(), resources=rows).total("resources") is None


def test_options_are_written_under_headings_or_in_full(load_small):
    short = """            options:
              single: {fr: "Célibataire", en: "Single"}
              married: {fr: "Marié", en: "Married"}
"""
    long = """            options:
              - {id: single, label: {fr: "Célibataire", en: "Single"}}
              - group: {fr: "À deux", en: "As two"}
                options:
                  married: {label: {fr: "Marié", en: "Married"}, help: {fr: "Ou mariée.", en: "Husband or wife."}}
                  partnership: {fr: "Pacsé", en: "In a partnership"}
"""
    options = load_small((short, long)).field("person", "situation").options
    assert [(each.id, each.group and each.group.en) for each in options] == [
        ("single", None),
        ("married", "As two"),
        ("partnership", "As two"),
    ]
    assert options[1].help.en == "Husband or wife."


def test_what_is_said_of_a_prolongation_is_read_back(load_small):
    prolongation = """prolongation:
  lasts: 3 months
  allows:
    stay: {fr: "Rester.", en: "Stay."}
    work: {fr: "Travailler.", en: "Work."}
    travel: {fr: "Ne pas voyager.", en: "Not travel."}
  legal_basis: [CESEDA R431-15-1]
on_deposit: {issue: [deposit_receipt, prolongation_certificate]}
"""
    definition = load_small((ONE, ONE + prolongation))
    assert definition.prolongation.allows.travel.fr == "Ne pas voyager."
    assert "prolongation_certificate" in definition.on_deposit.issue
