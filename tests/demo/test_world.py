"""The demonstration world: what it holds, and starting afresh."""

from datetime import timedelta

import pytest
from django.test import Client

from guichet.accounts.models import Account, Post
from guichet.applications.models import Application
from guichet.core import clock, triggers
from guichet.core.dates import add_years, years_between
from guichet.demo import handles, people, world
from guichet.demo.models import World
from guichet.messaging import due
from guichet.messaging.models import OutboxMessage
from guichet.registries.queries import find_person


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True
    world.make_if_missing()
    return clock.today()


def test_making_the_world_twice_makes_it_once(demo):
    assert world.make_if_missing() is False
    assert Application.objects.count() == 3


def test_one_file_waits_one_awaits_a_complement_and_one_is_decided(demo):
    states = {file.person.foreigner_number: file.state for file in Application.objects.select_related("person")}
    assert states == {"5906004101": "deposited", "5906004102": "awaiting_complement", "5906004103": "approved"}
    request = Application.objects.get(person__foreigner_number="5906004102").complement_requests.get()
    assert request.opened_at is None


@pytest.mark.parametrize(
    ("number", "age", "days"), [("5908002010", 17, 40), ("5908002016", 17, 200), ("5903007192", 18, 90), ("5903007193", 18, 60)]
)
def test_each_person_has_the_age_of_their_story_on_the_day_of_the_world(demo, number, age, days):
    born = find_person(number).birth_date.assumed()
    assert years_between(born, demo) == age
    assert add_years(demo, -age) - timedelta(days=days) == born


def test_the_suggested_care_dates_fall_on_the_right_side_of_the_sixteenth_birthday(demo):
    sixteen = {
        number: add_years(people.person(number).birth_date(demo).assumed(), 16) for number in ("5903007193", "5903007195")
    }
    assert people.care_date("5903007193", demo) > sixteen["5903007193"]
    assert people.care_date("5903007195", demo) == sixteen["5903007195"]


def test_each_office_has_its_four_officers_and_the_country_its_administrator(demo):
    assert Post.objects.count() == 13
    assert Account.objects.get(identifier="agent@lille.demo").check_password(handles.PASSWORD)


def test_the_home_page_tells_every_handle(demo):
    told = {handle.value for handle in handles.handles(demo)}
    assert {"5908002010", "5908002016", "5903007192", "5903007193", "5903007195", "5903007194"} <= told


def test_the_mailbox_shows_every_mail_with_its_links_leading_here(demo, client: Client, settings):
    settings.OUTBOX_TRANSPORT = "mailbox"
    due.deliver()
    assert client.get("/demo/courriels/").status_code == 200
    mail = OutboxMessage.objects.filter(template="notification").first()
    page = client.get(f"/demo/courriels/{mail.pk}/").content.decode()
    assert 'href="/notifications/"' in page
    receipt = OutboxMessage.objects.filter(template="deposit").first()
    attached = client.get(f"/demo/courriels/{receipt.pk}/0/")
    assert attached.content.startswith(b"%PDF")
    assert client.get(f"/demo/courriels/{receipt.pk}/9/").status_code == 404


def test_a_hostile_mail_text_is_shown_as_text():
    from guichet.demo.views import clickable

    shown = clickable('<script>alert(1)</script> https://example.org/"onmouseover="x')
    assert "<script>" not in shown
    assert '"onmouseover' not in shown


def test_the_clock_moves_forward_and_does_what_falls_due(demo, client: Client):
    before = clock.stored_offset()
    assert client.post("/demo/horloge/", {"step": "7d"}).status_code == 302
    assert clock.stored_offset() - before == timedelta(days=7)
    assert client.post("/demo/horloge/", {"days": "31"}).status_code == 302
    assert clock.stored_offset() - before == timedelta(days=38)
    for wrong in ("0", "-1", "99999", "x", ""):
        client.post("/demo/horloge/", {"days": wrong})
    assert clock.stored_offset() - before == timedelta(days=38)


def test_the_clock_does_not_move_outside_the_demonstration(db, settings):
    settings.DEMO = False
    with pytest.raises(RuntimeError):
        clock.move(timedelta(days=1))
    with pytest.raises(RuntimeError):
        world.start_afresh()


@pytest.mark.django_db(transaction=True)
def test_starting_afresh_forgets_everything_and_puts_the_guards_back(settings, client: Client):
    settings.DEMO = True
    world.make_if_missing()
    clock.move(timedelta(days=400))
    first = set(Application.objects.values_list("pk", flat=True))
    assert client.post("/demo/remise-a-zero/").status_code == 302
    assert clock.stored_offset() == timedelta()
    assert World.objects.get().made_on == clock.today(), "made on the day of the clock that starts again, not of the moved one"
    assert Application.objects.count() == 3
    assert first.isdisjoint(Application.objects.values_list("pk", flat=True))
    assert triggers.missing() == []
