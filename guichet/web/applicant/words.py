"""Codes of other rooms in the words of these pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.applications.models import State
from guichet.messaging.models import Notification

# The colour of a state's badge, besides its words.
TONES: Mapping[str, str] = {
    State.DRAFT: "new",
    State.DEPOSITED: "info",
    State.UNDER_REVIEW: "info",
    State.PROPOSED: "info",
    State.AWAITING_COMPLEMENT: "warning",
    State.APPROVED: "success",
    State.REFUSED: "error",
    State.CLOSED_INCOMPLETE: "error",
    State.ABANDONED: "new",
    State.EXPIRED: "new",
}

ACTORS: Mapping[str, Promise] = {"person": _("vous"), "officer": _("l'administration"), "system": _("automatique")}

DOCUMENTS: Mapping[str, Promise] = {
    "deposit_receipt": _("Confirmation du dépôt"),
    "favourable_decision": _("Attestation de décision favorable"),
    "favourable_outcome": _("Lettre de décision favorable"),
    "refusal": _("Décision de refus"),
    "closing": _("Décision de classement"),
    "prolongation": _("Attestation de prolongation d'instruction"),
}

PERMIT_KINDS: Mapping[str, Promise] = {
    "temporary_card": _("Carte de séjour temporaire"),
    "multiannual_card": _("Carte de séjour pluriannuelle"),
    "resident_card": _("Carte de résident"),
    "long_stay_visa": _("Visa de long séjour"),
    "vls_ts": _("Visa long séjour valant titre de séjour (VLS-TS)"),
    "prolongation_certificate": _("Attestation de prolongation"),
    "circulation_document": _("Document de circulation pour étranger mineur"),
}

PERMIT_REASONS: Mapping[str, Promise] = {
    "student": _("Études"),
    "talent": _("Talent"),
    "talent_qualified_employee": _("Talent – salarié qualifié"),
    "private_and_family_life": _("Vie privée et familiale"),
    "refugee": _("Réfugié"),
    "subsidiary_protection": _("Protection subsidiaire"),
    "visitor": _("Visiteur"),
    "employee": _("Salarié"),
}

PERMIT_STATUSES: Mapping[str, Promise] = {
    "valid": _("En cours de validité"),
    "expired": _("Expiré"),
    "withdrawn": _("Retiré"),
    "not_handed_over": _("Pas encore remis"),
}

NOTIFICATIONS: Mapping[str, Promise] = {
    "complement_request": _("Demande de complément"),
    "decision": _("Notification de décision"),
    "reminder": _("Rappel : une demande de complément attend votre réponse"),
    "information": _("Information sur votre demande"),
}

INFORMATION: Mapping[str, Promise] = {
    "prolongation_issued": _(
        "Une attestation qui prolonge vos droits a été établie. Ouvrez votre demande pour la lire et la télécharger."
    ),
    "prolongation_ends": _(
        "Votre attestation arrive à sa fin. Ouvrez votre demande et appuyez sur « Renouveler mon attestation »."
    ),
    "prolongation_stopped": _(
        "L'administration a arrêté votre attestation. Ouvrez votre demande pour lire pourquoi, et comment contester."
    ),
    "appointment_invited": _(
        "Vous êtes invité à un rendez-vous. Ouvrez votre demande et appuyez sur « Prendre rendez-vous » : choisissez la date."
    ),
    "appointment_called_off": _(
        "Le rendez-vous auquel vous étiez invité n'est plus nécessaire. S'il était déjà pris, il est annulé."
    ),
    "permit_ready": _("Votre titre de séjour est arrivé. Ouvrez votre demande et prenez rendez-vous pour venir le chercher."),
    "permit_ready_wait": _(
        "Votre titre de séjour est arrivé au bureau qui vous le remettra. Attendez son message : il vous dira quand venir."
    ),
    "reopened": _("L'administration a rouvert votre demande : son examen reprend. Vous n'avez rien à faire pour l'instant."),
}

# Of a decision whose letter was not opened: what it says is told by the letter only.
SEALED = _("Une décision vous attend")
NEXT_SEALED = _(
    "L'administration a pris une décision. Ouvrez-la dans vos notifications : une page vous dit d'abord ce que l'ouverture"
    " entraîne."
)
DECIDED = _("L'administration a pris une décision.")

# Of a card that waits for its owner, by what became of the invitation to collect it (``standing.card_of``).
CARD: dict[str, Promise] = {
    "here": _(
        "Votre titre de séjour est arrivé au bureau qui vous le remettra. Attendez son message : il vous dira quand venir."
    ),
    "open": _("Votre titre de séjour est arrivé. Choisissez la date à laquelle vous viendrez le chercher."),
    "booked": _(
        "Votre titre de séjour est arrivé. Venez le chercher à votre rendez-vous : la date et le lieu sont ci-dessous."
    ),
    "honoured": _("Vous avez été reçu pour retirer votre titre de séjour. S'il ne vous a pas été remis, écrivez-nous."),
    "missed": _("Votre titre de séjour vous attend toujours au bureau. Écrivez-nous : il peut vous inviter de nouveau."),
    "expired": _("Votre titre de séjour vous attend toujours au bureau. Écrivez-nous : il peut vous inviter de nouveau."),
}
LETTER = _("Lettre de décision")

# A message about one thing among others, and about one row among others.
ABOUT = _("%(label)s : %(message)s")
IN_ROW = _("%(row)s – %(message)s")

STATUSES: Mapping[str, Promise] = {"unread": _("Non lue"), "read": _("Lue"), "answered": _("Répondue")}


def about(label: "str | Promise", message: "str | Promise") -> str:
    """A message with what it is about: «Passeport : le fichier ne s'ouvre pas.»"""
    return str(ABOUT) % {"label": label, "message": message}


def of_question(label: str, message: str) -> str:
    """A message with the question that it is about, once: «Date d'entrée en France : vérifiez…»."""
    name = label.rstrip(" \u00a0\u202f?:.")
    return message if name in message else about(name, message)


def in_row(row: str, message: str) -> str:
    """A message within a row, told by its title."""
    return str(IN_ROW) % {"row": row, "message": message}


def permit_kind(code: str) -> str:
    return str(PERMIT_KINDS.get(code) or code.replace("_", " ").capitalize())


def permit_reason(code: str) -> str:
    return str(PERMIT_REASONS.get(code) or code.replace("_", " ").capitalize())


def actor(kind: str) -> Promise | str:
    return ACTORS.get(kind, "")


def document(kind: str) -> Promise | str:
    return DOCUMENTS.get(kind, kind)


def title(notification: Notification) -> Promise | str:
    return NOTIFICATIONS.get(notification.kind) or NOTIFICATIONS["information"]
