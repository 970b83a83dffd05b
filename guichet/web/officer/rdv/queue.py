"""The queue: giving numbers, calling to a desk, saying what becomes of who was called."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Visit
from guichet.core.errors import ActionRefused
from guichet.offices.models import Office
from guichet.web.design.forms import GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import told
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.frame import ROLES, actor, address, office_of, page, to

DESK, FOR = "rdv_desk", "rdv_for"  # what the session keeps of where an officer sits and whom they call


@officer_required(*ROLES)
@never_cache
@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    """Who waits, who is called, and to which desk one calls oneself."""
    office = office_of(request)
    found = appointments.queue(office)
    others = appointments.others_of(
        [one.booking for one in (*found.waiting, *found.called, *found.ended) if one.booking is not None]
    )
    desk = str(request.session.get(DESK, ""))

    def shown(visit: Visit) -> words.Waiting:
        return words.waiting(visit, office, others.get(visit.booking_id or 0, ()))

    mine = next((one for one in found.called if desk and one.desk == desk), None)
    context: dict[str, Any] = {
        "desk": desk,
        "chosen": str(request.session.get(FOR, "")),
        "types": appointments.visit_types(office),
        "mine": shown(mine) if mine else None,
        "waiting": [shown(one) for one in found.waiting],
        "called": [shown(one) for one in found.called if one is not mine],
        "ended": [shown(one) for one in found.ended],
        "reload_url": address("rdv_queue", office),
    }
    return page(request, "officer/rdv/queue.html", office, context, here="rdv_queue")


@officer_required(*ROLES)
@require_POST
def call_next(request: OfficerRequest) -> HttpResponse:
    """Calls whose turn it is; ``termine``: the person at the desk is done first."""
    office = office_of(request)
    desk, kind = _desk(request), _type(request, office)
    request.session[FOR] = kind.slug if kind else ""
    try:
        done = _visit(office, request.POST.get("termine", ""))
        if done is not None:
            actions.move_visit(done, "finish", actor(request))
        called = actions.call_next(office, desk, actor(request), type=kind, after=done)
    except ActionRefused as refusal:
        told(request, refusal)
    else:
        request.session[DESK] = called.desk
        messages.success(
            request, _("%(ticket)s est appelé au guichet %(desk)s.") % {"ticket": called.ticket, "desk": called.desk}
        )
    return to("rdv_queue", office)


@officer_required(*ROLES)
@require_POST
def act(request: OfficerRequest, pk: int) -> HttpResponse:
    """One act on one person of the queue."""
    office = office_of(request)
    visit = _visit(office, str(pk))
    if visit is None:
        raise Http404
    verb = request.POST.get("acte", "")
    try:
        if verb in ("call", "call_again"):
            called = actions.call(visit, _desk(request), actor(request))
            request.session[DESK] = called.desk
            said = _("%(ticket)s est appelé au guichet %(desk)s.") % {"ticket": called.ticket, "desk": called.desk}
        elif verb in words.ACTS:
            actions.move_visit(visit, verb, actor(request))
            said = _("C'est noté pour %(ticket)s.") % {"ticket": visit.ticket}
        else:
            messages.error(request, _("Choisissez un acte proposé dans la liste."))
            return to("rdv_queue", office)
    except ActionRefused as refusal:
        told(request, refusal)
    else:
        messages.success(request, said)
    return to("rdv_queue", office)


def _desk(request: OfficerRequest) -> str:
    """The desk that was typed, else where the officer sat before."""
    return request.POST.get("guichet", "")[:40].replace("\x00", "").strip() or str(request.session.get(DESK, ""))


def _type(request: OfficerRequest, office: Office) -> AppointmentType | None:
    """The type that was chosen, of this office; none: everybody."""
    slug = request.POST.get("pour", "")
    return next((one for one in appointments.visit_types(office) if one.slug == slug), None) if slug else None


def _visit(office: Office, number: str) -> Visit | None:
    return appointments.visit_of(office, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None


# Numbers ------------------------------------------------------------------------------------------------------------------


class NumberForm(GuichetForm):
    """Somebody without appointment: for what, in which language, what to prepare. No name is asked for."""

    purpose = forms.ChoiceField(label=gettext_lazy("Pour quoi la personne vient"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Langue de l'échange"), choices=list(words.LANGUAGES.items()), initial="fr")
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("À prévoir"),
        choices=list(words.NEEDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Qui est prioritaire est appelé avant les autres."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Rechargez la page.")})

    def __init__(self, *args: Any, types: list[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Renseignement ou autre motif")), *((one.slug, one.name) for one in types)]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]
        self.types = {one.slug: one for one in types}

    @property
    def type(self) -> AppointmentType | None:
        return self.types.get(self.cleaned_data["purpose"])


@officer_required(*ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: OfficerRequest) -> HttpResponse:
    """Gives a number to somebody without appointment."""
    office = office_of(request)
    types = appointments.visit_types(office)
    if request.method == "POST":
        form = NumberForm(request.POST, types=types)
        if form.is_valid():
            key: UUID = form.cleaned_data["key"]
            visit = actions.take_number(
                office,
                actor(request),
                request_key=key,
                type=form.type,
                language=form.cleaned_data["language"],
                needs=tuple(form.cleaned_data["needs"]),
            )
            return to("rdv_ticket", office, visit.pk)
    else:
        form = NumberForm(types=types, initial={"key": uuid4(), "language": "fr"})
    context = {"form": form, "error_lines": form.error_lines if form.is_bound else []}
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "officer/rdv/number.html", office, context, here="rdv_number", status=status)


@officer_required(*ROLES)
@never_cache
@require_safe
def ticket(request: OfficerRequest, pk: int) -> HttpResponse:
    """The number that was given, to say, to show or to print."""
    office = office_of(request)
    visit = _visit(office, str(pk))
    if visit is None:
        raise Http404
    before = appointments.waiting_before(visit)
    context = {
        "given": words.waiting(visit, office),
        "before": before,
        "again_url": address("rdv_number", office),
        "day_words": words.long_day(visit.day),
        "other_language": "fr" if (get_language() or "fr").startswith("en") else "en",
    }
    trail = ((address("rdv_number", office), _("Donner un numéro")),)
    return page(request, "officer/rdv/ticket.html", office, context, here="", trail=trail)
