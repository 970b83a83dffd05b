"""The mail does not arrive: it is written again, or to the address that was meant. For the browser that asked only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType, Booking
from guichet.core import throttling
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused
from guichet.web.booking import kept, steps
from guichet.web.booking.forms import AddressForm
from guichet.web.booking.mail_domains import likely

AGAIN = "encore"  # the button that writes to the same address
TRIES = throttling.Limit("booking_address", 10, 3600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Where the mail to answer went, and where else it may go."""
    found = steps.type_or_404(office, type)
    booking = _asked_here(request, found)
    if booking is None:
        return redirect(steps.address("type", found))
    if booking.state != State.TO_CONFIRM:
        return redirect(steps.address("done", found))
    initial = {"email": likely(booking.email) or booking.email}
    if request.method == "POST" and AGAIN in request.POST:
        form = AddressForm({"email": booking.email, "email_again": booking.email})
    else:
        form = AddressForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _written(request, booking, form):
        return redirect(steps.address("done", found))
    context = {"form": form, "booking": booking, "here": _("Corriger mon adresse")}
    return steps.page(request, "booking/address.html", found, steps.FINISH, context, status=422 if form.errors else 200)


def _asked_here(request: HttpRequest, type: AppointmentType) -> Booking | None:
    made = kept.way(request, type).get("booking")
    return appointments.booking_of(made) if made else None


def _written(request: HttpRequest, booking: Booking, form: AddressForm) -> bool:
    """Whether the mail is on its way; else the form says why not."""
    email = form.cleaned_data["email"]
    try:
        throttling.spend(TRIES, client_address(request))
        actions.correct_address(booking, email, session_key=kept.browser(request))
    except ActionRefused as refusal:
        form.add_error(None, str(refusal.message))
        return False
    if email.lower() == booking.email.lower():
        said = _("Le courriel est envoyé à nouveau à %(email)s. Il peut mettre quelques minutes.")
    else:
        said = _("Le courriel part à %(email)s. Le lien envoyé avant, à l'autre adresse, ne sert plus.")
    messages.success(request, said % {"email": email})
    return True
