"""What falls due: the end of drafts and its warning, bytes that nobody needs any more, photos that a registry owes."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation

from guichet.applications import drafting, moves
from guichet.applications.ephotos import fetch_awaited
from guichet.applications.errors import MoveRefused
from guichet.applications.models import Application, Discarded, EPhotoCopy, State, SupportingDocument
from guichet.core import clock, storage
from guichet.core.dates import day_in_words
from guichet.core.events import SYSTEM
from guichet.core.worker import Duty
from guichet.files.actions import remove
from guichet.files.models import StoredFile
from guichet.messaging.actions import send_mail
from guichet.registries.errors import RegistryUnavailable

log = structlog.get_logger("guichet.applications")

BATCH = 50
WARNED_BEFORE = timedelta(days=10)
ATTACHED_WITHIN = timedelta(days=1)  # a request receives a file and attaches it within seconds, unless it dies in between


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
                last_day = day_in_words(draft.kept_until)
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


def discard_unattached() -> int:
    """Marks files that were received and never attached: the process died in between, or the request was refused."""
    naming = SupportingDocument.objects.filter(file=OuterRef("pk"))
    marked = Discarded.objects.filter(file=OuterRef("pk"))
    alone = StoredFile.objects.filter(~Exists(naming), ~Exists(marked), created_at__lt=clock.now() - ATTACHED_WITHIN)
    files = list(alone.order_by("created_at", "id")[:BATCH])
    drafting.discard(files)
    return len(files)


def remove_discarded() -> int:
    """Removes bytes that are of no more use, then their rows: dying in between only means doing it again."""
    removed = 0
    for row in Discarded.objects.order_by("since", "key")[:BATCH]:
        try:
            with transaction.atomic():
                _remove(row)
        except OSError as error:
            log.warning("bytes not removed", error=type(error).__name__)
            continue
        removed += 1
    return removed


def _remove(row: Discarded) -> None:
    if row.file_id is None:
        storage.remove(row.key)
    else:
        # Locked, it is attached by nobody (attaching locks it too); attached since, or given for another document, it stays.
        file = StoredFile.objects.select_for_update().filter(pk=row.file_id).first()
        if file and not SupportingDocument.objects.filter(file=file).exists():
            remove(file)
    Discarded.objects.filter(key=row.key).delete()


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
    Duty("applications.discard_unattached", discard_unattached, every=3600),
    Duty("applications.remove_discarded", remove_discarded, every=60),
    Duty("applications.fetch_photos", fetch_photos, every=600),
]
