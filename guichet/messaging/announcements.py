"""Announcements: made, changed, withdrawn by the national administration. Called through ``actions``."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.core import clock, events
from guichet.core.errors import ActionRefused
from guichet.messaging.models import Announcement

LONGEST = 600  # characters, in each language: more belongs to a page of help


class AnnouncementRefused(ActionRefused):
    """What was written cannot be announced. ``code`` names the field to mend: text_fr, text_en, last_day."""


def announce(
    *, text_fr: str, text_en: str, level: str, first_day: date, last_day: date | None, by: events.Actor
) -> Announcement:
    """Shows a message on public pages from ``first_day`` to ``last_day`` (both included). Raises ``AnnouncementRefused``."""
    written = _checked(text_fr, text_en, level, first_day, last_day)
    with transaction.atomic():
        made = Announcement.objects.create(**written)
        events.record("announcement_made", _subject(made), by, after=_told(made))
    return made


def change_announcement(
    announcement: Announcement,
    *,
    text_fr: str,
    text_en: str,
    level: str,
    first_day: date,
    last_day: date | None,
    by: events.Actor,
) -> Announcement:
    """Changes a message that is not withdrawn. Raises ``AnnouncementRefused``."""
    written = _checked(text_fr, text_en, level, first_day, last_day)
    with transaction.atomic():
        row = Announcement.objects.select_for_update().get(pk=announcement.pk)
        if row.withdrawn_at is not None:
            raise AnnouncementRefused(_("Ce message a été retiré entre-temps : faites-en un nouveau."), "withdrawn")
        before = _told(row)
        for name, value in written.items():
            setattr(row, name, value)
        if _told(row) != before:
            row.save(update_fields=list(written))
            events.record("announcement_changed", _subject(row), by, before=before, after=_told(row))
    return row


def withdraw_announcement(announcement: Announcement, *, by: events.Actor) -> None:
    """Takes a message off the pages, at once. Twice is once."""
    with transaction.atomic():
        row = Announcement.objects.select_for_update().get(pk=announcement.pk)
        if row.withdrawn_at is None:
            row.withdrawn_at = clock.now()
            row.save(update_fields=["withdrawn_at"])
            events.record("announcement_withdrawn", _subject(row), by)


def _checked(text_fr: str, text_en: str, level: str, first_day: date, last_day: date | None) -> dict[str, object]:
    if level not in Announcement.Level.values:
        raise ValueError(f"No such level: {level}")
    texts = {"text_fr": text_fr.strip(), "text_en": text_en.strip()}
    for name, text in texts.items():
        if not text:
            raise AnnouncementRefused(_("Écrivez le message en français et en anglais : chacun lit le sien."), name)
        if len(text) > LONGEST:
            raise AnnouncementRefused(_("Le message est trop long : %(most)d signes au plus.") % {"most": LONGEST}, name)
    if last_day is not None and last_day < first_day:
        raise AnnouncementRefused(_("Le dernier jour vient avant le premier : corrigez l'un des deux."), "last_day")
    return {**texts, "level": level, "first_day": first_day, "last_day": last_day}


def _subject(announcement: Announcement) -> events.Subject:
    return events.Subject("announcement", str(announcement.pk))


def _told(announcement: Announcement) -> dict[str, str]:
    """What the event log keeps: who was told what, and when."""
    return {
        "text_fr": announcement.text_fr,
        "text_en": announcement.text_en,
        "level": announcement.level,
        "first_day": announcement.first_day.isoformat(),
        "last_day": announcement.last_day.isoformat() if announcement.last_day else "",
    }
