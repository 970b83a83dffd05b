"""Steps, sections and fields: identifiers, types, what goes with what."""

from guichet.procedures import tables
from guichet.procedures.checks.findings import Findings
from guichet.procedures.definition import RESERVED, SOURCES, Definition, Field, Section, Step, Text, Total
from guichet.procedures.program import BOUNDED, Path

# Purposes of HTML's autocomplete that concern a person (WCAG 2.2, 1.3.5).
AUTOCOMPLETE = frozenset(
    {
        "name", "honorific-prefix", "given-name", "additional-name", "family-name", "honorific-suffix", "nickname",
        "email", "tel", "bday", "sex", "street-address", "address-line1", "address-line2", "address-level2",
        "postal-code", "country", "country-name", "organization", "organization-title", "language",
    }
)  # fmt: skip
SUMMED = ("money", "integer")
TEXTS = ("text", "long_text", "institution", "email", "ephoto")


def check(definition: Definition, findings: Findings) -> None:
    for key in ("legal_basis", "steps", "silence_refuses"):
        if not getattr(definition, key):
            findings.tell((key,), f"«{key}» is empty: write at least one.")
    for key in ("for_whom", "holding"):
        if not getattr(definition.audience, key):
            findings.tell(("audience", key), f"«{key}» is empty: nobody could start this procedure.")
    _outcome(definition, findings)
    findings.unique("steps", ((step.id, ("steps", index, "id")) for index, step in enumerate(definition.steps)))
    findings.unique("sections", ((section.id, (*path, "id")) for section, path in sections(definition)))
    _steps(definition, findings)
    for section, path in sections(definition):
        _section(section, path, findings)
    _office(definition, findings)


# A decision holds these words: the longest that it takes, in characters.
LONGEST_LABELS = {"permit_label": 60, "mention_label": 120}


def _outcome(definition: Definition, findings: Findings) -> None:
    """A favourable answer gives a permit, or something that is said; a certificate promised is described."""
    for place, grants in enumerate(definition.grants):
        for key, longest in LONGEST_LABELS.items():
            label: Text = getattr(grants, key)
            if max(len(label.fr), len(label.en)) > longest:
                findings.tell(("grants", place, key), f"«{key}» is too long for a decision: {longest} characters at most.")
        for index, tax in enumerate(grants.taxes):
            if tax not in tables.tables():
                message = f"There is no tax «{tax}» in tables/. Write it in tables/taxes.yaml."
                findings.tell(("grants", place, "taxes", index), message)
    if not definition.grants and definition.outcome is None:
        findings.tell((), "Say what a favourable answer gives: the permit in «grants», or, without a permit, «outcome».")
    if (definition.grants or definition.outcome) and bool(definition.grants) != (definition.nature in ("first", "renewal")):
        findings.tell(("nature",), "A «nature» of «first» or «renewal» grants a permit; «change» and «duplicate» grant none.")
    if definition.grants and definition.outcome is not None:
        findings.tell(("outcome",), "«outcome» is for procedures that grant no permit: keep «grants» or «outcome».")
    if "prolongation_certificate" in definition.on_deposit.issue and definition.prolongation is None:
        message = "The deposit issues a prolongation certificate: say how long it lasts and what it allows in «prolongation»."
        findings.tell(("on_deposit", "issue"), message)


def sections(definition: Definition) -> list[tuple[Section, Path]]:
    """Every section with its path."""
    return [
        (section, ("steps", at_step, "sections", at_section))
        for at_step, step in enumerate(definition.steps)
        for at_section, section in enumerate(step.sections)
    ]


def _steps(definition: Definition, findings: Findings) -> None:
    kinds = [step.kind for step in definition.steps]
    if kinds[-2:] != ["recap", "confirmation"] or kinds.count("recap") != 1 or kinds.count("confirmation") != 1:
        findings.tell(
            ("steps",), "The last two steps are the recap then the confirmation: end with «deposit» and «confirmation»."
        )
    if "form" not in kinds:
        findings.tell(("steps",), "No step asks anything: write at least one step with sections.")
    if kinds.count("documents") > 1:
        findings.tell(("steps",), "Documents are given in one step: keep one step of kind «documents».")
    if definition.documents and "documents" not in kinds:
        findings.tell(("documents",), "No step receives these documents: add the step «documents».")
    for index, step in enumerate(definition.steps):
        _step(definition, step, ("steps", index), findings)
    if definition.sworn_statements and not any(step.sworn_statements for step in definition.steps):
        findings.tell(("sworn_statements",), "No step shows these statements: write «sworn_statements: true» on one.")


def _step(definition: Definition, step: Step, path: Path, findings: Findings) -> None:
    if step.kind in ("recap", "confirmation") and step.sections:
        findings.tell((*path, "sections"), f"Nobody can reach these questions: a step of kind «{step.kind}» asks nothing.")
    if step.kind == "form" and not step.sections:
        findings.tell(path, f"The step «{step.id}» asks nothing: write its sections, or remove it.")
    if step.kind == "documents" and not step.sections and not definition.documents:
        findings.tell(path, f"The step «{step.id}» asks nothing: write «documents», or remove it.")
    for key, said in (("tick_each", step.tick_each), ("button", step.button)):
        if said and step.kind != "recap":
            findings.tell((*path, key), f"«{key}» is for the recap: write it on the step «deposit».")
    if step.sworn_statements and step.kind != "form":
        findings.tell((*path, "sworn_statements"), "Statements are ticked in a step of kind «form».")
    if step.sworn_statements and not definition.sworn_statements:
        findings.tell((*path, "sworn_statements"), "There are no sworn statements: write some, or remove this line.")
    if step.sworn_statements and step is not definition.statements_step:
        findings.tell((*path, "sworn_statements"), "Another step already shows the statements: keep one.")


def _section(section: Section, path: Path, findings: Findings) -> None:
    if section.id in RESERVED:
        findings.tell((*path, "id"), f"«{section.id}» has a meaning of its own: give the section another id.")
    if not section.fields:
        findings.tell((*path, "fields"), f"The section «{section.id}» asks nothing: write its fields, or remove it.")
    if section.repeat and section.repeat.min > section.repeat.max:
        findings.tell((*path, "repeat"), "«min» is greater than «max»: nobody could fill in this section.")
    if section.total:
        _total(section, section.total, (*path, "total"), findings)
    findings.unique("fields", ((field.id, (*path, "fields", index, "id")) for index, field in enumerate(section.fields)))
    for index, field in enumerate(section.fields):
        _field(section, field, (*path, "fields", index), findings)


def _total(section: Section, total: Total, path: Path, findings: Findings) -> None:
    summed = section.field(total.of)
    if section.repeat is None:
        findings.tell(path, f"The section «{section.id}» has one row: only a section with «repeat» has a «total».")
    elif summed is None:
        known = ", ".join(field.id for field in section.fields if field.type in SUMMED)
        findings.tell((*path, "of"), f"There is no field «{total.of}» in this section to add up. There are: {known or 'none'}.")
    elif summed.type not in SUMMED:
        findings.tell((*path, "of"), f"Only amounts and numbers add up, and «{total.of}» is of type {summed.type}.")


def _field(section: Section, field: Field, path: Path, findings: Findings) -> None:
    if field.type in ("choice", "choices"):
        if len(field.options) < 2:
            findings.tell(path, f"«{field.id}» is a choice: write at least two «options».")
        findings.unique("options", ((option.id, (*path, "options", index)) for index, option in enumerate(field.options)))
        _groups(field, path, findings)
    elif field.options:
        findings.tell((*path, "options"), f"«{field.id}» is of type {field.type}: only a choice has options.")
    if field.partial and field.type != "date":
        findings.tell((*path, "partial"), "Only a date can be partial.")
    if field.max_length and field.type not in TEXTS:
        findings.tell((*path, "max_length"), f"«max_length» is for texts, and «{field.id}» is of type {field.type}.")
    if field.autocomplete and field.autocomplete not in AUTOCOMPLETE:
        findings.tell((*path, "autocomplete"), f"«{field.autocomplete}» is no autocomplete purpose of HTML.")
    _bounds(field, path, findings)
    _source(section, field, path, findings)


def _groups(field: Field, path: Path, findings: Findings) -> None:
    """Headings are those of a list to unfold, each written once."""
    met: list[Text | None] = []
    for index, option in enumerate(field.options):
        place: Path = (*path, "options", index)
        if option.group and field.type == "choices":
            findings.tell(place, f"«{field.id}» is ticked, not unfolded: only a «choice» has options under a «group».")
            return
        if option.group in met[:-1]:
            name = f"the group «{option.group.fr}»" if option.group else "those without a group"
            findings.tell(place, f"«{option.id}» comes apart from {name}: put the options of a group together.")
            return
        if not met or met[-1] != option.group:
            met.append(option.group)


def _bounds(field: Field, path: Path, findings: Findings) -> None:
    for name, bound in (("min", field.min), ("max", field.max)):
        if bound is None:
            continue
        if field.type not in BOUNDED:
            findings.tell(
                (*path, name), f"«{name}» is for dates, numbers and amounts, and «{field.id}» is of type {field.type}."
            )
        elif field.type == "date" and isinstance(bound, int):
            findings.tell((*path, name), f"«{name}» of a date is a date: write today, or date('2026-09-01').")
    if isinstance(field.min, int) and isinstance(field.max, int) and field.min > field.max:
        findings.tell((*path, "min"), "«min» is greater than «max»: nobody could answer.")


def _source(section: Section, field: Field, path: Path, findings: Findings) -> None:
    if field.source is None:
        return
    if field.source not in SOURCES:
        findings.tell((*path, "source"), f"Nothing answers «{field.source}». There are: {', '.join(sorted(SOURCES))}.")
    elif SOURCES[field.source] != field.type:
        findings.tell((*path, "type"), f"«{field.source}» fills a field of type {SOURCES[field.source]}, not {field.type}.")
    if section.repeat:
        findings.tell((*path, "source"), "A source answers about one person: not in a section that repeats.")


def _office(definition: Definition, findings: Findings) -> None:
    """Exactly one address, always asked, decides the office: without it nothing could be deposited."""
    deciding = [
        (section, field, (*path, "fields", index))
        for section, path in sections(definition)
        for index, field in enumerate(section.fields)
        if field.decides_office
    ]
    if len(deciding) != 1:
        message = "One address decides which office examines: write «decides_office: true» on it, and on no other."
        findings.tell(deciding[1][2] if deciding else ("steps",), message)
        return
    section, field, path = deciding[0]
    if field.type != "address":
        findings.tell((*path, "decides_office"), "Only an address decides the office.")
    if section.show or section.repeat or field.show or field.required is not True:
        findings.tell(path, "The address that decides the office is always asked: no «show», no «repeat», required.")
