"""The harness: settings of the tests, one scratch folder, the movable clock, harsher than production."""

import pytest

pytest_plugins = ["tests.fixtures", "tests.browser"]


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
