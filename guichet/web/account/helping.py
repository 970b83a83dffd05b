"""Asking for help when no door opens, or when the mailbox of an account is lost: a ticket that holds what was typed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import queries
from guichet.applications import queries as applications
from guichet.core.addresses import client_address
from guichet.core.dates import PartialDate, day_in_words
from guichet.core.errors import TooManyTries
from guichet.offices.models import Office
from guichet.support import actions as support
from guichet.web.account import kept
from guichet.web.account.forms import CAPACITIES, AskForHelpForm, LostEmailForm
from guichet.web.account.opening import spoken
from guichet.web.account.trail import under_creation, under_sign_in

TICKET = "account_ticket"  # key of the session: the number is shown to its author only
# What is carried along from a door, in the order of the page.
CARRIED: dict[str, Promise] = {
    "foreigner_number": _("Numéro étranger"),
    "permit_number": _("Numéro du titre"),
    "visa_number": _("Numéro du visa"),
    "valid_from": _("Premier jour de validité"),
    "valid_until": _("Dernier jour de validité"),
    "last_name": _("Nom"),
    "first_names": _("Prénom"),
    "birth_date": _("Date de naissance"),
    "capacity": _("Pour qui est ce compte ?"),
}
DATES = frozenset({"valid_from", "valid_until", "birth_date"})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_help(request: HttpRequest) -> HttpResponse:
    """Shows what goes along, asks where to answer. Without a door that was tried, the contact form is the place."""
    tried = kept.blocked(request)
    if tried is None:
        return redirect("public:contact")
    door, why, values = tried
    carried = {name: str(values[name]) for name in CARRIED if values.get(name)}
    form = AskForHelpForm(request.POST or None, initial={"email": values.get("email", "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            ticket = support.open_blocked_creation(
                door,
                carried,
                told["email"],
                spoken(),
                why=why,
                message=told["message"],
                page=request.path,
                address=client_address(request),
            )
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            kept.forget_typed(request)
            request.session[TICKET] = ticket.number
            return redirect("account:help_sent")
    context = {"form": form, "carried": _in_words(carried), "trail": under_creation()}
    return render(request, "account/ask_for_help.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def lost_email(request: HttpRequest) -> HttpResponse:
    """«I no longer have access to my e-mail»: whether the account exists is for the officer to see, not for this page."""
    form = LostEmailForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        claimed = {name: data[name] for name in ("identifier", "last_name", "first_names", "birth_date")}
        try:
            ticket = support.open_blocked_creation(
                "sign_in",
                claimed,
                data["email"],
                spoken(),
                why="lost_email",
                message=data["message"],
                office=_office_of(data["identifier"]),
                page=request.path,
                address=client_address(request),
            )
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            request.session[TICKET] = ticket.number
            return redirect("account:help_sent")
    return render(request, "account/lost_email.html", {"form": form, "trail": under_sign_in()}, status=status)


def _office_of(identifier: str) -> Office | None:
    """The office that knows the person, so that it judges. Nothing of it shows on the page."""
    owner = queries.owner_of(queries.told_identifier(identifier))
    return applications.office_of(owner) if owner else None


@never_cache
@require_safe
def help_sent(request: HttpRequest) -> HttpResponse:
    """The number of the ticket, to who just sent it; anyone else is led to the doors."""
    number = request.session.get(TICKET)
    if not number:
        return redirect("account:create")
    return render(request, "account/help_sent.html", {"number": number})


def _in_words(carried: dict[str, str]) -> list[tuple[Any, Any]]:
    return [(CARRIED[name], _said(name, value)) for name, value in carried.items()]


def _said(name: str, value: str) -> Any:
    if name == "capacity":
        return dict(CAPACITIES).get(value, value)  # type: ignore[call-overload]
    if name in DATES:
        known = PartialDate.parse(value)
        return day_in_words(known.assumed()) if known.is_complete else str(known)
    return value
