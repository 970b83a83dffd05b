"""Favourable decisions that grant no permit: an outcome is said, and nothing about a card."""

import pytest
from django.db import IntegrityError, transaction

from guichet.applications import queries as applications
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.instruction import actions, letters
from guichet.instruction.models import Decision
from tests.instruction import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(world):
    """A change declared, under review."""
    application = worlds.declaring(world).deposited()
    actions.take_up(application, world.officers["case_officer"])
    return application


def test_nothing_is_proposed_for_a_permit_that_nobody_grants(declared):
    assert letters.defaults_for(declared, clock.today()) == {}


def test_it_is_decided_without_a_permit_and_its_letter_says_the_outcome(world, declared):
    decision = actions.propose_decision(declared, world.officers["case_officer"], "favourable")
    declared.refresh_from_db()
    assert declared.state == "approved"
    assert (decision.permit_kind, decision.valid_from, decision.valid_until, decision.tax_cents) == ("", None, None, 0)
    document = certificates.document(decision.document_number)
    assert document.kind == "favourable_outcome"
    assert document.data["outcome"] == worlds.OUTCOME
    assert not set(document.data) & {"permit_kind", "valid_until", "tax_cents", "allows_schengen", "photo"}


def test_what_is_stated_of_a_permit_is_not_kept(world, declared):
    today = clock.today()
    stated = {
        "permit_kind": "Carte",
        "permit_mention": "Visiteur",
        "valid_from": today,
        "valid_until": today,
        "tax_cents": 5000,
    }
    decision = actions.propose_decision(declared, world.officers["case_officer"], "favourable", **stated, allows_schengen=True)
    kept = Decision.objects.get(pk=decision.pk)
    assert (kept.permit_kind, kept.permit_mention, kept.tax_cents, kept.allows_schengen) == ("", "", 0, False)
    assert kept.valid_from is kept.valid_until is None


def test_in_two_hands_it_is_proposed_then_signed(two_hands_world):
    world = worlds.declaring(two_hands_world)
    application = world.deposited()
    actions.take_up(application, world.officers["case_officer"])
    decision = actions.propose_decision(application, world.officers["case_officer"], "favourable")
    maker = world.officers["decision_maker"]
    assert letters.preview_pdf(application, decision, maker, "en").startswith(b"%PDF")
    signed = actions.sign_decision(Decision.objects.get(pk=decision.pk), maker)
    assert certificates.document(signed.document_number).kind == "favourable_outcome"


@pytest.mark.parametrize(
    "stated",
    [
        {"permit_kind": "Carte de séjour temporaire"},
        {"permit_kind": "Carte de séjour temporaire", "valid_from": clock.today()},
        {"valid_until": clock.today()},
        {"tax_cents": 5000},
        {"allows_schengen": True},
    ],
)
def test_a_decision_without_a_permit_holds_nothing_of_one(world, declared, stated):
    half = Decision(application=declared, kind="favourable", proposed_by=world.officers["case_officer"], **stated)
    with pytest.raises(IntegrityError), transaction.atomic():
        half.save()


def test_no_card_is_announced_to_the_person(world, declared):
    actions.propose_decision(declared, world.officers["case_officer"], "favourable")
    declared.refresh_from_db()
    said = str(applications.next_step(declared).text)
    assert worlds.OUTCOME["fr"] in said
    assert "fabriqué" not in said
