"""Whatever the procedure and the answers: no dead end, exactly one variant of statements, one idea of what is asked.

Every procedure of the catalogue is walked as a person would (see ``walking``). Nothing here knows any procedure by name.
"""

from collections import Counter
from time import perf_counter

import pytest

from guichet.procedures.evaluation import Evaluation
from guichet.procedures.expressions import UNKNOWN
from guichet.procedures.loader import load_catalogue
from tests.procedures.conftest import TODAY
from tests.procedures.walking import Walk

LOADED = [loaded.definition for loaded in load_catalogue()]
SEEDS = 5  # people who walk each procedure and are watched all along
MOST = 120  # people after whom everything must have been met
every_procedure = pytest.mark.parametrize("definition", LOADED, ids=lambda each: f"{each.procedure}-{each.version}")


def consistent(evaluation):
    """What is visible, required, asked and deposited is told the same everywhere."""
    definition, kept = evaluation.definition, evaluation.deposited_answers()
    true = [v.id for v in definition.sworn_statements if evaluation.program.nodes["variant", v.id].value(evaluation) is True]
    assert len(true) <= 1
    assert [evaluation.statement_variant().id] == true if true else evaluation.statement_variant() is None
    for step in definition.steps:
        shown = evaluation.visible_sections(step.id)
        for section in step.sections:
            assert (section.id in kept) == (section in shown)
            rows = range(len(evaluation.rows(section.id))) if section.repeat else [None]
            for row in rows:
                fields = {field.id for field in evaluation.visible_fields(section.id, row)}
                assert section in shown or not fields
                for field in section.fields:
                    visible = evaluation.is_visible(section.id, field.id, row)
                    assert visible == (field.id in fields)
                    assert visible or not evaluation.is_required(section.id, field.id, row)
                    assert visible or evaluation.answer(section.id, field.id, row) is UNKNOWN
                if section in shown:
                    there = kept[section.id] if row is None else kept[section.id][row]
                    assert set(there) <= fields
    asked = [(requirement.id, requirement.row) for requirement in evaluation.requirements()]
    assert len(asked) == len(set(asked))
    for requirement in evaluation.requirements():
        assert requirement.kinds
        assert definition.requirement_label(requirement.id) is not None
        assert all(kind in definition.kinds for kind in requirement.kinds)


@pytest.mark.parametrize("seed", range(SEEDS))
@every_procedure
def test_whoever_does_what_is_asked_ends_by_depositing(definition, seed):
    evaluation = Walk(definition, seed, today=TODAY).run(consistent)
    consistent(evaluation)
    assert evaluation.undecided_rules() == []
    assert evaluation.undecided_documents() == []
    assert not definition.sworn_statements or evaluation.statement_variant() is not None
    assert (evaluation.grants() is None) == (not definition.grants)
    assert evaluation.silence_refuses_on(TODAY) is not None
    # What is deposited, evaluated alone, says the same: hidden answers had no part in it.
    again = Evaluation(definition, evaluation.deposited_answers(), TODAY)
    assert again.facts == evaluation.facts
    assert again.deposited_answers() == evaluation.deposited_answers()
    assert [each.id for each in again.requirements()] == [each.id for each in evaluation.requirements()]
    assert again.grants() == evaluation.grants()


@every_procedure
def test_every_variant_permit_document_case_and_question_is_met_by_somebody(definition):
    """People walk until everything was met: options that few chose come first, so that it does not last."""
    left = {("variant", variant.id) for variant in definition.sworn_statements}
    left |= {("permit", str(place)) for place in range(len(definition.grants))}
    left |= {("document", document.id) for document in definition.documents if not document.cases}
    left |= {
        ("document", f"{each.id}__{item.id}") for each in definition.documents for case in each.cases for item in case.documents
    }
    left |= {("question", section.id, field.id) for section in definition.sections for field in section.fields}
    chosen = Counter()
    for seed in range(MOST):
        left -= met(Walk(definition, f"met {seed}", today=TODAY, chosen=chosen).run())
        if not left:
            return
    raise AssertionError(f"Nobody met {sorted(left)}")


def met(evaluation):
    """What one person went through."""
    found = {("document", requirement.id) for requirement in evaluation.requirements()}
    variant = evaluation.statement_variant()
    if variant:
        found.add(("variant", variant.id))
    for place, grants in enumerate(evaluation.definition.grants):
        if grants is evaluation.grants():
            found.add(("permit", str(place)))
    for section, held in evaluation.deposited_answers().items():
        for row in held if isinstance(held, list) else [held]:
            found |= {("question", section, field) for field in row}
    return found


@every_procedure
def test_an_evaluation_costs_less_than_five_milliseconds(definition):
    """Measured in the best of several runs, so that a busy machine does not decide."""
    walk = Walk(definition, 1, today=TODAY)
    walk.run()
    times = []
    for _ in range(30):
        start = perf_counter()
        evaluation = Evaluation(definition, walk.answers, TODAY)
        evaluation.missing(walk.given)
        evaluation.blocks()
        evaluation.deposited_answers()
        times.append(perf_counter() - start)
    assert min(times) < 0.005
