"""One world for every contract: the real procedure, filed by its owner in every state, and everyone who may come and ask.

The *intruder* owns one of each thing too: whatever is refused to them is refused because it is somebody else's.
"""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.accounts.models import Account, Officer, Person, Post, Representation
from guichet.applications import actions as applications
from guichet.applications import queries
from guichet.applications.models import Application
from guichet.appointments import queries as appointments
from guichet.appointments.actions import close_days
from guichet.appointments.models import AppointmentType, Closure
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.demo import appointments as demo_appointments
from guichet.demo import filing, people
from guichet.instruction import actions as instruction
from guichet.instruction import letters
from guichet.instruction.models import Decision
from guichet.messaging.actions import announce
from guichet.messaging.models import Announcement, Notification, OutboxMessage
from guichet.offices.actions import load_offices
from guichet.offices.models import Office
from guichet.procedures.actions import publish_catalogue
from guichet.procedures.queries import current
from guichet.registries import actions as registries
from guichet.support.actions import open_ticket
from guichet.support.models import Ticket
from tests.contracts.the_day import Day, a_day
from tests.contracts.the_draws import Draws, the_draws

BACKEND = "guichet.accounts.backends.IdentifierBackend"
PASSWORD = "Un-Vrai-Secret-42!"
STATES = ("deposited", "under_review", "awaiting", "opened", "proposed", "approved", "refused")
OF_THE_INTRUDER = ("deposited", "opened")
MOTIVES = "Les conditions de l'article L423-22 ne sont pas réunies : la prise en charge est postérieure."
numbers = itertools.count(1)


@dataclass
class Belongings:
    """What one applicant has: a draft, and one application in each state."""

    account: Account
    person: Person
    draft: Application
    in_state: dict[str, Application]
    notifications: dict[str, Notification] = field(default_factory=dict)

    def paper(self, state: str) -> int:
        """The id of a file given for the application."""
        application = self.draft if state == "draft" else self.in_state[state]
        return int(application.documents.order_by("pk").first().pk)

    def letter(self, state: str) -> str:
        """The number of the latest official document about the application."""
        found = certificates.documents_of(("application", str(self.in_state[state].pk)))
        return str(list(found)[-1].number)

    def receipt(self, state: str) -> str:
        found = certificates.documents_of(("application", str(self.in_state[state].pk)))
        return next(str(each.number) for each in found if each.kind == "deposit_receipt")


@dataclass
class House:
    """The world: belongings of owner and intruder, officers by (place, role), a ticket, an announcement, a mail, a proposal."""

    owner: Belongings
    intruder: Belongings
    representative: Account
    visa_holder: Account
    officers: dict[tuple[str, str], Officer]
    ticket: Ticket
    announcement: Announcement
    mail: OutboxMessage
    type: AppointmentType
    closure: Closure
    office: Office
    other_office: Office
    day: Day
    draws: Draws
    sessions: dict[str, str] = field(default_factory=dict)

    @property
    def proposal(self) -> Decision:
        return self.owner.in_state["proposed"].decisions.get()

    def client(self, who: str, **more: Any) -> Client:
        """A browser of somebody of :data:`EVERYONE`, signed in as far as they are."""
        browser = Client(**more)
        if who != "anonymous":
            browser.cookies["session"] = self.sessions[who]
        return browser

    def account(self, who: str) -> Account:
        if who in ("owner", "intruder"):
            found: Account = getattr(self, who).account
            return found
        if who == "representative":
            return self.representative
        if who == "visa-holder":
            return self.visa_holder
        place, _, role = who.partition(" ")
        return self.officers["here" if place == "unverified" else place, role].account


ROLES = tuple(Post.Role.values)
OFFICERS = tuple(f"here {role}" for role in ROLES)
ELSEWHERE = tuple(f"elsewhere {role}" for role in ROLES if role != Post.Role.NATIONAL_ADMINISTRATOR)
UNVERIFIED = ("unverified case_officer",)
APPLICANTS = ("owner", "intruder", "representative", "visa-holder")
EVERYONE = ("anonymous", *APPLICANTS, *UNVERIFIED, *OFFICERS, *ELSEWHERE)


def _session_of(account: Account, *, verified: bool) -> str:
    """The key of a session signed in as this account; with ``verified`` its second factor was checked."""
    browser = Client()
    browser.force_login(account, backend=BACKEND)
    if verified and account.kind == Account.Kind.OFFICER:
        device, _ = TOTPDevice.objects.get_or_create(user=account, name="totp", defaults={"confirmed": True})
        session = SessionStore(browser.cookies["session"].value)
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return str(browser.cookies["session"].value)


def build(states: tuple[str, ...] = STATES) -> House:
    load_offices()
    publish_catalogue()
    registries.write_people([people.record_of(one, clock.today()) for one in people.PEOPLE])
    office = Office.objects.get(slug="lille")
    Office.objects.filter(pk=office.pk).update(two_hands=True)
    office.refresh_from_db()
    other = Office.objects.get(slug="lyon")
    officers = {
        (place, role): an_officer(role, None if role == Post.Role.NATIONAL_ADMINISTRATOR else where)
        for place, where in (("here", office), ("elsewhere", other))
        for role in ROLES
    }
    owner = belongings("5903007192", officers, states)
    intruder = belongings("5903007193", officers, tuple(state for state in states if state in OF_THE_INTRUDER))
    representative = an_account("Mandataire")
    Representation.objects.create(account=representative, person=owner.person, capacity="guardian")
    Representation.objects.create(account=representative, person=a_person("5903007195"), capacity="guardian")
    ticket = open_ticket(kind="contact", email="quelquun@example.org", message="Bonjour ?", language="fr", office=office)
    house = House(
        owner=owner,
        intruder=intruder,
        representative=representative,
        visa_holder=by_visa("FRA2600099991"),
        officers=officers,
        ticket=ticket,
        announcement=announce(
            text_fr="Une démarche ouvre.",
            text_en="A procedure opens.",
            level=Announcement.Level.INFO,
            first_day=clock.today(),
            last_day=None,
            by=SYSTEM,
        ),
        mail=OutboxMessage.objects.filter(template="deposit").first() or OutboxMessage.objects.first(),
        type=a_type(),
        closure=a_closure(office),
        office=office,
        other_office=other,
        day=a_day(office),
        draws=the_draws(office),
    )
    for who in EVERYONE[1:]:
        house.sessions[who] = _session_of(house.account(who), verified=not who.startswith("unverified"))
    return house


def an_officer(role: str, office: Office | None) -> Officer:
    serial = next(numbers)
    account = Account.objects.create(
        kind=Account.Kind.OFFICER,
        identifier=f"agent{serial}@bureau.example",
        email=f"agent{serial}@bureau.example",
        display_name=f"Agent {serial}",
    )
    account.set_password(PASSWORD)
    account.save()
    officer = Officer.objects.create(account=account, name=f"Agent {serial}")
    Post.objects.create(officer=officer, role=role, office=office)
    return officer


def an_account(name: str) -> Account:
    serial = next(numbers)
    account = Account(identifier=f"compte{serial}@example.org", email=f"compte{serial}@example.org", display_name=name)
    account.set_password(PASSWORD)
    account.save()
    return account


def by_visa(number: str) -> Account:
    """Somebody who came by a visa: no password, an identity of VISABIO."""
    serial = next(numbers)
    account = Account(identifier=f"{Account.BY_VISA}{number}", email=f"visa{serial}@example.org", display_name="Min-jun SEO")
    account.set_unusable_password()
    account.save()
    day = clock.today()
    person = Person.objects.create(
        visa_number=number,
        visa_valid_from=day,
        visa_valid_until=day,
        birth_name="SEO",
        first_names="Min-jun",
        birth_date_text="1995-03-02",
        origin=Person.Origin.VISABIO,
        frozen_at=clock.now(),
    )
    Representation.objects.create(account=account, person=person)
    return account


def a_person(foreigner_number: str) -> Person:
    record = people.record_of(people.person(foreigner_number), clock.today())
    return Person.objects.create(
        foreigner_number=record.foreigner_number,
        birth_name=record.birth_name,
        first_names=record.first_names,
        sex=record.sex,
        birth_date_text=str(record.birth_date),
        birth_country=record.birth_country,
        birth_place=record.birth_place,
        nationality=record.nationality,
        origin=Person.Origin.REGISTRY,
        frozen_at=clock.now(),
    )


def belongings(foreigner_number: str, officers: dict[tuple[str, str], Officer], states: tuple[str, ...]) -> Belongings:
    person = a_person(foreigner_number)
    account = an_account(person.display_name)
    Representation.objects.create(account=account, person=person)
    in_state = {state: deposited(account, person) for state in states}
    clerk, signatory = officers["here", "case_officer"], officers["here", "decision_maker"]
    for state, application in in_state.items():
        if state != "deposited":
            lead_to(state, application, account, clerk, signatory)
    found = Belongings(account, person, a_draft(account, person), in_state)
    for state, application in in_state.items():
        about = Notification.objects.filter(account=account, data__number=application.number).first()
        if about:
            found.notifications[state] = about
    return found


def answers() -> dict[str, dict[str, Any]]:
    return filing.answers_of(people.person("5903007192"), clock.today())


def a_type() -> AppointmentType:
    """The offices of the demonstration open their agendas; the type that anybody may take."""
    demo_appointments.make(Office.objects.in_bulk(("lille", "saint-etienne", "lyon"), field_name="slug"))
    found = appointments.type_of("saint-etienne", "admission-exceptionnelle")
    assert found is not None
    return found


def a_closure(office: Office) -> Closure:
    """A day, beyond the slots that are made, on which an office receives nobody."""
    day = clock.today() + timedelta(days=90)
    close_days(office, day, day, by=SYSTEM, reason="Travaux.")
    return Closure.objects.get(office=office, first_day=day)


def a_draft(account: Account, person: Person, *, full: bool = True) -> Application:
    """A draft on its last step, nothing missing when ``full``."""
    procedure = current("ase", clock.today())
    assert procedure is not None
    draft = applications.start_draft(account, person, procedure)
    if full:
        for section, payload in answers().items():
            if payload:
                stored = queries.answers(draft).get((section, 0))
                applications.save_section(draft, section, 0, payload, {}, stored.revision if stored else 0, account)
        applications.confirm_ephoto(draft, filing.EPHOTO, account)
        variant = queries.evaluation(draft).statement_variant()
        assert variant is not None
        applications.save_section(draft, "sworn_statements", 0, {item: True for item in variant.items}, {}, 0, account)
        papers = filing._papers(people.person("5903007192"), account)
        for index, asked in enumerate(need for need in queries.evaluation(draft).requirements() if need.required):
            applications.add_document(draft, asked.id, asked.row, papers[index % 2], account)
        applications.move_to_step(draft, "documents")
    return draft


def deposited(account: Account, person: Person) -> Application:
    return applications.deposit(a_draft(account, person), account, "")


def lead_to(state: str, application: Application, account: Account, clerk: Officer, signatory: Officer) -> None:
    """Takes a deposited application as far as ``state``, by the acts of those whose acts they are."""
    instruction.take_up(application, clerk)
    if state in ("awaiting", "opened"):
        instruction.give_verdict(application, clerk, "nationality", 0, "rejected", "illegible", "Page 2 floue.")
        item = instruction.AskedItem(requirement="nationality", reason="illegible", observation="Page 2 floue.")
        request = instruction.request_complement(application, clerk, [item, instruction.AskedItem(label="Bulletin")])
        if state == "opened":
            instruction.open_complement_request(request, account)
    if state in ("proposed", "approved"):
        terms = letters.defaults_for(application, clock.today())
        decision = instruction.propose_decision(application, clerk, "favourable", **terms)
    elif state == "refused":
        decision = instruction.propose_decision(application, clerk, "refusal", motivation=MOTIVES)
    if state in ("approved", "refused"):
        instruction.sign_decision(decision, signatory)
    application.refresh_from_db()


def link(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)
