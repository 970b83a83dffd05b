"""Joining the waiting list of a type: its rule, the details, the bot check."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.errors import AlreadyBooked, MailboxFull
from guichet.appointments.models import AppointmentType
from guichet.appointments.waiting.errors import PlacesFree
from guichet.core.errors import ActionRefused
from guichet.web.booking import already, asking, kept, proofs, steps
from guichet.web.booking.choosing import next_release
from guichet.web.booking.details import shown_identity
from guichet.web.booking.forms import DetailsForm, details_of
from guichet.web.booking.identified import proof_of_identity, situation_of
from guichet.web.booking.words import people


class WaitingForm(DetailsForm):
    """Who waits, and where to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = gettext_lazy("C'est là que nous vous proposerons une place : vérifiez-la bien.")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """How the list goes, then the details."""
    found = steps.type_or_404(office, type)
    if away := asking.turned_away(request, found):
        return away
    form, identity = asking.details(request, found, WaitingForm, kept_as="typed")
    if form.is_valid():
        return redirect(steps.address("waiting_check", found))
    context = {
        "form": form,
        "waiting": people(appointments.people_waiting(found)),
        "release": next_release(found),
        "kept_days": appointments.kept_days(),
        **already.context_of(request, found),
        **shown_identity(identity),
    }
    return asking.page(request, "waiting", found, context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The bot check; passed: in the list."""
    found = steps.type_or_404(office, type)
    if away := asking.turned_away(request, found):
        return away
    if not kept.way(request, found).get("typed"):
        return redirect(steps.address("waiting", found))
    proof, refusal = proofs.posted(request)
    if proof:
        return _join(request, found)
    context = proofs.shown(request, refusal)
    return asking.page(request, "waiting_check", found, context, status=proofs.status_of(refusal))


def _join(request: HttpRequest, type: AppointmentType) -> HttpResponse:
    typed = kept.way(request, type)["typed"]
    details = details_of(typed, get_language() or settings.LANGUAGE_CODE, situation_of(request, type))
    try:
        entry = actions.join_waiting_list(type, details, **proof_of_identity(request, type))
    except PlacesFree:
        return asking.to_places(request, type)
    except AlreadyBooked as refusal:
        messages.error(request, str(refusal.message))
        kept.lost_with(request, details.email)
        return redirect("booking:find")
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(steps.address("waiting" if isinstance(refusal, MailboxFull) else "type", type))
    kept.keep(request, type, typed=None, waiting=entry.pk)
    return redirect(steps.address("waiting_joined", type))


@never_cache
@require_safe
def joined(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """In the list: what comes next."""
    found = steps.type_or_404(office, type)
    known = kept.way(request, found).get("waiting")
    entry = appointments.waiting_entry_of(known) if known else None
    if entry is None:
        return redirect(steps.address("type", found))
    context = {"entry": entry, "before": people(appointments.people_before(entry)), "here": _("Liste d'attente")}
    return asking.page(request, "waiting_joined", found, context)
