"""Every address × everyone × every state, asked by GET and by POST: a table, and nothing beside it.

A route that is not in the table fails; so does one that answers somebody otherwise than the table says. What belongs to
somebody else does not exist, whatever one owns oneself; and nothing that was only asked for wrote anything.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from guichet.accounts.models import Post
from guichet.applications.models import Application
from guichet.core.models import Event
from tests.contracts import addresses, world
from tests.contracts.rules import ANYONE, DOOR, FORBIDDEN, MOVED, OFFICERS_DOOR, RULES, STATUSES, expected

pytestmark = pytest.mark.django_db


def test_every_route_of_the_site_is_in_the_table():
    assert set(addresses.routes()) == set(RULES)


def outcome_of(response) -> str:
    if response.status_code == 302:
        for door, name in ((DOOR, "account:sign_in"), (OFFICERS_DOOR, "officer:sign_in")):
            if response["Location"].partition("?")[0] == reverse(name):
                return door
        return MOVED
    return STATUSES.get(response.status_code, str(response.status_code))


def doors_are_moves(found: str, route: str) -> str:
    """Of a page open to anyone, the doors are where one goes on."""
    return MOVED if found in (DOOR, OFFICERS_DOOR) and RULES[route].audience == ANYONE else found


def ask(house, who, method, url, data=None):
    """Asks and undoes what it did."""
    with transaction.atomic():
        response = getattr(house.client(who), method)(url, data or {})
        if not response.streaming:
            response.content  # noqa: B018 - drawn before it is undone
        transaction.set_rollback(True)
    return response


@pytest.fixture(autouse=True)
def the_demonstration(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("guichet.demo.world.start_afresh", lambda: None)


@pytest.mark.parametrize("who", world.EVERYONE)
def test_everyone_meets_what_the_table_says(house, who):
    wrong = []
    for route, state, url in addresses.every_address(house):
        for method in ("get", "post"):
            rule = RULES[route]
            allowed = expected(rule, who, method, state)
            # Of an elsewhere office the role is looked at before the office: either refusal tells nothing
            place, _, role = who.partition(" ")
            if place == "elsewhere" and rule.bound and isinstance(rule.audience, frozenset):
                allowed |= set() if role in rule.audience else {FORBIDDEN}
            found = doors_are_moves(outcome_of(ask(house, who, method, url)), route)
            if found not in allowed:
                wrong.append(f"{method} {route} ({state}): {found}, not {' or '.join(sorted(allowed))}")
    assert not wrong, "\n".join([who, *wrong])


def test_asking_writes_nothing(house):
    """GET and HEAD of everything, by whoever may: no event, state nor date changes (and the middleware raises on a write)."""
    before = _trace()
    for who in ("anonymous", "owner", "here decision_maker", "here office_administrator", "here national_administrator"):
        browser = house.client(who)
        for route, state, url in addresses.every_address(house):
            for method in ("get", "head"):
                response = getattr(browser, method)(url)
                assert response.status_code < 500, (method, route, state)
    assert _trace() == before


def _trace():
    from guichet.instruction.models import ComplementRequest, Decision
    from guichet.messaging.models import Notification, OutboxMessage

    return (
        Event.objects.count(),
        OutboxMessage.objects.count(),
        sorted(Application.objects.values_list("pk", "state", "revision", "updated_at", "current_step")),
        sorted(Notification.objects.values_list("pk", "read_at"), key=str),
        sorted(ComplementRequest.objects.values_list("pk", "opened_at"), key=str),
        sorted(Decision.objects.values_list("pk", "opened_at", "signed_at"), key=str),
    )


def test_head_answers_like_get_without_a_body(house):
    for who in ("anonymous", "owner", "here decision_maker"):
        browser = house.client(who)
        for route, state, url in addresses.every_address(house):
            got, head = browser.get(url), browser.head(url)
            assert got.status_code == head.status_code, (who, route, state, got.status_code, head.status_code)
            assert not head.content, route


def test_an_abandon_of_somebody_elses_draft_changes_nothing(house):
    before = _trace()
    ask(house, "intruder", "post", addresses.address("applicant:abandon", house))
    assert _trace() == before
    house.owner.draft.refresh_from_db()
    assert house.owner.draft.state == "draft" and house.owner.draft.answers.exists()


CROSSED = {
    # a thing of the intruder under the owner's name, and the other way: neither half opens the other
    "applicant:application_file": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.paper("deposited"),
    ),
    "applicant:application_preview": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.paper("deposited"),
    ),
    "applicant:draft_file": lambda house: (house.intruder.draft.pk, house.owner.paper("draft")),
    "applicant:draft_preview": lambda house: (house.intruder.draft.pk, house.owner.paper("draft")),
    "officer:document": lambda house: (house.intruder.in_state["deposited"].number, house.owner.paper("deposited")),
    "officer:document_page": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.paper("deposited"),
        1,
    ),
    "officer:official_document": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.receipt("deposited"),
    ),
}


@pytest.mark.parametrize("route", CROSSED)
def test_a_paper_is_found_under_its_own_application_only(house, route):
    who = "intruder" if route.startswith("applicant:") else "here case_officer"
    assert house.client(who).get(world.link(route, *CROSSED[route](house))).status_code == 404


def test_the_files_of_a_draft_are_not_reached_through_an_application_nor_by_officers(house):
    draft, number = house.owner.draft, house.owner.in_state["deposited"].number
    owner, officer = house.client("owner"), house.client("here decision_maker")
    assert owner.get(world.link("applicant:application_file", number, house.owner.paper("draft"))).status_code == 404
    assert officer.get(world.link("officer:document", number, house.owner.paper("draft"))).status_code == 404
    assert officer.get(f"/agents/dossiers/{draft.pk}/").status_code == 404
    assert owner.get(world.link("applicant:draft_file", draft.pk, house.owner.paper("deposited"))).status_code == 404


def test_the_items_of_a_request_are_answered_through_their_own_notification_only(house):
    item = house.owner.in_state["opened"].complement_requests.get().items.first()
    url = world.link("applicant:answer_item", house.intruder.notifications["opened"].pk, item.pk)
    given = {"choice": "keep", "keep_reason": "Il est lisible."}
    assert ask(house, "intruder", "post", url, given).status_code == 404
    item.refresh_from_db()
    assert not item.choice


def test_a_representative_acts_for_the_person_and_not_for_the_account(house):
    """They see applications and drafts of the person; what was written to the other account is the other account's."""
    listed = house.client("representative").get(world.link("applicant:applications")).content.decode()
    assert house.owner.in_state["deposited"].number in listed
    assert house.intruder.in_state["deposited"].number not in listed
    written = house.client("representative").get(world.link("applicant:notifications")).content.decode()
    assert not any(str(each.pk) in written for each in house.owner.notifications.values())


def test_an_account_that_was_closed_is_out_at_once(house):
    for who, url in (("owner", "/demandes/"), ("here case_officer", "/agents/")):
        account = house.account(who)
        with transaction.atomic():
            type(account).objects.filter(pk=account.pk).update(is_active=False)
            assert house.client(who).get(url).status_code == 302
            transaction.set_rollback(True)


def test_a_post_that_was_taken_away_closes_at_once(house):
    with transaction.atomic():
        Post.objects.filter(officer__account=house.account("here case_officer")).delete()
        browser = house.client("here case_officer")
        number = house.owner.in_state["deposited"].number
        assert browser.get(f"/agents/dossiers/{number}/").status_code == 404
        assert number not in browser.get("/agents/dossiers/").content.decode()
        transaction.set_rollback(True)
