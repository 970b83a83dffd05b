"""Getting in by a visa: the mailed link, the button that uses it up, and asking for a fresh one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts import actions, queries
from guichet.accounts.errors import LinkUnusable
from guichet.accounts.models import LinkToken
from guichet.core.addresses import client_address
from guichet.core.errors import TooManyTries
from guichet.web.account import kept
from guichet.web.account.arriving import arrive
from guichet.web.account.choosing import unusable_link
from guichet.web.account.forms import VisaAgainForm
from guichet.web.account.opening import VISA, open_ticket, spoken
from guichet.web.account.trail import under_sign_in

FIRST, LANDING = "public:orientation", "applicant:applications"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """«I have already begun with my visa»: a fresh link. The page that follows is the same whether anything was begun."""
    form = VisaAgainForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            outcome = actions.request_visa_link(
                data["visa_number"],
                data["email"],
                spoken(),
                client_address(request),
                destination=kept.destination(request),
            )
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            kept.remember_request(
                request,
                door=VISA,
                page="account:visa_again",
                identifier=outcome.identifier,
                email=data["email"],
                values=data,
            )
            return redirect("account:sent")
    return render(request, "account/visa_again.html", {"form": form, "trail": under_sign_in()}, status=status)


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Writes nothing but the session: scanners of mail follow links, only a button pressed uses it up."""
    kept.keep_link(request, LinkToken.Purpose.VISA_ACCESS, token)
    return redirect("account:visa_access")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest) -> HttpResponse:
    """One button to the application: it signs in, under a new session, the access that the link opens."""
    raw = kept.link(request, LinkToken.Purpose.VISA_ACCESS)
    try:
        token = queries.link(raw, LinkToken.Purpose.VISA_ACCESS)
        if request.method == "POST":
            account = actions.open_visa_access(raw, on_second_claim=open_ticket)
            first_time = arrive(request, account)
            messages.success(request, _("Votre adresse est confirmée : vous pouvez continuer, sans mot de passe."))
            return redirect(token.payload.get("destination") or (FIRST if first_time else LANDING))
    except LinkUnusable as refusal:
        return unusable_link(request, refusal, "visa")
    return render(request, "account/visa_access.html", {"name": queries.visa_holder(token)})
