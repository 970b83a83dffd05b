"""A complement request: before opening, what opening means; then each document, kept or updated; sent once, whole."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guichet.core.errors import ActionRefused
from guichet.core.identifiers import legible, whole_number
from guichet.files import actions as files
from guichet.instruction import actions, queries
from guichet.instruction.errors import AnswersIncomplete, Invalid
from guichet.instruction.for_person import ItemSheet, RequestSheet
from guichet.instruction.models import ComplementItem
from guichet.messaging import queries as messaging
from guichet.messaging.models import Notification
from guichet.web.applicant import words
from guichet.web.applicant.pages import trail
from guichet.web.applicant.pieces import given_file
from guichet.web.design import language
from guichet.web.design.guards import ApplicantRequest, applicant_required

LONGEST = 5000


def own_sheet(request: ApplicantRequest, notification: Notification) -> RequestSheet:
    """The request that a notification is about; ``Http404`` when it is not the account's."""
    pk = notification.subject_id
    sheet = queries.request_for(request.user, int(pk)) if pk.isdigit() else None
    if sheet is None:
        raise Http404
    return sheet


def page(
    request: ApplicantRequest,
    notification: Notification,
    *,
    errors: dict[int, dict[str, "str | Promise"]] | None = None,
    typed: dict[int, dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """``errors`` and ``typed`` by item: what was just refused, kept as it was written."""
    sheet = own_sheet(request, notification)
    context: dict[str, Any] = {"notification": notification, "sheet": sheet, "application": sheet.application}
    context["trail"] = trail("applicant:notifications")
    if not sheet.is_opened:
        return render(request, "applicant/complement_to_open.html", context, status=status)
    views = [
        _item_view(notification, sheet, item, (errors or {}).get(item.item.pk, {}), (typed or {}).get(item.item.pk))
        for item in sheet.items
    ]
    context |= {
        "items": views,
        "error_lines": [
            {"anchor": f"item-{view['id']}", "message": words.about(view["sheet"].label, message)}
            for view in views
            for message in view["errors"].values()
        ],
        "longest": LONGEST,
    }
    return render(request, "applicant/complement.html", context, status=status)


def _item_view(
    notification: Notification, sheet: RequestSheet, item: ItemSheet, errors: dict[str, Any], typed: dict[str, str] | None
) -> dict[str, Any]:
    row = item.item
    values = typed or {"choice": row.choice, "keep_reason": row.keep_reason, "reply": row.reply}
    return {
        "id": row.pk,
        "sheet": item,
        "values": values,
        "errors": errors,
        "files_error": errors.get("files", ""),
        "given": [given_file(sheet.application, document) for document in item.given],
        "files": [given_file(sheet.application, document) for document in item.files],
        "url": reverse("applicant:answer_item", args=[notification.pk, row.pk]),
    }


@applicant_required
@require_POST
def answer(request: ApplicantRequest, notification: UUID, item: int) -> HttpResponse:
    """One document of the request: its answer, its files. Saved at once; nothing leaves until everything is sent."""
    found, sheet = _found(request, notification)
    row = next((each.item for each in sheet.items if each.item.pk == item), None)
    if row is None:
        raise Http404
    here = f"{reverse('applicant:notification', args=[found.pk])}#item-{item}"
    verb, _colon, target = str(request.POST.get("action") or "save").partition(":")
    if request.accepts("application/json") and not request.accepts("text/html"):
        return _receive_for_script(request, sheet, row)
    if verb == "remove_file":
        try:
            number = whole_number(target)
            if number is not None:
                actions.remove_answer_file(sheet.request, row, number, request.user)
        except ActionRefused as refusal:
            messages.warning(request, str(refusal.message))
        return redirect(here)
    typed = {name: legible(str(request.POST.get(name) or "")) for name in ("choice", "keep_reason", "reply")}
    errors: dict[str, Any] = {}
    problems = _receive(request, sheet, row)
    if problems:
        errors["files"] = " ".join(problems)
    elif request.FILES and not typed["choice"]:
        typed["choice"] = ComplementItem.Choice.UPDATE
    if typed["choice"] or not (request.FILES or language.is_switch(request)):
        try:
            actions.answer_item(sheet.request, row, typed["choice"], typed["keep_reason"], typed["reply"], request.user)
        except Invalid as refusal:
            if refusal.code in {"already_sent", "cancelled"}:
                messages.warning(request, str(refusal.message))
                return redirect(here)
            errors[refusal.field or "choice"] = refusal.message
    if errors and not language.is_switch(request):
        return page(request, found, errors={item: errors}, typed={item: typed}, status=422)
    return redirect(here)


def _receive(request: ApplicantRequest, sheet: RequestSheet, row: ComplementItem) -> list[str]:
    """Takes the files that came with the answer. A sentence for each that is not taken."""
    problems = []
    for uploaded in request.FILES.getlist("files"):
        try:
            actions.add_answer_file(sheet.request, row, files.receive(uploaded, account=request.user), request.user)
        except ActionRefused as refusal:
            problems.append(f"« {uploaded.name} » : {refusal.message}")
    pages = request.FILES.getlist("pages")
    if pages:
        try:
            joined = files.join(pages, row.label or _("document"), account=request.user)
            actions.add_answer_file(sheet.request, row, joined, request.user)
        except ActionRefused as refusal:
            problems.append(str(refusal.message))
    return problems


def _receive_for_script(request: ApplicantRequest, sheet: RequestSheet, row: ComplementItem) -> HttpResponse:
    problems = _receive(request, sheet, row)
    if problems:
        return JsonResponse({"error": " ".join(problems)}, status=422)
    return JsonResponse({"received": len(request.FILES)})


@applicant_required
@require_POST
def send(request: ApplicantRequest, notification: UUID) -> HttpResponse:
    """Everything at once, once."""
    found, sheet = _found(request, notification)
    try:
        actions.send_answers(sheet.request, request.user)
    except AnswersIncomplete as refusal:
        errors: dict[int, dict[str, str | Promise]] = {
            pk: {"choice": _("répondez à ce document avant d'envoyer.")} for pk in refusal.items
        }
        return page(request, found, errors=errors, status=422)
    except Invalid as refusal:
        messages.warning(request, str(refusal.message))
        return redirect("applicant:notification", found.pk)
    messages.success(
        request, _("Vos réponses sont envoyées. L'examen de votre demande reprend : un courriel vous préviendra de la suite.")
    )
    return redirect("applicant:notification", found.pk)


def _found(request: ApplicantRequest, notification: UUID) -> tuple[Notification, RequestSheet]:
    found = messaging.notification_of(request.user, notification)
    if found is None or found.subject_kind != "complement_request":
        raise Http404
    sheet = own_sheet(request, found)
    if not sheet.is_opened:
        raise Http404
    return found, sheet
