"""What is known of who is signed in, as far as it answers the questions of the orientation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guichet.accounts.models import Account, Person, Representation
from guichet.accounts.queries import representations_of
from guichet.core import clock
from guichet.core.dates import day_in_words, years_between
from guichet.permits.queries import HeldPermit, held


@dataclass(frozen=True)
class Known:
    """``facts``: for_whom, kind, reason (see ``orientation.Question.knows``); ``in_words``: how each of them is known."""

    facts: Mapping[str, str] = field(default_factory=dict)
    in_words: Mapping[str, str] = field(default_factory=dict)


def known_of(user: Any) -> Known:
    """Nothing for a visitor, or for who acts for several people. Two queries for an applicant."""
    if not user.is_authenticated or user.kind != Account.Kind.APPLICANT:
        return Known()
    represented = representations_of(user)
    if len(represented) != 1:
        return Known()
    today = clock.today()
    permit = held(represented[0].person, today)
    facts = {"for_whom": _for_whom(represented[0]), "kind": _kind(represented[0].person, permit)}
    words = {"for_whom": _("d'après votre compte"), "kind": _("d'après votre compte")}
    if permit is not None:
        facts["reason"] = permit.reason
        day = {"day": day_in_words(permit.valid_until)}
        until = _("d'après le registre, jusqu'au %(day)s") if permit.is_valid else _("d'après le registre, fini le %(day)s")
        words["kind"] = until % day
        words["reason"] = _("d'après le registre")
    return Known({name: fact for name, fact in facts.items() if fact}, words)


def _for_whom(representation: Representation) -> str:
    if representation.capacity == Representation.Capacity.SELF:
        return "self"
    birth = representation.person.birth_date
    return "minor" if birth is not None and years_between(birth.assumed(), clock.today()) < 18 else ""


def _kind(person: Person, permit: HeldPermit | None) -> str:
    """What stands as the holding: the permit or visa, else the number. No number is no answer: a visa may not be known here."""
    if permit is not None:
        return permit.kind
    return "foreigner_number" if person.foreigner_number else ""
