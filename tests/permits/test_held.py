"""What a person holds, copied from the registries."""

from datetime import date, timedelta

import pytest

from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.permits import actions, due, held, queries
from guichet.permits.models import PermitReading, ResidencePermit
from guichet.registries.agdref.port import ForeignerRecord, PermitRecord
from guichet.registries.agdref.simulator import write_people
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.visabio.port import VisaRecord
from tests.permits import world

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def in_registry(number, *permits):
    birth = PartialDate(1999, 5, 12)
    return write_people(
        [ForeignerRecord(number, "HAIDARI", "", "Mariam", "F", birth, "AF", "Hérat", "AF", permits=tuple(permits))]
    )


def card(number="CARD1", since=-300, until=60, kind="temporary_card", status="valid"):
    return PermitRecord(number, kind, "student", TODAY + timedelta(days=since), TODAY + timedelta(days=until), status)


def visa():
    return VisaRecord(
        "FRA26", "vls_ts", "student", TODAY, TODAY + timedelta(days=365), "KIM", "", "Seo-yeon", "F", PartialDate(1997), "KR",
        "Busan", "KR",
    )  # fmt: skip


def test_a_refresh_copies_what_the_registry_holds_newest_first():
    person = world.person("9908001111")
    in_registry("9908001111", card("OLD", -700, -301, status="expired"), card("NEW"))
    assert actions.refresh(person) is True
    assert [row.number for row in queries.history(person)] == ["NEW", "OLD"]
    assert queries.last_reading(person).answered_at is not None


def test_twice_is_once_and_the_second_says_what_changed():
    person = world.person("9908001111")
    in_registry("9908001111", card())
    actions.refresh(person)
    in_registry("9908001111", card(until=90, status="withdrawn"))
    actions.refresh(person)
    (row,) = queries.history(person)
    assert (row.valid_until, row.status) == (TODAY + timedelta(days=90), "withdrawn")


def test_a_registry_that_is_down_changes_nothing_and_is_told():
    person = world.person("9908001109")  # times out
    world.hold(person, TODAY + timedelta(days=10))
    assert actions.refresh(person) is False
    assert len(queries.history(person)) == 1
    reading = queries.last_reading(person)
    assert reading.asked_at and reading.answered_at is None


def test_what_the_registry_no_longer_holds_leaves_the_history_and_stays_in_the_table():
    person = world.person("9908001111")
    in_registry("9908001111", card("GONE"))
    actions.refresh(person)
    in_registry("9908001111", card("OTHER"))
    actions.refresh(person)
    assert [row.number for row in queries.history(person)] == ["OTHER"]
    assert ResidencePermit.objects.get(number="GONE").gone_at is not None


def test_held_is_the_one_that_lasts_longest_today():
    person = world.person()
    world.hold(person, TODAY + timedelta(days=10), number="SHORT")
    world.hold(person, TODAY + timedelta(days=100), number="LONG", since=TODAY - timedelta(days=5))
    found = queries.held(person, TODAY)
    assert (found.number, found.is_valid) == ("LONG", True)


def test_held_falls_back_on_the_last_that_ended_and_says_so():
    person = world.person()
    world.hold(person, TODAY - timedelta(days=10), number="LAST")
    world.hold(person, TODAY - timedelta(days=400), number="BEFORE")
    found = queries.held(person, TODAY)
    assert (found.number, found.is_valid) == ("LAST", False)


@pytest.mark.parametrize("kind", ["prolongation_certificate", "circulation_document"])
def test_a_paper_that_is_no_permit_is_not_held(kind):
    person = world.person()
    world.hold(person, TODAY + timedelta(days=10), kind=kind)
    assert queries.held(person, TODAY) is None


def test_what_was_withdrawn_or_has_not_begun_is_not_held():
    person = world.person()
    row = world.hold(person, TODAY + timedelta(days=10))
    row.status = "withdrawn"
    row.save()
    world.hold(person, TODAY + timedelta(days=400), since=TODAY + timedelta(days=1))
    assert queries.held(person, TODAY) is None


def test_a_permit_ends_in_the_history_without_waiting_for_the_registry():
    person = world.person()
    row = world.hold(person, date(2026, 3, 1))
    assert queries.status_on(row, date(2026, 3, 1)) == "valid"
    assert queries.status_on(row, date(2026, 3, 2)) == "expired"


def by_visa(person):
    record = visa()
    person.visa_number, person.visa_valid_from, person.visa_valid_until = "FRA26", record.valid_from, record.valid_until
    person.foreigner_number, person.origin = None, "visabio"
    person.save()
    return person


def test_a_visa_is_kept_and_read_again(monkeypatch):
    person = by_visa(world.person())
    monkeypatch.setattr(held, "find_visa", lambda number, *_: visa() if number == "FRA26" else None)
    assert actions.refresh(person) and actions.refresh(person)
    assert [(row.kind, row.origin) for row in queries.history(person)] == [("vls_ts", "visabio")]
    monkeypatch.setattr(held, "find_visa", lambda *_: None)
    assert actions.refresh(person) is True
    assert queries.history(person) == []


def test_visabio_down_keeps_the_visa(monkeypatch):
    person = by_visa(world.person())
    monkeypatch.setattr(held, "find_visa", lambda *_: visa())
    actions.refresh(person)

    def down(*_):
        raise RegistryUnavailable("visabio", "timeout")

    monkeypatch.setattr(held, "find_visa", down)
    assert actions.refresh(person) is False
    assert len(queries.history(person)) == 1


def test_the_worker_reads_each_person_once_a_day(movable_clock):
    person = world.person("9908001111")
    in_registry("9908001111", card())
    assert due.read_registries() == 1
    assert due.read_registries() == 0
    movable_clock.move(hours=25)
    assert due.read_registries() == 1
    assert len(queries.history(person)) == 1


def test_the_worker_leaves_a_registry_that_is_down_alone():
    for place in (1, 2, 3):
        world.person(f"990800{place}109")  # each times out
    assert due.read_registries() == 0
    assert PermitReading.objects.filter(answered_at__isnull=True).count() == 1
