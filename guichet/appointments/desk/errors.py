"""What is refused at the counter, in a sentence for the officer who has somebody before them."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guichet.appointments.lifecycle import State
from guichet.core.dates import day_in_words
from guichet.core.errors import ActionRefused
from guichet.offices.models import Office


class NoSuchReference(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "Aucun rendez-vous n'a cette référence : elle compte huit lettres et chiffres, comme RDV-7KQ2-M9PX."
                " Cherchez la personne par son nom dans la liste du jour, ou donnez-lui un numéro."
            ),
            "no_such_reference",
        )


class ReferenceNeeded(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Scannez la convocation, ou tapez la référence ou le nom de la personne qui arrive."),
            "reference_needed",
        )


class OtherDay(ActionRefused):
    """The appointment is on another day: ``starts_at`` on the wall of the office."""

    def __init__(self, starts_at: datetime, *, is_past: bool) -> None:
        self.starts_at = starts_at
        words = {
            "day": f"{date_format(starts_at.date(), 'l')} {day_in_words(starts_at.date())}",
            "hour": f"{starts_at:%H:%M}",
        }
        said = (
            _(
                "Ce rendez-vous était le %(day)s à %(hour)s. Prenez-en un autre avec la personne, ou donnez-lui un numéro si"
                " elle peut être reçue aujourd'hui."
            )
            if is_past
            else _(
                "Ce rendez-vous est le %(day)s à %(hour)s, pas aujourd'hui. Redites la date à la personne, ou donnez-lui un"
                " numéro si elle peut être reçue dès maintenant."
            )
        )
        super().__init__(said % words, "other_day")


class OtherOffice(ActionRefused):
    """The appointment is at another office: nothing else of it is told."""

    def __init__(self, office: Office) -> None:
        self.office = office
        super().__init__(
            _("Ce rendez-vous est dans un autre bureau : %(office)s. Montrez l'adresse sur la convocation à la personne.")
            % {"office": office.name},
            "other_office",
        )


NOT_EXPECTED: dict[str, Promise] = {
    State.TO_CONFIRM: gettext_lazy(
        "Ce rendez-vous n'est pas encore confirmé. La personne peut le confirmer maintenant, par le lien du courriel reçu ;"
        " scannez ensuite la référence de nouveau."
    ),
    State.CANCELLED: gettext_lazy(
        "Ce rendez-vous a été annulé. Prenez-en un autre avec la personne, ou donnez-lui un numéro si elle peut être reçue."
    ),
    State.LAPSED: gettext_lazy(
        "Ce rendez-vous n'a pas été confirmé à temps : la place a été rendue. Prenez-en un autre avec la personne, ou"
        " donnez-lui un numéro si elle peut être reçue."
    ),
}


class NotExpected(ActionRefused):
    """Cancelled, not confirmed, …: ``state`` of the booking."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(
            NOT_EXPECTED.get(
                state, gettext_lazy("Ce rendez-vous n'est plus dans l'état où vous l'avez vu. Rechargez la page.")
            ),
            "not_expected",
        )


class NotYetMissed(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("L'heure de ce rendez-vous n'est pas encore venue : attendez-la avant de noter une absence."),
            "not_yet_missed",
        )


class TooLateToUndo(ActionRefused):
    """The person was called already, or the day is over."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("La personne a déjà été appelée, ou le jour est passé : l'arrivée ne peut plus être retirée."),
            "too_late_to_undo",
        )


class DeskNeeded(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Dites d'abord à quel guichet vous êtes : l'écran de la salle y envoie les personnes."), "desk_needed"
        )


class DeskBusy(ActionRefused):
    """Somebody was called to this desk and not received yet: ``ticket``."""

    def __init__(self, desk: str, ticket: str) -> None:
        self.ticket = ticket
        super().__init__(
            _("Le guichet %(desk)s reçoit déjà %(ticket)s. Terminez d'abord, ou remettez la personne en attente.")
            % {"desk": desk, "ticket": ticket},
            "desk_busy",
        )


class NobodyWaits(ActionRefused):
    def __init__(self) -> None:
        super().__init__(gettext_lazy("Personne n'attend pour l'instant."), "nobody_waits")


class OnlyTheirFamilyWaits(ActionRefused):
    """Whoever still waits came with somebody who is at a desk: they are received there, or called by hand."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "Ceux qui attendent sont venus avec une personne déjà reçue à un guichet : ils y seront appelés après elle."
                " Pour les appeler ici, utilisez le bouton de leur ligne."
            ),
            "only_their_family_waits",
        )


class VisitMoved(ActionRefused):
    """A colleague was faster: the person stands elsewhere by now."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        super().__init__(
            gettext_lazy("Un collègue a déjà agi pour cette personne. La liste montre où elle en est."), "visit_moved"
        )
