"""From a question to a procedure: nobody is lost on the way, every procedure is found, a closed answer says why."""

import shutil

import pytest

from guichet.procedures import orientation, queries
from guichet.procedures.definition import Audience
from guichet.procedures.loader import CATALOGUE, load_catalogue
from guichet.procedures.orientation import Answer, Walk
from guichet.procedures.source import DefinitionError

ASE = {"pour": "moi", "situation": "numero", "motif": "ase"}


@pytest.fixture
def tree():
    return queries.orientation()


@pytest.fixture
def definitions():
    return {loaded.definition.procedure: loaded.definition for loaded in load_catalogue()}


@pytest.fixture
def changed(tmp_path):
    """Reads the catalogue's questions with some texts replaced."""

    def read(*pairs):
        folder = tmp_path / "catalogue"
        shutil.copytree(CATALOGUE, folder, dirs_exist_ok=True)
        path = folder / "orientation.yaml"
        text = path.read_text("utf-8")
        for old, new in pairs:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")
        return folder

    return read


def told(folder):
    with pytest.raises(DefinitionError) as refused:
        orientation.orientation(folder)
    return [problem.message for problem in refused.value.problems]


def test_every_procedure_is_reached_by_those_it_is_written_for_and_every_answer_leads_somewhere(definitions):
    assert orientation.problems_of(definitions) == []


def test_every_holding_of_every_procedure_has_a_way_to_it(tree, definitions):
    """A procedure open to holders of a visa that no holder of a visa can reach would be open to nobody."""
    reached = {
        (way[-1].answer.procedure, walk.for_whom, walk.holding)
        for way in tree.ways()
        for walk in [Walk(way, None)]
        if tree.closed_because(way[-1].answer, definitions, walk.for_whom, walk.holding) is None
    }
    for name, definition in definitions.items():
        for for_whom in definition.audience.for_whom:
            for holding in definition.audience.holding:
                assert (name, for_whom, holding) in reached


def test_every_way_tells_for_whom_and_what_is_held(tree):
    ways = list(tree.ways())
    assert len(ways) > 50
    for way in ways:
        walk = Walk(way, None)
        assert walk.for_whom in {"self", "minor"} and walk.holding, [one.answer.id for one in way]


def test_the_answers_of_an_address_are_followed_as_far_as_they_lead(tree):
    assert tree.walk({}).question.id == "for_whom"
    half = tree.walk({"pour": "moi"})
    assert (half.question.id, [one.answer.id for one in half.taken]) == ("holding", ["moi"])
    whole = tree.walk(ASE)
    assert (whole.question, whole.outcome.procedure, whole.for_whom, whole.holding) == (None, "ase", "self", "foreigner_number")


@pytest.mark.parametrize("wrong", [{"pour": "x"}, {"situation": "numero"}, {"motif": "ase", "pour": ""}])
def test_an_answer_that_does_not_exist_asks_its_question(tree, wrong):
    assert tree.walk(wrong).question.id == "for_whom"


def test_what_is_known_answers_where_nobody_did(tree):
    known = {"for_whom": "self", "kind": "temporary_card", "reason": "student"}
    walk = tree.walk({}, known)
    assert (walk.question.id, [one.answer.id for one in walk.taken]) == ("wish", ["moi", "titre"])
    assert all(one.known for one in walk.taken)
    walk = tree.walk({"demande": "continuer"}, known)
    assert walk.outcome.procedure == "student_renewal"
    assert tree.walk({"demande": "continuer"}, {**known, "kind": "vls_ts"}).outcome.procedure == "student"


def test_what_one_answers_passes_before_what_is_known_and_can_be_asked_again(tree):
    known = {"for_whom": "self", "kind": "temporary_card"}
    said = tree.walk({"situation": "visa"}, known)
    assert [(one.answer.id, one.known) for one in said.taken] == [("moi", True), ("visa", False)]
    assert tree.walk({"situation": "visa"}, known, asking="situation").question.id == "holding"


def test_an_answer_is_open_to_those_its_procedure_is_written_for(tree, definitions):
    answer = tree.walk(ASE).outcome
    narrow = definitions["ase"].model_copy(update={"audience": Audience(for_whom=("self",), holding=("nothing",))})
    assert tree.closed_because(answer, {"ase": narrow}, "self", "nothing") is None
    assert tree.closed_because(answer, {"ase": narrow}, "minor", "nothing") == tree.not_for_you
    assert tree.closed_because(answer, {"ase": narrow}, "self", "permit") == tree.not_for_you


def test_an_answer_that_leads_on_is_closed_when_all_that_it_leads_to_is(tree, definitions):
    talent = tree.question("reason").answer("talent")
    assert tree.closed_because(talent, {}, "self", "visa") == tree.not_yet
    shut = definitions["ase"].model_copy(update={"audience": Audience(for_whom=("self",), holding=("nothing",))})
    assert tree.closed_because(talent, {"talent": shut}, "self", "visa") == tree.not_for_you
    assert tree.closed_because(talent, {"talent": shut}, "self", "nothing") is None


def test_every_closed_answer_says_why_in_both_languages(tree):
    for way in tree.ways():
        why = tree.closed_because(way[-1].answer, {}, "self", "permit")
        assert why.fr and why.en


def test_a_choice_is_read_from_an_address_only_where_it_leads_to_a_procedure(tree):
    assert tree.chosen("reason.ase").procedure == "ase"
    for wrong in ("", "reason", "reason.x", "x.ase", "reason.soins", "wish.changer", "reason.ase.y"):
        assert tree.chosen(wrong) is None


def test_a_talent_visa_asks_for_the_precise_mention_in_a_list(tree):
    walk = tree.walk({"pour": "moi", "situation": "titre", "demande": "continuer", "titre": "talent", "papier": "visa"})
    assert (walk.question.id, walk.question.look) == ("talent_mention", "menu")
    assert len(walk.question.answers) >= 13
    assert {answer.procedure for answer in walk.question.answers} == {"talent"}
    carried = [tuple(answer.carry.items()) for answer in walk.question.answers]
    assert len(set(carried)) == len(carried) and all(carried), "each mention carries its own answer to the application"


def test_a_mistake_is_told_with_its_place(changed):
    folder = changed(('title: {fr: "Pour moi", en: "For me"}', 'title: {fr: "Pour moi"}'))
    with pytest.raises(DefinitionError) as refused:
        orientation.orientation(folder)
    [problem] = refused.value.problems
    assert (problem.position.file, problem.message) == ("orientation.yaml", "This text has no English: add «en: …».")
    assert problem.position.line > 10


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("first: for_whom", "first: nothing_such")], "The first question is «nothing_such», and there is no such question."),
        ([("then: wish", "then: nothing_such")], "An answer leads to «nothing_such», and there is no such question."),
        (
            [("then: permit_reason", "then: for_whom")],
            "One comes back to «for_whom» for ever: an answer below leads to it again.",
        ),
        ([("then: wish", "procedure: ase")], "No answer leads to the question «wish»: lead there, or remove it."),
        ([("id: mineur", "id: moi")], "Two answers are called «moi»: give one of them another name."),
        ([("- id: holding\n", "- id: for_whom\n")], "Two questions are called «for_whom»: give one of them another name."),
        ([("name: situation", "name: pour")], "Two questions on the same way are named «pour»: rename one."),
        ([("name: situation", "name: lang")], "«lang» means something else in an address: choose another."),
        ([("group: vulnerability", "group: nowhere")], "There is no group «nowhere» in this question."),
        ([("        group: vulnerability\n", "")], "Say under which group this answer stands: add «group: …»."),
        ([("then: wish", "then: wish\n        procedure: ase")], "leads to a question"),
        ([("then: wish", "carry: {care.x: z}")], "Only an answer that leads to a procedure carries"),
    ],
)
def test_what_would_lose_somebody_is_refused(changed, pairs, message):
    assert any(message in each for each in told(changed(*pairs)))


def test_what_does_not_hold_with_the_procedures_is_told(changed, definitions):
    folder = changed(
        ("        procedure: ase", "        procedure: asa"),
        ("procedure: student_renewal", "procedure: ase\n        carry: {care.nothing: x}"),
        ("procedure: international_protection_renewal", "procedure: ase\n        carry: {care.taken_into_care_on: x}"),
        ("procedure: talent_renewal", "procedure: ase\n        carry: {family.situation: x}"),
    )
    only = {"ase": definitions["ase"]}
    messages = [problem.message for problem in orientation.problems_of(only, folder)]
    assert "An answer leads to «asa», and there is no such procedure in the catalogue." in messages
    assert "«ase» has no question «care.nothing»." in messages
    assert "«care.taken_into_care_on» is not a choice: only choices are carried." in messages
    assert "«family.situation» has no option «x»." in messages
    assert "Nobody is led to the procedure «ase»: give it an answer, for those it is written for." in messages


def test_a_procedure_without_an_answer_is_told(definitions):
    other = definitions["ase"].model_copy(update={"procedure": "other"})
    messages = [problem.message for problem in orientation.problems_of({**definitions, "other": other})]
    assert "Nobody is led to the procedure «other»: give it an answer, for those it is written for." in messages


def test_an_answer_leads_one_way():
    with pytest.raises(ValueError, match="keep one of them"):
        Answer.model_validate({"id": "a", "title": {"fr": "A", "en": "A"}, "procedure": "b", "closed": {"fr": "A", "en": "A"}})
