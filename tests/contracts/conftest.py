"""The world of the contracts is made once for each module, in a transaction that is undone at its end."""

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.test import override_settings

from tests.contracts import world


@pytest.fixture(scope="module")
def kept_folder(tmp_path_factory):
    """The private folder of a whole module."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture(autouse=True)
def private_folder(kept_folder):
    """In place of a folder for each test: the files of the world outlive the test that reads them."""
    with folder_of(kept_folder):
        yield kept_folder


def folder_of(folder):
    """The settings of a world: its folder, and the whole map of the site."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder), "base_url": None}}
    return override_settings(
        PRIVATE_DIR=folder, STORAGES={**settings.STORAGES, "default": default}, ROOT_URLCONF="tests.contracts.demo_urls"
    )


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, kept_folder):
    """The world, within one transaction: each test adds its own below."""
    with django_db_blocker.unblock(), transaction.atomic(), folder_of(kept_folder):
        try:
            yield world.build()
        finally:
            transaction.set_rollback(True)
    storages._storages = {}
