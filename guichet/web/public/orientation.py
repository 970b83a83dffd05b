"""Orientation: the questions of the catalogue, one a page, down to the procedure. The answers are in the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guichet.messaging import queries as messaging
from guichet.procedures import queries as procedures
from guichet.procedures.definition import Definition, Text
from guichet.procedures.orientation import ASKING, CHOICE, Answer, Group, Question, Taken, Walk
from guichet.web.public.known import Known, known_of


@dataclass(frozen=True)
class Offer:
    """An answer as it is shown to one person: where it leads, or why it does not."""

    answer: Answer
    url: str = ""
    closed_because: Text | None = None


@dataclass(frozen=True)
class Heading:
    """The answers under one heading; ``group`` is None where the question has none."""

    group: Group | None
    offers: tuple[Offer, ...]


@require_safe
def orientation(request: HttpRequest) -> HttpResponse:
    """Asks the first question that has no answer, or leads to the procedure that the last answer names."""
    tree = procedures.orientation()
    known = known_of(request.user)
    asking = request.GET.get(ASKING, "")
    walk = tree.walk(request.GET.dict(), known.facts, asking)
    definitions = {one.slug: procedures.definition_of(one) for one in procedures.all_current()}
    if walk.outcome is not None:
        closed = tree.closed_because(walk.outcome, definitions, walk.for_whom, walk.holding)
        if closed is None:
            return redirect(procedure_url(walk.taken[-1].question, walk.outcome))
        walk = Walk(walk.taken[:-1], walk.taken[-1].question)  # asked again: its answers say which are open
    question = walk.question
    if question is None:  # a tree has a first question, and every answer leads to a question or ends
        raise RuntimeError("The orientation asks nothing.")
    headings = _headings(question, walk, definitions)
    context = {
        "question": question,
        "headings": headings,
        "answered": _answered(walk.taken, known),
        "given": [(one.question.name, one.answer.id) for one in walk.taken],
        "some_are_closed": any(offer.closed_because for heading in headings for offer in heading.offers),
        "announcements": messaging.announcements(),
        "unanswered": question.look == "menu" and question.name in request.GET,
    }
    return render(request, "public/orientation.html", context)


def procedure_url(question: Question, answer: Answer) -> str:
    """The page of the procedure that an answer leads to; with what the answer carries, where it carries something."""
    address = reverse("public:procedure", args=[answer.procedure])
    return f"{address}?{urlencode({CHOICE: question.choice_of(answer)})}" if answer.carry else address


def _headings(question: Question, walk: Walk, definitions: Mapping[str, Definition]) -> list[Heading]:
    offers = [_offer(question, answer, walk, definitions) for answer in question.answers]
    if not question.groups:
        return [Heading(None, tuple(offers))]
    return [Heading(group, tuple(offer for offer in offers if offer.answer.group == group.id)) for group in question.groups]


def _offer(question: Question, answer: Answer, walk: Walk, definitions: Mapping[str, Definition]) -> Offer:
    closed = procedures.orientation().closed_because(answer, definitions, walk.for_whom, walk.holding)
    if closed is not None:
        return Offer(answer, closed_because=closed)
    if answer.procedure:
        return Offer(answer, url=procedure_url(question, answer))
    return Offer(answer, url=f"?{_query(walk.taken, (question.name, answer.id))}")


def _query(taken: Iterable[Taken], *more: tuple[str, str]) -> str:
    return urlencode([*((one.question.name, one.answer.id) for one in taken), *more])


def _answered(taken: tuple[Taken, ...], known: Known) -> list[dict[str, Any]]:
    """Each answer with the address where it is changed: what stands before it is kept, what comes after is asked anew."""
    shown = []
    for rank, one in enumerate(taken):
        # What is known would answer again by itself: the address then says that the question is to be asked.
        again = [(ASKING, one.question.name)] if one.question.known_answer(known.facts) else []
        query = _query(taken[:rank], *again)
        shown.append(
            {
                "question": one.question,
                "answer": one.answer,
                "known": known.in_words.get(one.question.knows or "", "") if one.known else "",
                "change_url": f"?{query}" if query else reverse("public:orientation"),
            }
        )
    return shown
