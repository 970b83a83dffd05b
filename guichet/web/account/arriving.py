"""Opening the session of an applicant, whatever the door they came by."""

from django.http import HttpRequest

from guichet.accounts import queries
from guichet.accounts.models import Account
from guichet.permits.actions import refresh
from guichet.web.design.signing import open_session


def arrive(request: HttpRequest, account: Account, *, keep: tuple[str, ...] = ()) -> bool:
    """Signs an applicant in; whether it is for the first time.

    That time, what the registries hold of their permits is read at once: it answers the first questions of the orientation and
    says when to renew. A registry that is down leaves it to the worker.
    """
    first_time = account.last_login is None
    open_session(request, account, keep=keep)
    if first_time:
        for person in queries.persons_of(account):
            refresh(person)
    return first_time
