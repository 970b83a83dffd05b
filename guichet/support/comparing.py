"""What a person claimed beside what a registry holds, so that an officer can judge. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guichet.accounts import queries as accounts
from guichet.accounts.models import Account, Person
from guichet.core.identifiers import comparable
from guichet.registries import queries as registries
from guichet.registries.agdref.port import ForeignerRecord
from guichet.support.models import Ticket

# Of a record, under the names of what is claimed.
HELD = {
    "last_name": "birth_name",
    "usage_name": "usage_name",
    "first_names": "first_names",
    "sex": "sex",
    "birth_date": "birth_date",
    "birth_place": "birth_place",
    "birth_country": "birth_country",
    "nationality": "nationality",
}


@dataclass(frozen=True)
class Line:
    """One thing: what was claimed, what the registry holds. ``agrees`` is None where one of them says nothing."""

    name: str
    claimed: str
    held: str

    @property
    def agrees(self) -> bool | None:
        if not self.claimed or not self.held:
            return None
        return comparable(self.claimed) == comparable(self.held)


@dataclass(frozen=True)
class Comparison:
    """An identifier, the registry's word on its number line by line (none when it does not know it), and who holds it here.

    For an account that an e-mail or a visa identifies, the lines are those of its person.
    """

    identifier: str  # digits, an e-mail, or «visa» and its number
    known: bool
    lines: tuple[Line, ...]
    holder: Account | None

    @property
    def masked_email(self) -> str:
        """The address of the account that holds the number, so that an officer knows it without reading it whole."""
        name, _, domain = self.holder.email.partition("@") if self.holder else ("", "", "")
        return f"{name[:1]}…@{domain}" if domain else ""


def compare(ticket: Ticket, said: str) -> Comparison:
    """Asks AGDREF about a number, this site about an e-mail or a visa.

    ``registries.errors.RegistryUnavailable`` when AGDREF cannot tell.
    """
    identifier = accounts.told_identifier(said)
    holder = accounts.owner_of(identifier) if identifier else None
    visa = identifier.removeprefix(Account.BY_VISA) if identifier.startswith(Account.BY_VISA) else ""
    if visa or "@" in identifier:
        held = _of_person(next(iter(accounts.persons_of(holder)), None)) if holder else {}
    else:
        held = _of_record(registries.find_person(identifier))
    claimed = claimed_in(ticket)
    lines = tuple(Line(name, claimed.get(name, ""), held.get(name, "")) for name in HELD if claimed.get(name) or held.get(name))
    return Comparison(_of_visa(visa) if visa else identifier, bool(held), lines, holder)


def _of_record(record: ForeignerRecord | None) -> dict[str, str]:
    return {name: str(getattr(record, attribute)) for name, attribute in HELD.items()} if record else {}


def _of_person(person: Person | None) -> dict[str, str]:
    attributes = {**HELD, "birth_date": "birth_date_text"}
    return {name: getattr(person, attribute) for name, attribute in attributes.items()} if person else {}


def identifier_claimed(ticket: Ticket) -> str:
    """The identifier to begin with: the e-mail, the number or the visa that the person wrote. Asks nobody."""
    claimed = claimed_in(ticket)
    said = claimed.get("identifier") or claimed.get("foreigner_number") or _of_visa(claimed.get("visa_number", ""))
    identifier = accounts.told_identifier(said)
    return _of_visa(identifier.removeprefix(Account.BY_VISA)) if identifier.startswith(Account.BY_VISA) else identifier


def _of_visa(number: str) -> str:
    """A visa as ``accounts.queries.told_identifier`` reads it."""
    return f"visa {number}" if number else ""


def number_of_permit_claimed(ticket: Ticket) -> str:
    """The foreigner number that FNE gives for the permit claimed; empty when there is none.

    ``registries.errors.RegistryUnavailable`` when it cannot tell.
    """
    claimed = claimed_in(ticket)
    days = [_day(claimed.get(name, "")) for name in ("valid_from", "valid_until")]
    if claimed.get("permit_number") and days[0] and days[1]:
        found = registries.find_permit(claimed["permit_number"], days[0], days[1])
        return found.foreigner_number if found else ""
    return ""


def claimed_in(ticket: Ticket) -> Mapping[str, str]:
    claimed = ticket.context.get("claimed", {})
    return claimed if isinstance(claimed, dict) else {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
