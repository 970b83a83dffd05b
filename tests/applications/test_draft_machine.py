"""Any order of steps, saves, conflicts, rows, files, abandons, resumes and deposits keeps what a draft promises."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from guichet.applications import actions, queries
from guichet.applications.errors import NotADraft, NotEligible, NotReady, RevisionConflict, TooManyFiles, TooManyRows
from guichet.applications.models import Answer, Application, State, SupportingDocument
from guichet.core import clock, events
from guichet.core.dates import add_years
from guichet.messaging.models import OutboxMessage
from tests.applications.world import EPHOTO, LILLE, a_draft, a_file, born, fill

STEPS = ("personal", "motive", "documents", "recap")
PHONES = ("+33612345678", "+33698765432")


def everything_of(application: Application) -> Any:
    """All that a deposited application is made of, as values."""
    row = Application.objects.filter(pk=application.pk).values(
        "number", "state", "procedure", "person", "filed_by", "office", "deposited_at", "silence_refuses_on"
    )
    answers = (
        Answer.objects.filter(application=application)
        .order_by("pk")
        .values_list("section", "row", "payload", "typed", "revision")
    )
    documents = SupportingDocument.objects.filter(application=application).order_by("pk").values()
    snapshot = queries.snapshot(application)
    return list(row), list(answers), list(documents), snapshot.content, snapshot.digest


class DraftStateMachine(RuleBasedStateMachine):
    """One person, two tabs that each remember the revisions they read, and a model of what must be stored."""

    @initialize(age=st.sampled_from([17, 20]))
    def start(self, age: int) -> None:
        self.account, self.draft = a_draft(born(age, 100))
        self.birth = self.draft.person.birth_date.assumed()
        self.tabs: list[dict[tuple[str, int], int]] = [{}, {}]
        for tab in self.tabs:
            self.read_page(tab)
        self.model: dict[tuple[str, int], dict[str, Any]] = {
            key: dict(answer.payload) for key, answer in queries.answers(self.draft).items()
        }
        self.typed: dict[tuple[str, int], dict[str, Any]] = {}
        self.files: dict[str, list[int]] = {}
        self.abandoned = False
        self.deposited: Any = None
        self.number: str | None = None

    def read_page(self, tab: dict[tuple[str, int], int]) -> None:
        tab.clear()
        tab.update({key: answer.revision for key, answer in queries.answers(self.draft).items()})

    @property
    def over(self) -> bool:
        return self.abandoned or self.number is not None

    # Saving

    def save(self, tab: int, section: str, row: int, cleaned: dict[str, Any], typed: dict[str, Any]) -> None:
        key = (section, row)
        read = self.tabs[tab].get(key, 0)
        stored = queries.answers(self.draft).get(key)
        if self.over:
            with pytest.raises(NotADraft):
                actions.save_section(self.draft, section, row, cleaned, typed, read, self.account)
            return
        payload = {name: value for name, value in {**self.model.get(key, {}), **cleaned}.items() if value is not None}
        payload = {name: value for name, value in payload.items() if name not in typed}
        raw = {name: text for name, text in self.typed.get(key, {}).items() if name not in cleaned} | typed
        unchanged = stored is not None and (payload, raw) == (stored.payload, stored.typed)
        try:
            answer = actions.save_section(self.draft, section, row, cleaned, typed, read, self.account)
        except RevisionConflict as conflict:
            assert stored is not None and stored.revision != read and not unchanged
            assert conflict.current.payload == self.model[key]
            assert conflict.yours == {**cleaned, **typed}
            return
        assert unchanged or read == (stored.revision if stored else 0)
        self.model[key], self.typed[key] = payload, raw
        self.tabs[tab][key] = answer.revision

    @rule(tab=st.sampled_from([0, 1]), phone=st.sampled_from([*PHONES, None]), note=st.sampled_from(["a", "b", None]))
    def save_contact(self, tab: int, phone: str | None, note: str | None) -> None:
        self.save(tab, "contact", 0, {"phone": phone, "note": note}, {})

    @rule(tab=st.sampled_from([0, 1]), text=st.sampled_from(["06", "not a phone"]))
    def leave_with_something_not_valid(self, tab: int, text: str) -> None:
        self.save(tab, "contact", 0, {}, {"phone": text})

    @rule(tab=st.sampled_from([0, 1]), works=st.booleans(), years=st.sampled_from([15, 17]))
    def save_care(self, tab: int, works: bool, years: int) -> None:
        self.save(tab, "care", 0, {"works": works, "taken_in_on": str(add_years(self.birth, years))}, {})

    @rule(tab=st.sampled_from([0, 1]), case=st.sampled_from(["own", "hosted"]))
    def choose_case(self, tab: int, case: str) -> None:
        self.save(tab, "document_cases", 0, {"dwelling": case}, {})

    @rule(tab=st.sampled_from([0, 1]), emancipated=st.booleans())
    def save_civil_status(self, tab: int, emancipated: bool) -> None:
        self.save(tab, "civil_status", 0, {"emancipated": emancipated}, {})

    @rule(tab=st.sampled_from([0, 1]))
    def save_address(self, tab: int) -> None:
        self.save(tab, "home", 0, {"address": LILLE}, {})

    @rule(tab=st.sampled_from([0, 1]), items=st.sets(st.sampled_from(["needs_permit", "alone", "knows"])))
    def tick(self, tab: int, items: set[str]) -> None:
        self.save(tab, "sworn_statements", 0, {item: True for item in items}, {})

    @rule(tab=st.sampled_from([0, 1]))
    def reload_the_page(self, tab: int) -> None:
        self.read_page(self.tabs[tab])

    # Rows

    def children(self) -> list[int]:
        return sorted(row for section, row in self.model if section == "children")

    @precondition(lambda self: not self.over)
    @rule(name=st.sampled_from(["Ada", "Bob"]))
    def add_child(self, name: str) -> None:
        count = len(self.children())
        if count == 3:
            with pytest.raises(TooManyRows):
                actions.add_row(self.draft, "children", self.account)
            return
        answer = actions.add_row(self.draft, "children", self.account)
        saved = actions.save_section(self.draft, "children", answer.row, {"name": name}, {}, answer.revision, self.account)
        self.model["children", count] = {"name": name}
        self.tabs[0]["children", count] = saved.revision

    @precondition(lambda self: not self.over and self.children())
    @rule(tab=st.sampled_from([0, 1]), data=st.data())
    def remove_child(self, tab: int, data: st.DataObject) -> None:
        rows = self.children()
        row = data.draw(st.sampled_from(rows))
        read = self.tabs[tab].get(("children", row), 0)
        stored = queries.answers(self.draft)["children", row]
        if read != stored.revision:
            with pytest.raises(RevisionConflict):
                actions.remove_row(self.draft, "children", row, read, self.account)
            return
        actions.remove_row(self.draft, "children", row, read, self.account)
        names = [self.model.pop(("children", number)) for number in rows]
        del names[row]
        self.model.update({("children", number): payload for number, payload in enumerate(names)})

    @rule(tab=st.sampled_from([0, 1]), row=st.integers(0, 2))
    def save_child_from_a_tab(self, tab: int, row: int) -> None:
        if ("children", row) in self.model and ("children", row) in self.tabs[tab]:
            self.save(tab, "children", row, {"name": f"from tab {tab}"}, {})

    # Files

    @precondition(lambda self: not self.over)
    @rule(requirement=st.sampled_from(["passport", "payslip", "agreement", "dwelling__lease", "dwelling__host"]))
    def give_file(self, requirement: str) -> None:
        asked = {need.id for need in queries.evaluation(self.draft).requirements()}
        if requirement not in asked:
            return
        if len(self.files.get(requirement, [])) == 3:
            with pytest.raises(TooManyFiles):
                actions.add_document(self.draft, requirement, 0, a_file(self.account), self.account)
            return
        document = actions.add_document(self.draft, requirement, 0, a_file(self.account), self.account)
        self.files.setdefault(requirement, []).append(document.pk)

    @precondition(lambda self: not self.over and any(self.files.values()))
    @rule(data=st.data())
    def take_file_back(self, data: st.DataObject) -> None:
        requirement = data.draw(st.sampled_from(sorted(name for name, files in self.files.items() if files)))
        pk = data.draw(st.sampled_from(self.files[requirement]))
        actions.remove_document(self.draft, pk, self.account)
        self.files[requirement].remove(pk)

    @precondition(lambda self: not self.over)
    @rule(confirm=st.booleans())
    def ephoto(self, confirm: bool) -> None:
        if confirm:
            actions.confirm_ephoto(self.draft, EPHOTO, self.account)
            self.model["photo", 0] = {"number": EPHOTO}
        else:
            actions.remove_ephoto(self.draft, self.account)
            self.model["photo", 0] = {}
        self.typed["photo", 0] = {}

    # The way

    @precondition(lambda self: not self.over)
    @rule(step=st.sampled_from(STEPS))
    def go_to_any_step_and_resume(self, step: str) -> None:
        actions.move_to_step(self.draft, step)
        self.draft = queries.draft_of(self.account, self.draft.pk)
        assert self.draft.current_step == step

    @precondition(lambda self: not self.over)
    @rule()
    def fill_everything_in(self) -> None:
        fill(self.draft, self.account)
        answers = queries.answers(self.draft)
        self.model = {key: dict(answer.payload) for key, answer in answers.items()}
        self.typed = {key: dict(answer.typed) for key, answer in answers.items()}
        self.files = {}
        for document in queries.documents(self.draft):
            self.files.setdefault(document.requirement, []).append(document.pk)

    @rule()
    def deposit(self) -> None:
        if self.abandoned:
            with pytest.raises(NotADraft):
                actions.deposit(self.draft, self.account)
            return
        if self.number:
            assert actions.deposit(self.draft, self.account).number == self.number
            return
        try:
            application = actions.deposit(self.draft, self.account)
        except NotEligible as refusal:
            assert self.model["care", 0]["taken_in_on"] > str(add_years(self.birth, 16))
            assert refusal.blocks
        except NotReady as refusal:
            assert refusal.missing
        else:
            self.number = application.number
            self.deposited = everything_of(application)
            self.check_deposit(application)

    def check_deposit(self, application: Application) -> None:
        content = queries.snapshot(application).content
        asked = {need.id for need in queries.evaluation(application).requirements()}
        given = {document["requirement"] for document in content["documents"]}
        assert given == {requirement for requirement, files in self.files.items() if files and requirement in asked}
        assert content["answers"]["contact"] == self.model["contact", 0]
        assert [row["name"] for row in content["answers"]["children"]] == [
            self.model["children", row]["name"] for row in self.children()
        ]
        assert not any(self.typed.values())
        variant = content["statements"]["variant"]
        minor = clock.today() < add_years(self.birth, 18)
        assert variant == ("adult" if not minor else "emancipated" if self.model["civil_status", 0]["emancipated"] else "minor")

    @precondition(lambda self: not self.over)
    @rule(sure=st.booleans())
    def abandon(self, sure: bool) -> None:
        if sure:
            actions.abandon(self.draft, self.account)
            self.abandoned = True

    # What always holds

    @invariant()
    def nothing_saved_is_lost(self) -> None:
        if not hasattr(self, "draft") or self.over:
            return
        stored = queries.answers(self.draft)
        assert {key: answer.payload for key, answer in stored.items()} == self.model
        assert {key: answer.typed for key, answer in stored.items() if answer.typed} == {
            key: raw for key, raw in self.typed.items() if raw
        }
        given: dict[str, list[int]] = {}
        for document in queries.documents(self.draft):
            given.setdefault(document.requirement, []).append(document.pk)
        assert given == {requirement: files for requirement, files in self.files.items() if files}

    @invariant()
    def a_deposited_application_never_changes(self) -> None:
        if getattr(self, "number", None):
            assert everything_of(self.draft) == self.deposited
            assert OutboxMessage.objects.filter(intent=f"deposit:{self.draft.pk}").count() == 1

    @invariant()
    def what_is_abandoned_holds_nothing(self) -> None:
        if getattr(self, "abandoned", False):
            assert Application.objects.get(pk=self.draft.pk).state == State.ABANDONED
            assert not queries.answers(self.draft)
            assert not queries.documents(self.draft)

    @invariant()
    def the_log_tells_how_it_ended(self) -> None:
        if hasattr(self, "draft"):
            kinds = [event.kind for event in events.timeline(events.Subject("application", str(self.draft.pk)))]
            ends = [kind for kind in kinds if kind in {"deposited", "abandoned"}]
            assert ends == (["deposited"] if self.number else ["abandoned"] if self.abandoned else [])


@pytest.mark.django_db
def test_any_order_of_acts_keeps_what_a_draft_promises():
    endings: Counter[str] = Counter()

    class InTransaction(DraftStateMachine):
        """Each run is undone: a run never meets the rows of another."""

        def __init__(self) -> None:
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self) -> None:
            endings["deposited" if self.number else "abandoned" if self.abandoned else "draft"] += 1
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    run_state_machine_as_test(
        InTransaction,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert min(endings["deposited"], endings["abandoned"], endings["draft"]) >= 1, endings  # the runs reach every end
