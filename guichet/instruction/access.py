"""What an officer's posts open on an application; the check that every act begins with."""

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer
from guichet.accounts.powers import Powers
from guichet.applications import lifecycle
from guichet.applications.models import Application
from guichet.core.events import Actor
from guichet.instruction.errors import NotAllowed
from guichet.instruction.powers import allowed_verbs


def verbs_for(application: Application, powers: Powers) -> frozenset[str]:
    """What these posts open on this application as it stands."""
    if application.office is None:
        return frozenset()
    roles = powers.roles_in(application.office.code)
    return allowed_verbs(roles, application.state, two_hands=application.office.two_hands)


def require(verb: str, application: Application, officer: Officer) -> frozenset[str]:
    """The roles the officer holds in the application's office; ``NotAllowed`` when none opens this verb now."""
    powers = accounts.powers_of(officer)
    if verb not in verbs_for(application, powers):
        raise NotAllowed
    return powers.roles_in(str(application.office_id))


def role_for(move: str, state: str, roles: frozenset[str]) -> str:
    """Which of the roles held makes this move of the lifecycle; ``NotAllowed`` when none does."""
    for role in sorted(roles):
        if lifecycle.may(state, move, [role]):
            return role
    raise NotAllowed


def actor(officer: Officer) -> Actor:
    return Actor("officer", str(officer.pk))
