"""Signing in and out, at the applicants' door."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.accounts.models import Account
from guichet.accounts.queries import normalise_identifier
from guichet.web.account import kept
from guichet.web.account.forms import SignInForm
from guichet.web.design.signing import end_session, open_session, safe_next

LANDING = "applicant:applications"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One message for an unknown identifier, a wrong password and an officer's account. Locks are django-axes' business."""
    after = safe_next(request)
    if request.user.is_authenticated and request.user.kind == Account.Kind.APPLICANT and request.method != "POST":
        return redirect(after or LANDING)
    form = SignInForm(request.POST or None, initial={"identifier": request.session.get(kept.IDENTIFIER, "")})
    if request.method == "POST" and form.is_valid():
        account = authenticate(
            request,
            identifier=normalise_identifier(form.cleaned_data["identifier"]),
            password=form.cleaned_data["password"],
            kind=Account.Kind.APPLICANT,
        )
        if isinstance(account, Account):
            open_session(request, account)
            return redirect(after or LANDING)
        form.add_error(
            None,
            _(
                "Cet identifiant et ce mot de passe ne vont pas ensemble. Retapez-les : dans le mot de passe, majuscules et"
                " minuscules comptent. Sinon, utilisez les liens « oublié » de cette page."
            ),
        )
    return render(request, "account/sign_in.html", {"form": form, "next": after})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out by POST; a link only leads to the button."""
    if request.method == "POST":
        end_session(request)
        messages.success(request, _("Vous êtes déconnecté."))
        return redirect("public:home")
    return render(request, "account/sign_out.html")
