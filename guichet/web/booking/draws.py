"""Draws of places: where each stands, what is published of it, how to check it oneself, replaying it here."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.draws import drawing
from guichet.appointments.models import AppointmentType, Draw, DrawFile
from guichet.core import throttling
from guichet.core.addresses import client_address
from guichet.core.errors import TooManyTries
from guichet.web.booking import steps
from guichet.web.booking.choosing import waiting_url
from guichet.web.booking.draw_forms import slot_label
from guichet.web.booking.draw_words import address, row_of
from guichet.web.booking.wall import render

REPLAYED_AT_ONCE = 5000  # registrations: more are replayed by the worker
REPLAYS = throttling.Limit("draw_replay", 12, 600)  # from one address in ten minutes
SCRIPT = Path(drawing.__file__)  # the very file that gives the places
FINDINGS: dict[str, Promise] = {
    "list_form": _("La liste n'est pas écrite selon la règle."),
    "outcome_form": _("Le résultat n'est pas écrit selon la règle."),
    "hash_announced": _("L'empreinte de la liste n'est pas celle qui a été annoncée."),
    "hash_of_outcome": _("Le résultat parle d'une autre liste."),
    "seed": _("La graine du résultat n'est pas celle de la source."),
    "everybody": _("Le résultat ne compte pas tous les inscrits."),
    "order": _("L'ordre n'est pas celui de la règle."),
    "result": _("Une place n'est pas celle de la règle."),
}


def draw_or_404(office: str, type: str, date: str) -> Draw:
    found = appointments.draw_of(office, type, date)
    if found is None:
        raise Http404
    return found


def about(draw: Draw) -> dict[str, Any]:
    """What every page about a draw shows."""
    return {**row_of(draw), "type": draw.type, "office": draw.type.office, "trail": trail_of(draw.type)}


def trail_of(type: AppointmentType) -> list[dict[str, Any]]:
    return [
        {"url": reverse("booking:index"), "label": _("Rendez-vous")},
        {"url": steps.address("type", type), "label": type.name},
    ]


@require_safe
def draws(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Every draw of a type, the latest first."""
    found = steps.type_or_404(office, type)
    rows = [row_of(each) for each in appointments.draws_of_type(found)]
    context = {"type": found, "office": found.office, "rows": rows, "trail": trail_of(found)}
    return render(request, "booking/draws.html", context)


@require_safe
def draw(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """Where a draw stands, its dates, its files, how to check it."""
    found = draw_or_404(office, type, date)
    return _page(request, found, about_code=_of_code(found, request.GET.get("code", "")))


def _of_code(found: Draw, typed: str) -> dict[str, Any]:
    """What the published outcome says of a code that somebody typed."""
    code = typed.strip()[:40]
    result = appointments.result_of_code(found, code) if code else None
    place = ""
    if result is not None and result.slot is not None:
        zone = found.agenda.zone
        starts = {slot.pk: slot.starts_at for slot in appointments.slots_of_draw(found)}
        place = slot_label(starts[result.slot].astimezone(zone)) if result.slot in starts else ""
    return {"code": code, "found": result, "place": place}


def _page(
    request: HttpRequest, found: Draw, report: drawing.Report | None = None, about_code: dict[str, Any] | None = None
) -> HttpResponse:
    zone = found.agenda.zone
    context: dict[str, Any] = {
        **about(found),
        "files": appointments.draw_files(found),
        "simulated": found.beacon["source"] == "simulated",
        "put_off": "put_off_from" in found.beacon,
        "first_day": found.first_day,
        "last_day": found.last_day,
        "registrations": found.counts.get("registrations", 0),
        "replayed": found.replayed_at.astimezone(zone) if found.replayed_at else None,
        "findings": [FINDINGS[code] for code, _detail in found.replay_findings],
        "report": report,
        "report_findings": [(FINDINGS[code], detail) for code, detail in report.findings] if report else [],
        "waiting_url": waiting_url(found.type),
        **(about_code or {"code": "", "found": None, "place": ""}),
    }
    return render(request, "booking/draw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """Replays the draw from its published files: while one waits, or by the worker when it is large."""
    found = draw_or_404(office, type, date)
    if request.method != "POST" or found.state != Draw.State.DRAWN:
        return redirect(address("draw", found))
    try:
        throttling.spend(REPLAYS, client_address(request))
    except TooManyTries as refusal:
        messages.error(request, str(refusal.message))
        return redirect(address("draw", found))
    if found.counts["registrations"] <= REPLAYED_AT_ONCE:
        return _page(request, found, actions.replay_draw(found))
    actions.ask_replay(found)
    messages.info(request, str(_("Ce tirage est grand : il est rejoué à part. Rechargez cette page dans une minute.")))
    return redirect(address("draw", found))


@require_safe
def listed(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """The published list, byte for byte."""
    return _file(request, office, type, date, DrawFile.Kind.LIST, "liste")


@require_safe
def outcome(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """The published outcome, byte for byte."""
    return _file(request, office, type, date, DrawFile.Kind.OUTCOME, "resultat")


def _file(request: HttpRequest, office: str, type: str, date: str, kind: str, name: str) -> HttpResponse:
    """Written once: whoever has it already is told so without it being read."""
    found = draw_or_404(office, type, date)
    etag = f'"{appointments.draw_files(found).get(kind, "")}"'
    if len(etag) > 2 and etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    published = appointments.draw_file(found, kind)
    if published is None:
        raise Http404
    response = HttpResponse(published.text.encode("ascii"), content_type="application/jsonl; charset=us-ascii")
    response["Content-Disposition"] = f'attachment; filename="{name}-{found.slug}.jsonl"'
    response["ETag"] = etag
    return response


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script that checks a draw at home: the very file by which places are given here."""
    response = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tirage.py"'
    return response
