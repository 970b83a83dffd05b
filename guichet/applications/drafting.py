"""Filling in a draft: start, save, rows, steps, abandon. Each verb is one transaction under the lock of the application."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from guichet.accounts.models import Account, Person
from guichet.accounts.queries import can_act_for
from guichet.applications import evaluating, moves, prolonging, seen
from guichet.applications.errors import NotADraft, NotOpenNow, NotYours, RevisionConflict, TooFewRows, TooManyRows, UnknownPlace
from guichet.applications.models import Answer, Application, Discarded, EPhotoCopy, State
from guichet.core import clock, events
from guichet.core.events import Actor
from guichet.files.models import StoredFile
from guichet.procedures.definition import Definition, Section
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.queries import definition_of


def kept_until(today: date) -> date:
    """The last day on which a draft saved today is kept (``DRAFT_KEPT_DAYS``)."""
    return today + timedelta(days=settings.DRAFT_KEPT_DAYS)


def actor_of(account: Account) -> Actor:
    return Actor("person", str(account.pk))


@contextmanager
def draft_held(application: Application, by: Account | None) -> Iterator[Application]:
    """The draft, locked for the length of one transaction. Raises ``NotYours`` or ``NotADraft``."""
    with transaction.atomic():
        row = Application.objects.select_for_update(of=("self",)).select_related("person", "procedure").get(pk=application.pk)
        if by is not None and not can_act_for(by, row.person):
            raise NotYours
        if row.state != State.DRAFT:
            raise NotADraft
        yield row


def asked_of(row: Application) -> dict[str, Any]:
    """What the draft asks today."""
    return seen.what_is_asked(evaluating.evaluate(row))


def touch(row: Application, before: Mapping[str, Any], *looked_at: str) -> None:
    """Dates the save, moves the end of the draft on, and notes what the person has seen of what is asked.

    ``before`` is what was asked before the save, ``looked_at`` the parts that were on the page (see ``seen.after_saving``).
    """
    row.updated_at = clock.now()
    row.kept_until = kept_until(clock.today())
    row.seen = seen.after_saving(row.seen, before, asked_of(row), looked_at)
    row.save(update_fields=["updated_at", "kept_until", "seen", "revision", "current_step"])


def start_draft(
    account: Account, person: Person, procedure: PublishedProcedure, carried: Mapping[str, str] | None = None
) -> Application:
    """A new draft of a procedure, prefilled with what is known of the person.

    ``carried``: choices made before it began, by «section.field»; what the procedure does not ask is left out.

    Several drafts may live at once; but one that was started and never touched is handed back rather than doubled (a double
    click). Raises ``NotYours``, or ``NotOpenNow`` when the procedure is not in effect today.
    """
    if not can_act_for(account, person):
        raise NotYours
    today = clock.today()
    if procedure.effective_from > today or (procedure.effective_until and procedure.effective_until < today):
        raise NotOpenNow
    definition = definition_of(procedure)
    prolonging.read_permits_to_ask_less(person, definition)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two clicks at once wait for each other
        chosen = _asked_among(carried or {}, definition)
        for untouched in Application.objects.filter(
            person=person, filed_by=account, procedure=procedure, state=State.DRAFT, updated_at=F("created_at")
        ).prefetch_related("answers"):
            filled = {
                (answer.section, name): value for answer in untouched.answers.all() for name, value in answer.payload.items()
            }
            if filled.items() >= chosen.items():
                return untouched
        now = clock.now()
        row = Application.objects.create(
            procedure=procedure,
            person=person,
            filed_by=account,
            current_step=definition.steps[0].id,
            created_at=now,
            updated_at=now,
            state_since=now,
            kept_until=kept_until(today),
        )
        known = evaluating.known_of(person, definition)
        for (section, field_id), value in chosen.items():
            known[section] = {field_id: value, **known.get(section, {})}
        row.revision = len(known)
        Answer.objects.bulk_create(
            Answer(application=row, section=section, payload=payload, revision=revision, saved_at=now)
            for revision, (section, payload) in enumerate(known.items(), start=1)
        )
        row.seen = asked_of(row)
        row.save(update_fields=["revision", "seen"])
        events.record("started", moves.subject_of(row), actor_of(account), procedure=procedure.slug, version=procedure.version)
    return row


def _asked_among(carried: Mapping[str, str], definition: Definition) -> dict[tuple[str, str], str]:
    """The choices that the procedure does ask, by (section, field)."""
    places = {(section, name): value for place, value in carried.items() for section, _, name in [place.partition(".")]}
    return {
        place: value
        for place, value in places.items()
        if (field := definition.field(*place)) is not None and field.option(value)
    }


def _fields_open(row: Application, definition: Definition, section_id: str) -> frozenset[str] | None:
    """The fields of a section that a person may fill in; ``None`` for what lies beside the sections."""
    if section_id in evaluating.BESIDE_THE_SECTIONS:
        return None
    section = definition.section(section_id)
    if section is None:
        raise UnknownPlace
    return frozenset(field.id for field in section.fields) - evaluating.locked_fields(row, section)


def save_section(
    application: Application,
    section: str,
    row: int,
    cleaned: Mapping[str, Any],
    typed: Mapping[str, Any],
    revision: int,
    by: Account,
) -> Answer:
    """Saves what was filled in of one row of a section.

    ``cleaned`` holds valid values (``None`` for one emptied), ``typed`` what was typed and is not valid yet: kept to be
    mended, never deposited, and the field counts as unanswered. Fields in neither stay as they are (a hidden answer comes
    back with its question); what the registry knows cannot be changed. ``revision`` is the one that was read, 0 for none:
    another one stored since raises ``RevisionConflict`` with both versions, unless it says the same.
    """
    with draft_held(application, by) as draft:
        before = asked_of(draft)
        definition = definition_of(draft.procedure)
        open_fields = _fields_open(draft, definition, section)
        current = Answer.objects.filter(application=draft, section=section, row=row).first()
        if current is None:
            _check_new_row(draft, definition, section, row, revision)
        payload, raw = _merged(current, cleaned, typed, open_fields)
        if current and (payload, raw) == (current.payload, current.typed):
            touch(draft, before, section)
            show(application, draft)
            return current
        if revision != (current.revision if current else 0):
            stored = current or Answer(application=draft, section=section, row=row, revision=0)
            raise RevisionConflict(stored, {**cleaned, **typed})
        draft.revision += 1
        answer = current or Answer(application=draft, section=section, row=row)
        answer.payload, answer.typed, answer.revision, answer.saved_at = payload, raw, draft.revision, clock.now()
        answer.save()
        touch(draft, before, section)
    show(application, draft)
    return answer


def _merged(
    current: Answer | None, cleaned: Mapping[str, Any], typed: Mapping[str, Any], open_fields: frozenset[str] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the row becomes: ``(payload, typed)``."""
    payload, raw = (dict(current.payload), dict(current.typed)) if current else ({}, {})
    for field, value in cleaned.items():
        if open_fields is None or field in open_fields:
            raw.pop(field, None)
            if value is None:
                payload.pop(field, None)
            else:
                payload[field] = value
    for field, text in typed.items():
        if open_fields is None or field in open_fields:
            payload.pop(field, None)
            raw[field] = text
    return payload, raw


def _check_new_row(draft: Application, definition: Definition, section_id: str, row: int, revision: int) -> None:
    """A row that is not stored may be created only where the next one goes, and not by who read one that is gone."""
    section = definition.section(section_id)
    if section is None or not section.repeat:
        if row:
            raise UnknownPlace
        return
    count = draft.answers.filter(section=section_id).count()
    if revision or row != count:
        raise UnknownPlace
    _check_room(section, count)


def _check_room(section: Section, count: int) -> None:
    if section.repeat and count >= section.repeat.max:
        raise TooManyRows(section.repeat.max)


def _repeated(definition: Definition, section_id: str) -> Section:
    section = definition.section(section_id)
    if section is None or not section.repeat:
        raise UnknownPlace
    return section


def add_row(application: Application, section: str, by: Account) -> Answer:
    """Adds an empty row at the end of a section that repeats. Raises ``TooManyRows``, ``UnknownPlace``."""
    with draft_held(application, by) as draft:
        before = asked_of(draft)
        asked = _repeated(definition_of(draft.procedure), section)
        count = draft.answers.filter(section=section).count()
        _check_room(asked, count)
        draft.revision += 1
        answer = Answer.objects.create(application=draft, section=section, row=count, revision=draft.revision)
        touch(draft, before, section)
    show(application, draft)
    return answer


def remove_row(application: Application, section: str, row: int, revision: int, by: Account) -> None:
    """Removes one row and the files given for it; the rows after it move up, under new revisions.

    ``revision`` is the one that was read: a row changed since, or another one moved to its place, raises ``RevisionConflict``.
    """
    with draft_held(application, by) as draft:
        before = asked_of(draft)
        definition = definition_of(draft.procedure)
        asked = _repeated(definition, section)
        rows = {answer.row: answer for answer in draft.answers.filter(section=section)}
        if row not in rows:
            raise UnknownPlace
        if rows[row].revision != revision:
            raise RevisionConflict(rows[row], {})
        if asked.repeat and len(rows) <= asked.repeat.min:
            raise TooFewRows
        rows[row].delete()
        for later in sorted(number for number in rows if number > row):
            draft.revision += 1
            Answer.objects.filter(pk=rows[later].pk).update(row=later - 1, revision=draft.revision)
        _move_documents_up(draft, evaluating.requirements_of(definition, section), row)
        touch(draft, before, section)
    show(application, draft)


def _move_documents_up(draft: Application, requirements: frozenset[str], row: int) -> None:
    of_section = draft.documents.filter(round=0, requirement__in=requirements)
    discard(document.file for document in of_section.filter(row=row).select_related("file"))
    of_section.filter(row=row).delete()
    of_section.filter(row__gt=row).update(row=F("row") - 1)


def discard(files: Iterable[StoredFile]) -> None:
    """Marks files whose bytes are of no more use; the worker removes them."""
    Discarded.objects.bulk_create([Discarded(key=file.key, file=file) for file in files], ignore_conflicts=True)


def discard_photo(copy: EPhotoCopy) -> None:
    """Forgets the copy of an e-photo; the worker removes its bytes."""
    keys = [key for key in (copy.photo_key, copy.signature_key) if key]
    Discarded.objects.bulk_create([Discarded(key=key) for key in keys], ignore_conflicts=True)
    copy.delete()


def move_to_step(application: Application, step_id: str) -> None:
    """Remembers the step where the person will resume. Raises ``UnknownPlace``, ``NotADraft``."""
    with draft_held(application, None) as draft:
        if definition_of(draft.procedure).step(step_id) is None:
            raise UnknownPlace
        draft.current_step = step_id
        touch(draft, asked_of(draft))
    show(application, draft)


def abandon(application: Application, by: Account) -> Application:
    """Gives a draft up: its answers are erased at once, its files by the worker. Abandoning twice is no error."""
    with transaction.atomic():
        row = moves.locked(application)
        if not can_act_for(by, row.person):
            raise NotYours
        if row.state != State.ABANDONED:
            with moves.transition(row, "abandon", by=actor_of(by), role="applicant") as held:
                erase(held)
    show(application, row)
    return application


def erase(row: Application) -> None:
    """Erases what a draft held. The application stays as a trace, with nothing that was typed."""
    discard(document.file for document in row.documents.select_related("file"))
    row.documents.all().delete()
    for copy in EPhotoCopy.objects.filter(application=row):
        discard_photo(copy)
    row.answers.all().delete()
    row.seen = {}


def show(application: Application, row: Application) -> None:
    """The caller's object shows what was saved."""
    if application is not row:
        for field in Application._meta.concrete_fields:
            setattr(application, field.attname, getattr(row, field.attname))
