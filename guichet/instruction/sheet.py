"""One application as officers see it: everything on one sheet, and what they may do with it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer
from guichet.accounts.powers import Powers
from guichet.applications import queries as applications
from guichet.applications.models import Application, EPhotoCopy, SupportingDocument
from guichet.applications.moves import subject_of
from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events
from guichet.instruction import decisions, listing, papers, terms
from guichet.instruction.access import verbs_for
from guichet.instruction.complements import AskedItem, proposed_items
from guichet.instruction.models import ComplementRequest, Decision, InternalNote
from guichet.instruction.papers import Paper
from guichet.instruction.powers import WORKERS
from guichet.messaging import queries as messaging
from guichet.procedures.definition import Definition
from guichet.procedures.evaluation import fact_in_words
from guichet.procedures.queries import definition_of
from guichet.procedures.values import display


@dataclass(frozen=True)
class Line:
    """One answer, displayed. ``from_registry`` says that the State's registry answered it."""

    label: str
    value: str
    from_registry: bool = False


@dataclass(frozen=True)
class AnsweredSection:
    id: str
    title: str
    rows: Sequence[Sequence[Line]]


@dataclass(frozen=True)
class TimelineEntry:
    """One act: what, when, by whom (an officer's name; empty for the person and for the system), with its details."""

    at: datetime
    kind: str
    actor_kind: str
    who: str
    visible: bool
    data: dict[str, Any]


@dataclass(frozen=True)
class ReviewSheet:
    """Everything on one application, for an officer in reach of it."""

    application: Application
    definition: Definition
    verbs: frozenset[str]
    sections: Sequence[AnsweredSection]
    facts: Sequence[Line]
    statements: Sequence[str]
    observations: str
    papers: Sequence[Paper]
    requests: Sequence[ComplementRequest]
    decisions: Sequence[Decision]
    notes: Sequence[InternalNote]
    timeline: Sequence[TimelineEntry]
    assigned_to: Officer | None
    may_close_incomplete: bool
    reach_otherwise: bool
    term_passed: bool
    mail_bounced: bool
    photo: EPhotoCopy | None
    official_documents: Sequence[OfficialDocument]

    @property
    def proposal(self) -> Decision | None:
        """The decision that waits for its signature."""
        return next((one for one in self.decisions if not one.signed_at and not one.sent_back_at), None)

    @property
    def proposed_items(self) -> list[AskedItem]:
        return proposed_items(self.papers)

    @property
    def left_to_review(self) -> int:
        return sum(1 for paper in self.papers if paper.status == papers.TO_REVIEW)


def application_for(officer: Officer, number: str) -> Application | None:
    """The application, when it is deposited and in reach of the officer's posts."""
    return _find(accounts.powers_of(officer), number)


def review(officer: Officer, number: str) -> ReviewSheet | None:
    """The sheet of one application; None when it does not exist or is out of the officer's reach.

    A constant number of queries, whatever the number of documents, notes and events.
    """
    powers = accounts.powers_of(officer)
    application = _find(powers, number)
    if application is None:
        return None
    definition = definition_of(application.procedure)
    content = application.snapshot.content
    requests = list(application.complement_requests.select_related("officer").prefetch_related("items", "reminders"))
    given = papers.papers_of(application, requests)
    current = next((one for one in requests if not one.answered_at and not one.cancelled_at), None)
    today = clock.today()
    assigned = getattr(application, "review", None)
    return ReviewSheet(
        application=application,
        definition=definition,
        verbs=verbs_for(application, powers),
        sections=_sections(definition, content),
        facts=_facts(definition, content),
        statements=[item["text"] for item in content["statements"]["items"]],
        observations=content.get("observations", ""),
        papers=given,
        requests=requests,
        decisions=list(application.decisions.select_related("proposed_by", "signed_by")),
        notes=list(application.notes.select_related("officer")),
        timeline=_timeline(application),
        assigned_to=assigned.assigned_to if assigned else None,
        may_close_incomplete=decisions.closable(requests, given, today),
        reach_otherwise=_reach_otherwise(current, today),
        term_passed=current is not None and terms.is_past(current.due_on, today),
        mail_bounced=messaging.has_bounced(application.filed_by),
        photo=applications.ephoto(application),
        official_documents=list(certificates.documents_of(("application", str(application.pk)))),
    )


def _find(powers: Powers, number: str) -> Application | None:
    return (
        listing.in_reach(powers)
        .select_related("person", "office", "procedure", "filed_by", "snapshot", "review__assigned_to")
        .filter(number=number)
        .first()
    )


def _sections(definition: Definition, content: dict[str, Any]) -> list[AnsweredSection]:
    """The deposited answers, section by section, as the definition of the day displays them."""
    from_registry = content["person"]["origin"] != "declared"
    found = []
    for section in definition.sections:
        answered = content["answers"].get(section.id)
        rows = answered if isinstance(answered, list) else [answered] if answered else []
        lines = [
            [
                Line(str(field.label), display(field, row[field.id]), from_registry=bool(field.source) and from_registry)
                for field in section.fields
                if row.get(field.id) not in (None, "", [])
            ]
            for row in rows
        ]
        if any(lines):
            found.append(AnsweredSection(section.id, str(section.title), lines))
    return found


def _facts(definition: Definition, content: dict[str, Any]) -> list[Line]:
    """The facts with a label: what the rules reckoned with at the deposit."""
    return [
        Line(str(fact.label), fact_in_words(definition, name, content["facts"][name]))
        for name, fact in definition.facts.items()
        if fact.label and content["facts"].get(name) is not None
    ]


def _timeline(application: Application) -> list[TimelineEntry]:
    """Every act on the application, oldest first. Two queries."""
    acts = list(events.timeline(subject_of(application)))
    told = [event.actor_id for event in acts if event.actor_kind == "officer"]
    told += [str(event.data["to"]) for event in acts if event.kind == "assigned" and event.data.get("to")]
    ids = {UUID(one) for one in told}
    names = {str(officer.pk): officer.name for officer in Officer.objects.filter(pk__in=ids)}
    return [
        TimelineEntry(
            event.at,
            event.kind,
            event.actor_kind,
            names.get(event.actor_id, ""),
            event.visible,
            {**event.data, "to_name": names.get(str(event.data.get("to", "")), "")},
        )
        for event in acts
    ]


def _reach_otherwise(current: ComplementRequest | None, today: date) -> bool:
    if current is None or current.opened_at is not None:
        return False
    return (today - clock.paris_date(current.sent_at)).days >= terms.REACH_OTHERWISE_AFTER


def document_for(officer: Officer, number: str, document_id: int) -> SupportingDocument | None:
    """One file of an application in reach. Files of an answer that is not sent yet are the person's own business."""
    application = application_for(officer, number)
    if application is None:
        return None
    document = application.documents.filter(pk=document_id).select_related("file").first()
    if document is None or document.round == 0:
        return document
    sent = application.complement_requests.filter(round=document.round, answered_at__isnull=False).exists()
    return document if sent else None


def official_document_for(officer: Officer, number: str, document_number: str) -> OfficialDocument | None:
    """An official document of an application in reach."""
    application = application_for(officer, number)
    document = certificates.document(document_number) if application else None
    if document is None or application is None:
        return None
    return document if (document.subject_kind, document.subject_id) == ("application", str(application.pk)) else None


def proposal_for(officer: Officer, decision_id: int) -> Decision | None:
    """A decision, when its application is in reach of the officer's posts."""
    return (
        Decision.objects.filter(pk=decision_id, application__in=listing.in_reach(accounts.powers_of(officer)).order_by())
        .select_related("application__person", "application__office", "application__procedure", "proposed_by", "signed_by")
        .first()
    )


def colleagues(application: Application) -> list[Officer]:
    """Who may be given the application: those who instruct in its office, by name."""
    return list(
        Officer.objects.filter(posts__office=application.office_id, posts__role__in=sorted(WORKERS)).distinct().order_by("name")
    )
