"""Opening a prolongation with the deposit, keeping it true afterwards. Called through ``actions``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from guichet.accounts.models import Account, Person
from guichet.core.events import SYSTEM
from guichet.offices.models import Office
from guichet.permits import rules
from guichet.permits.issuing import issue_next, locked
from guichet.permits.lasting import elsewhere_on, held_row
from guichet.permits.models import Prolongation, ResidencePermit

Begins = Prolongation.Begins


@dataclass(frozen=True)
class Terms:
    """What a procedure promises: how long each certificate lasts («3 months»), what it allows, under which articles.

    ``allows``: for ``stay``, ``work`` and ``travel``, one sentence by language (``fr``, ``en``).
    """

    lasts: str
    allows: Mapping[str, Mapping[str, str]]
    legal_basis: Sequence[str] = ()
    at_once: bool = False  # the first certificate is issued on deposit


@dataclass(frozen=True)
class Filed:
    """What called for the prolongation: an opaque source, the day of its deposit, who is told, what is printed.

    ``data`` has the shape of ``certificates.contents.Content`` and may hold ``silence_refuses_on``; ``photo_key`` is one of
    ``core.storage``.
    """

    source: tuple[str, str]
    deposited_on: date
    account: Account
    office: Office | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    photo_key: str = ""


def open_prolongation(person: Person, filed: Filed, terms: Terms) -> Prolongation:
    """Writes down the promise and, where the terms say at once, issues the first certificate. The same source twice is once.

    Call it in the transaction of the deposit; the permits held are those read last (see :func:`refresh`).
    """
    with transaction.atomic():
        found, created = Prolongation.objects.get_or_create(
            source_kind=filed.source[0],
            source_id=filed.source[1],
            defaults={
                "person": person,
                "account": filed.account,
                "office": filed.office,
                "deposited_on": filed.deposited_on,
                "begins": Begins.ON_DEPOSIT if terms.at_once else Begins.AFTER_PERMIT,
                "lasts": terms.lasts,
                "allows": {name: dict(said) for name, said in terms.allows.items()},
                "legal_basis": list(terms.legal_basis),
                "data": _plain(filed.data),
                "photo_key": filed.photo_key,
            },
        )
        if not created:
            return found
        row = locked(found)
        _settle(row)
        if terms.at_once and not row.elsewhere:
            issue_next(row, by=SYSTEM)
    return row


def reconsider(person: Person) -> None:
    """Settles again, from what is known now, the prolongations that have issued nothing yet. Call it in a transaction.

    The registry may have been down at the deposit, or may know a permit only now.
    """
    waiting = Prolongation.objects.filter(
        person=person, ended_at__isnull=True, held_at__isnull=True, certificates__isnull=True
    ).order_by("opened_at", "id")
    for found in waiting:
        row = locked(found)
        if not row.certificates.exists() and row.ended_at is None:
            _settle(row)


def restate(source: tuple[str, str], *, photo_key: str = "", **data: Any) -> None:
    """Changes what the next certificates will print (a date of silence that moved, a photo that came at last).

    Certificates already issued stay as they are. Nothing happens when the source has no prolongation.
    """
    with transaction.atomic():
        found = Prolongation.objects.filter(source_kind=source[0], source_id=source[1]).first()
        if found is None:
            return
        row = locked(found)
        row.data = {**row.data, **_plain(data)}
        row.photo_key = photo_key or row.photo_key
        row.save(update_fields=["data", "photo_key"])


def _settle(row: Prolongation) -> None:
    """Reckons the first day to cover from the papers held on the day of the deposit."""
    at_once = row.begins == Begins.ON_DEPOSIT
    elsewhere = elsewhere_on(row.person, row.deposited_on)
    permit = held_row(row.person, row.deposited_on)
    row.covers_from = rules.covers_from(
        row.deposited_on,
        at_once=at_once,
        permit_until=permit.valid_until if permit else None,
        elsewhere_until=elsewhere.valid_until if elsewhere else None,
    )
    row.elsewhere = elsewhere.number if elsewhere else ""
    row.next_on = rules.issued_from(row.covers_from, follows_elsewhere=bool(elsewhere)) if row.covers_from else None
    row.data = {**row.data, **_permit_printed(None if at_once else permit)}
    row.save(update_fields=["covers_from", "elsewhere", "next_on", "data"])


def _permit_printed(permit: ResidencePermit | None) -> dict[str, str]:
    """The permit with which the certificate is shown: the one held at the deposit, or that had ended before."""
    if permit is None:
        return {"permit_number": "", "permit_until": ""}
    return {"permit_number": permit.number, "permit_until": permit.valid_until.isoformat()}


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: days as ISO, texts of procedures by language."""
    return {name: _value(value) for name, value in data.items()}


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "fr") and hasattr(value, "en"):
        return {"fr": value.fr, "en": value.en}
    return list(value) if isinstance(value, tuple) else value
