"""Issuing, renewing and stopping certificates; the end that a decision brings. Called through ``actions`` and ``due``.

Every act locks the row of its prolongation first: two workers, or a worker and an officer, take turns, and the second finds
nothing left to do.
"""

import base64
from datetime import date

import structlog
from django.db import transaction

from guichet.accounts.models import Account
from guichet.certificates import actions as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events, storage
from guichet.core.events import SYSTEM, Actor, Subject
from guichet.permits import rules, telling
from guichet.permits.errors import AlreadyCovered, NothingToProlong, NothingToStop, NotYet, ReasonMissing
from guichet.permits.lasting import next_starts_on
from guichet.permits.models import Prolongation, ProlongationCertificate
from guichet.permits.names import name_on

log = structlog.get_logger("guichet.permits")

LONGEST_REASON = 2000
OFFICER = "officer"


def locked(found: Prolongation) -> Prolongation:
    """The row as it is now, held until the transaction ends."""
    return Prolongation.objects.select_for_update(of=("self",)).select_related("account", "office", "person").get(pk=found.pk)


def locked_of(source: tuple[str, str]) -> Prolongation:
    """The prolongation of a source; ``NothingToProlong`` when there is none."""
    found = Prolongation.objects.filter(source_kind=source[0], source_id=source[1]).first()
    if found is None:
        raise NothingToProlong
    return locked(found)


def issue_next(row: Prolongation, *, by: Actor, reason: str = "") -> ProlongationCertificate:
    """Issues the next certificate of a locked, open prolongation and tells the person.

    It begins the day after the one before; after a stop, or when nothing was to be issued by itself, today.
    """
    if row.ended_at is not None:
        raise NothingToProlong
    today = clock.today()
    latest = row.certificates.order_by("-rank").first()
    if by.kind == OFFICER:
        row.held_at = None
    starts_on = next_starts_on(row, latest, today) or today
    ends_on = rules.last_day(starts_on, row.lasts)
    rank = latest.rank + 1 if latest else 1
    document = _document(row, rank, starts_on, ends_on)
    certificate = ProlongationCertificate.objects.create(
        prolongation=row,
        rank=rank,
        previous=latest,
        document_number=document.number,
        starts_on=starts_on,
        ends_on=ends_on,
        allows=row.allows,
        legal_basis=row.legal_basis,
        issued_at=clock.now(),
        issued_by_kind=by.kind,
        issued_by_id=by.id,
        reason=reason,
    )
    row.covers_from = row.covers_from or starts_on
    row.next_on = rules.issued_from(ends_on + rules.ONE_DAY)
    row.save(update_fields=["covers_from", "next_on", "held_at"])
    events.record(
        "prolongation_renewed" if latest else "prolongation_issued",
        _subject(row),
        by,
        visible=True,
        rank=rank,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
        document=document.number,
    )
    telling.tell_issued(row, certificate, document)
    if by.kind != OFFICER and starts_on < today:
        telling.tell_office(row, certificate)  # some days had no proof until now
    return certificate


def issue_due(found: Prolongation) -> bool:
    """Issues the next certificate of a prolongation if its day has come; ``False`` when another worker did it."""
    with transaction.atomic():
        row = locked(found)
        if row.ended_at is not None or row.next_on is None or row.next_on > clock.today():
            return False
        issue_next(row, by=SYSTEM)
    return True


def ask_for_next(source: tuple[str, str], account: Account) -> ProlongationCertificate:
    """The person asks for the next certificate: in one click, near the end of what they hold or after it.

    The caller has checked that the account acts for the person. Asking twice is asking once: the certificate that already
    comes next is returned. Raises ``NothingToProlong``, ``NotYet``.
    """
    with transaction.atomic():
        row = locked_of(source)
        today = clock.today()
        latest = row.certificates.order_by("-rank").first()
        starts_on = next_starts_on(row, latest, today)
        if starts_on is None or row.held_at is not None:
            raise NothingToProlong
        if not rules.may_ask(starts_on, today):
            if latest and (latest.starts_on > today or latest.issued_by_kind == "person"):
                return latest  # it was asked for already
            raise NotYet
        return issue_next(row, by=Actor("person", str(account.pk)))


def issue_by_officer(source: tuple[str, str], officer: Actor, reason: str) -> ProlongationCertificate:
    """An officer issues the first certificate, the next one before its time, or one after a stop. The reason is recorded.

    Raises ``ReasonMissing``, ``NothingToProlong``, ``AlreadyCovered`` when one that has not begun yet is there already.
    """
    reason = _reason(reason)
    with transaction.atomic():
        row = locked_of(source)
        latest = row.certificates.order_by("-rank").first()
        if latest and latest.stopped_at is None and latest.starts_on > clock.today():
            raise AlreadyCovered
        return issue_next(row, by=officer, reason=reason)


def stop_by_officer(source: tuple[str, str], officer: Actor, reason: str) -> list[ProlongationCertificate]:
    """An officer stops what is in force or coming; nothing more is issued by itself until an officer issues one again.

    Raises ``ReasonMissing``, ``NothingToProlong``, ``NothingToStop``.
    """
    reason = _reason(reason)
    with transaction.atomic():
        row = locked_of(source)
        if row.ended_at is not None:
            raise NothingToProlong
        stopped = _stop(row, by=officer, code=OFFICER, reason=reason)
        if not stopped:
            raise NothingToStop
        row.held_at, row.next_on = clock.now(), None
        row.save(update_fields=["held_at", "next_on"])
        events.record(
            "prolongation_stopped", _subject(row), officer, visible=True, ranks=[each.rank for each in stopped], reason=reason
        )
        telling.tell_stopped(row, stopped)
    return stopped


def end(source: tuple[str, str], *, by: Actor, why: str) -> None:
    """A decision ends the prolongation: what is in force stops with it, nothing more is issued. Twice is once.

    ``why`` is one of ``Prolongation.End``. Call it in the transaction of the decision. Nothing happens when the source has
    no prolongation.
    """
    with transaction.atomic():
        found = Prolongation.objects.filter(source_kind=source[0], source_id=source[1]).first()
        if found is None:
            return
        row = locked(found)
        if row.ended_at is not None:
            return
        _stop(row, by=by, code=why)
        row.ended_at, row.ended_by, row.next_on = clock.now(), why, None
        row.save(update_fields=["ended_at", "ended_by", "next_on"])


def resume(source: tuple[str, str]) -> None:
    """What was ended goes on (an application taken up again): a certificate from today, if days already need one."""
    with transaction.atomic():
        found = Prolongation.objects.filter(source_kind=source[0], source_id=source[1]).first()
        if found is None:
            return
        row = locked(found)
        if row.ended_at is None:
            return
        row.ended_at, row.ended_by = None, ""
        row.next_on = _first_look(row) if row.covers_from and row.held_at is None else None
        row.save(update_fields=["ended_at", "ended_by", "next_on"])
        if row.next_on is not None and row.next_on <= clock.today():
            issue_next(row, by=SYSTEM)


def _first_look(row: Prolongation) -> date | None:
    latest = row.certificates.order_by("-rank").first()
    starts_on = next_starts_on(row, latest, clock.today())
    return rules.issued_from(starts_on, follows_elsewhere=bool(row.elsewhere and latest is None)) if starts_on else None


def _stop(row: Prolongation, *, by: Actor, code: str, reason: str = "") -> list[ProlongationCertificate]:
    """Stops every certificate of the row that covers today or a later day."""
    live = list(row.certificates.filter(stopped_at__isnull=True, ends_on__gte=clock.today()).order_by("rank"))
    for certificate in live:
        certificate.stopped_at, certificate.stop_code, certificate.stop_reason = clock.now(), code, reason
        certificate.stopped_by_kind, certificate.stopped_by_id = by.kind, by.id
        certificate.save(update_fields=["stopped_at", "stop_code", "stop_reason", "stopped_by_kind", "stopped_by_id"])
        certificates.revoke(certificate.document_number)
    return live


def _reason(written: str) -> str:
    reason = written.strip()[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    return reason


def _subject(row: Prolongation) -> Subject:
    return Subject(row.source_kind, row.source_id)


def _document(row: Prolongation, rank: int, starts_on: date, ends_on: date) -> OfficialDocument:
    today = clock.today()
    name = name_on(today)
    return certificates.issue(
        "prolongation",
        subject=(row.source_kind, row.source_id),
        data={
            **row.data,
            # The registry may have given a number since the deposit: the certificate bears it.
            "foreigner_number": row.person.foreigner_number or row.data.get("foreigner_number", ""),
            "issued_on": today,
            "name": {"fr": name.fr, "en": name.en},
            "rank": rank,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "deposited_on": row.deposited_on,
            "allows": row.allows,
            "legal_basis": row.legal_basis,
            "permit_until": row.data.get("permit_until") or None,
            "silence_challenge_until": _challenge_until(row),
            "photo": _photo(row),
        },
        language=row.account.language,
        intent=f"prolongation:{row.pk}:{rank}",
    )


def _challenge_until(row: Prolongation) -> date | None:
    silence = row.data.get("silence_refuses_on")
    return rules.last_day_to_challenge(date.fromisoformat(silence)) if silence else None


def _photo(row: Prolongation) -> str:
    if not row.photo_key:
        return ""
    try:
        return base64.b64encode(storage.read(row.photo_key)).decode()
    except FileNotFoundError:
        log.error("photo lost by the storage, certificate issued without it")
        return ""
