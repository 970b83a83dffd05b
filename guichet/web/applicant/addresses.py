"""Addresses and communes: as one types (JSON), or by the «Rechercher» button."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guichet.offices.queries import Commune, communes_of, search_communes
from guichet.registries.addresses.port import AddressSuggestion
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.queries import suggest_addresses
from guichet.web.applicant import forms
from guichet.web.applicant.filling import Filling
from guichet.web.applicant.widgets import choice_of
from guichet.web.design.guards import applicant_required

SHORTEST, LONGEST, MOST = 3, 200, 6


@applicant_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Addresses that begin like ``q``. When the base does not answer, says so: one then writes by hand."""
    text = request.GET.get("q", "")[:LONGEST]
    try:
        found = suggest_addresses(text, MOST) if len(text) >= SHORTEST else []
    except RegistryUnavailable as refusal:
        return JsonResponse({"suggestions": [], "message": str(refusal.message)})
    return JsonResponse({"suggestions": [_parts(address) for address in found]})


@applicant_required
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """Communes whose name or postal code begins like ``q``."""
    text = request.GET.get("q", "")[:LONGEST]
    found = search_communes(text, MOST) if len(text) >= 2 else []
    return JsonResponse({"suggestions": _commune_parts(found, "")})


def search(filling: Filling, verb: str, target: str) -> dict[str, Any]:
    """The answer to the buttons: suggestions of addresses for what was written, or of communes for a city and postal code."""
    raw = _raw(filling, target)
    if verb == "communes":
        return _search_communes(raw)
    text = str(raw.get("text", ""))
    if len(text) < SHORTEST:
        return {"message": _("Écrivez au moins trois lettres de votre adresse, puis cherchez à nouveau.")}
    try:
        found = suggest_addresses(text[:LONGEST], MOST)
    except RegistryUnavailable as refusal:
        return {"message": str(refusal.message), "by_hand": True}
    if not found:
        return {"message": _("Aucune adresse trouvée. Écrivez-la vous-même ci-dessous."), "by_hand": True}
    choices = [{"label": address.label, "value": choice_of(_parts(address))} for address in found]
    return {"legend": _("Adresses trouvées : choisissez la vôtre"), "choices": choices}


def only_searched(filling: Filling) -> dict[str, dict[str, Any]]:
    """The suggestions for each address typed in the search box and not chosen: nobody has to press the button."""
    found = {}
    for row in filling.rows:
        for asked in row.section.fields:
            raw = row.kept_typed.get(asked.id)
            if asked.type == "address" and raw and not forms.address_written(raw):
                name = forms.name_of(row.section.id, row.number, asked.id)
                found[name] = search(filling, "search", name)
    return found


def _search_communes(raw: dict[str, str]) -> dict[str, Any]:
    city, postal_code = raw.get("city", ""), raw.get("postal_code", "")
    found = search_communes(f"{postal_code} {city}".strip(), MOST) or (communes_of(postal_code)[:MOST] if postal_code else [])
    if not found:
        return {"message": _("Aucune commune trouvée. Vérifiez le code postal et le nom de la ville."), "by_hand": True}
    choices = [
        {"label": parts["label"], "value": choice_of({**raw, **parts, "label": ""})}
        for parts in _commune_parts(found, postal_code)
    ]
    return {"legend": _("Communes trouvées : choisissez la vôtre"), "choices": choices, "by_hand": True}


def _raw(filling: Filling, target: str) -> dict[str, str]:
    for row in filling.rows:
        for asked in row.section.fields:
            if asked.type == "address" and forms.name_of(row.section.id, row.number, asked.id) == target:
                raw = row.raw.get(asked.id)
                return raw if isinstance(raw, dict) else {}
    return {}


def _parts(address: AddressSuggestion) -> dict[str, str]:
    return {
        "label": address.label,
        "text": address.label,
        "house_number": address.house_number,
        "street": address.street,
        "postal_code": address.postal_code,
        "city": address.city,
        "insee_code": address.insee_code,
    }


def _commune_parts(found: Iterable[Commune], postal_code: str) -> list[dict[str, str]]:
    parts = []
    for commune in found:
        codes = commune.postal_codes
        code = postal_code if postal_code in codes else (codes[0] if codes else "")
        label = f"{commune.name} ({code or commune.department})"
        parts.append({"label": label, "city": commune.name, "postal_code": code, "insee_code": commune.insee_code})
    return parts
