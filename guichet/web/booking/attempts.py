"""The certificate of a failed attempt: asked for when nothing is free, made when the server sees it too."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.errors import MailboxFull
from guichet.appointments.models import AppointmentType, Attempt
from guichet.appointments.waiting.errors import PlacesFree
from guichet.certificates import queries as certificates
from guichet.core.errors import ActionRefused
from guichet.web.booking import already, asking, kept, proofs, steps
from guichet.web.booking.choosing import nothing_free
from guichet.web.booking.details import shown_identity
from guichet.web.booking.forms import DetailsForm, details_of
from guichet.web.booking.identified import proof_of_identity
from guichet.web.booking.words import day_of_week


class AttemptForm(DetailsForm):
    """Whose attempt it is, and where to send the certificate: nothing of the appointment itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "access", "interpreter", "companion"):
            del self.fields[name]
        self.fields["email"].help_text = _(
            "L'attestation y sera envoyée. Donnez toujours la même : vos tentatives seront réunies."
        )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """What the certificate says and does not, then whose it is."""
    found = steps.type_or_404(office, type)
    if away := asking.turned_away(request, found):
        return away
    form, identity = asking.details(request, found, AttemptForm, kept_as="attempted")
    if form.is_valid():
        return redirect(steps.address("attempt_check", found))
    context = {"form": form, **shown_identity(identity)}
    return asking.page(request, "attempt", found, context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The bot check; passed: the server looks whether something is free, and records that nothing is."""
    found = steps.type_or_404(office, type)
    if away := asking.turned_away(request, found):
        return away
    if not kept.way(request, found).get("attempted"):
        return redirect(steps.address("attempt", found))
    proof, refusal = proofs.posted(request)
    if proof:
        return _record(request, found)
    context = proofs.shown(request, refusal)
    return asking.page(request, "attempt_check", found, context, status=proofs.status_of(refusal))


def _record(request: HttpRequest, type: AppointmentType) -> HttpResponse:
    details = details_of(kept.way(request, type)["attempted"], get_language() or settings.LANGUAGE_CODE)
    try:
        recorded = actions.record_attempt(type, details, **proof_of_identity(request, type))
    except PlacesFree:
        return asking.to_places(request, type)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(steps.address("attempt" if isinstance(refusal, MailboxFull) else "type", type))
    kept.keep(request, type, attempt=recorded.pk)
    return redirect(steps.address("attempt_done", type))


def _recorded(request: HttpRequest, type: AppointmentType) -> Attempt | None:
    """The last attempt that this browser recorded for a type."""
    known = kept.way(request, type).get("attempt")
    return appointments.attempt_of(known) if known else None


@never_cache
@require_safe
def done(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The certificate, its number, and how to go on."""
    found = steps.type_or_404(office, type)
    recorded = _recorded(request, found)
    if recorded is None:
        return redirect(steps.address("type", found))
    at = recorded.at.astimezone(ZoneInfo(found.office.time_zone))
    context = {
        "attempt": recorded,
        "day": day_of_week(at),
        "hour": at,
        "email": kept.way(request, found).get("attempted", {}).get("email", ""),
        "here": _t("Attestation de tentative"),
        **nothing_free(found),
        **already.context_of(request, found),
    }
    return asking.page(request, "attempt_done", found, context)


@never_cache
@require_safe
def pdf(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The certificate that this browser asked for, again."""
    found = steps.type_or_404(office, type)
    recorded = _recorded(request, found)
    document = certificates.document(recorded.document) if recorded is not None else None
    if document is None:
        raise Http404
    response = HttpResponse(certificates.pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    return response
