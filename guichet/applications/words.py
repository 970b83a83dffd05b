"""States and events of an application, in words that its person reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.applications.lifecycle import State
from guichet.core.dates import day_in_words

STATES: dict[str, Promise] = {
    State.DRAFT: _("Brouillon"),
    State.ABANDONED: _("Brouillon abandonné"),
    State.EXPIRED: _("Brouillon expiré"),
    State.DEPOSITED: _("Demande déposée"),
    State.UNDER_REVIEW: _("En cours d'examen"),
    State.AWAITING_COMPLEMENT: _("Complément demandé"),
    State.PROPOSED: _("En cours d'examen"),  # what is proposed is not yet decided: it concerns the officers only
    State.APPROVED: _("Décision favorable"),
    State.REFUSED: _("Demande refusée"),
    State.CLOSED_INCOMPLETE: _("Demande classée, car incomplète"),
}

# Events that a person may see; those of instruction are recorded by instruction about the same subject.
EVENTS: dict[str, Promise] = {
    "deposited": _("Vous avez déposé votre demande."),
    "abandoned": _("Vous avez abandonné ce brouillon."),
    "expired": _("Ce brouillon a expiré : la durée de conservation annoncée est passée."),
    "taken_up": _("Un agent a commencé l'examen de votre demande."),
    "complement_requested": _("L'administration vous a demandé des documents."),
    "complement_opened": _("Vous avez ouvert la demande de complément : le délai pour répondre a commencé."),
    "complement_chased": _("Nous vous avons rappelé qu'une demande de complément vous attend."),
    "complement_term_passed": _("Le délai pour répondre à la demande de complément est passé."),
    "foreigner_number_given": _("Un numéro étranger vous a été donné : c'est votre identifiant pour vous connecter."),
    "decision_opened": _("Vous avez ouvert la décision."),
    "complement_reminded": _("Nous vous avons rappelé le délai pour répondre."),
    "complement_answered": _("Vous avez répondu à la demande de complément."),
    "silence_date_moved": _(
        "Votre dossier est complété. Sans réponse de l'administration, il sera considéré comme refusé le %(to)s, et non plus le"
        " %(from)s."
    ),
    "approved": _("L'administration a pris une décision favorable."),
    "refused": _("L'administration a refusé votre demande."),
    "closed_incomplete": _("L'administration a classé votre demande, car il y manquait des documents."),
    "reopened": _("L'administration a rouvert votre demande."),
    "prolongation_issued": _("Une attestation qui prolonge vos droits a été établie."),
    "prolongation_renewed": _("L'attestation qui prolonge vos droits a été renouvelée."),
    "prolongation_stopped": _("L'administration a arrêté l'attestation qui prolongeait vos droits."),
    "appointment_invited": _("Vous avez été invité à prendre un rendez-vous."),
    "appointment_called_off": _("L'invitation à prendre un rendez-vous a été retirée."),
    "appointment_taken": _("Le rendez-vous a été pris."),
    "appointment_changed": _("La date du rendez-vous a été changée."),
    "appointment_given_up": _("Le rendez-vous a été annulé."),
    "appointment_attended": _("Vous êtes venu au rendez-vous."),
    "appointment_not_attended": _("Votre venue au rendez-vous avait été notée par erreur."),
    "appointment_missed_by_person": _("Personne n'est venu au rendez-vous."),
    "permit_ready": _("Votre titre de séjour est arrivé au bureau qui vous le remettra."),
}


def told(kind: str, data: Mapping[str, Any]) -> str:
    """An event in words, with its days (``from``, ``to``) where it tells them."""
    text = str(EVENTS[kind])
    if kind != "silence_date_moved":
        return text
    return text % {name: day_in_words(date.fromisoformat(str(data[name]))) for name in ("from", "to")}


@dataclass(frozen=True)
class NextStep:
    """What happens next, and by when where a date is known."""

    text: str | Promise
    on: date | None = None


NEXT: dict[str, Promise] = {
    State.DRAFT: _(
        "Complétez votre demande, puis déposez-la. Sans enregistrement de votre part, le brouillon est effacé après cette date."
    ),
    State.ABANDONED: _(
        "Il ne se passera plus rien : ce que vous aviez saisi a été effacé. Vous pouvez commencer une nouvelle demande."
    ),
    State.EXPIRED: _(
        "Il ne se passera plus rien : ce que vous aviez saisi a été effacé. Vous pouvez commencer une nouvelle demande."
    ),
    State.DEPOSITED: _(
        "Un agent va examiner votre demande. Vous n'avez rien à faire : un courriel vous préviendra. "
        "Sans réponse à la date ci-dessous, la demande sera considérée comme refusée et vous pourrez contester ce refus. "
        "Une demande de documents peut reporter cette date."
    ),
    State.UNDER_REVIEW: _(
        "Un agent examine votre demande. Vous n'avez rien à faire : un courriel vous préviendra. "
        "Sans réponse à la date ci-dessous, la demande sera considérée comme refusée et vous pourrez contester ce refus. "
        "Une demande de documents peut reporter cette date."
    ),
    State.AWAITING_COMPLEMENT: _(
        "Ouvrez la demande de complément dans vos notifications, puis répondez pour chaque document. "
        "Vous avez 30 jours à partir du moment où vous l'ouvrez."
    ),
    State.APPROVED: _("Votre titre va être fabriqué. Un courriel vous préviendra quand vous pourrez venir le chercher."),
    State.REFUSED: _("Lisez la décision dans vos notifications : elle explique les raisons et comment la contester."),
    State.CLOSED_INCOMPLETE: _(
        "Lisez la décision dans vos notifications : elle explique comment la contester. "
        "L'administration peut rouvrir la demande pendant 30 jours ; vous pouvez aussi en déposer une nouvelle."
    ),
}
# Approved where the procedure grants no permit: no card is announced.
OUTCOME = _("Votre demande est acceptée. %(outcome)s La lettre de décision, dans vos notifications, en est la preuve.")
NEXT[State.PROPOSED] = NEXT[State.UNDER_REVIEW]

# Once the day of silence is over: what it means, and until when it can be challenged.
SILENCE_PASSED = _(
    "L'administration n'a pas répondu dans le délai : votre demande peut déjà être considérée comme refusée. "
    "Vous pouvez contester ce refus jusqu'à la date ci-dessous ; la confirmation de dépôt dit comment. "
    "L'examen continue, et la décision peut encore vous être favorable."
)
CHALLENGE_OVER = _(
    "L'administration n'a pas répondu dans le délai : votre demande peut déjà être considérée comme refusée, et le délai pour "
    "contester est passé. L'examen continue, et la décision peut encore vous être favorable. "
    "Une association ou un avocat peut vous dire ce qui reste possible."
)
