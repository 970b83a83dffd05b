"""A student without INE: asking for an access code, and using the one received."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused
from guichet.web.booking import identity, kept, steps
from guichet.web.booking.identity_forms import AskForm, CodeForm


@never_cache
@require_safe
def other(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Two ways without INE: ask for a code, or use the one received."""
    found = steps.type_or_404(office, type)
    if away := identity.turned_back(request, found):
        return away
    return identity.page(request, "identity_other", found, {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Identity, address, reason, permit or visa and its end: a code goes to the address."""
    found = steps.type_or_404(office, type)
    if away := identity.turned_back(request, found):
        return away
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        declared = form.declared(get_language() or settings.LANGUAGE_CODE)
        try:
            actions.ask_access_code(found, declared, address=client_address(request))
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
            status = identity.refused_status(refusal)
        else:
            kept.keep(request, found, code_sent_to=declared.email)
            return redirect(steps.address("identity_sent", found))
    context = {"form": form, "situations": appointments.situations()}
    return identity.page(request, "identity_ask", found, context, status if status != 200 else 422 if form.errors else 200)


@never_cache
@require_safe
def sent(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Where the code went, and what to do when it does not come."""
    found = steps.type_or_404(office, type)
    if away := identity.turned_back(request, found):
        return away
    email = kept.way(request, found).get("code_sent_to")
    if not email:
        return redirect(steps.address("identity_other", found))
    return identity.page(request, "identity_sent", found, {"email": email})


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The name of the form and the code of the mail, which leads straight here, on any device.

    Whoever asked for a code had accepted the conditions.
    """
    found = steps.type_or_404(office, type)
    if not identity.is_for_students(found):
        return redirect(steps.address("type", found))
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        data = form.cleaned_data
        try:
            opened = actions.use_access_code(found, data["last_name"], data["code"], address=client_address(request))
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
            status = identity.refused_status(refusal)
        else:
            known = {
                "person_key": opened.person_key,
                "last_name": opened.last_name,
                "first_names": opened.first_names,
                "birth_date": opened.birth_date_text,
                "institution": "",
                "stay_kind": opened.stay_kind,
                "stay_ends_on": opened.stay_ends_on.isoformat(),
                "situation": opened.situation,
                "email": opened.email,
                "checked": True,
            }
            kept.keep(request, found, accepted=True)
            return identity.go_on(request, found, known)
    return identity.page(
        request, "identity_code", found, {"form": form}, status if status != 200 else 422 if form.errors else 200
    )
