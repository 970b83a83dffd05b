"""The recap: everything to read once more, what is missing, observations, and the deposit, which is final."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guichet.applications import actions, queries
from guichet.applications.errors import NotEligible, NotReady, SentBack
from guichet.applications.models import Application
from guichet.core.dates import day_in_words
from guichet.core.identifiers import legible
from guichet.offices.errors import UnknownCommune
from guichet.offices.queries import commune, office_for
from guichet.procedures.definition import CHECKED_SECTION, Definition, Step
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.missing import Missing
from guichet.web.applicant import pieces
from guichet.web.applicant.pages import StepPage, change_views, step_url
from guichet.web.applicant.recap import Recap, StepRecap, missing_link, ticks_in
from guichet.web.design import language
from guichet.web.design.forms import ErrorLine
from guichet.web.design.guards import ApplicantRequest

OBSERVATIONS = "observations"
LONGEST = 4000
UNTICKED = "a-verifier"  # in the address: the page that names what is still to be ticked
ANCHOR = re.compile(r"[A-Za-z0-9_\-]{0,120}")


def page(request: ApplicantRequest, application: Application, definition: Definition, asked: Step) -> HttpResponse:
    if request.method != "POST":
        return _draw(request, application, definition, asked)
    text = legible(str(request.POST.get(OBSERVATIONS) or ""))
    verb, _colon, target = str(request.POST.get("action") or "deposit").partition(":")
    if asked.tick_each:
        ticks = ticks_in(request.POST.getlist("shown"), request.POST.getlist("checked"), target if verb == "check_all" else "")
        actions.tick(application, ticks, request.user)
    if verb == "check" and request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)  # a tick, kept as one goes
    if len(text) > LONGEST:
        return _draw(request, application, definition, asked, written=text, too_long=True)
    if verb == "deposit" and not language.is_switch(request):
        return _deposit(request, application, definition, asked, text)
    _keep(application, request, text)
    if language.is_switch(request):
        return redirect(step_url(application, asked.id))
    return _leave(request, application, definition, asked, verb, target)


def _leave(
    request: ApplicantRequest, application: Application, definition: Definition, asked: Step, verb: str, target: str
) -> HttpResponse:
    """The buttons that do not deposit; everything is kept already."""
    here = step_url(application, asked.id)
    if verb in {"check", "check_all"}:
        return redirect(f"{here}#recap-{target}" if ANCHOR.fullmatch(target) and target else here)
    if verb == "edit":
        step, _colon, anchor = target.partition(":")
        if definition.step(step) is None or not ANCHOR.fullmatch(anchor):
            return redirect(here)
        url = step_url(application, step)
        return redirect(f"{url}#{anchor}" if anchor else url)
    if verb == "abandon":
        return redirect("applicant:abandon", application.pk)
    if verb == "previous":
        before = definition.steps[max(0, definition.steps.index(asked) - 1)]
        actions.move_to_step(application, before.id)
        return redirect(step_url(application, before.id))
    until = day_in_words(application.kept_until) if application.kept_until else ""
    messages.success(
        request,
        _("Tout ce que vous avez écrit est enregistré. Vous pouvez reprendre cette demande jusqu'au %(date)s.")
        % {"date": until},
    )
    return redirect("applicant:applications")


def _keep(application: Application, request: ApplicantRequest, text: str) -> None:
    """Keeps the observations as last written in this page."""
    stored = queries.answers(application).get((OBSERVATIONS, 0))
    revision = stored.revision if stored else 0
    actions.save_section(application, OBSERVATIONS, 0, {"text": text.strip() or None}, {}, revision, request.user)


def _deposit(
    request: ApplicantRequest, application: Application, definition: Definition, asked: Step, text: str
) -> HttpResponse:
    try:
        deposited = actions.deposit(application, request.user, text)
    except SentBack as refusal:
        application.refresh_from_db()
        changes = change_views(application, definition, refusal.changes)
        return _draw(request, application, definition, asked, changes=changes, status=409)
    except NotReady as refusal:
        # What the deposit alone finds out (a photo that has served meanwhile, a commune that is not known) is listed too.
        application.refresh_from_db()
        if all(each.section == CHECKED_SECTION for each in refusal.missing):
            # A page of its own: reloading it sends no older ticks again.
            return redirect(f"{step_url(application, asked.id)}?{UNTICKED}=1#erreurs")
        return _draw(request, application, definition, asked, refused=True, missing=refusal.missing, status=409)
    except NotEligible:  # the page says why: it reads the same definition
        application.refresh_from_db()
        return _draw(request, application, definition, asked, refused=True, status=409)
    return redirect("applicant:confirmation", deposited.number)


def _draw(
    request: ApplicantRequest,
    application: Application,
    definition: Definition,
    asked: Step,
    *,
    changes: list[Any] | None = None,
    refused: bool = False,
    missing: list[Missing] | None = None,
    written: str | None = None,
    too_long: bool = False,
    status: int = 200,
) -> HttpResponse:
    answers = list(application.answers.all())
    evaluation = queries.evaluation(application, rows=answers)
    if changes is None:
        changes = change_views(application, definition, queries.changes(application, evaluation))
    step_page = StepPage(application, definition, asked, changes=changes)
    documents = queries.documents(application)
    if missing is None:
        missing = [*evaluation.missing(pieces.counts(documents)), *queries.unfinished(application, evaluation)]
    blocks = evaluation.blocks()
    stored = next((str(answer.payload.get("text", "")) for answer in answers if answer.section == OBSERVATIONS), "")
    copy = queries.ephoto(application)
    recaps = Recap(application, evaluation, answers, documents, copy if copy and copy.photo_key else None).steps()
    error_lines = [ErrorLine(OBSERVATIONS, _("Raccourcissez vos observations."))] if too_long else []
    return render(
        request,
        "applicant/recap.html",
        {
            "page": step_page,
            "recaps": recaps,
            "missing": [{"url": missing_link(application, definition, each), "message": each.message} for each in missing],
            "blocks": blocks,
            "warnings": evaluation.warnings(),
            "observations": stored if written is None else written,
            "longest": LONGEST,
            "too_long": too_long,
            "refused": refused,
            "office": _office(definition, evaluation),
            "error_lines": [*error_lines, *(_unticked_lines(recaps) if UNTICKED in request.GET else ())],
            "tick_count": sum(len(part.ticks) for recap in recaps for part in recap.parts),
            "ticked_count": sum(part.ticked for recap in recaps for part in recap.parts),
        },
        status=status,
    )


def _unticked_lines(recaps: list[StepRecap]) -> list[ErrorLine]:
    """What is still to tick, one line per part, leading to its first empty box."""
    lines = []
    for recap in recaps:
        for part in recap.parts:
            left = [line for line in part.lines if line.tick and not line.tick.is_ticked]
            if not left or not left[0].tick:
                continue
            names = ", ".join(line.label.rstrip(" ?:.") for line in left)
            if len(left) == len(part.ticks):  # a part not read yet: its title says enough
                said = _("À vérifier et à cocher : %(title)s") % {"title": part.full_title}
            else:
                said = _("À vérifier et à cocher dans « %(title)s » : %(names)s.") % {"title": part.full_title, "names": names}
            lines.append(ErrorLine(left[0].tick.id, said))
    return lines


def _office(definition: Definition, evaluation: Evaluation) -> str:
    """The office that will examine, as the address says; empty as long as it does not."""
    asked = definition.office_address
    address = evaluation.raw(asked.section, asked.id) if asked else None
    code = address.get("insee_code") if isinstance(address, dict) else ""
    if not code or commune(code) is None:
        return ""
    try:
        return office_for(code).name
    except UnknownCommune:
        return ""
