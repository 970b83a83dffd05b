"""Signing in and out, at the applicants' door."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.accounts.models import Account
from guichet.core.errors import TooManyTries
from guichet.web.account import kept, vouched
from guichet.web.account.arriving import arrive
from guichet.web.account.forms import SignInForm
from guichet.web.design.signing import check_password

LANDING = "applicant:applications"
WRONG = gettext_lazy(
    "Cet identifiant et ce mot de passe ne vont pas ensemble. Retapez-les : dans le mot de passe, majuscules et minuscules"
    " comptent. Un mot de passe provisoire ne sert que sept jours. Sinon, utilisez les liens « oublié » de cette page."
)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One message for an unknown identifier, a wrong password and an officer's account. Locks are django-axes' business."""
    after = kept.destination(request)
    if request.method != "POST":
        kept.keep_destination(request)
    if request.user.is_authenticated and request.user.kind == Account.Kind.APPLICANT and request.method != "POST":
        return redirect(after or LANDING)
    form = SignInForm(request.POST or None, initial={"identifier": request.session.get(kept.IDENTIFIER, "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            account = check_password(request, typed["identifier"], typed["password"], Account.Kind.APPLICANT)
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            if account is not None:
                arrive(request, account)
                if account.must_change_password:
                    kept.keep_for_later(request, after)
                    return redirect("account:change_password")
                return redirect(after or LANDING)
            form.add_error(None, str(WRONG))
    return render(request, "account/sign_in.html", {"form": form, "next": after}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out by POST; a link only leads to the button."""
    if request.method == "POST":
        if vouched.end(request):
            return redirect("account:franceconnect_signed_out")
        messages.success(request, _("Vous êtes déconnecté."))
        return redirect("public:home")
    return render(request, "account/sign_out.html")
