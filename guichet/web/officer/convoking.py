"""The appointments of one application: what the person was invited to, what became of it; convoking, calling off, a card."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guichet.applications.moves import subject_of
from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Booking
from guichet.appointments.queries import Invited
from guichet.core.dates import day_in_words
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import whole_number
from guichet.instruction import actions, queries
from guichet.instruction.errors import Invalid
from guichet.instruction.queries import ReviewSheet
from guichet.permits import queries as permits
from guichet.web.design.forms import GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas.words import PUBLIC, pool_name
from guichet.web.officer.forms import long_text
from guichet.web.officer.pages import must_hold, sheet_or_404, show, told

STATES: dict[str, tuple[Promise, str]] = {
    "open": (gettext_lazy("Invité, date à choisir"), "warning"),
    "booked": (gettext_lazy("Date choisie"), "success"),
    "honoured": (gettext_lazy("Reçu"), "info"),
    "missed": (gettext_lazy("Manqué deux fois"), "error"),
    "expired": (gettext_lazy("Délai passé"), "error"),
    "withdrawn": (gettext_lazy("Invitation retirée"), "new"),
}
WITHDRAW = "retirer"
CONVOKE, CALL_OFF, ANNOUNCE = "convoke", "call_off", "announce_permit"
VERBS = {CONVOKE: "convoke", CALL_OFF: "convoke", ANNOUNCE: "announce_permit"}


class ConvokeForm(GuichetForm):
    type = forms.ChoiceField(label=gettext_lazy("Rendez-vous du bureau"))
    pool = forms.ChoiceField(
        label=gettext_lazy("Places"),
        required=False,
        help_text=gettext_lazy("Des places réservées ne sont proposées à la personne que si le rendez-vous choisi en a."),
    )
    reason = long_text(
        gettext_lazy("Pourquoi la personne doit venir"),
        rows=3,
        help_text=gettext_lazy("Elle lit ce texte sur la page de sa demande, jamais dans le courriel."),
    )

    def __init__(self, *args: Any, types: list[AppointmentType], pools: Mapping[int, list[str]], **kwargs: Any) -> None:
        """``pools``: the reserved places of each type; the choice is not shown where none has any."""
        super().__init__(*args, **kwargs)
        reserved = sorted({pool for each in pools.values() for pool in each})
        if reserved:
            kept = [(pool, _("Réservées : %(pool)s") % {"pool": pool_name(pool)}) for pool in reserved]
            self.fields["pool"].choices = [("", _("Les places de tout le monde")), *kept]  # type: ignore[attr-defined]
        else:
            del self.fields["pool"]
        choices = [("", gettext_lazy("Choisir")), *((str(type.pk), type.name) for type in types)]
        self.fields["type"].choices = choices  # type: ignore[attr-defined]


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def appointments_of(request: OfficerRequest, number: str) -> HttpResponse:
    """Reading asks for reach only; ``act`` names what is posted."""
    sheet = sheet_or_404(request, number)
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in VERBS:
        return _page(request, sheet)
    must_hold(request, VERBS[act], sheet)
    form = None
    try:
        if act == CONVOKE:
            types = queries.types_to_convoke(sheet.application)
            form = ConvokeForm(request.POST, types=types, pools=queries.pools_to_convoke(types))
            if not form.is_valid():
                return _page(request, sheet, form)
            data = form.cleaned_data
            pool = data.get("pool", "")
            actions.convoke(sheet.application, request.officer, int(data["type"]), data["reason"], pool)
            done = _("La personne est invitée : elle choisit sa date. Le courriel part.")
        elif act == CALL_OFF:
            actions.call_off(sheet.application, request.officer, whole_number(request.POST.get("invitation", "")) or 0)
            done = _("L'invitation est retirée, et le rendez-vous annulé s'il était pris. La personne est prévenue.")
        else:
            actions.announce_permit(sheet.application, request.officer)
            done = _("C'est noté : le titre attend son titulaire, qui est prévenu.")
        messages.success(request, done)
    except Invalid as refusal:
        if form is None:
            told(request, refusal)
        else:
            form.add_error(refusal.field, str(refusal.message))
            return _page(request, sheet, form)
    except ActionRefused as refusal:
        told(request, refusal)
    return redirect("officer:file_appointments", number)


def _page(request: OfficerRequest, sheet: ReviewSheet, form: ConvokeForm | None = None) -> HttpResponse:
    types = queries.types_to_convoke(sheet.application)
    source = subject_of(sheet.application)
    handover = permits.handover_of(source)
    context: dict[str, Any] = {
        "sheet": sheet,
        "application": sheet.application,
        "lines": lines_of(sheet),
        "asked": whole_number(request.GET.get(WITHDRAW, "")),  # the invitation that is about to be withdrawn
        "withdraw": WITHDRAW,
        "may_convoke": "convoke" in sheet.verbs,
        "types": types,
        "form": form or ConvokeForm(types=types, pools=queries.pools_to_convoke(types)),
        "error_lines": form.error_lines if form else [],
        "handover": handover,
        "may_announce": "announce_permit" in sheet.verbs and bool(sheet.definition.grants) and handover is None,
    }
    number = str(sheet.application.number)
    trail = [
        (reverse("officer:queue"), _("Dossiers")),
        (reverse("officer:review", args=[number]), _("Dossier %(number)s") % {"number": number}),
    ]
    return show(request, "officer/appointments.html", context, trail=trail, status=422 if form and form.errors else 200)


def lines_of(sheet: ReviewSheet) -> list[dict[str, Any]]:
    """What the application called for, the newest first. Two queries."""
    return [_line(each) for each in appointments.invitations_of_source(*subject_of(sheet.application))]


def _line(each: Invited) -> dict[str, Any]:
    label, badge = STATES[each.state]
    return {
        "invited": each,
        "invitation": each.invitation,
        "state": label,
        "badge": badge,
        "when": _when(each.booking) if each.booking and each.state in ("booked", "honoured") else "",
        "pool": pool_name(each.invitation.pool) if each.invitation.pool != PUBLIC else "",
        "may_call_off": each.is_usable,
    }


def _when(booking: Booking) -> str:
    starts = booking.starts_at_local
    return _("%(day)s à %(hour)s") % {
        "day": f"{date_format(starts.date(), 'l')} {day_in_words(starts.date())}",
        "hour": f"{starts:%H:%M}",
    }
