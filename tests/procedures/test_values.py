"""Answers as people type them: forgiven where the sense is clear, refused with what to do where it is not."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.dates import PartialDate
from guichet.procedures import countries, values
from guichet.procedures.definition import SOURCES, Field, Text
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.values import InvalidAnswer
from tests.procedures.conftest import TODAY

LABEL = {"fr": "Question", "en": "Question"}


@pytest.fixture
def ask(load_small):
    """A field of the small definition, put in the place of «nickname», and its evaluation."""

    def make(written, **answers):
        definition = load_small(("id: nickname, type: text, required: false", f"id: nickname, {written}"))
        return definition.field("person", "nickname"), Evaluation(definition, answers, TODAY)

    return make


@pytest.fixture
def clean(ask):
    def run(written, raw, **answers):
        field, evaluation = ask(written, **answers)
        return values.clean(field, raw, evaluation=evaluation)

    return run


OPTIONS = 'options: {one: {fr: "Un", en: "One"}, two: {fr: "Deux", en: "Two"}}'


@pytest.mark.parametrize(
    ("written", "raw", "stored"),
    [
        ("type: text", "  Jean \t Paul ", "Jean Paul"),
        ("type: text", "e\u0301", "é"),
        ("type: text", "a\x00b", "a b"),
        ("type: long_text", " a \r\n b  ", "a\n b"),
        ("type: yes_no", "oui", True),
        ("type: yes_no", "false", False),
        ("type: yes_no", False, False),
        (f"type: choice, {OPTIONS}", "two", "two"),
        (f"type: choices, {OPTIONS}", ["two", "one", "two"], ["one", "two"]),
        (f"type: choices, {OPTIONS}", "two", ["two"]),
        ("type: date", "2007-05-12", "2007-05-12"),
        ("type: date", "12/05/2007", "2007-05-12"),
        ("type: date", "1.5.2007", "2007-05-01"),
        ("type: date", {"day": "12", "month": "5", "year": "2007"}, "2007-05-12"),
        ("type: date, partial: true", {"day": "", "month": "5", "year": "2007"}, "2007-05"),
        ("type: date, partial: true", "05/2007", "2007-05"),
        ("type: date, partial: true", "2007", "2007"),
        ("type: date, partial: true", PartialDate(2007), "2007"),
        ("type: country", "mx", "MX"),
        ("type: nationality", "CD", "CD"),
        ("type: email", " a.b@Exemple.FR ", "a.b@Exemple.FR"),
        ("type: phone", "06 12 34 56 78", "+33612345678"),
        ("type: phone", "0101010101", "+33101010101"),
        ("type: phone", "+221 77 123 45 67", "+221771234567"),
        ("type: phone", "0692 12 34 56", "+262692123456"),  # La Réunion, as dialled there
        ("type: money", "1 234,5 €", 123_450),
        ("type: money", "615", 61_500),
        ("type: money", 61_500, 61_500),
        ("type: integer", "1 000", 1000),
        ("type: integer", "-3", -3),
        ("type: ephoto", "abcd 1234-5678", "ABCD12345678"),
        ("type: institution", "Université Jean-Monnet", "Université Jean-Monnet"),
    ],
)
def test_what_is_typed_is_stored_in_one_shape(clean, written, raw, stored):
    assert clean(written, raw) == stored


@pytest.mark.parametrize(
    ("written", "raw", "says"),
    [
        ("type: text, max_length: 5", "abcdef", "5 caractères au plus, vous en avez écrit 6"),
        ("type: yes_no", "maybe", "oui ou par non"),
        (f"type: choice, {OPTIONS}", "three", "liste"),
        (f"type: choices, {OPTIONS}", ["one", "three"], "liste"),
        ("type: date", "31/02/2007", "n'existe pas"),
        ("type: date", {"day": "12", "month": "", "year": "2007"}, "n'existe pas"),
        ("type: date", "05/2007", "le jour, le mois et l'année"),
        ("type: date", "12/05/0207", "quatre chiffres"),
        ("type: date", {"day": "1", "month": "1", "year": "9" * 30}, "n'existe pas"),
        ("type: date, max: today", "2026-11-24", "dans l'avenir"),
        ("type: date, min: person.birth_date", "2009-01-01", "avant le 14 octobre 2009"),
        ("type: country", "ZZ", "pays"),
        ("type: nationality", "GP", "nationalité"),
        ("type: email", "nobody", "nom@exemple.fr"),
        ("type: phone", "12", "06 12 34 56 78"),
        ("type: money", "beaucoup", "615,50"),
        ("type: money, max: 10000", "101", "au plus 100 €"),
        ("type: integer, min: 1", "0", "au moins 1"),
        ("type: integer", "un", "en chiffres"),
        ("type: address", "Lille", "numéro, voie"),
        ("type: address", {"street": "rue Nationale", "city": "Lille", "postal_code": "598"}, "59800"),
        ("type: address", {"street": "rue Nationale", "postal_code": "59800"}, "commune"),
        ("type: address", {"city": "Lille", "postal_code": "59800"}, "voie"),
        ("type: address", {"street": "x", "city": "Lille", "country": "ZZ"}, "pays"),
        ("type: text", "", "obligatoire"),
        ("type: yes_no", None, "oui ou par non"),
        ("type: text", ["a"], "texte"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(clean, written, raw, says):
    with pytest.raises(InvalidAnswer) as refused:
        clean(written, raw, person={"birth_date": "2009-10-14"})
    assert says in str(refused.value.message)


def test_an_optional_question_may_stay_empty(clean):
    assert clean("type: text, required: false", "   ") is None
    assert clean("type: address, required: false", {"street": "", "country": "FR"}) is None


def test_an_address_keeps_its_parts_and_one_line(ask, clean):
    raw = {"house_number": "20", "street": "rue Nationale", "postal_code": "59 800", "city": "Lille", "insee_code": "59350"}
    stored = clean("type: address", raw)
    assert stored["postal_code"] == "59800"
    assert stored["label"] == "20 rue Nationale 59800 Lille"
    field, _ = ask("type: address")
    assert values.display(field, stored) == "20 rue Nationale, 59800 Lille, France"
    assert values.address_lines({"label": "Lieu-dit Kerbol 22200 Guingamp", "postal_code": "22200", "city": "Guingamp"}) == [
        *("Lieu-dit Kerbol", "22200 Guingamp", "France")
    ]


@pytest.mark.parametrize(
    ("written", "stored", "fr", "en"),
    [
        ("type: date", "2007-05-01", "1er mai 2007", "1 May 2007"),
        ("type: date, partial: true", "2007-05", "mai 2007 (jour inconnu)", "May 2007 (day unknown)"),
        ("type: date, partial: true", "2007", "2007 (jour et mois inconnus)", "2007 (day and month unknown)"),
        ("type: yes_no", True, "Oui", "Yes"),
        (f"type: choice, {OPTIONS}", "two", "Deux", "Two"),
        (f"type: choices, {OPTIONS}", ["one", "two"], "Un, Deux", "One, Two"),
        ("type: country", "MX", "Mexique", "Mexico"),
        ("type: nationality", "MX", "Mexicaine", "Mexican"),
        ("type: phone", "+33612345678", "+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("type: money", 61_550, "615,50 €", "615.50 €"),
        ("type: text", None, "", ""),
    ],
)
def test_a_stored_value_is_shown_in_the_language_of_the_reader(ask, written, stored, fr, en):
    field, _ = ask(written)
    for language, expected in (("fr", fr), ("en", en)):
        with translation.override(language):
            assert values.display(field, stored).replace("\xa0", " ") == expected


def test_facts_are_shown_in_words():
    assert values.display_fact(None) == "Pas encore connu"
    assert values.display_fact(True) == "Oui"
    assert values.display_fact("2025-10-14") == "14 octobre 2025"
    assert values.display_fact(17) == "17"


def field_of_type(kind):
    options = [{"id": "one", "label": LABEL}, {"id": "two", "label": LABEL}] if kind.startswith("choice") else []
    return Field.model_validate(
        {"id": "x", "section": "person", "type": kind, "label": LABEL, "options": tuple(options)}, strict=False
    )


TYPES = [
    *("text", "long_text", "yes_no", "choice", "choices", "date", "country", "nationality", "address", "email", "phone"),
    *("money", "integer", "institution", "ephoto"),
]
RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["day", "month", "year", "street", "city", "postal_code", "country"]), inner, max_size=5
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from(TYPES), RAW)
def test_nothing_typed_crashes_and_what_is_kept_is_kept_again_as_it_is(kind, raw):
    from guichet.procedures.parsing import parse

    field = field_of_type(kind)
    try:
        stored = parse(field, raw)
    except InvalidAnswer as refused:
        assert str(refused.message)
        return
    assert parse(field, stored) == stored
    values.display(field, stored)


def test_every_country_has_a_name_in_both_languages_and_every_source_a_type():
    assert len(countries.codes()) == 250
    for language in ("fr", "en"):
        with translation.override(language):
            assert len(dict(countries.nationalities())) < len(dict(countries.countries())) == 250
            assert all(name for _, name in (*countries.countries(), *countries.nationalities()))
    assert countries.name("ZZ") == "ZZ"
    assert {"first_names", "birth_date"} <= {source.partition(".")[2] for source in SOURCES}


@pytest.mark.parametrize(("language", "word"), [("fr", "Apatride"), ("en", "Stateless")])
def test_a_stateless_person_has_an_answer_to_the_question_of_nationality_and_no_country(language, word):
    with translation.override(language):
        nationalities = countries.nationalities()
        assert dict(nationalities)[countries.STATELESS] == countries.nationality(countries.STATELESS) == word
        around = [name for _, name in nationalities]
        assert around.index(word) not in {0, len(around) - 1}  # among the others, where one looks for it
        assert countries.STATELESS not in dict(countries.countries())
    assert countries.known_nationality(countries.STATELESS) and not countries.known(countries.STATELESS)


def test_texts_follow_the_active_language():
    text = Text(fr="Bonjour", en="Hello")
    assert str(text) == "Bonjour"
    with translation.override("en"):
        assert str(text) == "Hello"
    assert (text.in_language("en"), text.in_language("fr")) == ("Hello", "Bonjour")
