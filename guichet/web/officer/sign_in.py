"""The officers' door: password, then second factor. Nobody is signed in before both were checked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as otp_login

from guichet.accounts import actions, queries
from guichet.accounts.errors import CodeRefused, LinkUnusable, PasswordRefused
from guichet.accounts.models import Account, LinkToken
from guichet.core import clock
from guichet.core.errors import TooManyTries
from guichet.web.design.forms import GuichetForm
from guichet.web.design.signing import check_password, end_session, open_session, safe_next

LANDING = "officer:home"
PENDING = "officer_second_factor"  # who gave a right password in this browser, and when
PENDING_FOR = timedelta(minutes=10)
LINK = "officer_link"
LONGEST_PASSWORD = 256


class OfficerSignInForm(GuichetForm):
    identifier = forms.EmailField(
        label=gettext_lazy("Adresse électronique professionnelle"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(GuichetForm):
    code = forms.CharField(
        label=gettext_lazy("Code à six chiffres"),
        max_length=20,
        help_text=gettext_lazy("Il est affiché par l'application de votre téléphone et change toutes les 30 secondes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class OfficerPasswordForm(GuichetForm):
    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("8 caractères au moins, avec une majuscule, une minuscule, un chiffre et un caractère spécial."),
    )
    password_again = forms.CharField(
        label=gettext_lazy("Mot de passe, une seconde fois"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "password" in data and "password_again" in data and data["password"] != data["password_again"]:
            self.add_error("password_again", _("Les deux mots de passe sont différents. Tapez-les de nouveau."))
        return data


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step. A right password opens nothing yet: it is remembered for ten minutes, under a new session key."""
    after = safe_next(request)
    user: Any = request.user
    if request.method != "POST" and user.is_authenticated and user.kind == Account.Kind.OFFICER and user.is_verified():
        return redirect(after or LANDING)
    form = OfficerSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            account = check_password(request, typed["identifier"], typed["password"], Account.Kind.OFFICER)
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            return render(request, "officer/sign_in.html", {"form": form, "next": after}, status=429)
        if account is not None:
            actions.prepare_second_factor(account)
            request.session.flush()
            request.session[PENDING] = {
                "account": str(account.pk),
                "mark": account.get_session_auth_hash(),
                "at": clock.now().timestamp(),
                "next": after,
            }
            return redirect("officer:second_factor")
        form.add_error(None, _("Cette adresse et ce mot de passe ne vont pas ensemble. Retapez-les."))
    return render(request, "officer/sign_in.html", {"form": form, "next": after})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Second step: the code. At the first sign-in the page also shows the secret to set the telephone up with."""
    account = _pending(request)
    if account is None:
        messages.info(request, _("Commencez par votre adresse et votre mot de passe."))
        return redirect("officer:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = actions.verify_second_factor(account, form.cleaned_data["code"])
        except CodeRefused as refusal:
            form.add_error("code", str(refusal.message))
        else:
            after = request.session[PENDING]["next"]
            open_session(request, account)
            otp_login(request, device)
            return redirect(after or LANDING)
    context: dict[str, Any] = {"form": form}
    device = queries.second_factor_of(account)
    if device is not None and not device.confirmed:
        image = segno.make(device.config_url, error="m").svg_data_uri(scale=5, dark="#000", light="#fff", border=4)
        context |= {"image": image, "secret": queries.secret_of(device), "setup_url": device.config_url}
    return render(request, "officer/second_factor.html", context)


def _pending(request: HttpRequest) -> Account | None:
    """Who gave a right password here less than ten minutes ago, if it is still their password."""
    kept = request.session.get(PENDING)
    if not kept or clock.now().timestamp() - kept["at"] > PENDING_FOR.total_seconds():
        return None
    account = queries.officer_account(UUID(kept["account"]))
    if account is None or not constant_time_compare(kept["mark"], account.get_session_auth_hash()):
        return None
    return account


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out by POST; a link only leads to the button."""
    if request.method == "POST":
        end_session(request)
        messages.success(request, _("Vous êtes déconnecté."))
        return redirect("officer:sign_in")
    return render(request, "officer/sign_out.html")


@never_cache
@require_safe
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The link that an administrator handed over: keeps the token and goes on without it in the address."""
    request.session[LINK] = token
    return redirect("officer:set_password")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """An officer's first password, or a new one after it was lost."""
    raw = request.session.get(LINK, "")
    try:
        token = queries.link(raw, LinkToken.Purpose.SET_UP_OFFICER)
        form = OfficerPasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.set_officer_password(raw, form.cleaned_data["password"])
            except PasswordRefused as refusal:
                for reason in refusal.reasons:
                    form.add_error("password", reason)
            else:
                del request.session[LINK]
                messages.success(request, _("Votre mot de passe est enregistré. Connectez-vous."))
                return redirect("officer:sign_in")
    except LinkUnusable as refusal:
        status = 404 if refusal.code == "unknown" else 410
        return render(request, "officer/link_unusable.html", {"refusal": refusal}, status=status)
    return render(request, "officer/set_password.html", {"form": form, "account": token.account})
