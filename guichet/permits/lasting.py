"""What is held on a day, and what comes after it: the reckoning that reads and acts share."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from guichet.accounts.models import Person
from guichet.permits import rules
from guichet.permits.models import Prolongation, ProlongationCertificate, ResidencePermit

ELSEWHERE = "prolongation_certificate"
# Kinds of AGDREF that are no permit to stay: a certificate that prolongs one, the travel document of a minor.
NOT_PERMITS = (ELSEWHERE, "circulation_document")
WITHDRAWN = "withdrawn"


def held_row(person: Person, on: date) -> ResidencePermit | None:
    """The permit or visa that covers a day, the one that lasts longest; failing that, the last that ended before."""
    return held_rows([person.pk], on).first()


def held_rows(persons: Iterable[UUID], on: date) -> QuerySet[ResidencePermit]:
    """What these people hold or held on a day, of each the one that counts first."""
    begun = ResidencePermit.objects.filter(person__in=list(persons), gone_at__isnull=True, valid_from__lte=on)
    return begun.exclude(kind__in=NOT_PERMITS).exclude(status=WITHDRAWN).order_by("-valid_until", "-valid_from", "id")


def elsewhere_on(person: Person, on: date) -> ResidencePermit | None:
    """The prolongation certificate issued elsewhere that covers a day, as AGDREF knows it."""
    ours = ProlongationCertificate.objects.filter(prolongation__person=person)
    return (
        ResidencePermit.objects.filter(
            person=person, gone_at__isnull=True, kind=ELSEWHERE, valid_from__lte=on, valid_until__gte=on
        )
        .exclude(status=WITHDRAWN)
        .exclude(number__in=ours.values("document_number"))
        .order_by("-valid_until", "id")
        .first()
    )


def next_starts_on(found: Prolongation, latest: ProlongationCertificate | None, day: date) -> date | None:
    """The first day of the next certificate of a prolongation; ``None`` once it ended, or as long as an officer decides."""
    if found.ended_at is not None:
        return None
    if latest is None:
        return found.covers_from
    if latest.stopped_at is not None:
        return None if found.held_at else max(day, found.covers_from or day)
    return latest.ends_on + rules.ONE_DAY
