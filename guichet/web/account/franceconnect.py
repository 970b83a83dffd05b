"""Pages of the way in by FranceConnect: leaving, coming back, giving one's number, what went wrong, leaving for good."""

from contextlib import suppress
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.accounts import actions, queries
from guichet.accounts.franceconnect.errors import AnswerRefused, IdentityIncomplete, PivotMismatch, ProviderUnavailable
from guichet.accounts.franceconnect.pivot import PivotIdentity
from guichet.accounts.models import Account, Representation
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused, TooManyTries
from guichet.core.middleware import writes_on_get
from guichet.registries.errors import RegistryUnavailable
from guichet.support import actions as support
from guichet.web.account import kept, vouched
from guichet.web.account.arriving import arrive
from guichet.web.account.forms import FranceConnectForm
from guichet.web.account.opening import open_ticket, spoken
from guichet.web.account.signing import LANDING
from guichet.web.account.trail import under_sign_in
from guichet.web.design.guards import applicant_required

FRANCECONNECT = "franceconnect"  # the door, as ``support`` names it
# What may go wrong on the way: a title, and what to do. The refusals of ``accounts`` say theirs themselves.
TROUBLES: dict[str, tuple["Promise | str", "Promise | str"]] = {
    "cancelled": (
        gettext_lazy("Vous n'êtes pas connecté"),
        gettext_lazy("La connexion a été arrêtée chez FranceConnect, par vous ou par lui. Rien n'a été ouvert ni modifié."),
    ),
    "lost": (
        gettext_lazy("Cette connexion n'est plus valable"),
        gettext_lazy(
            "Elle a déjà servi, elle a duré plus de 15 minutes, ou elle a commencé dans un autre navigateur. Recommencez-la"
            " depuis le début."
        ),
    ),
    "provider_down": (gettext_lazy("FranceConnect ne répond pas"), ProviderUnavailable().message),
    "answer_refused": (gettext_lazy("La connexion n'a pas pu être vérifiée"), AnswerRefused().message),
    "identity_incomplete": (gettext_lazy("Votre identité est incomplète"), IdentityIncomplete().message),
    "too_many_tries": (
        gettext_lazy("Trop d'essais"),
        gettext_lazy(
            "Trop de connexions ont commencé depuis ce réseau. Attendez un quart d'heure, ou entrez d'une autre façon."
        ),
    ),
}
DIFFERENCES = {
    "names": gettext_lazy("le nom ou le prénom"),
    "birth_date": gettext_lazy("la date de naissance"),
    "sex": gettext_lazy("le sexe"),
}


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Sends the browser to FranceConnect. A link, not a form: our pages let no form lead out of the site."""
    if not queries.franceconnect_is_open():
        raise Http404
    kept.keep_destination(request)
    try:
        departure = actions.depart_for_franceconnect(
            _address_of(request, "franceconnect_callback"), client_address(request), browser_host=_host(request)
        )
    except (TooManyTries, ProviderUnavailable) as refusal:
        return _to_trouble(request, refusal.code)
    vouched.keep_departure(request, departure)
    return redirect(departure.url)


# The provider sends the browser back by GET. The state, made for this session and taken out of it here, makes this an act of
# the person who left, done once.
@writes_on_get
@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    departure = vouched.take_departure(request)
    if departure is None:
        if _applicant(request):  # the page was asked for again: its work is done
            return redirect(LANDING)
        return _to_trouble(request, "lost")
    if "error" in request.GET:
        return _to_trouble(request, "cancelled" if request.GET["error"] == "access_denied" else "provider_down")
    try:
        arrival = actions.arrive_from_franceconnect(
            request.GET.get("code", ""),
            redirect_uri=_address_of(request, "franceconnect_callback"),
            nonce=departure["nonce"],
            verifier=departure["verifier"],
        )
    except (ProviderUnavailable, AnswerRefused, IdentityIncomplete) as refusal:
        return _to_trouble(request, refusal.code)
    account = queries.account_of_franceconnect(arrival.identity.subject)
    vouched.keep_identity(request, arrival)
    return redirect("account:franceconnect_identity") if account is None else _enter(request, account)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """The first time: the foreigner number of somebody whom FranceConnect vouches for."""
    pivot = vouched.identity(request)
    if pivot is None:
        return _to_trouble(request, "lost") if request.method == "POST" else redirect("account:sign_in")
    initial = {**kept.typed(request, FRANCECONNECT)} or {"foreigner_number": _own_number(request), "email": pivot.email}
    form = FranceConnectForm(request.POST or None, initial=initial)
    status, problem = 200, ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = actions.identify_by_franceconnect(
                pivot,
                data["foreigner_number"],
                data["email"],
                spoken(),
                client_address(request),
                on_second_claim=open_ticket,
            )
        except PivotMismatch as refusal:
            _hand_over(request, pivot, data, refusal)
            return redirect("account:franceconnect_mismatch")
        except (TooManyTries, RegistryUnavailable) as refusal:
            status, problem = _refused(request, form, refusal)
        else:
            if found.account is not None:
                messages.success(
                    request, _("FranceConnect est relié à votre compte : il vous suffira la prochaine fois pour entrer.")
                )
                return _enter(request, found.account)
            kept.remember_request(
                request,
                door=FRANCECONNECT,
                page="account:franceconnect_identity",
                identifier=found.identifier,
                email=data["email"],
                values=data,
            )
            return redirect("account:sent")
    context = {"form": form, "pivot": pivot, "problem": problem, "trail": under_sign_in()}
    return render(request, "account/franceconnect_identity.html", context, status=status)


@never_cache
@require_safe
def mismatch(request: HttpRequest) -> HttpResponse:
    """FranceConnect and the registry do not speak of the same person: nothing was opened, an officer was told."""
    if vouched.TICKET not in request.session:
        return redirect("account:sign_in")
    context = {
        "number": request.session[vouched.TICKET],
        "again": vouched.identity(request) is not None,
        "trail": under_sign_in(),
    }
    return render(request, "account/franceconnect_mismatch.html", context)


@never_cache
@require_safe
def trouble(request: HttpRequest) -> HttpResponse:
    """What went wrong on the way, at an address without any trace of it."""
    code = request.session.get(vouched.TROUBLE, "")
    if code not in TROUBLES:
        return redirect("account:sign_in")
    title, sentence = TROUBLES[code]
    context = {
        "title": title,
        "sentence": sentence,
        "again": queries.franceconnect_is_open() and code != "too_many_tries",
        "trail": under_sign_in(),
    }
    return render(request, "account/franceconnect_trouble.html", context)


@require_POST
@applicant_required
def unlink(request: HttpRequest) -> HttpResponse:
    if actions.unlink_franceconnect(cast(Account, request.user)):
        request.session.pop(vouched.ID_TOKEN, None)
        messages.success(
            request, _("FranceConnect n'ouvre plus votre compte. Vous entrez avec votre identifiant et votre mot de passe.")
        )
    return redirect("account:home")


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Signed out of this site: the browser goes on to sign out of FranceConnect, and comes back here.

    The page goes on by itself (a form of ours may not lead out of the site); its link does the same.
    """
    id_token = request.session.pop(vouched.LEAVING, "")
    back = _address_of(request, "franceconnect_signed_out")
    url = queries.franceconnect_departure_url(id_token, back, browser_host=_host(request)) if id_token else ""
    if url:
        response = render(request, "account/franceconnect_signed_out.html", {"url": url})
        response["Refresh"] = f"0; url={url}"
        return response
    if not request.user.is_authenticated:
        messages.success(request, _("Vous êtes déconnecté."))
    return redirect("public:home")


def _enter(request: HttpRequest, account: Account) -> HttpResponse:
    """Signs in, keeping only what ends the session at FranceConnect later."""
    after = kept.destination(request)
    arrive(request, account, keep=(vouched.ID_TOKEN,))
    if account.must_change_password:
        kept.keep_for_later(request, after)
        return redirect("account:change_password")
    return redirect(after or LANDING)


def _hand_over(request: HttpRequest, pivot: PivotIdentity, data: dict[str, str], refusal: PivotMismatch) -> None:
    """An officer looks at it: what FranceConnect vouches for, the number given, and what differs."""
    with override(settings.LANGUAGE_CODE):
        differs = ", ".join(str(DIFFERENCES[name]) for name in refusal.differs)
        message = (
            _("FranceConnect garantit cette identité. Le registre a, sous ce numéro, autre chose pour : %s.") % differs
            if refusal.known
            else _("FranceConnect garantit cette identité. Le registre ne connaît pas ce numéro.")
        )
    claimed = {
        "foreigner_number": data["foreigner_number"],
        "last_name": pivot.family_name,
        "usage_name": pivot.usage_name,
        "first_names": pivot.given_names,
        "sex": pivot.sex,
        "birth_date": pivot.birth_date,
    }
    number = ""
    with suppress(TooManyTries):  # officers know already: the page leads to the contact form
        number = support.open_blocked_creation(
            FRANCECONNECT,
            claimed,
            data["email"],
            spoken(),
            why="mismatch" if refusal.known else "not_found",
            message=message,
            account=cast(Account, request.user) if _applicant(request) else None,
            page=request.path,
            address=client_address(request),
        ).number
    request.session[vouched.TICKET] = number
    kept.keep_typed(request, FRANCECONNECT, data, "mismatch")


def _refused(request: HttpRequest, form: FranceConnectForm, refusal: ActionRefused) -> tuple[int, str]:
    """Writes a refusal in the form, and keeps what was typed. 200 for a registry: an answer of the 500s drops the session."""
    form.add_error(None, str(refusal.message))
    down = isinstance(refusal, RegistryUnavailable)
    kept.keep_typed(request, FRANCECONNECT, form.cleaned_data, "registry_down" if down else "mismatch")
    return (200, "registry") if down else (429, refusal.code)


def _to_trouble(request: HttpRequest, code: str) -> HttpResponse:
    request.session[vouched.TROUBLE] = code
    return redirect("account:franceconnect_trouble")


def _applicant(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.kind == Account.Kind.APPLICANT


def _own_number(request: HttpRequest) -> str:
    """The foreigner number of whoever is signed in already."""
    if not _applicant(request):
        return ""
    mine = queries.representations_of(cast(Account, request.user))
    own = (each.person.foreigner_number for each in mine if each.capacity == Representation.Capacity.SELF)
    return next(filter(None, own), "")


def _address_of(request: HttpRequest, name: str) -> str:
    """The full address of one of these pages, as FranceConnect knows it: that of ``SITE_URL``. What stands for FranceConnect in
    the demonstration comes back by the name by which the browser came.
    """
    path = reverse(f"account:{name}")
    return request.build_absolute_uri(path) if queries.franceconnect_is_simulated() else settings.SITE_URL + path


def _host(request: HttpRequest) -> str:
    """The name by which the browser reached this machine, without its port."""
    host = request.get_host()
    return host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
