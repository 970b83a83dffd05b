import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guichet.files import queries
from guichet.files.actions import FileRefused, receive

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((300, 200), 40).convert("RGB").save(written, "JPEG")
    return written.getvalue()


def test_a_photo_is_taken_and_read_back():
    stored = receive(SimpleUploadedFile("ma photo.png", photo()), account=None)
    assert (stored.name, stored.content_type, stored.pages, stored.scan) == ("ma photo.jpg", "image/jpeg", 1, "not_scanned")
    assert queries.content(stored)[:3] == b"\xff\xd8\xff"


def test_an_empty_file_is_refused():
    with pytest.raises(FileRefused) as refusal:
        receive(SimpleUploadedFile("a.pdf", b""), account=None)
    assert refusal.value.code == "empty"
