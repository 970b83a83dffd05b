"""Orientation: for whom, what is held, why; then the procedure. Plain links: the answers are in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.procedures import queries as procedures
from guichet.web.public.motives import FOR_WHOM, HOLDING, Choice, offer

QUESTIONS = (("pour", FOR_WHOM), ("situation", HOLDING))


@require_safe
def orientation(request: HttpRequest) -> HttpResponse:
    """Asks the first question without an answer; with both, the motives."""
    answered: list[dict[str, Any]] = []
    query = ""
    for name, choices in QUESTIONS:
        chosen = _chosen(choices, request.GET.get(name, ""))
        if chosen is None:
            offered = [{"choice": choice, "url": f"?{query}{name}={choice.code}"} for choice in choices]
            return render(request, "public/orientation.html", {"question": name, "offered": offered, "answered": answered})
        answered.append({"question": name, "choice": chosen, "change_url": f"?{query}" if query else request.path})
        query += f"{name}={chosen.code}&"
    definitions = [procedures.definition_of(published) for published in procedures.all_current()]
    for_whom, holding = (answer["choice"].meaning for answer in answered)
    families = [
        {
            "title": family.title,
            "icon": family.icon,
            "offers": [offer(motive, definitions, for_whom, holding) for motive in family.motives],
        }
        for family in procedures.orientation().families
    ]
    return render(request, "public/orientation.html", {"question": "motif", "families": families, "answered": answered})


def _chosen(choices: tuple[Choice, ...], code: str) -> Choice | None:
    return next((choice for choice in choices if choice.code == code), None)
