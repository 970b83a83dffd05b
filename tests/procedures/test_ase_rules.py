"""The ASE procedure: who is eligible, what is asked of a minor, of an emancipated minor, of an adult (CESEDA L423-22)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.dates import add_years
from guichet.procedures.evaluation import Evaluation
from tests.procedures.conftest import TODAY

BORN_17 = "2009-10-14"
BORN_18 = "2008-08-25"


def documents(evaluation):
    return [requirement.id for requirement in evaluation.requirements()]


def items(evaluation):
    return [item for item, _, _ in evaluation.statements()]


def test_a_minor_swears_the_need_to_work_and_gives_an_agreement(evaluate_ase):
    evaluation = evaluate_ase(civil_status__birth_date=BORN_17, civil_status__emancipated=False)
    assert evaluation.statement_variant().id == "minor"
    assert items(evaluation) == ["needs_permit_to_work", "knows_penalties"]
    assert "parental_agreement" in documents(evaluation)
    assert "emancipation" not in documents(evaluation)


def test_an_emancipated_minor_also_swears_no_polygamy_and_proves_emancipation(evaluate_ase):
    evaluation = evaluate_ase(civil_status__birth_date=BORN_17, civil_status__emancipated=True)
    assert evaluation.statement_variant().id == "emancipated"
    assert items(evaluation) == ["needs_permit_to_work", "not_polygamous", "knows_penalties"]
    assert "parental_agreement" not in documents(evaluation)
    assert "emancipation" in documents(evaluation)


def test_an_adult_swears_no_polygamy_and_is_not_asked_about_emancipation(evaluate_ase):
    evaluation = evaluate_ase(civil_status__birth_date=BORN_18, civil_status__emancipated=True)
    assert evaluation.statement_variant().id == "adult"
    assert items(evaluation) == ["not_polygamous", "knows_penalties"]
    assert {"parental_agreement", "emancipation"}.isdisjoint(documents(evaluation))
    assert not evaluation.is_visible("civil_status", "emancipated")
    assert "emancipated" not in evaluation.deposited_answers()["civil_status"]


def test_nothing_is_taken_for_granted_before_the_birth_date_is_known(evaluate_ase):
    evaluation = evaluate_ase(civil_status__emancipated=True, care__taken_into_care_on="2025-01-01")
    assert evaluation.statement_variant() is None
    assert evaluation.facts == {"age": None, "is_minor": None, "is_emancipated": None, "sixteenth_birthday": None}
    assert not evaluation.is_visible("civil_status", "emancipated")
    assert evaluation.blocks() == []
    assert [rule.id for rule in evaluation.undecided_rules()] == ["in_care_by_16", "at_least_16"]
    assert {"parental_agreement", "emancipation"}.isdisjoint(documents(evaluation))


@pytest.mark.parametrize(
    ("born", "taken_in", "blocked"),
    [
        ("2008-08-25", "2024-08-24", False),
        ("2008-08-25", "2024-08-25", False),  # the 16th birthday itself
        ("2008-08-25", "2024-08-26", True),
        ("2008-02-29", "2024-02-29", False),
        ("2008-02-29", "2024-03-01", True),
        ("2007", "2023-01-01", False),  # day and month unknown: reckoned from 1 January
        ("2007", "2023-01-02", True),
        ("2007-05", "2023-05-01", False),
        ("2007-05", "2023-05-02", True),
    ],
)
def test_being_taken_in_after_the_16th_birthday_blocks_and_on_it_does_not(evaluate_ase, born, taken_in, blocked):
    evaluation = evaluate_ase(civil_status__birth_date=born, care__taken_into_care_on=taken_in)
    assert [finding.id for finding in evaluation.blocks()] == (["in_care_by_16"] if blocked else [])


def test_a_block_says_where_to_change_the_answer_and_what_else_can_be_done(evaluate_ase):
    [block] = evaluate_ase(civil_status__birth_date=BORN_18, care__taken_into_care_on="2025-02-25").blocks()
    assert (block.step, block.section, block.field) == ("motive", "care", "taken_into_care_on")
    assert "16 et 18 ans" in block.way_forward.fr
    assert "CESEDA L435-3" in block.legal_basis


@given(st.dates(date(1990, 1, 1), date(2010, 11, 23)), st.integers(-800, 800))
def test_eligibility_turns_the_day_after_the_16th_birthday(ase, born, shift):
    taken_in = add_years(born, 16) + timedelta(days=shift)
    answers = {"civil_status": {"birth_date": born.isoformat()}, "care": {"taken_into_care_on": taken_in.isoformat()}}
    blocks = [finding.id for finding in Evaluation(ase, answers, TODAY).blocks()]
    assert ("in_care_by_16" in blocks) == (shift > 0)


@pytest.mark.parametrize(
    ("today", "variant"), [(date(2026, 11, 22), "minor"), (date(2026, 11, 23), "adult"), (date(2026, 11, 24), "adult")]
)
def test_a_draft_that_turns_18_overnight_changes_variant(evaluate_ase, today, variant):
    evaluation = evaluate_ase(today, civil_status__birth_date="2008-11-23", civil_status__emancipated=False)
    assert evaluation.statement_variant().id == variant
    assert ("parental_agreement" in documents(evaluation)) == (variant == "minor")


def test_under_16_is_sent_to_the_travel_document_and_after_19_is_only_warned(evaluate_ase):
    assert [block.id for block in evaluate_ase(civil_status__birth_date="2010-11-24").blocks()] == ["at_least_16"]
    assert evaluate_ase(civil_status__birth_date="2010-11-23").blocks() == []
    late = evaluate_ase(civil_status__birth_date="2007-11-23")
    assert late.blocks() == []
    assert [warning.id for warning in late.warnings()] == ["within_the_year_of_18"]
    assert evaluate_ase(civil_status__birth_date="2007-11-24").warnings() == []


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        ("own_home", {"home__proof": True}),
        ("hotel", {"home__hotel_statement": True, "home__last_month_bill": True}),
        ("hosted", {"home__host_statement": True, "home__host_identity": True, "home__host_home_proof": False}),
    ],
)
def test_each_way_of_living_asks_its_own_documents(evaluate_ase, case, asked):
    evaluation = evaluate_ase(document_cases={"home": case})
    found = {requirement.id: requirement for requirement in evaluation.requirements() if requirement.case}
    assert {name: requirement.required for name, requirement in found.items()} == asked
    assert {requirement.case for requirement in found.values()} == {case}
    assert evaluation.deposited_answers()["document_cases"] == {"home": case}


@pytest.mark.parametrize("cases", [{}, {"home": "castle"}, {"home": None}])
def test_as_long_as_no_case_is_chosen_the_choice_itself_is_missing(evaluate_ase, cases):
    evaluation = evaluate_ase(document_cases=cases)
    missing = [each for each in evaluation.missing({}) if each.section == "document_cases"]
    assert [(each.step, each.field) for each in missing] == [("documents", "home")]
    assert not any(name.startswith("home") for name in documents(evaluation))
    assert "document_cases" not in evaluation.deposited_answers()


@pytest.mark.parametrize("situation", ["single", "cohabiting", "divorced", "separated", "widowed", "married", "partnership"])
def test_only_a_marriage_or_a_partnership_has_a_date_and_a_country(evaluate_ase, situation):
    evaluation = evaluate_ase(family__situation=situation, family__union_date="2025-01-01", family__union_country="MX")
    united = situation in ("married", "partnership")
    shown = {field.id for field in evaluation.visible_fields("family")}
    assert ({"union_date", "union_country"} <= shown) == united
    assert evaluation.is_required("family", "union_date") == united
    assert ("union_date" in evaluation.deposited_answers()["family"]) == united


def test_children_are_asked_one_by_one_when_there_are_some(evaluate_ase):
    none = evaluate_ase(family__children_in_charge=False, children=[{"name": "A"}])
    assert "children" not in [section.id for section in none.visible_sections("motive")]
    assert "children" not in none.deposited_answers()
    some = evaluate_ase(family__children_in_charge=True, children=[{"name": "A"}, {}])
    missing = {(each.row, each.field) for each in some.missing({}) if each.section == "children"}
    assert (1, "name") in missing
    assert (0, "name") not in missing
    assert (0, "birth_date") in missing
    empty = evaluate_ase(family__children_in_charge=True)
    assert [each.message for each in empty.missing({}) if each.section == "children"] == [
        "Ajoutez au moins une ligne à la rubrique «Enfants à charge»."
    ]


def test_what_the_registry_knows_is_read_only_and_wins(evaluate_ase):
    evaluation = evaluate_ase(
        registry={"agdref.birth_date": BORN_17, "agdref.sex": "M", "agdref.birth_place": ""}, civil_status__birth_date=BORN_18
    )
    assert evaluation.facts["is_minor"] is True
    assert evaluation.is_read_only("civil_status", "birth_date")
    assert not evaluation.is_read_only("civil_status", "birth_place")  # AGDREF does not know it: to be filled in
    missing = {each.field for each in evaluation.missing({}) if each.section == "civil_status"}
    assert "birth_place" in missing
    assert "birth_date" not in missing
    assert evaluation.deposited_answers()["civil_status"]["birth_date"] == BORN_17


def test_a_complete_application_misses_nothing_and_each_thing_taken_away_is_told(evaluate_ase):
    complete = dict(
        civil_status__birth_name="MADHAVAN",
        civil_status__sex="M",
        civil_status__birth_date="2008",
        civil_status__birth_country="IN",
        civil_status__birth_place="Chennai",
        civil_status__nationality="IN",
        address__home={
            "street": "rue Nationale",
            "postal_code": "59800",
            "city": "Lille",
            "insee_code": "59350",
            "country": "FR",
        },
        contact__email="m@exemple.fr",
        contact__phone="+33612345678",
        care__taken_into_care_on="2022-03-01",
        family__entered_france_on="2021",
        family__situation="single",
        family__children_in_charge=False,
        e_photo__number="1234567890123456789012",
        sworn_statements={"not_polygamous": True, "knows_penalties": True},
        document_cases={"home": "hotel"},
    )
    given_documents = {
        (name, 0): 1
        for name in (
            *("nationality", "identity", "home__hotel_statement", "home__last_month_bill"),
            *("care_decision", "activity", "family_ties"),
        )
    }
    assert evaluate_ase(**complete).missing(given_documents) == []
    for name in complete:
        less = {key: value for key, value in complete.items() if key != name}
        assert evaluate_ase(**less).missing(given_documents), name
    for name in given_documents:
        less_given = {key: count for key, count in given_documents.items() if key != name}
        [missing] = evaluate_ase(**complete).missing(less_given)
        assert (missing.step, missing.requirement) == ("documents", name[0])
    too_many = evaluate_ase(**complete).missing({**given_documents, ("identity", 0): 4})
    assert [each.message for each in too_many] == ["Gardez au plus 3 fichiers pour «Justificatif d'identité»."]


def test_a_statement_ticked_for_another_variant_is_not_deposited(evaluate_ase):
    evaluation = evaluate_ase(
        civil_status__birth_date=BORN_18, sworn_statements={"needs_permit_to_work": True, "knows_penalties": True}
    )
    assert evaluation.deposited_answers()["sworn_statements"] == {"knows_penalties": True}
    assert [each.field for each in evaluation.missing({}) if each.section == "sworn_statements"] == ["not_polygamous"]


def test_an_answer_given_yesterday_is_checked_again_today(evaluate_ase):
    """The birth date corrected afterwards makes the date of entry impossible: it is told, not deposited."""
    evaluation = evaluate_ase(civil_status__birth_date="2009-10-14", family__entered_france_on="2008-01-01")
    [wrong] = [each for each in evaluation.missing({}) if each.field == "entered_france_on"]
    assert wrong.message == "Vérifiez cette date : elle ne peut pas être avant le 14 octobre 2009."
    vague = evaluate_ase(civil_status__birth_date="2009-10-14", family__entered_france_on="2009")
    assert [each for each in vague.missing({}) if each.field == "entered_france_on"] == []


def test_an_address_in_france_without_its_commune_is_told(evaluate_ase):
    home = {"street": "rue Nationale", "postal_code": "59800", "city": "Lille", "country": "FR"}
    [wrong] = [each for each in evaluate_ase(address__home=home).missing({}) if each.section == "address"]
    assert "choisissez la ville dans la liste" in wrong.message


def test_silence_refuses_four_months_after_a_complete_deposit(evaluate_ase):
    assert evaluate_ase().silence_refuses_on(date(2026, 10, 31)) == date(2027, 2, 28)


def test_labels_of_documents_are_found_by_requirement(ase):
    assert ase.requirement_label("home__host_identity").en == "Identity card or residence permit of the person who houses you"
    assert ase.requirement_label("nationality").fr == "Justificatif de nationalité"
    assert ase.requirement_label("home__castle") is None
    assert ase.requirement_label("castle") is None
