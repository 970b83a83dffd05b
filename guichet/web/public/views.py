"""Home, help, and the pages the law asks for."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guichet.accounts import queries as accounts
from guichet.appointments import queries as appointments
from guichet.messaging import queries as messaging
from guichet.web.public import topics
from guichet.web.public.services import SERVICES


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "services": SERVICES,
        "follow_url": reverse("applicant:applications"),
        "announcements": messaging.announcements(),
    }
    return render(request, "public/home.html", context)


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"groups": topics.GROUPS})


@require_safe
def help_topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = topics.topic(slug)
    if topic is None:
        raise Http404
    context = {
        "topic": topic,
        "topics": topics.TOPICS,
        "trail": [{"url": reverse("public:help"), "label": _("Aide")}],
        "draft_kept_days": settings.DRAFT_KEPT_DAYS,
    }
    return render(request, topic.template, context)


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of text: ``public/<name>.html``."""
    context = {
        "site_url": settings.SITE_URL,
        "draft_kept_days": settings.DRAFT_KEPT_DAYS,
        "kept_days": appointments.kept_days(),
        "proof_kept_years": appointments.proof_kept_years(),
        "with_franceconnect": accounts.franceconnect_is_open(),
        "franceconnect_is_simulated": accounts.franceconnect_is_simulated(),
    }
    return render(request, f"public/{name}.html", context)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    return render(request, "public/site_map.html", {"groups": _map()})


def _map() -> list[dict[str, Any]]:
    def link(label: str, route: str) -> dict[str, str]:
        return {"label": label, "url": reverse(route)}

    return [
        {
            "title": _("Démarches"),
            "links": [
                link(_("Accueil"), "public:home"),
                link(_("Trouver ma démarche"), "public:orientation"),
                link(_("Mes demandes"), "applicant:applications"),
                link(_("Notifications"), "applicant:notifications"),
                link(_("Prendre un rendez-vous"), "booking:index"),
                link(_("Retrouver ma demande de rendez-vous"), "booking:find"),
            ],
        },
        {
            "title": _("Compte"),
            "links": [
                link(_("Créer un compte"), "account:create"),
                link(_("Se connecter"), "account:sign_in"),
                link(_("Mot de passe oublié"), "account:forgotten_password"),
                link(_("Identifiant oublié"), "account:forgotten_identifier"),
                link(_("Mon compte"), "account:home"),
            ],
        },
        {
            "title": _("Aide"),
            "links": [
                link(_("Toutes les questions"), "public:help"),
                *({"label": topic.title, "url": topic.url} for topic in topics.TOPICS),
                link(_("Nous contacter"), "public:contact"),
            ],
        },
        {
            "title": _("À propos"),
            "links": [
                link(_("Accessibilité"), "public:accessibility"),
                link(_("Données personnelles"), "public:personal_data"),
                link(_("Mentions légales"), "public:legal"),
                link(_("Espace des agents"), "officer:sign_in"),
            ],
        },
    ]
