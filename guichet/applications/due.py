"""What falls due: the end of drafts and its warning, bytes that nobody needs any more, photos that a registry owes."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import formats, translation

from guichet.applications import drafting, moves
from guichet.applications.ephotos import fetch_awaited
from guichet.applications.errors import MoveRefused
from guichet.applications.models import Application, Discarded, EPhotoCopy, State
from guichet.core import clock, storage
from guichet.core.events import SYSTEM
from guichet.core.worker import Duty
from guichet.files.actions import remove
from guichet.messaging.actions import send_mail
from guichet.registries.errors import RegistryUnavailable

log = structlog.get_logger("guichet.applications")

BATCH = 50
WARNED_BEFORE = timedelta(days=10)


def warn_of_the_end() -> int:
    """Sends one mail per end announced: a draft that is saved again gets another end, and another warning."""
    today = clock.today()
    ending = (
        Application.objects.filter(state=State.DRAFT, kept_until__lte=today + WARNED_BEFORE, kept_until__gte=today)
        .filter(Q(warned_for__isnull=True) | ~Q(warned_for=F("kept_until")))
        .select_related("filed_by")
    )
    drafts = _batch(ending)
    for draft in drafts:
        account = draft.filed_by
        assert draft.kept_until  # by the filter
        with transaction.atomic():
            with translation.override(account.language):
                last_day = formats.date_format(draft.kept_until, "DATE_FORMAT")
            send_mail(
                intent=f"draft-ends:{draft.pk}:{draft.kept_until}",
                address=account.email,
                language=account.language,
                template="draft_ends",
                context={"name": account.display_name, "last_day": last_day},
                account=account,
            )
            Application.objects.filter(pk=draft.pk).update(warned_for=draft.kept_until)
    return len(drafts)


def end_drafts() -> int:
    """Ends the drafts whose last day is over: what was typed is erased, the files follow."""
    drafts = _batch(Application.objects.filter(state=State.DRAFT, kept_until__lt=clock.today()))
    for draft in drafts:
        try:
            with moves.transition(draft, "expire", by=SYSTEM, role="system") as row:
                if row.kept_until and row.kept_until >= clock.today():
                    raise MoveRefused("expire", row.state)  # saved in the meantime: it has another end
                drafting.erase(row)
        except MoveRefused:
            continue
    return len(drafts)


def _batch(drafts: "QuerySet[Application]") -> list[Application]:
    return list(drafts.order_by("kept_until", "id")[:BATCH])


def remove_discarded() -> int:
    """Removes bytes that are of no more use, then their rows: dying in between only means doing it again."""
    removed = 0
    for row in Discarded.objects.select_related("file").order_by("since", "key")[:BATCH]:
        try:
            if row.file:
                remove(row.file)  # the row goes with its file
            else:
                storage.remove(row.key)
        except OSError as error:
            log.warning("bytes not removed", error=type(error).__name__)
            continue
        Discarded.objects.filter(key=row.key).delete()
        removed += 1
    return removed


def fetch_photos() -> int:
    """Asks the photo registry again for what was deposited while it was down; stops as soon as it is down still."""
    fetched = 0
    for copy in EPhotoCopy.objects.filter(fetched_at__isnull=True).order_by("application")[:BATCH]:
        try:
            fetch_awaited(copy)
        except RegistryUnavailable:
            break
        fetched += 1
    return fetched


DUTIES = [
    Duty("applications.warn_of_the_end", warn_of_the_end, every=600),
    Duty("applications.end_drafts", end_drafts, every=600),
    Duty("applications.remove_discarded", remove_discarded, every=60),
    Duty("applications.fetch_photos", fetch_photos, every=600),
]
