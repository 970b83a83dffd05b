"""The demonstration's pages are routed in these tests."""

import pytest


@pytest.fixture(autouse=True)
def demonstration_routes(settings):
    settings.ROOT_URLCONF = "tests.demo.urls"
