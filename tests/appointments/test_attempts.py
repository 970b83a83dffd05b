"""Certificates of failed attempts: only when nothing is free, one an hour, telling each person their own and nobody else's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guichet.appointments import actions, keys, queries
from guichet.appointments.errors import IdentityNeeded, NotOpen, TooEarly
from guichet.appointments.models import Attempt
from guichet.appointments.waiting.errors import PlacesFree
from guichet.certificates import queries as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.journeys.world import text_of
from tests.typography import keyboard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five_past(noon):
    noon.move(minutes=5)


def read(attempt):
    return keyboard(text_of(certificates.pdf(certificates.document(attempt.document))))


def test_nothing_free_is_recorded_dated_and_mailed(type, agenda):
    world.a_slot(agenda, released_at=datetime(2026, 11, 30, 8, 0, tzinfo=UTC), starts_in=timedelta(days=20))
    given = world.details(last_name="Lopez", email="maria@example.org")
    attempt = actions.record_attempt(type, given)
    assert queries.attempt_of(attempt.pk).at == attempt.at
    said = read(attempt)
    for words in ("lundi 23 novembre 2026 à 12:05", "aucune place n'était libre", "Lopez", "12 mai 1990", attempt.document):
        assert words in said
    assert "lundi 30 novembre 2026 à 09:00" in said and "Admission exceptionnelle au séjour" in said
    assert "n'ouvre aucun droit" in said and "Identité déclarée" in said and "1 tentative enregistrée" in said
    mail = OutboxMessage.objects.get()
    assert (mail.template, mail.address, len(mail.attachments)) == ("attempt_recorded", "maria@example.org", 1)
    assert "1990" not in mail.body


def test_the_server_looks_itself(type, agenda):
    world.a_slot(agenda)
    with pytest.raises(PlacesFree):
        actions.record_attempt(type, world.details())
    assert not Attempt.objects.exists() and not OfficialDocument.objects.exists()


def test_one_an_hour_and_the_earlier_ones_are_listed(type, noon):
    given = world.details()
    first = actions.record_attempt(type, given)
    noon.move(minutes=40)
    assert actions.record_attempt(type, given).pk == first.pk
    noon.move(minutes=20)
    second = actions.record_attempt(type, given)
    assert second.pk != first.pk and OutboxMessage.objects.count() == 2
    said = read(second)
    assert "2 tentatives enregistrées" in said and "à 12:05" in said and "à 13:05" in said
    assert OfficialDocument.objects.count() == 2


def test_who_knows_a_name_does_not_learn_when_somebody_tried(type, noon):
    mine = world.details(last_name="Nguyen", email="mine@example.org")
    actions.record_attempt(type, mine)
    noon.move(hours=3)
    other = actions.record_attempt(type, world.details(last_name="Nguyen", email="other@example.org"))
    assert "1 tentative enregistrée" in read(other) and "12:05" not in read(other)
    again = actions.record_attempt(type, world.details(last_name="NGUYEN", email="Mine@example.org"))
    assert "2 tentatives enregistrées" in read(again)


def test_a_student_is_known_by_who_they_are_whatever_the_address(agenda, noon):
    type = world.a_type(agenda, "etudiants", identity="student", window_months_before_permit_end=2)
    with pytest.raises(IdentityNeeded):
        actions.record_attempt(type, world.details())
    key = keys.of_number("ine", "1234567890A")
    with pytest.raises(TooEarly):
        actions.record_attempt(type, world.details(), person_key=key, permit_ends_on=date(2027, 6, 1))
    actions.record_attempt(type, world.details(), person_key=key, permit_ends_on=date(2026, 12, 20))
    noon.move(hours=1)
    second = actions.record_attempt(type, world.details(), person_key=key, permit_ends_on=date(2026, 12, 20))
    assert "2 tentatives enregistrées" in read(second) and "Identité déclarée" not in read(second)


def test_a_closed_type_proves_nothing(agenda):
    with pytest.raises(NotOpen):
        actions.record_attempt(world.a_type(agenda, active=False), world.details())


def test_the_list_has_an_end_and_says_so(type, noon):
    given = world.details()
    key, address = given.key(), keys.of_address(given.email)
    start = clock.now() - timedelta(days=10)
    Attempt.objects.bulk_create(
        Attempt(type=type, person_key=key, address_key=address, at=at, hour=at)
        for at in (start + timedelta(hours=count) for count in range(70))
    )
    said = read(actions.record_attempt(type, given))
    assert "71 tentatives enregistrées" in said and "11 tentatives plus anciennes" in said


def test_overseas_the_hours_are_those_of_the_office():
    agenda = world.an_empty_agenda(office=world.an_office(time_zone="Indian/Reunion", city="Saint-Denis"))
    attempt = actions.record_attempt(world.a_type(agenda), world.details())
    assert "à 15:05" in read(attempt) and "Heures de Saint-Denis" in read(attempt)


def test_in_english_the_french_one_comes_first(type):
    said = read(actions.record_attempt(type, world.details(language="en")))
    assert "aucune place n'était libre" in said and "no place was free" in said


# When to come back ----------------------------------------------------------------------------------------------------------


def test_what_opens_too_late_for_anybody_is_no_release(agenda):
    type = world.a_type(agenda, lead_minutes=120)
    soon = clock.now() + timedelta(hours=1)
    world.a_slot(agenda, released_at=soon, starts_in=timedelta(hours=3))
    assert queries.next_release(type) is None
    later = world.a_slot(agenda, released_at=soon + timedelta(hours=1), starts_in=timedelta(days=3))
    assert queries.next_release(type) == later.released_at
