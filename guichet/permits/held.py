"""What a person holds, copied from the registries: pages read it without waiting for them. Called through ``actions``."""

from datetime import date

from django.db import transaction

from guichet.accounts.models import Person
from guichet.core import clock
from guichet.permits.models import PermitReading, ResidencePermit
from guichet.permits.opening import reconsider
from guichet.registries.agdref.port import PermitRecord
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.queries import find_person, find_visa
from guichet.registries.visabio.port import VisaRecord

Origin = ResidencePermit.Origin
VISA_KINDS = {"long_stay": "long_stay_visa", "vls_ts": "vls_ts"}


def refresh(person: Person) -> bool:
    """Copies what AGDREF (by the foreigner number) and VISABIO (by the visa) hold; ``False`` when one did not answer.

    What was known stays as it was when a registry does not answer, and a permit that the registry no longer holds stays
    too, dated. Call it outside of any transaction: the registries may be slow.
    """
    answered = True
    try:
        _read_agdref(person)
    except RegistryUnavailable:
        answered = False
    try:
        _read_visabio(person)
    except RegistryUnavailable:
        answered = False
    now = clock.now()
    PermitReading.objects.update_or_create(
        person=person, defaults={"asked_at": now, **({"answered_at": now} if answered else {})}
    )
    return answered


def _read_agdref(person: Person) -> None:
    if not person.foreigner_number:
        return
    record = find_person(person.foreigner_number)
    if record is None:
        return
    with transaction.atomic():
        kept = [_keep(person, Origin.AGDREF, permit).pk for permit in record.permits]
        _mark_gone(person, Origin.AGDREF, kept)
        reconsider(person)


def _read_visabio(person: Person) -> None:
    if not person.visa_number or person.visa_valid_from is None or person.visa_valid_until is None:
        return
    visa = find_visa(person.visa_number, person.visa_valid_from, person.visa_valid_until)
    with transaction.atomic():
        kept = [_keep(person, Origin.VISABIO, _of_visa(visa)).pk] if visa else []
        _mark_gone(person, Origin.VISABIO, kept)
        reconsider(person)


def _mark_gone(person: Person, origin: str, kept: list[int]) -> None:
    gone = ResidencePermit.objects.filter(person=person, origin=origin, gone_at__isnull=True).exclude(pk__in=kept)
    gone.update(gone_at=clock.now())


def _of_visa(visa: VisaRecord) -> PermitRecord:
    return PermitRecord(visa.number, VISA_KINDS[visa.kind], visa.reason, visa.valid_from, visa.valid_until, "valid")


def _keep(person: Person, origin: str, permit: PermitRecord) -> ResidencePermit:
    row, _created = ResidencePermit.objects.update_or_create(
        person=person,
        origin=origin,
        number=permit.number,
        valid_from=permit.valid_from,
        defaults={
            "kind": permit.kind,
            "reason": permit.reason,
            "valid_until": permit.valid_until,
            "status": permit.status,
            "read_at": clock.now(),
            "gone_at": None,
        },
    )
    return row


def status_on(permit: ResidencePermit, day: date) -> str:
    """The registry's word, but for a permit whose last day has passed since it was read."""
    return "expired" if permit.status == "valid" and permit.valid_until < day else permit.status
