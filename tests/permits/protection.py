"""A protected person's application, filed as its person would."""

from datetime import date, timedelta
from typing import Any

from guichet.accounts.models import Person
from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.core import clock
from guichet.offices.actions import load_offices
from guichet.procedures.actions import publish_catalogue
from guichet.procedures.queries import current
from tests.applications.world import EPHOTO, a_file
from tests.permits import world

SAINT_ETIENNE = {
    "label": "2 rue Charles-de-Gaulle 42000 Saint-Étienne",
    "house_number": "2",
    "street": "rue Charles-de-Gaulle",
    "complement": "",
    "postal_code": "42000",
    "city": "Saint-Étienne",
    "insee_code": "42218",
    "country": "FR",
}


def answers(until: date | None = None, **protection: Any) -> dict[str, dict[str, Any]]:
    """What a refugee answers; with ``until``, the card that ends on that day."""
    today = clock.today()
    said: dict[str, dict[str, Any]] = {
        "civil_status": {"sex": "F"},
        "address": {"home": SAINT_ETIENNE, "domiciled": False},
        "contact": {"email": "mariam@example.org", "phone": "+33612345678"},
        "protection": {
            "status": "refugee",
            "decided_by": "ofpra",
            "decided_on": str(today - timedelta(days=30)),
            "decision_number": "2026-01-00123",
            **protection,
        },
        "family": {
            "entered_france_on": str(today - timedelta(days=700)), "situation": "single", "children_in_charge": False,
        },
        "document_cases": {"home": "hosted"},
    }  # fmt: skip
    if until:
        held = {
            "number": "CARD9",
            "kind": "resident_card",
            "valid_from": str(until - timedelta(days=3000)),
            "valid_until": str(until),
        }
        said["permit_held"] = held
    return said


def a_draft(person: Person, slug: str = "international_protection", **more: Any) -> Application:
    load_offices()
    publish_catalogue()
    account = world.account_of(person)
    draft = actions.start_draft(account, person, current(slug, clock.today()))
    for section, payload in answers(**more).items():
        _save(draft, section, payload)
    actions.confirm_ephoto(draft, EPHOTO, account)
    variant = queries.evaluation(draft).statement_variant()
    _save(draft, "sworn_statements", {item: True for item in variant.items})
    for asked in queries.evaluation(draft).requirements():
        if asked.required:
            actions.add_document(draft, asked.id, asked.row, a_file(account), account)
    actions.move_to_step(draft, "deposit")
    return draft


def a_deposit(person: Person, slug: str = "international_protection", **more: Any) -> Application:
    return actions.deposit(a_draft(person, slug, **more), world.account_of(person), "")


def _save(draft: Application, section: str, payload: dict[str, Any]) -> None:
    stored = queries.answers(draft).get((section, 0))
    account = world.account_of(draft.person)
    actions.save_section(draft, section, 0, payload, {}, stored.revision if stored else 0, account)
