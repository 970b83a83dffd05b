"""The bot check as pages show and pass it: a proof of work that the browser does by itself, or a question."""

import json
from typing import Any

from django.http import HttpRequest

from guichet.core import bot_check
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused, TooManyTries
from guichet.web.design import language
from guichet.web.design.forms import ErrorLine

REFUSALS = (bot_check.CheckRefused, TooManyTries)


def shown(request: HttpRequest, refusal: ActionRefused | None = None) -> dict[str, Any]:
    """What ``parts/check_forms.html`` needs: a new challenge and a new question, and what was wrong with the last."""
    return {
        "challenge": json.dumps(bot_check.challenge()),
        "question": bot_check.question(),
        "asks_question": "question" in request.GET or "answer" in request.POST,
        "error_lines": [ErrorLine("reponse" if refusal.code == "check_wrong" else "", refusal.message)] if refusal else [],
    }


def passed(request: HttpRequest) -> str:
    """Spends what was posted and returns what it is known by. Raises one of ``REFUSALS``. Outside of transactions."""
    if request.POST.get("proof"):
        return bot_check.pass_proof(request.POST["proof"])
    return bot_check.pass_question(
        request.POST.get("question", ""), request.POST.get("answer", ""), address=client_address(request)
    )


def posted(request: HttpRequest) -> tuple[str, ActionRefused | None]:
    """What the check just sent is known by, else why it was refused; neither on a page that is only looked at."""
    if request.method != "POST" or language.is_switch(request):
        return "", None
    try:
        return passed(request), None
    except REFUSALS as refusal:
        return "", refusal


def status_of(refusal: ActionRefused | None) -> int:
    """The HTTP status of a page that shows the check."""
    return 200 if refusal is None else 429 if isinstance(refusal, TooManyTries) else 422
