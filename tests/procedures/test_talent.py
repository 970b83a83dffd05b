"""«Talent», its fifteen motives: each has its own questions, documents, mention and term of silence; thresholds never block."""

import pytest

from guichet.procedures import tables
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.loader import load_catalogue
from guichet.web.public.procedures import parts
from tests.procedures.conftest import TODAY
from tests.procedures.talent import ALWAYS, MOTIVES, answers_of, changed

FIRST, RENEWAL = "talent", "talent_renewal"
LEAVES = [(name, warning) for name, motive in MOTIVES.items() for warning in motive.changes]
FAMILY = ("family_spouse", "family_child")


@pytest.fixture(scope="session")
def definitions():
    return {loaded.definition.procedure: loaded.definition for loaded in load_catalogue()}


@pytest.fixture
def evaluate(definitions):
    def make(procedure, answers):
        return Evaluation(definitions[procedure], answers, TODAY)

    return make


def documents(evaluation):
    return {requirement.id for requirement in evaluation.requirements()}


def given(evaluation):
    return {(requirement.id, requirement.row): 1 for requirement in evaluation.requirements()}


def test_the_list_holds_every_motive_under_its_heading(definitions):
    options = definitions[FIRST].field("talent", "mention").options
    assert [option.id for option in options] == list(MOTIVES)
    assert len({option.group.fr for option in options}) == 6
    assert options == definitions[RENEWAL].field("talent", "mention").options


@pytest.mark.parametrize("name", MOTIVES)
def test_a_motive_asks_its_own_questions_and_documents_and_gives_its_mention(evaluate, name):
    motive, evaluation = MOTIVES[name], evaluate(FIRST, answers_of(name))
    asked = {section.id for section in evaluation.visible_sections("motive")}
    assert asked == {"talent", *motive.answers}
    assert documents(evaluation) == ALWAYS | motive.documents
    assert evaluation.missing(given(evaluation)) == []
    assert evaluation.warnings() == []
    assert evaluation.blocks() == []
    granted = evaluation.grants()
    assert granted.mention == motive.mention
    assert motive.article in granted.legal_basis
    assert granted.taxes == ("first_card", "residence_permit_stamp")
    assert all(tax in tables.tables() for tax in granted.taxes)
    assert evaluation.granted_until(TODAY) == (motive.until or TODAY.replace(year=2030, day=22))
    assert evaluation.silence_refuses_on(TODAY) == motive.silence


@pytest.mark.parametrize("name", MOTIVES)
def test_a_renewal_asks_for_the_past_year_and_no_diploma(evaluate, name):
    motive, evaluation = MOTIVES[name], evaluate(RENEWAL, answers_of(name, renewal=True))
    family = name in FAMILY
    asked = {section.id for section in evaluation.visible_sections("motive")}
    assert asked == {"talent", *motive.answers, *([] if family else ["activity"])} - {"qualification"}
    expected = ALWAYS | motive.documents - {"degree", "experience"} | (set() if family else {"past_year"})
    assert documents(evaluation) == expected
    assert evaluation.missing(given(evaluation)) == []
    assert evaluation.blocks() == []
    assert evaluation.grants().mention == motive.mention
    assert evaluation.grants().taxes == ("renewed_card", "residence_permit_stamp")
    assert evaluation.definition.nature == "renewal"


@pytest.mark.parametrize(("name", "warning"), LEAVES)
def test_what_is_below_the_law_warns_and_never_blocks(evaluate, name, warning):
    answers = changed(answers_of(name), *MOTIVES[name].changes[warning])
    evaluation = evaluate(FIRST, answers)
    assert [finding.id for finding in evaluation.warnings()] == [warning]
    assert evaluation.blocks() == []
    assert [missing for missing in evaluation.missing(given(evaluation)) if missing.requirement] == []
    [finding] = evaluation.warnings()
    assert evaluation.is_visible(finding.section, finding.field, 0 if finding.section == "resources" else None)


def test_nothing_in_the_talent_procedures_blocks(definitions):
    rules = [*definitions[FIRST].eligibility, *definitions[RENEWAL].eligibility]
    assert {rule.level for rule in rules} == {"warn"}


def test_every_warning_of_a_motive_is_met(definitions):
    assert {rule.id for rule in definitions[FIRST].eligibility} == {warning for _, warning in LEAVES} | {"late", "expired"}


@pytest.mark.parametrize(
    ("procedure", "until", "told"),
    [
        (FIRST, "2026-11-22", ["expired"]),
        (FIRST, "2026-11-23", ["late"]),
        (FIRST, "2028-01-01", []),  # a visa that asks for a card: the sooner the better
        (RENEWAL, "2026-11-22", ["expired"]),
        (RENEWAL, "2026-12-20", ["late"]),
        (RENEWAL, "2028-01-01", ["too_early"]),
    ],
)
def test_late_or_early_is_said_and_nobody_is_turned_away(evaluate, procedure, until, told):
    answers = changed(answers_of("investor", renewal=procedure == RENEWAL), "permit_held", "valid_until", until)
    evaluation = evaluate(procedure, answers)
    assert [finding.id for finding in evaluation.warnings()] == told
    assert evaluation.blocks() == []
    assert evaluation.missing(given(evaluation)) == []


def test_every_threshold_and_article_still_to_be_read_is_marked(definitions):
    """Nothing about the law is invented silently: each rule and each permit says what is to be verified."""
    for procedure in (FIRST, RENEWAL):
        definition = definitions[procedure]
        assert all(rule.legal_basis and (rule.verify or rule.id == "too_early") for rule in definition.eligibility)
        assert all(grants.verify and grants.legal_basis for grants in definition.grants)
        assert definition.prolongation.verify
        assert definition.prolongation.legal_basis == ("CESEDA R431-15-1",)


def test_the_message_says_the_amount_of_the_day(evaluate):
    [finding] = evaluate(FIRST, changed(answers_of("blue_card"), "employment", "yearly_pay", 50_000_00)).warnings()
    assert "59373€" in "".join(finding.message.fr.split())
    assert "59,373 €" in " ".join(finding.message.en.split())


def test_changing_the_motive_leaves_out_the_old_answers_and_changing_back_finds_them_again(evaluate):
    employee = answers_of("qualified_employee")
    before = evaluate(FIRST, employee)
    as_artist = evaluate(FIRST, {**employee, "talent": {"mention": "artist_self_employed"}})
    assert "employment" not in as_artist.deposited_answers()
    assert "contract" not in documents(as_artist)
    again = evaluate(FIRST, {**as_artist.answers, "talent": {"mention": "qualified_employee"}})
    assert again.deposited_answers() == before.deposited_answers()
    assert documents(again) == documents(before)


def test_a_lost_job_is_told_in_a_renewal_and_is_no_end_of_the_road(evaluate):
    answers = answers_of("qualified_employee", renewal=True)
    answers["activity"] = {"goes_on": False, "what_changed": "Fermeture.", "jobless": True, "past_year_income": 10_000_00}
    evaluation = evaluate(RENEWAL, answers)
    assert [finding.id for finding in evaluation.warnings()] == ["activity_stopped"]
    assert evaluation.blocks() == []
    assert "job_lost" in documents(evaluation)


@pytest.mark.parametrize("procedure", [FIRST, RENEWAL])
def test_five_steps_every_entry_ticked_and_the_button_of_the_service(definitions, procedure):
    steps = definitions[procedure].steps
    assert [step.id for step in steps] == ["personal_information", "motive", "documents", "deposit", "confirmation"]
    recap = definitions[procedure].step("deposit")
    assert recap.tick_each
    assert recap.button.fr == "Valider et transmettre ma demande"


def test_resources_are_added_up(evaluate):
    assert evaluate(FIRST, answers_of("renown")).total("resources") == 2_000_00
    assert evaluate(FIRST, answers_of("researcher")).total("resources") == 0


def test_the_documents_to_prepare_say_whom_they_concern_until_the_motive_is_chosen(definitions):
    """Whoever prepares is not told to bring the papers of fifteen motives."""
    definition = definitions[FIRST]
    of_everybody = {listed.label.fr for part in parts(definition) for listed in part.documents if not listed.depends}
    assert definition.document("passport").label.fr in of_everybody
    assert definition.document("assignment_letter").label.fr not in of_everybody
    chosen = [listed for part in parts(definition, {"talent.mention": "on_assignment"}) for listed in part.documents]
    depends = {listed.label.fr: listed.depends for listed in chosen}
    assert depends[definition.document("assignment_letter").label.fr] is False
    assert definition.document("business_plan").label.fr not in depends
