"""Keys of people: made with the site's secret, the same as long as the secret is."""

import pytest
from django.utils.crypto import salted_hmac

from guichet.appointments import keys


@pytest.mark.parametrize("value", ["a", "é" * 300, "session-1"])
def test_a_key_is_the_salted_hash_of_the_framework(value):
    expected = salted_hmac("guichet.appointments.session", value, algorithm="sha256").hexdigest()
    assert keys.of_session(value) == expected != keys.of_proof(value)


def test_another_secret_makes_another_key(settings):
    before = keys.of_session("a")
    settings.SECRET_KEY = "another secret, long enough to be one"
    assert keys.of_session("a") != before
