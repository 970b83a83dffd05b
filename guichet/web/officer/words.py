"""States, marks, roles and acts, in the officers' words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from guichet.instruction.reasons import in_words
from guichet.support.models import Ticket

STATES: Mapping[str, Promise] = {
    "deposited": lazy("À prendre en charge"),
    "under_review": lazy("En cours d'examen"),
    "awaiting_complement": lazy("Complément attendu"),
    "proposed": lazy("Décision à signer"),
    "approved": lazy("Décision favorable"),
    "refused": lazy("Refus"),
    "closed_incomplete": lazy("Clôture pour dossier incomplet"),
}
STATE_BADGES: Mapping[str, str] = {
    "deposited": "new",
    "under_review": "info",
    "awaiting_complement": "warning",
    "proposed": "info",
    "approved": "success",
    "refused": "error",
    "closed_incomplete": "error",
}
FLAGS: Mapping[str, Promise] = {
    "late": lazy("En retard"),
    "soon": lazy("Terme proche"),
    "answered": lazy("Réponse à lire"),
    "unreached": lazy("À joindre autrement"),
}
FLAG_BADGES: Mapping[str, str] = {"late": "error", "soon": "warning", "answered": "new", "unreached": "warning"}
PAPERS: Mapping[str, Promise] = {
    "accepted": lazy("Accepté"),
    "rejected": lazy("Refusé"),
    "to_review": lazy("À examiner"),
    "asked_again": lazy("Redemandé"),
    "missing": lazy("Manquant"),
    "not_given": lazy("Non fourni, facultatif"),
}
PAPER_BADGES: Mapping[str, str] = {
    "accepted": "success",
    "rejected": "error",
    "to_review": "new",
    "asked_again": "info",
    "missing": "warning",
    "not_given": "",
}
DECISIONS: Mapping[str, Promise] = {
    "favourable": lazy("Décision favorable"),
    "refusal": lazy("Refus"),
    "incomplete": lazy("Clôture pour dossier incomplet"),
}
DOCUMENTS: Mapping[str, Promise] = {
    "deposit_receipt": lazy("Confirmation de dépôt"),
    "favourable_decision": lazy("Attestation de décision favorable"),
    "refusal": lazy("Lettre de refus"),
    "closing": lazy("Lettre de clôture"),
}
TICKETS: Mapping[str, Promise] = {
    Ticket.Kind.CONTACT: lazy("Question"),
    Ticket.Kind.BLOCKED_ACCOUNT: lazy("Compte bloqué"),
    Ticket.Kind.SECOND_CLAIM: lazy("Identité réclamée deux fois"),
}
ANSWERED_MEANWHILE = lazy("La personne a répondu avant la signature.")

PERSON, SYSTEM = "person", "system"


def who(actor_kind: str, name: str) -> str:
    """The author of an act."""
    if actor_kind == PERSON:
        return _("La personne")
    return name or (_("Guichet, automatiquement") if actor_kind == SYSTEM else _("Un agent"))


def act(kind: str, data: Mapping[str, Any], label: Callable[[str, int], str]) -> tuple[str, str]:
    """An act as a title and a detail. ``label`` names a document from its requirement and row."""
    if kind == "verdict_given":
        document = label(str(data.get("requirement", "")), int(data.get("row", 0)))
        accepted = data.get("to") == "accepted"
        title = _("Document accepté : %(document)s") if accepted else _("Document refusé : %(document)s")
        return title % {"document": document}, in_words(str(data.get("reason", "")))
    if kind == "assigned":
        name = str(data.get("to_name", ""))
        return (_("Dossier confié à %(name)s") % {"name": name} if name else _("Dossier confié à personne")), ""
    if kind == "complement_opened":
        return str(ACTS[kind]), _("Dernier jour pour répondre : %(day)s") % {"day": _day(str(data.get("due_on", "")))}
    return str(ACTS.get(kind, kind)), ""


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j F Y") if iso else ""


ACTS: Mapping[str, Promise] = {
    "deposited": lazy("Demande déposée"),
    "taken_up": lazy("Dossier pris en charge"),
    "note_added": lazy("Note interne ajoutée"),
    "complement_requested": lazy("Complément demandé"),
    "complement_opened": lazy("Demande de complément ouverte : accusé de réception"),
    "complement_reminded": lazy("Rappel avant le terme envoyé"),
    "complement_chased": lazy("Relance envoyée : demande de complément jamais ouverte"),
    "complement_term_passed": lazy("Terme du complément passé sans réponse"),
    "complement_answered": lazy("Réponses au complément reçues"),
    "decision_proposed": lazy("Décision proposée à la signature"),
    "decision_sent_back": lazy("Proposition renvoyée à l'examen"),
    "approved": lazy("Décision favorable signée"),
    "refused": lazy("Refus signé"),
    "closed_incomplete": lazy("Clôture pour dossier incomplet signée"),
    "decision_opened": lazy("Décision ouverte par la personne"),
    "reopened": lazy("Dossier rouvert"),
}
