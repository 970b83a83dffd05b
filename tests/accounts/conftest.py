import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def forgotten_limits(request):
    """The cache lives outside of the tables that tests empty."""
    if "django_db_setup" in request.fixturenames or "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        cache.clear()
