"""What falls due: certificates to issue before the end of what they follow, warnings, registries to read again each day."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from guichet.accounts.models import Person, Representation
from guichet.core import clock
from guichet.core.worker import Duty
from guichet.permits import rules
from guichet.permits.held import refresh
from guichet.permits.issuing import issue_due, locked
from guichet.permits.models import PermitReading, Prolongation
from guichet.permits.telling import tell_near_end

log = structlog.get_logger("guichet.permits")

BATCH = 50
READ_AGAIN = timedelta(hours=24)


def issue_certificates() -> int:
    """Issues each certificate whose day has come; one that fails is logged, stays due, and stops no other."""
    waiting = Prolongation.objects.filter(ended_at__isnull=True, next_on__lte=clock.today()).order_by("next_on", "id")
    done = 0
    for found in waiting[:BATCH]:
        try:
            done += issue_due(found)
        except (OSError, ValueError, RuntimeError) as error:
            log.error("certificate not issued", error=type(error).__name__, prolongation=str(found.pk), exc_info=True)
    return done


def warn_of_the_end() -> int:
    """A certificate from elsewhere nears its end: says that the next one can be asked for. One mail per end."""
    today = clock.today()
    ending = (
        Prolongation.objects.filter(ended_at__isnull=True, held_at__isnull=True, certificates__isnull=True)
        .filter(~Q(elsewhere=""), next_on__gte=today, next_on__lt=today + rules.WINDOW)  # ours is issued on its last day
        .filter(Q(warned_for__isnull=True) | ~Q(warned_for=F("covers_from")))
        .order_by("next_on", "id")
    )
    done = 0
    for found in ending[:BATCH]:
        with transaction.atomic():
            row = locked(found)
            if row.warned_for == row.covers_from or row.covers_from is None or row.certificates.exists():
                continue
            tell_near_end(row)
            row.warned_for = row.covers_from
            row.save(update_fields=["warned_for"])
        done += 1
    return done


def read_registries() -> int:
    """Asks the registries again what people hold: those with an account, once a day. Stops as soon as one is down."""
    done = 0
    for person in _to_read():
        if not refresh(person):
            break
        done += 1
    return done


def _to_read() -> list[Person]:
    """Those never read first, then those read longest ago."""
    known = Q(foreigner_number__isnull=False) | Q(visa_number__isnull=False)
    account = Representation.objects.filter(person=OuterRef("pk"))
    reading = PermitReading.objects.filter(person=OuterRef("pk"))
    people = list(Person.objects.filter(known, Exists(account), ~Exists(reading)).order_by("id")[:BATCH])
    old = PermitReading.objects.filter(asked_at__lt=clock.now() - READ_AGAIN).select_related("person").order_by("asked_at")
    return people or [each.person for each in old[:BATCH]]


DUTIES = [
    Duty("permits.issue_certificates", issue_certificates, every=60),
    Duty("permits.warn_of_the_end", warn_of_the_end, every=600),
    Duty("permits.read_registries", read_registries, every=60),
]
