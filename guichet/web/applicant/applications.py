"""One application; what follows a deposit."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guichet.applications import queries
from guichet.applications.models import Application, State
from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.instruction import queries as instruction
from guichet.instruction.models import Decision
from guichet.messaging import queries as messaging
from guichet.messaging.models import Notification
from guichet.permits import queries as permits
from guichet.procedures.queries import definition_of
from guichet.web.applicant import appointments, prolongations, words
from guichet.web.applicant.attachments import own_application
from guichet.web.applicant.pages import trail
from guichet.web.applicant.pieces import GivenFile, given_file
from guichet.web.applicant.standing import card_of, standing, told
from guichet.web.design.guards import ApplicantRequest, applicant_required


@applicant_required
@require_safe
def application(request: ApplicantRequest, number: str) -> HttpResponse:
    """One application: where it stands, what comes next and by when, what happened, its documents."""
    found = own_application(request, number)
    decisions = instruction.decisions_of(found)
    letters = unopened_letters(request, decisions)
    sealed = found.pk in instruction.sealed_decisions_of([found])
    entries, lines = queries.timeline(found), appointments.shown(found)
    card = card_of(entries, lines)
    context = {
        "application": found,
        "trail": trail("applicant:applications"),
        "title": definition_of(found.procedure).title,
        "standing": standing(found, sealed=sealed, card=card),
        "card": card,
        "card_to_take": card == "open" and not sealed,  # the date to choose is all that is left
        "to_take": appointments.to_take(lines),
        "silence_matters": found.state in {State.DEPOSITED, State.UNDER_REVIEW, State.PROPOSED},
        "open_action": _open_action(request, found, letters),
        "entries": told(entries, sealed=sealed),
        "papers": certificate_lines(found, letters),
        "prolongation": prolongations.shown(found),
        "appointments": lines,
        "given": _given(found),
        "observations": _observations(found),
    }
    return render(request, "applicant/application.html", context)


def unopened_letters(request: ApplicantRequest, decisions: Iterable[Decision]) -> dict[str, str]:
    """The letters of decisions not opened yet, by number: where they are opened (empty for another account's)."""
    waiting = {("decision", str(decision.pk)): decision for decision in decisions if decision.opened_at is None}
    notified = messaging.about(request.user, waiting)
    return {decision.document_number: address_of(notified.get(subject)) for subject, decision in waiting.items()}


def address_of(notification: Notification | None) -> str:
    return reverse("applicant:notification", args=[notification.pk]) if notification else ""


def _open_action(request: ApplicantRequest, application: Application, letters: dict[str, str]) -> dict[str, str] | None:
    """What the person can do now, if anything."""
    if application.state in {State.AWAITING_COMPLEMENT, State.PROPOSED}:
        waiting = instruction.open_request_of(application)
        subject = ("complement_request", str(waiting.pk)) if waiting else None
        url = address_of(messaging.about(request.user, [subject]).get(subject)) if subject else ""
        if waiting and url:
            label = _("Répondre à la demande de complément") if waiting.opened_at else _("Lire la demande de complément")
            return {"label": label, "url": url}
    url = next((address for address in letters.values() if address), "")
    return {"label": _("Lire la décision"), "url": url} if url else None


def certificate_lines(application: Application, letters: dict[str, str]) -> list[dict[str, Any]]:
    """The official documents, the certificates that prolong rights with where they stand; a letter that was not opened yet
    leads to its notification, since reading it is dated."""
    documents = list(certificates.documents_of(("application", str(application.pk))))
    prolonging = permits.by_documents(document.number for document in documents)
    today = clock.today()
    lines = []
    for document in documents:
        certificate = prolonging.get(document.number)
        stands = permits.standing(certificate, today) if certificate else None
        title = stands.name if stands else words.document(document.kind)
        lines.append(
            {
                "document": document,
                "title": words.LETTER if document.number in letters else title,
                "url": letters.get(document.number, reverse("applicant:document", args=[document.number])),
                "to_open": document.number in letters,
                "state": prolongations.STATES[prolongations.seen_as(stands)] if stands else "",
                "tone": prolongations.TONES[prolongations.seen_as(stands)] if stands else "",
            }
        )
    return lines


def _given(application: Application) -> list[dict[str, Any]]:
    """The files given with the deposit, by document, in the order of the procedure."""
    definition = definition_of(application.procedure)
    order = [item.id for item in definition.documents]
    found: dict[str, list[GivenFile]] = {}
    for document in sorted(queries.documents(application), key=lambda one: _place(order, one.requirement)):
        label = str(definition.requirement_label(document.requirement) or document.requirement)
        found.setdefault(label, []).append(given_file(application, document))
    return [{"label": label, "files": files} for label, files in found.items()]


def _place(order: list[str], requirement: str) -> int:
    """Where a document comes in the procedure; one of a case («home__proof») with its document, one that left it last."""
    document = requirement.partition("__")[0]
    return order.index(document) if document in order else len(order)


def _observations(application: Application) -> str:
    snapshot = queries.snapshot(application)
    return str(snapshot.content.get("observations", "")) if snapshot else ""


def _receipt_url(application: Application) -> str:
    """Where the confirmation of the deposit is; ``Http404`` when it was not issued."""
    for document in certificates.documents_of(("application", str(application.pk))):
        if document.kind == OfficialDocument.Kind.DEPOSIT_RECEIPT:
            return reverse("applicant:document", args=[document.number])
    raise Http404


@applicant_required
@require_safe
def receipt(request: ApplicantRequest, number: str) -> HttpResponse:
    """The confirmation of the deposit from the number of the application: what lists link to, without a query for each line."""
    return redirect(_receipt_url(own_application(request, number)))


@applicant_required
@require_safe
def confirmation(request: ApplicantRequest, number: str) -> HttpResponse:
    """What follows the deposit: the receipt, what to do when no mail comes, what happens next."""
    found = own_application(request, number)
    definition = definition_of(found.procedure)
    step = next((each for each in definition.steps if each.kind == "confirmation"), None)
    receipt_url = _receipt_url(found)
    context = {
        "application": found,
        "trail": trail("applicant:applications"),
        "title": definition.title,
        "step": step,
        "total": len(definition.steps),
        "receipt_url": receipt_url,
        "prolongation": prolongations.shown(found),
        "appointments": appointments.shown(found),
        "next": queries.next_step(found),
    }
    return render(request, "applicant/confirmation.html", context)
