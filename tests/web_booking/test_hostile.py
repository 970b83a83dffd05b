"""What an enemy tries around an appointment: names that are something else, pages that a shared computer keeps."""

import pytest
from icalendar import Calendar

from guichet.appointments import actions, keys
from guichet.appointments.bookings.calendar_file import calendar_file
from guichet.appointments.models import AppointmentType, Booking, Invitation
from guichet.certificates import queries as certificates
from tests.appointments import world
from tests.journeys.world import text_of
from tests.typography import keyboard
from tests.web_booking.test_invitation import agenda, mariam, slot, type, visitor  # noqa: F401  its fixtures

pytestmark = pytest.mark.django_db
HOSTILE = '#panic("x") $x^2$ *gras* @ref <label> \\ "], // /* `raw` #include "/etc/passwd"'
LINES = "Remise, titres; retrait\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT"


def confirmed(found, place):
    return actions.confirm(world.token(world.ask(found, place)))


def test_a_page_that_names_somebody_is_kept_by_no_cache(mariam, type, slot, visitor):  # noqa: F811
    invitation = Invitation.objects.get()
    visitor.browser.get(f"/rdv/invitation/{keys.token_of_invitation(invitation.pk)}/", follow=True)
    visitor.post("", {"accepted": "on"})
    answer = visitor.get("descriptif/")
    assert invitation.display_name in answer.content.decode()
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


@pytest.mark.parametrize("column", ["first_names", "last_name", "birth_name"])
def test_a_paper_prints_what_was_typed_and_runs_nothing(column):
    agenda = world.an_empty_agenda()  # noqa: F811
    found, place = world.a_type(agenda), world.a_slot(agenda)
    booking = world.ask(found, place)
    Booking.objects.filter(pk=booking.pk).update(**{column: HOSTILE})
    booking = actions.confirm(world.token(booking))
    said = keyboard(text_of(certificates.pdf(certificates.document(booking.convocation))))
    assert "panic" in said and "/etc/passwd" in said and "root:" not in said


def test_a_certificate_of_attempt_does_so_too():
    found = world.a_type(world.an_empty_agenda())
    attempt = actions.record_attempt(found, world.details(last_name=HOSTILE))
    said = keyboard(text_of(certificates.pdf(certificates.document(attempt.document))))
    assert "panic" in said and "root:" not in said


def test_a_file_for_calendars_holds_one_appointment_whatever_a_text_says():
    agenda = world.an_empty_agenda()  # noqa: F811
    found = world.a_type(agenda)
    booking = confirmed(found, world.a_slot(agenda))
    AppointmentType.objects.update(name_fr=LINES, texts={"address": {"fr": LINES, "en": LINES}})
    row = Booking.objects.select_related("slot__agenda__office", "type__office").get(pk=booking.pk)
    row.type.office.name = LINES
    made = calendar_file(row)
    events = Calendar.from_ical(made).walk("VEVENT")
    assert len(events) == 1 and "attendee" not in events[0]
    assert b"\nATTENDEE" not in made and made.count(b"BEGIN:VEVENT") == made.count(b"END:VEVENT") == 1
