"""What the documents share: a sheet of blocks, the references, the identity, dates and amounts as people write them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from guichet.certificates.contents import Closing, Content, FavourableOutcome, Refusal
from guichet.core.dates import PartialDate, day_in_words
from guichet.procedures import countries

Row = tuple[str, str]
Decided = Closing | FavourableOutcome | Refusal


@dataclass
class Sheet:
    """One language of a document. ``blocks`` are dictionaries whose ``kind`` the layout knows."""

    title: str
    language: str = "fr"
    subtitle: str = ""
    brand: list[str] = field(default_factory=list)
    service: str = ""
    demonstration: str = ""
    prevails: str = ""
    recipient: list[str] = field(default_factory=list)
    references: list[Row] = field(default_factory=list)
    identity: list[Row] = field(default_factory=list)
    identity_title: str = ""
    references_title: str = ""
    photo_description: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    footer: str = ""
    page_word: str = ""


def new_sheet(title: str, subtitle: str = "") -> Sheet:
    """A sheet in the active language with what every document bears: who issues it, and that it is a demonstration."""
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    brand = ["RÉPUBLIQUE", "FRANÇAISE", "Liberté", "Égalité", "Fraternité"] if settings.BRAND == "etat" else ["Guichet"]
    return Sheet(
        title=title,
        subtitle=subtitle,
        language=language,
        brand=brand,
        service=gettext("Demandes de titre de séjour en ligne"),
        demonstration=gettext("DÉMONSTRATION : document d'essai, sans aucune valeur.") if settings.DEMO else "",
        prevails=gettext("Traduction fournie pour information : seule la version française fait foi.")
        if language != "fr"
        else "",
        references_title=gettext("Références"),
        identity_title=gettext("Identité"),
        page_word=gettext("page"),
    )


def letter(title: str, content: Decided, document_number: str) -> Sheet:
    """The sheet of a letter about an application, addressed as on an envelope."""
    sheet = new_sheet(title, str(content.procedure_title))
    sheet.references = references(content, document_number)
    sheet.identity = identity(content, with_address=False)
    sheet.recipient = recipient(content)
    return sheet


def certificate(title: str, subtitle: str, content: Content, document_number: str) -> Sheet:
    """The sheet of a certificate that its bearer shows: with the address and the photo."""
    sheet = new_sheet(title, subtitle)
    sheet.references = references(content, document_number)
    sheet.identity = identity(content)
    sheet.photo_description = gettext("Photo d'identité jointe à la demande")
    return sheet


def references(content: Content, document_number: str) -> list[Row]:
    number = content.foreigner_number or gettext("en cours d'attribution")
    return [
        (gettext("Numéro étranger"), number),
        (gettext("Numéro de la demande"), content.number),
        (gettext("Numéro de ce document"), document_number),
        (gettext("Émis le"), day(content.issued_on)),
    ]


def identity(content: Content, *, with_address: bool = True) -> list[Row]:
    """The civil status and, unless the envelope bears it, the address."""
    born = ", ".join(part for part in (content.birth_place, country(content.birth_country)) if part)
    return [
        (gettext("Nom de naissance"), content.birth_name),
        (gettext("Nom d'usage"), content.usage_name or "–"),
        (gettext("Prénoms"), content.first_names or "–"),
        (gettext("Date de naissance"), partial_day(content.birth_date)),
        (gettext("Lieu de naissance"), born or "–"),
        (gettext("Nationalité"), nationality(content.nationality) or "–"),
        *([(gettext("Adresse"), "\n".join(content.address) or "–")] if with_address else []),
    ]


def recipient(content: Content) -> list[str]:
    """To whom a letter is addressed, as on an envelope."""
    name = " ".join(part for part in (content.first_names, content.usage_name or content.birth_name) if part)
    return [name, *content.address]


def contact(content: Content) -> list[Row]:
    """The service in charge and how to reach it (article R112-5 of the code of relations with the public)."""
    rows = [(gettext("Service chargé du dossier"), content.office_name)]
    if content.office_address:
        rows.append((gettext("Adresse du service"), "\n".join(content.office_address)))
    if content.office_email:
        rows.append((gettext("Adresse électronique"), content.office_email))
    rows.append((gettext("Téléphone"), content.office_phone or settings.SUPPORT_PHONE))
    if settings.SITE_URL:
        rows.append((gettext("Formulaire de contact"), f"{settings.SITE_URL}/contact/"))
    return rows


def in_charge(content: Content) -> list[dict[str, Any]]:
    """At the end: whom to ask."""
    return [heading(gettext("Le service chargé de votre demande")), rows(contact(content))]


def decided(content: Decided) -> dict[str, Any]:
    """Who decided, when, in what capacity."""
    said = gettext("Décision du %(date)s") % {"date": day(content.decided_on)}
    return signature(said, content.decided_by, str(content.capacity), content.office_name)


def text(*paragraphs: str) -> dict[str, Any]:
    return {"kind": "text", "paragraphs": [one for one in paragraphs if one]}


def heading(words: str) -> dict[str, Any]:
    return {"kind": "heading", "text": words}


def rows(items: Iterable[Row]) -> dict[str, Any]:
    return {"kind": "rows", "rows": list(items)}


def bullets(items: Iterable[str]) -> dict[str, Any]:
    return {"kind": "list", "items": list(items)}


def frame(title: str, *paragraphs: str) -> dict[str, Any]:
    """What must not be missed, in a frame."""
    return {"kind": "frame", "title": title, "paragraphs": [one for one in paragraphs if one]}


def signature(*lines: str) -> dict[str, Any]:
    return {"kind": "signature", "lines": [line for line in lines if line]}


def day(value: date) -> str:
    """``16 août 2023``, ``16 August 2023``: no reader takes the month for the day."""
    return day_in_words(value)


def partial_day(written: str) -> str:
    """A date of birth whose day or month may be unknown; words that are no date are kept as they are."""
    try:
        known = PartialDate.parse(written)
    except ValueError:
        return written or "–"
    if known.is_complete:
        return day(known.assumed())
    if known.month:
        return gettext("%(month)s (jour inconnu)") % {"month": date_format(known.assumed(), "F Y")}
    return gettext("%(year)s (jour et mois inconnus)") % {"year": f"{known.year:04}"}


def country(code_or_words: str) -> str:
    """The name of a country from its ISO 3166-1 code, in the active language; words pass through."""
    return countries.name(code_or_words) if countries.known(code_or_words) else code_or_words


def nationality(code_or_words: str) -> str:
    """A nationality as papers write it («Tunisienne») from an ISO 3166-1 code; words pass through."""
    return countries.nationality(code_or_words) if countries.known_nationality(code_or_words) else country(code_or_words)


def amount(cents: int) -> str:
    """``225 €``, ``225,50 €``; in English ``€225``, ``€225.50``."""
    euros, rest = divmod(cents, 100)
    if (get_language() or "fr").startswith("en"):
        return f"€{euros:,}" + (f".{rest:02}" if rest else "")
    return f"{euros:,}".replace(",", "\u202f") + (f",{rest:02}" if rest else "") + "\u00a0€"
