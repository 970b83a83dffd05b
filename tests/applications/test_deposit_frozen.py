"""What was deposited is frozen, by the rules and by the database itself."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guichet.accounts.models import Person
from guichet.applications import actions, queries
from guichet.applications.errors import SentBack
from guichet.applications.models import Answer, Application, DepositSnapshot, State, SupportingDocument
from guichet.core import clock
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


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
