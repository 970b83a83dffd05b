"""URL × role: who gets in, who is sent to the door, who is refused, for whom an address does not exist."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guichet.appointments.actions import close_days
from guichet.appointments.models import Closure
from guichet.certificates.actions import issue
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.instruction import actions
from guichet.instruction.letters import data_for
from guichet.instruction.models import Decision
from guichet.messaging.actions import announce
from guichet.support.actions import open_ticket
from guichet.web.officer import urls
from tests.appointments.world import a_type, an_agenda
from tests.contracts.the_day import a_day
from tests.contracts.the_draws import the_draws
from tests.web_officer.conftest import browser_of

pytestmark = pytest.mark.django_db

ROLES = ("reception", "case_officer", "decision_maker", "office_administrator", "national_administrator")
EVERYONE = set(ROLES)
WORKERS = {"case_officer", "decision_maker"}
NATIONAL = {"national_administrator"}
ADMINISTRATORS = {"office_administrator", "national_administrator"}
RECEIVERS = {"reception", "case_officer"}

# route → (method, roles that may use it). Sign-in pages are open: they are tested with the ways in.
OPEN = {"sign_in", "second_factor", "sign_out", "set_password", "set_up"}
PAGES = {
    "home": ("get", EVERYONE),
    "queue": ("get", EVERYONE),
    "assign_many": ("post", {"office_administrator"}),  # with «me», those who instruct: see test_bulk
    "review": ("get", EVERYONE),
    "document": ("get", EVERYONE),
    "document_page": ("get", EVERYONE),
    "official_document": ("get", EVERYONE),
    "ephoto": ("get", EVERYONE),
    "take_up": ("post", WORKERS),
    "assign": ("post", {"office_administrator"}),
    "verdict": ("post", WORKERS),
    "note": ("post", WORKERS | {"office_administrator"}),
    "reopen": ("post", WORKERS),
    "give_number": ("get", WORKERS),
    "complement": ("get", WORKERS),
    "decision": ("get", WORKERS),
    "decision_letter": ("post", WORKERS),
    "certificates": ("get", EVERYONE),
    "file_appointments": ("get", EVERYONE),
    "signatures": ("get", {"decision_maker"}),
    "signature": ("get", {"decision_maker"}),
    "signature_letter": ("get", {"decision_maker"}),
    "tickets": ("get", EVERYONE - {"decision_maker"}),
    "ticket": ("get", EVERYONE - {"decision_maker"}),
    "ticket_identity": ("get", EVERYONE - {"decision_maker", "reception"}),
    "ticket_convoke": ("get", EVERYONE - {"decision_maker"}),
    "ticket_hand_over": ("get", ADMINISTRATORS),
    "announcements": ("get", NATIONAL),
    "announce": ("get", NATIONAL),
    "announcement": ("get", NATIONAL),
    "withdraw_announcement": ("post", NATIONAL),
    "agendas": ("get", EVERYONE),
    "agenda": ("get", EVERYONE),
    "agenda_new": ("get", {"office_administrator"}),
    "closures": ("get", EVERYONE),
    "reopen_days": ("post", {"office_administrator"}),
    "appointment_type": ("get", EVERYONE),
    "appointment_type_new": ("get", {"office_administrator"}),
    "to_move": ("get", EVERYONE),
    "draws": ("get", EVERYONE),
    "draw": ("get", EVERYONE),
    "draw_new": ("get", {"office_administrator"}),
    "draw_cancel": ("post", {"office_administrator"}),
    **{name: ("get", RECEIVERS) for name in ("rdv", "rdv_list", "rdv_queue", "rdv_number", "rdv_types")},
    **{name: ("get", RECEIVERS) for name in ("rdv_ticket", "rdv_slots", "rdv_book", "rdv_booking", "rdv_convocation")},
    **{name: ("get", RECEIVERS) for name in ("rdv_cancel", "rdv_move", "rdv_move_to")},
    **{name: ("post", RECEIVERS) for name in ("rdv_check_in", "rdv_call_next", "rdv_note", "rdv_visit")},
    "rdv_figures": ("get", RECEIVERS | {"office_administrator"}),
    "state": ("get", ADMINISTRATORS),
    "retry": ("post", ADMINISTRATORS),
}
# Pages about one application, one proposal or one ticket: out of the office, they do not exist.
ANNOUNCEMENTS = {"announcements", "announce", "announcement", "withdraw_announcement"}
# Everybody finds their own office's there.
OWN_DAY = {"rdv", "rdv_list", "rdv_queue", "rdv_number", "rdv_types", "rdv_check_in", "rdv_call_next", "rdv_figures"}
BOUND = (
    set(PAGES)
    - OWN_DAY
    - {"home", "queue", "assign_many", "signatures", "tickets", "agendas", "state", "retry"}
    - ANNOUNCEMENTS
)
# In reach, but there is nothing behind: no e-photo was kept, no such message, a letter without its terms.
EMPTY = {"ephoto", "retry", "decision_letter"}


@pytest.fixture
def addresses(two_hands_world):
    """The address of each route, about real things of the first office."""
    world = two_hands_world
    agent = world.officers["case_officer"]
    application, proposed = world.deposited(), world.deposited()
    actions.take_up(application, agent)
    actions.take_up(proposed, agent)
    proposal = actions.propose_decision(
        proposed, agent, "refusal", motivation="Les conditions de l'article L423-22 ne sont pas réunies."
    )
    ticket = open_ticket(kind="contact", email="quelquun@example.org", message="Bonjour ?", language="fr", office=world.office)
    announcement = announce(text_fr="A", text_en="A", level="info", first_day=clock.today(), last_day=None, by=SYSTEM)
    number, document = application.number, application.documents.first()
    agenda = an_agenda(world.office)
    type = a_type(agenda)
    day = clock.today() + timedelta(days=90)
    close_days(world.office, day, day, by=SYSTEM)
    office = world.office.slug
    today = a_day(world.office)
    draw = the_draws(world.office).open
    letter = issue(
        "refusal",
        subject=("application", str(application.pk)),
        data=data_for(application, Decision(application=application, kind="refusal", motivation="Motifs.", signed_by=agent)),
        language="fr",
    )
    arguments = {
        "document": [number, document.pk],
        "document_page": [number, document.pk, 1],
        "official_document": [number, letter.number],
        "ephoto": [number, "photo"],
        "signature": [proposal.pk],
        "signature_letter": [proposal.pk],
        **{name: [ticket.number] for name in ("ticket", "ticket_identity", "ticket_convoke", "ticket_hand_over")},
        "announcement": [announcement.pk],
        "withdraw_announcement": [announcement.pk],
        "agenda": [office, agenda.slug],
        "appointment_type": [office, type.slug],
        "reopen_days": [office, Closure.objects.get().pk],
        **{name: [office] for name in ("agenda_new", "appointment_type_new", "closures", "to_move")},
        **{name: [office] for name in ("draws", "draw_new")},
        **{name: [office, draw.pk] for name in ("draw", "draw_cancel")},
        "agendas": [],
        **{name: [] for name in OWN_DAY},
        **{name: [today.expected.pk] for name in ("rdv_booking", "rdv_note", "rdv_convocation", "rdv_cancel", "rdv_move")},
        "rdv_move_to": [today.expected.pk, today.free.pk],
        **{name: [today.visit.pk] for name in ("rdv_visit", "rdv_ticket")},
        "rdv_slots": [today.expected.type.slug],
        "rdv_book": [today.expected.type.slug, today.free.pk],
        "retry": ["00000000-0000-0000-0000-000000000000"],
        **{
            name: [] for name in ("home", "queue", "assign_many", "signatures", "tickets", "state", "announcements", "announce")
        },
    }
    return {name: reverse(f"officer:{name}", args=arguments.get(name, [number])) for name in PAGES}


def ask(client, method, address):
    return getattr(client, method)(address)


def test_every_route_is_in_the_table():
    assert {route.name for route in urls.urlpatterns} == set(PAGES) | OPEN


def test_each_role_opens_its_pages_and_no_other(two_hands_world, addresses):
    for role in ROLES:
        client = browser_of(two_hands_world.officers[role].account)
        for name, (method, roles) in PAGES.items():
            status = ask(client, method, addresses[name]).status_code
            if role in roles:
                assert status in ({404} if name in EMPTY else {200, 302}), (role, name, status)
            else:
                assert status in ({403, 404} if name in EMPTY else {403}), (role, name, status)


def test_an_officer_of_another_office_finds_nothing(two_hands_world, addresses):
    client = browser_of(two_hands_world.elsewhere.account)
    for name in sorted(BOUND):
        assert ask(client, PAGES[name][0], addresses[name]).status_code == 404, name
    for name in ("home", "queue", "assign_many", "signatures", "tickets"):
        body = client.get(addresses[name]).content.decode()
        assert not re.search(r"9901\d{15}", body), name


def test_an_officer_without_a_post_sees_nothing_of_anyone(two_hands_world, addresses):
    client = browser_of(two_hands_world.nobody.account)
    for name, (method, _) in PAGES.items():
        response = ask(client, method, addresses[name])
        assert response.status_code in (200, 403, 404), name
        assert not re.search(rb"9901\d{15}", response.content), name


def test_strangers_are_sent_to_the_door_and_back(two_hands_world, addresses):
    anonymous, unverified = Client(), browser_of(two_hands_world.officers["case_officer"].account, verified=False)
    for client in (anonymous, unverified):
        for name, (method, _) in PAGES.items():
            response = ask(client, method, addresses[name])
            assert response.status_code == 302, name
            assert response["Location"].startswith(reverse("officer:sign_in")), name


def test_an_applicant_is_refused_everywhere(two_hands_world, addresses):
    client = browser_of(two_hands_world.account(), verified=False)
    for name, (method, _) in PAGES.items():
        assert ask(client, method, addresses[name]).status_code == 403, name


def test_acts_are_posted(two_hands_world, addresses):
    """An act's address read by GET changes nothing and leads to the sheet, in the language asked."""
    client = browser_of(two_hands_world.officers["decision_maker"].account)
    sheet = addresses["review"]
    for name in ("take_up", "assign", "verdict", "note", "reopen"):
        response = client.get(addresses[name] + "?lang=en")
        assert (response.status_code, response["Location"]) == (302, f"{sheet}?lang=en"), name
    assert client.get(addresses["decision_letter"]).status_code == 405
    administrator = browser_of(two_hands_world.officers["office_administrator"].account)
    assert administrator.get(addresses["retry"]).status_code == 405


def test_a_draft_exists_for_no_officer(two_hands_world):
    world = two_hands_world
    application = world.deposited()
    client = browser_of(world.officers["national_administrator"].account)
    for number in ("", "0", "x" * 30, str(application.pk), "٣" * 19):
        if number:
            assert client.get(f"/agents/dossiers/{number}/").status_code == 404
