"""Contact: a form that opens a ticket, and the page that shows its number."""

import re
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guichet.accounts.models import Account
from guichet.applications import queries as applications
from guichet.core.addresses import client_address
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import digits
from guichet.offices import queries as offices
from guichet.offices.models import Office
from guichet.support import actions as support
from guichet.support import words
from guichet.support.models import Ticket
from guichet.web.design.forms import GuichetForm

TOPICS = (("", _("Choisissez un sujet")), *words.TOPICS.items())
APPLICATION_DIGITS = 19
ABOUT_AN_APPLICATION = frozenset({"application", "document", "filed", "complement", "other"})
LONGEST_PAGE = 200
SENT = "contact_number"  # key of the session: the number is shown to its author only


class ContactForm(GuichetForm):
    """What we need to answer, and nothing more."""

    autocompletes: ClassVar[dict[str, str]] = {"name": "name", "email": "email"}

    topic = forms.ChoiceField(label=_("Sujet"), choices=TOPICS)
    message = forms.CharField(
        label=_("Votre message"),
        help_text=_("Ce que vous vouliez faire, ce qui s'est passé. N'écrivez pas de mot de passe ; pas de données de santé."),
        max_length=support.LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    reference = forms.CharField(
        label=_("Numéro de votre demande"),
        help_text=_("Dix-neuf chiffres, sur la confirmation de dépôt. Laissez vide si vous n'en avez pas."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Votre nom"), required=False, max_length=200)
    email = forms.EmailField(label=_("Votre adresse électronique"), help_text=_("La réponse y arrivera : vérifiez-la bien."))
    page = forms.CharField(widget=forms.HiddenInput, required=False)
    intent = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_page(self) -> str:
        """An address of ours, or nothing: nobody can mend what they do not see."""
        page = self.cleaned_data["page"]
        return page if re.fullmatch(r"/[^\s?#]*", page) and len(page) <= LONGEST_PAGE else ""


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST) if request.method == "POST" else ContactForm(initial=_known(request))
    if form.is_valid():
        answers = form.cleaned_data
        account = request.user if request.user.is_authenticated else None
        try:
            ticket = support.open_ticket(
                kind=Ticket.Kind.CONTACT,
                email=answers["email"],
                message=answers["message"],
                language=get_language() or settings.LANGUAGE_CODE,
                name=answers["name"],
                topic=answers["topic"],
                context={name: answers[name] for name in ("reference", "page") if answers[name]},
                account=account,
                office=_office(answers["topic"], answers["reference"], account),
                intent=f"contact:{answers['intent']}" if answers["intent"] else "",
                address=client_address(request),
            )
        except ActionRefused as refusal:
            form.add_error(None, forms.ValidationError(str(refusal.message), code=refusal.code))
        else:
            request.session[SENT] = ticket.number
            return redirect("public:contact_sent")
    context = {"form": form, "support_phone_link": phone_link(settings.SUPPORT_PHONE)}
    return render(request, "public/contact.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
def contact_sent(request: HttpRequest) -> HttpResponse:
    """The number, to who just sent the form; anyone else is led to the form."""
    number = request.session.get(SENT)
    if not number:
        return redirect("public:contact")
    return render(request, "public/contact_sent.html", {"number": number})


def _office(topic: str, reference: str, account: Account | None) -> Office | None:
    """The office whose application it is about: the number's first digits, else the last one that the account deposited.

    None: the national contact centre answers.
    """
    if topic not in ABOUT_AN_APPLICATION:
        return None
    number = digits(reference)
    if len(number) == APPLICATION_DIGITS:
        return next((office for office in offices.offices() if office.code == number[:4]), None)
    return applications.office_of(account) if account else None


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here, without its query: what spares a question."""
    came = urlsplit(request.META.get("HTTP_REFERER", ""))
    return came.path[:LONGEST_PAGE] if came.netloc == request.get_host() and came.path != request.path else ""


def phone_link(number: str) -> str:
    """``0806 001 620`` as a ``tel:`` address."""
    return re.sub(r"[^\d+]", "", number)


def _known(request: HttpRequest) -> dict[str, str]:
    """What needs not be typed: the topic of the link that led here, the account's own name and address."""
    known = {"intent": str(uuid4()), "page": _came_from(request)}
    if request.GET.get("topic") in dict(TOPICS):
        known["topic"] = request.GET["topic"]
    if re.fullmatch(r"\d{19}", request.GET.get("application", "")):
        known["reference"] = request.GET["application"]
    if request.user.is_authenticated:
        known |= {"name": request.user.display_name, "email": request.user.email}
    return known
