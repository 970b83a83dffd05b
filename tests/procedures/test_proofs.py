"""The proofs made at load are proofs: whatever one may answer is in one of the situations gone through."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.procedures.checks.situations import Situations, TooMany
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.expressions import parse
from guichet.procedures.loader import load_file
from guichet.procedures.program import names_of
from tests.procedures.conftest import TODAY

ATOMS = st.sampled_from(
    [
        "facts.is_minor",
        "years_between(person.birth_date, today) >= 16",
        "years_between(person.birth_date, today) == 17",
        "17 < years_between(person.birth_date, today)",
        "person.birth_date < date('2009-01-01')",
        "add_years(person.birth_date, 16) <= person.moved_on",
        "person.moved_on <= add_years(person.birth_date, 16)",
        "person.works",
        "person.situation == 'single'",
        "person.situation not in ['married']",
        "person.nickname == 'x'",
        "person.nickname != 'y'",
        "answered(person.nickname)",
        "answered(person.works)",
        "any(resources.regular)",
        "all(r.amount > euros(3) for r in resources)",
        "sum(resources.amount) < threshold('student_monthly')",
        "count(resources) > 1",
        "person.home.postal_code == '59800'",
        "(2 if person.works else 3) < 3",
        "True",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"(not {one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} and {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
    ),
    max_leaves=4,
)
DAYS = st.sampled_from([TODAY - timedelta(days=days) for days in (0, 1, 5800, 5844, 6209, 6210, 6300, 6574, 6575, 9000)])
ANSWERS = st.fixed_dictionaries(
    {
        "person": st.fixed_dictionaries(
            {
                "birth_date": DAYS.map(date.isoformat),
                "moved_on": DAYS.map(date.isoformat),
                "works": st.booleans(),
                "situation": st.sampled_from(["single", "married"]),
                "home": st.sampled_from([{"postal_code": "59800"}, {"postal_code": "42000"}, {"city": "Quito"}]),
            },
            optional={"nickname": st.sampled_from(["x", "y", "z"])},
        ),
        "resources": st.lists(
            st.fixed_dictionaries({"amount": st.sampled_from([0, 300, 301, 61_500]), "regular": st.booleans()}), max_size=3
        ),
    }
)


@pytest.fixture(scope="session")
def small(small_text, tmp_path_factory):
    text = small_text.replace(
        "          - {id: nickname,",
        '          - {id: moved_on, type: date, label: {fr: "Installation", en: "Moved"}}\n          - {id: nickname,',
    )
    path = tmp_path_factory.mktemp("proofs") / "small.yaml"
    path.write_text(text)
    return load_file(path).definition


@settings(max_examples=400, deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=2), ANSWERS)
def test_what_real_answers_make_true_together_is_among_the_situations(small, texts, answers):
    evaluation = Evaluation(small, answers, TODAY)
    nodes = [parse(text, names_of(small, evaluation.program))[0] for text in texts]
    try:
        situations = list(Situations(small, evaluation.program, nodes).all())
    except TooMany:
        return
    real = tuple(node.value(evaluation) for node in nodes)
    assert real in {tuple(situation.truth(node) for node in nodes) for situation in situations}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("years_between(person.birth_date, today) < 18", "years_between(person.birth_date, today) > 17"),
        ("person.birth_date < date('2009-01-01')", "date('2008-12-31') < person.birth_date"),
        ("person.birth_date <= person.moved_on", "person.moved_on < person.birth_date"),
        ("person.situation == 'single'", "person.situation in ['married']"),
        ("answered(person.nickname)", "not answered(person.nickname)"),
    ],
)
def test_two_conditions_that_complete_each_other_are_seen_to(load_small, one, two):
    """Neighbouring whole numbers and days leave no gap between them; the same comparison written backwards is one."""
    moved = 'type: date, label: {fr: "Installation", en: "Moved"}}'
    definition = load_small(
        ("          - {id: nickname,", f"          - {{id: moved_on, {moved}\n          - {{id: nickname,"),
        ("when: facts.is_minor,", f'when: "{one}",'),
        ("when: not facts.is_minor,", f'when: "{two}",'),
    )
    assert len(definition.sworn_statements) == 2


def test_too_many_things_to_look_at_are_refused_rather_than_believed(load_small):
    from guichet.procedures.source import DefinitionError

    fields = "".join(f'          - {{id: q{n}, type: yes_no, label: {{fr: "Q", en: "Q"}}}}\n' for n in range(16))
    condition = " and ".join(f"person.q{n}" for n in range(16))
    with pytest.raises(DefinitionError, match="This looks at too many things to be proved"):
        load_small(
            ("          - {id: nickname,", f"{fields}          - {{id: nickname,"),
            ("when: facts.is_minor,", f'when: "{condition}",'),
            ("when: not facts.is_minor,", f'when: "not ({condition})",'),
        )
