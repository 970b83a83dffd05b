"""What is proved by going through every situation: statements and permits that neither overlap nor leave a gap, conditions
that complete answers always decide, documents and questions that somebody meets."""

from collections.abc import Callable, Sequence

from guichet.procedures.checks.findings import Findings
from guichet.procedures.checks.situations import Situation, Situations, TooMany
from guichet.procedures.definition import Definition
from guichet.procedures.expressions import UNKNOWN, Node
from guichet.procedures.program import Key, Path, Program, Slot, slots

ENTANGLED = "This looks at too many things to be proved: name fewer of them, or make the conditions simpler."


def check(definition: Definition, program: Program, findings: Findings) -> None:
    prover = _Prover(definition, program, findings)
    prover.statements()
    prover.grants()
    prover.silence()
    for slot in slots(definition):
        if slot.key[0] == "show":
            prover.met(slot)
        elif slot.key[0] in ("required", "document_required"):
            prover.decided(slot)
        elif slot.key[0] == "when":
            prover.decided(slot)
            prover.met(slot)
        elif slot.key[0] == "rule":
            prover.rule(slot)


class _Prover:
    def __init__(self, definition: Definition, program: Program, findings: Findings) -> None:
        self.definition = definition
        self.program = program
        self.findings = findings

    def situations(self, path: Path, nodes: list[Node]) -> list[Situation]:
        try:
            return list(Situations(self.definition, self.program, nodes).all())
        except TooMany:
            self.findings.tell(path, ENTANGLED)
            return []

    # Exactly one

    def statements(self) -> None:
        variants = self.definition.sworn_statements
        keys: list[Key] = [("variant", variant.id) for variant in variants]
        self.exactly_one("sworn_statements", "variant", [f"«{variant.id}»" for variant in variants], keys)

    def grants(self) -> None:
        """Permits have no name of their own: their place in the list tells them."""
        keys: list[Key] = [("grants", str(place)) for place in range(len(self.definition.grants))]
        self.exactly_one("grants", "permit", [str(place + 1) for place in range(len(keys))], keys)

    def silence(self) -> None:
        keys: list[Key] = [("silence", str(place)) for place in range(len(self.definition.silence_refuses))]
        self.exactly_one("silence_refuses", "term", [f"term number {place + 1}" for place in range(len(keys))], keys)

    def exactly_one(self, where: str, what: str, names: list[str], keys: list[Key]) -> None:
        """Whatever the answers, one of these conditions holds and no other; and each holds for somebody."""
        nodes = [self.program.nodes[key] for key in keys]
        if not nodes:
            return
        held: set[int] = set()
        for situation in self.situations((where,), nodes):
            truths = [situation.truth(node) for node in nodes]
            true = [index for index, truth in enumerate(truths) if truth is True]
            held.update(true)
            if len(true) == 1:
                continue
            self._not_one(situation, truths, [names[index] for index in true], where, what)
            return
        for index, name in enumerate(names):
            if index not in held:
                never = "in the variant" if what == "variant" else "given the permit"
                self.findings.tell((where, index, "when"), f"Nobody is ever {never} {name}: remove it.")

    def _not_one(self, situation: Situation, truths: Sequence[object], true: list[str], where: str, what: str) -> None:
        if true:
            second = [index for index, truth in enumerate(truths) if truth is True][1]
            message = f"The {what}s {true[0]} and {true[1]} overlap when {situation.in_words()}."
            self.findings.tell((where, second, "when"), f"{message} Make them exclude each other.")
        elif any(truth is UNKNOWN for truth in truths):
            message = f"No {what} can be told when {situation.in_words()}: make these answers required, or use answered()."
            self.findings.tell((where,), message)
        else:
            self.findings.tell((where,), f"No {what} covers this: {situation.in_words()}. Add one, or widen another.")

    # Conditions

    def decided(self, slot: Slot) -> None:
        """Complete answers must decide: an unknown would refuse the deposit for ever."""
        node = self.program.nodes[slot.key]
        asked = self._asked(slot.key)
        for situation in self.situations(slot.path, self._with_shows(slot, node)):
            if asked(situation) and situation.truth(node) is UNKNOWN:
                message = (
                    f"Nothing decides this when {situation.in_words()}: an answer that it reads is hidden or optional."
                    " Test first what shows that answer, make it required, or use answered()."
                )
                self.findings.tell(slot.path, message)
                return

    def met(self, slot: Slot) -> None:
        """Somebody meets the question or the document."""
        node = self.program.nodes[slot.key]
        asked = self._asked(slot.key)
        situations = self.situations(slot.path, self._with_shows(slot, node))
        if situations and not any(asked(situation) and situation.truth(node) is True for situation in situations):
            what = {"when": "Nobody can ever be asked for this document", "show": "Nobody can ever see this"}[slot.key[0]]
            self.findings.tell(slot.path, f"{what}: the condition never holds. Correct it, or remove what it shows.")

    def rule(self, slot: Slot) -> None:
        node = self.program.nodes[slot.key]
        rule = next(each for each in self.definition.eligibility if each.id == slot.key[1])
        situations = self.situations(slot.path, [node])
        if rule.level == "block":
            self.decided(slot)
            if situations and all(situation.truth(node) is True for situation in situations):
                self.findings.tell(slot.path, "This blocks everybody: the condition always holds.")
        if situations and not any(situation.truth(node) is True for situation in situations):
            self.findings.tell(slot.path, "This never happens: the condition never holds. Correct it, or remove the rule.")

    def _section_of(self, key: Key) -> str:
        """The section where the condition is looked at; nothing for rules, which are always looked at."""
        if key[0] in ("show", "required"):
            return key[1]
        document = self.definition.document(key[1]) if key[0] in ("when", "document_required") else None
        return document.section if document else ""

    def _with_shows(self, slot: Slot, node: Node) -> list[Node]:
        section = self._section_of(slot.key)
        above: list[Key] = [("show", section)]
        if slot.key[0] == "required":
            above.append(("show", *slot.key[1:]))
        if slot.key[0] == "document_required":
            above.append(("when", slot.key[1]))
        return [node, *(self.program.nodes[key] for key in above if key in self.program.nodes and key != slot.key)]

    def _asked(self, key: Key) -> Callable[[Situation], bool]:
        section = self._section_of(key)
        if key == ("show", section) or not section:
            return lambda situation: True
        if key[0] == "required":
            return lambda situation: situation.shown(section, key[2])
        if key[0] == "document_required" and ("when", key[1]) in self.program.nodes:
            when = self.program.nodes["when", key[1]]
            return lambda situation: situation.shown(section) and situation.truth(when) is True
        return lambda situation: situation.shown(section)
