"""Forgotten password, forgotten identifier. Pages never tell whether an account exists: mails do, to their owner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import actions, queries
from guichet.accounts.errors import LinkUnusable, PasswordRefused
from guichet.accounts.models import LinkToken
from guichet.core.addresses import client_address
from guichet.core.errors import TooManyTries
from guichet.web.account import kept
from guichet.web.account.forms import ForgottenIdentifierForm, ForgottenPasswordForm, NewPasswordForm
from guichet.web.account.opening import unusable_link
from guichet.web.account.trail import under_sign_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    form = ForgottenPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_password_reset(
                form.cleaned_data["identifier"], get_language() or "fr", address=client_address(request)
            )
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            return redirect("account:forgotten_password_sent")
    return render(request, "account/forgotten_password.html", {"form": form, "trail": under_sign_in()}, status=status)


@require_safe
def forgotten_password_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/forgotten_password_sent.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_identifier(request: HttpRequest) -> HttpResponse:
    form = ForgottenIdentifierForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.remind_identifiers(form.cleaned_data["email"], get_language() or "fr", address=client_address(request))
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            return redirect("account:forgotten_identifier_sent")
    return render(request, "account/forgotten_identifier.html", {"form": form, "trail": under_sign_in()}, status=status)


@require_safe
def forgotten_identifier_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/forgotten_identifier_sent.html")


@never_cache
@require_safe
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: keeps the token in the session and goes on without it in the address."""
    kept.keep_link(request, LinkToken.Purpose.RESET_PASSWORD, token)
    return redirect("account:new_password")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    raw = kept.link(request, LinkToken.Purpose.RESET_PASSWORD)
    try:
        token = queries.link(raw, LinkToken.Purpose.RESET_PASSWORD)
        form = NewPasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                account = actions.reset_password(raw, form.cleaned_data["password"])
            except PasswordRefused as refusal:
                for reason in refusal.reasons:
                    form.add_error("password", reason)
            else:
                kept.link_used(request, account.identifier)
                messages.success(request, _("Votre mot de passe est changé. Connectez-vous avec le nouveau."))
                return redirect("account:sign_in")
    except LinkUnusable as refusal:
        return unusable_link(request, refusal, reset=True)
    identifier = token.account.identifier if token.account else ""
    return render(request, "account/new_password.html", {"form": form, "identifier": identifier})
