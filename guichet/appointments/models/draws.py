"""Places shared by a draw: the draw, who takes part in it, and what is published of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from guichet.appointments.models.agendas import Agenda, AppointmentType
from guichet.appointments.models.bookings import Booking
from guichet.appointments.models.people import PersonDetails
from guichet.core import clock


class Draw(models.Model):
    """A release by draw: registrations until a deadline, a seed announced beforehand, an order that anyone can replay."""

    class State(models.TextChoices):
        OPEN = "open"  # people register, or will from ``opens_at`` on
        CLOSED = "closed"  # the list is published with its hash; the seed is awaited, or places are being given
        DRAWN = "drawn"  # the outcome is published

    class SeedFrom(models.TextChoices):
        BEACON = "beacon"  # read by us
        OFFICERS = "officers"  # read and typed by two officers, the beacon being out of our reach

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="draws")
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="draws")
    slug = models.SlugField(max_length=40)  # the day of the draw, as its page's address says it
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    first_day = models.DateField()  # of the slots that are shared, as days of the office
    last_day = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    draws_at = models.DateTimeField()  # when the beacon gives the announced round
    leftovers_at = models.DateTimeField()  # when what is left is everybody's
    beacon = models.JSONField(default=dict)  # {"source", "chain", "round", "at", "where"}: what gives the seed
    seed = models.CharField(max_length=64, blank=True)
    seed_from = models.CharField(max_length=10, choices=SeedFrom, blank=True)
    typed_seed = models.CharField(max_length=64, blank=True)  # by a first officer, until a second one types the same
    typed_by = models.CharField(max_length=40, blank=True)  # the id of that first officer's account
    list_hash = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)  # {"slots", "places", "registrations"}, then {"won", "no_place", "already_booked"}
    drawn_at = models.DateTimeField(null=True, blank=True)
    replay_asked_at = models.DateTimeField(null=True, blank=True)  # of a draw too large to be replayed while one waits
    replayed_at = models.DateTimeField(null=True, blank=True)
    replay_findings = models.JSONField(default=list)  # what the last replay found wrong; empty: nothing

    class Meta:
        ordering = ["-draws_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["type", "slug"], name="one_draw_per_type_and_day"),
            models.CheckConstraint(
                name="a_draw_opens_closes_draws_and_releases_in_order",
                condition=Q(closes_at__gt=F("opens_at"))
                & Q(draws_at__gt=F("closes_at"))
                & Q(leftovers_at__gt=F("draws_at"))
                & Q(last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="a_list_is_published_before_its_seed_is_known", condition=Q(seed="") | ~Q(list_hash="")
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], name="draw_to_close", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"draw {self.pk} ({self.state})"


class DrawRegistration(PersonDetails):
    """One identity in a draw, with the wishes in the order of preference."""

    class Result(models.TextChoices):
        WON = "won"
        NO_PLACE = "no_place"  # none of the wishes had a place left
        ALREADY_BOOKED = "already_booked"  # the person had an appointment of this type by then

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="registrations")
    public_id = models.CharField(max_length=40)  # what the published list shows
    person_key = models.CharField(max_length=64)
    wishes = models.JSONField(default=list)  # ids of slots
    token_hash = models.CharField(max_length=64, unique=True)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one registration
    proof_key = models.CharField(max_length=64, default="", db_default="", blank=True)  # of the bot check that was passed
    situation = models.CharField(max_length=40, default="", db_default="", blank=True)  # of a student, as on a booking
    registered_at = models.DateTimeField(default=clock.now)
    confirm_until = models.DateTimeField(
        default=clock.now
    )  # a click in the mail, before this moment: else nothing is kept of it
    confirmed_at = models.DateTimeField(null=True, blank=True)  # who did not confirm takes no part
    rank = models.PositiveIntegerField(null=True, blank=True)  # in the order of the draw, from 1
    result = models.CharField(max_length=20, choices=Result, default="", db_default="", blank=True)
    place = models.PositiveBigIntegerField(null=True, blank=True)  # id of the slot that was drawn: the booking may move
    refused = models.JSONField(default=list, db_default=[])  # [{"slot", "why"}]: places that the database did not give
    booking = models.ForeignKey(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations")

    class Meta:
        ordering = ["draw", "public_id"]
        constraints = [
            # Anybody may type somebody's name: what nobody confirmed is in nobody's way.
            models.UniqueConstraint(
                fields=["draw", "person_key"],
                condition=Q(confirmed_at__isnull=False),
                name="one_confirmed_registration_per_person_and_draw",
            ),
            models.CheckConstraint(
                name="only_who_confirmed_is_drawn", condition=Q(confirmed_at__isnull=False) | Q(rank__isnull=True)
            ),
            models.UniqueConstraint(fields=["draw", "public_id"], name="one_public_name_per_registration"),
            models.UniqueConstraint(fields=["proof_key"], condition=~Q(proof_key=""), name="one_registration_per_proof"),
            models.UniqueConstraint(fields=["draw", "rank"], condition=Q(rank__isnull=False), name="one_registration_per_rank"),
            models.CheckConstraint(
                name="whoever_won_has_a_place",
                condition=Q(result="won", booking__isnull=False, place__isnull=False) | ~Q(result="won"),
            ),
        ]
        indexes = [
            models.Index(fields=["confirm_until"], name="registration_to_confirm", condition=Q(confirmed_at=None)),
            models.Index(Lower("email"), name="registration_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"


class DrawFile(models.Model):
    """What is published of a draw, byte for byte. Written once: a trigger says so."""

    class Kind(models.TextChoices):
        LIST = "list"  # draw, slots and registrations, before the seed is known
        OUTCOME = "outcome"

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()  # ASCII
    sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "kind"], name="one_file_of_each_kind_per_draw")]

    def __str__(self) -> str:
        return f"{self.kind} of draw {self.draw_id}"
