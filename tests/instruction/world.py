"""A small world for the tests: two offices, officers of every role, a procedure with three documents, deposited applications.

Rows are written directly, so that these tests stand on the room's own doors and not on the way an application was filled in.
"""

import hashlib
import itertools
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from guichet.accounts.models import Account, Officer, Person, Post, Representation
from guichet.applications.models import Answer, Application, DepositSnapshot, SupportingDocument
from guichet.core import clock, storage
from guichet.core.dates import add_years
from guichet.files.models import StoredFile
from guichet.offices.models import Office
from guichet.procedures.definition import definition_from
from guichet.procedures.models import PublishedProcedure

_numbers = itertools.count(1)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360606000000004000127340a"
    "0a0000000049454e44ae426082"
)


def text(french: str, english: str = "") -> dict[str, str]:
    return {"fr": french, "en": english or french}


def _field(section: str, name: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "section": section, "type": kind, "label": text(label, f"{label} (en)"), **more}


CONTENT: dict[str, Any] = {
    "procedure": "trial",
    "version": "2026-09",
    "title": text("Demande d'essai", "Trial application"),
    "summary": text("Pour les essais.", "For trials."),
    "legal_basis": ["CESEDA L423-22"],
    "audience": {"for_whom": ["self"], "holding": ["foreigner_number"]},
    "grants": [
        {
            "permit": "temporary_card",
            "permit_label": text("Carte de séjour temporaire", "Temporary residence permit"),
            "mention": "private_and_family_life",
            "mention_label": text("Vie privée et familiale", "Private and family life"),
            "lasts": "1 year",
            "taxes": ["residence_permit_stamp"],
        }
    ],
    "silence_refuses": [{"after": "4 months", "legal_basis": ["CESEDA R432-1"]}],
    "facts": {
        "age": {
            "expression": "years_between(civil_status.birth_date, today)",
            "label": text("Âge au dépôt", "Age at deposit"),
        }
    },
    "steps": [
        {
            "id": "personal",
            "title": text("Informations personnelles", "Personal information"),
            "sections": [
                {
                    "id": "civil_status",
                    "title": text("État civil", "Civil status"),
                    "fields": [
                        _field("civil_status", "birth_name", "text", "Nom de naissance", source="agdref.birth_name"),
                        _field("civil_status", "birth_date", "date", "Date de naissance", source="agdref.birth_date"),
                    ],
                },
                {
                    "id": "address",
                    "title": text("Adresse", "Address"),
                    "fields": [_field("address", "home", "address", "Adresse", decides_office=True)],
                },
            ],
        },
        {"id": "papers", "title": text("Justificatifs", "Documents"), "kind": "documents"},
        {"id": "recap", "title": text("Dépôt", "Deposit"), "kind": "recap"},
    ],
    "documents": [
        {
            "id": "nationality",
            "section": "civil_status",
            "label": text("Justificatif de nationalité", "Proof of nationality"),
            "any_of": ["passport"],
        },
        {
            "id": "home",
            "section": "address",
            "label": text("Justificatif de domicile", "Proof of address"),
            "any_of": ["bill"],
        },
        {
            "id": "opinion",
            "section": "civil_status",
            "label": text("Avis de la structure", "Opinion of the care structure"),
            "any_of": ["letter"],
            "required": False,
        },
    ],
    "kinds": {
        "passport": {"label": text("Passeport", "Passport")},
        "bill": {"label": text("Facture", "Bill")},
        "letter": {"label": text("Lettre", "Letter")},
    },
}

OUTCOME = text("Votre nouvelle adresse est enregistrée.", "Your new address is recorded.")

HOME = {
    "label": "20 Rue Nationale 59800 Lille",
    "house_number": "20",
    "street": "Rue Nationale",
    "complement": "",
    "postal_code": "59800",
    "city": "Lille",
    "insee_code": "59350",
    "country": "FR",
}


@dataclass
class World:
    """What a test acts in. ``officers[role]`` are those of the first office, ``elsewhere`` works in the second."""

    office: Office
    other_office: Office
    procedure: PublishedProcedure
    officers: dict[str, Officer]
    elsewhere: Officer
    nobody: Officer
    extra: dict[str, Any] = field(default_factory=dict)

    def account(self, **more: Any) -> Account:
        number = next(_numbers)
        return Account.objects.create(
            identifier=f"person-{number}", email=f"person{number}@example.org", display_name="Amadou Diallo", **more
        )

    def person(self, account: Account, **more: Any) -> Person:
        given = {
            "birth_name": "Diallo",
            "first_names": "Amadou",
            "birth_date_text": add_years(clock.today(), -19).isoformat(),
            "foreigner_number": f"59{next(_numbers):08}",
            "nationality": "GN",
            "birth_country": "GN",
            "birth_place": "Conakry",
            "sex": "M",
            "origin": Person.Origin.REGISTRY,
            "frozen_at": clock.now(),
            **more,
        }
        person = Person.objects.create(**given)
        Representation.objects.create(account=account, person=person)
        return person

    def file(self, name: str = "passeport.png") -> StoredFile:
        return StoredFile.objects.create(
            name=name,
            content_type="image/png",
            size=len(PNG),
            sha256=hashlib.sha256(PNG).hexdigest(),
            key=storage.keep(PNG, folder="files", suffix=".png"),
        )

    def deposited(
        self, *, account: Account | None = None, office: Office | None = None, state: str = "deposited", **person: Any
    ) -> Application:
        """A deposited application: two answered sections, two files given, one optional document not given."""
        account = account or self.account()
        who = self.person(account, **person)
        office = office or self.office
        application = Application.objects.create(procedure=self.procedure, person=who, filed_by=account)
        answers = {
            "civil_status": {"birth_name": who.birth_name, "birth_date": who.birth_date_text},
            "address": {"home": HOME},
        }
        for section, payload in answers.items():
            Answer.objects.create(application=application, section=section, payload=payload)
        given = [
            SupportingDocument.objects.create(application=application, requirement=requirement, file=self.file(name))
            for requirement, name in (("nationality", "passeport.png"), ("home", "facture.png"))
        ]
        now = clock.now()
        application.office = office
        application.number = f"{office.code}{clock.today():%Y%m%d}{next(_numbers):07}"
        application.deposited_at = now
        application.state, application.state_since = state, now
        application.silence_refuses_on = clock.today() + timedelta(days=120)
        application.save()
        DepositSnapshot.objects.create(
            application=application,
            digest="0" * 64,
            content={
                "number": application.number,
                "person": {
                    "foreigner_number": who.foreigner_number,
                    "birth_name": who.birth_name,
                    "usage_name": who.usage_name,
                    "first_names": who.first_names,
                    "sex": who.sex,
                    "birth_date": who.birth_date_text,
                    "birth_country": who.birth_country,
                    "birth_place": who.birth_place,
                    "nationality": who.nationality,
                    "origin": who.origin,
                },
                "answers": answers,
                "facts": {"age": 19},
                "documents": [{"requirement": one.requirement, "row": one.row} for one in given],
                "statements": {"variant": None, "items": []},
                "observations": "Mon prénom s'écrit avec un accent.",
            },
        )
        return application


def officer(name: str, *posts: tuple[str, Office | None]) -> Officer:
    account = Account.objects.create(
        kind=Account.Kind.OFFICER, identifier=f"{name}@offices.example", email=f"{name}@offices.example", display_name=name
    )
    made = Officer.objects.create(account=account, name=name)
    for role, office in posts:
        Post.objects.create(officer=made, role=role, office=office)
    return made


def declaring(world: World) -> World:
    """The same world, where what is asked grants no permit: a change is declared."""
    changed = {name: value for name, value in CONTENT.items() if name != "grants"}
    definition = definition_from({**changed, "procedure": "declaration", "outcome": OUTCOME})
    procedure = PublishedProcedure.objects.create(
        slug="declaration",
        version="2026-09",
        digest=definition.digest,
        content=definition.content(),
        effective_from=clock.today() - timedelta(days=1),
    )
    return replace(world, procedure=procedure)


def build(*, two_hands: bool = False) -> World:
    office, _ = Office.objects.update_or_create(
        code="9901",
        defaults={
            "kind": "prefecture", "name": "Préfecture d'essai", "slug": "essai", "department": "99",
            "city": "Essai", "city_insee": "99001", "two_hands": two_hands,
        },
    )  # fmt: skip
    other, _ = Office.objects.update_or_create(
        code="9902",
        defaults={
            "kind": "prefecture", "name": "Préfecture d'ailleurs", "slug": "ailleurs", "department": "99",
            "city": "Ailleurs", "city_insee": "99002",
        },
    )  # fmt: skip
    definition = definition_from(CONTENT)
    procedure = PublishedProcedure.objects.create(
        slug="trial",
        version="2026-09",
        digest=definition.digest,
        content=definition.content(),
        effective_from=clock.today() - timedelta(days=1),
    )
    roles = {
        role: officer(f"{role} d'ici", (role, None if role == "national_administrator" else office))
        for role in Post.Role.values
    }
    return World(
        office=office,
        other_office=other,
        procedure=procedure,
        officers=roles,
        elsewhere=officer("ailleurs", ("case_officer", other), ("decision_maker", other)),
        nobody=officer("personne"),
    )
