"""What falls due by itself: reminders before the term, chases of requests never opened, the term that passed.

Nothing closes by itself: past the term the officer is told, and decides. A row of ``ComplementReminder`` says that a thing was
said; running twice says nothing twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from guichet.applications.moves import subject_of
from guichet.core import clock, events
from guichet.core.events import SYSTEM
from guichet.core.worker import Duty
from guichet.instruction import terms
from guichet.instruction.complements import SUBJECT
from guichet.instruction.models import ComplementReminder, ComplementRequest
from guichet.instruction.telling import tell, who_acts
from guichet.messaging import actions as messaging

BATCH = 100
Kind = ComplementReminder.Kind


def _waiting() -> QuerySet[ComplementRequest]:
    return ComplementRequest.objects.filter(answered_at__isnull=True, cancelled_at__isnull=True)


def _unsaid(requests: QuerySet[ComplementRequest], kind: str) -> list[ComplementRequest]:
    unsaid = requests.exclude(reminders__kind=kind).select_related("application__filed_by", "application__person")
    return list(unsaid.order_by("pk")[:BATCH])


def _say_once(request: ComplementRequest, kind: str, how: Callable[[ComplementRequest, str], None]) -> int:
    """Says it if it was not said and the request still waits; 1 when it was said now."""
    with transaction.atomic():
        current = _waiting().select_for_update(of=("self",)).filter(pk=request.pk).first()
        if current is None:
            return 0
        _row, created = ComplementReminder.objects.get_or_create(request=request, kind=kind, defaults={"at": clock.now()})
        if not created:
            return 0
        how(request, kind)
    return 1


def remind_before_term() -> int:
    """Seven days and one day before the last day to answer. A worker that was away says the nearest only."""
    today = clock.today()
    done = 0
    floor = today
    for days in sorted(terms.REMINDERS_BEFORE_TERM):
        until = today + timedelta(days=days)
        kind = f"before_term_{days}"
        for request in _unsaid(_waiting().filter(due_on__gte=floor, due_on__lte=until), kind):
            done += _say_once(request, kind, _remind)
        floor = until + timedelta(days=1)
    return done


def chase_unopened() -> int:
    """7, 15 and 30 days after sending, while nobody opened. A worker that was away says the latest only."""
    today = clock.today()
    done = 0
    sent_after: datetime | None = None
    for days in sorted(terms.CHASES_UNOPENED, reverse=True):
        sent_before = clock.end_of_paris_day(today - timedelta(days=days))
        reached = _waiting().filter(Q(opened_at__isnull=True), sent_at__lt=sent_before)
        if sent_after is not None:
            reached = reached.filter(sent_at__gte=sent_after)
        kind = f"unopened_{days}"
        for request in _unsaid(reached, kind):
            done += _say_once(request, kind, _chase)
        sent_after = sent_before
    return done


def tell_term_passed() -> int:
    """Past the last day to answer: said in the file's history, where the officer's queue reads it too."""
    done = 0
    for request in _unsaid(_waiting().filter(due_on__lt=clock.today()), Kind.TERM_PASSED):
        done += _say_once(request, Kind.TERM_PASSED, _record_passed)
    return done


def _remind(request: ComplementRequest, kind: str) -> None:
    tell(
        request.application,
        intent=f"complement_request:{request.pk}:{kind}",
        kind="reminder",
        subject=(SUBJECT, str(request.pk)),
        data={"number": request.application.number, "due_on": request.due_on.isoformat() if request.due_on else ""},
        mail=False,
    )
    _mail(request, kind, "complement_reminder", {"due_on": request.due_on})
    events.record(
        "complement_reminded", subject_of(request.application), SYSTEM, visible=True, round=request.round, reminder=kind
    )


def _chase(request: ComplementRequest, kind: str) -> None:
    _mail(request, kind, "complement_unopened", {"sent_on": clock.paris_date(request.sent_at)})
    events.record(
        "complement_chased", subject_of(request.application), SYSTEM, visible=True, round=request.round, reminder=kind
    )


def _record_passed(request: ComplementRequest, kind: str) -> None:
    events.record("complement_term_passed", subject_of(request.application), SYSTEM, visible=True, round=request.round)


def _mail(request: ComplementRequest, kind: str, template: str, context: dict[str, object]) -> None:
    """One mail for each address of who acts for the person."""
    by_address = {account.email.lower(): account for account in reversed(who_acts(request.application)) if account.email}
    for account in by_address.values():
        messaging.send_mail(
            intent=f"complement_request:{request.pk}:{kind}:{account.pk}",
            address=account.email,
            language=account.language,
            account=account,
            template=template,
            context={"name": account.display_name, "support_phone": settings.SUPPORT_PHONE, **context},
        )


DUTIES = [
    Duty("instruction.remind_before_term", remind_before_term, every=300),
    Duty("instruction.chase_unopened", chase_unopened, every=300),
    Duty("instruction.tell_term_passed", tell_term_passed, every=300),
]
