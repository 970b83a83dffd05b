"""Documents, statements and eligibility rules: what they name exists, and what they ask can be given."""

from guichet.procedures.checks.findings import Findings
from guichet.procedures.definition import NAMED_FACT, Definition, DocumentRequirement, EligibilityRule
from guichet.procedures.program import Path

MAX_REQUIREMENT = 60  # the width of the column that names a requirement


def check(definition: Definition, findings: Findings) -> None:
    findings.unique("documents", ((each.id, ("documents", index, "id")) for index, each in enumerate(definition.documents)))
    findings.unique(
        "eligibility rules", ((each.id, ("eligibility", index, "id")) for index, each in enumerate(definition.eligibility))
    )
    findings.unique(
        "statement variants", ((each.id, ("sworn_statements", index)) for index, each in enumerate(definition.sworn_statements))
    )
    for index, document in enumerate(definition.documents):
        _document(definition, document, ("documents", index), findings)
    for index, rule in enumerate(definition.eligibility):
        _rule(definition, rule, ("eligibility", index), findings)
    for index, variant in enumerate(definition.sworn_statements):
        path: Path = ("sworn_statements", index, "items")
        if not variant.items:
            findings.tell(path, f"The variant «{variant.id}» states nothing: write its items.")
        findings.unique("statements", ((item, (*path, place)) for place, item in enumerate(variant.items)))
    if not definition.on_deposit.issue:
        findings.tell(("on_deposit", "issue"), "A deposit always issues something: write [deposit_receipt].")


def _document(definition: Definition, document: DocumentRequirement, path: Path, findings: Findings) -> None:
    if definition.section(document.section) is None:
        known = ", ".join(section.id for section in definition.sections)
        findings.tell((*path, "section"), f"There is no section «{document.section}». There are: {known}.")
    if document.any_of and document.cases:
        findings.tell((*path, "any_of"), "Write «any_of» inside each case, or no «cases».")
    if not document.any_of and not document.cases:
        findings.tell(path, f"Nothing can be given for «{document.id}»: write «any_of» or «cases».")
    findings.unique("kinds", ((kind, (*path, "any_of", index)) for index, kind in enumerate(document.any_of)))
    if document.cases:
        _cases(document, path, findings)


def _cases(document: DocumentRequirement, path: Path, findings: Findings) -> None:
    if len(document.cases) < 2:
        findings.tell((*path, "cases"), "One case is no choice: write its documents directly, or a second case.")
    if document.newer_than:
        findings.tell((*path, "newer_than"), "With «cases», write «newer_than» on the documents of each case.")
    if document.required is not True:
        findings.tell((*path, "required"), "With «cases», write «required» on the documents of each case.")
    for at_case, case in enumerate(document.cases):
        place: Path = (*path, "cases", at_case, "documents")
        if not case.documents:
            findings.tell(place, f"The case «{case.id}» asks nothing: write its documents.")
        findings.unique("documents", ((item.id, (*place, index)) for index, item in enumerate(case.documents)))
        for index, item in enumerate(case.documents):
            if len(f"{document.id}__{item.id}") > MAX_REQUIREMENT:
                findings.tell((*place, index), f"«{document.id}» and «{item.id}» are too long together: shorten one.")
            if not item.any_of:
                findings.tell((*place, index), f"Nothing can be given for «{item.id}»: write «any_of».")


def _rule(definition: Definition, rule: EligibilityRule, path: Path, findings: Findings) -> None:
    section, dot, field = rule.field.partition(".")
    if not dot or definition.field(section, field) is None:
        findings.tell((*path, "field"), f"There is no field «{rule.field}»: name the answer to change, as «section.field».")
    for text in (rule.message, rule.way_forward):
        for name in NAMED_FACT.findall(f"{text.fr} {text.en}") if text else ():
            if name not in definition.facts:
                findings.tell(path, f"A message of «{rule.id}» names the fact «{name}», and there is none of that name.")
    if rule.level == "block" and rule.way_forward is None:
        findings.tell(path, f"«{rule.id}» blocks without a way out: say in «way_forward» what the person can do.")
