"""What the address base promises, by its simulator and over HTTP alike."""

import pytest

from guichet.registries.addresses.port import AddressSuggestion
from guichet.registries.errors import RegistryUnavailable

NATIONALE = AddressSuggestion("20 Rue Nationale 59800 Lille", "20", "Rue Nationale", "59800", "Lille", "59350")


@pytest.fixture
def addresses(registry):
    return registry("addresses")


@pytest.mark.parametrize(
    "typed",
    [
        "20 rue Nationale 59800 Lille",
        "20 RUE NATIONALE LILLE",
        "20, rue nationale, lille",
        "20 r nationale lil",
        "20 nationale 59800",
    ],
)
def test_an_address_is_found_however_it_is_typed(addresses, typed):
    assert addresses.suggest(typed)[0] == NATIONALE


@pytest.mark.parametrize(
    ("typed", "label", "insee_code"),
    [
        ("2 rue Charles-de-Gaulle 42000 Saint-Étienne", "2 Rue Charles-de-Gaulle 42000 Saint-Étienne", "42218"),
        ("2 rue charles de gaulle st etienne", "2 Rue Charles-de-Gaulle 42000 Saint-Étienne", "42218"),
        ("1 place Bellecour 69002 Lyon", "1 Place Bellecour 69002 Lyon", "69382"),
        ("1 pl bellecour", "1 Place Bellecour 69002 Lyon", "69382"),
        ("12 bis rue de paris saint denis", "12bis Rue de Paris 97400 Saint-Denis", "97411"),
        ("3 avenue du general de gaulle cayenne", "3 Avenue du Général de Gaulle 97300 Cayenne", "97302"),
        ("rue victor hugo fort de france", "Rue Victor Hugo 97200 Fort-de-France", "97209"),
        ("cours napoleon ajaccio", "Cours Napoléon 20000 Ajaccio", "2A004"),
    ],
)
def test_towns_of_the_whole_country_are_known(addresses, typed, label, insee_code):
    first = addresses.suggest(typed)[0]
    assert (first.label, first.insee_code) == (label, insee_code)


def test_a_street_without_number_has_no_house_number(addresses):
    (first, *_) = addresses.suggest("rue nationale lille")
    assert (first.house_number, first.street, first.label) == ("", "Rue Nationale", "Rue Nationale 59800 Lille")


def test_no_more_than_asked(addresses):
    assert len(addresses.suggest("rue", limit=3)) == 3
    assert len(addresses.suggest("rue")) == 5


@pytest.mark.parametrize("typed", ["", "  ", "r", "20", "rue de nulle part 99999"])
def test_what_leads_nowhere_gives_nothing(addresses, typed):
    assert addresses.suggest(typed) == []


@pytest.mark.parametrize(("typed", "reason"), [("zzz lenteur", "timeout"), ("zzz panne", "error")])
def test_a_base_that_fails_is_unavailable(addresses, typed, reason):
    with pytest.raises(RegistryUnavailable) as failure:
        addresses.suggest(typed)
    assert (failure.value.registry, failure.value.reason) == ("addresses", reason)


def test_it_is_reachable(addresses):
    assert addresses.reachable() is True
