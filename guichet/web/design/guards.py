"""Who may open a page. A guard goes right above the view; a page without one is open to anyone.

``@applicant_required`` — an applicant signed in. ``@account_required`` — an applicant whose account has
a password, not the access that a mailed link opens. ``@officer_required()`` — an officer whose second factor was checked;
``@officer_required(Post.Role.DECISION_MAKER, …)`` — one who holds one of these roles somewhere (which office is the action's
business). The guarded view finds ``request.officer`` and ``request.powers``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guichet.accounts.models import Account, Officer
from guichet.accounts.queries import Powers, officer_of, powers_of

View = Callable[..., HttpResponseBase]


class ApplicantRequest(HttpRequest):
    """A request whose user is an applicant."""

    user: Account


class OfficerRequest(HttpRequest):
    """A request whose user is an officer, second factor checked."""

    user: Account
    officer: Officer
    powers: Powers


def applicant_required(view: View) -> View:
    """Anonymous: to the sign-in, and back here afterwards. An officer: refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request, "account:sign_in")
        if request.user.kind != Account.Kind.APPLICANT:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def account_required(view: View) -> View:
    """As ``applicant_required``, and an access by visa is led back to its page, which says how to come by an account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if cast(Account, request.user).is_visa_access:
            messages.info(request, _("Cette page demande un compte avec mot de passe : vous êtes entré avec un visa."))
            return redirect("account:home")
        return view(request, *args, **kwargs)

    return applicant_required(guarded)


def officer_required(*roles: str) -> Callable[[View], View]:
    """Anonymous, or second factor not checked: to the officers' sign-in. An applicant, or another role: refused."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            if not user.is_authenticated:
                return _to_sign_in(request, "officer:sign_in")
            if user.kind != Account.Kind.OFFICER:
                raise PermissionDenied
            if not user.is_verified():
                return _to_sign_in(request, "officer:sign_in")
            officer = officer_of(user)
            if officer is None:
                raise PermissionDenied
            powers = powers_of(officer)
            if roles and not powers.has_role(roles):
                raise PermissionDenied
            request.officer, request.powers = officer, powers  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return guard


def _to_sign_in(request: HttpRequest, door: str) -> HttpResponse:
    """After signing in one comes back here, unless what was asked was an act: it is asked again from its page."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect(f"{reverse(door)}?{urlencode({'next': back})}" if back else reverse(door))
