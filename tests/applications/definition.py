"""A small procedure for tests: three variants of statements, a section that repeats, documents that come and go.

Its rules are the ones that matter to a draft: a birthday that changes what is asked, an answer that asks for a document, a case
that the person chooses, a photo, an address that decides the office.
"""

from datetime import date
from typing import Any

from guichet.procedures.definition import definition_from
from guichet.procedures.models import PublishedProcedure


def text(words: str) -> dict[str, str]:
    return {"fr": words, "en": f"{words} (en)"}


def asked(section: str, field: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"section": section, "id": field, "type": kind, "label": text(f"{section} {field}"), **more}


CONTENT: dict[str, Any] = {
    "procedure": "trial",
    "version": "2026-01",
    "title": text("Titre d'essai"),
    "summary": text("Pour les essais."),
    "legal_basis": ["CESEDA L423-22"],
    "audience": {"for_whom": ["self"], "holding": ["foreigner_number"]},
    "grants": [
        {
            "permit": "temporary_card",
            "permit_label": text("Carte temporaire"),
            "mention": "private_life",
            "mention_label": text("Vie privée"),
            "lasts": "1 year",
        }
    ],
    "silence_refuses": [{"after": "4 months", "legal_basis": ["CESEDA R432-1"]}],
    "facts": {
        "age": {"expression": "years_between(civil_status.birth_date, today)"},
        "is_minor": {"expression": "facts.age < 18"},
    },
    "eligibility": [
        {
            "id": "after_sixteen",
            "when": "care.taken_in_on > add_years(civil_status.birth_date, 16)",
            "level": "block",
            "field": "care.taken_in_on",
            "message": text("Trop tard"),
        }
    ],
    "steps": [
        {
            "id": "personal",
            "title": text("Informations personnelles"),
            "sections": [
                {
                    "id": "civil_status",
                    "title": text("État civil"),
                    "fields": [
                        asked("civil_status", "birth_name", "text", source="agdref.birth_name", max_length=100),
                        asked("civil_status", "usage_name", "text", source="agdref.usage_name", max_length=100, required=False),
                        asked(
                            "civil_status", "first_names", "text", source="agdref.first_names", max_length=100, required=False
                        ),
                        asked("civil_status", "birth_date", "date", source="agdref.birth_date", partial=True),
                        asked("civil_status", "emancipated", "yes_no", show="facts.is_minor"),
                    ],
                },
                {
                    "id": "home",
                    "title": text("Adresse"),
                    "fields": [asked("home", "address", "address", decides_office=True)],
                },
                {
                    "id": "contact",
                    "title": text("Contact"),
                    "fields": [
                        asked("contact", "phone", "phone"),
                        asked("contact", "note", "text", required=False, max_length=50),
                    ],
                },
            ],
        },
        {
            "id": "motive",
            "title": text("Motif"),
            "sworn_statements": True,
            "sections": [
                {
                    "id": "care",
                    "title": text("Prise en charge"),
                    "fields": [
                        asked("care", "taken_in_on", "date", max="today"),
                        asked("care", "works", "yes_no"),
                    ],
                },
                {
                    "id": "children",
                    "title": text("Enfants"),
                    "repeat": {"min": 0, "max": 3},
                    "fields": [asked("children", "name", "text", max_length=50)],
                },
            ],
        },
        {
            "id": "documents",
            "title": text("Pièces"),
            "kind": "documents",
            "sections": [{"id": "photo", "title": text("Photo"), "fields": [asked("photo", "number", "ephoto")]}],
        },
        {"id": "recap", "title": text("Dépôt"), "kind": "recap"},
        {"id": "confirmation", "title": text("Confirmation"), "kind": "confirmation"},
    ],
    "documents": [
        {"id": "passport", "section": "civil_status", "label": text("Passeport"), "any_of": ["passport"]},
        {
            "id": "agreement",
            "section": "civil_status",
            "label": text("Accord parental"),
            "when": "facts.is_minor and not civil_status.emancipated",
            "any_of": ["letter"],
        },
        {
            "id": "payslip",
            "section": "care",
            "label": text("Bulletin de salaire"),
            "when": "care.works",
            "any_of": ["letter"],
        },
        {
            "id": "dwelling",
            "section": "home",
            "label": text("Domicile"),
            "cases": [
                {
                    "id": "own",
                    "label": text("Chez moi"),
                    "documents": [{"id": "lease", "label": text("Bail"), "any_of": ["letter"]}],
                },
                {
                    "id": "hosted",
                    "label": text("Chez quelqu'un"),
                    "documents": [{"id": "host", "label": text("Attestation"), "any_of": ["letter"]}],
                },
            ],
        },
    ],
    "kinds": {"passport": {"label": text("Passeport")}, "letter": {"label": text("Lettre")}},
    "sworn_statements": [
        {"id": "minor", "when": "facts.is_minor and not civil_status.emancipated", "items": ["needs_permit", "knows"]},
        {
            "id": "emancipated",
            "when": "facts.is_minor and civil_status.emancipated",
            "items": ["needs_permit", "alone", "knows"],
        },
        {"id": "adult", "when": "not facts.is_minor", "items": ["alone", "knows"]},
    ],
    "statement_items": {
        "needs_permit": text("J'ai besoin d'un titre."),
        "alone": text("Je ne vis pas en état de polygamie."),
        "knows": text("Je connais les sanctions."),
    },
}


def publish() -> PublishedProcedure:
    """The trial procedure, as published."""
    definition = definition_from(CONTENT)
    row, _ = PublishedProcedure.objects.get_or_create(
        slug="trial",
        version="2026-01",
        defaults={"digest": definition.digest, "content": definition.content(), "effective_from": date(2020, 1, 1)},
    )
    return row
