"""A deposit is checked once more on its own day: what prevents it, what the day before changed."""

from datetime import timedelta

import pytest
import time_machine

from guichet.applications import actions, queries
from guichet.applications.errors import NotEligible, NotReady, SentBack
from guichet.applications.models import State
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.registries.errors import RegistryUnavailable
from tests.applications.conftest import NOON
from tests.applications.world import (
    EPHOTO,
    LILLE,
    a_draft,
    a_file,
    a_full_draft,
    born,
    save,
    tick,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


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
