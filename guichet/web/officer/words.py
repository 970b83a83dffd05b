"""States, marks, roles and acts, in the officers' words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guichet.core.dates import day_in_words
from guichet.instruction.reasons import in_words

STATES: Mapping[str, Promise] = {
    "deposited": gettext_lazy("À prendre en charge"),
    "under_review": gettext_lazy("En cours d'examen"),
    "awaiting_complement": gettext_lazy("Complément attendu"),
    "proposed": gettext_lazy("Décision à signer"),
    "approved": gettext_lazy("Décision favorable"),
    "refused": gettext_lazy("Refus"),
    "closed_incomplete": gettext_lazy("Clôture pour dossier incomplet"),
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
    "late": gettext_lazy("En retard"),
    "soon": gettext_lazy("Terme proche"),
    "answered": gettext_lazy("Réponse à lire"),
    "unreached": gettext_lazy("À joindre autrement"),
}
FLAG_BADGES: Mapping[str, str] = {"late": "error", "soon": "warning", "answered": "new", "unreached": "warning"}
PAPERS: Mapping[str, Promise] = {
    "accepted": gettext_lazy("Accepté"),
    "rejected": gettext_lazy("Refusé"),
    "to_review": gettext_lazy("À examiner"),
    "asked_again": gettext_lazy("Redemandé"),
    "missing": gettext_lazy("Manquant"),
    "not_given": gettext_lazy("Non fourni, facultatif"),
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
    "favourable": gettext_lazy("Décision favorable"),
    "refusal": gettext_lazy("Refus"),
    "incomplete": gettext_lazy("Clôture pour dossier incomplet"),
}
DOCUMENTS: Mapping[str, Promise] = {
    "deposit_receipt": gettext_lazy("Confirmation du dépôt"),
    "favourable_decision": gettext_lazy("Attestation de décision favorable"),
    "favourable_outcome": gettext_lazy("Lettre de décision favorable"),
    "refusal": gettext_lazy("Lettre de refus"),
    "closing": gettext_lazy("Lettre de clôture"),
    "prolongation": gettext_lazy("Attestation de prolongation d'instruction"),
}
LANGUAGES: Mapping[str, Promise] = {"fr": gettext_lazy("Français"), "en": gettext_lazy("Anglais")}
# What a ticket's context may hold, in words; the rest is for machines and is not shown.
CONTEXT: Mapping[str, Promise] = {
    "reference": gettext_lazy("Référence donnée"),
    "page": gettext_lazy("Page"),
    "procedure": gettext_lazy("Démarche"),
}
CAPACITIES: Mapping[str, Promise] = {
    "self": gettext_lazy("La personne elle-même"),
    "parent": gettext_lazy("Parent"),
    "guardian": gettext_lazy("Représentant légal"),
    "care_service": gettext_lazy("Service de l'aide sociale à l'enfance"),
}
ANSWERED_MEANWHILE = gettext_lazy("La personne a répondu avant la signature.")

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
    if kind == "silence_date_moved":
        return str(ACTS[kind]), _("Le silence refuse le %(to)s, et non plus le %(from)s.") % {
            name: _day(str(data.get(name, ""))) for name in ("from", "to")
        }
    return str(ACTS.get(kind, kind)), ""


def _day(iso: str) -> str:
    return day_in_words(date.fromisoformat(iso)) if iso else ""


ACTS: Mapping[str, Promise] = {
    "started": gettext_lazy("Brouillon commencé"),
    "moved_to_version": gettext_lazy("Brouillon passé à la version en cours de la démarche"),
    "deposited": gettext_lazy("Demande déposée"),
    "ephoto_fetched": gettext_lazy("Photo reçue du registre"),
    "ephoto_refused": gettext_lazy("Photo refusée par le registre"),
    "taken_up": gettext_lazy("Dossier pris en charge"),
    "foreigner_number_given": gettext_lazy("Numéro étranger donné à la personne"),
    "note_added": gettext_lazy("Note interne ajoutée"),
    "complement_requested": gettext_lazy("Complément demandé"),
    "complement_opened": gettext_lazy("Demande de complément ouverte : accusé de réception"),
    "complement_reminded": gettext_lazy("Rappel avant le terme envoyé"),
    "complement_chased": gettext_lazy("Relance envoyée : demande de complément jamais ouverte"),
    "complement_term_passed": gettext_lazy("Terme du complément passé sans réponse"),
    "complement_answered": gettext_lazy("Réponses au complément reçues"),
    "silence_date_moved": gettext_lazy("Dossier complété : le délai du silence repart"),
    "decision_proposed": gettext_lazy("Décision proposée à la signature"),
    "decision_sent_back": gettext_lazy("Proposition renvoyée à l'examen"),
    "approved": gettext_lazy("Décision favorable signée"),
    "refused": gettext_lazy("Refus signé"),
    "closed_incomplete": gettext_lazy("Clôture pour dossier incomplet signée"),
    "decision_opened": gettext_lazy("Décision ouverte par la personne"),
    "reopened": gettext_lazy("Dossier rouvert"),
    "prolongation_issued": gettext_lazy("Attestation de prolongation établie"),
    "prolongation_renewed": gettext_lazy("Attestation de prolongation renouvelée"),
    "appointment_invited": gettext_lazy("Personne invitée à un rendez-vous"),
    "appointment_called_off": gettext_lazy("Invitation à un rendez-vous retirée"),
    "appointment_taken": gettext_lazy("Rendez-vous pris"),
    "appointment_changed": gettext_lazy("Date du rendez-vous changée"),
    "appointment_given_up": gettext_lazy("Rendez-vous annulé"),
    "appointment_attended": gettext_lazy("Personne venue au rendez-vous"),
    "appointment_not_attended": gettext_lazy("Venue notée par erreur, retirée"),
    "appointment_missed_by_person": gettext_lazy("Rendez-vous manqué"),
    "permit_ready": gettext_lazy("Titre arrivé au bureau"),
    "prolongation_stopped": gettext_lazy("Attestation de prolongation arrêtée"),
}

# How a prolongation certificate stands, its colour, who issued it, what stopped it.
STANDINGS: Mapping[str, Promise] = {
    "coming": gettext_lazy("À venir"),
    "in_force": gettext_lazy("En vigueur"),
    "over": gettext_lazy("Terminée"),
    "stopped": gettext_lazy("Arrêtée"),
}
STANDING_BADGES: Mapping[str, str] = {"coming": "info", "in_force": "success", "over": "new", "stopped": "error"}
ISSUERS: Mapping[str, Promise] = {
    "system": gettext_lazy("d'office"),
    "person": gettext_lazy("à la demande de la personne"),
    "officer": gettext_lazy("par un agent"),
}
STOPS: Mapping[str, Promise] = {
    "approved": gettext_lazy("par la décision favorable"),
    "refused": gettext_lazy("par le refus"),
    "closed": gettext_lazy("par la clôture du dossier"),
    "officer": gettext_lazy("par un agent"),
}
