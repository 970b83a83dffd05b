"""My account: details, people I act for, password, language, browsers signed in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.accounts import actions, queries
from guichet.accounts.errors import PasswordRefused
from guichet.accounts.models import Account
from guichet.core.addresses import client_address
from guichet.core.errors import TooManyTries
from guichet.web.account import kept, vouched
from guichet.web.account.forms import ChangePasswordForm, LanguageForm, NewPasswordForm, PersonForm
from guichet.web.account.trail import under_account
from guichet.web.design.guards import account_required, applicant_required
from guichet.web.design.language import remember


@never_cache
@require_safe
@applicant_required
def home(request: HttpRequest) -> HttpResponse:
    account = cast(Account, request.user)
    return render(
        request,
        "account/home.html",
        {
            "account": account,
            "representations": queries.representations_of(account),
            "sessions": queries.sessions_of(account),
            "franceconnect_links": queries.franceconnect_links_of(account),
            "this_session": request.session.session_key,
            "language_form": LanguageForm(initial={"language": account.language}),
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def change_password(request: HttpRequest) -> HttpResponse:
    """By the current password; or, signed in with the one that was mailed, at once and before anything else."""
    account = cast(Account, request.user)
    temporary = account.must_change_password
    form = (NewPasswordForm if temporary else ChangePasswordForm)(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if temporary:
                actions.replace_temporary_password(account, typed["password"])
            else:
                actions.change_password(account, typed["password"], current=typed["current"], address=client_address(request))
        except PasswordRefused as refusal:
            for reason in refusal.reasons:
                form.add_error("current" if refusal.code == "wrong_current" else "password", reason)
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            update_session_auth_hash(request, account)
            actions.remember_session(account, str(request.session.session_key), request.headers.get("User-Agent", ""))
            if temporary:
                messages.success(request, _("Votre mot de passe est choisi : votre compte est prêt."))
                return redirect(kept.take_destination(request) or "applicant:applications")
            messages.success(request, _("Votre mot de passe est changé. Les autres appareils sont déconnectés."))
            return redirect("account:home")
    context = {"form": form, "temporary": temporary, "trail": [] if temporary else under_account()}
    return render(request, "account/change_password.html", context, status=status)


@require_POST
@applicant_required
def choose_language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    response = redirect("account:home")
    if form.is_valid():
        language = form.cleaned_data["language"]
        actions.choose_language(cast(Account, request.user), language)
        remember(response, language)
        with override(language):
            messages.success(request, _("Vos pages et vos courriels seront dans cette langue."))
    return response


@require_POST
@applicant_required
def close_sessions(request: HttpRequest) -> HttpResponse:
    """Signs out everywhere, or everywhere but here."""
    account = cast(Account, request.user)
    if request.POST.get("which") == "others":
        actions.close_other_sessions(account, request.session.session_key)
        messages.success(request, _("Tous les autres appareils sont déconnectés."))
        return redirect("account:home")
    actions.close_other_sessions(account)
    by_franceconnect = vouched.end(request)
    messages.success(request, _("Vous êtes déconnecté de tous vos appareils, celui-ci compris."))
    return redirect("account:franceconnect_signed_out" if by_franceconnect else "public:home")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def add_person(request: HttpRequest) -> HttpResponse:
    """Somebody without a foreigner number for whom this account acts too."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.declare_person(cast(Account, request.user), **form.cleaned_data)
        messages.success(request, _("Cette personne est ajoutée : vous pouvez commencer une demande pour elle."))
        return redirect("account:home")
    return render(request, "account/add_person.html", {"form": form, "trail": under_account()})
