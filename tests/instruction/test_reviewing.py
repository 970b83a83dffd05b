"""Taking up, assigning, a word on each document, notes."""

import pytest

from guichet.core import events
from guichet.core.events import Subject
from guichet.instruction import actions, papers
from guichet.instruction.errors import Invalid, NotAllowed
from guichet.instruction.models import Review, Verdict

pytestmark = pytest.mark.django_db


def kinds(application):
    return [event.kind for event in events.timeline(Subject("application", str(application.pk)))]


def status(application, requirement):
    return papers.find(papers.papers_of(application), requirement, 0).status


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


@pytest.fixture
def taken_up(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    return application


def test_taking_up_starts_the_review_and_assigns_it(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    assert application.state == "under_review"
    assert Review.objects.get(application=application).assigned_to == agent
    assert kinds(application) == ["taken_up"]


def test_taking_up_twice_is_taking_up_once(taken_up, agent):
    actions.take_up(taken_up, agent)
    assert kinds(taken_up) == ["taken_up"]


def test_a_colleague_cannot_take_up_what_is_already_taken_up_but_may_take_it_over(world, taken_up):
    maker = world.officers["decision_maker"]
    with pytest.raises(NotAllowed):
        actions.take_up(taken_up, maker)
    actions.assign(taken_up, maker, maker)
    assert Review.objects.get(application=taken_up).assigned_to == maker


def test_an_officer_of_another_office_or_without_a_post_can_do_nothing(world, taken_up):
    for stranger in (world.elsewhere, world.nobody, world.officers["reception"], world.officers["national_administrator"]):
        with pytest.raises(NotAllowed):
            actions.give_verdict(taken_up, stranger, "nationality", 0, "accepted")
        with pytest.raises(NotAllowed):
            actions.add_note(taken_up, stranger, "Note")
    assert kinds(taken_up) == ["taken_up"]


def test_the_administrator_assigns_to_those_who_instruct_here_only(world, taken_up):
    administrator = world.officers["office_administrator"]
    actions.assign(taken_up, administrator, world.officers["decision_maker"])
    for wrong in (world.elsewhere, world.officers["reception"]):
        with pytest.raises(Invalid):
            actions.assign(taken_up, administrator, wrong)
    with pytest.raises(NotAllowed):
        actions.assign(taken_up, world.officers["case_officer"], world.officers["decision_maker"])
    actions.assign(taken_up, administrator, None)
    assert Review.objects.get(application=taken_up).assigned_to is None
    assert kinds(taken_up) == ["taken_up", "assigned", "assigned"]


def test_each_document_is_accepted_or_rejected_with_a_reason(taken_up, agent):
    assert status(taken_up, "nationality") == papers.TO_REVIEW
    actions.give_verdict(taken_up, agent, "nationality", 0, "accepted")
    actions.give_verdict(taken_up, agent, "home", 0, "rejected", "too_old", "Facture de 2024.")
    assert status(taken_up, "nationality") == papers.ACCEPTED
    assert status(taken_up, "home") == papers.REJECTED
    verdict = Verdict.objects.get(requirement="home")
    assert (verdict.reason, verdict.observation, verdict.officer) == ("too_old", "Facture de 2024.", agent)


def test_a_second_word_replaces_the_first_and_both_are_in_the_log(taken_up, agent):
    actions.give_verdict(taken_up, agent, "home", 0, "rejected", "illegible")
    actions.give_verdict(taken_up, agent, "home", 0, "accepted", "illegible")
    verdict = Verdict.objects.get(requirement="home")
    assert (verdict.word, verdict.reason) == ("accepted", "")
    moves = [(e.data["from"], e.data["to"]) for e in events.timeline(Subject("application", str(taken_up.pk)))][1:]
    assert moves == [("", "rejected"), ("rejected", "accepted")]


@pytest.mark.parametrize(
    ("word", "reason", "observation", "field"),
    [
        ("perhaps", "", "", "word"),
        ("rejected", "", "", "reason"),
        ("rejected", "unknown", "", "reason"),
        ("rejected", "other", "   ", "observation"),
    ],
)
def test_a_rejection_is_always_explained(taken_up, agent, word, reason, observation, field):
    with pytest.raises(Invalid) as refused:
        actions.give_verdict(taken_up, agent, "home", 0, word, reason, observation)
    assert refused.value.field == field
    assert not Verdict.objects.exists()


def test_there_is_no_word_on_what_was_not_given(taken_up, agent):
    for requirement in ("opinion", "nothing_of_the_kind"):
        with pytest.raises(Invalid):
            actions.give_verdict(taken_up, agent, requirement, 0, "accepted")


def test_nothing_is_judged_before_the_review_starts(world, agent):
    application = world.deposited()
    with pytest.raises(NotAllowed):
        actions.give_verdict(application, agent, "home", 0, "accepted")


def test_notes_are_internal(taken_up, agent):
    actions.add_note(taken_up, agent, "  À revoir avec la structure.  ")
    assert [note.text for note in taken_up.notes.all()] == ["À revoir avec la structure."]
    seen = events.timeline(Subject("application", str(taken_up.pk)), visible_only=True)
    assert [event.kind for event in seen] == ["taken_up"]
    for text in ("  ", "x" * 5001):
        with pytest.raises(Invalid):
            actions.add_note(taken_up, agent, text)
