"""A visitor, and the catalogue published once."""

import pytest
from django.core.cache import cache
from django.test import Client

from guichet.procedures.actions import publish_catalogue


@pytest.fixture
def visitor():
    return Client(headers={"host": "localhost"})


@pytest.fixture
def catalogue(db):
    publish_catalogue()


@pytest.fixture(autouse=True)
def empty_cache(db):
    cache.clear()
