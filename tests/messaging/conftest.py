"""A real SMTP server, and accounts to write to."""

import socket

import pytest
from aiosmtpd.controller import Controller

from guichet.accounts.models import Account


class Letterbox:
    """Keeps what it receives; ``answer`` is what the server says next ("" accepts)."""

    def __init__(self) -> None:
        self.received = []
        self.answer = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope.content.decode("utf-8", "replace"))
        return "250 taken"


@pytest.fixture
def smtp_server(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    letterbox = Letterbox()
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.OUTBOX_TRANSPORT = "smtp"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    yield letterbox
    controller.stop()


@pytest.fixture
def account(db):
    return Account.objects.create(identifier="5903007192", email="anh@example.org", display_name="Minh Anh NGUYEN")
