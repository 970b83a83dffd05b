"""From checked data to a PDF: tagged and titled for screen readers (PDF/UA-1), archivable (PDF/A-3a).

The words are composed in Python, in French always and in English besides when the reader chose it, then handed to Typst as
JSON: nothing that a person typed is ever read as Typst source. About 20 ms a document.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from pydantic import BaseModel

from guichet.certificates import glyphs, letters
from guichet.certificates.contents import DocumentList
from guichet.certificates.letters import document_list
from guichet.certificates.letters.common import Sheet
from guichet.core import clock

TEMPLATES = Path(__file__).resolve().parent / "templates_typst"
STANDARDS: list[Any] = ["ua-1", "a-3a"]


def official_pdf(kind: str, content: BaseModel, number: str, language: str, issued_at: datetime) -> bytes:
    """The PDF of an official document: the French sheet, which prevails, then its English translation when asked for.

    The same data and the same instant give the same bytes.
    """
    sheets = []
    for one in ["fr", *(["en"] if language.startswith("en") else [])]:
        with translation.override(one):
            sheet = letters.COMPOSERS[kind](content, number)
            sheet.footer = gettext("Document %(number)s") % {"number": number}
            sheets.append(sheet)
    return _typeset(kind, sheets, getattr(content, "photo", "") or getattr(content, "code", ""), issued_at)


def document_list_pdf(data: Mapping[str, Any], language: str) -> bytes:
    """The list of documents to prepare, in the reader's language. ``data``: ``contents.DocumentList``."""
    content = DocumentList.model_validate(data)
    with translation.override(language):
        sheet = document_list.compose(content)
    return _typeset("document_list", [sheet], "", clock.now())


def _typeset(template: str, sheets: list[Sheet], photo: str, at: datetime) -> bytes:
    printed = []
    replaced = False
    for sheet in sheets:
        plain, missing = glyphs.printable_tree(asdict(sheet))
        with translation.override(sheet.language):
            plain["replaced_note"] = gettext(
                "Certains caractères ne peuvent pas être imprimés ici : le signe � les remplace. Ils sont conservés"
                " exactement dans le dossier."
            )
        printed.append(plain)
        replaced = replaced or missing
    data = {
        "title": f"{printed[0]['title']} – {printed[0]['footer']}" if printed[0]["footer"] else printed[0]["title"],
        "author": "République française" if settings.BRAND == "etat" else "Guichet",
        "keywords": [template],
        "fonts": list(glyphs.font_names()),
        "photo": list(base64.b64decode(photo)) if photo else None,
        "replaced": replaced,
        "sheets": printed,
    }
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=STANDARDS,
        timestamp=int(at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    """The fonts, read once by process: reading them costs more than a document."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(glyphs.font_folders()))
