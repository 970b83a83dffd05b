"""Telling a person: every account that acts for them has its notification and its mail, whoever filed the application."""

from collections.abc import Mapping
from typing import Any

from guichet.accounts.models import Account
from guichet.accounts.queries import accounts_for
from guichet.applications.models import Application
from guichet.messaging import actions as messaging

DECISION = "decision"  # the subject of a notification: a decision, by its key


def who_acts(application: Application) -> list[Account]:
    """Who is told of an application: who acts for its person today, who filed it first; who filed it when nobody does."""
    found = accounts_for(application.person)
    found.sort(key=lambda account: account.pk != application.filed_by_id)
    return found or [application.filed_by]


def tell(
    application: Application,
    *,
    intent: str,
    kind: str,
    subject: tuple[str, str],
    data: Mapping[str, Any],
    mail: bool = True,
) -> None:
    """Notifies whoever acts for the person, each once for an ``intent``."""
    messaging.notify_each(intent=intent, accounts=who_acts(application), kind=kind, subject=subject, data=data, mail=mail)
