"""Reads: everyone sees only theirs, pages are keyed, words fit the state, queries do not grow."""

import pytest
from django.utils import translation

from guichet.accounts.models import Representation
from guichet.applications import actions, queries, words
from guichet.applications.lifecycle import State
from guichet.applications.models import Application
from guichet.core import clock, events
from tests.applications.world import a_deposit, a_draft, a_file, a_full_draft, a_person, save

pytestmark = pytest.mark.django_db


def several_deposits(count):
    account, application = a_deposit()
    found = [application]
    for _ in range(count - 1):
        _other_account, other = a_deposit()
        Representation.objects.create(account=account, person=other.person, capacity="care_service")
        found.append(other)
    return account, found


def test_a_draft_is_not_an_application_and_the_other_way_round():
    account, draft = a_full_draft()
    assert queries.draft_of(account, draft.pk) == draft
    assert queries.deposited_from(account, draft.pk) is None
    application = actions.deposit(draft, account)
    assert queries.draft_of(account, draft.pk) is None
    assert queries.deposited_from(account, draft.pk) == application
    assert queries.application_of(account, application.number) == application
    assert queries.applications_of(account) == ([application], False)
    assert queries.drafts_of(account) == []


def test_nobody_reads_the_application_of_another():
    _, application = a_deposit()
    other, _ = a_person()
    assert queries.application_of(other, application.number) is None
    assert queries.deposited_from(other, application.pk) is None
    assert queries.applications_of(other) == ([], False)


def test_applications_come_newest_first_page_after_page():
    account, deposited = several_deposits(5)
    expected = sorted(deposited, key=lambda row: (row.deposited_at, row.pk), reverse=True)
    pages, after = [], None
    while True:
        page, more = queries.applications_of(account, after=after, size=2)
        pages.append(page)
        if not more:
            break
        after = (page[-1].deposited_at, page[-1].pk)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row for page in pages for row in page] == expected


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    account, deposited = several_deposits(4)
    with django_assert_num_queries(1):
        rows, _ = queries.applications_of(account)
        for row in rows:
            shown = [row.person.display_name, row.procedure.slug, row.office.name, row.filed_by.email]
            assert all([*shown, str(queries.state_in_words(row)), str(queries.next_step(row).text)])
    with django_assert_num_queries(1):
        assert all(document.file.name for document in queries.documents(deposited[0]))
    with django_assert_num_queries(1):
        queries.timeline(deposited[0])
    with django_assert_num_queries(1):
        queries.drafts_of(account)


def test_evaluating_a_draft_is_one_query(django_assert_num_queries):
    account, draft = a_full_draft()
    draft = queries.draft_of(account, draft.pk)
    with django_assert_num_queries(1):
        assert queries.evaluation(draft).statement_variant().id == "minor"
    rows = list(draft.answers.all())
    with django_assert_num_queries(0):
        assert queries.evaluation(draft, rows=rows).requirements()


def test_the_timeline_tells_what_concerns_the_person_in_their_language():
    _account, application = a_deposit()
    events.record("note_added", events.Subject("application", str(application.pk)), events.Actor("officer", "x"))
    with translation.override("fr"):
        assert [(entry.kind, str(entry.text)) for entry in queries.timeline(application)] == [
            ("deposited", "Vous avez déposé votre demande.")
        ]
    with translation.override("en"):
        assert str(queries.timeline(application)[0].text) == "You submitted your application."


@pytest.mark.parametrize("state", [state.value for state in State])
def test_every_state_says_where_it_stands_and_what_comes_next_in_both_languages(state):
    application = Application(state=state, procedure=a_draft()[1].procedure)
    said = {}
    for language in ("fr", "en"):
        with translation.override(language):
            said[language] = (str(queries.state_in_words(application)), str(queries.next_step(application).text))
    assert all(said["fr"]) and all(said["en"])
    assert said["fr"][1] != said["en"][1]


def test_what_is_proposed_is_not_told_to_the_person_before_it_is_decided():
    assert str(words.STATES[State.PROPOSED]) == str(words.STATES[State.UNDER_REVIEW])
    assert str(words.NEXT[State.PROPOSED]) == str(words.NEXT[State.UNDER_REVIEW])


def test_the_next_step_is_dated_where_a_date_is_known():
    _account, draft = a_draft()
    assert queries.next_step(draft).on == draft.kept_until
    _, application = a_deposit()
    assert queries.next_step(application).on == application.silence_refuses_on
    application.state = State.AWAITING_COMPLEMENT
    assert queries.next_step(application).on is None


def test_drafts_come_with_the_last_saved_first():
    account, first = a_draft()
    save(first, account, "contact", {"note": "x"})
    second = actions.start_draft(account, first.person, first.procedure)
    assert queries.drafts_of(account) == [second, first]
    actions.add_document(first, "passport", 0, a_file(account), account)
    assert queries.drafts_of(account) == [first, second]


@pytest.mark.parametrize(
    ("days", "text", "dated"), [(0, "NEXT", True), (1, "SILENCE_PASSED", True), (63, "CHALLENGE_OVER", False)]
)
def test_once_silence_may_have_refused_it_is_said_and_until_when_to_challenge(movable_clock, days, text, dated):
    _account, application = a_deposit()
    movable_clock.move(days=(application.silence_refuses_on - clock.today()).days + days)
    following = queries.next_step(application)
    expected = words.NEXT[State.DEPOSITED] if text == "NEXT" else getattr(words, text)
    assert str(following.text) == str(expected)
    assert (following.on is not None) == dated and (following.on is None or following.on >= clock.today())
