"""Several applications given at once. Each by the rules of one: what is refused is named, the rest is done."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.core.errors import ActionRefused
from guichet.instruction import listing
from guichet.instruction.powers import DEPOSITED, WORKERS, ever
from guichet.instruction.reviewing import assign, take_up

OUT_OF_REACH = _("Ce dossier n'est pas dans vos bureaux.")


@dataclass(frozen=True)
class Outcome:
    """What became of each number: done, or refused with its sentence. In the order given, once each."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, Promise | str]] = field(default_factory=list)


def assign_many(officer: Officer, numbers: Iterable[str], to: Officer | None) -> Outcome:
    """Gives the applications of these numbers to ``to`` (to nobody for None), one transaction each.

    Taking for oneself what nobody began starts its examination, as on its own page; giving to a colleague does not. At most a
    page of the queue: ``ValueError`` past it.
    """
    asked = list(dict.fromkeys(numbers))
    if len(asked) > listing.PAGE_SIZE:
        raise ValueError("More than a page of the queue at once.")
    reach = listing.in_reach(accounts.powers_of(officer)).filter(number__in=asked).select_related("office")
    found = {application.number: application for application in reach}
    outcome = Outcome()
    for number in asked:
        application = found.get(number)
        if application is None:
            outcome.refused.append((number, OUT_OF_REACH))
            continue
        try:
            _give(application, officer, to)
            outcome.done.append(number)
        except ActionRefused as refusal:
            outcome.refused.append((number, refusal.message))
    return outcome


def may_give(officer: Officer) -> bool:
    """Whether a post of this officer opens, in some office, giving applications to colleagues."""
    return bool(_offices_to_give_in(officer))


def colleagues_of(officer: Officer) -> list[Officer]:
    """To whom this officer may give applications: those who instruct where a post lets give them, by name. One query."""
    offices = _offices_to_give_in(officer)
    if not offices:
        return []
    return list(
        Officer.objects.filter(posts__office__in=offices, posts__role__in=sorted(WORKERS)).distinct().order_by("name", "pk")
    )


def _offices_to_give_in(officer: Officer) -> list[str]:
    powers = accounts.powers_of(officer)
    return sorted(code for code in powers.offices if ever("assign", powers.roles_in(code)))


def _give(application: Application, officer: Officer, to: Officer | None) -> None:
    if to is not None and to.pk == officer.pk and application.state == DEPOSITED:
        take_up(application, officer)
    else:
        assign(application, officer, to)
