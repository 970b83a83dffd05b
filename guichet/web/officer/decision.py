"""The decision: which one, its terms, its letter as it will be, then the confirmation."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.instruction import actions, queries, terms
from guichet.instruction.actions import Terms
from guichet.instruction.models import Decision
from guichet.instruction.queries import ReviewSheet
from guichet.procedures.definition import Definition, Text
from guichet.web.design.forms import ErrorLine, GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.complement import typed
from guichet.web.officer.documents import pdf
from guichet.web.officer.forms import FavourableForm, MotivatedForm, OutcomeForm, RefusalForm
from guichet.web.officer.pages import must_hold, sheet_or_404, show, to_sheet, told


def form_for(sheet: ReviewSheet, kind: str, data: QueryDict | None = None) -> GuichetForm:
    """The form of a decision: with what was sent, else with its first values."""
    if kind == Decision.Kind.FAVOURABLE and sheet.definition.outcome:
        return OutcomeForm(data)
    if kind == Decision.Kind.FAVOURABLE:
        return FavourableForm(data, initial=queries.defaults_for(sheet.application, clock.today()))
    if kind == Decision.Kind.INCOMPLETE:
        return MotivatedForm(data)
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    grounds = [(ground.article, ground.cited()[language]) for ground in queries.grounds_of(sheet.definition)]
    return RefusalForm(data, grounds=grounds, initial={"law": list(sheet.definition.legal_basis)})


def outcome_of(definition: Definition, kind: str) -> Text | None:
    """What a decision of this kind gives where the procedure grants no permit."""
    return definition.outcome if kind == Decision.Kind.FAVOURABLE else None


def open_kinds(sheet: ReviewSheet) -> list[str]:
    """The decisions that can be taken now."""
    kinds = [Decision.Kind.FAVOURABLE.value, Decision.Kind.REFUSAL.value] if sheet.verbs & {"decide", "propose"} else []
    if "close_incomplete" in sheet.verbs and sheet.may_close_incomplete:
        kinds.append(Decision.Kind.INCOMPLETE.value)
    return kinds


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: OfficerRequest, number: str) -> HttpResponse:
    sheet = _sheet(request, number)
    kinds = open_kinds(sheet)
    if not kinds:
        messages.info(request, _("Aucune décision ne peut être prise dans l'état du dossier."))
        return to_sheet(number)
    kind = request.POST.get("kind") or request.GET.get("sens", "")
    if kind not in kinds:
        return show(request, "officer/decision_choice.html", _choice(sheet, kinds), trail=_trail(sheet))
    if request.method != "POST":
        return _page(request, sheet, kind, form_for(sheet, kind))
    form = form_for(sheet, kind, request.POST)
    wanted = request.POST.get("action", "preview")
    if wanted not in ("preview", "confirm") or not form.is_valid():
        return _page(request, sheet, kind, form)
    stated = Terms(kind, **form.cleaned_data)
    try:
        if wanted == "preview":
            checked = queries.checked_terms(sheet.application, stated)
            return _preview(request, sheet, checked)
        actions.propose_decision(sheet.application, request.officer, kind, **form.cleaned_data)
    except actions.Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return _page(request, sheet, kind, form)
    except ActionRefused as refusal:
        told(request, refusal)
        return to_sheet(number)
    two_hands = bool(sheet.application.office and sheet.application.office.two_hands)
    messages.success(
        request,
        _("La décision est proposée à la signature.")
        if two_hands
        else _("La décision est prise. La personne est prévenue par courriel."),
    )
    return to_sheet(number, "decisions")


@officer_required()
@require_POST
def letter(request: OfficerRequest, number: str) -> HttpResponse:
    """The letter as it would be: nothing is issued."""
    sheet = _sheet(request, number)
    kind = request.POST.get("kind", "")
    form = form_for(sheet, kind, request.POST) if kind in open_kinds(sheet) else None
    if form is None or not form.is_valid():
        raise Http404
    try:
        stated = queries.checked_terms(sheet.application, Terms(kind, **form.cleaned_data))
    except actions.Invalid as refusal:
        raise Http404 from refusal
    made = Decision(application=sheet.application, **{**vars(stated), "law": list(stated.law or ())})
    content = queries.preview_pdf(sheet.application, made, request.officer, sheet.application.filed_by.language)
    return pdf(content, f"{number}-projet.pdf")


def _sheet(request: OfficerRequest, number: str) -> ReviewSheet:
    sheet = sheet_or_404(request, number)
    must_hold(request, "close_incomplete", sheet)
    return sheet


def _choice(sheet: ReviewSheet, kinds: list[str]) -> dict[str, Any]:
    texts = {
        Decision.Kind.FAVOURABLE.value: _("La demande est acceptée : une lettre dit ce qui change. Aucun titre n'est accordé.")
        if sheet.definition.outcome
        else _("Le titre est accordé : une attestation est remise en attendant la carte."),
        Decision.Kind.REFUSAL.value: _("La demande est refusée : une lettre dit pourquoi et comment contester."),
        Decision.Kind.INCOMPLETE.value: _(
            "Le délai est passé et des documents manquent : le dossier peut être rouvert 30 jours."
        ),
    }
    address = reverse("officer:decision", args=[sheet.application.number])
    choices = [{"title": words.DECISIONS[kind], "text": texts[kind], "url": f"{address}?sens={kind}"} for kind in kinds]
    return {
        "sheet": sheet,
        "application": sheet.application,
        "choices": choices,
        "closing_later": Decision.Kind.INCOMPLETE.value not in kinds,
    }


def _page(request: OfficerRequest, sheet: ReviewSheet, kind: str, form: GuichetForm) -> HttpResponse:
    context = {
        "sheet": sheet,
        "application": sheet.application,
        "kind": kind,
        "kind_label": words.DECISIONS[kind],
        "form": form,
        "outcome": outcome_of(sheet.definition, kind),
        "error_lines": [ErrorLine(line.anchor, line.message) for line in form.error_lines],
        "legal_basis": sheet.definition.legal_basis if kind != Decision.Kind.REFUSAL else (),
    }
    return show(request, "officer/decision.html", context, trail=_trail(sheet))


def _preview(request: OfficerRequest, sheet: ReviewSheet, stated: Terms) -> HttpResponse:
    context = {
        "sheet": sheet,
        "application": sheet.application,
        "stated": stated,
        "outcome": outcome_of(sheet.definition, stated.kind),
        "euros": f"{stated.tax_cents // 100},{stated.tax_cents % 100:02}",
        "kind_label": words.DECISIONS[stated.kind],
        "typed": typed(request),
        "reopening_days": terms.REOPENING_DAYS,
    }
    return show(request, "officer/decision_preview.html", context, trail=_trail(sheet))


def _trail(sheet: ReviewSheet) -> list[tuple[str, Any]]:
    number = str(sheet.application.number)
    return [
        (reverse("officer:queue"), _("Dossiers")),
        (reverse("officer:review", args=[number]), _("Dossier %(number)s") % {"number": number}),
    ]
