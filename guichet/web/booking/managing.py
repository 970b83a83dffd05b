"""Finding a request again: by its reference and the e-mail given with it (throttled, and telling nothing of what exists), or,
with the e-mail alone, by a mail (``links``)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.appointments import queries as appointments
from guichet.appointments.errors import UnknownBooking
from guichet.core import throttling
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused
from guichet.web.booking import kept
from guichet.web.booking.forms import LinksForm, ReferenceForm

TRIES = throttling.Limit("booking_reference", 10, 900)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            place = throttling.spend(TRIES, client_address(request))
            booking = appointments.booking_by_reference(form.cleaned_data["reference"], form.cleaned_data["email"])
            if booking is None:
                raise UnknownBooking
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            place.give_back()
            kept.look_at(request, booking)
            return redirect("booking:request")
    context = {
        "form": form,
        "links_form": LinksForm(initial={"email": request.session.get(kept.LOST, "")}),
        "trail": [{"url": "/rdv/", "label": _("Rendez-vous")}],
    }
    return render(request, "booking/find.html", context, status=422 if form.errors else 200)
