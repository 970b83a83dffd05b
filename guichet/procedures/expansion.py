"""Including what is shared (blocks, usual steps, kinds of documents, sworn statements) and the short ways to write."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from guichet.procedures.source import Items, Located, Position, Problem, Scalar, Table

BROUGHT = ("eligibility", "documents", "grants", "silence_refuses")  # lists that may take entries from a block: «- use: name»
TERMS = "prolongation"  # one table, whole or from a block: «{use: name}»


@dataclass(frozen=True)
class Shared:
    blocks: dict[str, Table]
    documents: Table  # kind → {label, help}
    statements: Table  # item → text
    steps: Table  # step → {kind, title, intro}


class Expansion:
    """Writes a definition out in full; what cannot be included is told in ``problems``."""

    def __init__(self, shared: Shared, problems: list[Problem]) -> None:
        self.shared = shared
        self.problems = problems
        self.kinds = Table(Position("", 1, 1))
        self.own_kinds = Table(Position("", 1, 1))
        self.statements = Table(Position("", 1, 1))
        self.own_statements = Table(Position("", 1, 1))
        self.used: dict[str, Table] = {}

    def problem(self, place: Located | Position, message: str) -> None:
        self.problems.append(Problem(place if isinstance(place, Position) else place.position, message))

    def expand(self, written: Table) -> Table:
        full = written.copy()
        full.entries.pop("effective", None)
        self.own_kinds = self.own(full, "kinds")
        self.own_statements = self.own(full, "statement_items")
        self.each(full, "steps", self.step)
        for key in BROUGHT:
            self.include(full, key)
        self.terms(full)
        self.each(full, "documents", self.document)
        self.each(full, "sworn_statements", self.variant)
        for key in ("grants", "silence_refuses"):
            alone = full.get(key)
            if isinstance(alone, Table):  # the same for whoever asks
                full.entries[key] = Items(alone.position, [alone])
        self.facts(full)
        full.put("kinds", self.kinds, written.position)
        full.put("statement_items", self.statements, written.position)
        return full

    def own(self, full: Table, key: str) -> Table:
        found = full.entries.pop(key, None)
        if found is not None and not isinstance(found, Table):
            self.problem(found, f"«{key}» is a table of «name: …» lines.")
        return found if isinstance(found, Table) else Table(full.position)

    def each(self, full: Table, key: str, change: Callable[[Table], Table]) -> None:
        found = full.get(key)
        if isinstance(found, Items):
            items: list[Located] = []
            for item in found.items:
                if isinstance(item, Table):
                    items.append(change(item))
                else:
                    self.problem(item, f"Each of «{key}» is a table that begins with «id».")
            full.entries[key] = Items(found.position, items)

    # Facts, rules, documents and permits, which blocks may bring too

    def facts(self, full: Table) -> None:
        """The facts of the blocks used, then those of the procedure; «name: expression» becomes {expression}."""
        written = full.get("facts")
        if written is not None and not isinstance(written, Table):
            return
        gathered = Table(written.position if written else full.position)
        for owner in [*(block.get("facts") for block in self.used.values()), written]:
            if not isinstance(owner, Table):
                continue
            for name, fact in owner.entries.items():
                if name in gathered.entries:
                    self.problem(
                        owner.keys[name], f"There is already a fact «{name}» in a block: give one of them another name."
                    )
                if isinstance(fact, Scalar):
                    table = Table(fact.position)
                    table.put("expression", fact)
                    fact = table
                gathered.put(name, fact, owner.keys[name])
        if gathered.entries:
            full.put("facts", gathered)

    def include(self, full: Table, key: str) -> None:
        """In place of «- use: block», what the block writes under the same key; what stands beside «use» goes to each."""
        found = full.get(key)
        if not isinstance(found, Items):
            return
        items: list[Located] = []
        for item in found.items:
            if not isinstance(item, Table) or "use" not in item.entries:
                items.append(item)
                continue
            block = self.block(item)
            brought = block.get(key) if block else None
            if block is not None and not isinstance(brought, Items):
                self.problem(item.entries["use"], f"The block «{item.text('use')}» has no «{key}».")
            for each in self.chosen(brought.items if isinstance(brought, Items) else [], item):
                if isinstance(each, Table):
                    each = each.copy()
                    for name, value in item.entries.items():
                        if name not in ("use", "only"):
                            each.entries[name], each.keys[name] = value, item.keys[name]
                items.append(each)
        full.entries[key] = Items(found.position, items)

    def terms(self, full: Table) -> None:
        """In place of «{use: block}», the terms that the block writes; what stands beside «use» replaces theirs."""
        found = full.get(TERMS)
        if not isinstance(found, Table) or "use" not in found.entries:
            return
        block = self.block(found)
        brought = block.get(TERMS) if block else None
        if block is not None and not isinstance(brought, Table):
            self.problem(found.entries["use"], f"The block «{found.text('use')}» has no «{TERMS}».")
        if not isinstance(brought, Table):
            full.entries.pop(TERMS)
            return
        merged = brought.copy()
        for name, value in found.entries.items():
            if name != "use":
                merged.entries[name], merged.keys[name] = value, found.keys[name]
        full.entries[TERMS] = merged

    def chosen(self, brought: list[Located], written: Table) -> list[Located]:
        """Of what a block brings, what «only» names; all of it where nothing is named."""
        only = written.get("only")
        if not isinstance(only, Items):
            return brought
        by_id = {each.text("id"): each for each in brought if isinstance(each, Table)}
        for name in only.items:
            if brought and (not isinstance(name, Scalar) or name.value not in by_id):
                known = ", ".join(sorted(each for each in by_id if each))
                self.problem(name, f"The block has nothing of that name here. It has: {known or 'nothing with an «id»'}.")
        wanted = {name.value for name in only.items if isinstance(name, Scalar)}
        return [each for name, each in by_id.items() if name in wanted]

    def block(self, written: Table) -> Table | None:
        """The block that «use» names."""
        name = written.text("use") or ""
        block = self.shared.blocks.get(name)
        if block is None:
            near = get_close_matches(name, self.shared.blocks, n=1)
            hint = f" Did you mean «{near[0]}»?" if near else f" There are: {', '.join(sorted(self.shared.blocks)) or 'none'}."
            self.problem(written.entries["use"], f"There is no block «{name}».{hint}")
        return block

    # Steps and sections

    def step(self, written: Table) -> Table:
        full = written.copy()
        usual = self.shared.steps.get(written.text("id") or "")
        if isinstance(usual, Table):
            for key, value in usual.entries.items():
                if key not in full.entries:
                    full.put(key, value)
        sections = full.get("sections")
        if isinstance(sections, Items):
            found: list[Located] = []
            for section in sections.items:
                if isinstance(section, Table):
                    found.extend(self.sections(section))
                else:
                    self.problem(section, "Each section is a table that begins with «id», or with «use» for a block.")
            full.entries["sections"] = Items(sections.position, found)
        return full

    def sections(self, written: Table) -> list[Table]:
        """The sections that one entry stands for: itself, or those of the block that it uses."""
        if "use" not in written.entries:
            if "add" in written.entries:
                self.problem(written.keys["add"], "«add» completes a block: begin with «use», or write «fields».")
            return [self.section(written)]
        name, block = written.text("use") or "", self.block(written)
        if block is None:
            return []
        self.used[name] = block
        if "sections" in block.entries:
            for key, place in written.keys.items():
                if key != "use":
                    self.problem(place, f"The block «{name}» has several sections: nothing can be added to it or changed here.")
            return [self.section(section.copy()) for section in block.tables("sections")]
        merged = block.copy()
        for key in ("facts", TERMS, *BROUGHT):
            merged.entries.pop(key, None)
        for key, value in written.entries.items():
            if key in ("id", "fields"):
                self.problem(written.keys[key], f"The block «{name}» gives its own «{key}»: use «add» to complete its fields.")
            elif key not in ("use", "add"):
                merged.entries[key], merged.keys[key] = value, written.keys[key]
        self.add(merged, written)
        return [self.section(merged)]

    def add(self, merged: Table, written: Table) -> None:
        """Adds fields at the end, or after the field that «after» names."""
        fields = merged.get("fields")
        if "add" not in written.entries or not isinstance(fields, Items):
            return
        items = list(fields.items)
        for field in written.tables("add"):
            added, after = field.copy(), field.text("after")
            added.entries.pop("after", None)
            names = [item.text("id") if isinstance(item, Table) else None for item in items]
            if after is not None and after not in names:
                self.problem(field.entries["after"], f"There is no field «{after}» in this block to come after.")
            items.insert(names.index(after) + 1 if after in names else len(items), added)
        merged.entries["fields"] = Items(fields.position, items)

    def section(self, written: Table) -> Table:
        """Every field is told its section."""
        full = written.copy()
        fields, name = full.get("fields"), full.text("id")
        if isinstance(fields, Items) and name:
            told: list[Located] = []
            for field in fields.items:
                if isinstance(field, Table):
                    field = field.copy()
                    field.put("section", Scalar(field.position, name))
                    self.options(field)
                told.append(field)
            full.entries["fields"] = Items(fields.position, told)
        return full

    def options(self, field: Table) -> None:
        """Options may be written «{id: {fr: …, en: …}}», or under headings: «- {group: {fr: …, en: …}, options: …}».

        They become a list of {id, label, group}.
        """
        options = field.get("options")
        if isinstance(options, Table | Items):
            field.entries["options"] = Items(options.position, self.listed(options))

    def listed(self, options: Table | Items) -> list[Located]:
        found: list[Located] = []
        if isinstance(options, Table):
            for name, written in options.entries.items():
                named = isinstance(written, Table) and "label" in written.entries
                option = written.copy() if isinstance(written, Table) and named else Table(options.keys[name])
                option.put("id", Scalar(options.keys[name], name))
                if not named:
                    option.put("label", written)
                found.append(option)
            return found
        for item in options.items:
            inner = item.get("options") if isinstance(item, Table) else None
            if not isinstance(item, Table) or not isinstance(inner, Table | Items):
                found.append(item)
                continue
            for key, place in item.keys.items():
                if key not in ("group", "options"):
                    self.problem(place, f"There is no «{key}» beside a «group»: it has «group» and «options».")
            group = item.get("group")
            for each in self.listed(inner):
                grouped = each.copy() if isinstance(each, Table) else each
                if isinstance(grouped, Table) and group is not None:
                    grouped.put("group", group)
                found.append(grouped)
        return found

    # Documents

    def document(self, written: Table) -> Table:
        full = self.one_of(written)
        cases = full.get("cases")
        if isinstance(cases, Table):
            listed: list[Located] = []
            for name, case in cases.entries.items():
                if isinstance(case, Table):
                    case = case.copy()
                    case.put("id", Scalar(cases.keys[name], name), cases.keys[name])
                    self.case_documents(case)
                    listed.append(case)
                else:
                    self.problem(case, f"The case «{name}» has a «label» and «documents».")
            full.entries["cases"] = Items(cases.position, listed)
        return full

    def case_documents(self, case: Table) -> None:
        documents = case.get("documents")
        if not isinstance(documents, Items):
            return
        listed: list[Located] = []
        for item in documents.items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                table = Table(item.position)
                table.put("id", item)
                item = table
            listed.append(self.one_of(item) if isinstance(item, Table) else item)
        case.entries["documents"] = Items(documents.position, listed)

    def one_of(self, written: Table) -> Table:
        """A document's kinds default to its own id, its label to that of its only kind; the kinds' texts are gathered."""
        full = written.copy()
        name = full.get("id")
        if "any_of" not in full.entries and "cases" not in full.entries and isinstance(name, Scalar):
            full.put("any_of", Items(name.position, [name]))
        kinds = full.get("any_of")
        if not isinstance(kinds, Items):
            return full
        for kind in kinds.items:
            if isinstance(kind, Scalar) and isinstance(kind.value, str):
                self.kind(kind)
        if "label" not in full.entries and len(kinds.items) == 1 and isinstance(kinds.items[0], Scalar):
            known = self.kinds.get(str(kinds.items[0].value))
            label = known.get("label") if isinstance(known, Table) else None
            if label is not None:
                full.put("label", label)
        return full

    def kind(self, kind: Scalar) -> None:
        name = str(kind.value)
        found = self.own_kinds.get(name) or self.shared.documents.get(name)
        if found is None:
            near = get_close_matches(name, [*self.own_kinds.entries, *self.shared.documents.entries], n=1)
            hint = f"Did you mean «{near[0]}»?" if near else "Write it in shared/documents.yaml, or under «kinds» here."
            self.problem(kind, f"There is no kind of document «{name}». {hint}")
        else:
            self.kinds.put(name, found)

    # Sworn statements

    def variant(self, written: Table) -> Table:
        items = written.get("items")
        for item in items.items if isinstance(items, Items) else []:
            if not isinstance(item, Scalar):
                continue
            name = str(item.value)
            found = self.own_statements.get(name) or self.shared.statements.get(name)
            if found is None:
                near = get_close_matches(name, [*self.own_statements.entries, *self.shared.statements.entries], n=1)
                hint = (
                    f"Did you mean «{near[0]}»?" if near else "Write it in shared/statements.yaml, or under «statement_items»."
                )
                self.problem(item, f"There is no sworn statement «{name}». {hint}")
            else:
                self.statements.put(name, found)
        return written
