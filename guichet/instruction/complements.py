"""Asking for documents: what the request would hold, and sending it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.applications.moves import locked, transition
from guichet.core import clock
from guichet.instruction import papers as papers_room
from guichet.instruction.access import actor, require, role_for
from guichet.instruction.errors import Invalid
from guichet.instruction.models import ComplementItem, ComplementRequest
from guichet.instruction.papers import EXTRA, Paper
from guichet.instruction.reasons import ASKING, NEVER_ASKED, NOT_GIVEN, OTHER
from guichet.instruction.reviewing import LONGEST_TEXT
from guichet.instruction.telling import tell

MOST_ITEMS = 30
LONGEST_LABEL = 200
SUBJECT = "complement_request"  # of the notification


@dataclass(frozen=True)
class AskedItem:
    """One document of a request to come. No ``requirement``: a document never asked before, named by ``label``."""

    requirement: str = ""
    row: int = 0
    label: str = ""
    reason: str = ""
    observation: str = ""

    @property
    def is_extra(self) -> bool:
        return not self.requirement or self.requirement.startswith(EXTRA)


def proposed_items(papers: Iterable[Paper]) -> list[AskedItem]:
    """What the officer's own verdicts ask for: each document rejected last, and each required one that is missing."""
    found = []
    for paper in papers:
        if paper.status == papers_room.REJECTED and paper.latest and paper.latest.verdict:
            verdict = paper.latest.verdict
            found.append(AskedItem(paper.requirement, paper.row, paper.label, verdict.reason, verdict.observation))
        elif paper.status == papers_room.MISSING:
            found.append(AskedItem(paper.requirement, paper.row, paper.label, NOT_GIVEN))
    return found


def checked_items(papers: Sequence[Paper], items: Iterable[AskedItem]) -> list[AskedItem]:
    """The items as they would be sent: known, without repetition, labelled. ``Invalid`` says what to mend."""
    checked: list[AskedItem] = []
    seen: set[tuple[str, int]] = set()
    for item in items:
        item = replace(item, label=item.label.strip(), observation=item.observation.strip()[:LONGEST_TEXT])
        if not item.requirement:
            if not item.label:
                raise Invalid(_("Donnez un nom au document que vous demandez en plus."), "label")
            checked.append(replace(item, label=item.label[:LONGEST_LABEL], reason=NEVER_ASKED))
            continue
        paper = papers_room.find(papers, item.requirement, item.row)
        if paper is None:
            raise Invalid(
                _("Un des documents choisis n'est plus dans la demande. Rechargez la page."), "items", "unknown_document"
            )
        if paper.key in seen:
            raise Invalid(_("Un document est choisi deux fois."), "items", "twice")
        seen.add(paper.key)
        if item.reason not in ASKING:
            raise Invalid(_("Choisissez, pour chaque document, la raison de la demande."), "reason")
        if item.reason == OTHER and not item.observation:
            raise Invalid(_("Expliquez cette autre raison dans l'observation."), "observation")
        # The procedure says its name in each language; a document of ours keeps the name it was given.
        checked.append(replace(item, label=paper.label[:LONGEST_LABEL] if paper.is_extra else ""))
    if not checked:
        raise Invalid(_("Choisissez au moins un document à demander."), "items", "empty")
    if len(checked) > MOST_ITEMS:
        raise Invalid(_("Une demande de complément porte sur 30 documents au plus."), "items", "too_many")
    return checked


def request_complement(
    application: Application, officer: Officer, items: Iterable[AskedItem], message: str = ""
) -> ComplementRequest:
    """Sends a complement request: the state moves, and the request, the event, the notification and its mail leave together.

    The mail says only that something awaits; the term runs from the day the person opens the request. Extra documents get the
    identifiers ``extra-1``, ``extra-2``… over the whole life of the application.
    """
    with transaction.atomic():
        current = locked(application)
        roles = require("request_complement", current, officer)
        papers = papers_room.papers_of(current)
        checked = checked_items(papers, items)
        role = role_for("request_complement", current.state, roles)
        return _send(application, officer, role, checked, papers, message)


def _send(
    application: Application, officer: Officer, role: str, checked: list[AskedItem], papers: list[Paper], message: str
) -> ComplementRequest:
    with transition(application, "request_complement", by=actor(officer), role=role, documents=len(checked)) as row:
        last = row.complement_requests.aggregate(last=Max("round"))["last"] or 0
        request = ComplementRequest.objects.create(
            application=row, round=last + 1, officer=officer, message=message.strip()[:LONGEST_TEXT], sent_at=clock.now()
        )
        extras = sum(1 for paper in papers if paper.is_extra)
        rows = []
        for position, item in enumerate(checked):
            requirement = item.requirement
            if not requirement:
                extras += 1
                requirement = f"{EXTRA}{extras}"
            rows.append(
                ComplementItem(
                    request=request,
                    requirement=requirement,
                    row=item.row,
                    label=item.label,
                    reason=item.reason,
                    observation=item.observation,
                    position=position,
                )
            )
        ComplementItem.objects.bulk_create(rows)
        tell(
            row,
            intent=f"complement_request:{request.pk}",
            kind="complement_request",
            subject=(SUBJECT, str(request.pk)),
            data={"number": row.number, "round": request.round},
        )
    return request
