"""Giving the foreigner number that AGDREF holds for a person: looked up, compared side by side, confirmed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guichet.accounts.errors import NumberRefused
from guichet.accounts.queries import ComparedField, NumberCheck
from guichet.core.errors import ActionRefused
from guichet.instruction import actions
from guichet.instruction.queries import ReviewSheet
from guichet.registries.errors import RegistryUnavailable
from guichet.web.design.forms import GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import ticket_words
from guichet.web.officer.forms import long_text
from guichet.web.officer.pages import must_hold, sheet_or_404, show, to_sheet, told

# A person's fields, as the words of what is claimed name them.
CLAIMED = {"birth_name": "last_name", "birth_date_text": "birth_date"}


class NumberForm(GuichetForm):
    number = forms.CharField(
        label=gettext_lazy("Numéro étranger"),
        max_length=60,
        help_text=gettext_lazy("Celui qu'AGDREF vient de donner à cette personne. Les espaces ne comptent pas."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )


class SamePersonForm(GuichetForm):
    """Needed where the two identities differ."""

    reason = long_text(
        gettext_lazy("Pourquoi c'est la même personne"),
        rows=3,
        help_text=gettext_lazy("Ce que vous avez vu : un document, une rectification, un entretien. Gardé avec votre nom."),
    )


@officer_required()
@sensitive_post_parameters("number")
@require_http_methods(["GET", "HEAD", "POST"])
def give_number(request: OfficerRequest, number: str) -> HttpResponse:
    sheet = sheet_or_404(request, number)
    must_hold(request, "give_number", sheet)
    if sheet.application.person.foreigner_number:
        messages.info(request, _("Cette personne a déjà un numéro étranger."))
        return to_sheet(number)
    form = NumberForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, sheet, form)
    typed = form.cleaned_data["number"]
    try:
        checked = actions.compare_number(sheet.application, request.officer, typed)
        wanted = request.POST.get("action", "check")
        reason = None if checked.same_person else SamePersonForm(request.POST if wanted == "give" else None)
        if wanted != "give" or (reason is not None and not reason.is_valid()):
            return _page(request, sheet, form, checked, reason)
        why = reason.cleaned_data["reason"] if reason is not None else ""
        actions.give_foreigner_number(sheet.application, request.officer, typed, reason=why)
    except (NumberRefused, RegistryUnavailable) as refusal:
        form.add_error("number", str(refusal.message))
        return _page(request, sheet, form)
    except ActionRefused as refusal:
        told(request, refusal)
        return to_sheet(number)
    messages.success(request, _("Le numéro est donné. La personne reçoit son identifiant par courriel."))
    return to_sheet(number)


def _page(
    request: OfficerRequest,
    sheet: ReviewSheet,
    form: NumberForm,
    checked: NumberCheck | None = None,
    reason: SamePersonForm | None = None,
) -> HttpResponse:
    number = str(sheet.application.number)
    context: dict[str, Any] = {
        "sheet": sheet,
        "application": sheet.application,
        "form": form,
        "checked": checked,
        "lines": [_line(field) for field in checked.fields] if checked else [],
        "reason": reason,
        "error_lines": [*form.error_lines, *(reason.error_lines if reason else [])],
    }
    trail = [
        (reverse("officer:queue"), _("Dossiers")),
        (reverse("officer:review", args=[number]), _("Dossier %(number)s") % {"number": number}),
    ]
    return show(request, "officer/give_number.html", context, trail=trail)


def _line(field: ComparedField) -> dict[str, Any]:
    name = CLAIMED.get(field.name, field.name)
    return {
        "label": ticket_words.CLAIMED[name],
        "here": ticket_words.claim(name, field.here),
        "there": ticket_words.claim(name, field.there),
        "agrees": field.agrees,
    }
