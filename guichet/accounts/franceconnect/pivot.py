"""The identity that FranceConnect vouches for, and whether the registry's is the same person's. Pure: no database, no clock.

FranceConnect's identity is written in capitals or not, with all the first names of the civil status, the name of birth and
possibly the usage name; a day or a month of birth that nobody knows is written ``00``. Places of birth are INSEE codes, while
the registry writes ISO countries and towns in words: they are shown to the officer who compares, never compared by us.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self

from guichet.accounts import identity
from guichet.accounts.franceconnect.errors import IdentityIncomplete
from guichet.core.dates import PartialDate
from guichet.core.identifiers import hash_token, legible

LONGEST_NAME = 200
LONGEST_CODE = 10
SEXES = {"male": "M", "female": "F"}
BIRTH_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")


class KnownPerson(identity.KnownIdentity, Protocol):
    """What the registry holds (``registries``' ForeignerRecord has this shape)."""

    @property
    def sex(self) -> str: ...


@dataclass(frozen=True)
class PivotIdentity:
    """Somebody as FranceConnect knows them. ``subject`` is our hash of who they are there: the same at every sign-in."""

    subject: str
    family_name: str
    usage_name: str  # empty when there is none
    given_names: str
    sex: str  # M, F, or empty
    birth_date: str  # a PartialDate as text
    birth_place: str  # INSEE code of the commune; empty for those born abroad
    birth_country: str  # INSEE code of the country
    email: str  # as the person gave it to their identity provider: nobody confirmed it

    @classmethod
    def from_claims(cls, claims: dict[str, Any], *, issuer_host: str) -> Self:
        """Reads the claims of a verified answer. Raises ``IdentityIncomplete`` without a name or a date of birth."""
        family_name, born = _text(claims, "family_name"), birth_date(_text(claims, "birthdate"))
        if not family_name or born is None:
            raise IdentityIncomplete
        return cls(
            subject=hash_token(f"franceconnect {issuer_host} {claims['sub']}"),
            family_name=family_name,
            usage_name=_text(claims, "preferred_username"),
            given_names=_text(claims, "given_name"),
            sex=SEXES.get(_text(claims, "gender").lower(), ""),
            birth_date=str(born),
            birth_place=_text(claims, "birthplace")[:LONGEST_CODE],
            birth_country=_text(claims, "birthcountry")[:LONGEST_CODE],
            email=_text(claims, "email"),
        )

    def as_kept(self) -> dict[str, str]:
        """What a session keeps until the number is known."""
        return asdict(self)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_names, (self.usage_name or self.family_name).upper()) if part)


def birth_date(text: str) -> PartialDate | None:
    """A date of FranceConnect: ``1990-05-12``, ``1990-05-00``, ``1990-00-00`` or ``1990``. None when it is not one."""
    written = BIRTH_DATE.fullmatch(text)
    if written is None:
        return None
    year, month, day = (int(part or 0) for part in written.groups())
    try:
        return PartialDate(year, month, day if month else 0)
    except ValueError:
        return None


def differences(known: KnownPerson, pivot: PivotIdentity) -> tuple[str, ...]:
    """What sets the two identities apart: of ``names``, ``birth_date``, ``sex``. Empty: the same person."""
    born = PartialDate.parse(pivot.birth_date)
    found = []
    if not _same_names(known, pivot, born):
        found.append("names")
    if not identity.same_birth_date(known.birth_date, born):
        found.append("birth_date")
    if {known.sex, pivot.sex} == {"M", "F"}:  # another sex, or none, on either side says nothing
        found.append("sex")
    return tuple(found)


def _same_names(known: KnownPerson, pivot: PivotIdentity, born: PartialDate) -> bool:
    """The name of birth or the usage name agrees, and the first names do, where either side may know only the first ones."""
    for last_name in filter(None, (pivot.family_name, pivot.usage_name)):
        if identity.same_names(known, identity.Claim(last_name, pivot.given_names, born)):
            return True
        # The registry often holds the first of several first names, where the civil status has them all.
        same_first = identity.same_first_names(pivot.given_names, known.first_names)
        if same_first and identity.same_names(known, identity.Claim(last_name, known.first_names, born)):
            return True
    return False


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return legible(value).strip()[:LONGEST_NAME] if isinstance(value, str) else ""
