"""Decisions: in one hand or two, notified, with their letter; closing only past the term; reopening for 30 days."""

import io
from datetime import timedelta

import pikepdf
import pytest

from guichet.certificates import queries as certificates
from guichet.core import clock, events
from guichet.core.events import Subject
from guichet.instruction import actions, letters, queries
from guichet.instruction.actions import AskedItem
from guichet.instruction.errors import Invalid, NotAllowed, NotYours
from guichet.instruction.grounds import common_grounds
from guichet.instruction.models import ComplementRequest, Decision
from guichet.messaging.models import Notification, OutboxMessage

pytestmark = pytest.mark.django_db

REASONS = "L'article L423-22 demande une prise en charge avant seize ans ; elle date ici de dix-sept ans."


def taken_up(world):
    application = world.deposited()
    actions.take_up(application, world.officers["case_officer"])
    return application


def permit(**more):
    today = clock.today()
    return {
        "permit_kind": "Carte de séjour temporaire",
        "permit_mention": "Vie privée et familiale",
        "valid_from": today,
        "valid_until": today + timedelta(days=364),
        "tax_cents": 5000,
        **more,
    }


def kinds(application, **only):
    return [event.kind for event in events.timeline(Subject("application", str(application.pk)), **only)]


def awaiting(world, *, opened=True):
    application = taken_up(world)
    request = actions.request_complement(
        application, world.officers["case_officer"], [AskedItem("home", 0, "", "too_old", "Plus de six mois.")]
    )
    if opened:
        actions.open_complement_request(request, application.filed_by)
    return application, request


# One hand


def test_where_one_hand_is_enough_the_case_officer_decides(world):
    application, agent = taken_up(world), world.officers["case_officer"]
    decision = actions.propose_decision(application, agent, "favourable", **permit())
    application.refresh_from_db()
    assert application.state == "approved"
    assert decision.signed_by == agent
    document = certificates.document(decision.document_number)
    assert document.kind == "favourable_decision"
    assert document.data["tax_cents"] == 5000
    assert document.data["mention"] == {"fr": "Vie privée et familiale", "en": "Private and family life"}
    assert document.data["allows_schengen"] is False
    assert document.data["birth_name"] == "Diallo"
    with pikepdf.open(io.BytesIO(certificates.pdf(document))) as pdf:
        assert len(pdf.pages) >= 1


def test_a_decision_is_notified_without_saying_which(world):
    application = taken_up(world)
    decision = actions.propose_decision(application, world.officers["case_officer"], "refusal", motivation=REASONS)
    notification = Notification.objects.get(kind="decision")
    assert (notification.subject_kind, notification.subject_id) == ("decision", str(decision.pk))
    mail = OutboxMessage.objects.get()
    for secret in (application.number, "refus", "L423-22"):
        assert secret not in mail.subject + mail.body
    assert kinds(application, visible_only=True) == ["taken_up", "refused"]


def test_the_reading_of_a_decision_is_dated_once_by_its_owner(world, movable_clock):
    application = taken_up(world)
    decision = actions.propose_decision(application, world.officers["case_officer"], "refusal", motivation=REASONS)
    assert queries.decision_for(application.filed_by, decision.pk).opened_at is None
    with pytest.raises(NotYours):
        actions.open_decision(decision, world.account())
    first = actions.open_decision(decision, application.filed_by).opened_at
    movable_clock.move(days=2)
    assert actions.open_decision(decision, application.filed_by).opened_at == first
    assert kinds(application).count("decision_opened") == 1
    assert Notification.objects.get(kind="decision").read_at is not None
    assert queries.decision_for(world.account(), decision.pk) is None


@pytest.mark.parametrize(
    ("kind", "entries", "field"),
    [
        ("perhaps", {}, "kind"),
        ("refusal", {"motivation": "Non."}, "motivation"),
        ("refusal", {"motivation": "x" * 5001}, "motivation"),
        ("refusal", {"motivation": REASONS, "law": []}, "law"),
        ("refusal", {"motivation": REASONS, "law": ["CESEDA L000-0"]}, "law"),
        ("favourable", permit(permit_kind=" "), "permit_kind"),
        ("favourable", permit(valid_from=None), "valid_from"),
        ("favourable", permit(valid_until=None), "valid_until"),
        ("favourable", permit(valid_until=clock.today()), "valid_until"),
        ("favourable", permit(tax_cents=-1), "tax_cents"),
        ("incomplete", {"motivation": REASONS}, "kind"),
    ],
)
def test_a_decision_that_does_not_hold_is_not_taken(world, kind, entries, field):
    application = taken_up(world)
    with pytest.raises(Invalid) as refused:
        actions.propose_decision(application, world.officers["case_officer"], kind, **entries)
    assert refused.value.field == field
    application.refresh_from_db()
    assert application.state == "under_review"
    assert not Decision.objects.exists()
    assert not Notification.objects.exists()


def test_who_may_not_decide_does_not(world):
    application = taken_up(world)
    for name in ("reception", "office_administrator", "national_administrator"):
        with pytest.raises(NotAllowed):
            actions.propose_decision(application, world.officers[name], "refusal", motivation=REASONS)
    with pytest.raises(NotAllowed):
        actions.propose_decision(application, world.elsewhere, "refusal", motivation=REASONS)
    actions.propose_decision(application, world.officers["decision_maker"], "refusal", motivation=REASONS)
    with pytest.raises(NotAllowed):  # decided already
        actions.propose_decision(application, world.officers["decision_maker"], "favourable", **permit())


def test_a_letter_that_cannot_be_made_undoes_everything(world, monkeypatch):
    application = taken_up(world)

    def broken(*args, **kwargs):
        raise RuntimeError("typesetting failed")

    monkeypatch.setattr("guichet.instruction.decisions.certificates.issue", broken)
    with pytest.raises(RuntimeError):
        actions.propose_decision(application, world.officers["case_officer"], "favourable", **permit())
    application.refresh_from_db()
    assert application.state == "under_review"
    assert not Decision.objects.exists()
    assert not OutboxMessage.objects.exists()


# Two hands


def test_in_two_hands_one_proposes_and_another_signs(two_hands_world):
    world = two_hands_world
    application, agent, maker = taken_up(world), world.officers["case_officer"], world.officers["decision_maker"]
    decision = actions.propose_decision(application, agent, "favourable", **permit())
    application.refresh_from_db()
    assert (application.state, decision.signed_at, decision.document_number) == ("proposed", None, "")
    assert not Notification.objects.exists()
    assert kinds(application, visible_only=True) == ["taken_up"]
    assert [one.pk for one in queries.to_sign(maker)] == [decision.pk]
    assert queries.to_sign(agent) == []
    assert queries.day(maker).to_sign == 1
    with pytest.raises(NotAllowed):
        actions.sign_decision(decision, agent)
    signed = actions.sign_decision(decision, maker)
    assert actions.sign_decision(decision, maker).signed_at == signed.signed_at
    application.refresh_from_db()
    assert application.state == "approved"
    assert Notification.objects.filter(kind="decision").count() == 1
    assert queries.to_sign(maker) == []


def test_nobody_signs_what_they_proposed(two_hands_world):
    world = two_hands_world
    application, maker = taken_up(world), world.officers["decision_maker"]
    decision = actions.propose_decision(application, maker, "refusal", motivation=REASONS)
    with pytest.raises(Invalid) as refused:
        actions.sign_decision(decision, maker)
    assert refused.value.code == "same_hand"
    application.refresh_from_db()
    assert application.state == "proposed"


def test_a_proposal_is_sent_back_with_a_reason_and_can_be_made_again(two_hands_world):
    world = two_hands_world
    application, agent, maker = taken_up(world), world.officers["case_officer"], world.officers["decision_maker"]
    decision = actions.propose_decision(application, agent, "refusal", motivation=REASONS)
    with pytest.raises(Invalid):
        actions.send_back(decision, maker, "  ")
    actions.send_back(decision, maker, "Citer la date du jugement.")
    application.refresh_from_db()
    decision.refresh_from_db()
    assert (application.state, decision.sent_back_reason) == ("under_review", "Citer la date du jugement.")
    with pytest.raises(NotAllowed):
        actions.sign_decision(decision, maker)
    again = actions.propose_decision(application, agent, "refusal", motivation=REASONS + " Jugement du 3 mars.")
    actions.sign_decision(again, maker)
    assert kinds(application, visible_only=True) == ["taken_up", "refused"]


# Closing as incomplete


def test_a_request_that_nobody_opened_never_closes_an_application(world, movable_clock):
    application, _request = awaiting(world, opened=False)
    movable_clock.move(days=400)
    with pytest.raises(Invalid) as refused:
        actions.propose_decision(application, world.officers["case_officer"], "incomplete", motivation=REASONS)
    assert refused.value.code == "not_closable"


def test_closing_is_possible_past_the_term_only_and_says_what_lacked(world, movable_clock):
    application, request = awaiting(world)
    agent = world.officers["case_officer"]
    movable_clock.move(days=30)
    with pytest.raises(Invalid):
        actions.propose_decision(application, agent, "incomplete", motivation=REASONS)
    movable_clock.move(days=1)
    assert queries.review(agent, application.number).may_close_incomplete
    decision = actions.propose_decision(application, agent, "incomplete", motivation=REASONS)
    application.refresh_from_db()
    request.refresh_from_db()
    assert application.state == "closed_incomplete"
    assert request.cancelled_at is not None
    data = certificates.document(decision.document_number).data
    assert data["missing"][0]["label"] == {"fr": "Justificatif de domicile", "en": "Proof of address"}
    french, english = data["missing"][0]["reason"]["fr"], data["missing"][0]["reason"]["en"]
    assert french == "Le document est plus ancien que ce qui est demandé. Plus de six mois."
    assert english.endswith(" Plus de six mois.") and "Le document" not in english, (
        "only the officer's own words stay as written"
    )
    assert data["reopen_until"] == (clock.today() + timedelta(days=30)).isoformat()
    with pytest.raises(Invalid):
        actions.answer_item(request, request.items.first(), "keep", "Trop tard.", "", application.filed_by)


def test_an_answer_that_came_before_the_signature_makes_the_closing_fall(two_hands_world, movable_clock):
    world = two_hands_world
    application, request = awaiting(world)
    agent, maker = world.officers["case_officer"], world.officers["decision_maker"]
    movable_clock.move(days=31)
    decision = actions.propose_decision(application, agent, "incomplete", motivation=REASONS)
    actions.add_answer_file(request, request.items.first(), world.file("nouvelle.png"), application.filed_by)
    actions.send_answers(request, application.filed_by)
    application.refresh_from_db()
    decision.refresh_from_db()
    assert application.state == "under_review"
    assert decision.sent_back_at is not None
    with pytest.raises(NotAllowed):
        actions.sign_decision(decision, maker)


def test_a_closing_sent_back_lets_the_request_wait_again(two_hands_world, movable_clock):
    world = two_hands_world
    application, request = awaiting(world)
    movable_clock.move(days=31)
    decision = actions.propose_decision(application, world.officers["case_officer"], "incomplete", motivation=REASONS)
    actions.send_back(decision, world.officers["decision_maker"], "Appelez la personne d'abord.")
    application.refresh_from_db()
    assert application.state == "awaiting_complement"
    assert queries.open_request_of(application) == request


def test_an_insufficient_answer_can_close_past_the_term(world, movable_clock):
    application, request = awaiting(world)
    agent = world.officers["case_officer"]
    actions.answer_item(request, request.items.first(), "keep", "Je n'ai rien d'autre.", "", application.filed_by)
    actions.send_answers(request, application.filed_by)
    movable_clock.move(days=31)
    assert not queries.review(agent, application.number).may_close_incomplete
    actions.give_verdict(application, agent, "home", 0, "rejected", "too_old")
    actions.propose_decision(application, agent, "incomplete", motivation=REASONS)
    application.refresh_from_db()
    assert application.state == "closed_incomplete"


# Reopening


def closed(world, movable_clock):
    application, _ = awaiting(world)
    movable_clock.move(days=31)
    actions.propose_decision(application, world.officers["case_officer"], "incomplete", motivation=REASONS)
    return application


def test_a_closed_application_is_reopened_for_thirty_days_and_the_person_is_told(world, movable_clock):
    application = closed(world, movable_clock)
    agent = world.officers["case_officer"]
    with pytest.raises(Invalid):
        actions.reopen(application, agent, " ")
    clock_of_closing = clock.now()
    movable_clock.move(days=30)
    end_of_last_day = clock.end_of_paris_day(clock.paris_date(clock_of_closing) + timedelta(days=30))
    movable_clock.move(seconds=(end_of_last_day - clock.now()).total_seconds() - 60)  # the letter says «until that day»
    actions.reopen(application, agent, "Les documents sont arrivés par courrier.")
    application.refresh_from_db()
    assert application.state == "under_review"
    assert kinds(application, visible_only=True)[-1] == "reopened"
    assert Notification.objects.filter(kind="information").count() == 1
    assert [note.text for note in application.notes.all()] == ["Les documents sont arrivés par courrier."]
    again = actions.request_complement(application, agent, [AskedItem("home", 0, "", "too_old")])
    assert again.round == 2
    assert ComplementRequest.objects.get(round=1).cancelled_at is not None


def test_after_thirty_days_it_is_too_late(world, movable_clock):
    application = closed(world, movable_clock)
    movable_clock.move(days=32)
    with pytest.raises(Invalid) as refused:
        actions.reopen(application, world.officers["case_officer"], "Trop tard ?")
    assert refused.value.code == "too_late"


def test_what_was_refused_is_not_reopened(world):
    application = taken_up(world)
    actions.propose_decision(application, world.officers["case_officer"], "refusal", motivation=REASONS)
    with pytest.raises(NotAllowed):
        actions.reopen(application, world.officers["case_officer"], "Erreur.")


# Letters


def test_a_refusal_cites_the_law_chosen_and_by_default_that_of_the_procedure(world):
    agent = world.officers["case_officer"]
    by_default, chosen = (taken_up(world) for _ in range(2))
    actions.propose_decision(by_default, agent, "refusal", motivation=REASONS)
    actions.propose_decision(chosen, agent, "refusal", motivation=REASONS, law=["CESEDA L412-5", "CESEDA L423-22"])
    for application, law in ((by_default, ["CESEDA L423-22"]), (chosen, ["CESEDA L423-22", "CESEDA L412-5"])):
        decision = application.decisions.get()
        assert decision.law == law
        said = certificates.document(decision.document_number).data["law"]
        assert [line["fr"].split(" : ")[0] for line in said] == law
    assert "menace pour l'ordre public" in said[1]["fr"] and "public order" in said[1]["en"]


def test_every_ground_has_its_article_once_and_says_it_in_both_languages():
    articles = [ground.article for ground in common_grounds()]
    assert len(set(articles)) == len(articles) > 3
    for ground in common_grounds():
        assert ground.says.fr and ground.says.en and ground.says.fr != ground.says.en


def test_the_form_starts_from_what_the_procedure_grants(world):
    application = world.deposited()
    given = letters.defaults_for(application, clock.today())
    assert given["permit_kind"] == "Carte de séjour temporaire"
    assert given["tax_cents"] > 0
    assert given["valid_from"] == clock.today()
    assert 364 <= (given["valid_until"] - given["valid_from"]).days <= 365


@pytest.mark.parametrize("kind", ["favourable", "refusal"])
def test_a_preview_issues_nothing(world, kind):
    application = taken_up(world)
    agent = world.officers["case_officer"]
    decision = Decision(application=application, kind=kind, motivation=REASONS, proposed_by=agent, **permit())
    pdf = letters.preview_pdf(application, decision, agent, "fr")
    assert pdf.startswith(b"%PDF")
    assert not certificates.documents_of(("application", str(application.pk))).exists()
    assert not Decision.objects.exists()
