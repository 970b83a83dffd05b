"""Whom an agenda can no longer receive, on the pages of its office: who is written to, who is to be called, where they go."""

import pytest

from guichet.appointments import actions, due, queries
from guichet.appointments.models import Agenda, AppointmentType, OpeningHours, Slot
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world as appointments
from tests.web_officer.agendas_world import agenda as form
from tests.web_officer.agendas_world import hours, read, value_of

pytestmark = pytest.mark.django_db
HOME = "/agents/agendas/"
PAGE = f"{HOME}essai/agenda/guichet/"
TO_MOVE = f"{HOME}essai/a-deplacer/"
SAME = {"name_fr": "Guichet", "name_en": "Desk", "days": "20", "at": "00:00"}


@pytest.fixture
def without_address(type):
    given = appointments.details(last_name="Sans", email="", phone="+33611223344")
    return appointments.ask(type, queries.first_free(type), given)


def closed(agenda, **changes):
    sent = form(**SAME, version=str(agenda.version), **changes)
    del sent["active"]
    return sent


def seen(*bookings):
    return {"seen": [str(one.pk) for one in bookings]}


def told():
    return OutboxMessage.objects.filter(template="appointment_withdrawn")


# An agenda that closes for good ----------------------------------------------------------------------------------------------


def test_closing_asks_where_its_people_go_before_it_saves(chief, agenda, type, asked):
    page = read(chief.post(PAGE, closed(agenda, action="preview")))
    assert "« Admission exceptionnelle au séjour » n'a plus d'agenda ouvert" in page.replace("’", "'").replace("\xa0", " ")
    assert "Nulle part : nous les contactons nous-mêmes" in page.replace("\xa0", " ")
    response = chief.post(PAGE, closed(agenda, **seen(asked)))
    assert response.status_code == 200 and "remplace-admission" in response.content.decode()
    assert Agenda.objects.get().active and not told().exists()


def test_they_go_where_the_administrator_says(chief, agenda, type, asked):
    other = appointments.an_agenda(agenda.office, slug="autre", name_fr="Autre", name_en="Other")
    receiving = appointments.a_type(other, slug="autre", name_fr="Accueil", name_en="Reception")
    response = chief.post(PAGE, closed(agenda, **seen(asked), **{"remplace-admission": str(receiving.pk)}), follow=True)
    page = read(response)
    assert "1 personne est prévenue par courriel" in page and "plus personne ne peut y réserver" in page
    assert "Accueil" in told().get().body
    assert queries.type_to_move_in(queries.booking_of(asked.pk)) == receiving


def test_or_the_office_calls_them_and_keeps_their_lines(chief, agenda, type, asked):
    chief.post(PAGE, closed(agenda, **seen(asked), **{"remplace-admission": "bureau"}))
    assert AppointmentType.objects.get().replaced_by is None and "vous contactera" in told().get().body
    assert "1 personne doit encore changer de date" in read(chief.get(HOME))
    page = read(chief.get(TO_MOVE))
    assert "À appeler" in page and "Traoré" in page and asked.reference in page and "+33 6 12 34 56 78" in page


def test_a_type_of_nowhere_is_refused(chief, agenda, type, asked):
    response = chief.post(PAGE, closed(agenda, **seen(asked), **{"remplace-admission": "999999"}))
    assert response.status_code == 200 and Agenda.objects.get().active


# Who has no address ----------------------------------------------------------------------------------------------------------


def test_who_has_no_address_is_counted_as_to_be_called_not_as_told(chief, agenda, without_address):
    day = queries.booking_of(without_address.pk).starts_at_local.date()
    days = {f"first_day_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    blank = {f"last_day_{part}": "" for part in ("day", "month", "year")}
    page = read(chief.post(f"{HOME}essai/fermetures/", {"agenda": "", "reason": "", "action": "preview", **days, **blank}))
    assert "1 personne n'a pas d'adresse" in page and "Fermer ces jours" in page and "+33 6 11 22 33 44" in page
    sent = {"agenda": "", "reason": "", "action": "close", **days, **blank, **seen(without_address)}
    done = read(chief.post(f"{HOME}essai/fermetures/", sent, follow=True))
    assert "1 personne n'a pas d'adresse : appelez-la" in done.replace("\xa0", " ") and not told().exists()
    assert "À appeler" in read(chief.get(TO_MOVE))


def test_whom_nobody_can_reach_is_told_to_reception(chief, agenda, type):
    given = appointments.details(last_name="Injoignable", email="", phone="")
    booking = appointments.ask(type, queries.first_free(type), given)
    day = queries.booking_of(booking.pk).starts_at_local.date()
    actions.close_days(agenda.office, day, day, by=appointments.OFFICER, displace=True)
    page = read(chief.get(TO_MOVE))
    assert "Ni adresse ni téléphone" in page and "prévenez l'accueil" in page and "À appeler" not in page


def test_the_list_empties_as_people_move(chief, agenda, asked):
    assert "Personne à déplacer" in read(chief.get(TO_MOVE))
    day = queries.booking_of(asked.pk).starts_at_local.date()
    actions.close_days(agenda.office, day, day, by=appointments.OFFICER, displace=True)
    assert "Prévenue par courriel" in read(chief.get(TO_MOVE))
    actions.reschedule(queries.booking_of(asked.pk), queries.first_free(asked.type).pk)
    assert "Personne à déplacer" in read(chief.get(TO_MOVE))
    assert "doit encore changer de date" not in read(chief.get(HOME))


def test_who_receives_moves_them_after_the_day_too(world, browse, agenda, asked, movable_clock):
    day = queries.booking_of(asked.pk).starts_at_local.date()
    actions.close_days(agenda.office, day, day, by=appointments.OFFICER, displace=True)
    movable_clock.move(days=9)
    desk = browse(world.officers["reception"])
    assert f"/agents/rdv/{asked.pk}/" in desk.get(TO_MOVE).content.decode()
    due.make_slots()
    free = queries.first_free(asked.type)
    assert desk.get(f"/agents/rdv/{asked.pk}/deplacer/").status_code == 200
    desk.post(f"/agents/rdv/{asked.pk}/deplacer/{free.pk}/")
    assert queries.booking_of(asked.pk).slot_id == free.pk


# Public holidays and reserved places -----------------------------------------------------------------------------------------


def test_an_agenda_works_on_the_holidays_that_are_ticked_and_the_preview_says_so(chief, agenda):
    ahead = [one for one in queries.holidays_ahead(agenda.office) if one.may_be_worked]
    page = chief.get(PAGE)
    assert f'value="{ahead[0].key}"' in page.content.decode() and 'value="05-01"' not in page.content.decode()
    sent = form(**SAME, version=str(agenda.version), worked_holidays=[ahead[0].key], action="preview")
    assert "l'agenda reçoit" in read(chief.post(PAGE, sent)).replace("’", "'")
    chief.post(PAGE, {**sent, "action": "save"})
    assert Agenda.objects.get().worked_holidays == [ahead[0].key]
    assert "checked" in chief.get(PAGE).content.decode().split(f'value="{ahead[0].key}"')[1][:200]


def test_a_holiday_that_does_not_exist_is_not_worked(chief, agenda):
    response = chief.post(PAGE, form(**SAME, version=str(agenda.version), worked_holidays=["13-45"]))
    assert response.status_code == 200 and Agenda.objects.get().worked_holidays == []


def test_reserved_places_say_from_when_they_are_everybody_s(chief, agenda):
    lines = hours((0, "9h", "12:00", "2"), (0, "9h", "12:00", "1", "associations", "48"))
    sent = {**form(**SAME, version=str(agenda.version)), **lines}
    page = read(chief.post(PAGE, {**sent, "action": "preview"}))
    assert "à tous dès" in page
    response = chief.post(PAGE, sent, follow=True)
    assert OpeningHours.objects.get(pool="associations").returns_hours == 48
    assert value_of(response, "h0-0-returns_hours") == "48"


def test_places_of_everybody_have_no_such_delay(chief, agenda):
    chief.post(PAGE, {**form(**SAME, version=str(agenda.version)), **hours((0, "9h", "12:00", "2", "public", "48"))})
    assert set(OpeningHours.objects.values_list("returns_hours", flat=True)) == {None}


def test_people_outside_the_rules_are_shown_on_the_agenda(chief, agenda, asked):
    Slot.objects.filter(pk=asked.slot_id).update(kept_since=clock.now())
    OpeningHours.objects.filter(agenda=agenda).delete()
    page = read(chief.get(PAGE))
    assert "Des personnes ont rendez-vous hors de vos horaires" in page and "Traoré" in page
    assert "Hors de vos horaires" in read(chief.get(TO_MOVE))


@pytest.mark.parametrize("role", ["reception", "case_officer", "decision_maker", "national_administrator"])
def test_the_others_read_who_is_to_move(world, browse, agenda, role):
    assert browse(world.officers[role]).get(TO_MOVE).status_code == 200
    assert browse(world.elsewhere).get(TO_MOVE).status_code == 404
