"""When an office receives, for what, and the slots that this makes."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import get_language

from guichet.core import clock
from guichet.core.typography import french
from guichet.offices.models import Office

PUBLIC = "public"  # the pool that everybody draws from
PARTY_MOST = 6  # people of one household who may ask together


def in_language(words: dict[str, Any] | None) -> str:
    """A text kept as ``{"fr", "en"}``, in the active language; empty when there is none. The French is written with the keys
    of a keyboard and read as printed."""
    kept = words or {}
    if (get_language() or "fr").startswith("en"):
        return str(kept.get("en", ""))
    return french(str(kept.get("fr", "")))


class Agenda(models.Model):
    """A calendar of an office: its hours make slots, its release rule says from when each may be taken."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="agendas")
    slug = models.SlugField(max_length=60)
    name_fr = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    timezone = models.CharField(max_length=40)  # IANA name: hours are those of the clock on the office's wall
    slot_minutes = models.PositiveSmallIntegerField()
    desks = models.PositiveSmallIntegerField()  # how many people a slot receives, unless its hours say otherwise
    release = models.JSONField()  # see ``releases``
    active = models.BooleanField(default=True)
    # The public holidays on which it receives all the same, by their keys (see ``public_holidays``).
    worked_holidays = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)  # of its rules: saving needs the one that was read

    class Meta:
        ordering = ["office", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["office", "slug"], name="one_agenda_per_slug_of_an_office"),
            models.CheckConstraint(name="a_slot_lasts_a_while", condition=models.Q(slot_minutes__gte=1)),
            models.CheckConstraint(name="an_agenda_has_a_desk", condition=models.Q(desks__gte=1)),
        ]

    def __str__(self) -> str:
        return f"agenda {self.office_id} {self.slug}"

    @property
    def name(self) -> str:
        return in_language({"fr": self.name_fr, "en": self.name_en})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class OpeningHours(models.Model):
    """One stretch of a weekday, for one pool of places: a share of the desks can be reserved, which is a published rule."""

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 0: Monday
    opens = models.TimeField()
    closes = models.TimeField()
    desks = models.PositiveSmallIntegerField(null=True, blank=True)  # null: those of the agenda
    pool = models.CharField(max_length=30, default=PUBLIC)
    # Reserved places that nobody took are everybody's so many hours before (see ``untaken``); null: they stay reserved.
    returns_hours = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "opens", "pool"]
        constraints = [
            models.CheckConstraint(name="a_weekday_is_one_of_seven", condition=models.Q(weekday__lte=6)),
            models.CheckConstraint(name="hours_close_after_they_open", condition=models.Q(closes__gt=models.F("opens"))),
            models.CheckConstraint(name="hours_have_a_pool", condition=~models.Q(pool="")),
            models.CheckConstraint(
                name="only_reserved_places_return",
                condition=models.Q(returns_hours__isnull=True) | (~models.Q(pool=PUBLIC) & models.Q(returns_hours__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """Days on which an agenda, or a whole office, receives nobody."""

    agenda = models.ForeignKey(Agenda, null=True, blank=True, on_delete=models.CASCADE, related_name="closures")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField()
    last_day = models.DateField()  # closed that day still
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_closure_is_of_an_agenda_or_of_an_office",
                condition=models.Q(agenda__isnull=True, office__isnull=False)
                | models.Q(agenda__isnull=False, office__isnull=True),
            ),
            models.CheckConstraint(
                name="a_closure_ends_after_it_begins", condition=models.Q(last_day__gte=models.F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return f"closed {self.first_day} – {self.last_day}"


class AppointmentType(models.Model):
    """What one comes for: who may come, with which papers, how it is confirmed, how late it may be asked for."""

    class Identity(models.TextChoices):
        NONE = "none"  # names and birth date as typed
        STUDENT = "student"  # INE or access code
        INVITATION = "invitation"  # whoever was invited

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appointment_types")
    slug = models.SlugField(max_length=60)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    texts = models.JSONField(default=dict)  # {"purpose" | "before" | "moving" | …: {"fr", "en"}}
    documents = models.JSONField(default=list)  # [{"fr", "en"}]: what to bring
    eligibility = models.JSONField(default=list)  # [{"fr", "en"}]: who may not take this appointment
    identity = models.CharField(max_length=20, choices=Identity, default=Identity.NONE)
    confirmation_minutes = models.PositiveIntegerField(default=2880)  # to answer the mail; 0: firm at once
    lead_minutes = models.PositiveIntegerField(default=0)  # so long before its beginning a slot may still be taken
    may_move = models.BooleanField(default=True)
    window_months_before_permit_end = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # null: as long as the slot
    # How many people of one household may ask together, side by side (see ``families``); 1: each for themselves. Only where
    # names and birth date tell who one is.
    party_max = models.PositiveSmallIntegerField(default=1, db_default=1)
    agendas = models.ManyToManyField(Agenda, related_name="types")
    # Where the people go whom it can no longer receive, none of its agendas being open (see ``destinations``).
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(
        default=1, db_default=1
    )  # of what is written here: saving needs the one that was read

    class Meta:
        ordering = ["office", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["office", "slug"], name="one_appointment_type_per_slug_of_an_office"),
            models.CheckConstraint(
                name="a_party_is_one_to_six", condition=models.Q(party_max__gte=1) & models.Q(party_max__lte=PARTY_MOST)
            ),
            models.CheckConstraint(
                name="only_people_known_by_name_come_together",
                condition=models.Q(party_max=1) | models.Q(identity="none"),
            ),
        ]

    def __str__(self) -> str:
        return f"appointment type {self.office_id} {self.slug}"

    @property
    def name(self) -> str:
        return in_language({"fr": self.name_fr, "en": self.name_en})

    def text(self, key: str) -> str:
        """One of the type's texts in the active language; empty when the office wrote none."""
        return in_language(self.texts.get(key))

    @property
    def documents_to_bring(self) -> list[str]:
        return [in_language(each) for each in self.documents]

    @property
    def not_eligible(self) -> list[str]:
        return [in_language(each) for each in self.eligibility]


class Slot(models.Model):
    """A beginning and an end, and how many people it receives. Made from the agenda's rules, never by hand.

    ``taken`` and ``version`` are kept by triggers on the bookings: nobody else writes ``taken``.
    """

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="slots", db_index=False)
    pool = models.CharField(max_length=30, default=PUBLIC)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0, db_default=0)
    version = models.PositiveIntegerField(default=1, db_default=1)  # moves with whatever a page shows of it
    released_at = models.DateTimeField()  # nobody takes it before
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # no longer in the rules; whoever booked it was asked to move
    # No longer in the rules without anybody having decided so: it stands for whoever booked it, until the office decides.
    kept_since = models.DateTimeField(null=True, blank=True)
    # Places that changed pools (``untaken``): received when positive, given when negative. On top of what the rules say.
    lent = models.SmallIntegerField(default=0, db_default=0)
    forgotten_at = models.DateTimeField(null=True, blank=True)  # nothing is kept any more of who booked it

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["starts_at"], name="slot_to_forget", condition=models.Q(forgotten_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agenda", "pool", "starts_at"], name="one_slot_per_beginning"),
            models.CheckConstraint(
                name="a_slot_is_never_overbooked",
                condition=models.Q(taken__gte=0) & models.Q(taken__lte=models.F("capacity")),
            ),
            models.CheckConstraint(name="a_slot_ends_after_it_begins", condition=models.Q(ends_at__gt=models.F("starts_at"))),
            models.CheckConstraint(name="a_slot_has_a_pool", condition=~models.Q(pool="")),
        ]

    def __str__(self) -> str:
        return f"slot {self.pk}"

    @property
    def left(self) -> int:
        """Places left, withdrawn or not, released or not."""
        return self.capacity - self.taken

    def is_free(self, at: Any = None) -> bool:
        """Whether somebody may take it now, lead times aside."""
        return self.withdrawn_at is None and self.left > 0 and self.released_at <= (at or clock.now())
