"""What was typed is typed once: a form that came too late, a step back, a request made before in the same browser."""

import pytest

from guichet.appointments import due
from guichet.appointments.models import Booking
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_booking.conftest import Visitor, typed
from tests.web_booking.test_together import other, take
from tests.web_booking.test_way import text_of, the_booking


def boxes(visitor, *values):
    page = text_of(visitor.get("coordonnees/"))
    return [value for value in values if f'value="{value}"' not in page]


def test_a_form_sent_after_the_ten_minutes_is_filled_again_with_the_next_place(visitor, slot, movable_clock):
    """Right or wrong, as it was typed, without a reproach before it is sent again."""
    visitor.holds(slot)
    movable_clock.move(minutes=11)
    answer = visitor.gives(companion="Mon frère", birth_date_day="41", phone="")
    assert "/creneaux/" in answer["Location"]
    page = text_of(visitor.browser.get(answer["Location"]))
    assert "n'est plus gardée" in page and "Ce que vous avez écrit est gardé" in page
    visitor.takes(slot)
    visitor.passes()
    assert boxes(visitor, "Maria", "Lopez", "41", "5", "1990", "maria@example.org", "Mon frère") == []
    assert "erreurs" not in text_of(visitor.get("coordonnees/"))
    assert visitor.gives(birth_date_day="41").status_code == 422


def test_a_lapsed_place_leads_back_to_its_own_week_and_to_the_nearest(visitor, agenda, slot, movable_clock):
    first = world.a_slot(agenda, starts_in=slot.starts_at - world.clock.now() - world.timedelta(days=4))
    visitor.holds(slot)
    movable_clock.move(minutes=11)
    answer = visitor.gives()
    assert f"plage={slot.pk}" in answer["Location"]
    slot.refresh_from_db()
    type(slot).objects.filter(pk=slot.pk).update(capacity=slot.taken)
    page = text_of(visitor.browser.get(answer["Location"]))
    assert "Cette plage n'est plus libre" in page and f"plage={first.pk}" in page


def test_going_back_from_a_half_filled_form_keeps_it(visitor, slot):
    visitor.holds(slot)
    answer = visitor.gives(last_name="", email="maria@", retour="1")
    assert answer["Location"].endswith("/creneaux/")
    assert boxes(visitor, "Maria", "maria@", "1990") == []
    visitor.gives()
    assert boxes(visitor, "Lopez", "maria@example.org") == [], "once sent whole, that is what counts"
    assert visitor.finishes()["Location"].endswith("/termine/")


def test_those_who_come_together_are_kept_too(agenda, movable_clock):
    family = world.a_type(agenda, party_max=4)
    visitor, slot = Visitor(family), world.a_slot(agenda, capacity=8)
    take(visitor, slot, 3)
    movable_clock.move(minutes=11)
    visitor.post("coordonnees/", {**typed(), **other(2), **other(3, first_names="Inès")})
    take(visitor, slot, 3)
    assert boxes(visitor, "Lopezc", "Lopezd", "Inès") == []


def test_only_the_boxes_of_the_form_are_kept_and_no_more_than_they_hold(visitor, slot):
    visitor.holds(slot)
    visitor.gives(retour="1", companion="x" * 5000, unknown="1", csrfmiddlewaretoken="secret")
    left = visitor.browser.session["rdv_ways"][str(visitor.type.pk)]["left"]
    assert "unknown" not in left and "csrfmiddlewaretoken" not in left and "retour" not in left
    assert len(left["companion"]) == 300


def test_nothing_but_the_boxes_of_the_form_is_kept(visitor, slot, movable_clock):
    """A session is no place to store things in."""
    visitor.holds(slot)
    movable_clock.move(minutes=11)
    visitor.gives(**{f"last_name_{letter}": "x" * 300 for letter in "abcdefghij"}, **{"personne9-last_name": "x"})
    left = visitor.browser.session["rdv_ways"][str(visitor.type.pk)]["left"]
    assert {"last_name", "birth_date_day", "email"} <= set(left) and not any("x" in value[:1] for value in left.values())


# After the end ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["lapsed", "over", "cancelled"])
def test_the_last_page_never_says_confirmed_of_what_is_over(visitor, slot, movable_clock, end):
    visitor.asks(slot)
    booking = the_booking()
    if end == "cancelled":
        world.actions.cancel(world.token(booking))
    else:
        movable_clock.move(minutes=2881)
    if end == "lapsed":
        due.lapse_requests()
    answer = visitor.get("termine/")
    assert answer["Location"] == "/rdv/demande/"
    page = text_of(visitor.browser.get("/rdv/demande/"))
    assert ("Annulé" if end == "cancelled" else "Non confirmé à temps") in page and "Faire une nouvelle demande" in page


def test_until_when_to_confirm_is_said_before_one_finishes_as_after(visitor, agenda, movable_clock):
    """Near the appointment there is less than two days."""
    soon = world.a_slot(agenda, starts_in=world.timedelta(hours=20))
    visitor.holds(soon)
    visitor.gives()
    hour = f"{world.wall(agenda, soon):%H:%M}"
    said = text_of(visitor.get("valider/"))
    assert f", {hour}." in said and "48 heures" not in said
    visitor.finishes()
    assert f", {hour}" in text_of(visitor.get("termine/"))


def test_who_asked_with_this_browser_is_led_to_that_request(visitor, slot, agenda):
    visitor.asks(slot)
    booking = the_booking()
    answer = visitor.asks(world.a_slot(agenda, starts_in=world.timedelta(days=6)))
    assert answer["Location"] == "/rdv/demande/"
    page = text_of(visitor.browser.get("/rdv/demande/"))
    assert "Vous avez déjà une demande" in page and booking.reference in page
    assert OutboxMessage.objects.count() == 1


def test_who_types_the_name_of_somebody_else_is_shown_nothing(visitor, slot, type, agenda):
    visitor.asks(slot)
    stranger = Visitor(type)
    answer = stranger.asks(world.a_slot(agenda, starts_in=world.timedelta(days=6)))
    assert answer["Location"] == "/rdv/gerer/"
    assert stranger.browser.get("/rdv/demande/").status_code != 200
    assert Booking.objects.filter(state="lapsed").count() == 1


def test_the_first_page_leads_to_the_request_made_with_this_browser(visitor, slot, type):
    assert "termine/" not in text_of(visitor.get())
    visitor.asks(slot)
    assert "Voir où elle en est" in text_of(visitor.get()) and f"{visitor.base}termine/" in text_of(visitor.get())
    assert "termine/" not in text_of(Visitor(type).get())
