"""What follows from a request for help besides an answer: judging an identity, a convocation, another office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from guichet.applications import queries as applications
from guichet.core.errors import ActionRefused
from guichet.offices import queries as office_queries
from guichet.offices.models import Office
from guichet.registries.errors import RegistryUnavailable
from guichet.support import actions, powers, queries
from guichet.support.errors import Invalid
from guichet.support.models import Ticket
from guichet.support.queries import Comparison
from guichet.web.design.dates import DateField3
from guichet.web.design.forms import GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import ticket_words
from guichet.web.officer.forms import long_text
from guichet.web.officer.pages import show, told
from guichet.web.officer.tickets import ROLES, facts, offices_in_reach, ticket_or_404

# What one usually brings, to begin with.
BRING = (
    gettext_lazy("Ce courriel"),
    gettext_lazy("Votre passeport ou une pièce d'identité"),
    gettext_lazy("Deux photos d'identité récentes"),
    gettext_lazy("Un justificatif de domicile de moins de six mois"),
)


class IdentifierForm(GuichetForm):
    """Whose account, or which number of the registry."""

    identifier = forms.CharField(
        label=gettext_lazy("Numéro étranger, adresse électronique du compte, ou « visa » et son numéro"),
        help_text=gettext_lazy("La consultation est enregistrée avec votre nom."),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CheckedForm(GuichetForm):
    """How the officer knows that the person is who they say."""

    checked = forms.ChoiceField(
        label=gettext_lazy("Comment avez-vous vérifié l'identité ?"),
        choices=[("", gettext_lazy("Choisir")), *actions.CHECKS.items()],
        error_messages={"required": gettext_lazy("Dites comment l'identité de la personne a été vérifiée.")},
    )


class ConvokeForm(GuichetForm):
    office = forms.ChoiceField(label=gettext_lazy("Bureau"))
    purpose = forms.ChoiceField(
        label=gettext_lazy("Pourquoi"), choices=[("", gettext_lazy("Choisir")), *ticket_words.PURPOSES.items()]
    )
    day = DateField3(label=gettext_lazy("Jour"))
    hour = forms.TimeField(
        label=gettext_lazy("Heure"),
        help_text=gettext_lazy("À l'heure du bureau, comme 09:30."),
        input_formats=["%H:%M", "%Hh%M", "%H h %M", "%Hh"],
        # Not type="time": its three boxes in one show no focus of ours, and read badly aloud.
        widget=forms.TimeInput(attrs={"maxlength": 7, "autocomplete": "off"}, format="%H:%M"),
    )
    bring = long_text(gettext_lazy("Ce que la personne doit apporter"), rows=5)

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(office.code, office.name) for office in offices]  # type: ignore[attr-defined]
        self.fields["bring"].help_text = _("Une chose par ligne. La personne lit ce texte tel quel, dans sa langue.")


class HandOverForm(GuichetForm):
    office = forms.ChoiceField(label=gettext_lazy("Transmettre à"), required=False)
    reason = long_text(gettext_lazy("Pourquoi"), rows=3, help_text=gettext_lazy("Lu par les agents, jamais par la personne."))

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", ticket_words.CONTACT_CENTRE), *((office.code, office.name) for office in offices)]
        self.fields["office"].choices = choices  # type: ignore[attr-defined]


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: OfficerRequest, number: str) -> HttpResponse:
    """What was claimed beside what the registry holds; then the link, or the account given to the address of the ticket."""
    found = _for(request, number, "read_registry")
    identifier_form = IdentifierForm(request.POST or None, initial={"identifier": queries.identifier_claimed(found)})
    if request.method != "POST" or not identifier_form.is_valid():
        return _identity(request, found, identifier_form)
    typed = identifier_form.cleaned_data["identifier"]
    action = request.POST.get("action", "")
    if action not in ("send_link", "change_address"):
        return _identity(request, found, identifier_form, read=_read(request, found, identifier_form, typed))
    checked = CheckedForm(request.POST)
    if not checked.is_valid():
        read = _read(request, found, identifier_form, typed)
        return _identity(request, found, identifier_form, read=read, checked=checked)
    try:
        _resolve(request, found, action, typed, checked.cleaned_data["checked"])
    except RegistryUnavailable as down:
        told(request, down)
        return redirect("officer:ticket_identity", found.number)
    except ActionRefused as refusal:
        told(request, refusal)
    return redirect("officer:ticket", found.number)


def _resolve(request: OfficerRequest, found: Ticket, action: str, identifier: str, checked: str) -> None:
    if action == "send_link":
        actions.send_link(found, by=request.officer, foreigner_number=identifier, checked=checked)
        messages.success(request, _("Le lien d'activation part à l'adresse de la demande. Il est valable 7 jours."))
        return
    holder = actions.read_registry(found, by=request.officer, identifier=identifier).holder
    if holder is None:
        messages.error(request, _("Aucun compte n'a cet identifiant."))
        return
    office = applications.office_of(holder)
    if office and not powers.allowed("change_address", request.powers.roles_in(office.code)):
        messages.error(
            request,
            _(
                "Ce compte a une demande dans un autre bureau : %(office)s. C'est à lui de vérifier l'identité de la personne :"
                " l'administrateur de votre bureau peut lui transmettre cette demande d'aide."
            )
            % {"office": office.name},
        )
        return
    actions.change_address(found, by=request.officer, account=holder, checked=checked)
    messages.success(request, _("Le compte a maintenant l'adresse de la demande. L'ancienne adresse est prévenue."))


def _read(request: OfficerRequest, found: Ticket, form: IdentifierForm, identifier: str) -> Comparison | None:
    try:
        return actions.read_registry(found, by=request.officer, identifier=identifier)
    except RegistryUnavailable as down:
        form.add_error(None, str(down.message))
        return None


def _identity(
    request: OfficerRequest,
    found: Ticket,
    form: IdentifierForm,
    *,
    read: Comparison | None = None,
    checked: CheckedForm | None = None,
) -> HttpResponse:
    lines = [
        {
            "label": ticket_words.CLAIMED[line.name],
            "claimed": ticket_words.claim(line.name, line.claimed),
            "held": ticket_words.claim(line.name, line.held),
            "agrees": line.agrees,
        }
        for line in (read.lines if read else ())
    ]
    context = {
        **facts(found),
        "form": form,
        "read": read,
        "lines": lines,
        "is_number": bool(read and (read.identifier.isdigit() or not read.identifier)),
        "checked": checked or CheckedForm(),
        "is_open": found.state == Ticket.State.OPEN,
        "error_lines": [*form.error_lines, *(checked.error_lines if checked else [])],
    }
    return show(request, "officer/ticket_identity.html", context, trail=_trail(found))


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def convoke(request: OfficerRequest, number: str) -> HttpResponse:
    found = _for(request, number, "convoke")
    reach = offices_in_reach(request)
    offices = [office for office in office_queries.offices() if reach is None or office.code in reach]
    with override(found.language):
        bring = "\n".join(str(line) for line in BRING)
    form = ConvokeForm(request.POST or None, offices=offices, initial={"office": found.office_id, "bring": bring})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        office = next(office for office in offices if office.code == data["office"])
        try:
            at = actions.at_the_desk(office, data["day"], data["hour"])
            actions.convoke(found, by=request.officer, office=office, purpose=data["purpose"], at=at, bring=data["bring"])
        except Invalid as refusal:
            form.add_error(refusal.field, str(refusal.message))
        except ActionRefused as refusal:
            told(request, refusal)
            return redirect("officer:ticket", found.number)
        else:
            messages.success(request, _("La personne est convoquée : le courriel part."))
            return redirect("officer:ticket", found.number)
    return show(request, "officer/ticket_convoke.html", {**facts(found), "form": form}, trail=_trail(found))


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: OfficerRequest, number: str) -> HttpResponse:
    """To another office, or back to the national contact centre."""
    found = _for(request, number, "hand_over")
    offices = sorted((one for one in office_queries.offices() if one.code != found.office_id), key=lambda one: one.name)
    form = HandOverForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        to = next((office for office in offices if office.code == form.cleaned_data["office"]), None)
        try:
            actions.hand_over(found, by=request.officer, to=to, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            form.add_error(refusal.field, str(refusal.message))
        except ActionRefused as refusal:
            told(request, refusal)
            return redirect("officer:ticket", found.number)
        else:
            where = to.name if to else ticket_words.CONTACT_CENTRE
            messages.success(request, _("La demande d'aide est transmise : %(office)s.") % {"office": where})
            return redirect("officer:tickets")
    return show(request, "officer/ticket_hand_over.html", {**facts(found), "form": form}, trail=_trail(found))


def _for(request: OfficerRequest, number: str, verb: str) -> Ticket:
    """The ticket, for an act of one's posts in its office: forbidden when they never open it."""
    found = ticket_or_404(request, number)
    if not powers.allowed(verb, request.powers.roles_in(found.office_id or "")):
        raise PermissionDenied
    return found


def _trail(found: Ticket) -> list[tuple[str, Any]]:
    return [
        (reverse("officer:tickets"), _("Demandes d'aide")),
        (reverse("officer:ticket", args=[found.number]), found.number),
    ]
