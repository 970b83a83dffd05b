"""Every page asks the same number of queries of the database, whether there is one of everything or fifteen."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.accounts.models import Officer, Person, Post, Representation
from guichet.applications.models import Answer, Application, DepositSnapshot, SupportingDocument
from guichet.appointments.models import AppointmentType
from guichet.core import clock
from guichet.core.models import Event
from guichet.files.models import StoredFile
from guichet.instruction.models import ComplementItem, Decision, InternalNote
from guichet.messaging.models import Notification, OutboxMessage
from guichet.offices.models import Office
from guichet.support.actions import open_ticket
from tests.contracts import addresses, the_day, world
from tests.contracts.rules import RULES, SHOWN, expected

pytestmark = pytest.mark.django_db

MORE = 14
SET_UP = ("remise-de-titre", "etudiants")  # a type of either office
WHO_LOOKS = (
    *("owner", "here decision_maker", "here case_officer", "here office_administrator", "here national_administrator"),
    "anonymous",
)
# What asks the registry or makes a PDF, a picture: no page, and no list.
ROUTES = sorted(
    (route, state, who)
    for route in addresses.routes()
    for state in addresses.states_of(route)
    for who in WHO_LOOKS
    if route in RULES and expected(RULES[route], who, "get", state) == {SHOWN}
)


def copy(row, **changes):
    """One more row like this one."""
    more = type(row).objects.get(pk=row.pk)
    more.pk = uuid.uuid4() if isinstance(row.pk, uuid.UUID) else None
    more._state.adding = True
    for name, value in changes.items():
        setattr(more, name, value)
    more.save()
    return more


def more_papers(application, count, **changes):
    """More files for each document of an application."""
    for document in list(application.documents.select_related("file")):
        for _ in range(count):
            stored = copy(document.file, key=document.file.key)
            copy(document, file=stored, **changes)


def multiply(house):
    """Fifteen of everything: for the owner, for the office, in the outbox."""
    things = house.owner
    more_papers(things.draft, 2)
    for state in ("deposited", "under_review"):
        more_papers(things.in_state[state], 2, round=1)  # what was deposited is written once
    clerk = house.officers["here", "case_officer"]
    for place in range(MORE):
        copy_draft(things.draft)
        for state in ("deposited", "under_review", "awaiting", "proposed", "approved"):
            copy_application(things.in_state[state], place)
        ticket = open_ticket(kind="contact", email=f"q{place}@example.org", message="?", language="fr", office=house.office)
        assert ticket.number
        someone = copy(things.person, foreigner_number=f"77{place:08}")
        Representation.objects.create(account=things.account, person=someone, capacity="guardian")
        Notification.objects.create(
            intent=f"n{place}", account=things.account, kind="information", subject_kind="x", subject_id="1"
        )
        copy(house.announcement)
        more_agendas(house, place)
        the_day.more(house.day, place + 2)
        OutboxMessage.objects.filter(pk=copy(house.mail, intent=f"m{place}").pk).update(state="failed", attempts=9)
        colleague = world.an_officer("case_officer", house.office)
        Post.objects.create(officer=colleague, office=house.other_office, role="reception")
        another = Office.objects.filter(name__gt=house.office.name).order_by("name")[place]
        for officer, role in ((house.officers["here", "decision_maker"], "decision_maker"), (clerk, "case_officer")):
            Post.objects.get_or_create(officer=officer, office=another, role=role)  # more posts, no other acts on their pages
        InternalNote.objects.create(application=things.in_state["under_review"], officer=colleague, text="Vu.")
        Event.objects.create(
            kind="note_added",
            subject_kind="application",
            subject_id=str(things.in_state["under_review"].pk),
            actor_kind="officer",
            actor_id=str(colleague.pk),
            at=clock.now(),
        )
    for state in ("awaiting", "opened"):
        request = things.in_state[state].complement_requests.get()
        first = request.items.order_by("position").first()
        for place in range(MORE):
            copy(first, requirement=f"extra-{place + 5}", label=f"Papier {place}", position=place + 5)
            stored = copy(things.in_state[state].documents.first().file)
            SupportingDocument.objects.create(
                application=things.in_state[state], requirement=f"extra-{place + 5}", row=0, file=stored, round=request.round
            )


def more_agendas(house, place):
    """What an office set up: one more agenda with its hours, type and closure."""
    copy(house.closure, first_day=house.closure.first_day + timedelta(days=place), last_day=date.max)
    for type in AppointmentType.objects.filter(office__in=[house.office, house.other_office], slug__in=SET_UP):
        agenda = type.agendas.order_by("pk").first()
        more = copy(agenda, slug=f"{agenda.slug}-{place}")
        for hours in agenda.hours.all():
            copy(hours, agenda=more)
        copy(type, slug=f"{type.slug}-{place}").agendas.add(more)
        agenda.types.first().agendas.add(more)


def copy_draft(draft):
    more = copy(draft)
    for answer in draft.answers.all():
        copy(answer, application=more)
    for document in draft.documents.select_related("file")[:3]:
        copy(document, application=more, file=copy(document.file))
    return more


def copy_application(application, place):
    """As a deposit does it: first a draft, then its number."""
    more = copy(application, state="draft", number=None, deposited_at=None, office_id=None, silence_refuses_on=None)
    for document in application.documents.select_related("file")[:3]:
        copy(document, application=more, file=copy(document.file))
    more.number = f"{application.number[:12]}{place + 1:03}{application.number[-4:]}"
    more.state, more.office_id = application.state, application.office_id
    more.deposited_at = application.deposited_at + timedelta(seconds=place)
    more.silence_refuses_on = application.silence_refuses_on
    more.save()
    for decision in application.decisions.all():
        copy(decision, application=more)
    return more


@pytest.fixture(scope="module")
def counts(house, django_db_blocker):
    """{(route, state, who): (queries with one, queries with fifteen)}."""
    with django_db_blocker.unblock():
        few = measured(house)
        multiply(house)
        many = measured(house)
    return {place: (few[place], many[place]) for place in ROUTES}


def measured(house):
    found = {}
    for route, state, who in ROUTES:
        url = addresses.address(route, house, state)
        house.client(who).get(url)  # what is read once in a process is read
        with CaptureQueriesContext(connection) as asked:
            response = house.client(who).get(url)
        assert response.status_code == 200, (route, state, who, response.status_code)
        found[route, state, who] = [one["sql"] for one in asked]
    return found


@pytest.mark.parametrize("place", ROUTES, ids=lambda place: "-".join(place))
def test_a_page_asks_as_much_for_fifteen_as_for_one(counts, place):
    few, many = counts[place]
    assert len(many) <= len(few), f"{len(few)} → {len(many)}\n" + "\n".join(difference(few, many))
    assert len(few) <= 30, f"{len(few)} queries for one page"


def difference(few, many):
    """The queries that are asked more often."""
    shapes = [shape(sql) for sql in few]
    for sql in many:
        if shape(sql) in shapes:
            shapes.remove(shape(sql))
        else:
            yield sql[:300]


def shape(sql):
    return sql.partition(" WHERE ")[0]


def test_every_page_is_in_the_table():
    """Whatever is shown to someone is measured, or turned away from everyone who looks."""
    listed = {route for route, _state, _who in ROUTES}
    beside = {route for route in addresses.routes() if route not in listed}
    assert not {route for route in beside if SHOWN in shown(RULES[route])}


def shown(rule):
    """The outcomes of GET that are pages, over states."""
    return {rule.get} if isinstance(rule.get, str) else set(rule.get.values())


def test_there_really_is_more(counts, house):
    assert Application.objects.filter(filed_by=house.owner.account).count() > 60
    assert Representation.objects.filter(account=house.owner.account).count() == 15
    assert ComplementItem.objects.count() > 30 and Decision.objects.count() > 20 and Officer.objects.count() > 20
    assert StoredFile.objects.count() > 100 and Person.objects.count() > 15
    assert Answer.objects.count() > 60 and DepositSnapshot.objects.count() > 5
