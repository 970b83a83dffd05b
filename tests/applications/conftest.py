"""The day of the tests of deposits."""

from datetime import datetime

import pytest
import time_machine

from guichet.core import clock

# Noon in Paris: no test straddles a Paris midnight.
NOON = datetime(2026, 6, 15, 12, tzinfo=clock.PARIS)


@pytest.fixture
def noon():
    with time_machine.travel(NOON):
        yield
