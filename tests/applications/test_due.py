"""What happens to drafts by itself: warned before their end, ended after it, their files removed."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from guichet.applications import actions, due, queries
from guichet.applications.errors import FileGone
from guichet.applications.models import Answer, Application, Discarded, State, SupportingDocument
from guichet.core import clock, events
from guichet.files.models import StoredFile
from guichet.messaging.models import OutboxMessage
from guichet.registries.errors import RegistryUnavailable
from tests.applications.world import EPHOTO, a_deposit, a_draft, a_file, a_full_draft, save

pytestmark = pytest.mark.django_db


def run_due():
    """Every duty of the room until nothing is due, under the clock of the test."""
    while sum(duty.run() for duty in due.DUTIES):
        pass


def warnings_of(draft):
    return OutboxMessage.objects.filter(intent__startswith=f"draft-ends:{draft.pk}")


def test_a_draft_is_warned_once_ten_days_before_its_end(movable_clock):
    account, draft = a_draft()
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS - 11)
    assert due.warn_of_the_end() == 0
    movable_clock.move(days=1)
    assert due.warn_of_the_end() == 1
    assert due.warn_of_the_end() == 0
    mail = warnings_of(draft).get()
    assert mail.address == account.email
    assert str(draft.kept_until.day) in mail.body
    assert draft.person.birth_date_text not in mail.body


def test_a_draft_saved_after_its_warning_lives_on_and_is_warned_of_its_new_end(movable_clock):
    account, draft = a_draft()
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS - 5)
    due.warn_of_the_end()
    save(draft, account, "contact", {"note": "still here"})
    movable_clock.move(days=6)
    assert due.end_drafts() == 0
    assert queries.draft_of(account, draft.pk)
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS - 15)
    assert due.warn_of_the_end() == 1
    assert warnings_of(draft).count() == 2


def test_a_draft_lives_through_its_last_day_and_ends_the_day_after(movable_clock):
    _account, draft = a_full_draft()
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS)
    assert due.end_drafts() == 0
    movable_clock.move(days=1)
    assert due.end_drafts() == 1
    assert due.end_drafts() == 0
    draft.refresh_from_db()
    assert draft.state == State.EXPIRED
    assert not Answer.objects.filter(application=draft).exists()
    log = [(event.kind, event.actor_kind) for event in events.timeline(events.Subject("application", str(draft.pk)))]
    assert ("expired", "system") in log


def test_a_draft_saved_while_its_end_was_being_handled_is_left_alone(movable_clock, monkeypatch):
    account, draft = a_draft()
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS + 1)
    read = due._batch

    def slow(drafts):
        found = read(drafts)
        save(draft, account, "contact", {"note": "just in time"})
        return found

    monkeypatch.setattr(due, "_batch", slow)
    due.end_drafts()
    assert queries.draft_of(account, draft.pk)
    assert queries.answers(draft)["contact", 0].payload == {"note": "just in time"}


def test_the_files_of_a_draft_that_ended_are_removed_and_removing_again_is_no_error(movable_clock):
    _account, draft = a_full_draft()
    keys = [document.file.key for document in queries.documents(draft)]
    copy = queries.ephoto(draft)
    keys += [copy.photo_key, copy.signature_key]
    assert all(default_storage.exists(key) for key in keys)
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS + 1)
    run_due()
    assert not any(default_storage.exists(key) for key in keys)
    assert not Discarded.objects.exists()
    assert not StoredFile.objects.filter(key__in=keys).exists()
    assert due.remove_discarded() == 0


def test_bytes_already_gone_do_not_stop_the_removal():
    account, draft = a_draft()
    document = actions.add_document(draft, "passport", 0, a_file(account), account)
    default_storage.delete(document.file.key)
    actions.remove_document(draft, document.pk, account)
    assert due.remove_discarded() == 1
    assert not Discarded.objects.exists()


def test_a_file_received_and_never_attached_is_removed_after_a_day(movable_clock):
    account, draft = a_draft()
    alone = a_file(account)
    given = actions.add_document(draft, "passport", 0, a_file(account), account).file
    movable_clock.move(hours=23)
    assert due.discard_unattached() == 0
    late = a_file(account)
    movable_clock.move(hours=2)
    assert due.discard_unattached() == 1
    assert due.discard_unattached() == 0
    assert due.remove_discarded() == 1
    assert set(StoredFile.objects.all()) == {given, late}
    assert not default_storage.exists(alone.key)
    assert default_storage.exists(given.key) and default_storage.exists(late.key)


def test_unattached_files_are_swept_batch_by_batch(movable_clock, monkeypatch):
    account, _draft = a_draft()
    monkeypatch.setattr(due, "BATCH", 2)
    files = [a_file(account) for _ in range(5)]
    movable_clock.move(days=2)
    assert [due.discard_unattached() for _ in range(4)] == [2, 2, 1, 0]
    run_due()
    assert not StoredFile.objects.exists()
    assert not any(default_storage.exists(file.key) for file in files)


def test_a_file_attached_after_it_was_marked_keeps_its_bytes(movable_clock):
    account, draft = a_draft()
    slow = a_file(account)
    movable_clock.move(days=2)
    assert due.discard_unattached() == 1
    actions.add_document(draft, "passport", 0, slow, account)
    run_due()
    assert default_storage.exists(slow.key)
    assert [document.file for document in queries.documents(draft)] == [slow]
    assert not Discarded.objects.exists()


def test_a_file_removed_by_the_sweep_is_asked_for_again(movable_clock):
    account, draft = a_draft()
    slow = a_file(account)
    movable_clock.move(days=2)
    run_due()
    with pytest.raises(FileGone):
        actions.add_document(draft, "passport", 0, slow, account)
    assert not Discarded.objects.exists()


def test_a_file_given_for_two_documents_stays_until_neither_needs_it():
    account, draft = a_full_draft()
    paper = a_file(account)
    first = actions.add_document(draft, "passport", 0, paper, account)
    second = actions.add_document(draft, "agreement", 0, paper, account)
    actions.remove_document(draft, first.pk, account)
    run_due()
    assert default_storage.exists(paper.key)
    actions.remove_document(draft, second.pk, account)
    run_due()
    assert not default_storage.exists(paper.key)


def test_the_sweep_knows_every_relation_to_a_file():
    """A room that comes to keep files of its own must be asked before the sweep takes them for forgotten."""
    relations = {
        relation.related_model for relation in StoredFile._meta.get_fields(include_hidden=True) if relation.one_to_many
    }
    assert relations == {SupportingDocument, Discarded}


@pytest.mark.django_db(transaction=True)
def test_the_removal_waits_for_a_file_that_is_just_being_attached(movable_clock):
    account, draft = a_draft()
    slow = a_file(account)
    movable_clock.move(days=2)
    due.discard_unattached()
    swept: list[int] = []

    def sweep():
        try:
            swept.append(due.remove_discarded())
        finally:
            connection.close()

    with transaction.atomic():
        actions.add_document(draft, "passport", 0, slow, account)
        worker = threading.Thread(target=sweep)
        worker.start()
        worker.join(timeout=0.5)
        assert worker.is_alive() and not swept  # it waits for this transaction
    worker.join(timeout=30)
    assert swept == [1]
    assert default_storage.exists(slow.key)
    assert StoredFile.objects.filter(pk=slow.pk).exists()


def test_a_deposited_application_is_never_warned_ended_nor_emptied(movable_clock):
    _account, application = a_deposit()
    keys = [document.file.key for document in queries.documents(application)]
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS * 3)
    run_due()
    application.refresh_from_db()
    assert application.state == State.DEPOSITED
    assert all(default_storage.exists(key) for key in keys)
    assert not warnings_of(application).exists()


def test_a_worker_handles_more_drafts_than_one_batch(movable_clock, monkeypatch):
    monkeypatch.setattr(due, "BATCH", 2)
    drafts = [a_draft()[1] for _ in range(5)]
    movable_clock.move(days=settings.DRAFT_KEPT_DAYS + 1)
    run_due()
    assert not Application.objects.filter(pk__in=[draft.pk for draft in drafts]).exclude(state=State.EXPIRED).exists()
    assert clock.today() - timedelta(days=1) == drafts[0].kept_until


def test_bytes_that_cannot_be_removed_now_wait_and_do_not_hold_the_others_back(monkeypatch):
    account, draft = a_draft()
    files = [a_file(account), a_file(account)]
    for file in files:
        actions.remove_document(draft, actions.add_document(draft, "passport", 0, file, account).pk, account)
    really_remove = due.remove

    def stubborn(file):
        if file == files[0]:
            raise PermissionError
        really_remove(file)

    monkeypatch.setattr(due, "remove", stubborn)
    assert due.remove_discarded() == 1
    assert [row.file for row in Discarded.objects.all()] == [files[0]]
    monkeypatch.undo()
    assert due.remove_discarded() == 1
    assert not Discarded.objects.exists()


# Photos


@pytest.fixture
def registry(monkeypatch):
    """A photo registry that answers what the test says."""
    from guichet.applications import ephotos

    answers = {"with": None}
    really_ask = ephotos.look_up_ephoto

    def ask(number):
        if answers["with"] == "down":
            raise RegistryUnavailable("ephoto", "timeout")
        return None if answers["with"] == "unknown" else really_ask(number)

    monkeypatch.setattr(ephotos, "look_up_ephoto", ask)
    return answers


def deposited_while_down(registry):
    account, draft = a_full_draft()
    actions.remove_ephoto(draft, account)
    save(draft, account, "photo", {"number": EPHOTO})
    registry["with"] = "down"
    return actions.deposit(draft, account)


def test_a_photo_that_the_registry_owed_is_fetched_when_it_is_back(registry):
    application = deposited_while_down(registry)
    assert queries.ephoto(application).photo_key == ""
    assert due.fetch_photos() == 0
    registry["with"] = None
    assert due.fetch_photos() == 1
    assert queries.ephoto_picture(queries.ephoto(application))
    assert due.fetch_photos() == 0


def test_a_photo_that_the_registry_refuses_afterwards_is_asked_once_and_recorded(registry):
    application = deposited_while_down(registry)
    registry["with"] = "unknown"
    assert due.fetch_photos() == 1
    assert due.fetch_photos() == 0
    assert queries.ephoto_picture(queries.ephoto(application)) == b""
    last = events.timeline(events.Subject("application", str(application.pk))).last()
    assert (last.kind, last.visible, last.data) == ("ephoto_refused", False, {"reason": "ephoto_unknown"})
