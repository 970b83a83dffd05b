"""Filing an application as its person would: every answer and document that the procedure asks for, through the same doors."""

import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from fontpkg import families
from PIL import Image, ImageDraw, ImageFont

from guichet.accounts.models import Account, Person
from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.core import clock
from guichet.demo import people
from guichet.files import actions as files
from guichet.files.models import StoredFile
from guichet.procedures.durations import add_months
from guichet.procedures.queries import current, definition_of
from guichet.registries.queries import suggest_addresses

EPHOTO = "1234567890123456789012"
FONT = str(families()["noto-sans"].files[0].path)
PAPER = (827, 1169)  # A4 at 100 dots per inch


def specimen(title: str, name: str, *, as_pdf: bool) -> SimpleUploadedFile:
    """A page that looks like a paper and says that it is none."""
    page = Image.new("RGB", PAPER, "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, PAPER[0] - 40, PAPER[1] - 40), outline="#3a3a8c", width=3)
    for top, size, text in (
        (120, 40, title),
        (220, 28, name),
        (560, 72, "SPÉCIMEN"),
        (700, 26, "Démonstration : ce papier n'existe pas."),
    ):
        draw.text((PAPER[0] / 2, top), text, fill="#161616", font=ImageFont.truetype(FONT, size), anchor="mm")
    buffer = io.BytesIO()
    page.save(buffer, "PDF" if as_pdf else "PNG", resolution=100)
    suffix, kind = ("pdf", "application/pdf") if as_pdf else ("png", "image/png")
    return SimpleUploadedFile(f"specimen.{suffix}", buffer.getvalue(), kind)


def answers_of(someone: people.Invented, day: date, procedure: str = "ase") -> dict[str, dict[str, Any]]:
    """What this person answers to a procedure: the one for young people in care, or the one for protected people."""
    found = suggest_addresses(someone.address, limit=1)[0]
    home = {
        "label": found.label,
        "house_number": found.house_number,
        "street": found.street,
        "complement": "",
        "postal_code": found.postal_code,
        "city": found.city,
        "insee_code": found.insee_code,
        "country": "FR",
    }
    common = {
        "contact": {"email": f"{someone.birth_name.lower()}@courriel.demo", "phone": "+33320000000"},
        "document_cases": {"home": "hosted"},
    }
    if procedure == "international_protection":
        decided_on = day - timedelta(days=100)
        return {
            "address": {"home": home, "domiciled": False},
            "protection": {
                "status": "subsidiary",
                "decided_by": "ofpra",
                "decided_on": decided_on.isoformat(),
                "decision_number": "2025-07-12345",
            },
            "family": _family(add_months(decided_on, -14)),
            **common,
        }
    taken_into_care_on = people.care_date(someone.foreigner_number, day)
    return {
        "civil_status": {"emancipated": False} if someone.born_years < 18 else {},
        "address": {"home": home},
        "care": {"taken_into_care_on": taken_into_care_on.isoformat()},
        "family": _family(taken_into_care_on),
        **common,
    }


def _family(entered_france_on: date) -> dict[str, Any]:
    return {"entered_france_on": entered_france_on.isoformat(), "situation": "single", "children_in_charge": False}


def _save(draft: Application, section: str, payload: dict[str, Any], account: Account) -> None:
    stored = queries.answers(draft).get((section, 0))
    actions.save_section(draft, section, 0, payload, {}, stored.revision if stored else 0, account)


def _papers(someone: people.Invented, account: Account) -> list[StoredFile]:
    return [
        files.receive(specimen("Justificatif", someone.birth_name, as_pdf=as_pdf), account=account) for as_pdf in (True, False)
    ]


def deposited(someone: people.Invented, account: Account, person: Person, day: date, slug: str = "ase") -> Application:
    """A complete application of this person, deposited now."""
    procedure = current(slug, clock.today())
    if procedure is None:
        raise RuntimeError(f"The demonstration needs the procedure «{slug}» to be in force today.")
    draft = actions.start_draft(account, person, procedure)
    for section, payload in answers_of(someone, day, slug).items():
        if payload:
            _save(draft, section, payload, account)
    actions.confirm_ephoto(draft, EPHOTO, account)
    variant = queries.evaluation(draft).statement_variant()
    _save(draft, "sworn_statements", {item: True for item in variant.items} if variant else {}, account)
    papers = _papers(someone, account)
    for index, requirement in enumerate(need for need in queries.evaluation(draft).requirements() if need.required):
        actions.add_document(draft, requirement.id, requirement.row, papers[index % len(papers)], account)
    actions.move_to_step(draft, definition_of(procedure).steps[-2].id)
    return actions.deposit(draft, account, "")
