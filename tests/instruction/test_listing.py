"""The queue: what an officer reaches, filters, search, order, pages, a constant number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.core import clock
from guichet.instruction import actions, queries
from guichet.instruction.actions import AskedItem
from guichet.instruction.queries import Filters, Key

pytestmark = pytest.mark.django_db


def numbers(officer, **filters):
    return [row.number for row in queries.queue(officer, Filters(**filters)).rows]


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


def test_one_sees_the_applications_of_ones_offices_and_no_draft(world, agent):
    here, there = world.deposited(), world.deposited(office=world.other_office)
    account = world.account()
    Application.objects.create(procedure=world.procedure, person=world.person(account), filed_by=account)
    assert numbers(agent) == [here.number]
    assert numbers(world.elsewhere) == [there.number]
    assert numbers(world.nobody) == []
    assert set(numbers(world.officers["national_administrator"])) == {here.number, there.number}
    assert queries.review(world.elsewhere, here.number) is None
    assert queries.application_for(world.elsewhere, here.number) is None
    document = here.documents.first()
    assert queries.document_for(agent, here.number, document.pk) == document
    assert queries.document_for(world.elsewhere, here.number, document.pk) is None


def test_the_nearest_legal_term_comes_first(world, agent):
    made = [world.deposited() for _ in range(3)]
    for days, application in zip((60, 10, 90), made, strict=True):
        Application.objects.filter(pk=application.pk).update(silence_refuses_on=clock.today() + timedelta(days=days))
    assert numbers(agent) == [made[1].number, made[0].number, made[2].number]
    assert numbers(agent, flag="soon") == [made[1].number]
    assert queries.queue(agent, Filters()).rows[0].flags == ("soon",)


def test_silence_that_has_refused_is_late(world, agent, movable_clock):
    application = world.deposited()
    movable_clock.move(days=120)
    assert numbers(agent, flag="late") == []
    movable_clock.move(days=1)
    assert numbers(agent, flag="late") == [application.number]
    assert queries.day(agent).late == 1


def test_filters_by_state_assignment_procedure_and_office(world, agent):
    mine, new = world.deposited(), world.deposited()
    actions.take_up(mine, agent)
    assert numbers(agent, state="deposited") == [new.number]
    assert numbers(agent, mine=True) == [mine.number]
    assert numbers(agent, unassigned=True) == [new.number]
    assert numbers(agent, procedure="trial", state="under_review") == [mine.number]
    assert numbers(agent, procedure="other") == []
    assert numbers(world.officers["national_administrator"], office="9902") == []
    assert queries.queue(agent, Filters(mine=True)).rows[0].assigned_to == agent.name
    assert queries.procedures_in_use() == [("trial", {"fr": "Demande d'essai", "en": "Trial application"})]


def test_decided_applications_leave_the_queue_and_stay_findable(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    actions.propose_decision(
        application, agent, "refusal", motivation="Les conditions de l'article L423-22 ne sont pas réunies."
    )
    assert numbers(agent) == []
    assert numbers(agent, state="refused") == [application.number]
    assert numbers(agent, text=application.number) == [application.number]


@pytest.mark.parametrize(
    "text",
    ["Nguyễn", "nguyen minh", "MINH ANH nguyen", "minh-anh", "N'guyen", "Lê", "le minh", "  nguyen  "],
)
def test_a_name_is_found_as_people_write_it(world, agent, text):
    wanted = world.deposited(birth_name="Nguyễn", usage_name="Lê", first_names="Minh-Anh")
    world.deposited(birth_name="Martin", first_names="Paul")
    if text == "minh-anh":
        text = "nguyen minh-anh"
    assert numbers(agent, text=text) == [wanted.number]


def test_a_number_is_found_whole_or_by_its_beginning_and_a_foreigner_number_whole(world, agent):
    wanted, _other = world.deposited(), world.deposited()
    spaced = " ".join([wanted.number[:4], wanted.number[4:12], wanted.number[12:]])
    assert numbers(agent, text=spaced) == [wanted.number]
    assert len(numbers(agent, text=wanted.number[:12])) == 2
    assert numbers(agent, text=wanted.person.foreigner_number) == [wanted.number]
    assert numbers(agent, text="0000") == []
    for nonsense in ("'; --", "%", "_", "  ", "🦊"):
        assert isinstance(numbers(agent, text=nonsense), list)
    assert numbers(agent, text="%") == []


def test_answers_not_looked_at_are_flagged_until_they_are(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    request = actions.request_complement(application, agent, [AskedItem("home", 0, "", "too_old")])
    assert queries.day(agent).answered == 0
    actions.open_complement_request(request, application.filed_by)
    row = queries.queue(agent, Filters()).rows[0]
    assert row.answer_due_on == clock.today() + timedelta(days=30)
    actions.answer_item(request, request.items.first(), "keep", "C'est le bon.", "", application.filed_by)
    actions.send_answers(request, application.filed_by)
    assert numbers(agent, flag="answered") == [application.number]
    assert queries.day(agent).answered == 1
    actions.give_verdict(application, agent, "home", 0, "accepted")
    assert numbers(agent, flag="answered") == []
    assert queries.day(agent).answered == 0


def test_pages_follow_each_other_without_gap_or_repeat(world, agent):
    made = {world.deposited().number for _ in range(7)}  # the same term for all: the id decides
    seen, after = [], None
    while True:
        page = queries.queue(agent, Filters(), after, 3)
        seen += [row.number for row in page.rows]
        if page.after is None:
            break
        after = Key.parse(str(page.after))
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize(
    "text", ["", "x", "2026-11-23", "2026-11-23_x", "_", "2026-13-01_00000000-0000-0000-0000-000000000000"]
)
def test_a_page_key_that_is_not_one_is_no_key(text):
    assert Key.parse(text) is None


def _count(read):
    with CaptureQueriesContext(connection) as queries_made:
        read()
    return len(queries_made)


def test_the_number_of_queries_does_not_depend_on_the_number_of_applications(world, agent):
    officer = Officer.objects.get(pk=agent.pk)
    reads = [
        lambda: queries.queue(officer, Filters()),
        lambda: queries.queue(officer, Filters(text="diallo", mine=True)),
        lambda: queries.day(officer),
        lambda: queries.to_sign(officer),
    ]
    for _ in range(2):
        actions.take_up(world.deposited(), agent)
    accounts.powers_of(officer)
    before = [_count(read) for read in reads]
    for number in range(20):
        application = world.deposited()
        actions.take_up(application, agent)
        if number % 2:
            actions.request_complement(application, agent, [AskedItem("home", 0, "", "too_old")])
    assert [_count(read) for read in reads] == before


def test_the_number_of_queries_of_a_sheet_does_not_depend_on_what_it_holds(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    queries.review(agent, application.number)
    before = _count(lambda: queries.review(agent, application.number))
    for number in range(6):
        actions.add_note(application, agent, f"Note {number}")
        actions.give_verdict(application, agent, "home", 0, "rejected", "too_old")
        actions.give_verdict(application, agent, "nationality", 0, "rejected", "illegible")
        request = actions.request_complement(
            application, agent, [AskedItem("home", 0, "", "too_old"), AskedItem(label=f"Document {number}")]
        )
        actions.open_complement_request(request, application.filed_by)
        for item in request.items.all():
            actions.add_answer_file(request, item, world.file(), application.filed_by)
        actions.send_answers(request, application.filed_by)
    after = _count(lambda: queries.review(agent, application.number))
    assert after - before <= 2  # items and reminders are prefetched only once there are requests
    again = _count(lambda: queries.review(agent, application.number))
    assert again == after


def test_the_sheet_says_what_was_deposited(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    sheet = queries.review(agent, application.number)
    civil_status = sheet.sections[0]
    assert [(line.label, line.from_registry) for line in civil_status.rows[0]] == [
        ("Nom de naissance", True),
        ("Date de naissance", True),
    ]
    assert sheet.sections[1].rows[0][0].value.startswith("20 Rue Nationale")
    assert [(line.label, line.value) for line in sheet.facts] == [("Âge au dépôt", "19")]
    assert sheet.observations == "Mon prénom s'écrit avec un accent."
    assert [paper.status for paper in sheet.papers] == ["to_review", "to_review", "not_given"]
    assert sheet.left_to_review == 2
    assert [(entry.kind, entry.who) for entry in sheet.timeline] == [("taken_up", agent.name)]
    assert {"give_verdict", "request_complement", "decide", "add_note"} <= sheet.verbs
    assert queries.review(world.officers["reception"], application.number).verbs == {"read"}
    assert world.officers["decision_maker"] in queries.colleagues(application)
    assert world.officers["reception"] not in queries.colleagues(application)
