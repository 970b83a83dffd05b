"""Turning an outbox row into an e-mail, and handing it over."""

import re
from html import escape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from guichet.core import storage
from guichet.messaging.models import OutboxMessage

ADDRESS_ALONE = re.compile(r"^https?://\S+$")


def html_part(message: OutboxMessage) -> str:
    """The HTML of a message, drawn from its text: paragraphs, and an address alone on its line as a link."""
    paragraphs = []
    for block in re.split(r"\n{2,}", message.body.strip()):
        lines = [
            f'<a href="{escape(line.strip())}">{escape(line.strip())}</a>'
            if ADDRESS_ALONE.match(line.strip())
            else escape(line)
            for line in block.splitlines()
        ]
        paragraphs.append("<br>".join(lines))
    with translation.override(message.language):
        return render_to_string(
            "messaging/mail.html", {"subject": message.subject, "paragraphs": paragraphs, "language": message.language}
        )


def hand_over(message: OutboxMessage) -> None:
    """Gives the message to the mail server. Raises what the mail library raises when it is not taken."""
    if settings.OUTBOX_TRANSPORT == "mailbox":
        return  # the demonstration: the outbox itself is the mailbox, nothing leaves
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated", "Content-Language": message.language},
    )
    mail.attach_alternative(html_part(message), "text/html")
    for attachment in message.attachments:
        mail.attach(attachment["name"], storage.read(attachment["key"]), attachment["content_type"])
    mail.send()
