"""The door: the settings decide who answers, and nothing is ever simulated without being allowed."""

import time
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from guichet.core.errors import ActionRefused
from guichet.registries import checks, queries
from guichet.registries.agdref.simulator import BUILT_IN
from guichet.registries.errors import MESSAGES, RegistryUnavailable
from guichet.registries.queries import RegistryState
from guichet.registries.visabio.simulator import BUILT_IN as VISAS
from tests.registries import served

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ASK = [
    lambda: queries.find_person("5908002010"),
    lambda: queries.find_permit("A1B2C3D4E", FIRST, LAST),
    lambda: queries.find_visa("FRA2600012345", FIRST, LAST),
    lambda: queries.find_student("0123456789A"),
    lambda: queries.look_up_ephoto("1" * 22),
    lambda: queries.suggest_addresses("rue"),
    lambda: queries.random_value(1_000_000),
]


@pytest.fixture
def real(settings, server):
    """Every registry behind HTTP."""
    settings.REGISTRIES = {name: {"url": server.url, "token": served.TOKEN} for name in queries.NAMES}
    settings.REGISTRY_TIMEOUT_SECONDS = served.PATIENCE
    return server


def test_numbers_are_read_as_people_write_them():
    assert queries.find_person(" 59 08-002.010 ").birth_name == "DIALLO"
    (permit,) = BUILT_IN["7503134955"].permits
    assert queries.find_permit(" a1b2-C3D4 e.", permit.valid_from, permit.valid_until).birth_name == "OKAFOR"
    visa = VISAS["FRA2600012345"]
    assert queries.find_visa("fra 26 00012345", visa.valid_from, visa.valid_until).birth_name == "KIM"
    assert queries.find_student(" 0123 456-789 a ").birth_name == "LOPEZ"
    assert queries.find_student("012345678bc").birth_name == "BENALI"
    assert queries.look_up_ephoto("1234 5678 9012 3456 7890 12").number == "1234567890123456789012"
    assert queries.look_up_ephoto("abcdefghij12345678901").number == "ABCDEFGHIJ12345678901"


@pytest.mark.parametrize("typed", ["", "   ", "--", " . "])
def test_nothing_to_look_for_is_unknown_without_asking(real, typed):
    assert queries.find_person(typed) is queries.find_person("abc") is None
    assert queries.find_permit(typed, FIRST, LAST) is queries.find_visa(typed, FIRST, LAST) is None
    assert queries.look_up_ephoto(typed) is queries.find_student(typed) is None
    assert real.requests == []


def test_what_ends_before_it_begins_is_unknown_without_asking(real):
    assert queries.find_permit("A1B2C3D4E", LAST, FIRST) is queries.find_visa("FRA2600012345", LAST, FIRST) is None
    assert real.requests == []


def test_real_registries_answer_through_the_door(real):
    assert queries.find_person("5908002010").first_names == "Amadou"
    (permit,) = BUILT_IN["7503134955"].permits
    assert queries.find_permit(permit.number, permit.valid_from, permit.valid_until) == BUILT_IN["7503134955"]
    visa = VISAS["FRA2600012345"]
    assert queries.find_visa(visa.number, visa.valid_from, visa.valid_until) == visa
    assert queries.find_student("0123456789A").first_names == "Maria"
    assert queries.look_up_ephoto("1234567890123456789012").status == "available"
    assert queries.suggest_addresses("20 rue nationale lille")[0].city == "Lille"
    assert {authorization for authorization in real.authorizations} == {f"Bearer {served.TOKEN}"}


def test_a_real_registry_that_is_down_is_never_replaced_by_its_simulator(real):
    real.break_with("answer", b"{}", status=500)
    for ask in ASK:
        with pytest.raises(RegistryUnavailable):
            ask()


@pytest.mark.parametrize("typed", ["0123456789", "01234567BCD", "A0123456789", "0123456789AA", "012345678É", "٠١٢٣٤٥٦٧٨٩A x"])
def test_what_has_not_the_shape_of_an_ine_is_unknown_without_asking(real, typed):
    assert not queries.looks_like_ine(typed)
    assert queries.find_student(typed) is None
    assert real.requests == []


@pytest.mark.parametrize("ask", ASK)
def test_a_simulator_that_is_not_allowed_does_not_answer(settings, ask):
    settings.ALLOW_SIMULATED_REGISTRIES = False
    with pytest.raises(ImproperlyConfigured):
        ask()
    with pytest.raises(ImproperlyConfigured):
        queries.states()


def test_the_limit_of_suggestions_is_held():
    assert len(queries.suggest_addresses("rue", limit=10_000)) == queries.MOST_SUGGESTIONS
    assert len(queries.suggest_addresses("rue", limit=-1)) == 1


def test_states_tell_simulated_from_real_and_reachable_from_not(settings, real):
    settings.REGISTRIES = {**settings.REGISTRIES, "ephoto": {"url": "simulator", "token": ""}}
    settings.REGISTRIES["addresses"] = {"url": "http://127.0.0.1:1/nobody", "token": ""}
    assert queries.states() == [
        RegistryState("agdref", "real", reachable=True),
        RegistryState("fne", "real", reachable=True),
        RegistryState("visabio", "real", reachable=True),
        RegistryState("ine", "real", reachable=True),
        RegistryState("ephoto", "simulated", reachable=True),
        RegistryState("addresses", "real", reachable=False),
        RegistryState("beacon", "real", reachable=True),
    ]


def test_states_of_registries_that_are_all_down_cost_one_time_out(settings, real):
    settings.REGISTRY_TIMEOUT_SECONDS = served.TIMEOUT
    real.break_with("slow")
    began = time.monotonic()
    assert [state.reachable for state in queries.states()] == [False] * len(queries.NAMES)
    assert time.monotonic() - began < served.LONGER, "one after the other would take seven time-outs"


def test_a_failing_registry_tells_the_person_what_to_do_in_both_languages():
    for name in queries.NAMES:
        refusal = RegistryUnavailable(name, "timeout")
        assert isinstance(refusal, ActionRefused)
        french = str(refusal.message)
        with translation.override("en"):
            assert str(refusal.message) != french
    assert set(MESSAGES) == set(queries.NAMES)


def test_simulated_set_up_has_nothing_to_check():
    assert checks.addresses_of_registries() == []


@pytest.mark.parametrize(
    ("url", "token", "ids"),
    [
        ("https://agdref.example", "t", []),
        ("http://localhost:9000", "t", []),
        ("https://agdref.example", "", ["registries.W001"]),
        ("http://agdref.example", "t", ["registries.E002"]),
        ("agdref.example", "t", ["registries.E001"]),
        ("simulateur", "t", ["registries.E001"]),
        ("ftp://agdref.example", "t", ["registries.E001"]),
    ],
)
def test_a_faulty_set_up_is_named(settings, url, token, ids):
    settings.REGISTRIES = {**settings.REGISTRIES, "agdref": {"url": url, "token": token}}
    assert [problem.id for problem in checks.addresses_of_registries()] == ids
