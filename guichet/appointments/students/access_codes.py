"""Students say who they are: by their INE, or by an access code sent to the address they gave. Called through ``actions``.

Tries are limited by what is tried together with the address it comes from, never by the identity alone: somebody who guesses
codes elsewhere does not keep the right person out. On the same network (a campus) neither: a right code opens even after
wrong ones, and nobody finds one of 50 bits by trying as often as one address may.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac

from guichet.appointments import keys, mailboxes
from guichet.appointments.errors import CodeRefused, StudentUnknown
from guichet.appointments.models import AccessCode, AppointmentType, ComeBack
from guichet.appointments.students.situations import window_of
from guichet.core import clock, events, throttling
from guichet.core.dates import PartialDate, day_in_words
from guichet.core.errors import ActionRefused
from guichet.core.events import Subject
from guichet.core.identifiers import comparable, random_text
from guichet.core.throttling import Limit
from guichet.messaging.actions import send_mail
from guichet.registries import queries as registries
from guichet.registries.ine.port import StudentRecord

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1 or I: they are taken for each other
LENGTH = 10  # 50 bits
VALID_FOR = timedelta(days=30)  # from the day it is asked for, or from the first day it can be used
# Wrong answers: on one number or one name from one address, and from one address (a campus goes out by a single one).
INE_TRIES = Limit("ine-tries", 6, 15 * 60)
INE_FROM_ADDRESS = Limit("ine-address", 120, 3600)
CODE_TRIES = Limit("access-code-tries", 10, 15 * 60)
CODE_FROM_ADDRESS = Limit("access-code-address", 200, 3600)
# Mails that anybody can have sent, from one address: to one mailbox, and to any.
MAILS_TO_ONE = Limit("access-code-mails-one", 5, 3600)
MAILS_FROM_ADDRESS = Limit("access-code-mails-address", 60, 3600)


@dataclass(frozen=True)
class Declared:
    """What somebody without INE says of themselves. The form has checked the shapes. A single name is a last name."""

    last_name: str
    first_names: str
    birth_date: PartialDate
    email: str
    language: str
    situation: str
    stay_kind: str
    stay_ends_on: date


def identify_student(ine: str, birth_name: str, *, address: str) -> StudentRecord:
    """The student of an INE and a birth name (the name alone; case, accents, hyphens and spaces are forgiven).

    Raises ``StudentUnknown``, the same whether the number or the name was wrong; ``RegistryUnavailable``, which does not
    count as a try; ``TooManyTries``. ``address`` is where the request comes from. Call outside of transactions.
    """
    places = [
        throttling.spend(INE_FROM_ADDRESS, address),
        throttling.spend(INE_TRIES, comparable(ine), address),
    ]
    try:
        record = registries.find_student(ine)
    except ActionRefused:
        _give_back(places)
        raise
    if record is None or comparable(birth_name) != comparable(record.birth_name):
        raise StudentUnknown
    _give_back(places)
    return record


def key_of_student(record: StudentRecord) -> str:
    """The key of a student known by INE."""
    return keys.of_number("ine", record.ine)


def ask_access_code(type: AppointmentType, declared: Declared, *, address: str) -> AccessCode:
    """Keeps what was declared and sends the code that opens it. Each asking is a new code; the earlier ones stay good.

    Raises ``TooManyTries``, ``MailboxFull``. Call outside of transactions.
    """
    throttling.spend(MAILS_FROM_ADDRESS, address)
    throttling.spend(MAILS_TO_ONE, declared.email.lower(), address)
    raw = random_text(ALPHABET, LENGTH)
    now = clock.now()
    with mailboxes.one_mail_to(declared.email), transaction.atomic():
        code = AccessCode.objects.create(
            type=type,
            code_hash=_hashed(raw),
            # By name and birth date: another code, or another address, must not make a second person.
            person_key=keys.of_names(declared.first_names, declared.last_name, "", declared.birth_date),
            first_names=declared.first_names,
            last_name=declared.last_name,
            birth_date_text=str(declared.birth_date),
            email=declared.email,
            language=declared.language,
            situation=declared.situation,
            stay_kind=declared.stay_kind,
            stay_ends_on=declared.stay_ends_on,
            created_at=now,
            expires_at=_expires_at(type, declared, now),
        )
        events.record("access_code_asked", Subject("access_code", str(code.pk)), events.Actor("person"), type=type.pk)
        _mail_code(code, raw)
    return code


def _expires_at(type: AppointmentType, declared: Declared, now: datetime) -> datetime:
    """A code asked for too early is still good when the window opens."""
    months = type.window_months_before_permit_end
    opens_on = window_of(declared.situation, declared.stay_ends_on, clock.today(), months).opens_on
    wait = max((opens_on - clock.today()).days, 0) if opens_on else 0
    return now + timedelta(days=wait) + VALID_FOR


def _mail_code(code: AccessCode, raw: str) -> None:
    with translation.override(code.language):
        send_mail(
            intent=f"access_code:{code.pk}",
            address=code.email,
            language=code.language,
            template="access_code",
            context={
                "name": code.display_name,
                "type": code.type.name,
                "office": code.type.office.name,
                "code": f"{raw[:5]} {raw[5:]}",
                "until": day_in_words(clock.paris_date(code.expires_at)),
                "link": f"{settings.SITE_URL}/rdv/{code.type.office.slug}/{code.type.slug}/identite/code/",
            },
        )


def use_access_code(type: AppointmentType, last_name: str, typed: str, *, address: str) -> AccessCode:
    """What was declared, opened by its code and the last name. Good for one person, as often as needed until it expires.

    Case, accents, spaces and dashes are forgiven in both. Raises ``CodeRefused``, the same whatever was wrong, and after too
    many wrong ones ``TooManyTries``: the right one is never refused for those of its own name. Call outside of transactions.
    """
    place = throttling.spend(CODE_FROM_ADDRESS, address)
    found = AccessCode.objects.select_related("type__office").filter(
        type=type, code_hash=_hashed(typed), expires_at__gt=clock.now()
    )
    code = found.first()
    if code is None or comparable(last_name) != comparable(code.last_name):
        throttling.spend(CODE_TRIES, str(type.pk), comparable(last_name), address)
        raise CodeRefused
    place.give_back()
    return code


def _hashed(code: str) -> str:
    return salted_hmac("guichet.appointments.access_code", comparable(code), algorithm="sha256").hexdigest()


def _give_back(places: list[throttling.Place]) -> None:
    for place in places:
        place.give_back()


def promise_reminder(
    type: AppointmentType, person_key: str, *, name: str, email: str, language: str, on: date, address: str
) -> ComeBack:
    """Promises a mail on the day from which the appointment can be taken. Promised twice to an address is promised once.

    Raises ``TooManyTries``. Call outside of transactions.
    """
    throttling.spend(MAILS_FROM_ADDRESS, address)
    throttling.spend(MAILS_TO_ONE, email.lower(), address)
    promised, _made = ComeBack.objects.get_or_create(
        type=type, person_key=person_key, email=email, on=on, defaults={"name": name, "language": language}
    )
    return promised


def send_reminders(batch: int = 200) -> int:
    """Sends the mails whose day has come, each once. How many."""
    due = ComeBack.objects.filter(sent_at__isnull=True, on__lte=clock.today()).order_by("on", "id")
    sent = 0
    for pk in list(due.values_list("pk", flat=True)[:batch]):
        with transaction.atomic():
            row = ComeBack.objects.select_for_update(of=("self",)).select_related("type__office").get(pk=pk)
            if row.sent_at is not None:
                continue
            _mail_reminder(row)
            row.sent_at = clock.now()
            row.save(update_fields=["sent_at"])
            sent += 1
    return sent


def _mail_reminder(row: ComeBack) -> None:
    with translation.override(row.language):
        send_mail(
            intent=f"come_back:{row.pk}",
            address=row.email,
            language=row.language,
            template="come_back",
            context={
                "name": row.name,
                "type": row.type.name,
                "office": row.type.office.name,
                "link": f"{settings.SITE_URL}/rdv/{row.type.office.slug}/{row.type.slug}/",
            },
        )
