"""What only simulators do: a world in a file, people of the right age, no waiting."""

import json
import os
import threading
import time
from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from guichet.core.dates import years_between
from guichet.registries import actions, queries
from guichet.registries.addresses.world import TOWNS
from guichet.registries.agdref import simulator
from guichet.registries.agdref.sample import people_as_of
from guichet.registries.agdref.simulator import SimulatedAgdref, people_file, write_people
from guichet.registries.errors import RegistryUnavailable

DAY = date(2026, 11, 23)


def person(number, name):
    return replace(people_as_of(DAY)[0], foreigner_number=number, birth_name=name)


@pytest.mark.parametrize("day", [DAY, date(2028, 2, 29), date(2027, 12, 31)])
def test_people_have_the_ages_the_demonstration_needs(day):
    ages = {record.foreigner_number: years_between(record.birth_date.assumed(), day) for record in people_as_of(day)}
    assert {number: ages[number] for number in ("5908002010", "5908002016", "5903007192", "7503134955", "9908001001")} == {
        "5908002010": 17,
        "5908002016": 17,
        "5903007192": 18,
        "7503134955": 23,
        "9908001001": 27,
    }


def test_the_file_is_read_again_when_it_changes():
    write_people([person("1000000001", "UN")])
    assert queries.find_person("1000000001").birth_name == "UN"
    write_people([person("1000000001", "DEUX")])
    assert queries.find_person("1000000001").birth_name == "DEUX"
    people_file().unlink()
    assert queries.find_person("1000000001") is None
    assert queries.find_person("5908002010").birth_name == "DIALLO"


def test_the_file_is_read_once_while_it_does_not_change(monkeypatch):
    write_people([person("1000000001", "UN")])
    assert simulator.read_people() is simulator.read_people()


def test_a_reader_never_sees_half_a_file():
    crowd = [person(f"{number:08}00", "X" * 100) for number in range(800)]
    write_people(crowd)
    stop, seen = threading.Event(), []

    def read():
        while not stop.is_set():
            seen.append(len(simulator.read_people()))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        write_people(crowd)
    stop.set()
    reader.join()
    assert seen and set(seen) == {800}
    assert [path.name for path in people_file().parent.iterdir()] == [people_file().name]  # no temporary file is left


def test_a_broken_file_is_a_registry_that_answers_nonsense():
    people_file().write_text(json.dumps({"people": [{"foreigner_number": "12"}]}))
    with pytest.raises(RegistryUnavailable) as failure:
        queries.find_person("5908002010")
    assert failure.value.reason == "malformed"


def test_people_that_could_not_be_read_back_are_not_written():
    write_people([person("1000000001", "UN")])
    with pytest.raises(ValueError, match="foreigner_number"):
        write_people([person("12", "TROP COURT")])
    assert queries.find_person("1000000001").birth_name == "UN"


def test_the_file_belongs_to_the_site_alone():
    write_people([])
    assert oct(os.stat(people_file()).st_mode & 0o777) == "0o600"


def test_a_simulated_time_out_is_told_at_once():
    began = time.monotonic()
    for ask in (lambda: queries.find_person("1111111109"), lambda: queries.look_up_ephoto("1234567890123456780009")):
        with pytest.raises(RegistryUnavailable):
            ask()
    assert time.monotonic() - began < 3, "a real one makes people wait longer"


def test_people_can_be_given():
    assert SimulatedAgdref({"1000000001": person("1000000001", "DONNÉE")}).find_person("1000000001").birth_name == "DONNÉE"


def test_the_simulated_streets_are_many_and_overseas_too():
    assert len({city for city, *_ in TOWNS}) >= 12
    assert sum(len(streets) for *_, streets in TOWNS) >= 60
    assert {insee_code[:3] for _, _, insee_code, _ in TOWNS} >= {"971", "972", "973", "974", "976", "2A0", "2B0"}


def test_the_demonstration_writes_its_people_through_the_door():
    actions.write_people(people_as_of(DAY))
    assert queries.find_person("9908001001") == {record.foreigner_number: record for record in people_as_of(DAY)}["9908001001"]


def test_nothing_is_written_when_the_registry_is_real(settings):
    settings.REGISTRIES = {**settings.REGISTRIES, "agdref": {"url": "https://agdref.example", "token": "t"}}
    with pytest.raises(ImproperlyConfigured):
        actions.write_people([])
    assert not people_file().exists()


def test_the_people_of_the_real_fne_and_the_visas_of_the_real_visabio_are_not_ours(settings):
    for name in ("fne", "visabio"):
        settings.REGISTRIES = {**settings.REGISTRIES, name: {"url": f"https://{name}.example", "token": "t"}}
    with pytest.raises(ImproperlyConfigured, match="fne"):
        actions.write_people([])
    with pytest.raises(ImproperlyConfigured, match="visabio"):
        actions.write_visas([])


def test_the_students_of_the_real_register_are_not_ours(settings):
    settings.REGISTRIES = {**settings.REGISTRIES, "ine": {"url": "https://ine.example", "token": "t"}}
    with pytest.raises(ImproperlyConfigured, match="ine"):
        actions.write_students([])


def test_a_stateless_person_comes_back_stateless():
    write_people([replace(person("1000000001", "SANS"), nationality="XXA", birth_country="")])
    assert queries.find_person("1000000001").nationality == "XXA"
