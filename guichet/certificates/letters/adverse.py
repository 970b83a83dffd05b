"""What the letters against a person share: to whom, about which application, who decided, how to challenge it, whom to ask."""

from typing import Any

from django.utils.translation import gettext

from guichet.certificates.contents import Closing, Refusal
from guichet.certificates.letters import appeals
from guichet.certificates.letters.common import (
    Sheet,
    contact,
    day,
    heading,
    identity,
    new_sheet,
    recipient,
    references,
    rows,
    signature,
)


def adverse_letter(title: str, content: Refusal | Closing, document_number: str, blocks: list[dict[str, Any]]) -> Sheet:
    """A letter around its own ``blocks``: what was decided and why."""
    sheet = new_sheet(title, str(content.procedure_title))
    sheet.references = references(content, document_number)
    sheet.identity = identity(content, with_address=False)
    sheet.recipient = recipient(content)
    sheet.blocks = [
        *blocks,
        signature(
            gettext("Décision du %(date)s") % {"date": day(content.decided_on)},
            content.decided_by,
            str(content.capacity),
            content.office_name,
        ),
        *appeals.against_a_decision(content),
        heading(gettext("Le service chargé de votre demande")),
        rows(contact(content)),
    ]
    return sheet


def told(sentence: str, content: Refusal | Closing) -> str:
    """The first sentence, with the number of the application and the day of the decision."""
    return sentence % {"number": content.number, "date": day(content.decided_on)}
