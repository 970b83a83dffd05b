"""From what a person typed to what is stored, by type of field. Forgiving of spaces and shapes; every refusal says what to do.

Shapes: date «YYYY-MM-DD» (or «YYYY-MM», «YYYY» where partial) · money integer cents · yes_no bool · choice str · choices list ·
country and nationality ISO 3166-1 alpha-2 · address table · phone E.164 · others str.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guichet.core.dates import PartialDate
from guichet.core.errors import ActionRefused
from guichet.procedures import countries
from guichet.procedures.definition import Field

MAX_LENGTH = {"text": 200, "institution": 200, "email": 254, "ephoto": 40, "long_text": 4000}
ADDRESS_KEYS = {
    "label": 300, "house_number": 20, "street": 200, "complement": 200, "postal_code": 12, "city": 100,
    "insee_code": 5, "country": 2,
}  # fmt: skip
# France has one numbering plan per territory: a number dialled there without its prefix is tried in each.
PHONE_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "NC", "PF", "PM", "WF")
LEAST_YEAR = 1900
MAX_INTEGER = 10**9

_YES = frozenset({"true", "1", "on", "yes", "oui"})
_NO = frozenset({"false", "0", "off", "no", "non"})


class InvalidAnswer(ActionRefused):
    """An answer that cannot be kept as it is; ``message`` says how to write it."""

    def __init__(self, message: Any, code: str = "invalid_answer") -> None:
        super().__init__(message, code)


def parse(field: Field, raw: Any) -> Any:
    """The stored value, or None when nothing was given. Raises :class:`InvalidAnswer`."""
    if isinstance(raw, str):
        raw = _tidy(raw, keep_lines=field.type == "long_text")
    if raw is None or raw in ("", [], {}, ()):
        return None
    if isinstance(raw, Mapping) and not any(value for key, value in raw.items() if key != "country"):
        return None  # boxes left empty; a country proposed by the page is no answer
    return _PARSERS[field.type](field, raw)


def _tidy(text: str, *, keep_lines: bool = False) -> str:
    """Composed Unicode, no control characters, no double spaces."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if keep_lines:
        lines = ("".join(" " if unicodedata.category(each)[0] == "C" else each for each in line) for line in text.split("\n"))
        return "\n".join(line.rstrip() for line in lines).strip()
    return " ".join("".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in text).split())


def _string(raw: Any) -> str:
    if not isinstance(raw, str):
        raise InvalidAnswer(_("Écrivez un texte."))
    return raw


def _text(field: Field, raw: Any) -> str:
    text = _string(raw)
    limit = field.max_length or MAX_LENGTH[field.type]
    if len(text) > limit:
        raise InvalidAnswer(
            _("Raccourcissez votre réponse : %(limit)d caractères au plus, vous en avez écrit %(length)d.")
            % {"limit": limit, "length": len(text)}
        )
    return text


def _yes_no(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in _YES | _NO:
        return raw.lower() in _YES
    raise InvalidAnswer(_("Répondez par oui ou par non."))


def _choice(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or field.option(raw) is None:
        raise InvalidAnswer(_("Choisissez une réponse de la liste."))
    return raw


def _choices(field: Field, raw: Any) -> list[str]:
    asked = [raw] if isinstance(raw, str) else raw
    if not isinstance(asked, list | tuple) or not all(isinstance(item, str) and field.option(item) for item in asked):
        raise InvalidAnswer(_("Choisissez des réponses de la liste."))
    return [option.id for option in field.options if option.id in asked]


def _date(field: Field, raw: Any) -> str:
    parsed = _partial_date(raw)
    if not parsed.is_complete and not field.partial:
        raise InvalidAnswer(_("Indiquez le jour, le mois et l'année."))
    if parsed.year < LEAST_YEAR:
        raise InvalidAnswer(_("Vérifiez l'année : écrivez-la avec ses quatre chiffres, comme 2007."))
    return str(parsed)


def _partial_date(raw: Any) -> PartialDate:
    if isinstance(raw, PartialDate):
        return raw
    if isinstance(raw, date):
        return PartialDate(raw.year, raw.month, raw.day)
    try:
        if isinstance(raw, Mapping):
            return PartialDate(*(int(str(raw.get(part) or 0)) for part in ("year", "month", "day")))
        if isinstance(raw, str) and re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", raw):
            return PartialDate.parse(raw)
        if isinstance(raw, str) and (found := re.fullmatch(r"(?:(?:(\d{1,2})[/. -])?(\d{1,2})[/. -])?(\d{4})", raw)):
            day, month, year = (int(part or 0) for part in found.groups())
            return PartialDate(year, month, day)
    except (ValueError, OverflowError):
        pass
    raise InvalidAnswer(_("Cette date n'existe pas. Écrivez-la comme 12/05/2007."))


def _country(field: Field, raw: Any) -> str:
    code = _string(raw).upper()
    if not countries.known(code):
        raise InvalidAnswer(_("Choisissez un pays de la liste."))
    return code


def _nationality(field: Field, raw: Any) -> str:
    code = _string(raw).upper()
    if not countries.known_nationality(code):
        raise InvalidAnswer(_("Choisissez une nationalité de la liste."))
    return code


def _address(field: Field, raw: Any) -> dict[str, str]:
    if not isinstance(raw, Mapping):
        raise InvalidAnswer(_("Indiquez l'adresse : numéro, voie, code postal, commune."))
    parts = {key: _tidy(str(raw.get(key) or "")) for key in ADDRESS_KEYS}
    parts["country"] = (parts["country"] or "FR").upper()
    for key, limit in ADDRESS_KEYS.items():
        if len(parts[key]) > limit:
            raise InvalidAnswer(_("Une ligne de l'adresse est trop longue : raccourcissez-la."))
    if not countries.known(parts["country"]):
        raise InvalidAnswer(_("Choisissez le pays de l'adresse dans la liste."))
    if not parts["street"] and not parts["label"]:
        raise InvalidAnswer(_("Indiquez la voie de l'adresse, ou le lieu-dit."))
    if not parts["city"]:
        raise InvalidAnswer(_("Indiquez la commune de l'adresse."))
    if parts["country"] == "FR":
        parts["postal_code"] = parts["postal_code"].replace(" ", "")
        if not re.fullmatch(r"\d{5}", parts["postal_code"]):
            raise InvalidAnswer(_("Indiquez le code postal de l'adresse : cinq chiffres, comme 59800."))
        if parts["insee_code"] and not re.fullmatch(r"\d[0-9AB]\d{3}", parts["insee_code"]):
            raise InvalidAnswer(_("Choisissez la commune de l'adresse dans la liste."))
    parts["label"] = parts["label"] or address_line(parts)
    return parts


def address_line(parts: Mapping[str, str]) -> str:
    """The address on one line, without its country."""
    street = " ".join(part for part in (parts.get("house_number"), parts.get("street")) if part)
    place = " ".join(part for part in (parts.get("postal_code"), parts.get("city")) if part)
    return " ".join(part for part in (street, place) if part)


def _email(field: Field, raw: Any) -> str:
    text = _text(field, raw).replace(" ", "")
    try:
        validate_email(text)
    except ValidationError:
        raise InvalidAnswer(_("Écrivez une adresse électronique complète, comme nom@exemple.fr.")) from None
    return text


def _phone(field: Field, raw: Any) -> str:
    text = _string(raw)
    possible = ""
    for region in PHONE_REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number):
            return written
        if not possible and phonenumbers.is_possible_number(number):
            possible = written  # numbering plans change: a plausible number is not refused
    if not possible:
        raise InvalidAnswer(
            _("Écrivez un numéro de téléphone, comme 06 12 34 56 78, ou avec l'indicatif du pays, comme +33 6 12 34 56 78.")
        )
    return possible


def _money(field: Field, raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    text = re.sub(r"[\s€]|EUR", "", _string(raw), flags=re.IGNORECASE)
    found = re.fullmatch(r"(\d{1,10})(?:[.,](\d{1,2}))?", text)
    if not found:
        raise InvalidAnswer(_("Écrivez un montant en euros, comme 615 ou 615,50."))
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _integer(field: Field, raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    text = re.sub(r"\s", "", _string(raw))
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise InvalidAnswer(_("Écrivez un nombre entier, en chiffres."))
    return int(text)


def _ephoto(field: Field, raw: Any) -> str:
    """The registry decides: only spaces, dashes and an unreasonable length are looked at."""
    return _text(field, re.sub(r"[\s\-.]", "", _string(raw)).upper())


_PARSERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "institution": _text,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "country": _country,
    "nationality": _nationality,
    "address": _address,
    "email": _email,
    "phone": _phone,
    "money": _money,
    "integer": _integer,
    "ephoto": _ephoto,
}

YES = gettext_lazy("Oui")
NO = gettext_lazy("Non")
