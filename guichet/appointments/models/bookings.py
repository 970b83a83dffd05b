"""Who has which place."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext

from guichet.appointments import lifecycle, rules
from guichet.appointments.lifecycle import State
from guichet.appointments.models.agendas import AppointmentType, Slot
from guichet.appointments.models.invitations import Invitation
from guichet.appointments.models.people import NAMELESS, PersonDetails

ACTIVE = sorted(lifecycle.ACTIVE)
COUNTED = sorted(lifecycle.COUNTED)
OVER = sorted(state.value for state in lifecycle.OVER)
NOBODY = {  # what is left of a person in a row that was forgotten
    **NAMELESS,
    **dict.fromkeys(("person_key", "session_key", "proof_key", "situation", "convocation"), ""),
}


class Booking(PersonDetails):
    """One place of a slot: whose it is, in which state, until when it waits. Names and identity never change once given.

    ``person_key`` is a keyed hash (``keys``): it says whether two bookings are one person's, and nothing else. Forgotten
    (``forgetting``), a row is nobody's: its slot, type, state, moments and reference stay.
    """

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in State])
    person_key = models.CharField(max_length=64)
    # Of people who came together (``families``): the first of them, on each of their rows, its own included. Never changes.
    party = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="members", db_index=False)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one booking
    session_key = models.CharField(max_length=64, default="", db_default="", blank=True)  # hashed: of the browser that asked
    proof_key = models.CharField(max_length=64, default="", db_default="", blank=True)  # of the bot check that was passed
    claimed_at = models.DateTimeField()  # when this slot was taken: moving takes anew
    held_until = models.DateTimeField(null=True, blank=True)
    confirm_until = models.DateTimeField(null=True, blank=True)
    returns_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=14, null=True, blank=True, unique=True)  # given with the details
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    invitation = models.ForeignKey(Invitation, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings")
    convocation = models.CharField(max_length=30, default="", db_default="", blank=True)  # number of the official document
    moves = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often it was moved
    asked_at = models.DateTimeField(null=True, blank=True)  # when the details were given
    addresses = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often its e-mail address was corrected
    situation = models.CharField(max_length=40, default="", db_default="", blank=True)  # of a student (``situations``)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)  # the rank of the last one sent for this slot
    arrived_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slot__starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person_key", "type"], condition=Q(state__in=ACTIVE), name="one_active_booking_per_person_and_type"
            ),
            models.UniqueConstraint(
                fields=["session_key"], condition=Q(state="held") & ~Q(session_key=""), name="one_live_hold_per_session"
            ),
            models.UniqueConstraint(fields=["proof_key"], condition=~Q(proof_key=""), name="one_hold_per_proof"),
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(state__in=ACTIVE), name="one_active_booking_per_invitation"
            ),
            models.CheckConstraint(name="a_hold_says_until_when", condition=~Q(state="held") | Q(held_until__isnull=False)),
            models.CheckConstraint(
                name="what_waits_for_an_answer_says_until_when",
                condition=~Q(state__in=["to_confirm", "offered"]) | Q(confirm_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_returning_place_says_when", condition=~Q(state="returning") | Q(returns_at__isnull=False)
            ),
            models.CheckConstraint(
                name="an_appointment_has_its_reference",
                condition=~Q(state__in=["to_confirm", "confirmed", "honoured", "missed", "cancelled"])
                | Q(reference__isnull=False, token_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="who_is_forgotten_is_nobody_and_over",
                condition=Q(forgotten_at__isnull=True) | Q(state__in=OVER, **NOBODY),
            ),
        ]
        indexes = [
            models.Index(fields=["held_until"], name="booking_hold_due", condition=Q(state="held")),
            models.Index(fields=["confirm_until"], name="booking_answer_due", condition=Q(state__in=["to_confirm", "offered"])),
            models.Index(fields=["returns_at"], name="booking_return_due", condition=Q(state="returning")),
            models.Index(fields=["party"], name="booking_of_a_party", condition=Q(party__isnull=False)),
            models.Index(Lower("email"), name="booking_of_an_address", condition=Q(state__in=["confirmed", "to_confirm"])),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk} ({self.state})"

    @property
    def display_name(self) -> str:
        return gettext("Identité effacée") if self.forgotten_at else super().display_name

    @property
    def starts_at_local(self) -> datetime:
        """Its beginning on the clock of the office's wall. The slot and its agenda must have been read."""
        return self.slot.starts_at.astimezone(self.slot.agenda.zone)

    @property
    def ends_at_local(self) -> datetime:
        return self.slot.ends_at.astimezone(self.slot.agenda.zone)

    @property
    def must_move(self) -> bool:
        """The office withdrew the slot: the person is asked to choose another one."""
        return self.slot.withdrawn_at is not None and self.state in (State.TO_CONFIRM, State.CONFIRMED)

    @property
    def has_moves_left(self) -> bool:
        """Whether its person has not chosen another slot too often already."""
        return self.moves < rules.MOVES_AT_MOST

    @property
    def may_choose_again(self) -> bool:
        """Whether its person may choose another slot: where the type lets them, a few times; always when the office withdrew
        theirs."""
        return self.must_move or (self.type.may_move and self.has_moves_left)
