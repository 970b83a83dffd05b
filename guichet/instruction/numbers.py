"""A foreigner number given while an application is examined: its person's account is then born, or gets its identifier."""

from guichet.accounts import actions as accounts
from guichet.accounts import queries as known
from guichet.accounts.models import Officer, Person
from guichet.applications.models import Application
from guichet.applications.moves import locked, subject_of
from guichet.core import events
from guichet.instruction.access import actor, require
from guichet.instruction.reviewing import LONGEST_TEXT

VERB = "give_number"


def compare_number(application: Application, officer: Officer, number: str) -> known.NumberCheck:
    """What AGDREF says of a number, beside who the application is about. Writes nothing.

    Raises ``NotAllowed``, ``accounts.errors.NumberRefused``, ``registries.errors.RegistryUnavailable``.
    """
    require(VERB, application, officer)
    return known.check_number(application.person, number)


def give_foreigner_number(application: Application, officer: Officer, number: str, *, reason: str = "") -> Person:
    """Gives the number to the person, who is written to. ``reason`` is needed where the identities differ.

    Raises ``NotAllowed``, ``accounts.errors.NumberRefused``, ``registries.errors.RegistryUnavailable``.
    """
    require(VERB, application, officer)

    def and_say_so(person: Person) -> None:
        row = locked(application)
        require(VERB, row, officer)
        events.record("foreigner_number_given", subject_of(row), actor(officer), visible=True)

    return accounts.give_foreigner_number(
        application.person, number, actor(officer), reason=reason.strip()[:LONGEST_TEXT], then=and_say_so
    )
