"""Choosing a password by a mailed link: that of a new account, or a new one for an account that exists."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import actions, queries
from guichet.accounts.errors import LinkUnusable, PasswordRefused
from guichet.accounts.models import Account, LinkToken
from guichet.web.account import kept
from guichet.web.account.forms import NewPasswordForm
from guichet.web.account.opening import open_ticket

Purpose = LinkToken.Purpose


@dataclass(frozen=True)
class Choosing:
    """What differs between the two: the link, what it does, the words."""

    purpose: LinkToken.Purpose
    act: Callable[[str, str], Account]
    whose: Callable[[LinkToken], str]
    title: Promise
    lead: Promise
    done: Promise
    reset: bool = False


ACTIVATION = Choosing(
    Purpose.ACTIVATE,
    lambda raw, password: actions.activate(raw, password, on_second_claim=open_ticket),
    lambda token: token.identifier,
    _("Choisir mon mot de passe"),
    _("Votre adresse est confirmée. Votre identifiant, à garder, est :"),
    _("Votre compte est ouvert. Connectez-vous avec votre mot de passe."),
)
RESET = Choosing(
    Purpose.RESET_PASSWORD,
    lambda raw, password: actions.reset_password(raw, password),
    lambda token: token.account.identifier if token.account else "",
    _("Choisir un nouveau mot de passe"),
    _("Pour le compte :"),
    _("Votre mot de passe est changé. Connectez-vous avec le nouveau."),
    reset=True,
)


@never_cache
@require_safe
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Writes nothing but the session: scanners of mail follow links, only a sent form opens an account."""
    kept.keep_link(request, Purpose.ACTIVATE, token)
    return redirect("account:activation")


@never_cache
@require_safe
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: keeps the token in the session and goes on without it in the address."""
    kept.keep_link(request, Purpose.RESET_PASSWORD, token)
    return redirect("account:new_password")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    """Choosing the password of the account that the link opens."""
    return choose_password(request, ACTIVATION)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    return choose_password(request, RESET)


def choose_password(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    raw = kept.link(request, choosing.purpose)
    try:
        identifier = choosing.whose(queries.link(raw, choosing.purpose))
        form = NewPasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                account = choosing.act(raw, form.cleaned_data["password"])
            except PasswordRefused as refusal:
                for reason in refusal.reasons:
                    form.add_error("password", reason)
            else:
                kept.link_used(request, account.identifier)
                messages.success(request, str(choosing.done))
                return redirect("account:sign_in")
    except LinkUnusable as refusal:
        return unusable_link(request, refusal, "reset" if choosing.reset else "open")
    return render(request, "account/choose_password.html", {"form": form, "identifier": identifier, "choosing": choosing})


def unusable_link(request: HttpRequest, refusal: LinkUnusable, kind: str) -> HttpResponse:
    """Why a link opens nothing any more, and the ways on. ``kind``: ``open``, ``reset`` or ``visa``."""
    status = 404 if refusal.code == "unknown" else 410
    return render(request, "account/link_unusable.html", {"refusal": refusal, "kind": kind}, status=status)
