"""Pages that open an account: which door, the two doors that are open, «we have written to you», the mailed link."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import actions, queries
from guichet.accounts.errors import IdentityMismatch, LinkUnusable, PasswordRefused
from guichet.accounts.models import LinkToken
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused, TooManyTries
from guichet.registries.errors import RegistryUnavailable
from guichet.support import actions as support
from guichet.web.account import kept
from guichet.web.account.forms import NewPasswordForm, WithNumberForm, WithoutNumberForm
from guichet.web.account.trail import under_creation

NUMBER, WITHOUT = "number", "without"
# A registry that is down is answered with 200: Django drops the session of an answer of the 500s, and what was typed is in it.
STATUSES: dict[type[ActionRefused], int] = {TooManyTries: 429}


def refused(
    form: NewPasswordForm | WithNumberForm | WithoutNumberForm, refusal: ActionRefused, field: str | None = None
) -> int:
    """Writes a refusal in the form; returns the status of the answer."""
    form.add_error(field, str(refusal.message))
    return STATUSES.get(type(refusal), 200)


@require_safe
def create(request: HttpRequest) -> HttpResponse:
    """Which door is mine."""
    kept.keep_destination(request)
    return render(request, "account/create.html")


def open_ticket(claim: actions.SecondClaim) -> None:
    """A human looks at a second claim. Called in the transaction of the claim itself."""
    with override(settings.LANGUAGE_CODE):
        message = _("Quelqu'un a demandé un compte, avec les bonnes données d'identité, pour une personne qui en a déjà un.")
    support.open_ticket(
        kind="second_claim",
        email=claim.claimant_email,
        message=message,
        language=claim.claimant_language,
        topic="account",
        context={"account": str(claim.account.pk), "capacity": claim.capacity},
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def create_with_number(request: HttpRequest) -> HttpResponse:
    form = WithNumberForm(request.POST or None, initial=kept.typed(request, NUMBER))
    status, problem = 200, ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.request_account_by_number(
                data["foreigner_number"],
                data["last_name"],
                "" if data["single_name"] else data["first_names"],
                data["birth_date"],
                data["email"],
                get_language() or "fr",
                data["capacity"],
                client_address(request),
                on_second_claim=open_ticket,
            )
        except (IdentityMismatch, TooManyTries) as refusal:
            status, problem = refused(form, refusal), refusal.code
        except RegistryUnavailable as refusal:
            kept.keep_typed(request, NUMBER, data)
            status, problem = refused(form, refusal), "registry"
        else:
            kept.remember_request(request, door=NUMBER, identifier=data["foreigner_number"], email=data["email"])
            return redirect("account:sent")
    resumed = request.method != "POST" and bool(kept.typed(request, NUMBER))
    context = {"form": form, "problem": problem, "resumed": resumed, "trail": under_creation()}
    return render(request, "account/create_with_number.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_without_number(request: HttpRequest) -> HttpResponse:
    form = WithoutNumberForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.request_account_without_number(
                data["email"], get_language() or "fr", data["capacity"], address=client_address(request)
            )
        except TooManyTries as refusal:
            status = refused(form, refusal)
        else:
            kept.remember_request(request, door=WITHOUT, identifier=data["email"], email=data["email"])
            return redirect("account:sent")
    return render(request, "account/create_without_number.html", {"form": form, "trail": under_creation()}, status=status)


@require_http_methods(["POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Erases what was kept of a form, on a device that others use too."""
    kept.forget_typed(request)
    messages.success(request, _("Ce que vous aviez écrit est effacé de cet appareil."))
    return redirect("account:create")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest) -> HttpResponse:
    """«We have written to you»: the same page whether an account exists or not. POST sends again."""
    asked = kept.requested(request)
    if asked is None:
        return redirect("account:create")
    if request.method == "POST":
        try:
            actions.resend_link(asked["identifier"], asked["email"], get_language() or "fr", client_address(request))
        except TooManyTries as refusal:
            messages.warning(request, _("Nous venons d'écrire : laissez au courriel le temps d'arriver. %s") % refusal.message)
        else:
            messages.success(request, _("C'est fait : nous avons écrit de nouveau."))
        return redirect("account:sent")
    return render(request, "account/sent.html", {"email": asked["email"], "door": asked["door"], "trail": under_creation()})


@never_cache
@require_safe
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Writes nothing but the session: scanners of mail follow links, only a sent form opens an account."""
    kept.keep_link(request, LinkToken.Purpose.ACTIVATE, token)
    return redirect("account:activation")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Choosing the password of the account that the link opens."""
    raw = kept.link(request, LinkToken.Purpose.ACTIVATE)
    try:
        token = queries.link(raw, LinkToken.Purpose.ACTIVATE)
        form = NewPasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                account = actions.activate(raw, form.cleaned_data["password"], on_second_claim=open_ticket)
            except PasswordRefused as refusal:
                for reason in refusal.reasons:
                    form.add_error("password", reason)
            else:
                kept.link_used(request, account.identifier)
                messages.success(request, _("Votre compte est ouvert. Connectez-vous avec votre mot de passe."))
                return redirect("account:sign_in")
    except LinkUnusable as refusal:
        return unusable_link(request, refusal)
    return render(request, "account/activation.html", {"form": form, "identifier": token.identifier})


def unusable_link(request: HttpRequest, refusal: LinkUnusable, *, reset: bool = False) -> HttpResponse:
    """Why a link opens nothing any more, and the ways on."""
    status = 404 if refusal.code == "unknown" else 410
    return render(request, "account/link_unusable.html", {"refusal": refusal, "reset": reset}, status=status)
