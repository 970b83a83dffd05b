"""Lost links: where those are led who have none, and their mail by the e-mail address alone. Its pages are the same whether or
not anything exists."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.web.booking import kept, proofs
from guichet.web.booking.forms import LinksForm
from guichet.web.booking.mail_domains import likely

SENT = "rdv_links_sent"  # the address that was written to


class LinkLost(Exception):
    """The page behind a link was reached without it: on another device, or the day after."""


def lost(request: HttpRequest) -> HttpResponse:
    """To where requests are found again."""
    messages.info(request, str(_("Ouvrez à nouveau le lien de votre courriel. Perdu ? Nous vous le renvoyons ci-dessous.")))
    return redirect("booking:find")


def behind_link(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A page that may raise ``LinkLost``."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except LinkLost:
            return lost(request)

    return page


def _page(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    trail = [
        {"url": reverse("booking:index"), "label": _("Rendez-vous")},
        {"url": reverse("booking:find"), "label": _("Retrouver ma demande de rendez-vous")},
    ]
    return render(request, f"booking/{template}.html", {"trail": trail, **context}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Which address."""
    known = {"email": request.session.get(kept.LOST, "")}
    form = LinksForm(request.POST) if request.method == "POST" else LinksForm(initial=known)
    if form.is_valid():
        kept.lost_with(request, form.cleaned_data["email"])
        return redirect("booking:links_check")
    return _page(request, "links", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The bot check; passed: what there is to send leaves, and nobody is told whether there was."""
    email = request.session.get(kept.LOST)
    if not email:
        return redirect("booking:links")
    proof, refusal = proofs.posted(request)
    if proof:
        actions.send_links_again(email, language=get_language() or settings.LANGUAGE_CODE)
        request.session[SENT] = request.session.pop(kept.LOST)
        return redirect("booking:links_sent")
    context = {"email": email, "meant": likely(email), **proofs.shown(request, refusal)}
    return _page(request, "links_check", context, status=proofs.status_of(refusal))


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What to do now, and when nothing arrives."""
    email = request.session.get(SENT)
    return _page(request, "links_sent", {"email": email}) if email else redirect("booking:links")
