"""Those of one household who come together: seen on the list and in the queue, noted at once, received one after another."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.appointments import actions, queries
from guichet.appointments.desk.errors import OnlyTheirFamilyWaits
from guichet.appointments.models import Booking, Visit
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_officer.rdv.doing import BY, booked, day, number, read, scan, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, confirmation_minutes=0, party_max=4)


hours = itertools.count()


def household(agenda, type, *names):
    slot = world.a_slot(agenda, starts_in=timedelta(minutes=30 + next(hours)), capacity=len(names))
    first, *others = [world.details(first_names=name, last_name="Diallo", email="") for name in names]
    given = [(other, 0) for other in others]
    booked = actions.book_at_counter(BY, type, slot.pk, first, request_key=uuid.uuid4(), others=given)
    return queries.party_of(booked)


def test_the_list_says_who_comes_with_whom(agenda, type, reception):
    household(agenda, type, "Awa", "Binta")
    booked(agenda, type, starts_in=timedelta(hours=5), last_name="Zola")
    text = day(reception)
    assert "Avec : Binta Diallo" in text and "Avec : Awa Diallo" in text and text.count("Avec : ") == 2
    assert "Avec : Binta Diallo" in read(reception.get(reverse("officer:rdv_list")))


def test_many_households_are_read_with_one_query(agenda, type, reception):
    def asked():
        with CaptureQueriesContext(connection) as found:
            day(reception)
        return len(found)

    household(agenda, type, "Awa", "Binta")
    day(reception)
    few = asked()
    for letter in "CDEFG":
        household(agenda, type, f"{letter}a", f"{letter}i", f"{letter}o")
    assert asked() == few


def test_one_scan_then_all_of_them_are_noted(agenda, type, office, reception):
    first, second, third = household(agenda, type, "Awa", "Binta", "Coumba")
    actions.cancel_by_officer(third, by=BY, reason="")
    text = scan(reception, first.reference)
    told = text.split("<table")[0]
    assert "Binta Diallo, " in told and "(Attendu)" in told and 'value="arrive_together"' in told and "Coumba" not in told
    url = reverse("officer:rdv_note", args=(first.pk,))
    for _ in range(2):
        assert "Tous sont notés" in read(reception.post(url, {"acte": "arrive_together"}, follow=True))
    assert set(Visit.objects.values_list("booking", flat=True)) == {first.pk, second.pk}
    assert 'value="arrive_together"' not in scan(reception, second.reference)
    queue = read(reception.get(reverse("officer:rdv_queue")))
    assert "Avec : Binta Diallo" in queue and "Avec : Awa Diallo" in queue


def test_they_are_not_called_to_two_desks_and_the_same_desk_goes_on_with_them(agenda, type, office, clock):
    family = household(agenda, type, "Awa", "Binta")
    actions.check_in_together(family[0], office, BY)
    clock.shift(timedelta(hours=1))  # their hour has come
    alone = number(office)
    first = actions.call_next(office, "1", BY)
    assert first.booking == family[0]
    assert actions.call_next(office, "2", BY) == alone, "her sister waits for her"
    with pytest.raises(OnlyTheirFamilyWaits):
        actions.call_next(office, "3", BY)
    before = number(office, needs=("priority",))
    actions.move_visit(first, "finish", BY)
    assert actions.call_next(office, "1", BY, after=first).booking == family[1], "at the desk where her sister was"
    assert actions.call_next(office, "3", BY) == before
    assert Visit.objects.filter(stage="waiting").count() == 0


def test_the_desk_that_received_the_first_goes_on_with_the_second_in_pages(agenda, type, office, colleague, clock):
    family = household(agenda, type, "Awa", "Binta")
    first, second = actions.check_in_together(family[0], office, BY)
    number(office, needs=("priority",))
    actions.call(first, "3", BY)
    url = reverse("officer:rdv_call_next")
    text = read(colleague.post(url, {"guichet": "3", "termine": str(first.pk)}, follow=True))
    assert f"{second.ticket} est appelé au guichet 3" in text
    assert Booking.objects.filter(visit__stage="called").get() == family[1]


# At the counter -----------------------------------------------------------------------------------------------------------


def several(count, **changes):
    """The form of a household whose first is Maria Lopez, with others of her name."""
    names = ("Ana", "Luis", "Rosa")
    given = typed(personnes=str(count))
    for person in range(2, count + 1):
        of_one = {"first_names": names[person - 2], "last_name": "Lopez"}
        of_one |= {"birth_date_day": "1", "birth_date_month": "2", "birth_date_year": str(2008 + person)}
        given |= {f"personne{person}-{name}": value for name, value in of_one.items()}
    return given | changes


def test_a_household_is_booked_at_the_counter_side_by_side(agenda, type, reception):
    row = [world.a_slot(agenda, starts_in=timedelta(minutes=30 * place + 30), capacity=2) for place in range(2)]
    week = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,)), {"personnes": "3"}))
    url = reverse("officer:rdv_book", args=(type.slug, row[0].pk))
    assert f"{url}?bureau={agenda.office.slug}&personnes=3" in week
    assert reverse("officer:rdv_book", args=(type.slug, row[1].pk)) not in week, "three do not fit from there"
    page = read(reception.get(url, {"personnes": "3"}))
    assert "Personne 2" in page and "Personne 3, à 11:00" in page
    given = several(3, access="ascenseur", email="lopez@example.org")
    for _ in range(2):
        text = read(reception.post(url, given, follow=True))
    assert "Les rendez-vous sont pris" in text and "Ana Lopez" in text and "Luis Lopez" in text
    first, second, third = Booking.objects.order_by("pk")
    assert {one.party_id for one in (first, second, third)} == {first.pk}
    assert [one.slot_id for one in (first, second, third)] == [row[0].pk, row[0].pk, row[1].pk]
    assert {one.email for one in (first, second, third)} == {"lopez@example.org"}
    assert all(one.convocation for one in (first, second, third))
    assert OutboxMessage.objects.count() == 1, "one mail for all"


def test_all_of_a_household_or_none(agenda, type, reception):
    slot = world.a_slot(agenda, capacity=3)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    read(
        reception.post(
            url, typed(first_names="Ana", birth_date_day="1", birth_date_month="2", birth_date_year="2010"), follow=True
        )
    )
    text = read(reception.post(url, several(2)), 422)
    assert "Une personne du même nom, née le même jour" in text and 'name="personne2-homonym"' in text
    assert Booking.objects.count() == 1
    text = read(reception.post(url, several(2, **{"personne2-homonym": "on"}), follow=True))
    assert "Les rendez-vous sont pris" in text and Booking.objects.count() == 3
    assert "ne sont plus libres" in read(reception.post(url, several(2, last_name="Autre"), follow=True))


def test_errors_of_each_are_told_and_nobody_is_written_twice(agenda, type, reception):
    slot = world.a_slot(agenda, capacity=4)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    text = read(reception.post(url, several(2, **{"personne2-last_name": ""})), 422)
    assert "Personne 2" in text and 'id="erreurs"' in text and 'value="Ana"' in text
    same = {"personne2-first_names": "Maria", "personne2-birth_date_day": "12", "personne2-birth_date_month": "5"}
    text = read(reception.post(url, several(2, **same, **{"personne2-birth_date_year": "1990"})), 422)
    assert "déjà écrite plus haut" in text and not Booking.objects.exists()


@pytest.mark.parametrize("asked", ["5", "0", "x", "-1"])
def test_more_than_the_type_receives_is_one(agenda, type, reception, asked):
    slot = world.a_slot(agenda, capacity=4)
    page = read(reception.get(reverse("officer:rdv_book", args=(type.slug, slot.pk)), {"personnes": asked}))
    assert "Personne 2" not in page
