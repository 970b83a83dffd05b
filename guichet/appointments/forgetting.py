"""What people said of themselves is forgotten once nobody needs it: by the worker, some time after it was over.

A published draw stays what it is: its files hold codes and wishes, no name. Appointments themselves are not looked at here.
"""

from datetime import datetime

from django.db import transaction

from guichet.appointments import rules
from guichet.appointments.models import AccessCode, ComeBack, Draw, DrawRegistration, Offer, WaitingEntry
from guichet.core import clock


def forget(batch: int) -> int:
    """Deletes what has been over for long enough, at most so many rows of each kind. How many."""
    before = clock.now() - rules.FORGOTTEN_AFTER
    return _waiting(before, batch) + _registrations(before, batch) + _codes(before, batch) + _reminders(before, batch)


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
