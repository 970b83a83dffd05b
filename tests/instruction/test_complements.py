"""Asking for documents, opening, answering, sending once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.core import clock, events
from guichet.core.events import Subject
from guichet.instruction import actions, papers, queries
from guichet.instruction.actions import AskedItem
from guichet.instruction.complements import proposed_items
from guichet.instruction.errors import AnswersIncomplete, Invalid, NotAllowed, NotYours
from guichet.instruction.models import ComplementItem, ComplementRequest
from guichet.messaging.models import Notification, OutboxMessage
from guichet.procedures.durations import Duration

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


@pytest.fixture
def application(world, agent):
    application = world.deposited()
    actions.take_up(application, agent)
    actions.give_verdict(application, agent, "nationality", 0, "accepted")
    actions.give_verdict(application, agent, "home", 0, "rejected", "too_old", "Plus de six mois.")
    return application


@pytest.fixture
def request_(application, agent):
    items = [AskedItem("home", 0, "", "too_old", "Plus de six mois."), AskedItem(label="Bulletin scolaire", observation="2026")]
    return actions.request_complement(application, agent, items, "Merci de compléter.")


@pytest.fixture
def opened(request_, application):
    return actions.open_complement_request(request_, application.filed_by)


def items_of(request):
    return {item.requirement: item for item in request.items.all()}


def kinds(application, **only):
    return [event.kind for event in events.timeline(Subject("application", str(application.pk)), **only)]


def answer_everything(world, opened, account):
    items = items_of(opened)
    actions.answer_item(opened, items["home"], "keep", "C'est la dernière facture.", "", account)
    actions.add_answer_file(opened, items["extra-1"], world.file("bulletin.png"), account)


# Asking


def test_the_request_is_built_from_what_was_rejected(application):
    assert proposed_items(papers.papers_of(application)) == [
        AskedItem("home", 0, "Justificatif de domicile", "too_old", "Plus de six mois.")
    ]


def test_sending_moves_the_state_and_tells_the_person_without_saying_what(application, request_):
    application.refresh_from_db()
    assert application.state == "awaiting_complement"
    assert (request_.round, request_.opened_at, request_.due_on) == (1, None, None)
    assert [(i.requirement, i.label, i.reason) for i in request_.items.all()] == [
        ("home", "", "too_old"),
        ("extra-1", "Bulletin scolaire", "never_asked"),
    ]
    notification = Notification.objects.get()
    assert (notification.kind, notification.subject_kind, notification.subject_id) == (
        "complement_request",
        "complement_request",
        str(request_.pk),
    )
    mail = OutboxMessage.objects.get()
    for secret in (application.number, "domicile", "Bulletin", "Merci", application.person.foreigner_number, "Diallo".upper()):
        assert secret not in mail.subject + mail.body
    assert kinds(application, visible_only=True) == ["taken_up", "complement_requested"]


@pytest.mark.parametrize(
    "items",
    [
        [],
        [AskedItem(label="  ")],
        [AskedItem("home", 0, "", "no_such_reason")],
        [AskedItem("home", 0, "", "other", " ")],
        [AskedItem("unheard_of", 0, "", "too_old")],
        [AskedItem("home", 0, "", "too_old"), AskedItem("home", 0, "", "illegible")],
        [AskedItem(label=f"Document {n}") for n in range(31)],
    ],
)
def test_a_request_that_asks_for_nothing_clear_does_not_leave(application, agent, items):
    with pytest.raises(Invalid):
        actions.request_complement(application, agent, items)
    application.refresh_from_db()
    assert application.state == "under_review"
    assert not ComplementRequest.objects.exists()
    assert not Notification.objects.exists()


def test_one_request_at_a_time(application, agent, request_):
    with pytest.raises(NotAllowed):
        actions.request_complement(application, agent, [AskedItem(label="Autre")])


def test_an_optional_document_that_was_not_given_can_be_asked(application, agent):
    request = actions.request_complement(application, agent, [AskedItem("opinion", 0, "", "not_given")])
    assert [item.requirement for item in request.items.all()] == ["opinion"]


# Opening


def test_only_a_deliberate_opening_by_the_owner_starts_thirty_days(application, request_):
    assert queries.request_for(application.filed_by, request_.pk).request.opened_at is None
    actions.open_complement_request(request_, application.filed_by)
    request_.refresh_from_db()
    assert request_.opened_at is not None
    assert request_.due_on == clock.paris_date(request_.opened_at) + timedelta(days=30)
    assert "complement_opened" in kinds(application, visible_only=True)
    assert Notification.objects.get().read_at is not None


def test_opening_again_later_does_not_move_the_term(application, opened, movable_clock):
    movable_clock.move(days=3)
    again = actions.open_complement_request(opened, application.filed_by)
    assert (again.opened_at, again.due_on) == (opened.opened_at, opened.due_on)
    assert kinds(application).count("complement_opened") == 1


def test_the_term_counts_in_paris_days(application, request_, monkeypatch):
    from datetime import UTC, date, datetime

    late_evening = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)  # 00:30 on 2 December in Paris
    monkeypatch.setattr(clock, "now", lambda: late_evening)
    assert actions.open_complement_request(request_, application.filed_by).due_on == date(2027, 1, 1)


def test_reading_by_officers_or_by_the_person_opens_nothing(world, application, request_):
    for who in world.officers.values():
        sheet = queries.review(who, application.number)
        assert sheet.requests[-1].opened_at is None
        queries.queue(who, queries.Filters())
    with CaptureQueriesContext(connection) as reads:
        queries.request_for(application.filed_by, request_.pk)
        queries.open_request_of(application)
    assert not [query for query in reads if not query["sql"].lstrip().startswith("SELECT")]
    assert queries.request_for(application.filed_by, request_.pk).is_opened is False


def test_somebody_else_neither_reads_opens_nor_answers(world, application, opened):
    stranger = world.account()
    item = opened.items.first()
    assert queries.request_for(stranger, opened.pk) is None
    for attempt in (
        lambda: actions.open_complement_request(opened, stranger),
        lambda: actions.answer_item(opened, item, "keep", "Non.", "", stranger),
        lambda: actions.add_answer_file(opened, item, world.file(), stranger),
        lambda: actions.send_answers(opened, stranger),
    ):
        with pytest.raises(NotYours):
            attempt()


# Answering


def test_one_answers_only_what_one_has_opened(application, request_):
    with pytest.raises(Invalid):
        actions.answer_item(request_, request_.items.first(), "keep", "Valable.", "", application.filed_by)


@pytest.mark.parametrize(("choice", "reason"), [("", ""), ("perhaps", "x"), ("keep", "  "), ("keep", "x" * 5001)])
def test_keeping_needs_a_reason(application, opened, choice, reason):
    with pytest.raises(Invalid):
        actions.answer_item(opened, opened.items.first(), choice, reason, "", application.filed_by)
    assert set(ComplementItem.objects.values_list("choice", flat=True)) == {""}


def test_three_files_at_most_for_each_document(world, application, opened):
    item = opened.items.first()
    for _ in range(3):
        actions.add_answer_file(opened, item, world.file(), application.filed_by)
    with pytest.raises(Invalid) as refused:
        actions.add_answer_file(opened, item, world.file(), application.filed_by)
    assert refused.value.code == "too_many_files"
    sheet = queries.request_for(application.filed_by, opened.pk)
    assert len(sheet.items[0].files) == 3
    actions.remove_answer_file(opened, item, sheet.items[0].files[0].pk, application.filed_by)
    actions.remove_answer_file(opened, item, sheet.items[0].files[0].pk, application.filed_by)
    assert len(queries.request_for(application.filed_by, opened.pk).items[0].files) == 2


def test_answers_leave_only_when_each_document_has_one(world, application, opened):
    items = items_of(opened)
    actions.answer_item(opened, items["extra-1"], "update", "", "Voici.", application.filed_by)  # no file yet
    with pytest.raises(AnswersIncomplete) as refused:
        actions.send_answers(opened, application.filed_by)
    assert set(refused.value.items) == {items["home"].pk, items["extra-1"].pk}
    application.refresh_from_db()
    assert application.state == "awaiting_complement"
    answer_everything(world, opened, application.filed_by)
    actions.send_answers(opened, application.filed_by)
    application.refresh_from_db()
    assert application.state == "under_review"


def test_answers_are_sent_once(world, application, opened):
    answer_everything(world, opened, application.filed_by)
    first = actions.send_answers(opened, application.filed_by)
    again = actions.send_answers(opened, application.filed_by)
    assert first.answered_at == again.answered_at
    assert kinds(application).count("complement_answered") == 1
    assert Notification.objects.get(kind="complement_request").answered_at is not None
    item = opened.items.first()
    with pytest.raises(Invalid):
        actions.answer_item(opened, item, "keep", "Autre raison.", "", application.filed_by)
    with pytest.raises(Invalid):
        actions.add_answer_file(opened, item, world.file(), application.filed_by)


def test_officers_see_answers_once_sent_old_and_new_side_by_side(world, agent, application, opened):
    answer_everything(world, opened, application.filed_by)
    new_file = application.documents.get(round=1)
    before = papers.find(queries.review(agent, application.number).papers, "extra-1", 0)
    assert (before.status, before.rounds) == (papers.ASKED_AGAIN, ())
    assert queries.document_for(agent, application.number, new_file.pk) is None

    actions.send_answers(opened, application.filed_by)
    sheet = queries.review(agent, application.number)
    extra, home = papers.find(sheet.papers, "extra-1", 0), papers.find(sheet.papers, "home", 0)
    assert queries.document_for(agent, application.number, new_file.pk) == new_file
    assert (extra.label, extra.status, extra.latest.files) == ("Bulletin scolaire", papers.TO_REVIEW, (new_file,))
    assert [given.round for given in home.rounds] == [0, 1]
    assert home.latest.kept and home.latest.item.keep_reason == "C'est la dernière facture."
    assert [document.file.name for given in home.rounds for document in given.files] == ["facture.png"]
    assert home.status == papers.TO_REVIEW


def test_files_of_a_document_that_is_finally_kept_do_not_reach_the_officer(world, agent, application, opened):
    items = items_of(opened)
    answer_everything(world, opened, application.filed_by)
    actions.add_answer_file(opened, items["home"], world.file("essai.png"), application.filed_by)
    actions.answer_item(opened, items["home"], "keep", "Finalement non.", "", application.filed_by)
    actions.send_answers(opened, application.filed_by)
    home = papers.find(queries.review(agent, application.number).papers, "home", 0)
    assert home.latest.kept
    assert home.latest.files == ()


def test_several_rounds_each_with_its_words(world, agent, application, opened):
    answer_everything(world, opened, application.filed_by)
    actions.send_answers(opened, application.filed_by)
    actions.give_verdict(application, agent, "home", 0, "accepted")
    actions.give_verdict(application, agent, "extra-1", 0, "rejected", "illegible")
    proposed = proposed_items(papers.papers_of(application))
    assert [item.requirement for item in proposed] == ["extra-1"]
    second = actions.request_complement(application, agent, [*proposed, AskedItem(label="Attestation")])
    assert second.round == 2
    assert [(i.requirement, i.label) for i in second.items.all()] == [
        ("extra-1", "Bulletin scolaire"),
        ("extra-2", "Attestation"),
    ]


def test_an_answer_after_the_term_is_still_welcome(world, application, opened, movable_clock):
    movable_clock.move(days=45)
    answer_everything(world, opened, application.filed_by)
    actions.send_answers(opened, application.filed_by)
    application.refresh_from_db()
    assert application.state == "under_review"


def test_the_clock_of_silence_runs_from_the_complete_file(world, application, opened, movable_clock):
    before = application.silence_refuses_on
    movable_clock.move(days=20)
    answer_everything(world, opened, application.filed_by)
    actions.send_answers(opened, application.filed_by)
    application.refresh_from_db()
    four_months = Duration.parse("4 months").after(clock.today())
    assert application.silence_refuses_on == four_months > before
    moved = events.timeline(Subject("application", str(application.pk)), visible_only=True).get(kind="silence_date_moved")
    assert moved.data == {"from": before.isoformat(), "to": four_months.isoformat(), "round": 1}


def test_answering_twice_moves_the_date_of_silence_once(world, application, opened, movable_clock):
    movable_clock.move(days=2)
    answer_everything(world, opened, application.filed_by)
    actions.send_answers(opened, application.filed_by)
    application.refresh_from_db()
    once = application.silence_refuses_on
    movable_clock.move(days=3)
    actions.send_answers(opened, application.filed_by)
    application.refresh_from_db()
    assert application.silence_refuses_on == once
    assert kinds(application).count("silence_date_moved") == 1


def test_a_refusal_that_silence_had_made_before_the_request_stands(world, agent, movable_clock):
    """Its delays to appeal run: an answer does not make the person believe that they have more."""
    application = world.deposited()
    actions.take_up(application, agent)
    movable_clock.move(days=130)
    request = actions.request_complement(application, agent, [AskedItem(label="Bulletin scolaire", observation="2026")])
    actions.open_complement_request(request, application.filed_by)
    (item,) = request.items.all()
    actions.add_answer_file(request, item, world.file(), application.filed_by)
    before = application.silence_refuses_on
    actions.send_answers(request, application.filed_by)
    application.refresh_from_db()
    assert application.silence_refuses_on == before < clock.today()
    assert "silence_date_moved" not in kinds(application)


def test_the_date_of_silence_that_passes_while_the_file_is_incomplete_refuses_nothing(
    world, application, opened, movable_clock
):
    movable_clock.move(days=130)
    answer_everything(world, opened, application.filed_by)
    actions.send_answers(opened, application.filed_by)
    application.refresh_from_db()
    assert application.silence_refuses_on > clock.today()


def test_the_request_reads_in_the_language_of_the_person(application, opened):
    from django.utils import translation

    with translation.override("en"):
        sheet = queries.request_for(application.filed_by, opened.pk)
        assert [item.label for item in sheet.items] == ["Proof of address", "Bulletin scolaire"]
        assert sheet.items[0].reason == "The document is older than what is asked for."
    assert sheet.days_left == 30
    assert [item.is_extra for item in sheet.items] == [False, True]
