"""Filling in a draft: nothing is lost unseen, what the registry knows stays, what is no longer asked waits."""

from datetime import timedelta

import pytest
from django.conf import settings

from guichet.accounts.models import Account, Person, Representation
from guichet.applications import actions, queries
from guichet.applications.errors import (
    EPhotoRefused,
    MoveRefused,
    NotADraft,
    NotOpenNow,
    NotYours,
    RevisionConflict,
    TooFewRows,
    TooManyFiles,
    TooManyRows,
    UnknownPlace,
)
from guichet.applications.models import Answer, Application, Discarded, State, SupportingDocument
from guichet.core import clock
from guichet.registries.errors import RegistryUnavailable
from tests.applications.definition import publish
from tests.applications.world import EPHOTO, LILLE, a_draft, a_file, a_full_draft, a_person, born, fill, save

pytestmark = pytest.mark.django_db


def stranger() -> Account:
    account, _ = a_person()
    return account


# Starting


def test_a_draft_begins_with_what_the_registry_knows():
    _account, draft = a_draft()
    answer = queries.answers(draft)["civil_status", 0]
    assert answer.payload == {"birth_name": "DIALLO", "first_names": "Amadou", "birth_date": draft.person.birth_date_text}
    assert draft.current_step == "personal"
    assert draft.kept_until == clock.today() + timedelta(days=settings.DRAFT_KEPT_DAYS)


def test_a_double_click_on_start_makes_one_draft_but_a_touched_draft_lets_another_begin():
    account, draft = a_draft()
    assert actions.start_draft(account, draft.person, draft.procedure) == draft
    save(draft, account, "contact", {"phone": "+33612345678"})
    other = actions.start_draft(account, draft.person, draft.procedure)
    assert other != draft
    assert set(queries.drafts_of(account)) == {draft, other}


def test_nobody_starts_a_draft_for_someone_they_do_not_act_for():
    _, person = a_person()
    with pytest.raises(NotYours):
        actions.start_draft(stranger(), person, publish())


def test_a_procedure_not_in_effect_cannot_be_started():
    account, person = a_person()
    procedure = publish()
    procedure.effective_from = clock.today() + timedelta(days=1)
    with pytest.raises(NotOpenNow):
        actions.start_draft(account, person, procedure)


# Saving


def test_what_the_registry_knows_cannot_be_changed_and_what_it_left_empty_can_be_filled_in():
    account, draft = a_draft()
    answer = save(draft, account, "civil_status", {"birth_name": "FORGED", "usage_name": "BARRY"})
    assert answer.payload["birth_name"] == "DIALLO"
    assert answer.payload["usage_name"] == "BARRY"


def test_a_declared_identity_can_be_changed():
    account, draft = a_draft()
    Person.objects.filter(pk=draft.person_id).update(origin="declared", frozen_at=None)
    draft.refresh_from_db()
    answer = save(draft, account, "civil_status", {"birth_name": "OTHER"})
    assert answer.payload["birth_name"] == "OTHER"
    assert queries.evaluation(Application.objects.get(pk=draft.pk)).raw("civil_status", "birth_name") == "OTHER"


def test_two_tabs_saving_the_same_section_conflict_and_nothing_is_lost():
    account, draft = a_draft()
    read = save(draft, account, "contact", {"phone": "+33612345678"}).revision
    actions.save_section(draft, "contact", 0, {"note": "first tab"}, {}, read, account)
    with pytest.raises(RevisionConflict) as conflict:
        actions.save_section(draft, "contact", 0, {"note": "second tab"}, {"phone": "061"}, read, account)
    assert conflict.value.current.payload == {"phone": "+33612345678", "note": "first tab"}
    assert conflict.value.yours == {"note": "second tab", "phone": "061"}
    kept = queries.answers(draft)["contact", 0]
    assert kept.payload["note"] == "first tab"
    after = actions.save_section(draft, "contact", 0, {"note": "second tab"}, {}, kept.revision, account)
    assert after.payload == {"phone": "+33612345678", "note": "second tab"}


def test_two_tabs_saving_a_section_for_the_first_time_conflict():
    account, draft = a_draft()
    actions.save_section(draft, "contact", 0, {"note": "first"}, {}, 0, account)
    with pytest.raises(RevisionConflict):
        actions.save_section(draft, "contact", 0, {"note": "second"}, {}, 0, account)


def test_saving_the_same_thing_twice_is_one_save():
    account, draft = a_draft()
    once = actions.save_section(draft, "contact", 0, {"note": "same"}, {}, 0, account)
    twice = actions.save_section(draft, "contact", 0, {"note": "same"}, {}, 0, account)
    assert (twice.pk, twice.revision) == (once.pk, once.revision)


def test_what_is_typed_and_not_valid_is_kept_and_does_not_count_as_an_answer():
    account, draft = a_full_draft()
    answer = save(draft, account, "contact", {}, typed={"phone": "06 12"})
    assert answer.typed == {"phone": "06 12"}
    assert "phone" not in answer.payload
    assert [gap.field for gap in queries.evaluation(draft).missing({}) if gap.section == "contact"] == ["phone"]
    mended = save(draft, account, "contact", {"phone": "+33698765432"})
    assert mended.typed == {}
    assert mended.payload["phone"] == "+33698765432"


def test_an_emptied_answer_is_gone_and_one_not_on_the_page_stays():
    account, draft = a_draft()
    save(draft, account, "contact", {"phone": "+33612345678", "note": "hello"})
    answer = save(draft, account, "contact", {"note": None})
    assert answer.payload == {"phone": "+33612345678"}


def test_each_save_moves_the_end_of_the_draft_on(movable_clock):
    account, draft = a_draft()
    movable_clock.move(days=50)
    save(draft, account, "contact", {"note": "still here"})
    assert draft.kept_until == clock.today() + timedelta(days=settings.DRAFT_KEPT_DAYS)


def test_a_section_or_a_step_that_does_not_exist_is_refused():
    account, draft = a_draft()
    for section, row in (("unknown", 0), ("contact", 1), ("children", 1)):
        with pytest.raises(UnknownPlace):
            actions.save_section(draft, section, row, {"x": 1}, {}, 0, account)
    with pytest.raises(UnknownPlace):
        actions.move_to_step(draft, "unknown")


def test_nobody_else_may_fill_a_draft_in():
    _account, draft = a_draft()
    other = stranger()
    attempts = [
        lambda: actions.save_section(draft, "contact", 0, {"note": "x"}, {}, 0, other),
        lambda: actions.add_row(draft, "children", other),
        lambda: actions.add_document(draft, "passport", 0, a_file(other), other),
        lambda: actions.confirm_ephoto(draft, EPHOTO, other),
        lambda: actions.abandon(draft, other),
        lambda: actions.deposit(draft, other),
    ]
    for attempt in attempts:
        with pytest.raises(NotYours):
            attempt()
    assert queries.draft_of(other, draft.pk) is None
    assert queries.drafts_of(other) == []


def test_whoever_acts_for_the_person_sees_and_fills_in_the_draft():
    _account, draft = a_draft()
    guardian = stranger()
    Representation.objects.create(account=guardian, person=draft.person, capacity="guardian")
    assert queries.draft_of(guardian, draft.pk) == draft
    actions.save_section(draft, "contact", 0, {"note": "by the guardian"}, {}, 0, guardian)


# Rows


def test_rows_are_added_filled_in_and_removed_with_the_files_given_for_them():
    account, draft = a_draft()
    for name in ("Ada", "Bob", "Cy"):
        row = actions.add_row(draft, "children", account)
        save(draft, account, "children", {"name": name}, row=row.row)
    with pytest.raises(TooManyRows):
        actions.add_row(draft, "children", account)
    stored = queries.answers(draft)
    actions.remove_row(draft, "children", 1, stored["children", 1].revision, account)
    left = {key[1]: answer.payload["name"] for key, answer in queries.answers(draft).items() if key[0] == "children"}
    assert left == {0: "Ada", 1: "Cy"}


def test_a_tab_that_read_a_row_never_writes_over_the_one_that_took_its_place():
    account, draft = a_draft()
    for name in ("Ada", "Bob"):
        actions.add_row(draft, "children", account)
        save(draft, account, "children", {"name": name}, row=0 if name == "Ada" else 1)
    stale = {row: queries.answers(draft)["children", row].revision for row in (0, 1)}
    actions.remove_row(draft, "children", 0, stale[0], account)
    for row in (0, 1):
        with pytest.raises((RevisionConflict, UnknownPlace)):
            actions.save_section(draft, "children", row, {"name": "stale"}, {}, stale[row], account)
    with pytest.raises(RevisionConflict):
        actions.remove_row(draft, "children", 0, stale[0], account)
    actions.add_row(draft, "children", account)
    with pytest.raises(RevisionConflict):
        actions.save_section(draft, "children", 1, {"name": "stale"}, {}, stale[1], account)
    assert queries.answers(draft)["children", 0].payload == {"name": "Bob"}


def test_a_row_that_must_be_there_is_corrected_rather_than_removed(monkeypatch):
    from guichet.procedures.definition import Repeat

    account, draft = a_draft()
    row = actions.add_row(draft, "children", account)
    monkeypatch.setattr(
        "guichet.applications.drafting._repeated",
        lambda definition, section: type("Asked", (), {"repeat": Repeat(min=1, max=3)}),
    )
    with pytest.raises(TooFewRows):
        actions.remove_row(draft, "children", 0, row.revision, account)


# Files


def test_a_document_takes_three_files_and_the_fourth_is_refused_and_discarded():
    account, draft = a_draft()
    for _ in range(3):
        actions.add_document(draft, "passport", 0, a_file(account), account)
    fourth = a_file(account)
    with pytest.raises(TooManyFiles):
        actions.add_document(draft, "passport", 0, fourth, account)
    assert [document.position for document in queries.documents(draft)] == [0, 1, 2]
    assert Discarded.objects.filter(file=fourth).exists()


def test_the_same_file_given_twice_is_one_document():
    account, draft = a_draft()
    file = a_file(account)
    assert actions.add_document(draft, "passport", 0, file, account) == actions.add_document(
        draft, "passport", 0, file, account
    )
    assert not Discarded.objects.exists()


def test_a_file_taken_back_is_discarded_and_taking_it_back_twice_is_no_error():
    account, draft = a_draft()
    document = actions.add_document(draft, "passport", 0, a_file(account), account)
    actions.remove_document(draft, document.pk, account)
    actions.remove_document(draft, document.pk, account)
    assert queries.documents(draft) == []
    assert Discarded.objects.filter(file=document.file_id).exists()


def test_a_file_of_another_draft_cannot_be_taken_back_from_here():
    account, draft = a_draft()
    other_account, other = a_draft()
    document = actions.add_document(other, "passport", 0, a_file(other_account), other_account)
    actions.remove_document(draft, document.pk, account)
    assert queries.documents(other) == [document]
    assert queries.document_of(account, other, document.pk) is None
    assert queries.document_of(other_account, other, document.pk) == document


def test_a_document_that_is_not_asked_for_is_refused_and_the_file_discarded():
    account, draft = a_draft(born(20))
    file = a_file(account)
    with pytest.raises(UnknownPlace):
        actions.add_document(draft, "agreement", 0, file, account)
    assert Discarded.objects.filter(file=file).exists()


def test_files_no_longer_asked_for_wait_in_the_draft_and_come_back_with_the_answer():
    account, draft = a_draft()
    save(draft, account, "care", {"works": True})
    document = actions.add_document(draft, "payslip", 0, a_file(account), account)
    save(draft, account, "care", {"works": False})
    assert "payslip" not in {asked.id for asked in queries.evaluation(draft).requirements()}
    assert document in queries.documents(draft)
    save(draft, account, "care", {"works": True})
    assert "payslip" in {asked.id for asked in queries.evaluation(draft).requirements()}
    assert document in queries.documents(draft)


# The e-photo


def test_a_confirmed_ephoto_keeps_photo_and_signature_and_is_forgotten_when_taken_back():
    account, draft = a_draft()
    copy = actions.confirm_ephoto(draft, "1234 5678 9012 3456 7890 12", account)
    assert copy.number == EPHOTO
    assert queries.ephoto_picture(copy).startswith((b"\x89PNG", b"\xff\xd8"))
    assert queries.ephoto_picture(copy, "signature")
    assert queries.answers(draft)["photo", 0].payload == {"number": EPHOTO}
    actions.remove_ephoto(draft, account)
    assert queries.ephoto(draft) is None
    assert queries.answers(draft)["photo", 0].payload == {}
    assert {copy.photo_key, copy.signature_key} <= set(Discarded.objects.values_list("key", flat=True))


@pytest.mark.parametrize(("number", "code"), [("1" * 21 + "7", "ephoto_unknown"), ("1" * 21 + "8", "ephoto_used")])
def test_a_refused_ephoto_number_is_kept_as_typed(number, code):
    account, draft = a_draft()
    actions.confirm_ephoto(draft, EPHOTO, account)
    with pytest.raises(EPhotoRefused) as refusal:
        actions.confirm_ephoto(draft, number, account)
    assert refusal.value.code == code
    answer = queries.answers(draft)["photo", 0]
    assert (answer.payload, answer.typed) == ({}, {"number": number})
    assert queries.ephoto(draft) is None


def test_a_photo_registry_that_is_down_loses_nothing():
    account, draft = a_draft()
    with pytest.raises(RegistryUnavailable):
        actions.confirm_ephoto(draft, "1" * 18 + "0009", account)
    assert queries.answers(draft)["photo", 0].payload == {"number": "1" * 18 + "0009"}
    assert queries.ephoto(draft) is None


# Giving up


def test_an_abandoned_draft_holds_nothing_any_more():
    account, draft = a_full_draft()
    files = {document.file.key for document in queries.documents(draft)}
    actions.abandon(draft, account)
    actions.abandon(draft, account)  # a second click
    assert draft.state == State.ABANDONED
    assert not Answer.objects.filter(application=draft).exists()
    assert not SupportingDocument.objects.filter(application=draft).exists()
    assert files <= set(Discarded.objects.values_list("key", flat=True))
    assert queries.drafts_of(account) == []
    for attempt in (lambda: save(draft, account, "contact", {"note": "x"}), lambda: actions.deposit(draft, account)):
        with pytest.raises(NotADraft):
            attempt()


def test_a_deposited_application_cannot_be_abandoned_nor_filled_in():
    account, draft = a_full_draft()
    actions.deposit(draft, account)
    with pytest.raises(MoveRefused):
        actions.abandon(draft, account)
    for attempt in (
        lambda: actions.save_section(draft, "contact", 0, {"note": "x"}, {}, 0, account),
        lambda: actions.add_document(draft, "passport", 0, a_file(account), account),
        lambda: actions.remove_document(draft, queries.documents(draft)[0].pk, account),
        lambda: actions.move_to_step(draft, "personal"),
        lambda: actions.confirm_ephoto(draft, EPHOTO, account),
        lambda: actions.remove_ephoto(draft, account),
    ):
        with pytest.raises(NotADraft):
            attempt()


def test_resuming_opens_the_last_step():
    account, draft = a_draft()
    actions.move_to_step(draft, "motive")
    assert queries.draft_of(account, draft.pk).current_step == "motive"


def test_filling_in_the_whole_draft_leaves_nothing_missing():
    account, draft = a_draft()
    fill(draft, account)
    evaluation = queries.evaluation(draft)
    given = {(document.requirement, document.row): 1 for document in queries.documents(draft)}
    assert evaluation.missing(given) == []
    assert queries.answers(draft)["home", 0].payload == {"address": LILLE}
