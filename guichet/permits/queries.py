"""Reads of permits. The caller has already checked that who asks may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from guichet.accounts.models import Person
from guichet.core import clock
from guichet.permits import rules
from guichet.permits.collecting import COLLECTION
from guichet.permits.held import status_on
from guichet.permits.lasting import elsewhere_on, held_row, held_rows, next_starts_on
from guichet.permits.models import Handover, PermitReading, Prolongation, ProlongationCertificate, ResidencePermit
from guichet.permits.names import Name, name_on
from guichet.permits.rules import last_day_to_challenge as challenge_until

__all__ = [
    "COLLECTION",
    "HeldPermit",
    "Standing",
    "by_documents",
    "certificate_of",
    "challenge_until",
    "elsewhere_on",
    "handover_of",
    "held",
    "held_by",
    "histories",
    "history",
    "last_reading",
    "name_on",
    "prolongation_of",
    "prolongations",
    "readings",
    "standing",
    "standings",
    "status_on",
    "to_ask_for",
]


@dataclass(frozen=True)
class HeldPermit:
    """The permit or visa that someone holds on a day, or the last one they held before: see ``is_valid``."""

    number: str
    kind: str
    reason: str
    valid_from: date
    valid_until: date
    on: date

    @property
    def is_valid(self) -> bool:
        return self.valid_from <= self.on <= self.valid_until


def history(person: Person) -> list[ResidencePermit]:
    """Everything the registries say of a person's permits and visas, newest first; no registry is asked. One query."""
    return list(ResidencePermit.objects.filter(person=person, gone_at__isnull=True))


def last_reading(person: Person) -> PermitReading | None:
    """When the registries were last asked, and when they last answered."""
    return PermitReading.objects.filter(person=person).first()


def held(person: Person, on: date) -> HeldPermit | None:
    """The permit or visa valid on a day (of several, the one that lasts longest); failing that, the last one that ended.

    Papers that give no right to stay by themselves, and what was withdrawn, do not count. One query.
    """
    row = held_row(person, on)
    return HeldPermit(row.number, row.kind, row.reason, row.valid_from, row.valid_until, on) if row else None


def handover_of(source: tuple[str, str]) -> Handover | None:
    """The card that waits for its owner, of a source. One query."""
    return Handover.objects.filter(source_kind=source[0], source_id=source[1]).select_related("office").first()


@dataclass(frozen=True)
class Standing:
    """A certificate as it stands on a day: ``coming``, ``in_force``, ``over``, ``stopped``."""

    certificate: ProlongationCertificate
    code: str
    name: Name

    @property
    def allows(self) -> dict[str, dict[str, str]]:
        return dict(self.certificate.allows)


def standing(certificate: ProlongationCertificate, on: date) -> Standing:
    code = "in_force"
    if certificate.stopped_at is not None:
        code = "stopped"
    elif certificate.starts_on > on:
        code = "coming"
    elif certificate.ends_on < on:
        code = "over"
    return Standing(certificate, code, name_on(clock.paris_date(certificate.issued_at)))


def standings(certificates: Iterable[ProlongationCertificate], on: date | None = None) -> list[Standing]:
    day = on or clock.today()
    return [standing(certificate, day) for certificate in certificates]


def prolongations(person: Person) -> list[ProlongationCertificate]:
    """The prolongation certificates of a person, newest first. One query."""
    found = ProlongationCertificate.objects.filter(prolongation__person=person).select_related("prolongation")
    return list(found.order_by("-starts_on", "-rank", "-id"))


Period = tuple[date, date]


@dataclass(frozen=True)
class ProlongationOf:
    """The prolongation that a source called for: its certificates newest first, and what comes next."""

    prolongation: Prolongation
    certificates: tuple[ProlongationCertificate, ...]
    next_starts_on: date | None  # the first day of the certificate that comes next; None when none will
    may_ask: bool  # the person may ask for it now

    @property
    def latest(self) -> ProlongationCertificate | None:
        return self.certificates[0] if self.certificates else None

    @property
    def is_open(self) -> bool:
        return self.prolongation.ended_at is None

    def by_officer(self, on: date) -> Period | None:
        """First and last day of the certificate that an officer would issue on a day; ``None`` when none can be."""
        latest = self.latest
        if not self.is_open or (latest and latest.stopped_at is None and latest.starts_on > on):
            return None
        if latest and latest.stopped_at is not None:
            starts_on = max(on, self.prolongation.covers_from or on)
        else:
            starts_on = self.next_starts_on or on
        return starts_on, rules.last_day(starts_on, self.prolongation.lasts)

    @property
    def live(self) -> tuple[ProlongationCertificate, ...]:
        """Those in force or coming, in their order: what a stop would stop."""
        return tuple(each for each in reversed(self.certificates) if each.stopped_at is None and each.ends_on >= clock.today())

    @property
    def comes_on(self) -> date | None:
        """The day from which the next certificate is issued by itself."""
        return self.prolongation.next_on


def prolongation_of(source: tuple[str, str], on: date | None = None) -> ProlongationOf | None:
    """What a source called for, if anything. Two queries."""
    day = on or clock.today()
    found = Prolongation.objects.filter(source_kind=source[0], source_id=source[1]).select_related("office").first()
    if found is None:
        return None
    certificates = tuple(found.certificates.order_by("-rank"))
    starts = next_starts_on(found, certificates[0] if certificates else None, day)
    asked = starts is not None and found.held_at is None and rules.may_ask(starts, day)
    return ProlongationOf(found, certificates, starts, asked)


def certificate_of(source: tuple[str, str], rank: int) -> ProlongationCertificate | None:
    """One certificate of a source, by its rank."""
    return (
        ProlongationCertificate.objects.filter(
            prolongation__source_kind=source[0], prolongation__source_id=source[1], rank=rank
        )
        .select_related("prolongation")
        .first()
    )


# Several people at once: a family, a care service ------------------------------------------------------------------------


def histories(persons: Iterable[Person]) -> dict[UUID, list[ResidencePermit]]:
    """:func:`history` of each of these people. One query."""
    found: dict[UUID, list[ResidencePermit]] = {person.pk: [] for person in persons}
    for permit in ResidencePermit.objects.filter(person__in=list(found), gone_at__isnull=True):
        found[permit.person_id].append(permit)
    return found


def readings(persons: Iterable[Person]) -> dict[UUID, PermitReading]:
    """:func:`last_reading` of each of these people who has one. One query."""
    rows = PermitReading.objects.filter(person__in=[person.pk for person in persons])
    return {reading.person_id: reading for reading in rows}


def held_by(persons: Iterable[Person], on: date) -> dict[UUID, HeldPermit]:
    """:func:`held` of each of these people who holds or held something. One query."""
    found: dict[UUID, HeldPermit] = {}
    for row in held_rows([person.pk for person in persons], on):
        found.setdefault(row.person_id, HeldPermit(row.number, row.kind, row.reason, row.valid_from, row.valid_until, on))
    return found


def to_ask_for(persons: Iterable[Person], on: date | None = None) -> list[ProlongationOf]:
    """The prolongations of these people whose next certificate may be asked for now. Two queries."""
    day = on or clock.today()
    newest = ProlongationCertificate.objects.order_by("-rank")
    rows = (
        Prolongation.objects.filter(person__in=[person.pk for person in persons], ended_at__isnull=True, held_at__isnull=True)
        .select_related("office")
        .prefetch_related(Prefetch("certificates", newest))
    )
    found = []
    for row in rows.order_by("opened_at", "id"):
        certificates = tuple(row.certificates.all())
        starts = next_starts_on(row, certificates[0] if certificates else None, day)
        if starts is not None and rules.may_ask(starts, day):
            found.append(ProlongationOf(row, certificates, starts, may_ask=True))
    return found


def by_documents(numbers: Iterable[str]) -> dict[str, ProlongationCertificate]:
    """The certificates that these official documents are. One query."""
    rows = ProlongationCertificate.objects.filter(document_number__in=list(numbers)).select_related("prolongation")
    return {row.document_number: row for row in rows}
