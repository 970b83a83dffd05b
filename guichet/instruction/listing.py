"""The queue of an office: filtered, searched, paged by key, nearest legal term first, whatever the number of applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer, Person
from guichet.accounts.powers import Powers
from guichet.applications.models import Application
from guichet.core import clock
from guichet.core.identifiers import comparable, digits
from guichet.instruction import terms
from guichet.instruction.models import ComplementItem, ComplementRequest, Decision, Verdict
from guichet.instruction.powers import DEPOSITED, DEPOSITED_STATES, OPEN_STATES, PROPOSED, UNDER_REVIEW
from guichet.procedures.models import PublishedProcedure

PAGE_SIZE = 25
LONGEST_SEARCH = 200
FULL_NUMBER = 19
LATE = "late"  # silence has refused, or the term of a complement request has passed
SOON = "soon"  # silence refuses within 15 days
ANSWERED = "answered"  # a complement was answered, and some of it was not looked at
UNREACHED = "unreached"  # a request nobody opens: reach the person otherwise
FLAGS = (LATE, SOON, ANSWERED, UNREACHED)


@dataclass(frozen=True)
class Filters:
    """What the officer asks of the queue. Empty: everything open in their offices."""

    state: str = ""
    flag: str = ""
    mine: bool = False
    unassigned: bool = False
    procedure: str = ""  # slug
    office: str = ""  # code
    text: str = ""


@dataclass(frozen=True)
class Key:
    """Where a page ends: the term and the id of its last row."""

    term: date
    id: UUID

    def __str__(self) -> str:
        return f"{self.term.isoformat()}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """The key a page link holds; None when it is not one."""
        term, _, pk = text.partition("_")
        try:
            return cls(date.fromisoformat(term), UUID(pk))
        except ValueError:
            return None


@dataclass(frozen=True)
class Row:
    """One line of the queue."""

    number: str
    person: str
    foreigner_number: str
    procedure: str  # slug
    procedure_title: dict[str, str]  # by language
    office: str
    state: str
    state_since: datetime
    deposited_at: datetime | None
    silence_refuses_on: date | None
    answer_due_on: date | None
    assigned_to: str
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One page of the queue; ``after`` is the key of the next one, or None at the end."""

    rows: Sequence[Row]
    after: Key | None


def in_reach(powers: Powers) -> QuerySet[Application]:
    """The deposited applications that these posts may read. A draft is in nobody's reach."""
    found = Application.objects.filter(state__in=DEPOSITED_STATES)
    return found if powers.national else found.filter(office__in=sorted(powers.offices))


def queue(officer: Officer, filters: Filters, after: Key | None = None, size: int = PAGE_SIZE) -> Page:
    """One page of the officer's queue, nearest legal term first. A constant number of queries."""
    found = filtered(in_reach(accounts.powers_of(officer)), officer, filters).filter(silence_refuses_on__isnull=False)
    if after is not None:
        found = found.filter(Q(silence_refuses_on__gt=after.term) | Q(silence_refuses_on=after.term, id__gt=after.id))
    chosen = list(
        found.select_related("person", "office", "review__assigned_to")
        .annotate(
            procedure_slug=F("procedure__slug"),
            title=F("procedure__content__title"),
            answer_due_on=_open_request().values("due_on"),
            is_answered=answered_condition(),
            is_unreached=unreached_condition(),
        )
        .order_by("silence_refuses_on", "id")[: size + 1]
    )
    today = clock.today()
    rows = [_row(application, today) for application in chosen[:size]]
    last = chosen[size - 1] if len(chosen) > size else None
    key = Key(last.silence_refuses_on, last.pk) if last is not None and last.silence_refuses_on else None
    return Page(rows, key)


def filtered(found: QuerySet[Application], officer: Officer, filters: Filters) -> QuerySet[Application]:
    text = filters.text.strip()[:LONGEST_SEARCH]
    if filters.state in DEPOSITED_STATES:
        found = found.filter(state=filters.state)
    elif not text:  # a search looks at decided applications too
        found = found.filter(state__in=OPEN_STATES)
    if filters.flag in CONDITIONS:
        found = found.filter(CONDITIONS[filters.flag]())
    if filters.mine:
        found = found.filter(review__assigned_to=officer)
    if filters.unassigned:
        found = found.filter(review__assigned_to__isnull=True)
    if filters.procedure:
        found = found.filter(procedure__slug=filters.procedure)
    if filters.office:
        found = found.filter(office=filters.office)
    return found.filter(_search(text)) if text else found


def _search(text: str) -> Q:
    """By application number, by foreigner number, or by the beginning of a name, the words in any order."""
    number = digits(text)
    if number and len(number) == len("".join(text.split())):
        if len(number) == FULL_NUMBER:
            return Q(number=number)
        # Two questions rather than one with OR, which no index answers across two tables.
        person = Person.objects.filter(foreigner_number=number).values_list("pk", flat=True).first()
        return Q(person=person) if person else _begins("number", number)
    words = [word for word in (comparable(part) for part in text.split()) if word]
    if not words:
        return Q(pk__isnull=True)
    found = Q()
    for key in ("person__name_key", "person__usage_name_key"):
        for word in dict.fromkeys(words):
            others = Q()
            for other in words:
                if other != word:
                    others &= Q(**{f"{key}__contains": other})
            found |= _begins(key, word) & others
    return found


def _begins(field: str, text: str) -> Q:
    """«Begins with», in the form that each database finds by an index: a range on SQLite, LIKE on PostgreSQL."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": text + "\U0010ffff"})
    return Q(**{f"{field}__startswith": text})


def _open_request() -> QuerySet[ComplementRequest]:
    return ComplementRequest.objects.filter(application=OuterRef("pk"), answered_at__isnull=True, cancelled_at__isnull=True)


def late_condition() -> Q:
    today = clock.today()
    return Q(state__in=OPEN_STATES) & (Q(silence_refuses_on__lt=today) | Q(Exists(_open_request().filter(due_on__lt=today))))


def soon_condition() -> Q:
    today = clock.today()
    return Q(
        state__in=OPEN_STATES,
        silence_refuses_on__gte=today,
        silence_refuses_on__lte=today + timedelta(days=terms.SILENCE_WARNING),
    )


def answered_condition() -> Q:
    """An answer came, and some of its documents have no word yet."""
    word = Verdict.objects.filter(
        application=OuterRef("request__application"),
        requirement=OuterRef("requirement"),
        row=OuterRef("row"),
        round=OuterRef("request__round"),
    )
    unseen = ComplementItem.objects.filter(request__application=OuterRef("pk"), request__answered_at__isnull=False)
    return Q(state=UNDER_REVIEW) & Q(Exists(unseen.filter(~Exists(word))))


def unreached_condition() -> Q:
    before = clock.end_of_paris_day(clock.today() - timedelta(days=terms.REACH_OTHERWISE_AFTER))
    return Q(Exists(_open_request().filter(opened_at__isnull=True, sent_at__lt=before)))


CONDITIONS = {LATE: late_condition, SOON: soon_condition, ANSWERED: answered_condition, UNREACHED: unreached_condition}


def _row(application: Any, today: date) -> Row:
    open_now = application.state in OPEN_STATES
    term, answer = application.silence_refuses_on, application.answer_due_on
    flags = []
    if open_now and ((term and term < today) or (answer and answer < today)):
        flags.append(LATE)
    if open_now and term and today <= term <= today + timedelta(days=terms.SILENCE_WARNING):
        flags.append(SOON)
    if application.is_answered:
        flags.append(ANSWERED)
    if application.is_unreached:
        flags.append(UNREACHED)
    review = getattr(application, "review", None)
    return Row(
        number=application.number,
        person=application.person.display_name,
        foreigner_number=application.person.foreigner_number or "",
        procedure=application.procedure_slug,
        procedure_title=application.title,
        office=application.office.name,
        state=application.state,
        state_since=application.state_since,
        deposited_at=application.deposited_at,
        silence_refuses_on=term,
        answer_due_on=answer,
        assigned_to=review.assigned_to.name if review and review.assigned_to else "",
        flags=tuple(flags),
    )


@dataclass(frozen=True)
class Day:
    """What waits for the officer today, in numbers, over their offices."""

    new: int
    soon: int
    late: int
    answered: int
    unreached: int
    mine: int
    to_sign: int


def day(officer: Officer) -> Day:
    """The numbers of the officer's first page. A constant number of queries, each over what is open only."""
    reach = in_reach(accounts.powers_of(officer)).filter(state__in=OPEN_STATES)
    signable = Decision.objects.filter(
        signed_at__isnull=True, sent_back_at__isnull=True, application__in=reach.filter(state=PROPOSED).order_by()
    ).exclude(proposed_by=officer)
    return Day(
        new=reach.filter(state=DEPOSITED).count(),
        soon=reach.filter(soon_condition()).count(),
        late=reach.filter(late_condition()).count(),
        answered=reach.filter(answered_condition()).count(),
        unreached=reach.filter(unreached_condition()).count(),
        mine=reach.filter(review__assigned_to=officer).count(),
        to_sign=signable.count(),
    )


def procedures_in_use() -> list[tuple[str, dict[str, str]]]:
    """Slug and title (by language) of each procedure ever published, for the filter of the queue."""
    rows = PublishedProcedure.objects.order_by("slug", "-effective_from").values_list("slug", "content__title")
    latest: dict[str, dict[str, str]] = {}
    for slug, title in rows:
        latest.setdefault(slug, title)
    return list(latest.items())


def to_sign(officer: Officer, limit: int = 100) -> list[Decision]:
    """The proposals that wait for a signature in the offices where this officer is a decision maker, oldest first."""
    powers = accounts.powers_of(officer)
    offices = [code for code in powers.offices if "decision_maker" in powers.roles_in(code)]
    return list(
        Decision.objects.filter(
            signed_at__isnull=True, sent_back_at__isnull=True, application__state=PROPOSED, application__office__in=offices
        )
        .select_related("application__person", "application__office", "proposed_by")
        .order_by("proposed_at", "id")[:limit]
    )
