"""The queue: filters in the address, rows by key, nearest legal term first."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guichet.core.identifiers import is_code
from guichet.instruction import queries
from guichet.instruction.powers import DEPOSITED_STATES
from guichet.instruction.queries import Filters, Key, Row
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.pages import show

EVERYONE, MINE, NOBODY = "", "1", "personne"


@officer_required()
@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    filters = filters_from(request.GET)
    after = Key.parse(request.GET.get("apres", ""))
    page = queries.queue(request.officer, filters, after)
    query = request.GET.copy()
    query.pop("apres", None)
    context: dict[str, Any] = {
        "filters": filters,
        "rows": [line(row) for row in page.rows],
        "states": [(state, words.STATES[state]) for state in DEPOSITED_STATES],
        "flags": list(words.FLAGS.items()),
        "procedures": [(slug, in_language(title)) for slug, title in queries.procedures_in_use()],
        "offices": _offices(request),
        "people": [(EVERYONE, _("Tous")), (MINE, _("Moi")), (NOBODY, _("Personne encore"))],
        "person": MINE if filters.mine else NOBODY if filters.unassigned else EVERYONE,
        "is_filtered": filters != Filters(),
        "first_url": f"?{query.urlencode()}" if after else "",
        "next_url": _next(query, page.after) if page.after else "",
    }
    return show(request, "officer/queue.html", context)


def filters_from(given: QueryDict) -> Filters:
    """What the address asks; what it cannot ask is left out."""
    person = given.get("mine", EVERYONE)
    state, flag = given.get("state", ""), given.get("flag", "")
    return Filters(
        state=state if state in DEPOSITED_STATES else "",
        flag=flag if flag in words.FLAGS else "",
        mine=person == MINE,
        unassigned=person == NOBODY,
        procedure=_code(given.get("procedure", "")),
        office=_code(given.get("office", "")),
        text=given.get("q", "").strip(),
    )


def _code(text: str) -> str:
    return text if is_code(text) else ""


def line(row: Row) -> dict[str, Any]:
    """A row with its words."""
    return {
        "row": row,
        "procedure": in_language(row.procedure_title),
        "state": words.STATES[row.state],
        "badge": words.STATE_BADGES[row.state],
        "flags": [{"label": words.FLAGS[flag], "badge": words.FLAG_BADGES[flag]} for flag in row.flags],
    }


def in_language(title: dict[str, str]) -> str:
    return title["en"] if (get_language() or "fr").startswith("en") else title["fr"]


def _offices(request: OfficerRequest) -> list[Office]:
    """The offices to choose from, where there is a choice; a national post reaches them all by search."""
    found = {post.office_id: post.office for post in request.officer.posts.all() if post.office}
    return sorted(found.values(), key=lambda office: office.name) if len(found) > 1 else []


def _next(query: QueryDict, after: Key) -> str:
    following = query.copy()
    following["apres"] = str(after)
    return f"?{following.urlencode()}"
