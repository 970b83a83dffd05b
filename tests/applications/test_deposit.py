"""The deposit: final, idempotent, checked once more on its own day, frozen."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guichet.accounts.models import Person, Representation
from guichet.applications import actions, queries
from guichet.applications.errors import NotEligible, NotReady, SentBack
from guichet.applications.models import Answer, Application, DepositSnapshot, State, SupportingDocument
from guichet.certificates import queries as certificates
from guichet.core import clock, events
from guichet.messaging.models import OutboxMessage
from guichet.registries.errors import RegistryUnavailable
from tests.applications.world import (
    EPHOTO,
    LILLE,
    a_deposit,
    a_draft,
    a_file,
    a_full_draft,
    a_person,
    born,
    give_documents,
    save,
    tick,
)

pytestmark = pytest.mark.django_db

# Noon in Paris: no test straddles a Paris midnight.
NOON = datetime(2026, 6, 15, 12, tzinfo=clock.PARIS)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON):
        yield


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


# What prevents a deposit


def test_an_incomplete_draft_is_told_everything_that_is_missing_and_where():
    account, draft = a_draft()
    with pytest.raises(NotReady) as refusal:
        actions.deposit(draft, account, "my observations")
    steps = {gap.step for gap in refusal.value.missing}
    assert steps == {"personal", "motive", "documents"}
    draft.refresh_from_db()
    assert draft.state == State.DRAFT and draft.number is None
    assert queries.observations(draft) == "my observations"


def test_an_optional_answer_typed_and_not_valid_prevents_the_deposit():
    account, draft = a_full_draft()
    save(draft, account, "contact", {}, typed={"note": "x" * 51})
    with pytest.raises(NotReady) as refusal:
        actions.deposit(draft, account)
    assert [(gap.section, gap.field) for gap in refusal.value.missing] == [("contact", "note")]


def test_refused_deposits_leave_no_bytes_behind(private_folder):
    account, draft = a_full_draft()
    save(draft, account, "contact", {"phone": None})
    stored = sorted(path for path in private_folder.rglob("*") if path.is_file())
    for _ in range(3):
        with pytest.raises(NotReady):
            actions.deposit(draft, account)
    assert sorted(path for path in private_folder.rglob("*") if path.is_file()) == stored


def test_someone_not_eligible_cannot_deposit_and_is_led_to_the_answer():
    account, draft = a_full_draft()
    save(draft, account, "care", {"taken_in_on": str(clock.today())})
    with pytest.raises(NotEligible) as refusal:
        actions.deposit(draft, account)
    assert [(block.section, block.field) for block in refusal.value.blocks] == [("care", "taken_in_on")]


def test_an_address_without_its_commune_prevents_the_deposit():
    account, draft = a_full_draft()
    save(draft, account, "home", {"address": {**LILLE, "insee_code": "99999"}})
    with pytest.raises(NotReady) as refusal:
        actions.deposit(draft, account)
    assert {(gap.section, gap.field) for gap in refusal.value.missing} == {("home", "address")}


def test_an_ephoto_refused_on_the_day_prevents_the_deposit(monkeypatch):
    account, draft = a_full_draft()
    monkeypatch.setattr("guichet.applications.ephotos.look_up_ephoto", lambda number: None)
    with pytest.raises(NotReady) as refusal:
        actions.deposit(draft, account)
    assert [(gap.step, gap.section, gap.field) for gap in refusal.value.missing] == [("documents", "photo", "number")]
    answer = queries.answers(draft)["photo", 0]
    assert (answer.payload, answer.typed) == ({}, {"number": EPHOTO})  # kept, to be mended: the recap says it is missing
    assert queries.ephoto(draft) is None


def test_a_photo_registry_that_is_down_does_not_prevent_the_deposit(monkeypatch):
    def down(number):
        raise RegistryUnavailable("ephoto", "timeout")

    account, draft = a_full_draft()
    kept = queries.ephoto(draft)
    monkeypatch.setattr("guichet.applications.ephotos.look_up_ephoto", down)
    application = actions.deposit(draft, account)
    assert application.snapshot.content["ephoto"]["number"] == EPHOTO
    assert queries.ephoto(application) == kept
    assert certificates.documents_of(("application", str(application.pk))).get().data["photo"]


def test_a_number_never_confirmed_because_the_registry_was_down_is_asked_again_at_the_deposit(monkeypatch):
    account, draft = a_full_draft()
    actions.remove_ephoto(draft, account)
    save(draft, account, "photo", {"number": EPHOTO})
    application = actions.deposit(draft, account)
    assert queries.ephoto(application).number == EPHOTO


def test_a_photo_that_no_registry_could_give_leaves_the_receipt_without_it(monkeypatch):
    def down(number):
        raise RegistryUnavailable("ephoto", "error")

    account, draft = a_full_draft()
    actions.remove_ephoto(draft, account)
    save(draft, account, "photo", {"number": EPHOTO})
    monkeypatch.setattr("guichet.applications.ephotos.look_up_ephoto", down)
    application = actions.deposit(draft, account)
    assert application.snapshot.content["ephoto"] is None
    assert application.snapshot.content["answers"]["photo"] == {"number": EPHOTO}
    assert certificates.documents_of(("application", str(application.pk))).get().data["photo"] == ""


# What changes overnight


def test_a_draft_that_turns_eighteen_overnight_is_sent_back_to_what_changed():
    account, draft = a_full_draft(born(18) + timedelta(days=1))  # eighteen tomorrow
    with time_machine.travel(NOON + timedelta(days=1)):
        with pytest.raises(SentBack) as sent_back:
            actions.deposit(draft, account)
        changes = {(change.kind, change.step) for change in sent_back.value.changes}
        assert changes == {
            ("question_dropped", "personal"),
            ("document_dropped", "documents"),
            ("statements", "motive"),
        }
        assert all(str(change.message) for change in sent_back.value.changes)
        # Told once; what misses is then said as usual: the new statement is not ticked.
        with pytest.raises(NotReady) as not_ready:
            actions.deposit(draft, account)
        assert {gap.field for gap in not_ready.value.missing} == {"alone"}
        tick(draft, account)
        application = actions.deposit(draft, account)
    statements = application.snapshot.content["statements"]
    assert statements["variant"] == "adult"
    assert [item["id"] for item in statements["items"]] == ["alone", "knows"]
    assert "agreement" not in {document["requirement"] for document in application.snapshot.content["documents"]}


def test_writing_observations_or_saving_elsewhere_does_not_hide_what_changed_overnight():
    account, draft = a_full_draft(born(18) + timedelta(days=1))
    with time_machine.travel(NOON + timedelta(days=1)):
        save(draft, account, "contact", {"note": "the morning after"})
        actions.move_to_step(draft, "recap")
        with pytest.raises(SentBack) as sent_back:
            actions.deposit(draft, account, "some observations")
    assert {change.kind for change in sent_back.value.changes} == {"question_dropped", "document_dropped", "statements"}


def test_what_was_looked_at_after_it_changed_is_not_told_again():
    account, draft = a_full_draft(born(18) + timedelta(days=1))
    with time_machine.travel(NOON + timedelta(days=1)):
        save(draft, account, "civil_status", {"usage_name": "BARRY"})
        tick(draft, account)
        actions.add_document(draft, "passport", 0, a_file(account), account)
        assert actions.deposit(draft, account, "").number


def test_ones_own_answers_are_no_surprise():
    account, draft = a_full_draft()
    save(draft, account, "civil_status", {"emancipated": True})  # other statements, one document fewer
    with pytest.raises(NotReady) as refusal:
        actions.deposit(draft, account)
    assert [gap.field for gap in refusal.value.missing] == ["alone"]


def test_a_birthday_that_changes_nothing_sends_nobody_back():
    account, draft = a_full_draft(born(20) + timedelta(days=1))
    with time_machine.travel(NOON + timedelta(days=1)):
        assert actions.deposit(draft, account).number


# What is frozen


def test_the_snapshot_holds_what_was_deposited_and_only_that():
    account, draft = a_draft()
    save(draft, account, "civil_status", {"emancipated": False})
    save(draft, account, "home", {"address": LILLE})
    save(draft, account, "contact", {"phone": "+33612345678"})
    save(draft, account, "care", {"taken_in_on": str(born(2)), "works": True})
    save(draft, account, "document_cases", {"dwelling": "hosted"})
    actions.add_document(draft, "dwelling__host", 0, a_file(account), account)
    save(draft, account, "document_cases", {"dwelling": "own"})
    actions.add_document(draft, "payslip", 0, a_file(account), account)
    save(draft, account, "care", {"works": False})
    actions.confirm_ephoto(draft, EPHOTO, account)
    give_documents(draft, account)
    tick(draft, account)
    application = actions.deposit(draft, account, "  My birth place is misspelt.  ")

    content = application.snapshot.content
    requirements = [document["requirement"] for document in content["documents"]]
    assert requirements == ["agreement", "dwelling__lease", "passport"]
    assert content["answers"]["care"]["works"] is False
    assert content["facts"]["is_minor"] is True
    assert content["person"]["origin"] == "registry"
    assert content["person"]["frozen_at"]
    assert content["observations"] == "My birth place is misspelt."
    assert content["procedure"]["digest"] == draft.procedure.digest
    assert content["statements"]["items"][0] == {"id": "needs_permit", "text": "J'ai besoin d'un titre."}
    assert [document.requirement for document in queries.documents(application)] == requirements
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert application.snapshot.digest == hashlib.sha256(canonical.encode()).hexdigest()


def test_hidden_answers_are_not_deposited():
    account, draft = a_full_draft()
    save(draft, account, "civil_status", {"emancipated": True})
    Person.objects.filter(pk=draft.person_id).update(birth_date_text=str(born(19)))
    draft = Application.objects.get(pk=draft.pk)
    with pytest.raises(SentBack):
        actions.deposit(draft, account)
    save(draft, account, "care", {"taken_in_on": str(born(10))})
    tick(draft, account)
    application = actions.deposit(draft, account)
    assert "emancipated" not in application.snapshot.content["answers"]["civil_status"]
    assert "emancipated" not in queries.answers(application)["civil_status", 0].payload


def test_the_answers_kept_are_those_of_the_snapshot():
    account, draft = a_full_draft()
    for name in ("Ada", "Bob"):
        row = actions.add_row(draft, "children", account)
        save(draft, account, "children", {"name": name}, row=row.row)
    save(draft, account, "sworn_statements", {"alone": True})  # of another variant
    application = actions.deposit(draft, account, "Something to say.")
    stored = queries.answers(application)
    deposited = application.snapshot.content["answers"]
    assert [stored["children", row].payload for row in (0, 1)] == deposited["children"] == [{"name": "Ada"}, {"name": "Bob"}]
    assert stored["sworn_statements", 0].payload == deposited["sworn_statements"] == {"needs_permit": True, "knows": True}
    assert stored["civil_status", 0].payload == deposited["civil_status"]
    assert queries.observations(application) == "Something to say."
    assert not any(answer.typed for answer in stored.values())


def test_a_deposit_makes_as_many_queries_whatever_the_number_of_documents():
    def queries_of(files):
        account, draft = a_full_draft()
        for _ in range(files):
            actions.add_document(draft, "passport", 0, a_file(account), account)
        with CaptureQueriesContext(connection) as captured:
            actions.deposit(draft, account)
        return len(captured)

    queries_of(0)  # the counter of the office exists from now on
    assert queries_of(0) == queries_of(2)


FORBIDDEN = {
    "its number": lambda row: Application.objects.filter(pk=row.pk).update(number="0" * 19),
    "its date": lambda row: Application.objects.filter(pk=row.pk).update(deposited_at=clock.now()),
    "its person": lambda row: Application.objects.filter(pk=row.pk).update(person=a_person()[1]),
    "who filed it": lambda row: Application.objects.filter(pk=row.pk).update(filed_by=a_person()[0]),
    "back to a draft": lambda row: Application.objects.filter(pk=row.pk).update(state="draft", number=None, deposited_at=None),
    "the application itself": lambda row: Application.objects.filter(pk=row.pk)._raw_delete("default"),
    "an answer": lambda row: Answer.objects.filter(application=row, section="contact").update(payload={}),
    "an answer removed": lambda row: Answer.objects.filter(application=row, section="contact").delete(),
    "an answer added": lambda row: Answer.objects.create(application=row, section="more"),
    "a document": lambda row: SupportingDocument.objects.filter(application=row).update(kind="other"),
    "a document marked removed": lambda row: SupportingDocument.objects.filter(application=row).update(removed_at=clock.now()),
    "a document moved to another round": lambda row: SupportingDocument.objects.filter(application=row).update(round=1),
    "a document removed": lambda row: SupportingDocument.objects.filter(application=row).delete(),
    "a document added": lambda row: SupportingDocument.objects.create(
        application=row, requirement="passport", file=a_file(row.filed_by)
    ),
    "the snapshot": lambda row: DepositSnapshot.objects.filter(pk=row.pk).update(digest="0" * 64),
    "the snapshot removed": lambda row: DepositSnapshot.objects.filter(pk=row.pk).delete(),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_database_itself_refuses_to_rewrite_a_deposit(what):
    _, application = a_deposit()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        FORBIDDEN[what](application)


def test_answers_to_a_complement_request_can_still_be_added():
    account, application = a_deposit()
    Application.objects.filter(pk=application.pk).update(state=State.AWAITING_COMPLEMENT)
    document = actions.add_document(application, "passport", 0, a_file(account), account, round=1)
    assert queries.documents(application, round=1) == [document]
    actions.remove_document(application, document.pk, account)
    assert queries.documents(application, round=1) == []


def test_a_draft_can_be_rewritten():
    _account, draft = a_full_draft()
    assert Answer.objects.filter(application=draft).update(payload={})
    assert SupportingDocument.objects.filter(application=draft).delete()
    assert Application.objects.filter(pk=draft.pk).update(filed_by=a_person()[0])


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
