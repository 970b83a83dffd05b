"""What the page of a procedure says of money and time: when to apply, what being late costs, what the permit costs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guichet.accounts.models import Account
from guichet.accounts.queries import persons_of
from guichet.core import clock
from guichet.permits.queries import HeldPermit, held
from guichet.procedures.definition import Definition
from guichet.procedures.queries import renewal_window
from guichet.procedures.tables import tables
from guichet.procedures.values import display_money


@dataclass(frozen=True)
class Window:
    """When to apply, for the permit that somebody holds. All days count; late is never refused."""

    opens: date
    closes: date
    ends: date  # the last day of the permit
    state: str  # early, now, late (the permit still valid), over


@dataclass(frozen=True)
class WhenToApply:
    """The rule in days before the end, its application to the permit held (where one is known), and what being late costs.

    ``after_entry_days``: for who enters with a visa that calls for a card; None where the procedure is not for them.
    """

    opens_days: int
    closes_days: int
    after_entry_days: int | None
    late_cost: str
    window: Window | None


def when_to_apply(definition: Definition, user: Any) -> WhenToApply | None:
    """None for a procedure that follows no permit, or that grants none (a change of address). Two queries at most."""
    holding = definition.audience.holding
    if not definition.grants or "permit" not in holding:
        return None
    today = clock.today()
    opens, closes, entry, late = (
        tables()[name].on(today) or 0
        for name in ("filing_opens_days", "filing_closes_days", "filing_after_entry_days", "late_filing")
    )
    permit = _held(user, today)
    found = window(permit.valid_until, today) if permit else None
    return WhenToApply(opens, closes, entry if "visa" in holding else None, display_money(late), found)


def window(ends: date, today: date) -> Window | None:
    """The days to apply for a permit that ends on ``ends`` (its last day); None where the tables say nothing."""
    days = renewal_window(ends, today)
    if days is None:
        return None
    opens, closes = days.opens_on, days.closes_on
    state = "early" if today < opens else "now" if today <= closes else "late" if today <= ends else "over"
    return Window(opens, closes, ends, state)


def _held(user: Any, today: date) -> HeldPermit | None:
    """The permit of who is signed in; none for who acts for several people."""
    if not user.is_authenticated or user.kind != Account.Kind.APPLICANT:
        return None
    persons = persons_of(user)
    return held(persons[0], today) if len(persons) == 1 else None


@dataclass(frozen=True)
class Cost:
    """What one of the permits of a procedure costs when it is handed over."""

    permit: str
    lines: tuple[tuple[str, str], ...]  # what, how much
    total: str


def costs(definition: Definition, language: str) -> list[Cost]:
    """By permit, as the taxes stand today; those that cost the same are told together."""
    today = clock.today()
    by_taxes: dict[tuple[str, ...], list[str]] = {}
    for each in definition.grants:
        permits = by_taxes.setdefault(each.taxes, [])
        permit = f"{each.permit_label}, {each.mention_label}"
        if permit not in permits:
            permits.append(permit)
    known = tables()
    found = []
    for taxes, permits in by_taxes.items():
        amounts = [(known[name], known[name].on(today) or 0) for name in taxes]
        lines = [(each.label_en if language == "en" else each.label_fr, display_money(amount)) for each, amount in amounts]
        found.append(Cost(_(" ; ").join(permits), tuple(lines), display_money(sum(amount for _, amount in amounts))))
    return found
