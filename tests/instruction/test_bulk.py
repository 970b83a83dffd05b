"""Several applications given at once: each by the rules of one, the refused ones named, the others done."""

import pytest

from guichet.core import events
from guichet.core.events import Subject
from guichet.instruction import actions
from guichet.instruction.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


@pytest.fixture
def maker(world):
    return world.officers["decision_maker"]


@pytest.fixture
def chief(world):
    return world.officers["office_administrator"]


def kinds(application):
    return [event.kind for event in events.timeline(Subject("application", str(application.pk)))]


def holder(application):
    return Review.objects.get(application=application).assigned_to


def test_taking_several_starts_the_new_ones_and_takes_over_the_others(world, agent, maker):
    new, taken = world.deposited(), world.deposited()
    actions.take_up(taken, maker)
    outcome = actions.assign_many(agent, [new.number, taken.number], agent)
    assert outcome.done == [new.number, taken.number] and outcome.refused == []
    assert holder(new) == holder(taken) == agent
    assert kinds(new) == ["taken_up"] and kinds(taken) == ["taken_up", "assigned"]
    new.refresh_from_db()
    assert new.state == "under_review"


def test_doing_it_twice_is_doing_it_once(world, agent):
    application = world.deposited()
    for _ in range(2):
        assert actions.assign_many(agent, [application.number, application.number], agent).done == [application.number]
    assert kinds(application) == ["taken_up"]


def test_what_cannot_be_done_is_named_and_the_rest_is_done(world, agent):
    mine, elsewhere = world.deposited(), world.deposited(office=world.other_office)
    decided = world.deposited(state="refused")
    outcome = actions.assign_many(agent, [elsewhere.number, decided.number, mine.number, "1234"], agent)
    assert outcome.done == [mine.number]
    assert [number for number, _ in outcome.refused] == [elsewhere.number, decided.number, "1234"]
    assert all(str(why) for _, why in outcome.refused)
    assert not Review.objects.filter(application__in=[elsewhere, decided]).exists()


def test_the_office_administrator_gives_to_a_colleague_who_instructs_there(world, chief, agent):
    new, taken = world.deposited(), world.deposited()
    actions.take_up(taken, agent)
    maker = world.officers["decision_maker"]
    assert actions.assign_many(chief, [new.number, taken.number], maker).done == [new.number, taken.number]
    assert holder(new) == holder(taken) == maker
    new.refresh_from_db()
    assert new.state == "deposited"  # given, not begun: the person is told when somebody starts
    outcome = actions.assign_many(chief, [new.number], world.elsewhere)
    assert outcome.done == [] and "instruit dans ce bureau" in str(outcome.refused[0][1])
    assert actions.assign_many(chief, [taken.number], None).done == [taken.number] and holder(taken) is None


def test_powers_are_those_of_one_act(world, agent):
    application = world.deposited()
    maker = world.officers["decision_maker"]
    for stranger in (world.officers["reception"], world.officers["national_administrator"], world.nobody):
        assert actions.assign_many(stranger, [application.number], stranger).done == []
    assert actions.assign_many(agent, [application.number], maker).done == []
    assert kinds(application) == []


def test_no_more_than_a_page_at_once(world, agent):
    with pytest.raises(ValueError, match="page"):
        actions.assign_many(agent, [str(number) for number in range(26)], agent)
