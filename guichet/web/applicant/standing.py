"""Where an application stands, as its person may read it now: what a decision says is not told before its letter is opened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from guichet.applications import queries
from guichet.applications.models import Application, State
from guichet.applications.queries import Entry
from guichet.permits import queries as permits
from guichet.web.applicant import words
from guichet.web.applicant.appointments import Shown

# What an officer does with appointments goes with a decision, and would hint at it.
CALLED_OFF = frozenset({"appointment_called_off", "appointment_given_up"})
DECISION_EVENTS = frozenset({"approved", "refused", "closed_incomplete"})


@dataclass(frozen=True)
class Standing:
    """The state in words, the colour of its badge, what comes next and the day to remember."""

    state: "str | Promise"
    tone: str
    next_text: "str | Promise"
    next_on: date | None


def standing(application: Application, *, sealed: bool, card: str = "") -> Standing:
    """``sealed``: the letter of its decision was not opened; ``card``: see ``card_of``. No query."""
    if sealed:
        return Standing(words.SEALED, "new", words.NEXT_SEALED, None)
    following = queries.next_step(application)
    tone = words.TONES[application.state]
    if application.state == State.APPROVED and card:
        return Standing(queries.state_in_words(application), tone, words.CARD[card], None)
    return Standing(queries.state_in_words(application), tone, following.text, following.on)


def card_of(entries: Collection[Entry], lines: Collection[Shown]) -> str:
    """Where the card that waits for its owner stands: the state of the invitation to collect it (of ``appointments``), ``here``
    where the office invites in another way; empty while no card is ready."""
    if not any(entry.kind == "permit_ready" for entry in entries):
        return ""
    of_card = (line for line in lines if line.invited.invitation.type.slug == permits.COLLECTION)
    line = next(of_card, None)
    return line.invited.state if line is not None and line.invited.state in words.CARD else "here"


def told(entries: Collection[Entry], *, sealed: bool) -> list[dict[str, object]]:
    """The timeline; a decision whose letter is sealed only says that it was taken."""
    last = max((place for place, entry in enumerate(entries) if entry.kind in DECISION_EVENTS), default=-1) if sealed else -1
    return [
        {"at": entry.at, "title": words.DECIDED if place == last else entry.text, "by": words.actor(entry.actor)}
        for place, entry in enumerate(entries)
        if not (sealed and entry.kind in CALLED_OFF and entry.actor == "officer")
    ]
