"""The queue: filters in the address, rows by key, nearest legal term first."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts.models import Officer
from guichet.core import typography
from guichet.core.identifiers import is_code
from guichet.instruction import actions, powers, queries
from guichet.instruction.powers import DEPOSITED_STATES
from guichet.instruction.queries import Filters, Key, Row
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.pages import show

EVERYONE, MINE, NOBODY = "", "1", "personne"
LONGEST_QUERY = 1000  # characters of filters that come back after an act


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
        "may_take": _may_take(request),
        "colleagues": queries.colleagues_of(request.officer),
        "may_give": queries.may_give(request.officer),
        "first_url": f"?{query.urlencode()}" if after else "",
        "next_url": _next(query, page.after) if page.after else "",
    }
    return show(request, "officer/queue.html", context)


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: OfficerRequest) -> HttpResponse:
    """Gives the ticked rows: to oneself with ``me``, else to the colleague chosen (nobody chosen: to nobody)."""
    back = _back(request.POST.get("filtres", ""))
    if request.method != "POST":
        return redirect(back)
    take = "me" in request.POST
    if not (_may_take(request) if take else queries.may_give(request.officer)):
        raise PermissionDenied
    numbers = [number for number in request.POST.getlist("dossier") if number.isascii() and number.isdigit()][
        : queries.PAGE_SIZE
    ]
    to: Officer | None = request.officer
    if not take:
        chosen = request.POST.get("to", "")
        to = next((one for one in queries.colleagues_of(request.officer) if str(one.pk) == chosen), None)
        if to is None and chosen != NOBODY:
            messages.error(request, _("Choisissez à qui confier les dossiers cochés."))
            return redirect(back)
    if not numbers:
        messages.error(request, _("Cochez d'abord les dossiers à confier."))
        return redirect(back)
    outcome = actions.assign_many(request.officer, numbers, to)
    if outcome.done:
        messages.success(request, _given(len(outcome.done), to, request.officer))
    for number, why in outcome.refused:
        messages.error(request, _("Dossier %(number)s : %(why)s") % {"number": number, "why": why})
    return redirect(back)


def _may_take(request: OfficerRequest) -> bool:
    return powers.ever("take_up", request.powers.roles) or powers.ever("take_over", request.powers.roles)


def _given(count: int, to: Officer | None, me: Officer) -> str:
    if to is None:
        said = ngettext(
            "%(count)d dossier n'est plus confié à personne.", "%(count)d dossiers ne sont plus confiés à personne.", count
        )
        return said % {"count": count}
    if to.pk == me.pk:
        return ngettext("%(count)d dossier vous est confié.", "%(count)d dossiers vous sont confiés.", count) % {"count": count}
    said = ngettext("%(count)d dossier confié à %(name)s.", "%(count)d dossiers confiés à %(name)s.", count)
    return said % {"count": count, "name": to.name}


def _back(filters: str) -> str:
    """The queue as it was filtered; only an address of ours is led to."""
    query = QueryDict(filters[:LONGEST_QUERY]).urlencode()
    address = reverse("officer:queue")
    return f"{address}?{query}" if query else address


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
    return title["en"] if (get_language() or "fr").startswith("en") else typography.french(title["fr"])


def _offices(request: OfficerRequest) -> list[Office]:
    """The offices to choose from, where there is a choice; a national post reaches them all by search."""
    found = {post.office_id: post.office for post in request.officer.posts.all() if post.office}
    return sorted(found.values(), key=lambda office: office.name) if len(found) > 1 else []


def _next(query: QueryDict, after: Key) -> str:
    following = query.copy()
    following["apres"] = str(after)
    return f"?{following.urlencode()}"
