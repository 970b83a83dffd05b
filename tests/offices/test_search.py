"""Communes as one types: forgiving, in a sensible order, and never lost."""

import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.offices import geography, queries


def labels(typed, limit=10):
    return [commune.label for commune in queries.search_communes(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("lille", "Lille (59)"),
        ("  LILLE ", "Lille (59)"),
        ("Lille (59)", "Lille (59)"),
        ("lille 59", "Lille (59)"),
        ("Lille, 59800", "Lille (59)"),
        ("59800 Lille", "Lille (59)"),
        ("59000", "Lille (59)"),
        ("59 000", "Lille (59)"),
        ("saint etienne", "Saint-Étienne (42)"),
        ("SAINT-ETIENNE", "Saint-Étienne (42)"),
        ("st étienne", "Saint-Étienne (42)"),
        ("St-Etienne", "Saint-Étienne (42)"),
        ("saintetienne", "Saint-Étienne (42)"),
        ("saint–étienne", "Saint-Étienne (42)"),
        ("etienne", "Saint-Étienne (42)"),
        ("ste genevieve des bois", "Sainte-Geneviève-des-Bois (91)"),
        ("saint-denis (974)", "Saint-Denis (974)"),
        ("saint denis 93", "Saint-Denis (93)"),
        ("97400", "Saint-Denis (974)"),
        ("ajaccio (2A)", "Ajaccio (2A)"),
        ("bastia 2b", "Bastia (2B)"),
        ("havre", "Le Havre (76)"),
        ("le havre", "Le Havre (76)"),
        ("mans", "Le Mans (72)"),
        ("l'hay", "L'Haÿ-les-Roses (94)"),
        ("l’haÿ les roses", "L'Haÿ-les-Roses (94)"),
        ("villeneuve d ascq", "Villeneuve-d'Ascq (59)"),
        ("chalon s/ saone", "Chalon-sur-Saône (71)"),
        ("paris 11", "Paris (75)"),
        ("Paris 11e arrondissement", "Paris (75)"),
        ("75011", "Paris (75)"),
        ("lyon 3e", "Lyon (69)"),
        ("marseille 13008", "Marseille (13)"),
        ("fort de fr", "Fort-de-France (972)"),
        ("cayenne", "Cayenne (973)"),
        ("y", "Y (80)"),
        ("ye", "Yerres (91)"),
        ("oeting", "Œting (57)"),
        ("Arbignieu", "Arboys en Bugey (01)"),
    ],
)
def test_what_people_type_finds_what_they_mean(typed, first):
    assert labels(typed)[0] == first


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", "()", "zzzz", "99999", "Lille (75)", "1234567", "lille 59 59 59", "%", "' OR 1=1"]
)
def test_what_means_nothing_finds_nothing(typed):
    assert labels(typed) == []


def test_each_key_brings_the_town_nearer():
    typed = "saint-étienne"
    positions = [labels(typed[:length], 50).index("Saint-Étienne (42)") for length in range(1, len(typed) + 1)]
    assert positions[-1] == 0
    assert max(positions) < 10


def test_exact_names_come_first_then_the_most_populated():
    found = queries.search_communes("saint-pierre", 8)
    exact = [commune for commune in found if commune.name == "Saint-Pierre"]
    assert found[: len(exact)] == exact and len(exact) >= 5
    assert [commune.population for commune in exact] == sorted((commune.population for commune in exact), reverse=True)


def test_a_commune_is_suggested_once():
    for typed in ("paris", "lyon", "marseille", "s", "7"):
        codes = [commune.insee_code for commune in queries.search_communes(typed, 50)]
        assert len(set(codes)) == len(codes)


def test_the_limit_is_held():
    assert len(queries.search_communes("saint", 3)) == 3
    assert len(queries.search_communes("saint", 10_000)) == queries.MOST_COMMUNES
    assert len(queries.search_communes("saint", 0)) == 1


def test_every_commune_is_found_by_its_name_and_department():
    for commune in geography.communes().values():
        assert commune in queries.search_communes(commune.label, 50), commune.label


def test_every_commune_is_found_by_each_of_its_postal_codes():
    for commune in geography.communes().values():
        for postal_code in commune.postal_codes:
            assert commune in queries.communes_of(postal_code)


def test_the_communes_of_a_postal_code_come_by_population():
    found = queries.communes_of("01400")
    assert len(found) > 3
    assert [commune.population for commune in found] == sorted((commune.population for commune in found), reverse=True)
    assert queries.communes_of("00000") == []


@given(st.text(max_size=40), st.integers(-5, 100))
def test_anything_can_be_typed(typed, limit):
    found = queries.search_communes(typed, limit)
    assert len(found) <= max(1, min(limit, queries.MOST_COMMUNES))


@given(st.sampled_from(sorted(geography.communes())), st.data())
def test_any_beginning_of_a_name_with_its_postal_code_finds_the_commune(insee_code, data):
    commune = geography.communes()[insee_code]
    if not commune.postal_codes:
        return
    beginning = commune.name[: data.draw(st.integers(3, len(commune.name)))] if len(commune.name) > 3 else commune.name
    postal_code = data.draw(st.sampled_from(commune.postal_codes))
    assert commune in queries.search_communes(f"{postal_code} {beginning}", 50)


def test_a_key_press_takes_milliseconds():
    queries.search_communes("a")  # the index is built once per process
    taken = []
    for typed in ("s", "sa", "saint", "saint-e", "li", "lille (59)", "97", "zz", "le ", "75011"):
        began = time.perf_counter()
        queries.search_communes(typed)
        taken.append(time.perf_counter() - began)
    assert statistics.median(taken) < 0.005
