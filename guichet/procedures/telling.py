"""The texts of a rule, with the facts that they name: «at least {facts.least_pay} a year»."""

from typing import TYPE_CHECKING, Any

from django.utils import translation

from guichet.procedures import values
from guichet.procedures.definition import NAMED_FACT, Text
from guichet.procedures.expressions import Kind
from guichet.procedures.program import Program

if TYPE_CHECKING:
    from guichet.procedures.evaluation import Evaluation


def told(text: Text, evaluation: "Evaluation") -> Text:
    """The text with each fact that it names in words, in the language of the text."""
    return Text(fr=_told(text.fr, "fr", evaluation), en=_told(text.en, "en", evaluation))


def _told(text: str, language: str, evaluation: "Evaluation") -> str:
    with translation.override(language):
        return NAMED_FACT.sub(lambda found: fact_in_words(evaluation.program, found[1], evaluation.facts.get(found[1])), text)


def fact_in_words(program: Program, name: str, value: Any) -> str:
    """A fact of ``Evaluation.facts`` (or of a snapshot) as a sentence says it."""
    known = program.fact_types.get(name)
    if known is not None and known.kind == Kind.MONEY and isinstance(value, int):
        return values.display_money(value)
    return values.display_fact(value)
