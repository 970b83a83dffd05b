"""What the letters against a person share: to whom, about which application, who decided, how to challenge it, whom to ask."""

from typing import Any

from guichet.certificates.contents import Closing, Refusal
from guichet.certificates.letters import appeals
from guichet.certificates.letters.common import Sheet, day, decided, in_charge, letter


def adverse_letter(title: str, content: Refusal | Closing, document_number: str, blocks: list[dict[str, Any]]) -> Sheet:
    """A letter around its own ``blocks``: what was decided and why."""
    sheet = letter(title, content, document_number)
    sheet.blocks = [*blocks, decided(content), *appeals.against_a_decision(content), *in_charge(content)]
    return sheet


def told(sentence: str, content: Refusal | Closing) -> str:
    """The first sentence, with the number of the application and the day of the decision."""
    return sentence % {"number": content.number, "date": day(content.decided_on)}
