"""What people said of themselves is forgotten once nobody needs it: by the worker, some time after it was over.

A published draw stays what it is: its files hold codes and wishes, no name. Of an appointment stay its slot, type, state and
moments, which figures count, and its reference, which tells something to nobody but who kept the paper; of an official
document what proves that it was ours (``certificates``).
"""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from guichet.appointments import releases, rules
from guichet.appointments.models import (
    AccessCode,
    Attempt,
    Booking,
    ComeBack,
    Draw,
    DrawRegistration,
    Invitation,
    Offer,
    Slot,
    Visit,
    WaitingEntry,
)
from guichet.appointments.models.bookings import NOBODY, OVER
from guichet.appointments.models.people import NAMELESS
from guichet.certificates import actions as certificates
from guichet.core import clock

NO_GUEST: dict[str, Any] = {**NAMELESS, "person_key": "", "needs": {}, "permit_ends_on": None}


def forget(batch: int) -> int:
    """Deletes or empties what has been over for long enough, at most so many rows of each kind. How many."""
    before = clock.now() - rules.FORGOTTEN_AFTER
    kinds = (_waiting, _registrations, _codes, _reminders, _slots, _invitations)
    return sum(kind(before, batch) for kind in kinds) + _attempts(batch)


def _slots(before: datetime, batch: int) -> int:
    """Who had a place in the slots of so long ago, with their convocations. A slot is looked at once; but for those that
    the office withdrew, where somebody may still be asked to choose another date: they are not over."""
    kept = Booking.objects.filter(slot=OuterRef("pk"), forgotten_at__isnull=True)
    due = Slot.objects.filter(starts_at__lt=before, forgotten_at__isnull=True)
    due = due.filter(~Exists(kept) | Exists(kept.filter(state__in=OVER))).order_by("starts_at", "id")
    slots = list(due.values_list("pk", flat=True)[:batch])
    now = clock.now()
    with transaction.atomic():
        rows = Booking.objects.filter(slot__in=slots, state__in=OVER, forgotten_at__isnull=True)
        people = list(rows.order_by("pk").values_list("pk", flat=True))
        certificates.forget("booking", [str(pk) for pk in people])
        Visit.objects.filter(booking__in=people).update(needs=[])
        Booking.objects.filter(pk__in=people).update(**NOBODY, needs={}, forgotten_at=now)
        # Read again: somebody may have been cancelled since, whom the next round forgets.
        Slot.objects.filter(~Exists(kept), pk__in=slots).update(forgotten_at=now)
    return len(slots)


def _invitations(before: datetime, batch: int) -> int:
    """Who was called, once the call is over and every appointment that came of it is forgotten. Why stays with what called."""
    known = Booking.objects.filter(invitation=OuterRef("pk"), forgotten_at__isnull=True)
    waits = WaitingEntry.objects.filter(invitation=OuterRef("pk"))
    due = Invitation.objects.filter(~Exists(known), ~Exists(waits), expires_at__lt=before, forgotten_at__isnull=True)
    rows = list(due.order_by("expires_at", "id").values_list("pk", flat=True)[:batch])
    Invitation.objects.filter(pk__in=rows).update(**NO_GUEST, forgotten_at=clock.now())
    return len(rows)


def _attempts(batch: int) -> int:
    """Who found nothing: long after, a certificate is a proof."""
    first = releases.at_wall(rules.proofs_before(clock.today()), time(0), clock.PARIS)
    rows = list(Attempt.objects.filter(at__lt=first).order_by("at", "id").values_list("pk", flat=True)[:batch])
    with transaction.atomic():
        certificates.forget("attempt", [str(pk) for pk in rows])
        Attempt.objects.filter(pk__in=rows).delete()
    return len(rows)


def _waiting(before: datetime, batch: int) -> int:
    """Turns in a waiting list that are over, with the offers that were made; an appointment that came of one stays."""
    over = WaitingEntry.objects.filter(ended_at__lt=before).order_by("ended_at", "id")
    entries = list(over.values_list("pk", flat=True)[:batch])
    with transaction.atomic():
        Offer.objects.filter(entry__in=entries).delete()
        WaitingEntry.objects.filter(pk__in=entries).delete()
    return len(entries)


def _registrations(before: datetime, batch: int) -> int:
    """Who took part in a draw whose outcome is published and whose days are over."""
    drawn = DrawRegistration.objects.filter(
        draw__state=Draw.State.DRAWN, draw__drawn_at__lt=before, draw__last_day__lt=clock.today()
    )
    rows = list(drawn.order_by("id").values_list("pk", flat=True)[:batch])
    DrawRegistration.objects.filter(pk__in=rows).delete()
    return len(rows)


def _codes(before: datetime, batch: int) -> int:
    """What was declared to have an access code that has expired."""
    over = AccessCode.objects.filter(expires_at__lt=before).order_by("expires_at", "id")
    rows = list(over.values_list("pk", flat=True)[:batch])
    AccessCode.objects.filter(pk__in=rows).delete()
    return len(rows)


def _reminders(before: datetime, batch: int) -> int:
    """Mails that were promised and sent."""
    sent = ComeBack.objects.filter(sent_at__lt=before).order_by("sent_at", "id")
    rows = list(sent.values_list("pk", flat=True)[:batch])
    ComeBack.objects.filter(pk__in=rows).delete()
    return len(rows)
