"""The texts of a rule, with the facts that they name: «at least {facts.least_pay} a year»."""

from typing import TYPE_CHECKING

from django.utils import translation

from guichet.procedures import values
from guichet.procedures.definition import NAMED_FACT, Text
from guichet.procedures.expressions import Kind

if TYPE_CHECKING:
    from guichet.procedures.evaluation import Evaluation


def told(text: Text, evaluation: "Evaluation") -> Text:
    """The text with each fact that it names in words, in the language of the text."""
    return Text(fr=_told(text.fr, "fr", evaluation), en=_told(text.en, "en", evaluation))


def _told(text: str, language: str, evaluation: "Evaluation") -> str:
    with translation.override(language):
        return NAMED_FACT.sub(lambda found: _in_words(found[1], evaluation), text)


def _in_words(name: str, evaluation: "Evaluation") -> str:
    """A fact of ``Evaluation.facts`` as a sentence says it."""
    known, value = evaluation.program.fact_types.get(name), evaluation.facts.get(name)
    if known is not None and known.kind == Kind.MONEY and isinstance(value, int):
        return values.display_money(value)
    return values.display_fact(value)
