"""Error pages: what happened, what is kept, where to go."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guichet.web.public.contact import phone_link


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        400,
        _("Cette demande n'a pas pu être lue"),
        _("Le navigateur a envoyé quelque chose d'incomplet ou de trop gros."),
        _("Revenez en arrière et recommencez ; si vous envoyiez un fichier, essayez-en un plus petit (10 Mo au plus)."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("Cette page n'est pas ouverte à ce compte"),
        _("Vous êtes peut-être connecté avec un autre compte, ou plus connecté du tout."),
        _("Connectez-vous avec le compte qui a fait la demande, puis revenez."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("Cette page n'existe pas"),
        _("L'adresse est incomplète, ou la page a été retirée."),
        _("Si vous l'avez copiée d'un courriel, copiez-la en entier. Vos demandes, elles, n'ont pas bougé."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token of the form is missing or old: a page left open, cookies refused."""
    return _page(
        request,
        403,
        _("Cette page est restée ouverte trop longtemps"),
        _("Par sécurité, nous n'avons pas pris en compte ce que vous venez d'envoyer."),
        _("Revenez en arrière, rechargez la page et envoyez de nouveau. Si cela recommence, acceptez les cookies de ce site."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database nor of the session."""
    context = {
        "page_language": get_language() or settings.LANGUAGE_CODE,
        "support_phone": settings.SUPPORT_PHONE,
        "support_phone_link": phone_link(settings.SUPPORT_PHONE),
    }
    return HttpResponseServerError(render_to_string("public/errors/500.html", context))


def _page(request: HttpRequest, code: int, title: Promise, text: Promise, way_out: Promise) -> HttpResponse:
    context = {"code": code, "title": title, "text": text, "way_out": way_out}
    return render(request, "public/errors/page.html", context, status=code)
