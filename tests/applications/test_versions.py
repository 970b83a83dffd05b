"""A draft moves to a newer version only when its person accepts what it changes: what is still asked is kept, the rest told."""

import copy
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.applications import actions, queries
from guichet.applications.errors import NotADraft, NotTheVersionShown, NotYours
from guichet.applications.models import Answer, Discarded, EPhotoCopy, SupportingDocument
from guichet.core import clock, events
from guichet.core.events import Subject
from guichet.procedures.definition import definition_from
from guichet.procedures.models import PublishedProcedure
from tests.applications.definition import CONTENT, asked, text
from tests.applications.world import a_deposit, a_full_draft, a_person, save

pytestmark = pytest.mark.django_db


def sections(content):
    return {section["id"]: section for step in content["steps"] for section in step.get("sections", [])}


def field(content, section, name):
    return next(each for each in sections(content)[section]["fields"] if each["id"] == name)


def publish(change, version="2026-06", since=None) -> PublishedProcedure:
    """Another version of the trial procedure, in force since yesterday; the first one ended the day before."""
    since = since or clock.today() - timedelta(days=1)
    PublishedProcedure.objects.filter(slug="trial").update(effective_until=since - timedelta(days=1))
    content = copy.deepcopy(CONTENT)
    content["version"] = version
    change(content)
    definition = definition_from(content)
    return PublishedProcedure.objects.create(
        slug="trial", version=version, digest=definition.digest, content=definition.content(), effective_from=since
    )


def nothing(content):
    pass


def labels(texts):
    return [each.fr for each in texts]


@pytest.fixture
def full():
    """An adult's complete draft, with a child, and a note."""
    account, draft = a_full_draft()
    row = actions.add_row(draft, "children", account)
    save(draft, account, "children", {"name": "Awa"}, row=row.row)
    save(draft, account, "contact", {"note": "Bonjour"})
    return account, draft


def move(draft, to, account):
    return actions.move_to_version(draft, to, queries.what_changes(draft, to).revision, account)


def test_the_version_in_force_is_found_and_only_another_one(full):
    _account, draft = full
    assert queries.newer_version(draft) is None and queries.newer_versions([draft]) == {}
    to = publish(nothing)
    assert queries.newer_version(draft) == to
    assert queries.newer_versions([draft]) == {draft.pk: to} and queries.newer_versions([]) == {}


def test_a_version_that_is_not_in_force_yet_is_not_offered(full):
    _account, draft = full
    publish(nothing, since=clock.today() + timedelta(days=3))
    assert queries.newer_version(draft) is None


def test_the_same_questions_change_nothing_and_keep_everything(full):
    account, draft = full
    before = {key: row.payload for key, row in queries.answers(draft).items()}
    files = {(each.requirement, each.file_id) for each in draft.documents.all()}
    to = publish(nothing)
    assert queries.what_changes(draft, to).changes_nothing
    move(draft, to, account)
    draft.refresh_from_db()
    assert draft.procedure == to
    assert {key: row.payload for key, row in queries.answers(draft).items()} == before
    assert {(each.requirement, each.file_id) for each in draft.documents.all()} == files


def test_looking_changes_nothing(full):
    _account, draft = full
    to = publish(lambda content: sections(content)["contact"]["fields"].pop())
    before = list(Answer.objects.order_by("pk").values())
    queries.what_changes(draft, to)
    assert list(Answer.objects.order_by("pk").values()) == before
    draft.refresh_from_db()
    assert draft.procedure.version == "2026-01"


def test_a_question_that_is_new_is_told_and_waits_for_its_answer(full):
    account, draft = full
    to = publish(lambda content: sections(content)["care"]["fields"].append(asked("care", "place", "text")))
    change = queries.what_changes(draft, to)
    assert labels(change.new_questions) == ["care place"] and not change.changes_nothing
    move(draft, to, account)
    assert queries.answers(draft)["care", 0].payload["works"] is not None
    assert queries.evaluation(draft).is_required("care", "place")


def test_an_answer_no_longer_asked_is_told_and_erased(full):
    account, draft = full
    to = publish(lambda content: sections(content)["contact"]["fields"].pop())
    assert labels(queries.what_changes(draft, to).dropped_answers) == ["contact note"]
    move(draft, to, account)
    assert "note" not in queries.answers(draft)["contact", 0].payload


def test_a_section_that_is_gone_takes_its_rows_along(full):
    account, draft = full

    def without_children(content):
        step = next(step for step in content["steps"] if step["id"] == "motive")
        step["sections"] = [section for section in step["sections"] if section["id"] != "children"]

    to = publish(without_children)
    assert labels(queries.what_changes(draft, to).dropped_answers) == ["children name"]
    move(draft, to, account)
    assert ("children", 0) not in queries.answers(draft)


def test_an_answer_that_no_longer_fits_is_asked_again(full):
    account, draft = full

    def another_type(content):
        field(content, "contact", "note")["type"] = "integer"

    to = publish(another_type)
    change = queries.what_changes(draft, to)
    assert labels(change.asked_again) == ["contact note"] and not change.dropped_answers
    move(draft, to, account)
    assert "note" not in queries.answers(draft)["contact", 0].payload


def test_a_question_in_other_words_keeps_its_answer_and_is_told(full):
    account, draft = full

    def reword(content):
        field(content, "contact", "note")["label"] = text("Autre chose à dire")

    to = publish(reword)
    assert labels(queries.what_changes(draft, to).reworded) == ["Autre chose à dire"]
    move(draft, to, account)
    assert queries.answers(draft)["contact", 0].payload["note"] == "Bonjour"


def test_a_file_still_asked_is_kept_and_one_no_longer_asked_is_erased_and_told(full):
    account, draft = full

    def without_passport(content):
        content["documents"] = [each for each in content["documents"] if each["id"] != "passport"]
        content["kinds"].pop("passport")

    to = publish(without_passport)
    kept = set(draft.documents.exclude(requirement="passport").values_list("pk", flat=True))
    gone = draft.documents.get(requirement="passport").file
    change = queries.what_changes(draft, to)
    assert labels(change.dropped_documents) == ["Passeport"] and change.kept_files == len(kept)
    move(draft, to, account)
    assert set(draft.documents.values_list("pk", flat=True)) == kept
    assert Discarded.objects.filter(key=gone.key).exists()


def test_a_new_document_is_told(full):
    _account, draft = full
    extra = {"id": "letter", "section": "care", "label": text("Lettre"), "any_of": ["letter"]}
    to = publish(lambda content: content["documents"].append(extra))
    assert labels(queries.what_changes(draft, to).new_documents) == ["Lettre"]


def test_a_photo_no_longer_asked_is_forgotten(full):
    account, draft = full
    assert EPhotoCopy.objects.filter(application=draft).exists()

    def without_photo(content):
        next(step for step in content["steps"] if step["id"] == "documents")["sections"] = []

    move(draft, publish(without_photo), account)
    assert not EPhotoCopy.objects.exists()


def test_statements_in_other_words_are_ticked_anew(full):
    account, draft = full

    def reword(content):
        content["statement_items"]["knows"] = text("Je connais les peines.")

    assert set(queries.answers(draft)["sworn_statements", 0].payload) == {"needs_permit", "knows"}
    to = publish(reword)
    assert queries.what_changes(draft, to).statements_change
    move(draft, to, account)
    assert queries.answers(draft)["sworn_statements", 0].payload == {"needs_permit": True}


def test_what_changed_since_it_was_shown_refuses_the_move(full):
    account, draft = full
    to = publish(nothing)
    shown = queries.what_changes(draft, to).revision
    save(draft, account, "contact", {"note": "Encore"})
    with pytest.raises(NotTheVersionShown):
        actions.move_to_version(draft, to, shown, account)
    draft.refresh_from_db()
    assert draft.procedure.version == "2026-01"


def test_only_the_version_in_force_of_the_same_procedure(full):
    account, draft = full
    june = publish(nothing)
    shown = queries.what_changes(draft, june).revision
    publish(nothing, version="2026-07", since=clock.today())
    with pytest.raises(NotTheVersionShown):
        actions.move_to_version(draft, june, shown, account)
    other = PublishedProcedure.objects.create(
        slug="other", version="2026-01", digest=june.digest, content=june.content, effective_from=date(2020, 1, 1)
    )
    with pytest.raises(NotTheVersionShown):
        actions.move_to_version(draft, other, shown, account)


def test_moving_twice_is_once(full):
    account, draft = full
    to = publish(nothing)
    shown = queries.what_changes(draft, to).revision
    for _ in range(2):
        actions.move_to_version(draft, to, shown, account)
    kinds = [event.kind for event in events.timeline(Subject("application", str(draft.pk)))]
    assert kinds.count("moved_to_version") == 1


def test_a_stranger_and_a_deposited_application_are_refused(full):
    _account, draft = full
    to = publish(nothing)
    with pytest.raises(NotYours):
        actions.move_to_version(draft, to, draft.revision, a_person()[0])


def test_a_deposited_application_never_moves():
    account, application = a_deposit()
    to = publish(nothing)
    with pytest.raises(NotADraft):
        actions.move_to_version(application, to, application.revision, account)


def test_moved_drafts_are_told_nothing_twice(full):
    """What was shown with the move is seen: the deposit does not send back for it."""
    account, draft = full
    to = publish(lambda content: sections(content)["care"]["fields"].append(asked("care", "place", "text", required=False)))
    move(draft, to, account)
    draft.refresh_from_db()
    assert queries.changes(draft, queries.evaluation(draft)) == []


def test_a_step_that_is_gone_leads_to_the_beginning(full):
    account, draft = full
    actions.move_to_step(draft, "motive")

    def rename(content):
        next(step for step in content["steps"] if step["id"] == "motive")["id"] = "reasons"

    move(draft, publish(rename), account)
    assert draft.current_step == "personal"


def test_looking_costs_the_same_for_many_rows_and_files(full):
    account, draft = full
    to = publish(nothing)

    def cost():
        with CaptureQueriesContext(connection) as found:
            queries.what_changes(draft, to)
        return len(found)

    before = cost()
    for _ in range(2):
        actions.add_row(draft, "children", account)
    assert cost() == before
    assert SupportingDocument.objects.filter(application=draft).count() > 1
