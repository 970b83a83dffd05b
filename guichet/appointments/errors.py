"""What the rules of appointments refuse, in a sentence that says what to do."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guichet.core.errors import ActionRefused

if TYPE_CHECKING:
    from guichet.appointments.models import Booking, Slot


class Full(ActionRefused):
    """The place is gone, or was never free. ``nearest``: free slots around it, earliest first; may be empty. They are looked
    for when they are asked for: refusing costs next to nothing."""

    def __init__(self, find: "Callable[[], list[Slot]]" = list) -> None:
        self._find = find
        super().__init__(_("Cette plage vient d'être prise. Choisissez-en une autre, ou réessayez plus tard."), "full")

    @cached_property
    def nearest(self) -> "list[Slot]":
        return self._find()


class AlreadyBooked(ActionRefused):
    """This person already has a request for this type, or this browser already holds a place.

    ``booking`` is that one. Whoever typed a name and a birth date is not known to be that person: show nothing of it
    unless ``is_yours``. ``person``: which of those who come together, from 0 on.
    """

    def __init__(self, booking: "Booking", *, is_yours: bool = False, person: int = 0) -> None:
        self.booking = booking
        self.person = person
        self.is_yours = is_yours
        super().__init__(
            _(
                "Vous avez déjà une demande de rendez-vous en cours. Retrouvez-la par le lien reçu par courriel : vous pouvez"
                " la consulter ou l'annuler, puis en faire une autre."
            ),
            "already_booked",
        )


class SamePerson(ActionRefused):
    """Two of those who come together are one person. ``person``: which repeats an earlier one, from 0 on."""

    def __init__(self, person: int) -> None:
        self.person = person
        super().__init__(
            _("Cette personne est déjà dans votre demande. Écrivez chaque personne une seule fois."), "same_person"
        )


class TooManyPeople(ActionRefused):
    """The type receives fewer people together: ``most`` of them."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(
            _("Ce rendez-vous ne se prend pas pour autant de personnes à la fois. Choisissez un nombre de la liste."),
            "too_many_people",
        )


class NotReleased(ActionRefused):
    """The slot may be taken from ``released_at`` on."""

    def __init__(self, released_at: datetime) -> None:
        self.released_at = released_at
        super().__init__(
            _("Cette plage n'est pas encore ouverte à la réservation. Choisissez-en une autre, ou revenez à l'ouverture."),
            "not_released",
        )


class TooLate(ActionRefused):
    """The slot begins too soon: the type's lead time, and the time to confirm, no longer fit before it."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette plage commence trop tôt pour être encore réservée. Choisissez-en une plus tardive."), "too_late"
        )


class TooEarly(ActionRefused):
    """The type opens so many months before the end of the permit: ``come_back_on`` is the first day."""

    def __init__(self, come_back_on: date) -> None:
        self.come_back_on = come_back_on
        super().__init__(
            _("Il est trop tôt pour prendre ce rendez-vous : revenez à la date indiquée, des plages seront ouvertes."),
            "too_early",
        )


class IdentityNeeded(ActionRefused):
    """The type asks who one is before a place can be held: an INE, an access code, an invitation."""

    def __init__(self) -> None:
        super().__init__(
            _("Ce rendez-vous demande de dire d'abord qui vous êtes. Revenez à l'étape « Identité »."), "identity_needed"
        )


class StudentUnknown(ActionRefused):
    """No student has this INE and this birth name. Nothing tells which of the two was wrong."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Aucun étudiant ne correspond à ce nom et à cet INE. Vérifiez-les, ou demandez un code d'accès : il remplace"
                " l'INE."
            ),
            "student_unknown",
        )


class CodeRefused(ActionRefused):
    """No access code of this type is so, for this name, now. Nothing tells what was wrong."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Ce nom et ce code ne vont pas ensemble, ou le code n'est plus valable. Vérifiez-les dans le dernier courriel"
                " reçu, ou demandez un nouveau code."
            ),
            "code_refused",
        )


class NotInvited(ActionRefused):
    """The invitation is over, withdrawn, or for something else."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette invitation ne permet plus de prendre ce rendez-vous. Contactez le service qui vous l'a envoyée."),
            "not_invited",
        )


class InvitationUsed(ActionRefused):
    """An appointment of this invitation is to come, or was honoured; or nobody came too often."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Cette invitation a déjà servi. Retrouvez votre rendez-vous par le lien reçu par courriel, ou contactez le"
                " service qui vous a invité."
            ),
            "invitation_used",
        )


class TypeNotByInvitation(ActionRefused):
    """One is not invited to this type, or it is closed."""

    def __init__(self) -> None:
        super().__init__(
            _("Ce rendez-vous ne se prend pas sur invitation, ou il est fermé. Choisissez-en un autre."), "not_by_invitation"
        )


class NotOpen(ActionRefused):
    """The type or its agenda is not active, or the slot is none of the type's."""

    def __init__(self) -> None:
        super().__init__(_("Ce rendez-vous ne peut pas être pris en ligne actuellement."), "not_open")


class HoldOver(ActionRefused):
    """The ten minutes are over. ``nearest``: free slots around the one that was held."""

    def __init__(self, find: "Callable[[], list[Slot]]" = list) -> None:
        self._find = find
        super().__init__(
            _("Le délai pour remplir le formulaire est passé et la plage n'est plus gardée. Choisissez-en une autre."),
            "hold_over",
        )

    @cached_property
    def nearest(self) -> "list[Slot]":
        return self._find()


class ConfirmationOver(ActionRefused):
    """The time to confirm is over: the place was freed."""

    def __init__(self) -> None:
        super().__init__(
            _("Le délai pour confirmer ce rendez-vous est passé : la place a été rendue. Faites une nouvelle demande."),
            "confirmation_over",
        )


class MoveNotAllowed(ActionRefused):
    """The type does not let people move their appointment."""

    def __init__(self) -> None:
        super().__init__(
            _("La date de ce rendez-vous ne peut pas être changée. Vous pouvez l'annuler et faire une nouvelle demande."),
            "move_not_allowed",
        )


class MailboxFull(ActionRefused):
    """Too much was asked for with this address. ``minutes``: how long to wait."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        said = ngettext_lazy(
            "Beaucoup de demandes viennent d'être faites avec cette adresse électronique. Écrivez-en une autre, ou réessayez"
            " dans %(minutes)d minute.",
            "Beaucoup de demandes viennent d'être faites avec cette adresse électronique. Écrivez-en une autre, ou réessayez"
            " dans %(minutes)d minutes.",
            "minutes",
        )
        super().__init__(said % {"minutes": minutes}, "mailbox_full")


class MovedTooOften(ActionRefused):
    """The date was changed as often as a person may: each time a place stayed empty for a while."""

    def __init__(self) -> None:
        super().__init__(
            _("La date de ce rendez-vous a déjà été changée plusieurs fois. Gardez celle-ci, ou annulez-le."), "moved_too_often"
        )


class SlotWithdrawn(ActionRefused):
    """The office receives nobody then after all: another slot is to be chosen first."""

    def __init__(self) -> None:
        super().__init__(
            _("Le bureau ne reçoit plus à cette date. Choisissez-en une autre : votre demande reste la même."), "slot_withdrawn"
        )


class AddressCorrectedTooOften(ActionRefused):
    """The address of a request that waits for its answer was corrected as often as it may be."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "L'adresse de cette demande a déjà été corrigée plusieurs fois. Annulez la demande, puis faites-en une autre"
                " avec la bonne adresse."
            ),
            "address_corrected_too_often",
        )


class BookingRefused(ActionRefused):
    """The table of moves does not allow this one from where the booking stands."""

    def __init__(self, verb: str, state: str) -> None:
        self.verb = verb
        self.state = state
        super().__init__(
            _("Ce rendez-vous n'est plus dans l'état où vous l'avez vu. Rechargez la page, puis recommencez."),
            "booking_refused",
        )


class UnknownBooking(ActionRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Aucun rendez-vous ne correspond. Vérifiez la référence, ou ouvrez le lien du dernier courriel reçu."),
            "unknown_booking",
        )


class FormReused(ActionRefused):
    """The form was already sent, from another browser."""

    def __init__(self) -> None:
        super().__init__(_("Ce formulaire a déjà servi. Rechargez la page, puis recommencez."), "form_reused")
