"""Decisions and the certificates that prolong rights: what ends, what a reopening brings back."""

from datetime import timedelta

import pytest

from guichet.applications.moves import subject_of
from guichet.core import clock
from guichet.instruction import actions
from guichet.permits import due
from guichet.permits.models import Prolongation, ProlongationCertificate
from tests.instruction.test_decisions import REASONS, awaiting, closed, kinds
from tests.web_officer.test_certificates import promised

pytestmark = pytest.mark.django_db


def test_a_closing_ends_it_and_a_reopening_gives_one_from_that_day(world, movable_clock):
    application, _request = awaiting(world)
    promised(application)
    movable_clock.move(days=31)
    agent = world.officers["case_officer"]
    actions.propose_decision(application, agent, "incomplete", motivation=REASONS)
    first = ProlongationCertificate.objects.get()
    assert first.stop_code == "closed"
    movable_clock.move(days=10)
    actions.reopen(application, agent, "Les documents sont arrivés par courrier.")
    again = ProlongationCertificate.objects.get(rank=2)
    assert again.starts_on == clock.today() and again.stopped_at is None
    assert Prolongation.objects.get().ended_at is None
    assert kinds(application, visible_only=True)[-2:] == ["reopened", "prolongation_renewed"]


def test_where_nothing_was_promised_a_closing_and_a_reopening_go_on(world, movable_clock):
    application = closed(world, movable_clock)
    actions.reopen(application, world.officers["case_officer"], "Les documents sont arrivés par courrier.")
    assert not ProlongationCertificate.objects.exists()


@pytest.mark.parametrize("days", [0, 100, 400])
def test_a_refusal_ends_what_is_in_force_that_day(world, movable_clock, days):
    application = world.deposited()
    agent = world.officers["case_officer"]
    promised(application)
    for _fortnight in range(days // 14):
        movable_clock.move(days=14)
        due.issue_certificates()
    actions.take_up(application, agent)
    actions.propose_decision(application, agent, "refusal", motivation=REASONS)
    today = clock.today()
    live = ProlongationCertificate.objects.filter(ends_on__gte=today)
    assert live.exists() and not live.filter(stopped_at__isnull=True).exists()
    assert not ProlongationCertificate.objects.filter(ends_on__lt=today, stopped_at__isnull=False).exists()
    movable_clock.move(days=14)
    assert due.issue_certificates() == 0


def test_a_proposal_changes_nothing_until_it_is_signed(two_hands_world, movable_clock):
    application = two_hands_world.deposited()
    agent, maker = two_hands_world.officers["case_officer"], two_hands_world.officers["decision_maker"]
    promised(application)
    actions.take_up(application, agent)
    decision = actions.propose_decision(application, agent, "refusal", motivation=REASONS)
    assert ProlongationCertificate.objects.get().stopped_at is None
    movable_clock.move(days=3)
    actions.sign_decision(decision, maker)
    certificate = ProlongationCertificate.objects.get()
    assert clock.paris_date(certificate.stopped_at) == clock.today()
    assert certificate.stopped_by_id == str(maker.pk)
    assert subject_of(application).id == Prolongation.objects.get().source_id
    assert certificate.ends_on > clock.today() + timedelta(days=30)
