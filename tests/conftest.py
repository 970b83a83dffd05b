"""The harness: settings of the tests, one scratch folder, the movable clock, harsher than production."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.fixtures", "tests.browser", "tests.typography"]

# A busy machine is slow, not wrong: no example fails for the time it took to draw or to run.
settings.register_profile("guichet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("guichet")


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path_factory):
    """Every test has its own private folder."""
    folder = tmp_path_factory.mktemp("private")
    settings.PRIVATE_DIR = folder
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder), "base_url": None}},
    }
    yield folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database; before it is dropped, the connections that a live site's threads left open are ended."""
    yield
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
