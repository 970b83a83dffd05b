"""What the tests of the office's day do: book, read a page, scan, give a number."""

import html
import uuid
from datetime import timedelta

from django.urls import reverse

from guichet.appointments import actions
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from tests.appointments import world

BY = world.OFFICER


def booked(agenda, type, *, starts_in=timedelta(minutes=30), **changes) -> Booking:
    """Somebody is expected; those of the same hour share its slot."""
    starts_at = (clock.now() + starts_in).replace(microsecond=0)
    slot = Slot.objects.filter(agenda=agenda, starts_at=starts_at).first()
    slot = slot or world.a_slot(agenda, starts_in=starts_in, capacity=3)
    return actions.book_at_counter(BY, type, slot.pk, world.details(**changes), request_key=uuid.uuid4())


def number(office, **changes):
    return actions.take_number(office, BY, request_key=uuid.uuid4(), **changes)


def read(response, status=200):
    assert response.status_code == status, response.status_code
    return html.unescape(response.content.decode())


def day(browser, **query):
    return read(browser.get(reverse("officer:rdv"), query))


def scan(browser, reference, **more):
    response = browser.post(reverse("officer:rdv_check_in"), {"reference": reference, **more}, follow=True)
    return read(response)


def typed(**changes):
    return {
        "first_names": "Maria",
        "last_name": "Lopez",
        "birth_date_day": "12",
        "birth_date_month": "5",
        "birth_date_year": "1990",
        "language": "fr",
        "key": str(uuid.uuid4()),
        **changes,
    }
