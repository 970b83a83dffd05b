"""The e-photo: its number is an answer; the photo and the signature come from the registry and are kept for the receipt."""

from dataclasses import dataclass

from django.db import transaction

from guichet.accounts.models import Account
from guichet.accounts.queries import can_act_for
from guichet.applications import drafting, evaluating
from guichet.applications.errors import EPhotoRefused, NotYours, UnknownPlace
from guichet.applications.models import Answer, Application, EPhotoCopy
from guichet.applications.moves import subject_of
from guichet.core import clock, events, storage
from guichet.core.events import SYSTEM
from guichet.permits import actions as permits
from guichet.procedures.definition import Definition
from guichet.procedures.queries import definition_of
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.queries import look_up_ephoto

FOLDER = "ephotos"


def tidy(number: str) -> str:
    """A number as the registry writes it: no spaces nor dashes, capital letters."""
    return "".join(number.split()).replace("-", "").upper()


def place_of(definition: Definition) -> tuple[str, str] | None:
    """The section and field that hold the number; ``None`` when the procedure asks for none."""
    return next(((field.section, field.id) for field in evaluating.fields_of_type(definition, "ephoto")), None)


@dataclass(frozen=True)
class Fetched:
    """What the registry gave for a number: pictures, as PNG or JPEG bytes."""

    number: str
    photo: bytes
    signature: bytes


def fetch(number: str) -> Fetched:
    """Asks the registry. Call it outside any lock.

    Raises ``EPhotoRefused``, ``RegistryUnavailable``.
    """
    found = look_up_ephoto(number)
    if found is None:
        raise EPhotoRefused("ephoto_unknown")
    if found.status == "used":
        raise EPhotoRefused("ephoto_used")
    return Fetched(number, found.photo, found.signature)


def keep_copy(application: Application, fetched: Fetched) -> EPhotoCopy:
    """Ties what was fetched to the application, in the place of an older copy."""
    for older in EPhotoCopy.objects.filter(application=application):
        drafting.discard_photo(older)
    photo, signature = _stored(fetched)
    return EPhotoCopy.objects.create(
        application=application, number=fetched.number, photo_key=photo, signature_key=signature, fetched_at=clock.now()
    )


def await_photo(application: Application, number: str) -> EPhotoCopy:
    """Notes that the registry could not be asked: the worker asks again until it answers."""
    EPhotoCopy.objects.filter(application=application).delete()
    return EPhotoCopy.objects.create(application=application, number=number)


def fetch_awaited(copy: EPhotoCopy) -> None:
    """Asks again for the photo of a deposited application. Raises ``RegistryUnavailable``.

    A number that the registry now refuses stays without photo: officers see it, and the event says why.
    """
    refused = ""
    try:
        fetched = fetch(copy.number)
    except EPhotoRefused as refusal:
        refused = refusal.code
    with transaction.atomic():
        row = EPhotoCopy.objects.select_for_update().filter(pk=copy.pk, fetched_at__isnull=True).first()
        if row is None:
            return
        row.fetched_at = clock.now()
        if not refused:
            row.photo_key, row.signature_key = _stored(fetched)
            permits.restate(subject_of(row.application), photo_key=row.photo_key)
        row.save()
        events.record("ephoto_refused" if refused else "ephoto_fetched", subject_of(row.application), SYSTEM, reason=refused)


def _stored(fetched: Fetched) -> tuple[str, str]:
    """The keys under which the pictures were stored: (photo, signature)."""
    photo = storage.keep(fetched.photo, folder=FOLDER, suffix=".photo")
    return photo, storage.keep(fetched.signature, folder=FOLDER, suffix=".signature") if fetched.signature else ""


def confirm_ephoto(application: Application, number: str, by: Account) -> EPhotoCopy:
    """Checks a number with the registry and keeps its photo and signature with the answer.

    Whatever happens, the number typed is kept: as an answer when the registry does not respond (``RegistryUnavailable``; the
    deposit asks again), as typed and to be mended when it refuses it (``EPhotoRefused``).
    """
    place = place_of(definition_of(application.procedure))
    if place is None:
        raise UnknownPlace
    if not can_act_for(by, application.person):
        raise NotYours
    number = tidy(number)
    try:
        fetched = fetch(number)
    except RegistryUnavailable:
        _write(application, by, place, number, None)
        raise
    except EPhotoRefused:
        _write(application, by, place, None, number)
        raise
    with transaction.atomic():
        _write(application, by, place, number, None)
        return keep_copy(application, fetched)


def mark_refused(application: Application, by: Account, number: str) -> None:
    """The registry refused, at the deposit, a number accepted before: it becomes something typed, to be mended."""
    place = place_of(definition_of(application.procedure))
    if place is not None:
        _write(application, by, place, None, number)


def remove_ephoto(application: Application, by: Account) -> None:
    """Takes the e-photo back. Removing twice is no error."""
    place = place_of(definition_of(application.procedure))
    if place is None:
        raise UnknownPlace
    _write(application, by, place, None, None)


def _write(application: Application, by: Account, place: tuple[str, str], number: str | None, typed: str | None) -> None:
    section, field = place
    with drafting.draft_held(application, by) as draft:
        stored = Answer.objects.filter(application=draft, section=section, row=0).first()
        for copy in EPhotoCopy.objects.filter(application=draft).exclude(number=number or ""):
            drafting.discard_photo(copy)
        raw = {} if typed is None else {field: typed}
        drafting.save_section(application, section, 0, {field: number}, raw, stored.revision if stored else 0, by)
