"""Forgotten password, forgotten identifier. Pages never tell whether an account exists: mails do, to their owner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import actions
from guichet.core.addresses import client_address
from guichet.core.errors import TooManyTries
from guichet.web.account.forms import ForgottenIdentifierForm, ForgottenPasswordForm
from guichet.web.account.opening import spoken
from guichet.web.account.trail import under_sign_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    form = ForgottenPasswordForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_password_reset(form.cleaned_data["identifier"], spoken(), address=client_address(request))
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
            actions.remind_identifiers(form.cleaned_data["email"], spoken(), address=client_address(request))
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            return redirect("account:forgotten_identifier_sent")
    return render(request, "account/forgotten_identifier.html", {"form": form, "trail": under_sign_in()}, status=status)


@require_safe
def forgotten_identifier_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/forgotten_identifier_sent.html")
