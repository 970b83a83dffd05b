"""An office opens and changes its agendas by itself: previewed before, nobody lost, nothing typed lost."""

import html
from datetime import time, timedelta

import pytest
from django.test import Client

from guichet.appointments import queries
from guichet.appointments.models import Agenda, AppointmentType, Booking, OpeningHours, Slot
from guichet.core import clock
from guichet.core.events import Subject, timeline
from guichet.messaging.models import OutboxMessage
from tests.appointments import world as appointments
from tests.web_officer import agendas_world as typed
from tests.web_officer.agendas_world import read, value_of

pytestmark = pytest.mark.django_db
NEW = "/agents/agendas/essai/ouvrir/"
ONE = "/agents/agendas/essai/agenda/remise-des-titres/"
LIST = "/agents/agendas/"
READERS = ("reception", "case_officer", "decision_maker", "national_administrator")


@pytest.fixture
def agenda(chief):
    """Opened by its page, with a type: free places."""
    assert chief.post(NEW, typed.agenda()).status_code == 302
    found = Agenda.objects.get()
    appointments.a_type(found)
    return found


@pytest.fixture
def type(agenda):
    return AppointmentType.objects.get()


def sent(agenda, **changes):
    """The form of an agenda as its page shows it, changed."""
    return typed.agenda(version=str(agenda.version), **changes)


def only_the_afternoon():
    return {
        **{name: "" for name in typed.WEEKDAYS},
        **typed.hours(*((day, "14:00", "16:00", "", "public") for day in range(5))),
    }


def test_a_new_agenda_is_previewed_as_a_week_and_nothing_is_written(chief):
    response = chief.post(NEW, typed.agenda(action="preview"))
    page = read(response)
    assert "Rien n'est encore enregistré." in page and "Une semaine, celle du" in page and ": 60 places" in page
    assert "09:00, 09:30, 10:00, 10:30, 11:00, 11:30" in page and "Des plages sont réservables tout de suite." in page
    assert not Agenda.objects.exists() and not Slot.objects.exists()
    assert value_of(response, "h4-0-opens") == "9h" and value_of(response, "name_en") == "Collection of permits"


def test_saved_it_makes_its_slots_at_once_and_is_told_in_words(chief, world):
    response = chief.post(NEW, typed.agenda(), follow=True)
    agenda = Agenda.objects.get()
    assert (agenda.slug, agenda.timezone, agenda.version) == ("remise-des-titres", world.office.time_zone, 1)
    assert agenda.release == {"rule": "rolling", "days": 14, "at": "09:00"}
    assert Slot.objects.filter(agenda=agenda, capacity=2).count() == Slot.objects.count() > 50
    page = html.unescape(response.content.decode())
    assert "L'agenda est enregistré et ses plages sont faites." in page
    assert "Aucun rendez-vous n'utilise encore cet agenda" in page
    (event,) = timeline(Subject("agenda", str(agenda.pk)))
    assert (event.kind, event.actor_id) == ("agenda_saved", str(world.officers["office_administrator"].account.pk))
    listed = read(chief.get(LIST))
    assert "Inutilisé" in listed and "Chaque jour s'ouvre 14 jours avant, à 09:00." in listed


def test_the_same_form_sent_twice_opens_one_agenda(chief):
    chief.post(NEW, typed.agenda())
    again = chief.post(NEW, typed.agenda())
    assert again.status_code == 200 and "Votre bureau a déjà un agenda de ce nom." in read(again)
    assert Agenda.objects.count() == 1


def test_the_weekly_rule_opens_a_whole_week_on_a_day_and_hour(chief):
    chief.post(NEW, typed.agenda(rule="weekly", weekday="3", weeks="1", at="8h30", days=""))
    agenda = Agenda.objects.get()
    assert agenda.release == {"rule": "weekly", "weekday": 3, "at": "08:30", "weeks": 1}
    released = {moment.astimezone(agenda.zone) for moment in Slot.objects.values_list("released_at", flat=True)}
    assert {(moment.weekday(), moment.time()) for moment in released} == {(3, time(8, 30))}
    assert "Chaque jeudi à 08:30 : toute la semaine suivante s'ouvre." in read(chief.get(LIST))


def test_several_ranges_a_day_with_their_own_desks_and_a_reserved_share(chief):
    lines = typed.hours(
        (0, "09:00", "12:00", "3", "public"),
        (0, "09:00", "12:00", "1", "associations"),
        (0, "14:00", "15:00", "", "public"),
    )
    data = {**typed.AGENDA, **lines, "action": "preview"}
    page = read(chief.post(NEW, data))
    assert "21 % des places (6 par semaine) : Les associations d'aide" in page and "Les associations d'aide : 6" in page
    assert ": 28 places" in page
    chief.post(NEW, {**data, "action": "save"})
    kept = OpeningHours.objects.values_list("opens", "desks", "pool")
    assert set(kept) == {(time(9), 3, "public"), (time(9), 1, "associations"), (time(14), None, "public")}
    assert "21 % des places (6 par semaine) : Les associations d'aide" in read(chief.get(LIST))


@pytest.mark.parametrize(
    ("wrong", "anchor", "said"),
    [
        ({"name_fr": ""}, "id_name_fr", "À remplir"),
        ({"slot_minutes": "0"}, "id_slot_minutes", ""),
        ({"desks": "beaucoup"}, "id_desks", ""),
        ({"days": ""}, "id_days", "À remplir, pour la règle que vous avez choisie."),
        ({"rule": "weekly", "weeks": ""}, "id_weeks", "À remplir, pour la règle que vous avez choisie."),
        ({"at": "tôt"}, "id_at", "À quelle heure : écrivez l'heure comme 09:30."),
        ({"h0-0-closes": "8h"}, "id_h0-0-closes", "La fermeture vient après l'ouverture."),
        ({"h0-0-closes": ""}, "id_h0-0-closes", "Écrivez les deux heures, ou laissez la ligne vide."),
        (typed.hours((0, "09:00", "12:00"), (0, "11:00", "13:00")), "id_h0-1-opens", "se chevauchent"),
        ({"h0-0-closes": "09:29"}, "id_h0-0-opens", "Aucune plage ne tient dans cette ouverture"),
    ],
)
@pytest.mark.parametrize("act", ["preview", "save"])
def test_a_mistake_leads_to_its_field_and_nothing_typed_is_lost(chief, wrong, anchor, said, act):
    response = chief.post(NEW, typed.agenda(action=act, **wrong))
    page = html.unescape(response.content.decode())
    assert response.status_code == 200 and f'href="#{anchor}"' in page and f'id="{anchor}"' in page and said in page
    assert value_of(response, "h4-0-opens") == "9h" and value_of(response, "name_en") == "Collection of permits"
    assert not Agenda.objects.exists()


def test_more_people_at_once_than_desks_is_said_before_saving(chief):
    shared = {**typed.hours((0, "9h", "12:00"), (0, "9h", "12:00", "1", "associations"))}
    page = read(chief.post(NEW, typed.agenda(action="preview", **shared)))
    assert "Le lundi à 09:00, 3 personnes viennent en même temps, pour 2 guichets." in page
    shared["h0-0-desks"] = "1"
    assert "viennent en même temps" not in read(chief.post(NEW, typed.agenda(action="preview", **shared)))


def test_the_summary_says_which_day_is_wrong(chief):
    wrong = typed.hours((1, "12:00", "09:00"), (3, "12:00", "09:00"))
    page = read(chief.post(NEW, typed.agenda(**wrong)))
    assert "mardi : La fermeture vient après l'ouverture." in page
    assert "jeudi : La fermeture vient après l'ouverture." in page


def test_a_name_makes_an_address(chief):
    response = chief.post(NEW, typed.agenda(name_fr="???"))
    assert "Écrivez un nom avec des lettres" in read(response) and not Agenda.objects.exists()


def test_a_line_is_added_and_monday_copied_without_losing_anything(chief):
    added = chief.post(NEW, typed.agenda(action="add-5"))
    assert value_of(added, "h5-0-opens") == "" and value_of(added, "h0-0-opens") == "9h"
    assert "erreurs" not in added.content.decode()
    monday = typed.hours((0, "8h", "10h", "", "public"), (0, "14:00", "17:00", "4", "officers"))
    copied = chief.post(NEW, {**typed.AGENDA, **typed.WEEKDAYS, **monday, "action": "copy"})
    assert [value_of(copied, f"h{day}-0-opens") for day in range(5)] == ["8h"] * 5
    assert [value_of(copied, f"h{day}-1-desks") for day in range(5)] == ["4"] * 5
    assert 'name="h5-0-opens"' not in copied.content.decode() and not Agenda.objects.exists()


def test_a_change_lists_who_would_lose_their_slot_before_anything_is_saved(chief, agenda, asked):
    response = chief.post(ONE, sent(agenda, **only_the_afternoon()))
    page = read(response)
    assert "Leur plage disparaît." in page and "Traoré" in page and asked.reference in page
    assert "Enregistrer et prévenir 1 personne" in page
    agenda.refresh_from_db()
    assert agenda.version == 1 and not OutboxMessage.objects.filter(template="appointment_withdrawn").exists()
    assert value_of(response, "seen") == str(asked.pk) and value_of(response, "h0-0-opens") == "14:00"


def test_decided_these_people_are_told_with_the_reason_and_keep_their_appointment(chief, agenda, asked):
    change = sent(agenda, **only_the_afternoon(), seen=[str(asked.pk)], reason="Travaux le matin.")
    assert chief.post(ONE, change).status_code == 302
    mail = OutboxMessage.objects.get(template="appointment_withdrawn")
    assert mail.address == "awa@example.org" and "Travaux le matin." in mail.body
    booking = Booking.objects.select_related("slot").get(pk=asked.pk)
    assert booking.must_move and booking.state == "to_confirm"
    assert {local.hour for local in _hours(agenda)} == {14, 15}


def test_the_old_hours_back_these_people_are_told_that_they_need_not_move(chief, agenda, asked):
    chief.post(ONE, sent(agenda, **only_the_afternoon(), seen=[str(asked.pk)]))
    agenda.refresh_from_db()
    chief.post(ONE, sent(agenda))
    assert OutboxMessage.objects.get(template="appointment_restored").address == "awa@example.org"
    assert not queries.booking_of(asked.pk).must_move


def _hours(agenda):
    found = Slot.objects.filter(agenda=agenda, withdrawn_at__isnull=True)
    return [slot.starts_at.astimezone(agenda.zone) for slot in found]


def test_somebody_who_books_meanwhile_is_shown_before_being_displaced(chief, agenda, asked):
    type = AppointmentType.objects.get()
    late = appointments.ask(type, queries.first_free(type), appointments.details(last_name="Nguyen"))
    response = chief.post(ONE, sent(agenda, **only_the_afternoon(), seen=[str(asked.pk)]))
    assert response.status_code == 200 and "Nguyen" in read(response) and "Décidez du sort" in read(response)
    assert not OutboxMessage.objects.filter(template="appointment_withdrawn").exists()
    assert not Booking.objects.select_related("slot").get(pk=late.pk).must_move


def test_whoever_is_filling_in_the_form_is_no_obstacle_and_is_given_other_slots(chief, agenda):
    type = AppointmentType.objects.get()
    held = appointments.claim(type, queries.first_free(type))
    assert chief.post(ONE, sent(agenda, **only_the_afternoon())).status_code == 302
    held.refresh_from_db()
    assert held.state == "lapsed"


def test_fewer_desks_put_nobody_out(chief, agenda, asked):
    type = AppointmentType.objects.get()
    other = appointments.ask(type, asked.slot, appointments.details(last_name="Silva"))
    response = chief.post(ONE, sent(agenda, desks="1"))
    assert "Elles gardent leur rendez-vous" in read(response) and "Enregistrer l'agenda" in read(response)
    chief.post(ONE, sent(agenda, desks="1", seen=[str(asked.pk), str(other.pk)]))
    assert Slot.objects.get(pk=asked.slot_id).capacity == 2 and Agenda.objects.get().desks == 1
    assert not OutboxMessage.objects.filter(template="appointment_withdrawn").exists()


def test_two_administrators_do_not_overwrite_each_other_unknowingly(chief, agenda):
    assert chief.post(ONE, sent(agenda, desks="3")).status_code == 302
    response = chief.post(ONE, sent(agenda, desks="5", slot_minutes="20"))
    page = read(response)
    assert "a été changé par quelqu'un d'autre" in page and "30 minutes, 3 guichets" in page
    assert value_of(response, "desks") == "5" and value_of(response, "version") == "2"
    assert Agenda.objects.get().desks == 3
    assert chief.post(ONE, sent(agenda, desks="5", slot_minutes="20") | {"version": "2"}).status_code == 302
    assert Agenda.objects.get().desks == 5


@pytest.mark.parametrize("version", ["", "x", "0", "²"])
def test_a_form_without_its_version_overwrites_nothing(chief, agenda, version):
    response = chief.post(ONE, {**sent(agenda, desks="9"), "version": version})
    assert response.status_code == 200 and Agenda.objects.get().desks == 2


def test_a_closed_agenda_has_no_places_and_says_so(chief, agenda):
    closed = {name: value for name, value in sent(agenda).items() if name != "active"}
    assert "L'agenda est fermé : il n'a aucune plage à venir." in read(chief.post(ONE, {**closed, "action": "preview"}))
    chief.post(ONE, closed)
    assert not Agenda.objects.get().active and not Slot.objects.exists()
    assert "Fermé" in read(chief.get(LIST))


def test_the_draw_of_an_agenda_is_kept_as_it_was_written(chief, agenda):
    Agenda.objects.update(release={"rule": "draw", "days": 7, "at": "09:00", "wishes": 5})
    page = read(chief.get(ONE))
    assert "Par tirage au sort" in page
    chief.post(ONE, sent(agenda, rule="draw", days="6"))
    assert Agenda.objects.get().release == {"rule": "draw", "days": 6, "at": "09:00", "wishes": 5}


def test_rules_that_were_written_elsewhere_and_make_nothing_can_be_mended(chief, agenda):
    Agenda.objects.update(release={"rule": "written from a shell"})
    assert chief.get(ONE).status_code == 200 and chief.get(LIST).status_code == 200
    chief.post(ONE, sent(agenda))
    assert Agenda.objects.get().release == {"rule": "rolling", "days": 14, "at": "09:00"}


@pytest.mark.parametrize("role", READERS)
def test_the_others_read_and_change_nothing(world, browse, agenda, role):
    reader = browse(world.officers[role])
    page = read(reader.get(ONE))
    assert "Seul l'administrateur du bureau change ses agendas." in page and "09:00 – 12:00, 2 guichets" in page
    assert "Ouvrir un agenda" not in read(reader.get(LIST))
    assert reader.post(ONE, sent(agenda)).status_code == 403
    assert reader.get(NEW).status_code == 403 and reader.post(NEW, typed.agenda()).status_code == 403
    assert Agenda.objects.get().version == 1


def test_what_is_elsewhere_does_not_exist(world, browse, agenda):
    stranger = browse(world.elsewhere)
    for address in (ONE, NEW, f"{LIST}?bureau=essai"):
        assert stranger.get(address).status_code == 404
    assert Client().get(LIST).status_code == 302


def test_a_national_post_chooses_among_the_offices_that_receive(world, browse, agenda):
    other = appointments.an_agenda(world.other_office)
    national = browse(world.officers["national_administrator"])
    assert other.name not in read(national.get(f"{LIST}?bureau=essai"))
    assert other.name in read(national.get(f"{LIST}?bureau=ailleurs"))


def test_the_list_tells_what_is_free_this_week_and_until_when_slots_are_made(chief, agenda, asked, movable_clock):
    (state,) = queries.agenda_states(agenda.office)
    sunday = clock.now().astimezone(agenda.zone).date()
    sunday += timedelta(days=6 - sunday.weekday())
    free = [
        slot.left
        for slot in Slot.objects.filter(starts_at__gte=clock.now(), released_at__lte=clock.now())
        if slot.starts_at.astimezone(agenda.zone).date() <= sunday
    ]
    assert state.free_this_week == sum(free) and state.booked == 1
    last = Slot.objects.order_by("-starts_at").first().starts_at.astimezone(agenda.zone).date()
    assert state.made_until == last and state.next_release > clock.now()
    movable_clock.move(days=7)
    (later,) = queries.agenda_states(agenda.office)
    assert later.free_this_week > 0 and later.booked in (0, 1)
