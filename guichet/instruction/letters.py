"""What the letters of a decision say: drawn from what was deposited, the decision, and the last complement request."""

import base64
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Officer
from guichet.applications import queries as applications
from guichet.applications.models import Application
from guichet.certificates import photos, typesetting
from guichet.certificates.contents import CONTENTS
from guichet.core import clock
from guichet.instruction import papers, terms
from guichet.instruction.grounds import cited
from guichet.instruction.models import Decision
from guichet.instruction.reasons import in_words
from guichet.offices.queries import administrative_court
from guichet.procedures.definition import Definition, Grants, Text
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.queries import definition_of
from guichet.procedures.tables import tables
from guichet.procedures.values import address_lines

KINDS = {
    Decision.Kind.FAVOURABLE.value: "favourable_decision",
    Decision.Kind.REFUSAL.value: "refusal",
    Decision.Kind.INCOMPLETE.value: "closing",
}
OUTCOME = "favourable_outcome"  # where the procedure grants no permit
IDENTITY = ("birth_name", "usage_name", "first_names", "birth_date", "birth_place", "birth_country", "nationality")
CAPACITY = _("Pour le préfet et par délégation")
DRAFT_NUMBER = "PROJET"  # printed on a preview, which is no document


def defaults_for(application: Application, today: date) -> dict[str, Any]:
    """What the procedure grants to these answers, as first values of the decision form: permit, mention, dates, taxes (cents)
    in force. Nothing where it grants no permit."""
    evaluation = _on_the_day_of_deposit(application)
    grants, until = evaluation.grants(), evaluation.granted_until(today)
    if grants is None or until is None:
        return {}
    known = tables()
    taxes = [known[name].on(today) or 0 for name in grants.taxes]
    return {
        "permit_kind": str(grants.permit_label),
        "permit_mention": str(grants.mention_label),
        "valid_from": today,
        "valid_until": until,
        "tax_cents": sum(taxes),
        "allows_schengen": False,
    }


def granted(application: Application) -> Grants | None:
    """The permit that the procedure grants to the answers deposited, on the day of the deposit; None where it grants none."""
    return _on_the_day_of_deposit(application).grants()


def _on_the_day_of_deposit(application: Application) -> Evaluation:
    deposited_on = clock.paris_date(application.deposited_at) if application.deposited_at else None
    return applications.evaluation(application, today=deposited_on)


def kind_of(application: Application, decision: Decision) -> str:
    """The kind of the decision's official document."""
    said = decision.kind == Decision.Kind.FAVOURABLE and definition_of(application.procedure).outcome
    return OUTCOME if said else KINDS[decision.kind]


def data_for(application: Application, decision: Decision) -> dict[str, Any]:
    """The data of the decision's official document, in the shape of ``certificates.contents``."""
    definition = definition_of(application.procedure)
    decided_on = clock.paris_date(decision.signed_at or clock.now())
    return {
        **_common(application, definition),
        "issued_on": decided_on,
        "decided_on": decided_on,
        "decided_by": decision.signed_by.name if decision.signed_by else "",
        **_OWN[decision.kind](application, definition, decision, decided_on),
    }


def preview_pdf(application: Application, decision: Decision, signatory: Officer, language: str) -> bytes:
    """The letter as it would be, numbered as a draft; nothing is issued, numbered or kept."""
    decision.signed_by = signatory
    kind = kind_of(application, decision)
    content = CONTENTS[kind].model_validate(data_for(application, decision))
    if getattr(content, "photo", ""):
        content = content.model_copy(update={"photo": photos.small_jpeg(content.photo)})  # type: ignore[attr-defined]
    return typesetting.official_pdf(kind, content, DRAFT_NUMBER, language, clock.now())


def _common(application: Application, definition: Definition) -> dict[str, Any]:
    snapshot = applications.snapshot(application)
    if snapshot is None or application.office is None:
        raise ValueError("Only a deposited application is decided.")
    content = snapshot.content
    person = content["person"]
    return {
        "number": application.number,
        # The registry may have given a number since the deposit: the letter bears it.
        "foreigner_number": application.person.foreigner_number or person["foreigner_number"],
        **{name: person[name] for name in IDENTITY},
        "address": _address(definition, content["answers"]),
        "office_name": application.office.name,
        "tribunal": administrative_court(application.office.department),
        "procedure_title": definition.title,
    }


def _address(definition: Definition, answers: dict[str, Any]) -> list[str]:
    field = definition.office_address
    given = (answers.get(field.section) or {}).get(field.id) if field else None
    return address_lines(given) if given else []


def _favourable(application: Application, definition: Definition, decision: Decision, decided_on: date) -> dict[str, Any]:
    if definition.outcome:
        return {"outcome": definition.outcome, "capacity": _in_both(CAPACITY)}
    copy = applications.ephoto(application)
    picture = applications.ephoto_picture(copy) if copy else b""
    holds_visa = "visa" in definition.audience.holding
    holds_permit = definition.nature == "renewal"
    grants = granted(application)
    return {
        "photo": base64.b64encode(picture).decode(),
        "nature": definition.nature,
        "permit_kind": _bilingual(decision.permit_kind, grants.permit_label if grants else None),
        "mention": _bilingual(decision.permit_mention, grants.mention_label if grants else None),
        "valid_from": decision.valid_from,
        "valid_until": decision.valid_until,
        "tax_cents": decision.tax_cents,
        "allows_schengen": decision.allows_schengen,
        "valid_only_with": "permit" if holds_permit else "visa" if holds_visa else "",
    }


def _refusal(application: Application, definition: Definition, decision: Decision, decided_on: date) -> dict[str, Any]:
    return {"law": cited(definition, decision.law), "reasons": decision.motivation, "capacity": _in_both(CAPACITY)}


def _closing(application: Application, definition: Definition, decision: Decision, decided_on: date) -> dict[str, Any]:
    requests = list(application.complement_requests.filter(cancelled_at__isnull=True).prefetch_related("items"))
    last = requests[-1]
    asked = {(item.requirement, item.row): item for item in last.items.all()}
    rejected = {paper.key for paper in papers.papers_of(application, requests) if paper.status == papers.REJECTED}
    missing = [item for key, item in asked.items() if not last.answered_at or key in rejected]
    return {
        "missing": [
            {"label": _label(definition, item.requirement, item.label), "reason": _why(item.reason, item.observation)}
            for item in missing
        ],
        "reasons": decision.motivation,
        "requested_on": clock.paris_date(last.sent_at),
        "opened_on": clock.paris_date(last.opened_at) if last.opened_at else None,
        "due_on": last.due_on,
        "reopen_until": decided_on + timedelta(days=terms.REOPENING_DAYS),
        "capacity": _in_both(CAPACITY),
    }


_OWN = {
    Decision.Kind.FAVOURABLE.value: _favourable,
    Decision.Kind.REFUSAL.value: _refusal,
    Decision.Kind.INCOMPLETE.value: _closing,
}


def _bilingual(written: str, known: Text | None) -> dict[str, str]:
    """The procedure's own words in both languages; what the officer wrote otherwise is kept as written."""
    if known and written in (known.fr, known.en):
        return {"fr": known.fr, "en": known.en}
    return {"fr": written, "en": written}


def _label(definition: Definition, requirement: str, label: str) -> dict[str, str]:
    known = definition.requirement_label(requirement)
    return {"fr": known.fr, "en": known.en} if known else {"fr": label, "en": label}


def _in_both(words: Promise) -> dict[str, str]:
    found = {}
    for language in ("fr", "en"):
        with translation.override(language):
            found[language] = str(words)
    return found


def _why(reason: str, observation: str) -> dict[str, str]:
    """The sentence of the reason in both languages, then the officer's own words as they were written."""
    found = {}
    for language in ("fr", "en"):
        with translation.override(language):
            found[language] = " ".join(filter(None, (in_words(reason), observation)))
    return found
