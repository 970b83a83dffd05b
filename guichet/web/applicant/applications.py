"""My applications: drafts, what was deposited, the permits that the registry knows; one application; what follows a deposit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guichet.accounts.models import Person
from guichet.accounts.queries import persons_of
from guichet.applications import queries
from guichet.applications.models import Application, State
from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.instruction import queries as instruction
from guichet.instruction.models import Decision
from guichet.messaging import queries as messaging
from guichet.messaging.models import Notification
from guichet.procedures.queries import definition_of
from guichet.registries.agdref.port import PermitRecord
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.queries import find_person
from guichet.web.applicant import prolongations, words
from guichet.web.applicant.attachments import own_application
from guichet.web.applicant.pages import trail
from guichet.web.applicant.pieces import GivenFile, given_file
from guichet.web.design.guards import ApplicantRequest, applicant_required

SIZE = 10


@dataclass(frozen=True)
class PermitHistory:
    """What the registry says of one person's permits; ``problem`` instead when it does not answer."""

    person: Person
    permits: list[dict[str, Any]]
    problem: "str | Promise" = ""


@applicant_required
@require_safe
def index(request: ApplicantRequest) -> HttpResponse:
    """``onglet``: ``demandes`` (drafts and applications), ``titres`` (permits: the registry is asked there only)."""
    tab = "titres" if request.GET.get("onglet") == "titres" else "demandes"
    persons = persons_of(request.user)
    context: dict[str, Any] = {"tab": tab, "persons": persons}
    if tab == "titres":
        context["histories"] = [permit_history(person) for person in persons]
    else:
        after = _key(request.GET.get("apres", ""))
        found, more = queries.applications_of(request.user, after=after, size=SIZE)
        context |= {
            "drafts": [] if after else _drafts(request),
            "applications": [_line(application) for application in found],
            "first_url": reverse("applicant:applications") if after else "",
            "next_url": f"?{urlencode({'apres': _key_text(found[-1])})}" if more else "",
        }
    return render(request, "applicant/applications.html", context)


def _drafts(request: ApplicantRequest) -> list[dict[str, Any]]:
    drafts = []
    for draft in queries.drafts_of(request.user):
        definition = definition_of(draft.procedure)
        step = definition.step(draft.current_step)
        number = definition.steps.index(step) + 1 if step else 1
        drafts.append(
            {"draft": draft, "title": definition.title, "step": step, "number": number, "total": len(definition.steps)}
        )
    return drafts


def _line(application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "title": definition_of(application.procedure).title,
        "state": queries.state_in_words(application),
        "tone": words.TONES[application.state],
    }


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sep, pk = text.partition("_")
    instant = clock.read_instant(moment)
    try:
        return (instant, UUID(pk)) if instant else None
    except ValueError:
        return None


def _key_text(application: Application) -> str:
    return f"{application.deposited_at.isoformat()}_{application.pk}" if application.deposited_at else ""


def permit_history(person: Person) -> PermitHistory:
    """Asks the registry, which may be slow or down: the page then says so."""
    if not person.foreigner_number:
        return PermitHistory(person, [], _("Le numéro étranger n'est pas encore attribué : il n'y a pas d'historique."))
    try:
        record = find_person(person.foreigner_number)
    except RegistryUnavailable:
        problem = _(
            "Le registre des titres ne répond pas pour le moment. Vos demandes ne sont pas concernées : réessayez plus tard."
        )
        return PermitHistory(person, [], problem)
    permits = sorted(record.permits, key=lambda permit: permit.valid_from, reverse=True) if record else []
    return PermitHistory(person, [_permit(permit) for permit in permits])


def _permit(permit: PermitRecord) -> dict[str, Any]:
    return {
        "number": permit.number,
        "from": permit.valid_from,
        "until": permit.valid_until,
        "kind": words.permit_kind(permit.kind),
        "reason": words.permit_reason(permit.reason),
        "status": words.PERMIT_STATUSES.get(permit.status, permit.status),
    }


@applicant_required
@require_safe
def application(request: ApplicantRequest, number: str) -> HttpResponse:
    """One application: where it stands, what comes next and by when, what happened, its documents."""
    found = own_application(request, number)
    decisions = instruction.decisions_of(found)
    letters = unopened_letters(request, decisions)
    context = {
        "application": found,
        "trail": trail("applicant:applications"),
        "title": definition_of(found.procedure).title,
        "state": queries.state_in_words(found),
        "tone": words.TONES[found.state],
        "next": queries.next_step(found),
        "silence_matters": found.state in {State.DEPOSITED, State.UNDER_REVIEW, State.PROPOSED},
        "open_action": _open_action(request, found, letters),
        "entries": [{"at": entry.at, "title": entry.text, "by": words.actor(entry.actor)} for entry in queries.timeline(found)],
        "papers": certificate_lines(found, letters),
        "prolongation": prolongations.shown(found),
        "given": _given(found),
        "observations": _observations(found),
    }
    return render(request, "applicant/application.html", context)


def unopened_letters(request: ApplicantRequest, decisions: Iterable[Decision]) -> dict[str, str]:
    """The letters of decisions not opened yet, by number: where they are opened (empty for another account's)."""
    waiting = {("decision", str(decision.pk)): decision for decision in decisions if decision.opened_at is None}
    told = messaging.about(request.user, waiting)
    return {decision.document_number: _address_of(told.get(subject)) for subject, decision in waiting.items()}


def _address_of(notification: Notification | None) -> str:
    return reverse("applicant:notification", args=[notification.pk]) if notification else ""


def _open_action(request: ApplicantRequest, application: Application, letters: dict[str, str]) -> dict[str, str] | None:
    """What the person can do now, if anything."""
    if application.state in {State.AWAITING_COMPLEMENT, State.PROPOSED}:
        waiting = instruction.open_request_of(application)
        subject = ("complement_request", str(waiting.pk)) if waiting else None
        url = _address_of(messaging.about(request.user, [subject]).get(subject)) if subject else ""
        if waiting and url:
            label = _("Répondre à la demande de complément") if waiting.opened_at else _("Lire la demande de complément")
            return {"label": label, "url": url}
    url = next((address for address in letters.values() if address), "")
    return {"label": _("Lire la décision"), "url": url} if url else None


def certificate_lines(application: Application, letters: dict[str, str]) -> list[dict[str, Any]]:
    """The official documents but the certificates that prolong rights, which have their own place; a letter that was not
    opened yet leads to its notification, since reading it is dated."""
    return [
        {
            "document": document,
            "title": words.document(document.kind),
            "url": letters.get(document.number, reverse("applicant:document", args=[document.number])),
            "to_open": document.number in letters,
        }
        for document in certificates.documents_of(("application", str(application.pk)))
        if document.kind != OfficialDocument.Kind.PROLONGATION
    ]


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
        "next": queries.next_step(found),
    }
    return render(request, "applicant/confirmation.html", context)
