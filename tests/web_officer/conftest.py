"""Fixtures: a world, and browsers of officers whose second factor was checked."""

import pytest
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.appointments import queries
from guichet.instruction import actions
from guichet.instruction.actions import AskedItem
from tests.appointments import world as appointments
from tests.instruction import world as worlds

BACKEND = "guichet.accounts.backends.IdentifierBackend"


@pytest.fixture
def world(db):
    return worlds.build()


@pytest.fixture
def two_hands_world(db):
    return worlds.build(two_hands=True)


def browser_of(account, *, verified=True):
    """A client signed in as this account; ``verified``: its second factor was checked."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    if verified:
        device, _ = TOTPDevice.objects.get_or_create(user=account, name="totp", defaults={"confirmed": True})
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client


@pytest.fixture
def browse():
    """``browse(officer)``: a browser of this officer."""
    return lambda officer: browser_of(officer.account)


@pytest.fixture
def chief(world, browse):
    """The browser of who sets the office up."""
    return browse(world.officers["office_administrator"])


@pytest.fixture
def agenda(world):
    """An agenda of the office, with free places."""
    return appointments.an_agenda(world.office)


@pytest.fixture
def type(agenda):
    """What one comes for there."""
    return appointments.a_type(agenda)


@pytest.fixture
def asked(type):
    """Somebody has the first free place."""
    return appointments.ask(type, queries.first_free(type), appointments.details(last_name="Traoré", email="awa@example.org"))


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


@pytest.fixture
def application(world, agent):
    """Under review, one document accepted, one rejected."""
    application = world.deposited()
    actions.take_up(application, agent)
    actions.give_verdict(application, agent, "nationality", 0, "accepted")
    actions.give_verdict(application, agent, "home", 0, "rejected", "too_old", "Plus de six mois.")
    return application


@pytest.fixture
def requested(application, agent):
    """A complement request that waits for its opening."""
    return actions.request_complement(
        application, agent, [AskedItem("home", 0, "", "too_old"), AskedItem(label="Bulletin scolaire")]
    )
