"""What the student procedures and the changes of situation say, case by case: amounts, dates, permits, documents."""

from datetime import date

import pytest

from guichet.procedures import tables
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.loader import load_catalogue
from tests.procedures.conftest import TODAY

DEFINITIONS = {loaded.definition.procedure: loaded.definition for loaded in load_catalogue()}
CHANGES = ("change_of_address", "change_of_civil_status", "lost_permit")


def evaluate(procedure, today=TODAY, **answers):
    """An evaluation; answers are given as «section__field», rows as «section»."""
    gathered = {}
    for name, value in answers.items():
        section, _, field = name.partition("__")
        if field:
            gathered.setdefault(section, {})[field] = value
        else:
            gathered[section] = value
    return Evaluation(DEFINITIONS[procedure], gathered, today)


def warned(evaluation):
    return {finding.id for finding in evaluation.warnings()}


def asked(evaluation):
    return {(requirement.id, requirement.row) for requirement in evaluation.requirements()}


@pytest.mark.parametrize(
    ("amounts", "warns"),
    [([61_500], False), ([61_499], True), ([40_000, 21_500], False), ([40_000, 21_499], True), ([], False)],
)
@pytest.mark.parametrize("procedure", ["student", "student_renewal"])
def test_615_euros_a_month_are_enough_and_a_cent_less_is_weighed_never_refused(procedure, amounts, warns):
    evaluation = evaluate(procedure, resources=[{"kind": "parents", "amount": amount} for amount in amounts])
    assert ("low_resources" in warned(evaluation)) == warns
    assert evaluation.total("resources") == sum(amounts)
    assert not evaluation.blocks()
    if warns:
        [finding] = [each for each in evaluation.warnings() if each.id == "low_resources"]
        assert "615 €" in str(finding.message).replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(("hours", "warns"), [(964, False), (965, True)])
def test_more_than_964_hours_of_work_a_year_are_told(hours, warns):
    assert ("many_hours" in warned(evaluate("student", work__works=True, work__yearly_hours=hours))) == warns


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2026, 11, 2), {"too_early"}),  # 121 days before
        (date(2026, 11, 3), set()),  # 120
        (date(2027, 1, 2), set()),  # 60
        (date(2027, 1, 3), {"late"}),
        (date(2027, 3, 3), {"late"}),  # the last day
        (date(2027, 3, 4), {"expired"}),
    ],
)
def test_when_to_apply_is_told_from_the_end_of_the_permit_and_nobody_is_turned_away(today, told):
    evaluation = evaluate("student_renewal", today, permit_held__valid_until="2027-03-03")
    assert warned(evaluation) & {"too_early", "late", "expired"} == told
    assert not evaluation.blocks()


def test_an_expired_permit_is_told_what_it_costs_and_an_early_one_from_which_day():
    late = evaluate("student_renewal", date(2027, 3, 4), permit_held__valid_until="2027-03-03")
    assert "180 €" in next(str(each.message) for each in late.warnings() if each.id == "expired").replace("\xa0", " ")
    early = evaluate("student_renewal", date(2026, 10, 1), permit_held__valid_until="2027-03-03")
    assert "3 novembre 2026" in next(str(each.message) for each in early.warnings() if each.id == "too_early").replace(
        "\xa0", " "
    )


@pytest.mark.parametrize(
    ("procedure", "answers", "permit", "lasts"),
    [
        (
            "student",
            {"stay__holds": "vls_ts", "next_year__plan": "same", "next_year__years_left": 3},
            "multiannual_card",
            "3 years",
        ),
        (
            "student",
            {"stay__holds": "vls_ts", "next_year__plan": "same", "next_year__years_left": 2},
            "multiannual_card",
            "2 years",
        ),
        ("student", {"stay__holds": "vls_ts", "next_year__plan": "finished"}, "temporary_card", "12 months"),
        (
            "student",
            {"stay__holds": "nothing", "next_year__plan": "same", "next_year__years_left": 3},
            "temporary_card",
            "12 months",
        ),
        ("student_renewal", {"next_year__plan": "other", "next_year__years_left": 1}, "temporary_card", "12 months"),
        ("student_renewal", {"next_year__plan": "same", "next_year__years_left": 5}, "multiannual_card", "3 years"),
    ],
)
def test_the_permit_lasts_what_is_left_of_the_course(procedure, answers, permit, lasts):
    grants = evaluate(procedure, **answers).grants()
    assert (grants.permit, grants.lasts, grants.mention) == (permit, lasts, "student")


@pytest.mark.parametrize(
    ("procedure", "day", "cents"),
    [
        ("student", date(2026, 4, 30), 5_000 + 2_500),
        ("student", date(2026, 5, 1), 10_000 + 5_000),
        ("student_renewal", date(2026, 4, 30), 5_000 + 2_500),
        ("student_renewal", date(2026, 5, 1), 5_000 + 5_000),
    ],
)
def test_students_owe_the_reduced_tax_of_the_day(procedure, day, cents):
    for grants in DEFINITIONS[procedure].grants:
        assert sum(tables.tables()[name].on(day) for name in grants.taxes) == cents


def test_silence_is_a_refusal_after_ninety_days():
    for procedure in ("student", "student_renewal"):
        assert evaluate(procedure).silence_refuses_on(date(2026, 11, 23)) == date(2027, 2, 21)


def test_each_resource_has_its_own_proof():
    rows = [{"kind": "french_scholarship"}, {"kind": "job"}, {"kind": "savings"}, {"kind": "relative"}]
    evaluation = evaluate("student", resources=rows, guarantor__has_one=True)
    assert {("scholarship", 0), ("pay", 1), ("funds", 2), ("support", 3), ("guarantor_income", 0)} <= asked(evaluation)
    assert ("pay", 0) not in asked(evaluation)
    changed = evaluate("student", resources=[{"kind": "job"}, *rows[1:]], guarantor__has_one=False)
    assert ("pay", 0) in asked(changed) and ("scholarship", 0) not in asked(changed)
    assert ("guarantor_income", 0) not in asked(changed)


@pytest.mark.parametrize(
    ("result", "again", "warns", "document"),
    [
        ("passed", None, False, "results"),
        ("repeats", False, False, "results"),
        ("repeats", True, True, "results"),
        ("waiting", None, False, "attendance"),
    ],
)
def test_studies_are_real_and_serious_or_explained(result, again, warns, document):
    answers = {"past_year__result": result, "past_year__same_level_before": again, "past_year__absences": False}
    evaluation = evaluate("student_renewal", **answers)
    assert ("no_progress" in warned(evaluation)) == warns
    assert (document, 0) in asked(evaluation)
    assert (("explanation_proof", 0) in asked(evaluation)) == (result == "repeats")


def test_a_visa_that_was_not_validated_and_the_lack_of_any_are_told():
    assert "not_validated" in warned(evaluate("student", stay__holds="vls_ts", stay__validated=False))
    assert "not_validated" not in warned(evaluate("student", stay__holds="vls_ts", stay__validated=True))
    nothing = evaluate("student", stay__holds="nothing")
    assert "no_long_stay_visa" in warned(nothing)
    assert not nothing.visible_fields("permit_held")


@pytest.mark.parametrize("procedure", CHANGES)
def test_a_change_grants_no_permit_and_says_what_it_gives(procedure):
    definition = DEFINITIONS[procedure]
    assert definition.grants == () and definition.outcome
    assert definition.audience.holding == ("permit",)
    assert evaluate(procedure).grants() is None


@pytest.mark.parametrize(("moved", "warns"), [("2026-08-23", False), ("2026-08-22", True)])
def test_a_move_is_declared_within_three_months_and_later_all_the_same(moved, warns):
    evaluation = evaluate("change_of_address", move__moved_on=moved)
    assert ("late_declaration" in warned(evaluation)) == warns
    assert not evaluation.blocks()


@pytest.mark.parametrize(
    ("what", "document"),
    [("name", "name_proof"), ("union", "union_proof"), ("nationality", "nationality_proof"), ("mistake", "correction_proof")],
)
def test_each_change_of_civil_status_has_its_proof(what, document):
    proofs = {name for name, _row in asked(evaluate("change_of_civil_status", change__what=what)) if name.endswith("_proof")}
    assert proofs == {document}


def test_a_card_lost_is_reported_first_and_a_damaged_one_is_shown():
    lost = evaluate("lost_permit", loss__what="lost", loss__reported=False)
    assert "not_reported" in warned(lost) and ("report", 0) in asked(lost) and ("damaged_card", 0) not in asked(lost)
    damaged = evaluate("lost_permit", loss__what="damaged")
    assert "not_reported" not in warned(damaged) and ("damaged_card", 0) in asked(damaged)
