"""What this room lets lapse: links, the personal data they held, sessions."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from guichet.accounts.models import LinkToken
from guichet.accounts.sessions import sweep_lapsed
from guichet.core import clock
from guichet.core.worker import Duty

TOLD_FOR = timedelta(days=30)  # how long «this link has expired» is told, rather than «no such link»


def sweep_links() -> int:
    """Erases the data of links that expired, and after a month the links themselves; at once those issued for nobody."""
    now = clock.now()
    nobody = LinkToken.objects.filter(purpose=LinkToken.Purpose.RESET_PASSWORD, account__isnull=True, expires_at__lte=now)
    forgotten, _ = nobody.delete()
    emptied = LinkToken.objects.filter(expires_at__lte=now).exclude(payload={}).update(payload={})
    deleted, _ = LinkToken.objects.filter(expires_at__lte=now - TOLD_FOR).delete()
    return forgotten + emptied + deleted


def sweep_sessions() -> int:
    """Forgets sessions past their date (Django dates them by the machine's own clock), and the list kept of them."""
    deleted, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted + sweep_lapsed()


DUTIES = [Duty("accounts.sweep_links", sweep_links, every=600), Duty("accounts.sweep_sessions", sweep_sessions, every=3600)]
