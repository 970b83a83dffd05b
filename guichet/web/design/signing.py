"""Opening and ending the session of a browser, for both doors."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from guichet.accounts import actions
from guichet.accounts.limits import SIGN_IN_FROM_ADDRESS
from guichet.accounts.models import Account
from guichet.accounts.queries import normalise_identifier
from guichet.core.addresses import client_address
from guichet.core.throttling import spend

BACKEND = "guichet.accounts.backends.IdentifierBackend"


def check_password(request: HttpRequest, identifier: str, password: str, kind: str) -> Account | None:
    """The account of this door that the identifier and the password open. When locked, django-axes answers instead.

    Raises ``TooManyTries`` past a great many wrong ones from one address, whatever the identifiers.
    """
    place = spend(SIGN_IN_FROM_ADDRESS, client_address(request))
    account = authenticate(request, identifier=normalise_identifier(identifier), password=password, kind=kind)
    if not isinstance(account, Account):
        return None
    place.give_back()
    return account


def open_session(request: HttpRequest, account: Account, *, keep: tuple[str, ...] = ()) -> None:
    """Signs the account in under a new session key, forgetting what the anonymous session held except ``keep``."""
    kept = {name: request.session[name] for name in keep if name in request.session}
    if request.session.session_key:
        actions.close_session(request.session.session_key)
    request.session.flush()
    login(request, account, backend=BACKEND)
    request.session.update(kept)
    if not request.session.session_key:
        request.session.save()
    actions.remember_session(account, str(request.session.session_key), request.headers.get("User-Agent", ""))


def end_session(request: HttpRequest) -> None:
    """Signs out of this browser."""
    if request.session.session_key:
        actions.close_session(request.session.session_key)
    logout(request)


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in, if it was given and is a page of this site; else an empty text.

    A whole path or address: Django would read a bare word as the name of a route.
    """
    target = request.POST.get("next") or request.GET.get("next") or ""
    whole = target.startswith(("/", "http://", "https://"))
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if whole and ours else ""
