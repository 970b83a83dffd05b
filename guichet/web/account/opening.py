"""Pages that open an account: which door is mine, each door, «we have written to you»."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import actions
from guichet.accounts.errors import IdentityMismatch
from guichet.applications import queries as applications
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused, TooManyTries
from guichet.registries.errors import RegistryUnavailable
from guichet.support import actions as support
from guichet.web.account import kept, vouched
from guichet.web.account.forms import WithNumberForm, WithoutNumberForm, WithPermitForm, WithVisaForm
from guichet.web.account.trail import under_creation
from guichet.web.design.forms import GuichetForm

NUMBER, PERMIT, VISA, WITHOUT = "number", "permit", "visa", "without_number"
PAGES = {
    NUMBER: "account:create_with_number",
    PERMIT: "account:create_with_permit",
    VISA: "account:create_with_visa",
    WITHOUT: "account:create_without_number",
}
Asked = Callable[[HttpRequest, dict[str, Any]], actions.ClaimOutcome]


def spoken() -> str:
    """The language of the page, which its mails speak too."""
    return get_language() or settings.LANGUAGE_CODE


@require_safe
def create(request: HttpRequest) -> HttpResponse:
    """Which door is mine."""
    kept.keep_destination(request)
    return render(request, "account/create.html")


def open_ticket(claim: actions.SecondClaim) -> None:
    """A human looks at a second claim. Called in the transaction of the claim itself."""
    support.open_blocked_creation(
        claim.door,
        {**claim.claimed, "capacity": claim.capacity},
        claim.claimant_email,
        claim.claimant_language,
        why="second_claim",
        owner=claim.account,
        office=applications.office_of(claim.account),
    )


def door(request: HttpRequest, name: str, form_class: type[GuichetForm], ask: Asked) -> HttpResponse:
    """A door: what is typed is asked of ``accounts``; whatever refuses it says so, keeps it, and offers help."""
    form = form_class(request.POST or None, initial=kept.typed(request, name))
    status, problem = 200, ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            outcome = ask(request, data)
        except (IdentityMismatch, TooManyTries, RegistryUnavailable) as refusal:
            status, problem, why = refused(form, refusal, name)
            kept.keep_typed(request, name, data, why)
        else:
            kept.remember_request(
                request, door=name, page=PAGES[name], identifier=outcome.identifier, email=data["email"], values=data
            )
            return redirect("account:sent")
    resumed = request.method != "POST" and bool(kept.typed(request, name))
    context = {"form": form, "problem": problem, "resumed": resumed, "trail": under_creation()}
    return render(request, f"account/create_{name}.html", context, status=status)


def refused(form: GuichetForm, refusal: ActionRefused, name: str) -> tuple[int, str, str]:
    """Writes a refusal in the form: the status of the answer, what the page advises, and why as ``support`` names it.

    A registry that is down is answered with 200: Django drops the session of an answer of the 500s, and with it what was
    typed.
    """
    form.add_error(None, str(refusal.message))
    if isinstance(refusal, RegistryUnavailable):
        return 200, "registry", "registry_down"
    if isinstance(refusal, TooManyTries):
        return 429, refusal.code, "mismatch"
    return 200, refusal.code, "mismatch" if name == NUMBER else "not_found"


def _ask_by_number(request: HttpRequest, data: dict[str, Any]) -> actions.ClaimOutcome:
    return actions.request_account_by_number(
        data["foreigner_number"],
        data["last_name"],
        "" if data["single_name"] else data["first_names"],
        data["birth_date"],
        data["email"],
        spoken(),
        data["capacity"],
        client_address(request),
        on_second_claim=open_ticket,
    )


def _ask_by_permit(request: HttpRequest, data: dict[str, Any]) -> actions.ClaimOutcome:
    return actions.request_account_by_permit(
        data["permit_number"],
        data["valid_from"],
        data["valid_until"],
        data["email"],
        spoken(),
        data["capacity"],
        client_address(request),
        on_second_claim=open_ticket,
    )


def _ask_by_visa(request: HttpRequest, data: dict[str, Any]) -> actions.ClaimOutcome:
    return actions.request_access_by_visa(
        data["visa_number"],
        data["valid_from"],
        data["valid_until"],
        data["email"],
        spoken(),
        client_address(request),
        destination=kept.destination(request),
        on_second_claim=open_ticket,
    )


def _ask_without_number(request: HttpRequest, data: dict[str, Any]) -> actions.ClaimOutcome:
    return actions.request_account_without_number(data["email"], spoken(), data["capacity"], address=client_address(request))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def create_with_number(request: HttpRequest) -> HttpResponse:
    return door(request, NUMBER, WithNumberForm, _ask_by_number)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def create_with_permit(request: HttpRequest) -> HttpResponse:
    return door(request, PERMIT, WithPermitForm, _ask_by_permit)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def create_with_visa(request: HttpRequest) -> HttpResponse:
    return door(request, VISA, WithVisaForm, _ask_by_visa)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_without_number(request: HttpRequest) -> HttpResponse:
    return door(request, WITHOUT, WithoutNumberForm, _ask_without_number)


@require_http_methods(["POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Erases what was kept of a form, on a device that others use too."""
    kept.forget_everything(request)
    vouched.forget_identity(request)
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
            actions.resend_link(asked["identifier"], asked["email"], spoken(), client_address(request))
        except TooManyTries as refusal:
            messages.warning(request, _("Nous venons d'écrire : laissez au courriel le temps d'arriver. %s") % refusal.message)
        else:
            messages.success(request, _("C'est fait : nous avons écrit de nouveau."))
        return redirect("account:sent")
    context = {"email": asked["email"], "door": asked["door"], "again": asked["page"], "trail": under_creation()}
    return render(request, "account/sent.html", context)
