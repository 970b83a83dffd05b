"""What each official document says, as plain checked data: what is missing is noticed here, not on paper.

A caller gives a dictionary; dates may be dates or ISO texts, countries ISO 3166-1 alpha-2 codes or words, texts one string
or one by language. The checked data are kept with the document, so that it can be read again.
"""

import base64
from datetime import date
from io import BytesIO
from typing import Annotated, Any, Literal

import segno
from django.utils.translation import get_language
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from guichet.core import typography


class Words(BaseModel):
    """A text in both languages; ``str()`` gives the active one."""

    model_config = ConfigDict(frozen=True)
    fr: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "fr").startswith("en") else typography.french(self.fr)


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return {"fr": value, "en": value}
    if hasattr(value, "fr") and hasattr(value, "en"):
        return {"fr": value.fr, "en": value.en}
    return value


def _lines(value: Any) -> Any:
    return value.splitlines() if isinstance(value, str) else value


def _text(value: Any) -> Any:
    return "" if value is None else value


Bilingual = Annotated[Words, BeforeValidator(_words)]
Lines = Annotated[tuple[str, ...], BeforeValidator(_lines)]
Line = Annotated[str, BeforeValidator(_text)]


class Content(BaseModel):
    """What every document about an application says: its references and whose it is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str  # of the application
    issued_on: date
    foreigner_number: Line = ""  # blank: being assigned
    birth_name: str
    usage_name: Line = ""
    first_names: Line = ""  # blank for people with a single name
    birth_date: Line = ""  # a PartialDate as text
    birth_place: Line = ""
    birth_country: Line = ""
    nationality: Line = ""
    address: Lines = ()
    office_name: str
    office_address: Lines = ()
    office_phone: Line = ""
    office_email: Line = ""
    tribunal: Line = ""  # the administrative court of the office, when it is known
    procedure_title: Bilingual


class DepositReceipt(Content):
    photo: Line = ""  # base64 of a JPEG or PNG
    nature: Literal["first", "renewal", "change", "duplicate"] = "first"  # as the procedure says
    deposited_on: date | None = None  # the day of deposit when it is not the day of issue
    silence_refuses_on: date
    observations: Line = ""


class FavourableDecision(Content):
    photo: Line = ""
    nature: Literal["first", "renewal"] = "first"
    decided_on: date
    permit_kind: Bilingual
    mention: Bilingual
    valid_from: date
    valid_until: date
    tax_cents: int = Field(default=0, ge=0)
    allows_schengen: bool
    valid_only_with: Literal["", "visa", "permit", "visa_or_permit"] = ""
    decided_by: Line = ""


class FavourableOutcome(Content):
    """A favourable decision that grants no permit: what changes is said, and nothing of a card."""

    decided_on: date
    outcome: Bilingual
    decided_by: Line = ""
    capacity: Bilingual = Words(fr="", en="")  # in which the signatory decides


class Refusal(Content):
    decided_on: date
    law: tuple[Bilingual, ...] = ()  # the articles the decision rests on
    reasons: str = Field(min_length=1)  # in law and in fact; paragraphs are separated by line breaks
    decided_by: str
    capacity: Bilingual = Words(fr="", en="")  # in which the signatory decides


class MissingPiece(BaseModel):
    model_config = ConfigDict(frozen=True)
    label: Bilingual
    reason: Bilingual = Words(fr="", en="")


class Closing(Content):
    decided_on: date
    missing: tuple[MissingPiece, ...] = ()
    reasons: Line = ""
    requested_on: date | None = None  # when the complement was asked for
    opened_on: date | None = None  # when the person opened that request, which started the delay
    due_on: date | None = None
    reopen_until: date
    decided_by: str
    capacity: Bilingual = Words(fr="", en="")


class ListedDocument(BaseModel):
    """A document to prepare: what it is called, a help, and the kinds of which any one will do."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    label: Bilingual
    help: Bilingual = Words(fr="", en="")
    any_of: tuple[Bilingual, ...] = ()
    required: bool = True


class ListedSection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    title: Bilingual
    documents: tuple[ListedDocument, ...]


class DocumentList(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    procedure_title: Bilingual
    issued_on: date | None = None
    to_bring: bool = False  # to an appointment, on paper; else to prepare as files
    sections: tuple[ListedSection, ...]


class Allowed(BaseModel):
    """What a certificate allows, each in one sentence."""

    model_config = ConfigDict(frozen=True)
    stay: Bilingual
    work: Bilingual
    travel: Bilingual


class Prolongation(Content):
    photo: Line = ""
    name: Bilingual  # what such a certificate is called on the day of its issue
    rank: int = Field(default=1, ge=1)  # 1: the first one about this application
    starts_on: date
    ends_on: date  # its last day
    deposited_on: date | None = None
    allows: Allowed
    legal_basis: Lines = ()
    permit_number: Line = ""  # of the permit or visa with which it is shown, when there was one
    permit_until: date | None = None
    silence_refuses_on: date | None = None
    silence_challenge_until: date | None = None  # the last day to challenge the refusal that silence made


class Convocation(BaseModel):
    """An appointment: hours are those of the clock on the office's wall."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reference: str  # of the appointment
    issued_on: date
    first_names: Line = ""  # blank for people with a single name
    last_name: str
    birth_name: Line = ""
    birth_date: Line = ""  # a PartialDate as text
    office_name: str
    office_city: Line = ""
    address: Bilingual = Words(fr="", en="")
    type_name: Bilingual
    day: date
    starts: str  # 10:15
    ends: str
    minutes: int = Field(ge=1)
    local_time: bool = False  # the office's clock is not that of Paris
    documents: tuple[Bilingual, ...] = ()
    by_mail: bool = True  # else it was printed at the counter for somebody without an address

    @property
    def code(self) -> str:
        """The reference as a QR code (base64 of a PNG), to be scanned on arrival."""
        drawn = BytesIO()
        segno.make_qr(self.reference, error="m").save(drawn, kind="png", scale=8, border=2)
        return base64.b64encode(drawn.getvalue()).decode()


class Moment(BaseModel):
    """A day and an hour on the clock of the office's wall."""

    model_config = ConfigDict(frozen=True)
    day: date
    hour: str  # 10:15


class FailedAttempt(BaseModel):
    """Somebody looked for an appointment and no place was free: when, and when before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issued_on: date
    first_names: Line = ""  # blank for people with a single name
    last_name: str
    birth_name: Line = ""
    birth_date: Line = ""  # a PartialDate as text
    declared: bool  # nobody checked who it is
    office_name: str
    office_city: Line = ""
    local_time: bool = False  # the office's clock is not that of Paris
    type_name: Bilingual
    attempts: tuple[Moment, ...] = Field(min_length=1)  # oldest first; the last one is that of this certificate
    count: int = Field(ge=1)  # of all attempts: the list may be shorter
    next_release: Moment | None = None  # when the next places open, as far as it was known then


CONTENTS: dict[str, type[BaseModel]] = {
    "deposit_receipt": DepositReceipt,
    "favourable_decision": FavourableDecision,
    "favourable_outcome": FavourableOutcome,
    "refusal": Refusal,
    "closing": Closing,
    "prolongation": Prolongation,
    "convocation": Convocation,
    "failed_attempt": FailedAttempt,
}
