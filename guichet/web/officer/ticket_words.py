"""Requests for help in the officers' words: what they are about, what was claimed, what was done."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guichet.core.dates import PartialDate, day_in_words
from guichet.procedures import countries
from guichet.support.blocked import REASONS
from guichet.support.models import Convocation, Ticket
from guichet.web.officer.words import CAPACITIES

KINDS: Mapping[str, Promise] = {
    Ticket.Kind.CONTACT: gettext_lazy("Question"),
    Ticket.Kind.BLOCKED_ACCOUNT: gettext_lazy("Compte bloqué"),
    Ticket.Kind.SECOND_CLAIM: gettext_lazy("Identité réclamée deux fois"),
}
STATES: Mapping[str, Promise] = {
    Ticket.State.OPEN: gettext_lazy("Sans réponse"),
    Ticket.State.ANSWERED: gettext_lazy("Traitées"),
    Ticket.State.CLOSED: gettext_lazy("Closes sans réponse"),
}
DOORS: Mapping[str, Promise] = {
    "number": gettext_lazy("Création par le numéro étranger"),
    "permit": gettext_lazy("Création par le titre de séjour"),
    "visa": gettext_lazy("Accès par le visa"),
    "without_number": gettext_lazy("Création sans numéro"),
    "franceconnect": gettext_lazy("FranceConnect"),
    "sign_in": gettext_lazy("Connexion à un compte qui existe"),
}
CLAIMED: Mapping[str, Promise] = {
    "identifier": gettext_lazy("Identifiant du compte"),
    "foreigner_number": gettext_lazy("Numéro étranger"),
    "permit_number": gettext_lazy("Numéro du titre"),
    "visa_number": gettext_lazy("Numéro du visa"),
    "valid_from": gettext_lazy("Premier jour de validité"),
    "valid_until": gettext_lazy("Dernier jour de validité"),
    "last_name": gettext_lazy("Nom de naissance"),
    "usage_name": gettext_lazy("Nom d'usage"),
    "first_names": gettext_lazy("Prénoms"),
    "sex": gettext_lazy("Sexe"),
    "birth_date": gettext_lazy("Date de naissance"),
    "birth_place": gettext_lazy("Lieu de naissance"),
    "birth_country": gettext_lazy("Pays de naissance"),
    "nationality": gettext_lazy("Nationalité"),
    "capacity": gettext_lazy("En qualité de"),
}
SEXES: Mapping[str, Promise] = {"M": gettext_lazy("Masculin"), "F": gettext_lazy("Féminin"), "X": gettext_lazy("Autre")}
PURPOSES: Mapping[str, Promise] = {
    Convocation.Purpose.FIRST_RECEIPT: gettext_lazy("Remettre un premier récépissé"),
    Convocation.Purpose.RECEIPT_RENEWAL: gettext_lazy("Renouveler un récépissé"),
    Convocation.Purpose.IDENTITY: gettext_lazy("Vérifier l'identité"),
}
ACTS: Mapping[str, Promise] = {
    "ticket_opened": gettext_lazy("Demande d'aide reçue"),
    "ticket_answered": gettext_lazy("Réponse envoyée par courriel"),
    "ticket_closed": gettext_lazy("Close sans réponse"),
    "ticket_reopened": gettext_lazy("Rouverte"),
    "ticket_handed_over": gettext_lazy("Transmise"),
    "ticket_registry_read": gettext_lazy("Registre consulté pour cette demande"),
    "ticket_link_sent": gettext_lazy("Lien d'activation envoyé"),
    "ticket_address_changed": gettext_lazy("Compte donné à l'adresse de cette demande"),
    "ticket_convoked": gettext_lazy("Personne convoquée"),
}
CONTACT_CENTRE = gettext_lazy("Centre de contact national")


def claim(name: str, value: str) -> str:
    """A thing claimed, or held by a registry, as people read it."""
    if not value:
        return "–"
    if name == "capacity":
        return str(CAPACITIES.get(value, value))
    if name == "sex":
        return str(SEXES.get(value, value))
    if name == "birth_country":
        return countries.name(value)
    if name == "nationality":
        return countries.nationality(value)
    if name in ("birth_date", "valid_from", "valid_until"):
        return _date(value)
    return value


def _date(value: str) -> str:
    try:
        known = PartialDate.parse(value)
    except ValueError:
        return value
    return day_in_words(known.assumed()) if known.is_complete else str(known)


def why(code: str) -> str:
    return str(REASONS[code]) if code in REASONS else ""


def act(kind: str, data: Mapping[str, Any], offices: Mapping[str, str], checks: Mapping[str, Promise]) -> tuple[str, str]:
    """An act as a title and a detail. ``offices``: names by code; ``checks``: how an identity was checked, by code."""
    title = str(ACTS.get(kind, kind))
    if kind == "ticket_handed_over":
        to = offices.get(str(data.get("to", "")), "") or str(CONTACT_CENTRE)
        return _("Transmise : %(office)s") % {"office": to}, str(data.get("reason", ""))
    if "checked" in data:
        return title, str(checks.get(str(data["checked"]), ""))
    if kind == "ticket_convoked":
        return title, str(PURPOSES.get(str(data.get("purpose", "")), ""))
    return title, ""
