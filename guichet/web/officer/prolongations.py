"""The certificates that prolong somebody's rights: what was issued, what comes next; issuing or stopping one, for a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guichet.applications.moves import subject_of
from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.instruction import actions
from guichet.instruction.queries import ReviewSheet
from guichet.permits import queries as permits
from guichet.permits.queries import ProlongationOf, Standing
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.complement import typed
from guichet.web.officer.forms import ReasonForm
from guichet.web.officer.pages import must_hold, sheet_or_404, show, told

ISSUE, STOP = "issue_certificate", "stop_certificate"


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: OfficerRequest, number: str) -> HttpResponse:
    """Reading asks for reach only. ``act`` is one of the two verbs; ``action`` reads it again before it is confirmed."""
    sheet = sheet_or_404(request, number)
    found = permits.prolongation_of(subject_of(sheet.application))
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in (ISSUE, STOP):
        return _page(request, sheet, found)
    must_hold(request, act, sheet)
    form = ReasonForm(request.POST, prefix=act)
    wanted = request.POST.get("action", "preview")
    if found is None or act not in sheet.verbs or wanted not in ("preview", "confirm") or not form.is_valid():
        return _page(request, sheet, found, **{act: form})
    if wanted == "preview":
        return _preview(request, sheet, found, act, form.cleaned_data["reason"])
    try:
        if act == ISSUE:
            actions.issue_certificate(sheet.application, request.officer, form.cleaned_data["reason"])
            messages.success(request, _("L'attestation est établie. La personne est prévenue par courriel."))
        else:
            actions.stop_certificates(sheet.application, request.officer, form.cleaned_data["reason"])
            messages.success(request, _("L'attestation est arrêtée. La personne est prévenue et peut lire le motif."))
    except ActionRefused as refusal:
        told(request, refusal)
    return redirect("officer:certificates", number)


def _page(request: OfficerRequest, sheet: ReviewSheet, found: ProlongationOf | None, **forms: ReasonForm) -> HttpResponse:
    today = clock.today()
    context: dict[str, Any] = {
        "sheet": sheet,
        "application": sheet.application,
        "found": found,
        "lines": [_line(each) for each in permits.standings(found.certificates, today)] if found else [],
        "may_issue": bool(found and ISSUE in sheet.verbs and found.by_officer(today)),
        "may_stop": bool(found and STOP in sheet.verbs and found.live),
        "issue_form": forms.get(ISSUE) or ReasonForm(prefix=ISSUE),
        "stop_form": forms.get(STOP) or ReasonForm(prefix=STOP),
        "error_lines": [line for form in forms.values() for line in form.error_lines],
        "period": found.by_officer(today) if found else None,
    }
    return show(request, "officer/certificates.html", context, trail=_trail(sheet))


def _line(each: Standing) -> dict[str, Any]:
    certificate = each.certificate
    return {
        "certificate": certificate,
        "name": each.name,
        "state": words.STANDINGS[each.code],
        "badge": words.STANDING_BADGES[each.code],
        "issued_on": clock.paris_date(certificate.issued_at),
        "issued_by": words.ISSUERS[certificate.issued_by_kind],
        "stopped_by": words.STOPS.get(certificate.stop_code, ""),
    }


def _preview(request: OfficerRequest, sheet: ReviewSheet, found: ProlongationOf, act: str, reason: str) -> HttpResponse:
    context = {
        "sheet": sheet,
        "application": sheet.application,
        "stops": act == STOP,
        "live": found.live,
        "period": found.by_officer(clock.today()),
        "name": permits.name_on(clock.today()),
        "reason": reason,
        "typed": typed(request),
    }
    return show(request, "officer/certificates_preview.html", context, trail=_trail(sheet))


def _trail(sheet: ReviewSheet) -> list[tuple[str, Any]]:
    number = str(sheet.application.number)
    return [
        (reverse("officer:queue"), _("Dossiers")),
        (reverse("officer:review", args=[number]), _("Dossier %(number)s") % {"number": number}),
    ]
