"""Certificates: issued, renewed, stopped, ended; no day without proof."""

from datetime import timedelta

import pytest

from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.messaging.models import Notification, OutboxMessage
from guichet.permits import actions, due, issuing, queries, rules
from guichet.permits.errors import AlreadyCovered, NothingToProlong, NothingToStop, NotYet, ReasonMissing
from guichet.permits.models import ProlongationCertificate
from guichet.permits.opening import reconsider
from guichet.support.models import Ticket
from tests.permits import world
from tests.permits.reading import OFFICER, kinds, papers, periods, source_of

pytestmark = pytest.mark.django_db


def test_on_deposit_where_the_procedure_says_so():
    person = world.person()
    row = world.opened(person, "6 months", at_once=True)
    (paper,) = papers(row)
    today = clock.today()
    assert (paper.starts_on, paper.ends_on) == (today, rules.last_day(today, "6 months"))
    document = certificates.document(paper.document_number)
    assert document.kind == "prolongation" and certificates.pdf(document).startswith(b"%PDF")
    mail = OutboxMessage.objects.get(template="prolongation_issued")
    assert mail.attachments[0]["key"] == document.key and person.birth_name not in mail.body
    assert Notification.objects.get().data["what"] == "prolongation_issued"
    assert kinds(row) == ["prolongation_issued"]


def test_the_same_deposit_twice_is_one_promise():
    person = world.person()
    filed = world.filed(person)
    first = actions.open_prolongation(person, filed, world.terms(at_once=True))
    again = actions.open_prolongation(person, filed, world.terms(at_once=True))
    assert first.pk == again.pk and ProlongationCertificate.objects.count() == 1


def test_by_the_clock_it_begins_the_day_after_the_permit_and_is_there_before(movable_clock):
    person = world.person()
    until = clock.today() + timedelta(days=60)
    world.hold(person, until, number="CARD9")
    row = world.opened(person)
    assert due.issue_certificates() == 0
    movable_clock.move(days=45)
    assert due.issue_certificates() == 0
    movable_clock.move(days=1)
    assert due.issue_certificates() == 1
    assert due.issue_certificates() == 0
    (paper,) = papers(row)
    assert paper.starts_on == until + timedelta(days=1)
    assert paper.starts_on - clock.today() == rules.LEAD


def test_filed_when_the_end_is_near_it_is_issued_by_the_next_round():
    person = world.person()
    world.hold(person, clock.today())
    row = world.opened(person)
    due.issue_certificates()
    assert papers(row)[0].starts_on == clock.today() + timedelta(days=1)


def test_filed_once_the_permit_is_over_an_officer_decides(movable_clock):
    person = world.person()
    world.hold(person, clock.today() - timedelta(days=1))
    row = world.opened(person)
    assert due.issue_certificates() == 0
    with pytest.raises(NothingToProlong):
        actions.ask_for_next(source_of(row), world.account_of(person))
    paper = actions.issue_by_officer(source_of(row), OFFICER, "Retard dû à une hospitalisation.")
    assert (paper.starts_on, paper.reason) == (clock.today(), "Retard dû à une hospitalisation.")
    movable_clock.move(days=85)
    assert due.issue_certificates() == 1  # from then on by itself
    assert rules.days_without_proof(periods(row), paper.starts_on, papers(row)[-1].ends_on) == []


def test_two_years_without_a_day_missing(movable_clock):
    person = world.person()
    row = world.opened(person, "6 months", at_once=True)
    first = clock.today()
    for _day in range(0, 730, 5):
        movable_clock.move(days=5)
        due.issue_certificates()
        latest = papers(row)[-1]
        assert latest.ends_on - clock.today() >= timedelta(days=14 - 5)
    assert rules.days_without_proof(periods(row), first, clock.today()) == []
    assert len(papers(row)) in (4, 5)
    numbers = [paper.document_number for paper in papers(row)]
    assert len(set(numbers)) == len(numbers)
    assert Ticket.objects.count() == 0
    assert [paper.previous_id for paper in papers(row)] == [None, *[paper.pk for paper in papers(row)[:-1]]]


def test_a_worker_that_was_away_catches_up_every_day(movable_clock):
    person = world.person()
    world.hold(person, clock.today() + timedelta(days=20))
    row = world.opened(person)
    movable_clock.move(days=400)
    rounds = 0
    while due.issue_certificates():
        rounds += 1
    assert rules.days_without_proof(periods(row), row.opened_at.date() + timedelta(days=22), clock.today()) == []
    assert papers(row)[-1].ends_on >= clock.today() + timedelta(days=14)
    assert rounds == len(papers(row)) == 5
    assert Ticket.objects.count() == 1  # the office is told once


def test_a_decision_ends_it_once(movable_clock):
    person = world.person()
    row = world.opened(person, at_once=True)
    actions.end(source_of(row), by=OFFICER, why="approved")
    (paper,) = papers(row)
    assert paper.stop_code == "approved" and paper.stopped_at is not None
    assert certificates.document(paper.document_number).revoked_at is not None
    stopped_at = paper.stopped_at
    movable_clock.move(days=100)
    actions.end(source_of(row), by=OFFICER, why="refused")
    assert due.issue_certificates() == 0
    assert papers(row)[0].stopped_at == stopped_at
    row.refresh_from_db()
    assert row.ended_by == "approved"
    with pytest.raises(NothingToProlong):
        actions.issue_by_officer(source_of(row), OFFICER, "Encore.")
    with pytest.raises(NothingToProlong):
        actions.stop_by_officer(source_of(row), OFFICER, "Encore.")


def test_what_was_over_before_the_decision_is_not_stopped(movable_clock):
    person = world.person()
    row = world.opened(person, at_once=True)
    movable_clock.move(days=80)
    due.issue_certificates()
    movable_clock.move(days=20)
    actions.end(source_of(row), by=OFFICER, why="refused")
    assert [bool(paper.stopped_at) for paper in papers(row)] == [False, True]


def test_a_source_without_a_promise_is_left_alone():
    actions.end(("application", "none"), by=OFFICER, why="refused")
    actions.resume(("application", "none"))
    actions.restate(("application", "none"), silence_refuses_on=clock.today())
    with pytest.raises(NothingToProlong):
        actions.issue_by_officer(("application", "none"), OFFICER, "Pourquoi.")


def test_an_application_taken_up_again_is_covered_from_that_day(movable_clock):
    person = world.person()
    row = world.opened(person, at_once=True)
    movable_clock.move(days=10)
    actions.end(source_of(row), by=OFFICER, why="closed")
    movable_clock.move(days=5)
    actions.resume(source_of(row))
    actions.resume(source_of(row))
    first, second = papers(row)
    assert (first.stop_code, second.starts_on) == ("closed", clock.today())
    assert second.previous_id == first.pk


def test_taken_up_again_before_the_permit_ends_the_clock_waits_as_before(movable_clock):
    person = world.person()
    until = clock.today() + timedelta(days=100)
    world.hold(person, until)
    row = world.opened(person)
    actions.end(source_of(row), by=OFFICER, why="closed")
    actions.resume(source_of(row))
    assert papers(row) == []
    movable_clock.move(days=86)
    assert due.issue_certificates() == 1
    assert papers(row)[0].starts_on == until + timedelta(days=1)


def test_an_officer_stops_by_a_reasoned_act_and_nothing_comes_back_by_itself(movable_clock):
    person = world.person()
    row = world.opened(person, at_once=True)
    for empty in ("", "   "):
        with pytest.raises(ReasonMissing):
            actions.stop_by_officer(source_of(row), OFFICER, empty)
    actions.stop_by_officer(source_of(row), OFFICER, "Obtenue par fraude.")
    paper = papers(row)[0]
    assert (paper.stop_code, paper.stop_reason, paper.stopped_by_id) == ("officer", "Obtenue par fraude.", "agent")
    assert kinds(row)[-1] == "prolongation_stopped"
    assert Notification.objects.filter(intent__startswith="prolongation_stopped").count() == 1
    assert OutboxMessage.objects.filter(template="notification").count() == 1
    movable_clock.move(days=200)
    assert due.issue_certificates() == 0
    with pytest.raises(NothingToStop):
        actions.stop_by_officer(source_of(row), OFFICER, "Encore.")
    with pytest.raises(NothingToProlong):
        actions.ask_for_next(source_of(row), world.account_of(person))
    again = actions.issue_by_officer(source_of(row), OFFICER, "Erreur reconnue.")
    assert again.starts_on == clock.today()
    movable_clock.move(days=80)
    assert due.issue_certificates() == 1


def test_an_officer_does_not_pile_them_up():
    person = world.person()
    row = world.opened(person, at_once=True)
    second = actions.issue_by_officer(source_of(row), OFFICER, "Voyage à venir.")
    assert second.starts_on == papers(row)[0].ends_on + timedelta(days=1)
    with pytest.raises(AlreadyCovered):
        actions.issue_by_officer(source_of(row), OFFICER, "Encore.")


def test_the_person_asks_in_one_click_near_the_end_and_twice_is_once(movable_clock):
    person = world.person()
    row = world.opened(person, at_once=True)
    account = world.account_of(person)
    with pytest.raises(NotYet):
        actions.ask_for_next(source_of(row), account)
    movable_clock.move(days=70)
    assert queries.prolongation_of(source_of(row)).may_ask
    first = actions.ask_for_next(source_of(row), account)
    assert actions.ask_for_next(source_of(row), account).pk == first.pk
    assert first.issued_by_kind == "person" and len(papers(row)) == 2
    assert due.issue_certificates() == 0


def elsewhere(person, days):
    return world.hold(
        person, clock.today() + timedelta(days=days), kind="prolongation_certificate", number="API1",
        since=clock.today() - timedelta(days=80),
    )  # fmt: skip


def test_after_a_paper_from_elsewhere_the_person_is_warned_and_asks(movable_clock):
    person = world.person()
    paper = elsewhere(person, 40)
    row = world.opened(person, at_once=True)
    assert papers(row) == []
    assert due.warn_of_the_end() == 0
    movable_clock.move(days=30)
    assert due.warn_of_the_end() == 1
    assert due.warn_of_the_end() == 0
    assert OutboxMessage.objects.filter(template="prolongation_ends").count() == 1
    assert due.issue_certificates() == 0
    found = queries.prolongation_of(source_of(row))
    assert found.may_ask and found.next_starts_on == paper.valid_until + timedelta(days=1)
    asked = actions.ask_for_next(source_of(row), world.account_of(person))
    assert asked.starts_on == paper.valid_until + timedelta(days=1)
    assert Ticket.objects.count() == 0


def test_nobody_asked_it_is_issued_on_the_last_day(movable_clock):
    person = world.person()
    elsewhere(person, 10)
    row = world.opened(person, at_once=True)
    movable_clock.move(days=9)
    assert due.issue_certificates() == 0
    movable_clock.move(days=1)
    assert due.issue_certificates() == 1
    assert papers(row)[0].starts_on == clock.today() + timedelta(days=1)
    assert Ticket.objects.count() == 0


def test_expired_already_it_is_issued_all_the_same_and_the_office_is_told(movable_clock):
    person = world.person()
    paper = elsewhere(person, 10)
    row = world.opened(person, at_once=True)
    movable_clock.move(days=20)
    actions.ask_for_next(source_of(row), world.account_of(person))
    assert papers(row)[0].starts_on == paper.valid_until + timedelta(days=1)
    ticket = Ticket.objects.get()
    assert ticket.office == world.office() and ticket.context["application"] == row.data["number"]
    assert ticket.account is None  # nobody wrote it
    assert not OutboxMessage.objects.filter(template="ticket_opened").exists(), "«your request arrived», to who asked nothing"


def test_ours_known_to_the_registry_is_not_from_elsewhere():
    person = world.person()
    row = world.opened(person, at_once=True)
    number = papers(row)[0].document_number
    world.hold(person, clock.today() + timedelta(days=90), kind="prolongation_certificate", number=number)
    assert queries.elsewhere_on(person, clock.today()) is None


def test_a_permit_known_only_after_the_deposit_counts(movable_clock):
    """The registry was down when the application was deposited."""
    person = world.person()
    row = world.opened(person)
    assert queries.prolongation_of(source_of(row)).comes_on is None
    permit = world.hold(person, clock.today() + timedelta(days=90))
    reconsider(person)
    assert queries.prolongation_of(source_of(row)).next_starts_on == permit.valid_until + timedelta(days=1)


def test_how_each_stands_is_said_for_a_day():
    person = world.person()
    row = world.opened(person, at_once=True)
    actions.issue_by_officer(source_of(row), OFFICER, "Suite.")
    newest, oldest = queries.standings(queries.prolongations(person))
    assert (newest.code, oldest.code) == ("coming", "in_force")
    actions.end(source_of(row), by=SYSTEM, why="closed")
    assert {each.code for each in queries.standings(queries.prolongations(person))} == {"stopped"}
    assert queries.standing(papers(row)[0], clock.today() + timedelta(days=999)).code == "stopped"


def test_one_that_fails_stops_no_other(monkeypatch, caplog):
    rows = []
    for _each in range(2):
        person = world.person()
        world.hold(person, clock.today())
        rows.append(world.opened(person))
    real = issuing._document
    broken = min(rows, key=lambda row: (row.next_on, row.pk)).pk

    def failing(row, *more):
        if row.pk == broken:
            raise RuntimeError("typesetting")
        return real(row, *more)

    monkeypatch.setattr(issuing, "_document", failing)
    assert due.issue_certificates() == 1
    monkeypatch.setattr(issuing, "_document", real)
    assert due.issue_certificates() == 1
    assert all(len(papers(row)) == 1 for row in rows)


def test_a_paper_from_elsewhere_that_the_registry_takes_back_leaves_no_gap():
    person = world.person()
    paper = elsewhere(person, 40)
    row = world.opened(person, at_once=True)
    assert papers(row) == []
    paper.status = "withdrawn"
    paper.save()
    reconsider(person)
    assert due.issue_certificates() == 1
    assert papers(row)[0].starts_on == clock.today()


@pytest.mark.parametrize("where", ["events.record", "certificates.issue", "telling.tell_issued"])
def test_a_worker_that_dies_on_the_way_leaves_nothing_half_done(monkeypatch, where):
    person = world.person()
    world.hold(person, clock.today())
    row = world.opened(person)

    def dying(*_args, **_more):
        raise SystemExit

    with monkeypatch.context() as patched:
        module, name = where.split(".")
        patched.setattr(getattr(issuing, module), name, dying)
        with pytest.raises(SystemExit):
            due.issue_certificates()
    assert papers(row) == [] and not OutboxMessage.objects.filter(template="prolongation_issued").exists()
    assert due.issue_certificates() == 1
    assert OutboxMessage.objects.filter(template="prolongation_issued").count() == 1
    assert len(kinds(row)) == 1
