"""What the photo registry promises, by its simulator and over HTTP alike."""

import io

import pytest
from PIL import Image

from guichet.registries.errors import RegistryUnavailable

KNOWN = "1234567890123456789012"


@pytest.fixture
def ephotos(registry):
    return registry("ephoto")


@pytest.mark.parametrize("number", [KNOWN, "ABCDEFGHIJ12345678901", "ABCDEFGHIJ123456789012"])
def test_a_known_number_gives_a_portrait_and_a_signature(ephotos, number):
    found = ephotos.look_up(number)
    assert (found.number, found.status) == (number, "available")
    portrait, signature = (Image.open(io.BytesIO(image)) for image in (found.photo, found.signature))
    assert portrait.size == (413, 531) and signature.size == (600, 200)
    assert len(portrait.getcolors(maxcolors=100_000)) > 3  # something is drawn


def test_the_same_number_gives_the_same_pictures_and_another_gives_others(ephotos):
    assert ephotos.look_up(KNOWN) == ephotos.look_up(KNOWN)
    other = ephotos.look_up("1234567890123456789013")
    assert other.photo != ephotos.look_up(KNOWN).photo and other.signature != ephotos.look_up(KNOWN).signature


@pytest.mark.parametrize("number", ["1234567890123456789017", "123", "12345678901234567890123456"])
def test_an_unknown_number_is_none(ephotos, number):
    assert ephotos.look_up(number) is None


def test_a_number_already_used_is_told_without_any_face(ephotos):
    found = ephotos.look_up("1234567890123456789018")
    assert (found.status, found.photo, found.signature) == ("used", b"", b"")


@pytest.mark.parametrize(("number", "reason"), [("1234567890123456780009", "timeout"), ("1234567890123456780006", "error")])
def test_a_registry_that_fails_is_unavailable_and_never_unknown(ephotos, number, reason):
    with pytest.raises(RegistryUnavailable) as failure:
        ephotos.look_up(number)
    assert (failure.value.registry, failure.value.reason) == ("ephoto", reason)


def test_it_is_reachable(ephotos):
    assert ephotos.reachable() is True
