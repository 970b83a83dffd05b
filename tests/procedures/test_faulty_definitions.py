"""A definition with a mistake is never half-loaded: each mistake is told with its line, its column and how to mend it.

Each file of ``faulty/`` holds one mistake; its first line is what must be said: ``# line:column: message``.
"""

import re
from pathlib import Path

import pytest

from guichet.procedures.loader import load_file
from guichet.procedures.source import DefinitionError

FAULTY = sorted((Path(__file__).parent / "faulty").glob("*.yaml"))


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_a_mistake_is_told_where_it_is_and_how_to_mend_it(path):
    expected = path.read_text().splitlines()[0].removeprefix("# ")
    with pytest.raises(DefinitionError) as refused:
        load_file(path)
    assert [str(problem) for problem in refused.value.problems] == [f"{path.name}:{expected}"]


def test_the_corpus_is_large_and_each_mistake_has_its_own_message():
    messages = {re.sub(r"^# \d+:\d+: ", "", path.read_text().splitlines()[0]) for path in FAULTY}
    assert len(FAULTY) >= 90
    assert len(messages) >= len(FAULTY) - 3  # the traps (no, oui, on) share a sentence but for the word


def test_all_the_mistakes_of_a_file_are_told_at_once(tmp_path):
    text = (FAULTY[0].parent / "unknown_field.yaml").read_text()
    text = text.replace("field: person.birth_date", "field: person.birth_date\n    legal: [x]").replace("max: 5", 'max: "5"')
    path = tmp_path / "several.yaml"
    path.write_text(text)
    with pytest.raises(DefinitionError) as refused:
        load_file(path)
    assert [problem.message.split(":")[0] for problem in refused.value.problems] == [
        "There is no «legal» here. Did you mean «legal_basis»?",
        "«max» is a whole number, without quotes.",
    ]


def test_a_mended_file_loads(tmp_path):
    """The corpus differs from a right definition by its mistake alone."""
    text = (FAULTY[0].parent / "unknown_field.yaml").read_text().replace("person.birth_dat,", "facts.is_minor,")
    path = tmp_path / "mended.yaml"
    path.write_text(text)
    assert load_file(path).definition.procedure == "small"


def test_terms_come_from_a_block_and_what_stands_beside_replaces_theirs(tmp_path):
    text = (FAULTY[0].parent / "misspelt_beside_a_block.yaml").read_text()
    shared, changed = tmp_path / "shared.yaml", tmp_path / "changed.yaml"
    shared.write_text(text.replace(", last: 6 months", ""))
    changed.write_text(text.replace("last: 6 months", "lasts: 6 months"))
    first, second = load_file(shared).definition.prolongation, load_file(changed).definition.prolongation
    assert (first.lasts, second.lasts) == ("3 months", "6 months")
    assert first.allows == second.allows and first.allows.work.en
