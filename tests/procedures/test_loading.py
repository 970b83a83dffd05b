"""Reading files: nothing that a file may hold makes the loader fail otherwise than by telling what to mend."""

import random
from datetime import date

import pytest

from guichet.procedures import source, tables
from guichet.procedures.loader import load_file
from guichet.procedures.source import DefinitionError

WORDS = [
    *(
        "{",
        "}",
        "[",
        "]",
        ":",
        "-",
        "&a",
        "*a",
        "!!x",
        "|",
        ">",
        "no",
        "null",
        "1.5",
        "0x1F",
        "true",
        "''",
        '"',
        "#",
        "\t",
        "<<: x",
    ),
    *(
        "facts.is_minor",
        "today",
        "row.amount",
        "resources.amount",
        "person",
        "documents",
        "fr",
        "use: civil_status",
        "repeat: {}",
    ),
    *("2026-02-30", "99999999999999999999", "choice", "cases", "show: person.works", "required: facts.is_minor", "min: today"),
]


def spoil(text, draw):
    """Some lines lost, doubled, shifted or sprinkled with words."""
    lines = text.split("\n")
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(lines))
        match draw.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines[at] = "  " + lines[at]
            case 3:
                lines[at] = lines[at].replace(": ", f": {draw.choice(WORDS)} ", 1)
            case 4:
                key, colon, _value = lines[at].partition(": ")
                lines[at] = f"{key}{colon}{draw.choice(WORDS)}"
            case _:
                words = lines[at].split(" ")
                words[draw.randrange(len(words))] = draw.choice(WORDS)
                lines[at] = " ".join(words)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(8))
def test_however_spoilt_a_file_is_it_loads_or_says_what_to_mend(small_text, tmp_path, seed):
    draw = random.Random(seed)
    path = tmp_path / "spoilt.yaml"
    refused = 0
    for _ in range(20):
        path.write_text(spoil(small_text, draw))
        try:
            load_file(path)
        except DefinitionError as error:
            refused += 1
            assert error.problems
            assert all(problem.message and problem.position.line >= 1 for problem in error.problems)
    assert refused > 8


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfe", "not in UTF-8"),
        (b"- a\n- b\n", "must be a table"),
        (b"", "must be a table"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"? [a, b]\n: 1\n", "A key must be a word"),
        (b"<<: {a: 1}\n", "Merging"),
        (b"a: " + b"[" * 40 + b"]" * 40, "nested too deep"),
        (b"a: 0o17\n", None),
        (b"#" * 600_000, "too large"),
    ],
)
def test_files_that_are_no_definition_at_all(tmp_path, raw, message):
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    problems = []
    source.read(path, "x.yaml", problems)
    if message is None:
        with pytest.raises(DefinitionError):
            load_file(path)
    else:
        assert message in problems[0].message


TABLE = """
monthly:
  unit: money
  label: {fr: "Mensuel", en: "Monthly"}
  values:
    - {from: 2020-01-01, until: 2020-12-31, value: 100, legal_basis: "A1"}
    - {from: 2021-01-01, value: 200, legal_basis: "A2", verify: "amount"}
"""


@pytest.fixture
def read_tables(tmp_path):
    def read(text):
        (tmp_path / "t.yaml").write_text(text)
        tables.tables.cache_clear()
        return tables.tables(tmp_path)

    yield read
    tables.tables.cache_clear()


def test_a_dated_value_is_that_of_the_day(read_tables):
    table = read_tables(TABLE)["monthly"]
    assert [table.on(day) for day in (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))] == [
        *(None, 100, 100, 200)
    ]
    assert table.values[1].verify == "amount"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("until: 2020-12-31", "until: 2021-01-01", "two values on 2021-01-01"),
        ("until: 2020-12-31, ", "", "two values on 2021-01-01"),
        ("until: 2020-12-31", "until: 2020-12-30", "no value on 2020-12-31"),
        ("{from: 2021-01-01,", "{from: 2021-01-01, until: 2021-12-31,", "runs out on 2021-12-31"),
        ("unit: money", "unit: euros", "«unit» of «monthly» must be one of: money, integer"),
        (', en: "Monthly"', "", "must have «fr» and «en»"),
        ("value: 100", 'value: "100"', "must be a whole number"),
        (', legal_basis: "A1"', "", "has «from» and «legal_basis»"),
        ("verify:", "verifies:", "There is no «verifies» here"),
        ("from: 2020-01-01, until: 2020-12-31", "from: 2020-01-01, until: 2019-12-31", "«until» comes before «from»"),
    ],
)
def test_a_table_that_overlaps_runs_out_or_lacks_its_article_is_refused(read_tables, before, after, message):
    assert before in TABLE
    with pytest.raises(DefinitionError) as refused:
        read_tables(TABLE.replace(before, after, 1))
    assert message in str(refused.value)


def test_the_tables_of_the_site_are_right():
    found = tables.tables()
    assert found["student_monthly"].on(date(2026, 11, 23)) == 61_500
    assert found["residence_permit_stamp"].unit == "money"
