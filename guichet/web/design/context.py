"""What every page needs: languages, brand, navigation, unread count."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guichet.messaging import queries as messaging
from guichet.web.design.language import PARAMETER

# (label, name of the route, prefixes of the names of routes under it, only once signed in)
NAVIGATION = (
    (_("Accueil"), "public:home", ("public:home",), False),
    (_("Mes demandes"), "applicant:applications", ("applicant:",), True),
    (_("Demander un titre de séjour"), "public:orientation", ("public:orientation", "public:procedure"), False),
    (_("Prendre un rendez-vous"), "booking:index", ("booking:",), False),
    (_("Aide"), "public:help", ("public:help",), False),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. No query for visitors; one for an applicant, when the bell is drawn."""
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    applicant = signed_in and user.kind == user.Kind.APPLICANT  # type: ignore[union-attr]
    match = request.resolver_match
    return {
        "brand": settings.BRAND,
        "support_phone": settings.SUPPORT_PHONE,
        "page_languages": list(languages(request)),
        "page_language": get_language(),
        "page_navigation": list(navigation(match.view_name if match else "", signed_in=applicant)),
        "signed_in_applicant": applicant,
        "signed_in_officer": signed_in and not applicant,
        "unread_notifications": cache(lambda: messaging.unread_count(user)) if applicant else 0,
    }


def languages(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Each language with the address of this very page in it; the rest of the query is kept."""
    for code, name in settings.LANGUAGES:
        query = request.GET.copy()
        query[PARAMETER] = code
        yield {"code": code, "name": name, "url": f"?{query.urlencode()}", "current": code == get_language()}


def navigation(route: str, *, signed_in: bool) -> Iterator[dict[str, Any]]:
    """The main menu: what leads where, and which entry holds the current page."""
    for label, name, under, reserved in NAVIGATION:
        if signed_in or not reserved:
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            yield {"label": label, "url": url, "current": route.startswith(under)}
