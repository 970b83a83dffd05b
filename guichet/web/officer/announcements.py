"""Information messages of the public pages: written, previewed, changed and withdrawn by the national administration."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.core.events import Actor
from guichet.instruction.powers import OFFICE_POWERS
from guichet.messaging import actions, queries
from guichet.messaging.announcements import LONGEST
from guichet.messaging.models import Announcement
from guichet.web.design.forms import DateField3, GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import show, told

ROLES = tuple(sorted(OFFICE_POWERS["announce"]))
LEVELS: dict[str, Promise] = {
    Announcement.Level.INFO: gettext_lazy("Information"),
    Announcement.Level.WARNING: gettext_lazy("Avertissement"),
}
FIELDS = ("text_fr", "text_en", "level", "first_day", "last_day")


class AnnouncementForm(GuichetForm):
    text_fr = forms.CharField(
        label=gettext_lazy("Message en français"),
        max_length=LONGEST,
        help_text=gettext_lazy("Une ou deux phrases simples : ce qui change, pour qui, quoi faire."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Message en anglais"),
        max_length=LONGEST,
        help_text=gettext_lazy("Le même message, pour qui lit les pages en anglais."),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )
    level = forms.ChoiceField(label=gettext_lazy("Importance"), choices=list(LEVELS.items()), widget=forms.RadioSelect)
    first_day = DateField3(label=gettext_lazy("Premier jour"))
    last_day = DateField3(
        label=gettext_lazy("Dernier jour"),
        required=False,
        help_text=gettext_lazy("Ce jour compris. Sans date, le message reste jusqu'à ce que vous le retiriez."),
    )


@officer_required(*ROLES)
@require_safe
def announcements(request: OfficerRequest) -> HttpResponse:
    today = clock.today()
    rows = [{"announcement": one, "state": _state(one, today)} for one in queries.every_announcement()]
    return show(request, "officer/announcements.html", {"rows": rows})


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest) -> HttpResponse:
    return _write(request, None, {"level": Announcement.Level.INFO, "first_day": clock.today()})


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    return _write(request, found, {name: getattr(found, name) for name in FIELDS})


@officer_required(*ROLES)
@require_POST
def withdraw(request: OfficerRequest, pk: int) -> HttpResponse:
    actions.withdraw_announcement(_found(pk), by=_actor(request))
    messages.success(request, _("Le message n'est plus affiché."))
    return redirect("officer:announcements")


def _write(request: OfficerRequest, announcement: Announcement | None, initial: dict[str, Any]) -> HttpResponse:
    """The form, filled in; «preview» shows what people will read, and writes nothing."""
    form = AnnouncementForm(request.POST if request.method == "POST" else None, initial=initial)
    preview = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "preview":
            preview = form.cleaned_data
        else:
            try:
                if announcement is None:
                    actions.announce(**form.cleaned_data, by=_actor(request))
                else:
                    actions.change_announcement(announcement, **form.cleaned_data, by=_actor(request))
            except ActionRefused as refusal:
                if refusal.code not in FIELDS:
                    told(request, refusal)
                    return redirect("officer:announcements")
                form.add_error(refusal.code, str(refusal.message))
            else:
                messages.success(request, _("Le message est enregistré."))
                return redirect("officer:announcements")
    context = {"form": form, "error_lines": form.error_lines if form.is_bound else [], "preview": preview}
    context["announcement"] = announcement
    return show(request, "officer/announcement.html", context, trail=[(reverse("officer:announcements"), _("Annonces"))])


def _found(pk: int) -> Announcement:
    found = queries.announcement(pk)
    if found is None or found.withdrawn_at is not None:
        raise Http404
    return found


def _state(announcement: Announcement, today: Any) -> str:
    """``withdrawn``, ``over``, ``coming`` or ``shown``."""
    if announcement.withdrawn_at is not None:
        return "withdrawn"
    if announcement.last_day is not None and announcement.last_day < today:
        return "over"
    return "coming" if announcement.first_day > today else "shown"


def _actor(request: OfficerRequest) -> Actor:
    return Actor("officer", str(request.user.pk))
