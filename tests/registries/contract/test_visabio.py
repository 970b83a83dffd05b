"""What VISABIO promises, by its simulator and over HTTP alike."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from guichet.core.dates import PartialDate
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.visabio.sample import visas_as_of
from guichet.registries.visabio.simulator import BUILT_IN, visas_file, write_visas

FIRST, LAST = date(2026, 1, 10), date(2027, 1, 9)


@pytest.fixture
def visabio(registry):
    return registry("visabio")


def ask(visabio, visa):
    return visabio.find_visa(visa.number, visa.valid_from, visa.valid_until)


@pytest.mark.parametrize("number", sorted(BUILT_IN))
def test_every_known_visa_comes_back_whole(visabio, number):
    assert ask(visabio, BUILT_IN[number]) == BUILT_IN[number]


def test_the_visas_of_the_demonstration_are_there():
    seen = {number: (visa.birth_name, visa.kind, visa.reason) for number, visa in BUILT_IN.items()}
    assert seen == {"FRA2600012345": ("KIM", "vls_ts", "talent"), "FRA2600067890": ("PEREIRA", "vls_ts", "student")}


@pytest.mark.parametrize(("before", "after"), [(1, 0), (0, 1), (-1, 0), (0, -1)])
def test_a_day_that_is_not_the_visa_s_finds_nothing(visabio, before, after):
    visa = BUILT_IN["FRA2600012345"]
    first, last = visa.valid_from + timedelta(days=before), visa.valid_until + timedelta(days=after)
    assert visabio.find_visa(visa.number, first, last) is None


@pytest.mark.parametrize("number", ["FRA2600012307", "FRA2600012346"])
def test_an_unknown_number_is_none(visabio, number):
    visa = BUILT_IN["FRA2600012345"]
    assert visabio.find_visa(number, visa.valid_from, visa.valid_until) is None


@pytest.mark.parametrize(("number", "reason"), [("FRA2600012309", "timeout"), ("FRA2600012308", "error")])
def test_a_registry_that_fails_is_unavailable_and_never_unknown(visabio, number, reason):
    with pytest.raises(RegistryUnavailable) as failure:
        visabio.find_visa(number, FIRST, LAST)
    assert (failure.value.registry, failure.value.reason, failure.value.code) == ("visabio", reason, f"registry_{reason}")


def test_the_visas_written_by_the_demonstration_replace_the_others(visabio):
    kim, pereira = visas_as_of(date(2031, 3, 1))
    write_visas([kim])
    assert ask(visabio, kim) == kim
    assert kim.birth_date == PartialDate(2002, 3, 1)
    assert ask(visabio, pereira) is None


def test_a_stateless_holder_a_single_name_and_a_birth_year_alone_are_possible(visabio):
    visa = replace(
        BUILT_IN["FRA2600012345"], kind="long_stay", birth_name="MADHAVAN", first_names="",
        birth_date=PartialDate(1990), birth_country="", birth_place="", nationality="XXA",
    )  # fmt: skip
    write_visas([visa])
    assert ask(visabio, visa) == visa


def test_a_broken_file_is_never_unknown(visabio):
    visas_file().write_text("{}")
    with pytest.raises(RegistryUnavailable) as failure:
        visabio.find_visa("FRA2600012345", FIRST, LAST)
    assert failure.value.registry == "visabio"


def test_it_is_reachable(visabio):
    assert visabio.reachable() is True
