"""What a procedure says, once its blocks are included: frozen, made of plain data, with no rule of any one procedure.

``Definition.model_validate_json`` reads what the loader made and what the database holds; ``content()`` gives it back.
"""

import hashlib
import json
import re
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Constraint

from guichet.core import typography
from guichet.procedures.durations import PATTERN as DURATION_PATTERN
from guichet.procedures.durations import Duration

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=30)]
ProcedureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
OptionIdentifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]*$", max_length=40)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
DurationText = Annotated[str, StringConstraints(pattern=DURATION_PATTERN)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]

NAMED_FACT = re.compile(r"\{facts\.([a-z0-9_]+)\}")  # in the message of a rule: the value of the fact, in words

FieldType = Literal[
    "text", "long_text", "yes_no", "choice", "choices", "date", "country", "nationality", "address",
    "email", "phone", "money", "integer", "institution", "ephoto",
]  # fmt: skip
StepKind = Literal["form", "documents", "recap", "confirmation"]

# What a registry may answer, and the type of the field that receives it.
SOURCES: dict[str, FieldType] = {
    "agdref.foreigner_number": "text",
    "agdref.birth_name": "text",
    "agdref.usage_name": "text",
    "agdref.first_names": "text",
    "agdref.sex": "choice",
    "agdref.birth_date": "date",
    "agdref.birth_country": "country",
    "agdref.birth_place": "text",
    "agdref.nationality": "nationality",
    # The permit or the visa that the person holds now.
    "permit.number": "text",
    "permit.kind": "choice",
    "permit.reason": "choice",
    "permit.valid_from": "date",
    "permit.valid_until": "date",
}

STATEMENTS_SECTION = "sworn_statements"  # answers[…] = {item: true}
CASES_SECTION = "document_cases"  # answers[…] = {document: case}
CHECKED_SECTION = "checked"  # answers[…] = {entry of the recap: digest of what was ticked}
RESERVED = frozenset({STATEMENTS_SECTION, CASES_SECTION, CHECKED_SECTION, "observations", "facts", "today", "row"})


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Model):
    """A text in every language of the site; ``str()`` gives the active one."""

    fr: Words
    en: Words

    def __str__(self) -> str:
        return self.in_language(get_language() or "fr")

    def in_language(self, language: str) -> str:
        """As it is read; ``fr`` stays as it was written, since the digest of the definition holds it."""
        return self.en if language.startswith("en") else typography.french(self.fr)


class Option(Model):
    id: OptionIdentifier
    label: Text
    help: Text | None = None
    group: Text | None = None  # the heading above it, in a list to unfold


class Field(Model):
    """One question. ``min`` and ``max`` are expressions, whole numbers or cents; both included."""

    id: Identifier
    section: Identifier
    type: FieldType
    label: Text
    help: Text | None = None
    required: bool | Expression = True
    show: Expression | None = None
    source: str | None = None  # a registry's answer: read-only where the registry knows, to be filled in where not
    options: tuple[Option, ...] = ()
    min: int | Expression | None = None
    max: int | Expression | None = None
    max_length: Annotated[int, Constraint(ge=1, le=10_000)] | None = None
    partial: bool = False  # of a date: the day, or the day and the month, may be unknown
    autocomplete: str | None = None  # HTML autocomplete token (WCAG 1.3.5)
    decides_office: bool = False  # of an address: the office that examines is that of this address
    verify: str | None = None

    def option(self, option_id: str) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)


class Repeat(Model):
    """A section asked several times, one row each (a child, a resource)."""

    min: Annotated[int, Constraint(ge=0, le=50)] = 0
    max: Annotated[int, Constraint(ge=1, le=50)] = 20
    row_title: Text | None = None  # «Enfant»: the page adds the number of the row


class Total(Model):
    """The sum shown under the rows of a section that repeats."""

    of: Identifier  # a field of the rows, of type money or integer
    label: Text


class Section(Model):
    id: Identifier
    title: Text
    help: Text | None = None
    show: Expression | None = None
    repeat: Repeat | None = None
    total: Total | None = None
    fields: tuple[Field, ...]

    def field(self, field_id: str) -> Field | None:
        return next((field for field in self.fields if field.id == field_id), None)


class Step(Model):
    id: Identifier
    title: Text
    intro: Text | None = None
    kind: StepKind = "form"
    sections: tuple[Section, ...] = ()
    sworn_statements: bool = False  # the statements are ticked at the end of this step
    tick_each: bool = False  # of a recap: every entry and every document is ticked as checked before the deposit
    button: Text | None = None  # of a recap: what the button that deposits says


class CaseDocument(Model):
    """A document asked in one case (hosted by someone: the host's identity)."""

    id: Identifier
    label: Text
    help: Text | None = None
    any_of: tuple[Identifier, ...]
    required: bool | Expression = True
    newer_than: DurationText | None = None
    max_files: Annotated[int, Constraint(ge=1, le=20)] = 3


class Case(Model):
    id: Identifier
    label: Text
    help: Text | None = None
    documents: tuple[CaseDocument, ...]


class DocumentRequirement(Model):
    """A document to give: any one of the kinds, or, by the case that the person says is theirs, several documents."""

    id: Identifier
    section: Identifier
    label: Text
    help: Text | None = None
    when: Expression | None = None
    situation: Text | None = None  # whom ``when`` means, in words
    required: bool | Expression = True
    any_of: tuple[Identifier, ...] = ()
    cases: tuple[Case, ...] = ()
    newer_than: DurationText | None = None
    max_files: Annotated[int, Constraint(ge=1, le=20)] = 3
    verify: str | None = None

    def case(self, case_id: str) -> Case | None:
        return next((case for case in self.cases if case.id == case_id), None)


class KindOfDocument(Model):
    """A kind of paper that requirements name: a passport, a lease."""

    label: Text
    help: Text | None = None
    newer_than: DurationText | None = None

    @property
    def age_in_words(self) -> str:
        """How old it may be at most («6 mois»), in the active language; empty where any age will do."""
        return Duration.parse(self.newer_than).in_words() if self.newer_than else ""


class StatementVariant(Model):
    """Statements sworn in one situation. The variants of a procedure are exhaustive and exclusive: proved at load."""

    id: Identifier
    when: Expression = "True"
    items: tuple[Identifier, ...]


class Fact(Model):
    """A value computed from the answers, named once. Facts with a label are shown to the officer."""

    expression: Expression
    label: Text | None = None


class EligibilityRule(Model):
    """When ``when`` holds, the deposit is refused (block) or the person is told (warn)."""

    id: Identifier
    when: Expression
    level: Literal["block", "warn"]
    field: str  # "section.field": where «change my answer» leads
    message: Text
    way_forward: Text | None = None  # what else the person can do
    legal_basis: tuple[str, ...] = ()
    verify: str | None = None


class Audience(Model):
    for_whom: tuple[Literal["self", "minor"], ...]
    holding: tuple[Literal["permit", "visa", "foreigner_number", "nothing"], ...]


class Grants(Model):
    """The permit that a favourable decision gives in one situation. Those of a procedure are exhaustive and exclusive:
    proved at load."""

    when: Expression = "True"
    permit: Identifier
    permit_label: Text
    mention: Identifier
    mention_label: Text
    lasts: DurationText
    no_later_than: Expression | None = None  # a day: that of the end of the contract, where the answers give one
    taxes: tuple[Identifier, ...] = ()  # names in tables/taxes.yaml
    legal_basis: tuple[str, ...] = ()
    verify: str | None = None


class SilenceRefuses(Model):
    """How long after a complete deposit silence is a refusal, in one situation. Those of a procedure are exhaustive and
    exclusive: proved at load."""

    when: Expression = "True"
    after: DurationText
    legal_basis: tuple[str, ...]
    verify: str | None = None


class Allows(Model):
    """What a certificate allows, each in one sentence."""

    stay: Text
    work: Text
    travel: Text


class Prolongation(Model):
    """The certificate that prolongs rights until the decision, and the words printed on it (CESEDA R431-15-1)."""

    lasts: DurationText
    allows: Allows
    legal_basis: tuple[str, ...]
    verify: str | None = None


class OnDeposit(Model):
    issue: tuple[Literal["deposit_receipt", "prolongation_certificate"], ...] = ("deposit_receipt",)
    # The type of appointment, by invitation, to which the deposit invites: its word in the addresses of the office.
    appointment: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)] | None = None


class Definition(Model):
    """One version of one procedure, blocks included."""

    procedure: ProcedureName
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    title: Text
    summary: Text
    legal_basis: tuple[str, ...]
    nature: Literal["first", "renewal", "change", "duplicate"] = "first"  # the last two grant no permit
    audience: Audience
    grants: tuple[Grants, ...] = ()  # none: then ``outcome`` says what a favourable answer gives
    outcome: Text | None = None
    prolongation: Prolongation | None = None
    silence_refuses: tuple[SilenceRefuses, ...]
    facts: dict[Identifier, Fact] = {}
    eligibility: tuple[EligibilityRule, ...] = ()
    steps: tuple[Step, ...]
    documents: tuple[DocumentRequirement, ...] = ()
    kinds: dict[Identifier, KindOfDocument] = {}
    sworn_statements: tuple[StatementVariant, ...] = ()
    statement_items: dict[Identifier, Text] = {}
    on_deposit: OnDeposit = OnDeposit()

    @model_validator(mode="after")
    def _fields_know_their_section(self) -> Self:
        for section in self.sections:
            for field in section.fields:
                if field.section != section.id:
                    raise ValueError(f"The field {field.id} says it belongs to {field.section}, not to {section.id}.")
        return self

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(section for step in self.steps for section in step.sections)

    @cached_property
    def _sections_by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _step_of_section(self) -> dict[str, Step]:
        return {section.id: step for step in self.steps for section in step.sections}

    @cached_property
    def _fields_by_name(self) -> dict[tuple[str, str], Field]:
        return {(section.id, field.id): field for section in self.sections for field in section.fields}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: two definitions with the same digest say the same."""
        return digest_of(self.content())

    def content(self) -> dict[str, Any]:
        """Plain JSON data, defaults left out; :func:`definition_from` reads it back."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def section(self, section_id: str) -> Section | None:
        return self._sections_by_id.get(section_id)

    def step_of(self, section_id: str) -> Step | None:
        """The step where a section is asked; for the sworn statements and the document cases, where they are."""
        if section_id == STATEMENTS_SECTION:
            return self.statements_step
        if section_id == CASES_SECTION:
            return self.documents_step
        return self._step_of_section.get(section_id)

    def field(self, section_id: str, field_id: str) -> Field | None:
        return self._fields_by_name.get((section_id, field_id))

    def document(self, document_id: str) -> DocumentRequirement | None:
        return next((document for document in self.documents if document.id == document_id), None)

    def requirement_label(self, requirement_id: str) -> Text | None:
        """The label of a requirement by its id, those of cases (``home__host_identity``) included."""
        document_id, _, item_id = requirement_id.partition("__")
        document = self.document(document_id)
        if document is None or not item_id:
            return document.label if document else None
        return next((item.label for case in document.cases for item in case.documents if item.id == item_id), None)

    @property
    def permits_in_words(self) -> list[str]:
        """What a favourable decision may give («Carte de séjour, étudiant»), each once, in the active language."""
        return list(dict.fromkeys(f"{each.permit_label}, {each.mention_label}" for each in self.grants))

    @cached_property
    def documents_step(self) -> Step | None:
        return next((step for step in self.steps if step.kind == "documents"), None)

    @cached_property
    def statements_step(self) -> Step | None:
        return next((step for step in self.steps if step.sworn_statements), None)

    @cached_property
    def sourced_fields(self) -> tuple[Field, ...]:
        """The fields that a registry may answer."""
        return tuple(field for section in self.sections for field in section.fields if field.source)

    @cached_property
    def office_address(self) -> Field | None:
        """The address that decides which office examines."""
        return next((field for section in self.sections for field in section.fields if field.decides_office), None)


def definition_from(content: dict[str, Any]) -> Definition:
    """The definition that ``content()`` gave. Raises ``pydantic.ValidationError``."""
    return Definition.model_validate_json(json.dumps(content))


def digest_of(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
