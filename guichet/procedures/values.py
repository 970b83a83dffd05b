"""Answers: cleaned when they are typed, checked again when they are deposited, shown in words."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import phonenumbers
from django.utils import formats
from django.utils.translation import gettext as _

from guichet.core import typography
from guichet.core.dates import PartialDate, day_in_words
from guichet.procedures import countries
from guichet.procedures.definition import Field
from guichet.procedures.durations import add_months
from guichet.procedures.expressions import UNKNOWN, Value
from guichet.procedures.parsing import NO, YES, InvalidAnswer, address_line, parse

if TYPE_CHECKING:
    from guichet.procedures.evaluation import Evaluation

__all__ = ["InvalidAnswer", "address_lines", "check", "clean", "display", "display_fact", "value_in_rules"]


def value_in_rules(question: Field, stored: Any) -> Value:
    """The value that rules reckon with; UNKNOWN when there is none or when it is not of the field's type."""
    if stored is None:
        return UNKNOWN
    if question.type == "date":
        try:
            return PartialDate.parse(str(stored)).assumed()
        except ValueError:
            return UNKNOWN
    if question.type == "choices":
        return frozenset(str(item) for item in stored) if isinstance(stored, list | tuple) else UNKNOWN
    if question.type == "address":
        return stored if isinstance(stored, dict) else UNKNOWN
    if question.type == "yes_no":
        return stored if isinstance(stored, bool) else UNKNOWN
    if question.type in ("integer", "money"):
        return stored if isinstance(stored, int) and not isinstance(stored, bool) else UNKNOWN
    return stored if isinstance(stored, str) else UNKNOWN


def clean(field: Field, raw: Any, *, evaluation: "Evaluation", row: int | None = None) -> Any:
    """The JSON value to store, None when nothing was given and nothing is required. Raises :class:`InvalidAnswer`.

    Dates may come as text (2007-05-12, 12/05/2007), as {day, month, year}, or as a date.
    """
    value = parse(field, raw)
    if value is None:
        if evaluation.is_required(field.section, field.id, row):
            raise InvalidAnswer(_required(field), "required")
        return None
    wrong = _out_of_bounds(field, value, evaluation, row)
    if wrong:
        raise InvalidAnswer(wrong, "out_of_bounds")
    return value


def check(field: Field, stored: Any, *, evaluation: "Evaluation", row: int | None = None) -> str:
    """What is wrong with a stored value today, in one sentence; nothing when it is right."""
    try:
        parse(field, stored)
    except InvalidAnswer as refused:
        return str(refused.message)
    if field.decides_office and isinstance(stored, Mapping) and stored.get("country") == "FR" and not stored.get("insee_code"):
        return _(
            "Cette ville et ce code postal ne vont pas ensemble. Vérifiez les deux, ou choisissez la ville dans la"
            " liste proposée."
        )
    return _out_of_bounds(field, stored, evaluation, row)


def _required(field: Field) -> str:
    if field.type == "yes_no":
        return _("Répondez par oui ou par non.")
    if field.type in ("choice", "choices", "country", "nationality"):
        return _("Choisissez une réponse : elle est obligatoire.")
    if field.type == "date":
        return _("Indiquez une date : elle est obligatoire.")
    return _("Complétez cette réponse : elle est obligatoire.")


def _out_of_bounds(field: Field, stored: Any, evaluation: "Evaluation", row: int | None) -> str:
    if field.min is None and field.max is None:
        return ""
    least, most = evaluation.bounds(field.section, field.id, row)
    earliest, latest = _range(field, stored)
    if least is not UNKNOWN and _less(latest, least):
        if field.type == "date":
            return _("Vérifiez cette date : elle ne peut pas être avant le %(bound)s.") % {"bound": _bound(field, least)}
        return _("Indiquez au moins %(bound)s.") % {"bound": _bound(field, least)}
    if most is not UNKNOWN and _less(most, earliest):
        if most == evaluation.today:
            return _("Vérifiez cette date : elle ne peut pas être dans l'avenir.")
        if field.type == "date":
            return _("Vérifiez cette date : elle ne peut pas être après le %(bound)s.") % {"bound": _bound(field, most)}
        return _("Indiquez au plus %(bound)s.") % {"bound": _bound(field, most)}
    return ""


def _range(field: Field, stored: Any) -> tuple[Value, Value]:
    """The least and the greatest that a value can be: «2007» may be any day of 2007, and is not refused for the first."""
    value = value_in_rules(field, stored)
    if field.type != "date" or not isinstance(value, date):
        return value, value
    known = PartialDate.parse(str(stored))
    if known.is_complete:
        return value, value
    following = date(known.year + 1, 1, 1) if not known.month else add_months(value, 1)
    return value, following - timedelta(days=1)


def _less(one: Value, two: Value) -> bool:
    if isinstance(one, date) and isinstance(two, date):
        return one < two
    return isinstance(one, int) and isinstance(two, int) and one < two


def _bound(field: Field, bound: Value) -> str:
    return display(field, bound.isoformat() if isinstance(bound, date) else bound)


def display(field: Field, value: Any) -> str:
    """A stored value in words, in the active language; nothing for no value."""
    if value is None or value == "":
        return ""
    if field.type == "yes_no":
        return str(YES if value else NO)
    if field.type in ("choice", "choices"):
        chosen = [value] if isinstance(value, str) else list(value)
        return ", ".join(str(option.label) if (option := field.option(item)) else str(item) for item in chosen)
    if field.type == "date":
        return display_date(value)
    if field.type == "country":
        return countries.name(str(value))
    if field.type == "nationality":
        return countries.nationality(str(value))
    if field.type == "address":
        return ", ".join(address_lines(value))
    if field.type == "phone":
        return _phone(str(value))
    if field.type == "money":
        return display_money(int(value))
    if field.type == "integer":
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


def display_date(value: Any) -> str:
    """A day, a month or a year in words: what is unknown is told, never invented."""
    known = PartialDate.parse(str(value))
    if known.is_complete:
        return day_in_words(known.assumed())
    if known.month:
        return _("%(month)s (jour inconnu)") % {"month": formats.date_format(known.assumed(), "F Y")}
    return _("%(year)d (jour et mois inconnus)") % {"year": known.year}


def display_money(amount: int, *, cents: bool = False) -> str:
    """An amount in cents, in words: «615 €»; its cents are written where there are some, or always with ``cents``."""
    whole = formats.number_format(abs(amount) // 100, use_l10n=True, force_grouping=True)
    rest = abs(amount) % 100
    sign = "-" if amount < 0 else ""
    decimals = f"{formats.get_format('DECIMAL_SEPARATOR')}{rest:02}" if rest or cents else ""
    return typography.french(f"{sign}{whole}{decimals} €")


def address_lines(value: Mapping[str, str]) -> list[str]:
    """An address as lines of an envelope; the country closes it."""
    street = " ".join(part for part in (value.get("house_number"), value.get("street")) if part)
    place = " ".join(part for part in (value.get("postal_code"), value.get("city")) if part)
    if not street:
        label = value.get("label") or address_line(value)
        street = re.sub(rf"[,\s]*{re.escape(place)}$", "", label) if place else label
    lines = [street, value.get("complement") or "", place, countries.name(value.get("country") or "FR")]
    return [line for line in lines if line]


def _phone(value: str) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(value), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return value


def display_fact(value: Any) -> str:
    """A fact of ``Evaluation.facts`` in words."""
    if value is None:
        return _("Pas encore connu")
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return display_date(value)
    return str(value)
