"""People, drafts and files for the tests of applications."""

import itertools
from datetime import date, timedelta
from typing import Any

from guichet.accounts.models import Account, Person, Representation
from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.core import clock, storage
from guichet.core.dates import add_years
from guichet.files.models import StoredFile
from guichet.offices.actions import load_offices
from tests.applications.definition import publish

numbers = itertools.count(1)

LILLE = {
    "label": "20 rue Nationale 59800 Lille",
    "house_number": "20",
    "street": "rue Nationale",
    "complement": "",
    "postal_code": "59800",
    "city": "Lille",
    "insee_code": "59350",
    "country": "FR",
}
EPHOTO = "1234567890123456789012"


def born(years: int, days: int = 0) -> date:
    """The birth date of someone who is ``years`` old since ``days`` days."""
    return add_years(clock.today(), -years) - timedelta(days=days)


def a_person(birth: date | None = None, **more: Any) -> tuple[Account, Person]:
    """A person known to the registry, and the account that acts for them."""
    serial = next(numbers)
    person = Person.objects.create(
        foreigner_number=f"59{serial:08}",
        birth_name="DIALLO",
        first_names="Amadou",
        sex="M",
        birth_date_text=str(birth or born(17, 40)),
        birth_country="GN",
        birth_place="Conakry",
        nationality="GN",
        origin=Person.Origin.REGISTRY,
        frozen_at=clock.now(),
        **more,
    )
    account = Account.objects.create(
        identifier=person.foreigner_number, email=f"person{serial}@example.org", display_name=person.display_name
    )
    Representation.objects.create(account=account, person=person)
    return account, person


def a_file(account: Account, content: bytes = b"%PDF-1.4 test") -> StoredFile:
    serial = next(numbers)
    return StoredFile.objects.create(
        name=f"paper-{serial}.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256=f"{serial:064}",
        key=storage.keep(content, folder="files", suffix=".pdf"),
        uploaded_by=account,
    )


def a_draft(birth: date | None = None) -> tuple[Account, Application]:
    load_offices()
    account, person = a_person(birth)
    return account, actions.start_draft(account, person, publish())


def save(
    draft: Application, account: Account, section: str, cleaned: dict[str, Any], *, row: int = 0, typed: Any = None
) -> Any:
    """Saves a section as someone who has just read it."""
    stored = queries.answers(draft).get((section, row))
    return actions.save_section(draft, section, row, cleaned, typed or {}, stored.revision if stored else 0, account)


def fill(draft: Application, account: Account) -> Application:
    """Answers everything that is asked, gives every document, ticks every statement."""
    birth = draft.person.birth_date.assumed()
    if queries.evaluation(draft).is_visible("civil_status", "emancipated"):
        save(draft, account, "civil_status", {"emancipated": False})
    save(draft, account, "home", {"address": LILLE})
    save(draft, account, "contact", {"phone": "+33612345678"})
    save(draft, account, "care", {"taken_in_on": str(add_years(birth, 15)), "works": False})
    save(draft, account, "document_cases", {"dwelling": "own"})
    actions.confirm_ephoto(draft, EPHOTO, account)
    give_documents(draft, account)
    tick(draft, account)
    actions.move_to_step(draft, "recap")
    return draft


def give_documents(draft: Application, account: Account) -> None:
    """One file for each document asked for that has none."""
    given = {(document.requirement, document.row) for document in queries.documents(draft)}
    for asked in queries.evaluation(draft).requirements():
        if (asked.id, asked.row) not in given:
            actions.add_document(draft, asked.id, asked.row, a_file(account), account)


def tick(draft: Application, account: Account) -> None:
    """Ticks every statement of the variant of today."""
    variant = queries.evaluation(draft).statement_variant()
    save(draft, account, "sworn_statements", {item: True for item in variant.items})


def a_full_draft(birth: date | None = None) -> tuple[Account, Application]:
    account, draft = a_draft(birth)
    return account, fill(draft, account)


def a_deposit(birth: date | None = None) -> tuple[Account, Application]:
    account, draft = a_full_draft(birth)
    return account, actions.deposit(draft, account)
