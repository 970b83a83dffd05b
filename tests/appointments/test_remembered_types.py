"""What is kept in memory is what the database holds, whoever changes it."""

import pytest
from django.db import connection, transaction

from guichet.appointments import queries
from guichet.appointments.models import AppointmentType
from guichet.core.models import Stamp
from guichet.core.remembered import MOST, Remembered
from guichet.offices.models import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def type(db):
    return AppointmentType.objects.create(
        office=Office.objects.order_by("code")[0], slug="titre", name_fr="Titre", name_en="Permit"
    )


def name_of(type) -> str:
    found = queries.type_of(type.office.slug, type.slug)
    return found.name_fr if found else ""


def test_what_did_not_change_is_not_read_again(type, django_assert_num_queries):
    assert name_of(type) == "Titre"
    with django_assert_num_queries(1):
        assert name_of(type) == "Titre"


@pytest.mark.parametrize("change", ["an update", "a shell", "its office", "its end", "its removal"])
def test_a_change_is_seen_at_once_however_it_was_made(type, change):
    assert name_of(type) == "Titre"
    if change == "an update":
        AppointmentType.objects.filter(pk=type.pk).update(name_fr="Autre")
        assert name_of(type) == "Autre"
    elif change == "a shell":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE appointments_appointmenttype SET name_fr = 'Autre'")
        assert name_of(type) == "Autre"
    elif change == "its office":
        Office.objects.filter(pk=type.office_id).update(name="Ailleurs")
        assert queries.type_of(type.office.slug, type.slug).office.name == "Ailleurs"
    elif change == "its end":
        AppointmentType.objects.filter(pk=type.pk).update(active=False)
        assert name_of(type) == ""
    else:
        type.delete()
        assert name_of(type) == ""


def test_a_change_that_was_taken_back_is_forgotten(type):
    assert name_of(type) == "Titre"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        AppointmentType.objects.filter(pk=type.pk).update(name_fr="Jamais")
        assert name_of(type) == "Jamais"
        1 / 0  # noqa: B018 - ends the transaction
    assert name_of(type) == "Titre"
    AppointmentType.objects.filter(pk=type.pk).update(name_fr="Enfin")
    assert name_of(type) == "Enfin"


def test_what_is_not_there_is_asked_for_again(type):
    assert queries.type_of(type.office.slug, "plus-tard") is None
    AppointmentType.objects.filter(pk=type.pk).update(slug="plus-tard")
    assert queries.type_of(type.office.slug, "plus-tard") is not None


def test_without_a_stamp_nothing_is_kept():
    asked = []
    memory = Remembered("nobody_stamps_this", lambda key: asked.append(key) or key)
    assert [memory.get("a"), memory.get("a")] == ["a", "a"]
    assert asked == ["a", "a"]


def test_the_memory_does_not_grow_for_ever():
    Stamp.objects.create(name="many", value="1")
    memory = Remembered("many", lambda key: str(key))
    for number in range(MOST + 2):
        memory.get(number)
    assert len(memory._known[1]) <= MOST
