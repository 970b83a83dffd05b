"""When a certificate begins, how long it lasts, when the next one is issued.

Pure: no database, no clock. Days are Paris days.
"""

from datetime import date, timedelta

from guichet.procedures.durations import Duration, add_months

LEAD = timedelta(days=15)  # ours: the next certificate is there so long before the end of what it follows
WINDOW = timedelta(days=30)  # ours: so long before the end one may ask for the next one without waiting
ONE_DAY = timedelta(days=1)


def covers_from(
    deposited_on: date, *, at_once: bool, permit_until: date | None = None, elsewhere_until: date | None = None
) -> date | None:
    """The first day that needs a certificate; ``None`` when none is issued by itself.

    - a certificate from elsewhere that is still valid is followed by ours, without a gap;
    - ``at_once``: the procedure gives one on deposit (CESEDA R431-15-3, R431-15-4);
    - filed on the last day of the permit or before, ours follows the permit (R431-15-1). That article binds the prefect for
      applications filed within the delays of R431-5; ours is issued for later ones too, as long as the permit was valid:
      marked ``verify:`` in each procedure;
    - filed once the permit is over, or without one: an officer decides.
    """
    if elsewhere_until is not None and elsewhere_until >= deposited_on:
        return elsewhere_until + ONE_DAY
    if at_once:
        return deposited_on
    if permit_until is not None and permit_until >= deposited_on:
        return permit_until + ONE_DAY
    return None


def last_day(starts_on: date, lasts: str) -> date:
    """The last day of a certificate that begins on ``starts_on``: three months from 16 January end on 15 April."""
    return Duration.parse(lasts).after(starts_on) - ONE_DAY


def issued_from(starts_on: date, *, follows_elsewhere: bool = False) -> date:
    """The day from which a certificate that begins on ``starts_on`` is issued by itself.

    After a certificate from elsewhere we wait for the person to ask until its last day, then issue ours all the same: that
    certificate may belong to another application.
    """
    return starts_on - (ONE_DAY if follows_elsewhere else LEAD)


def may_ask(starts_on: date, today: date) -> bool:
    """Whether the person may ask for the certificate that begins on ``starts_on``: near enough, or already late."""
    return starts_on - WINDOW <= today


def last_day_to_challenge(silence_refuses_on: date) -> date:
    """The last day to challenge the refusal that silence makes (code of administrative justice, R421-2).

    verify: whether the two months count as «délai franc», which would give one day more; ours is the safe one.
    """
    return add_months(silence_refuses_on, 2)


def days_without_proof(periods: list[tuple[date, date]], first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last`` that no period (first and last day) covers."""
    span = (last - first).days + 1
    days = (first + timedelta(days=each) for each in range(span))
    return [day for day in days if not any(starts <= day <= ends for starts, ends in periods)]
