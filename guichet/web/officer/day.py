"""The officer's first page: what waits, in numbers that lead to it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guichet.appointments import queries as appointments
from guichet.instruction import powers, queries
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import show
from guichet.web.officer.rdv.frame import FIGURES, RECEIVE, offices_of


@officer_required()
@require_safe
def home(request: OfficerRequest) -> HttpResponse:
    numbers = queries.day(request.officer)
    tiles = [
        _tile(numbers.late, _("En retard"), _("Le silence a refusé, ou le terme d'un complément est passé."), flag="late"),
        _tile(numbers.soon, _("Terme proche"), _("Moins de quinze jours avant que le silence refuse."), flag="soon"),
        _tile(numbers.answered, _("Réponses à lire"), _("La personne a répondu à un complément."), flag="answered"),
        _tile(
            numbers.unreached, _("À joindre autrement"), _("Une demande de complément que personne n'ouvre."), flag="unreached"
        ),
        _tile(numbers.new, _("À prendre en charge"), _("Demandes déposées que personne n'examine encore."), state="deposited"),
        _tile(numbers.mine, _("Mes dossiers"), _("Les dossiers ouverts qui me sont confiés."), mine="1"),
    ]
    if powers.opens("see_signatures", request.powers.roles):
        text = _("Des décisions proposées par vos collègues.")
        tiles.append({"number": numbers.to_sign, "title": _("À signer"), "text": text, "url": reverse("officer:signatures")})
    if powers.opens(FIGURES, request.powers.roles):
        tiles.append(_arrivals(request))
    return show(request, "officer/day.html", {"tiles": tiles})


def _arrivals(request: OfficerRequest) -> dict[str, object]:
    """Who is expected today: to the list where the officer receives, else to the figures."""
    receives = powers.opens(RECEIVE, request.powers.roles)
    today = appointments.numbers_of_today(offices_of(request, RECEIVE if receives else FIGURES))
    received = ngettext("%(count)d personne venue", "%(count)d personnes venues", today.received) % {"count": today.received}
    waiting = ngettext("%(count)d qui attend", "%(count)d qui attendent", today.waiting) % {"count": today.waiting}
    return {
        "number": today.expected,
        "title": _("Rendez-vous du jour"),
        "text": _("Encore attendus aujourd'hui. Déjà : %(received)s, %(waiting)s.")
        % {"received": received, "waiting": waiting},
        "url": reverse("officer:rdv" if receives else "officer:rdv_figures"),
        "counted": ngettext("%(count)d rendez-vous", "%(count)d rendez-vous", today.expected) % {"count": today.expected},
    }


def _tile(number: int, title: str, text: str, **filters: str) -> dict[str, object]:
    return {"number": number, "title": title, "text": text, "url": f"{reverse('officer:queue')}?{urlencode(filters)}"}
