"""Who may do what, in which state: every state × verb × role, against the table written by hand below."""

import itertools

import pytest

from guichet.accounts.models import Post
from guichet.applications import lifecycle
from guichet.instruction import powers

RECEPTION, CASE, MAKER, OFFICE, NATIONAL = powers.ROLES
VERBS = (
    "read", "add_note", "take_up", "take_over", "assign", "give_verdict", "request_complement", "decide", "propose",
    "close_incomplete", "sign", "send_back", "reopen", "give_number", "issue_certificate",
    "stop_certificate", "convoke", "announce_permit",
)  # fmt: skip
OPEN_AND_DECIDED = [
    "deposited", "under_review", "awaiting_complement", "proposed", "approved", "refused", "closed_incomplete",
]  # fmt: skip
STATES = ["draft", "abandoned", "expired", *OPEN_AND_DECIDED]


def expected(verb: str, role: str, state: str, hands: int) -> bool:  # noqa: C901 - one case a rule
    """The rules in plain words, apart from the table."""
    if state in ("draft", "abandoned", "expired"):
        return False  # a draft is its owner's
    works = role in (CASE, MAKER)
    match verb:
        case "read":
            return True
        case "add_note":
            return role in (CASE, MAKER, OFFICE)
        case "take_up":
            return works and state == "deposited"
        case "take_over":
            return works and state in ("under_review", "awaiting_complement", "proposed")
        case "assign":
            return role == OFFICE and state in ("deposited", "under_review", "awaiting_complement", "proposed")
        case "give_verdict" | "request_complement":
            return works and state == "under_review"
        case "decide":
            return works and state == "under_review" and hands == 1
        case "propose":
            return works and state == "under_review" and hands == 2
        case "close_incomplete":
            return works and state in ("under_review", "awaiting_complement")
        case "sign" | "send_back":
            return role == MAKER and state == "proposed"
        case "give_number":
            return works
        case "reopen":
            return works and state == "closed_incomplete"
        case "issue_certificate":
            return works and state in ("deposited", "under_review", "awaiting_complement", "proposed")
        case "stop_certificate":
            open_still = state in ("deposited", "under_review", "awaiting_complement", "proposed")
            return open_still and (role == MAKER or (role == CASE and hands == 1))
        case "convoke":
            return works and state not in ("refused", "closed_incomplete")
        case "announce_permit":
            return role in (RECEPTION, CASE, MAKER) and state == "approved"
    raise AssertionError(verb)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_open_to_the_right_roles_in_the_right_states(verb):
    for role, state, hands in itertools.product(powers.ROLES, STATES, (1, 2)):
        assert powers.allowed(verb, [role], state, two_hands=hands == 2) is expected(verb, role, state, hands), (
            role,
            state,
            hands,
        )


def test_the_table_holds_no_verb_that_is_not_tested():
    assert {power.verb for power in powers.POWERS} == set(VERBS)


def test_somebody_without_a_post_may_do_nothing():
    for state, hands in itertools.product(STATES, (True, False)):
        assert powers.allowed_verbs([], state, two_hands=hands) == frozenset()


def test_several_posts_add_up():
    both = powers.allowed_verbs([RECEPTION, MAKER], "proposed", two_hands=True)
    assert both == powers.allowed_verbs([MAKER], "proposed", two_hands=True)
    assert {"sign", "send_back"} <= both


def test_roles_and_states_are_those_of_the_other_tables():
    assert set(powers.ROLES) == set(Post.Role.values)
    assert set(powers.OPEN_STATES) == set(lifecycle.OPEN)
    assert set(powers.DECIDED_STATES) == set(lifecycle.DECIDED)


@pytest.mark.parametrize(
    ("verb", "roles"),
    [
        ("answer_tickets", {RECEPTION, CASE, OFFICE, NATIONAL}),
        ("see_signatures", {MAKER}),
        ("see_set_up", {OFFICE, NATIONAL}),
        ("retry_mails", {OFFICE, NATIONAL}),
        ("see_agendas", set(powers.ROLES)),
        ("set_up_agendas", {OFFICE}),
    ],
)
def test_the_pages_of_an_office_open_to_the_right_roles(verb, roles):
    assert {role for role in powers.ROLES if powers.opens(verb, [role])} == roles


def test_every_move_that_a_power_offers_exists_in_the_lifecycle():
    """A button that the table shows leads to a move that some role of the lifecycle may make from that state."""
    moves = {
        "take_up": "take_up", "request_complement": "request_complement", "propose": "propose", "send_back": "send_back",
        "sign": "approve", "decide": "approve", "reopen": "reopen", "close_incomplete": "close_incomplete",
    }  # fmt: skip
    for power in powers.POWERS:
        if power.verb in moves:
            for state in power.states:
                assert state in lifecycle.BY_VERB[moves[power.verb]].sources, (power.verb, state)
        if power.verb in ("take_up", "request_complement", "propose", "send_back", "sign", "reopen"):
            for state, role in itertools.product(power.states, power.roles):
                assert lifecycle.may(state, moves[power.verb], [role]), (power.verb, state, role)
