"""What the tests of permits stand on: a person, their account, and a source that calls for certificates."""

import itertools
from datetime import date

from guichet.accounts.models import Account, Person, Representation
from guichet.core import clock
from guichet.offices.models import Office
from guichet.permits.actions import Filed, Terms, open_prolongation
from guichet.permits.models import ResidencePermit

_numbers = itertools.count(1)
ALLOWS = {
    "stay": {"fr": "Oui.", "en": "Yes."},
    "work": {"fr": "Tout métier.", "en": "Any occupation."},
    "travel": {"fr": "Non.", "en": "No."},
}


def person(number: str = "", language: str = "fr") -> Person:
    place = next(_numbers)
    found = Person.objects.create(
        foreigner_number=number or f"99080{place:05}",
        birth_name="Haidari",
        first_names="Mariam",
        birth_date_text="1999-05-12",
        birth_country="AF",
        birth_place="Hérat",
        nationality="AF",
        origin="registry",
        frozen_at=clock.now(),
    )
    account = Account.objects.create(
        identifier=found.foreigner_number,
        email=f"person{place}@example.org",
        language=language,
        display_name="Mariam HAIDARI",
    )
    Representation.objects.create(account=account, person=found)
    return found


def account_of(person: Person) -> Account:
    return Account.objects.get(representations__person=person)


def office() -> Office:
    found, _created = Office.objects.get_or_create(
        code="4200", defaults={"name": "Préfecture de la Loire", "kind": "prefecture"}
    )
    return found


def hold(person: Person, until: date, kind: str = "temporary_card", number: str = "", since: date | None = None):
    return ResidencePermit.objects.create(
        person=person,
        number=number or f"CARD{next(_numbers)}",
        kind=kind,
        reason="student",
        valid_from=since or date(until.year - 1, until.month, min(until.day, 28)),
        valid_until=until,
        origin="agdref",
    )


def terms(lasts: str = "3 months", *, at_once: bool = False) -> Terms:
    return Terms(lasts=lasts, allows=ALLOWS, legal_basis=["CESEDA R431-15-1"], at_once=at_once)


def filed(person: Person, **more) -> Filed:
    today = clock.today()
    number = f"4200{today:%Y%m%d}{next(_numbers):07}"
    data = {
        "number": number,
        "foreigner_number": person.foreigner_number,
        "birth_name": person.birth_name,
        "first_names": person.first_names,
        "birth_date": person.birth_date_text,
        "birth_country": person.birth_country,
        "birth_place": person.birth_place,
        "nationality": person.nationality,
        "address": ["2 rue Charles-de-Gaulle", "42000 Saint-Étienne"],
        "office_name": "Préfecture de la Loire",
        "procedure_title": {"fr": "Protection internationale", "en": "International protection"},
        "silence_refuses_on": today.replace(day=1),
    }
    return Filed(
        **{
            "source": ("application", f"source-{number}"),
            "deposited_on": today,
            "account": account_of(person),
            "office": office(),
            "data": data,
            **more,
        }
    )


def opened(person: Person, lasts: str = "3 months", *, at_once: bool = False, **more):
    return open_prolongation(person, filed(person, **more), terms(lasts, at_once=at_once))
