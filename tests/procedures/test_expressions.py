"""The language of conditions: nothing but what is declared, checked types, three values."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guichet.procedures.expressions import UNKNOWN, ExpressionError, Kind, Names, SectionNames, Type, parse
from guichet.procedures.expressions.functions import FORMS, FUNCTIONS
from guichet.procedures.expressions.types import DATE, INTEGER, MONEY, TEXT, YES_NO

NAMES = Names(
    sections={
        "person": SectionNames(
            {
                "born": DATE,
                "works": YES_NO,
                "tall": YES_NO,
                "name": TEXT,
                "size": INTEGER,
                "pay": MONEY,
                "situation": Type(Kind.CHOICE, frozenset({"single", "married"})),
                "tongues": Type(Kind.CHOICES, frozenset({"fr", "en"})),
                "home": Type(Kind.ADDRESS),
            }
        ),
        "children": SectionNames({"born": DATE, "here": YES_NO, "cost": MONEY}, repeats=True),
    },
    facts={"is_minor": YES_NO, "age": INTEGER},
    thresholds={"student_monthly": MONEY, "filing_opens_days": INTEGER},
)


class Answers:
    """An environment made of a table; what is not in it is unknown."""

    today = date(2026, 11, 23)

    def __init__(self, rows=None, facts=None, **answers):
        self.answers, self.rows, self.facts = answers, rows, facts or {}

    def answer(self, section, field, row):
        if row is not None:
            return self.rows[row].get(field, UNKNOWN)
        return self.answers.get(field, UNKNOWN)

    def fact(self, name):
        return self.facts.get(name, UNKNOWN)

    def row_count(self, section):
        return UNKNOWN if self.rows is None else len(self.rows)

    def threshold(self, name):
        return {"student_monthly": 61_500, "filing_opens_days": 120}[name]


def compute(text, env=None, **answers):
    node, _ = parse(text, NAMES)
    return node.value(env or Answers(**answers))


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("person.works and person.tall", {"works": True}, UNKNOWN),
        ("person.works and person.tall", {"works": False}, False),
        ("person.tall and person.works", {"works": False}, False),
        ("person.works or person.tall", {"works": True}, True),
        ("person.works or person.tall", {"works": False}, UNKNOWN),
        ("not person.works", {}, UNKNOWN),
        ("person.size > 3", {}, UNKNOWN),
        ("person.situation in ['single']", {}, UNKNOWN),
        ("person.situation not in ['single']", {}, UNKNOWN),
        ("'fr' in person.tongues", {}, UNKNOWN),
        ("years_between(person.born, today) < 18", {}, UNKNOWN),
        ("person.size + 1 > 3", {}, UNKNOWN),
        ("1 < person.size < 3", {"size": 2}, True),
        ("1 < person.size < 3", {"size": 3}, False),
        ("person.works if person.tall else not person.works", {"works": True}, UNKNOWN),
        ("answered(person.works)", {}, False),
        ("answered(person.works)", {"works": False}, True),
        ("not answered(person.works) or person.works", {}, True),
        ("'fr' in person.tongues", {"tongues": frozenset({"fr"})}, True),
        ("'fr' not in person.tongues", {"tongues": frozenset({"fr"})}, False),
        ("person.home.country == 'FR'", {"home": {"country": "FR"}}, True),
        ("person.home.insee_code == '59350'", {"home": {"country": "FR"}}, UNKNOWN),
        ("person.pay >= threshold('student_monthly')", {"pay": 61_500}, True),
        ("person.pay > euros(615)", {"pay": 61_500}, False),
        ("person.pay * 2 == euros(1230)", {"pay": 61_500}, True),
        ("person.born + days(30) <= today", {"born": date(2026, 10, 24)}, True),
        ("days_between(person.born, today) == 30", {"born": date(2026, 10, 24)}, True),
        ("months_between(person.born, today)", {"born": date(2026, 9, 24)}, 1),
        ("add_years(person.born, 16)", {"born": date(2008, 2, 29)}, date(2024, 2, 29)),
        ("add_months(person.born, 1)", {"born": date(2026, 1, 31)}, date(2026, 2, 28)),
        ("add_years(person.born, 9000)", {"born": date(2008, 2, 29)}, UNKNOWN),
        ("person.born + days(threshold('filing_opens_days')) <= today", {"born": date(2026, 7, 1)}, True),
        ("person.born + days(9000000)", {"born": date(2008, 2, 29)}, UNKNOWN),
        ("person.born >= date('2008-02-29')", {"born": date(2008, 2, 29)}, True),
        ("person.size == -1", {"size": -1}, True),
        ("person.size in [1, 2]", {"size": 2}, True),
    ],
)
def test_an_unanswered_value_makes_the_result_unknown_never_true(text, answers, expected):
    assert compute(text, **answers) is expected or compute(text, **answers) == expected


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        ("count(children)", None, UNKNOWN),
        ("count(children)", [{}, {}], 2),
        ("sum(children.cost)", [], 0),
        ("sum(children.cost)", [{"cost": 100}, {"cost": 50}], 150),
        ("sum(children.cost)", [{"cost": 100}, {}], UNKNOWN),
        ("any(children.here)", [], False),
        ("all(children.here)", [], True),
        ("any(children.here)", [{}, {"here": True}], True),
        ("any(children.here)", [{}, {"here": False}], UNKNOWN),
        ("all(children.here)", [{}, {"here": False}], False),
        ("all(children.here)", [{}, {"here": True}], UNKNOWN),
        ("any(years_between(c.born, today) < 18 for c in children)", [{"born": date(2010, 1, 1)}], True),
        ("count(c for c in children if c.here)", [{"here": True}, {"here": False}], 1),
        ("count(c for c in children if c.here)", [{"here": True}, {}], UNKNOWN),
        ("sum(c.cost for c in children if c.here)", [{"here": True, "cost": 7}, {"here": False}], 7),
        ("all(c.here for c in children if c.cost > euros(1))", [{"here": False, "cost": 1}], True),
        ("any(c.here for c in children if c.cost > euros(1))", [{"here": True}], UNKNOWN),
    ],
)
def test_rows_are_looked_over_with_three_values(text, rows, expected):
    found = compute(text, Answers(rows=rows))
    assert found is expected or found == expected


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("person.works and person.name", 18, "This must be a yes/no and is a text."),
        ("person.works == True", 1, "A yes/no is used as it is: write «section.field» or «not section.field»."),
        ("person.home == 'Lille'", 16, "An address cannot be compared with a text."),
        ("person.tongues == 'fr'", 1, "Write «'option' in section.field» for a list of choices."),
        ("'de' in person.tongues", 1, "There is no option «de». There are: en, fr."),
        ("person.name in ['a', 3]", 22, "The list must hold texts between quotes only."),
        ("person.born in ['a']", 1, "A date cannot be looked for in a list."),
        ("person.name < 'b'", 1, "A text has no order: use == or !=."),
        ("person.size / 2 > 1", 1, "Only + - and * are understood."),
        ("person.pay + 3 > euros(1)", 1, "An amount and a number: write euros(615) rather than 615."),
        ("person.born + 3 > today", 1, "A number of what? Write days(30), add_months(date, 6) or add_years(date, 16)."),
        ("today - person.born > 3", 1, "Two dates: write days_between(earlier, later), months_between or years_between."),
        (
            "years_between(person.born) < 3",
            1,
            "years_between() takes 2 argument(s): completed years from the first date to the second.",
        ),
        ("years_between(today, 3) < 3", 22, "This must be a date and is a whole number."),
        ("date('2026-02-30') < today", 6, "«2026-02-30» is not a day: write it as date('2026-09-01')."),
        ("days(person.size) + today", 6, "days() takes a number written out, or a threshold."),
        ("person", 1, "«person» is a section: name one of its fields, as in «person.field»."),
        ("is_minor", 1, "Write «facts.is_minor»."),
        ("person.works and true", 18, "A yes/no is used as it is: write «section.field» or «not section.field»."),
        ("count(person) > 1", 7, "The section «person» does not repeat: name its field directly."),
        ("sum(children.here) > 1", 5, "sum() needs a number or an amount in each row, and this is a yes/no."),
        ("any(children.cost)", 5, "any() needs a yes/no in each row, and this is an amount."),
        ("any(any(children.here) for c in children)", 5, "any() cannot stand inside another any(), all(), sum() or count()."),
        (
            "any(today.here for today in children)",
            20,
            "«today» already means something: choose another word, such as «each_row».",
        ),
        ("person.works if person.works else 3", 35, "Both sides of «else» must be alike: a yes/no and a whole number."),
        ("[1, 2]", 1, "«List» is not part of the language."),
        ("(lambda: 1)()", 1, "Only the declared functions can be called."),
        ("person.born.year > 2000", 1, "Only an address has parts, and this is a date."),
        (
            "person.home.planet == 'x'",
            1,
            "There is no part of an address «planet». There are: city, country, insee_code, postal_code.",
        ),
        ("person.size > 2.5", 15, "Numbers are whole: write amounts with euros(…), or in cents in a threshold."),
        ("person.size > 99999999999999", 15, "This number is too large."),
        ("person.size > 1if 2", 15, "A number runs into a letter: put a space, or quotes around a text."),
        ("'\\x00' == person.name", 2, "A backslash has no meaning here: remove it."),
        ("days(3)", 1, "This is a duration, which stands for nothing alone."),
        ("", 1, "This cannot be read: invalid syntax. Check quotes, brackets and operators."),
    ],
)
def test_what_means_nothing_is_refused_with_its_column(text, column, message):
    with pytest.raises(ExpressionError) as refused:
        parse(text, NAMES)
    assert (refused.value.column, refused.value.message.split(" Write a day")[0]) == (column, message)


def test_columns_count_characters_not_bytes():
    with pytest.raises(ExpressionError) as refused:
        parse("person.name == 'é' and person.nome", NAMES)
    assert refused.value.column == 24


def test_an_unknown_value_cannot_be_taken_for_true_by_mistake():
    with pytest.raises(TypeError):
        bool(UNKNOWN)


PIECES = st.sampled_from(
    [
        *("person", "children", "facts", "row", "today", ".", "works", "born", "size", "pay", "situation", "is_minor", "home"),
        *("and", "or", "not", "in", "if", "else", "for", "(", ")", "[", "]", ",", "==", "<", ">=", "+", "-", "*", "/", ":="),
        *("'single'", "'", '"', "3", "0x1f", "1e9", "True", "None", "lambda", "await", "yield", "f'{x}'", "b'x'", "…", "é"),
        *FUNCTIONS,
        *FORMS,
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=10).map("".join), st.text(max_size=60)))
@example("not " * 400 + "person.works")
@example("(" * 300 + "1" + ")" * 300)
@example("person.name == '\ud800'")
@example("1" * 900)
@example("\x00")
@example("a\nb")
def test_no_text_crashes_the_parser(text):
    try:
        node, _ = parse(text, NAMES)
    except ExpressionError as refused:
        assert refused.message
        assert 1 <= refused.column <= len(text) + 1
    else:
        node.value(Answers())  # computing with nothing known never fails either


ATOMS = st.sampled_from(["person.works", "person.tall", "person.size > 3", "person.size <= 5", "person.situation == 'single'"])
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"(not {one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} and {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})"),
    ),
    max_leaves=6,
)
COMPLETE = st.fixed_dictionaries(
    {
        "works": st.booleans(),
        "tall": st.booleans(),
        "size": st.integers(0, 9),
        "situation": st.sampled_from(["single", "married"]),
    }
)


@given(CONDITIONS, COMPLETE, st.sets(st.sampled_from(["works", "tall", "size", "situation"])))
def test_what_is_decided_with_fewer_answers_stays_so_with_more(condition, answers, forgotten):
    """Unknown runs through: a yes or a no said early is never taken back by answering the rest."""
    early = compute(condition, **{name: value for name, value in answers.items() if name not in forgotten})
    late = compute(condition, **answers)
    assert late is not UNKNOWN
    assert early is UNKNOWN or early is late
