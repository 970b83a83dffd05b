"""The world of the journeys: the demonstration's people and officers, mails read from the outbox, PDFs read back."""

import io
import re
import time
from base64 import b32decode

import pypdf
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.core import clock, worker
from guichet.demo import people, world
from guichet.demo.handles import PASSWORD, TOTP_SECRET
from guichet.messaging.models import OutboxMessage
from guichet.procedures.actions import publish_catalogue

LINK = re.compile(r"https?://\S+")


def make() -> None:
    """People whom the simulated registry knows, officers of Lille, Lyon and Saint-Étienne, the catalogue."""
    publish_catalogue()
    world.people_and_officers(clock.today(), make_password(PASSWORD))


def code_of_the_moment() -> int:
    """The officer's next code. Half a minute passes between two sign-ins: the device forgets the code it saw last."""
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    seconds_left = 30 - time.time() % 30
    return totp(b32decode(TOTP_SECRET), drift=1 if seconds_left < 2 else 0)


def deliver() -> None:
    """What falls due is done: the mails leave."""
    worker.run_due()


def mails_to(address: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(address=address).order_by("created_at", "pk"))


def last_mail_to(address: str) -> OutboxMessage:
    found = mails_to(address)
    assert found, f"no mail was written to {address}"
    return found[-1]


def link_in(mail: OutboxMessage) -> str:
    """The first link of a mail."""
    match = LINK.search(mail.body)
    assert match, mail.body
    return match[0]


def text_of(pdf: bytes) -> str:
    """The text of a PDF, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def attached_text(mail: OutboxMessage) -> str:
    """The text of the PDF attached to a mail."""
    with default_storage.open(mail.attachments[0]["key"]) as stored:
        return text_of(stored.read())


def birth_of(number: str) -> str:
    return str(people.person(number).birth_date(clock.today()))


def care_date_of(number: str):
    return people.care_date(number, clock.today())
