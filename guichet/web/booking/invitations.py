"""Coming with an invitation: from the page of an application, or by the link of its mail. Who one is was asked before."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts.models import Account
from guichet.appointments import queries as appointments
from guichet.appointments.models import Invitation
from guichet.core.identifiers import whole_number
from guichet.web.booking import kept, steps
from guichet.web.booking.identified import is_of_somebody_else

THEN = ("convocation", "move", "cancel")  # where a button leads straight, of an appointment already taken
UNKNOWN, OTHER = "unknown", "other"
# By what became of the invitation: the title of the page, what to do.
SAID: dict[str, tuple[Promise, Promise]] = {
    UNKNOWN: (
        _("Ce lien ne mène à aucune invitation"),
        _("Ouvrez le lien du dernier courriel reçu, en entier. L'invitation est aussi sur la page de votre demande."),
    ),
    OTHER: (
        _("Cette invitation est pour une autre personne"),
        _(
            "Vous êtes connecté à un compte qui n'est pas le sien : elle seule, ou qui agit pour elle, peut s'en servir. Si"
            " c'est la vôtre, déconnectez-vous, puis ouvrez de nouveau le lien du courriel."
        ),
    ),
    "honoured": (
        _("Cette invitation a déjà servi"),
        _("Vous avez été reçu à ce rendez-vous. S'il en faut un autre, le bureau vous invitera de nouveau."),
    ),
    "missed": (
        _("Cette invitation ne sert plus"),
        _("Personne n'est venu à deux rendez-vous. Écrivez-nous ce qui vous a retenu : le bureau peut vous inviter encore."),
    ),
    "expired": (
        _("Le délai de cette invitation est passé"),
        _("Écrivez-nous : si le rendez-vous est encore utile, le bureau vous invitera de nouveau."),
    ),
    "withdrawn": (
        _("Cette invitation a été retirée"),
        _("Ce rendez-vous n'est plus nécessaire. La page de votre demande dit où elle en est."),
    ),
}


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: goes on without the token in the address. Writes nothing but the session."""
    found = appointments.invitation_by_token(token)
    kept.look_at_invitation(request, found.pk if found else None)
    return redirect("booking:invitation")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """By POST, from the page of an application: its owner goes on with it. Else the one whose link was opened: on to the
    appointment, to the one already taken, or what became of the invitation and what to do."""
    if request.method == "POST":
        return _go_on(request, _own(request))
    known = kept.invitation_looked_at(request)
    if known is None:
        return _page(request, UNKNOWN, None)
    found = appointments.invitation_of(known)
    return _go_on(request, found) if found is not None else _page(request, UNKNOWN, None)


def _own(request: HttpRequest) -> Invitation:
    """The invitation that was posted, for who is signed in and acts for its person; ``Http404`` for anybody else."""
    number = whole_number(request.POST.get("invitation", ""))
    found = appointments.invitation_of(number) if number is not None else None
    if found is None or not request.user.is_authenticated or is_of_somebody_else(request, found):
        raise Http404
    return found


def _go_on(request: HttpRequest, found: Invitation) -> HttpResponse:
    if is_of_somebody_else(request, found):
        return _page(request, OTHER, None)
    standing = appointments.standing_of(found)
    if standing.state == "booked" and standing.booking is not None:
        kept.look_at(request, standing.booking)
        then = request.POST.get("then", "")
        return redirect(f"booking:{then}" if then in THEN else "booking:request")
    if not standing.is_open:
        return _page(request, standing.state, found)
    kept.keep(request, found.type, invitation=found.pk, identified=found.display_name, booking=None)
    return redirect(steps.address("type", found.type))


def _page(request: HttpRequest, state: str, found: Invitation | None) -> HttpResponse:
    title, text = SAID[state]
    user: Any = request.user
    is_applicant = user.is_authenticated and user.kind == Account.Kind.APPLICANT
    context = {
        "title": title,
        "text": text,
        "state": state,
        "type": found.type if found else None,
        "office": found.type.office if found else None,
        "may_sign_out": state == OTHER and is_applicant,
        "applications_url": reverse("applicant:applications") if is_applicant else "",
        "trail": [{"url": reverse("booking:index"), "label": _("Rendez-vous")}],
    }
    return render(request, "booking/invitation.html", context, status=404 if state == UNKNOWN else 200)
