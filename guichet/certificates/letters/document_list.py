"""The list of documents to prepare before one begins, built from a procedure; or to bring to an appointment."""

from typing import Any

from django.utils.translation import gettext

from guichet.certificates.contents import DocumentList, ListedDocument
from guichet.certificates.letters.common import Sheet, bullets, day, heading, new_sheet, text


def compose(content: DocumentList) -> Sheet:
    title = gettext("Documents à apporter") if content.to_bring else gettext("Documents à préparer")
    sheet = new_sheet(title, str(content.procedure_title))
    sheet.prevails = ""  # an information in either language, not a decision
    blocks: list[dict[str, Any]] = [_on_paper() if content.to_bring else _as_files()]
    for section in content.sections:
        blocks.append(heading(str(section.title)))
        for document in section.documents:
            blocks.extend(_document(document))
    sheet.blocks = blocks
    if content.issued_on:
        sheet.footer = gettext("Liste établie le %(date)s") % {"date": day(content.issued_on)}
    return sheet


def _as_files() -> dict[str, Any]:
    return text(
        gettext("Préparez ces documents sous forme de fichiers ou de photos bien lisibles, en entier et dans le bon sens."),
        gettext(
            "Formats acceptés : JPG, PNG, PDF, TIFF, BMP et HEIC, 10 Mo au plus par fichier, 3 fichiers au plus par"
            " document. Un document rédigé dans une autre langue est de préférence accompagné de sa traduction par un"
            " traducteur agréé ; la liste est sur www.service-public.gouv.fr/particuliers/vosdroits/F12956."
        ),
    )


def _on_paper() -> dict[str, Any]:
    return text(
        gettext("Apportez chaque document en original, avec une copie. Sans tous les documents, la demande n'est pas prise."),
        gettext(
            "Un document rédigé dans une autre langue est accompagné de sa traduction par un traducteur agréé près une cour"
            " d'appel ; la liste est sur www.service-public.gouv.fr/particuliers/vosdroits/F12956."
        ),
    )


def _document(document: ListedDocument) -> list[dict[str, Any]]:
    label = str(document.label) if document.required else gettext("%(document)s (facultatif)") % {"document": document.label}
    described: list[dict[str, Any]] = [{"kind": "subheading", "text": label}]
    if str(document.help):
        described.append(text(str(document.help)))
    if document.any_of:
        if len(document.any_of) > 1:
            described.append(text(gettext("Un de ces documents, au choix :")))
        described.append(bullets(str(kind) for kind in document.any_of))
    return described
