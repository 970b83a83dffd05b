"""A FranceConnect that may lie."""

import pytest

from guichet.accounts.franceconnect import provider as franceconnect
from tests.accounts.helpers import record
from tests.accounts.provider import CLIENT, SECRET, Provider


@pytest.fixture
def provider(settings):
    franceconnect._descriptions.clear()
    made = Provider()
    made.claims["birthdate"] = str(record().birth_date)
    settings.FRANCECONNECT = {"issuer": made.issuer, "client_id": CLIENT, "client_secret": SECRET, "simulated": True}
    yield made
    made.close()
