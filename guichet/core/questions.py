"""Questions that people answer at once and that a page can read aloud: pure functions of a few draws."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from guichet.core.identifiers import comparable, digits

Draw = Callable[[int], int]  # a whole number from 0 to below its argument
Word = tuple[str, str]  # in French, in English

NUMBERS: tuple[Word, ...] = (
    ("zéro", "zero"), ("un", "one"), ("deux", "two"), ("trois", "three"), ("quatre", "four"), ("cinq", "five"),
    ("six", "six"), ("sept", "seven"), ("huit", "eight"), ("neuf", "nine"), ("dix", "ten"), ("onze", "eleven"),
    ("douze", "twelve"), ("treize", "thirteen"), ("quatorze", "fourteen"), ("quinze", "fifteen"), ("seize", "sixteen"),
    ("dix-sept", "seventeen"), ("dix-huit", "eighteen"),
)  # fmt: skip
ANIMALS: tuple[Word, ...] = (("chat", "cat"), ("cheval", "horse"), ("poisson", "fish"), ("oiseau", "bird"), ("lion", "lion"))
DAYS: tuple[Word, ...] = (("lundi", "Monday"), ("mardi", "Tuesday"), ("jeudi", "Thursday"), ("dimanche", "Sunday"))
THINGS: tuple[Word, ...] = (
    ("table", "table"), ("maison", "house"), ("pain", "bread"), ("clé", "key"), ("soleil", "sun"), ("voiture", "car"),
    ("livre", "book"), ("porte", "door"),
)  # fmt: skip


@dataclass(frozen=True)
class Puzzle:
    """What is asked, and every answer that is right, compared as names are."""

    text: str
    answers: frozenset[str]


def ask(draw: Draw) -> str:
    """The question in the active language."""
    return _puzzle(draw).text


def is_right(draw: Draw, typed: str) -> bool:
    """Whether what was typed answers it: in figures or in words, in either language."""
    given = comparable(typed)
    figures = digits(typed)  # those of other scripts too
    return (figures if figures and len(figures) == len(given) else given) in _puzzle(draw).answers


def _puzzle(draw: Draw) -> Puzzle:
    return (_sum, _animal, _day, _largest)[draw(4)](draw)


def _sum(draw: Draw) -> Puzzle:
    first, second = 1 + draw(9), 1 + draw(9)
    text = gettext("Combien font %(first)s plus %(second)s ? Écrivez le résultat en chiffres ou en lettres.")
    return Puzzle(text % {"first": _said(NUMBERS[first]), "second": _said(NUMBERS[second])}, _number(first + second))


def _largest(draw: Draw) -> Puzzle:
    first, step = 1 + draw(8), 1 + draw(8)
    small, large = NUMBERS[first], NUMBERS[first + step]
    shown = (small, large) if draw(2) else (large, small)
    text = gettext("Lequel de ces deux nombres est le plus grand : %(first)s ou %(second)s ?")
    return Puzzle(text % {"first": _said(shown[0]), "second": _said(shown[1])}, _number(first + step))


def _animal(draw: Draw) -> Puzzle:
    return _among(draw, ANIMALS, gettext("Quel mot de cette liste est un animal : %(words)s ?"))


def _day(draw: Draw) -> Puzzle:
    return _among(draw, DAYS, gettext("Quel mot de cette liste est un jour de la semaine : %(words)s ?"))


def _among(draw: Draw, kind: tuple[Word, ...], text: str) -> Puzzle:
    right = kind[draw(len(kind))]
    start = draw(len(THINGS))
    words = [THINGS[start], THINGS[(start + 3) % len(THINGS)]]
    words.insert(draw(3), right)
    return Puzzle(text % {"words": ", ".join(_said(word) for word in words)}, frozenset(map(comparable, right)))


def _number(value: int) -> frozenset[str]:
    return frozenset({str(value), *map(comparable, NUMBERS[value])})


def _said(word: Word) -> str:
    return word[1] if (get_language() or "fr").startswith("en") else word[0]
