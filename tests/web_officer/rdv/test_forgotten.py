"""A day of long ago, asked for by the office: what it counted is there, who it was is not, and nothing can be done any more."""

from datetime import timedelta

import pytest
from django.urls import reverse

from guichet.appointments import actions, due, rules
from guichet.core import clock
from tests.appointments.draw_world import after
from tests.typography import keyboard
from tests.web_officer.rdv.doing import BY, booked, scan

pytestmark = pytest.mark.django_db


def shown(browser, url, **asked):
    answer = browser.get(url, asked)
    assert answer.status_code == 200
    return keyboard(answer.content.decode())


def test_a_day_that_is_forgotten_shows_its_hours_and_nobody(agenda, type, office, reception):
    booking = booked(agenda, type, last_name="Kowalska", first_names="Zofia", phone="+33612345678")
    actions.check_in(booking, office, BY)
    number = booking.convocation
    assert number
    with after(booking.slot.starts_at + rules.FORGOTTEN_AFTER + timedelta(minutes=1)):
        due.end_of_day()
        due.forget_what_is_over()
        on = booking.slot.starts_at.astimezone(agenda.zone).date()
        pages = [
            shown(reception, reverse("officer:rdv"), jour=on.isoformat()),
            shown(reception, reverse("officer:rdv_booking", args=(booking.pk,))),
            scan(reception, booking.reference),
        ]
        for page in pages:
            assert "Kowalska" not in page and "Zofia" not in page and "612345678" not in page and number not in page
        assert "Identité effacée" in pages[0] and "Identité effacée" in pages[1]
        assert reception.get(reverse("officer:rdv_convocation", args=(booking.pk,))).status_code == 404
        assert clock.today() - on >= rules.FORGOTTEN_AFTER
