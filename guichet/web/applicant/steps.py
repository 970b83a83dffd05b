"""One page per step of a draft. Every button saves what was typed first; then it does what it says."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guichet.applications import actions, queries
from guichet.applications.errors import NotADraft, UnknownPlace
from guichet.applications.models import Application
from guichet.core.dates import day_in_words
from guichet.core.errors import ActionRefused
from guichet.procedures.definition import Definition, Step
from guichet.procedures.evaluation import Finding
from guichet.procedures.queries import definition_of
from guichet.web.applicant import addresses, conflicts, deposit, documents
from guichet.web.applicant.drafts import own_draft, where_it_went
from guichet.web.applicant.filling import Filling
from guichet.web.applicant.pages import StepPage, anchor_of, form_page, step_url
from guichet.web.design import language
from guichet.web.design.guards import ApplicantRequest, applicant_required

BLOCKED = "non-eligible"  # in the address: the page that says why the answers close the procedure


@applicant_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: ApplicantRequest, draft: UUID, step: str) -> HttpResponse:
    moved = where_it_went(request, draft)
    if moved:
        return moved
    application = own_draft(request, draft)
    definition = definition_of(application.procedure)
    asked = definition.step(step)
    if asked is None or asked.kind == "confirmation":
        raise Http404
    try:
        if asked.kind == "recap":
            return deposit.page(request, application, definition, asked)
        if request.method == "POST":
            return _save(request, application, definition, asked)
        return _show(request, application, definition, asked)
    except NotADraft as refusal:
        messages.warning(request, str(refusal.message))
        return redirect("applicant:resume", application.pk)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(step_url(application, asked.id))


def _show(request: ApplicantRequest, application: Application, definition: Definition, asked: Step) -> HttpResponse:
    filling = Filling(application, definition, asked)
    if BLOCKED in request.GET and filling.evaluation().blocks():
        return not_eligible(request, application, definition, asked, filling)
    filling.show_kept_errors()
    # Of what is stored: the first row that a page offers is no change.
    stored = queries.evaluation(application, filling.today, rows=filling.answers)
    filling.changes = queries.changes(application, stored)
    return draw(request, filling)


def draw(
    request: ApplicantRequest, filling: Filling, searched: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of the step as it stands."""
    if filling.step.kind == "documents":
        return documents.draw(request, filling, status=status)
    page = form_page(filling, searched)
    return render(request, "applicant/step.html", {"page": page, "error_lines": page.error_lines}, status=status)


def _save(request: ApplicantRequest, application: Application, definition: Definition, asked: Step) -> HttpResponse:
    filling = Filling(application, definition, asked)
    filling.take(request.POST)
    action = str(request.POST.get("action") or "continue")
    if action == "preview":
        return _preview(request, filling)
    found = filling.save(request.user)
    if found:
        return conflicts.page(request, filling, found)
    if language.is_switch(request):
        return redirect(step_url(application, asked.id))
    verb, _colon, target = action.partition(":")
    if asked.kind == "documents":
        answer = documents.act(request, filling, verb, target)
        if answer is not None:
            return answer
    if verb in {"add", "remove", "update"}:
        return _rows(request, filling, verb, target)
    if verb in {"search", "communes"}:
        filling.forgive(target)
        return draw(request, filling, searched={target: addresses.search(filling, verb, target)})
    return leave(request, filling, verb)


def leave(request: ApplicantRequest, filling: Filling, verb: str) -> HttpResponse:
    """The buttons that leave the step: onward only once it is complete; back, out and away always."""
    application, definition = filling.application, filling.definition
    place = definition.steps.index(filling.step)
    if verb == "abandon":
        return redirect("applicant:abandon", application.pk)
    if verb == "quit":
        return _quit(request, application, filling.step)
    if verb == "previous":
        before = definition.steps[max(0, place - 1)]
        actions.move_to_step(application, before.id)
        return redirect(step_url(application, before.id))
    if verb == "observations":
        recap = next((each for each in definition.steps if each.kind == "recap"), filling.step)
        return redirect(f"{step_url(application, recap.id)}#observations")
    complete = filling.check()
    if filling.evaluation().blocks():
        return redirect(f"{step_url(application, filling.step.id)}?{BLOCKED}=1")
    if not complete:
        return draw(request, filling, searched=addresses.only_searched(filling))
    after = definition.steps[min(place + 1, len(definition.steps) - 1)]
    actions.move_to_step(application, after.id)
    return redirect(step_url(application, after.id))


def _quit(request: ApplicantRequest, application: Application, asked: Step) -> HttpResponse:
    actions.move_to_step(application, asked.id)
    until = day_in_words(application.kept_until) if application.kept_until else ""
    messages.success(
        request,
        _("Tout ce que vous avez écrit est enregistré. Vous pouvez reprendre cette demande jusqu'au %(date)s.")
        % {"date": until},
    )
    return redirect("applicant:applications")


def _rows(request: ApplicantRequest, filling: Filling, verb: str, target: str) -> HttpResponse:
    """Rows added and removed; «update» only shows what the answers change."""
    application = filling.application
    anchor = target
    section, _colon, number = target.partition(":")
    try:
        if verb == "add":
            added = actions.add_row(application, section, request.user)
            anchor = f"{section}-{added.row}"
        elif verb == "remove":
            row = next((row for row in filling.rows if row.section.id == section and str(row.number) == number), None)
            if row is None or row.answer is None:
                raise UnknownPlace
            actions.remove_row(application, section, row.number, row.revision, request.user)
            anchor = f"section-{section}"
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
    url = step_url(application, filling.step.id)
    return redirect(f"{url}#{anchor}" if anchor else url)


def _preview(request: ApplicantRequest, filling: Filling) -> HttpResponse:
    """The questions as they would show with what is typed now. Saves nothing: the page asks while one types."""
    page = form_page(filling)
    return render(request, "applicant/parts/step_body.html", {"page": page})


def not_eligible(
    request: ApplicantRequest, application: Application, definition: Definition, asked: Step, filling: Filling
) -> HttpResponse:
    """The answers close this procedure: why, what else is open, and two ways on."""
    page = StepPage(application, definition, asked)
    blocks = [
        {"rule": found, "url": finding_url(application, definition, found, asked.id)} for found in filling.evaluation().blocks()
    ]
    return render(request, "applicant/not_eligible.html", {"page": page, "blocks": blocks})


def finding_url(application: Application, definition: Definition, found: Finding, otherwise: str) -> str:
    """Where «change my answer» leads."""
    return f"{step_url(application, found.step or otherwise)}#{anchor_of(definition, found.section, None, found.field)}"
