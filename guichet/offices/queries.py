"""The door of the offices, to read."""

from guichet.offices import geography, search
from guichet.offices.errors import UnknownCommune
from guichet.offices.geography import Commune, Department
from guichet.offices.models import Office

MOST_COMMUNES = 50

__all__ = [
    "Commune",
    "Department",
    "administrative_court",
    "commune",
    "communes_of",
    "department",
    "office",
    "office_for",
    "offices",
    "search_communes",
]


def search_communes(text: str, limit: int = 10) -> list[Commune]:
    """Communes as one types: a name or its beginning, a postal code, or both; the likeliest first. No query."""
    return search.search(text, max(1, min(limit, MOST_COMMUNES)))


def commune(insee_code: str) -> Commune | None:
    """The commune of an INSEE code, even of a municipal district or of a commune since merged. No query."""
    return geography.find(insee_code)


def communes_of(postal_code: str) -> list[Commune]:
    """The communes that share a postal code, the most populated first. No query."""
    return search.of_postal_code(postal_code)


def department(code: str) -> Department | None:
    """A department or overseas collectivity by its code. No query."""
    return geography.departments().get(code.upper())


def administrative_court(department_code: str) -> str:
    """The administrative court in charge of a department: «tribunal administratif de Lille», in French whatever the language,
    since it is a name. Empty where we are not sure which it is. No query."""
    return geography.administrative_courts().get(department_code.upper(), "")


def office_for(insee_code: str) -> Office:
    """The office in charge of those who live in a commune. ``UnknownCommune`` when there is no such commune. One query."""
    found = geography.find(insee_code)
    if found is None:
        raise UnknownCommune(insee_code)
    return office(geography.office_code(found))


def office(code: str) -> Office:
    """An office by its four-digit code; ``Office.DoesNotExist`` when there is none."""
    return Office.objects.get(pk=code)


def offices() -> list[Office]:
    """Every office, in the order of their codes."""
    return list(Office.objects.order_by("code"))
