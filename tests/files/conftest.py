import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guichet.files.actions import FileRefused, receive


@pytest.fixture
def send(db):
    """Sends bytes under a name, as a page does; whatever the browser says of their type is a lie."""

    def sending(content: bytes, name: str = "document.pdf", content_type: str = "image/png"):
        return receive(SimpleUploadedFile(name, content, content_type=content_type), account=None)

    return sending


@pytest.fixture
def refused(send):
    """Sends bytes that must be refused; returns the refusal."""

    def sending(content: bytes, name: str = "document.pdf") -> FileRefused:
        with pytest.raises(FileRefused) as refusal:
            send(content, name)
        return refusal.value

    return sending
