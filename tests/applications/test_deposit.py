"""The deposit: final, idempotent, with its number, mail and receipt."""

from datetime import datetime

import pytest
import time_machine

from guichet.accounts.models import Person, Representation
from guichet.applications import actions
from guichet.applications.models import Application, State
from guichet.certificates import queries as certificates
from guichet.core import clock, events
from guichet.messaging.models import OutboxMessage
from tests.applications.world import (
    LILLE,
    a_deposit,
    a_full_draft,
    a_person,
    save,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_a_deposit_has_its_number_office_date_and_legal_term():
    _account, application = a_deposit()
    assert application.state == State.DEPOSITED
    assert len(application.number) == 19
    assert application.number.startswith(f"{application.office_id}20260615")
    assert application.office.slug == "lille"
    assert str(application.silence_refuses_on) == "2026-10-15"
    assert application.kept_until is None


def test_numbers_of_an_office_follow_one_another():
    numbers = [a_deposit()[1].number for _ in range(3)]
    assert [int(number[-7:]) - int(numbers[0][-7:]) for number in numbers] == [0, 1, 2]


def test_the_day_of_the_number_is_the_paris_day():
    with time_machine.travel(datetime(2026, 7, 1, 0, 30, tzinfo=clock.PARIS)):  # 22:30 UTC the day before
        assert a_deposit()[1].number[4:12] == "20260701"


def test_depositing_again_returns_the_same_application_and_sends_nothing_more():
    account, draft = a_full_draft()
    first = actions.deposit(draft, account)
    again = actions.deposit(draft, account)
    stale = Application.objects.get(pk=draft.pk)
    stale.state, stale.number = State.DRAFT, None  # a tab that still believes in the draft
    third = actions.deposit(stale, account)
    assert first.number == again.number == third.number
    assert OutboxMessage.objects.filter(intent=f"deposit:{draft.pk}").count() == 1
    assert certificates.documents_of(("application", str(draft.pk))).count() == 1
    deposited = [event for event in events.timeline(events.Subject("application", str(draft.pk))) if event.kind == "deposited"]
    assert len(deposited) == 1


def test_the_mail_bears_the_receipt_and_no_personal_data_beyond_the_name():
    account, application = a_deposit()
    mail = OutboxMessage.objects.get(intent=f"deposit:{application.pk}")
    receipt = certificates.documents_of(("application", str(application.pk))).get()
    assert mail.address == account.email
    assert [(part["name"], part["key"]) for part in mail.attachments] == [(f"{application.number}.pdf", receipt.key)]
    assert certificates.pdf(receipt).startswith(b"%PDF")
    for secret in (application.person.foreigner_number, application.person.birth_date_text, "Conakry", LILLE["street"]):
        assert secret not in mail.body + mail.subject
    assert application.number in mail.body


def test_mail_and_receipt_are_in_the_language_of_the_account():
    account, draft = a_full_draft()
    account.language = "en"
    account.save()
    application = actions.deposit(draft, account)
    mail = OutboxMessage.objects.get(intent=f"deposit:{application.pk}")
    assert "Your application" in mail.subject
    assert certificates.documents_of(("application", str(application.pk))).get().language == "en"
    assert application.snapshot.content["language"] == "en"


def test_the_receipt_says_what_was_deposited():
    _account, application = a_deposit()
    data = certificates.documents_of(("application", str(application.pk))).get().data
    assert data["number"] == application.number
    assert data["birth_name"] == "DIALLO"
    assert data["birth_date"] == application.person.birth_date_text
    assert data["foreigner_number"] == application.person.foreigner_number
    assert data["address"] == ["20 rue Nationale", "59800 Lille"]
    assert data["office_name"] == application.office.name
    assert data["silence_refuses_on"] == "2026-10-15"
    assert data["nature"] == "first"
    assert data["photo"]


def test_whoever_deposits_is_who_filed_it():
    _account, draft = a_full_draft()
    guardian, _ = a_person()
    Representation.objects.create(account=guardian, person=draft.person, capacity="guardian")
    assert actions.deposit(draft, guardian).filed_by == guardian


def test_an_identity_declared_in_the_answers_becomes_that_of_the_person():
    account, draft = a_full_draft()
    Person.objects.filter(pk=draft.person_id).update(
        origin="declared", frozen_at=None, foreigner_number=None, birth_name="", first_names=""
    )
    draft = Application.objects.get(pk=draft.pk)
    save(draft, account, "civil_status", {"birth_name": "MADHAVAN", "first_names": None})
    application = actions.deposit(draft, account)
    person = Person.objects.get(pk=application.person_id)
    assert (person.birth_name, person.origin) == ("MADHAVAN", "declared")
    assert application.snapshot.content["person"]["birth_name"] == "MADHAVAN"
    receipt = certificates.documents_of(("application", str(application.pk))).get()
    assert (receipt.data["birth_name"], receipt.data["foreigner_number"]) == ("MADHAVAN", "")
