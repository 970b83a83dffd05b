"""The mailbox, the clock, and starting afresh."""

import re
from datetime import timedelta
from html import escape

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from guichet.core import clock, storage, worker
from guichet.core.identifiers import whole_number
from guichet.demo import world
from guichet.messaging import queries
from guichet.messaging.models import OutboxMessage

LINK = re.compile(r"https?://[^\s<]+")
STEPS = {
    "30m": timedelta(minutes=30),
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
MOST_DAYS = 3660


def clickable(text: str) -> SafeString:
    """The text of a mail with its links clickable; those of this site lead to this very server, whatever its address."""

    def link(match: re.Match[str]) -> str:
        address = match[0]
        # What merely begins like our address («https://our.site.example.com») leads nowhere of ours.
        path = address.removeprefix(settings.SITE_URL)
        target = path or "/" if path != address and re.match(r"(/(?!/)|$)", path) else address
        return f'<a class="fr-link" href="{target}">{address}</a>'

    return mark_safe(LINK.sub(link, escape(text)))  # noqa: S308 - escaped just before


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mailbox.html", {"outbox": queries.outbox(limit=100)})


@require_safe
def message(request: HttpRequest, pk: str) -> HttpResponse:
    found = get_object_or_404(OutboxMessage, pk=pk)
    return render(request, "demo/message.html", {"mail": found, "body": clickable(found.body)})


@require_safe
def attachment(request: HttpRequest, pk: str, index: int) -> HttpResponse:
    found = get_object_or_404(OutboxMessage, pk=pk)
    if index >= len(found.attachments):
        raise Http404
    file = found.attachments[index]
    response = HttpResponse(storage.read(file["key"]), content_type=file["content_type"])
    response["Content-Disposition"] = f'inline; filename="{file["name"]}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def move_clock(request: HttpRequest) -> HttpResponse:
    """Moves the clock forward, then does at once what falls due."""
    if request.method == "POST":
        step = STEPS.get(request.POST.get("step", ""))
        if step is None:
            days = request.POST.get("days", "")
            if not 0 < (whole_number(days) or 0) <= MOST_DAYS:
                messages.error(request, _("Écrivez un nombre de jours entre 1 et %(most)d.") % {"most": MOST_DAYS})
                return redirect("demo:clock")
            step = timedelta(days=int(days))
        clock.move(step)
        handled = worker.run_due()
        messages.success(
            request,
            ngettext(
                "L'horloge a avancé ; %(count)d chose échue a été faite.",
                "L'horloge a avancé ; %(count)d choses échues ont été faites.",
                handled,
            )
            % {"count": handled},
        )
        return redirect("demo:clock")
    moment = clock.now() if request.method == "GET" else None
    return render(request, "demo/clock.html", {"moment": moment, "offset": clock.stored_offset(), "most": MOST_DAYS})


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        logout(request)
        world.start_afresh()
        messages.success(request, _("Le monde de démonstration est comme neuf."))
        return redirect("/")
    return render(request, "demo/reset.html")
