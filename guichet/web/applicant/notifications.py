"""Notifications: the list, and each one. Looking opens nothing: what acknowledges is a button that says so."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.instruction import actions as instruction_actions
from guichet.instruction import queries as instruction
from guichet.instruction.models import Decision
from guichet.messaging import actions as messaging_actions
from guichet.messaging import queries as messaging
from guichet.messaging.models import Notification
from guichet.procedures.queries import definition_of
from guichet.web.applicant import conversation, words
from guichet.web.applicant.pages import trail
from guichet.web.design.guards import ApplicantRequest, applicant_required

SIZE = 10

FILTERS = (
    ("all", gettext_lazy("Toutes")),
    ("unread", gettext_lazy("Non lues")),
    ("read", gettext_lazy("Lues")),
    ("answered", gettext_lazy("Répondues")),
)


@dataclass(frozen=True)
class Line:
    """A notification in the list."""

    notification: Notification
    title: "str | Promise"
    status: "str | Promise"
    at: datetime | None  # read or answered on

    @property
    def number(self) -> str:
        return str(self.notification.data.get("number", ""))


@applicant_required
@require_safe
def index(request: ApplicantRequest) -> HttpResponse:
    status = request.GET.get("statut", "all")
    status = status if status in messaging.FILTERS else "all"
    after = _key(request.GET.get("apres", ""))
    found, more = messaging.page(request.user, status=status, after=after, size=SIZE)
    here = reverse("applicant:notifications")
    filtered = {"statut": status} if status != "all" else {}
    context = {
        "lines": [_line(each) for each in found],
        "filters": [
            {
                "label": label,
                "url": f"{here}?{urlencode({'statut': code})}" if code != "all" else here,
                "current": code == status,
            }
            for code, label in FILTERS
        ],
        "status": status,
        "first_url": (f"{here}?{urlencode(filtered)}" if filtered else here) if after else "",
        "next_url": f"{here}?{urlencode({**filtered, 'apres': _key_text(found[-1])})}" if more else "",
    }
    return render(request, "applicant/notifications.html", context)


def _line(each: Notification) -> Line:
    at = each.answered_at or each.read_at
    return Line(each, words.title(each), words.STATUSES[each.status], at)


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _sep, pk = text.partition("_")
    instant = clock.read_instant(moment)
    try:
        return (instant, UUID(pk)) if instant else None
    except ValueError:
        return None


def _key_text(each: Notification) -> str:
    return f"{each.created_at.isoformat()}_{each.pk}"


def own_notification(request: ApplicantRequest, pk: UUID) -> Notification:
    found = messaging.notification_of(request.user, pk)
    if found is None:
        raise Http404
    return found


@applicant_required
@require_safe
def notification(request: ApplicantRequest, notification: UUID) -> HttpResponse:
    found = own_notification(request, notification)
    if found.subject_kind == "complement_request":
        return conversation.page(request, found)
    if found.subject_kind == "decision":
        return _decision(request, found)
    return render(
        request,
        "applicant/information.html",
        {
            "notification": found,
            "trail": trail("applicant:notifications"),
            "title": words.title(found),
            "text": words.INFORMATION.get(str(found.data.get("what", "")), ""),
            "number": found.data.get("number", ""),
        },
    )


def _own_decision(request: ApplicantRequest, found: Notification) -> Decision:
    decision = instruction.decision_for(request.user, int(found.subject_id)) if found.subject_id.isdigit() else None
    if decision is None:
        raise Http404
    return decision


def _decision(request: ApplicantRequest, found: Notification) -> HttpResponse:
    decision = _own_decision(request, found)
    template = "decision" if decision.opened_at else "decision_to_open"
    document = certificates.document(decision.document_number) if decision.opened_at and decision.document_number else None
    context = {
        "notification": found,
        "trail": trail("applicant:notifications"),
        "decision": decision,
        "application": decision.application,
        "outcome": definition_of(decision.application.procedure).outcome,
        "document": document,
        "document_title": words.document(document.kind) if document else "",
    }
    return render(request, f"applicant/{template}.html", context)


@applicant_required
@require_POST
def open_notification(request: ApplicantRequest, notification: UUID) -> HttpResponse:
    """The deliberate opening: acknowledges a complement request (30 days begin), dates the reading of a decision."""
    found = own_notification(request, notification)
    if found.subject_kind == "complement_request":
        sheet = conversation.own_sheet(request, found)
        opened = instruction_actions.open_complement_request(sheet.request, request.user)
        if opened.opened_at is None:
            messages.warning(
                request, _("Cette demande de complément n'est plus à ouvrir : la demande a été close entre-temps.")
            )
    elif found.subject_kind == "decision":
        instruction_actions.open_decision(_own_decision(request, found), request.user)
    messaging_actions.mark_read(found)
    if found.kind == "information":
        return redirect("applicant:notifications")
    return redirect("applicant:notification", found.pk)
