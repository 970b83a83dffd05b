"""Coming with others of one household: the grid, who they are, the request of all of them."""

import re
from datetime import timedelta

import pytest

from guichet.appointments import queries
from guichet.appointments.models import Booking
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_booking.conftest import Visitor, typed
from tests.web_booking.test_grid import week_of
from tests.web_booking.test_way import text_of


@pytest.fixture
def family(agenda):
    """A type that receives up to four people together."""
    return world.a_type(agenda, party_max=4)


@pytest.fixture
def slots(agenda):
    """One place, then two, then none, then four."""
    return world.a_row(agenda, 1, 2, 0, 4)


@pytest.fixture
def visitor(family):
    return Visitor(family)


def other(number, **changes):
    fields = {
        "first_names": "Ana",
        "last_name": f"Lopez{world.letters(number)}",
        "birth_date_day": "1",
        "birth_date_month": "2",
        "birth_date_year": "2015",
        **changes,
    }
    return {f"personne{number}-{name}": value for name, value in fields.items()}


def take(visitor, slot, count):
    visitor.accepts()
    visitor.post(f"creneaux/?personnes={count}", {"plage": slot.pk})
    return visitor.passes()


def ask(visitor, slot, count=3):
    take(visitor, slot, count)
    data = typed()
    for number in range(2, count + 1):
        data |= other(number)
    visitor.post("coordonnees/", data)
    visitor.finishes()
    return queries.party_of(Booking.objects.get(last_name="Lopez"))


def link_in(mail):
    return re.search(r"/rdv/demande/\S+/", mail.body)[0]


def look(visitor):
    """By the last mail, in the same browser."""
    return visitor.browser.get(link_in(OutboxMessage.objects.latest("pk")), follow=True)


# The grid --------------------------------------------------------------------------------------------------------------------


def test_a_type_that_receives_each_alone_says_nothing_of_others(agenda, slots):
    alone = Visitor(world.a_type(agenda))
    page = text_of(alone.get("creneaux/"))
    assert "Combien de personnes" not in page and "personnes=" not in page
    page = text_of(alone.get("creneaux/", personnes=3))
    assert f'data-cell="t{slots[0].pk}" data-state="free"' in page


def test_the_grid_shows_where_so_many_fit(visitor, slots):
    page = text_of(visitor.get("creneaux/", semaine=week_of(slots[0]), personnes=3))
    assert f'data-cell="t{slots[0].pk}" data-state="free"' in page  # one, then two
    assert f'data-cell="t{slots[1].pk}" data-state="full"' in page
    assert '<option value="3" selected>' in page and 'data-party="3"' in page
    assert "personnes=3" in page


@pytest.mark.parametrize("asked", ["0", "5", "-1", "x", "9" * 30, "\x00"])
def test_a_number_that_the_type_does_not_receive_is_one(visitor, slots, asked):
    page = text_of(visitor.get("creneaux/", semaine=week_of(slots[0]), personnes=asked))
    assert '<option value="1" selected>' in page
    take(visitor, slots[0], asked)
    assert Booking.objects.count() == 1


def test_the_panel_says_from_when_to_when(visitor, slots):
    page = text_of(visitor.get("creneaux/", semaine=week_of(slots[0]), personnes=3, plage=slots[0].pk))
    ends = slots[1].ends_at.astimezone(slots[0].agenda.zone)
    assert "3 places côte à côte" in page and f"à {ends:%H:%M}" in page


def test_what_refreshes_itself_is_that_of_so_many(visitor, slots, django_assert_max_num_queries):
    query = {"semaine": week_of(slots[0]), "vue": "grille"}
    tags = {count: visitor.get("creneaux/", **query, personnes=count)["ETag"] for count in (1, 2, 3)}
    assert len(set(tags.values())) == 3
    with django_assert_max_num_queries(2):
        again = visitor.browser.get(f"{visitor.base}creneaux/", {**query, "personnes": 3}, headers={"If-None-Match": tags[3]})
    assert again.status_code == 304


def test_where_they_do_not_fit_the_nearest_beginning_is_proposed(visitor, slots):
    page = text_of(visitor.get("creneaux/", semaine=week_of(slots[0]), personnes=4, plage=slots[0].pk))
    assert "Cette plage n'est plus libre" in page and f"plage={slots[3].pk}" in page
    answer = take(visitor, slots[0], 4)
    assert "/creneaux/" in answer["Location"] and not Booking.objects.exists()


# Who they are ----------------------------------------------------------------------------------------------------------------


def test_all_places_are_held_at_once(visitor, slots):
    assert take(visitor, slots[0], 3)["Location"].endswith("/coordonnees/")
    assert list(Booking.objects.order_by("pk").values_list("slot_id", flat=True)) == [slots[0].pk, slots[1].pk, slots[1].pk]
    page = text_of(visitor.get("coordonnees/"))
    assert "Personne 2" in page and "Personne 3" in page and 'name="personne3-last_name"' in page
    assert 'name="personne4-last_name"' not in page


def test_the_errors_of_each_say_whose_they_are_and_nothing_is_lost(visitor, slots):
    take(visitor, slots[0], 3)
    answer = visitor.post("coordonnees/", {**typed(), **other(2), **other(3, last_name="", first_names="Luz")})
    page = text_of(answer)
    assert answer.status_code == 422 and "Personne 3 – À remplir : Nom" in page and "Personne 2 –" not in page
    assert 'href="#id_personne3-last_name"' in page and 'value="Luz"' in page and 'value="Maria"' in page
    assert visitor.finishes()["Location"].endswith("/coordonnees/")


def test_a_single_name_is_enough_for_each(visitor, slots):
    take(visitor, slots[0], 2)
    alone = other(2, first_names="", last_name="Madhavan") | {"personne2-single_name": "on"}
    assert visitor.post("coordonnees/", {**typed(), **alone}).status_code == 302


def test_the_same_person_twice_is_said_beside_the_second(visitor, slots):
    take(visitor, slots[0], 2)
    same = other(2, first_names="MARIA", last_name="lopez", birth_date_day="12", birth_date_month="5", birth_date_year="1990")
    answer = visitor.post("coordonnees/", {**typed(), **same})
    assert answer.status_code == 422 and "une seule fois" in text_of(answer)


def test_everything_is_read_again_before_the_end(visitor, slots):
    take(visitor, slots[0], 3)
    visitor.post("coordonnees/", {**typed(), **other(2), **other(3)})
    page = text_of(visitor.get("valider/"))
    for name in ("Lopez", f"Lopez{world.letters(2)}", f"Lopez{world.letters(3)}", "1er février 2015"):
        assert name in page


def test_going_back_loses_nothing(visitor, slots):
    take(visitor, slots[0], 2)
    visitor.post("coordonnees/", {**typed(), **other(2)})
    assert f'value="Lopez{world.letters(2)}"' in text_of(visitor.get("coordonnees/"))


def test_fewer_people_is_another_hold(visitor, slots):
    take(visitor, slots[3], 4)
    visitor.post("coordonnees/", {**typed(), **other(2), **other(3), **other(4)})
    assert take(visitor, slots[0], 1)["Location"].endswith("/coordonnees/")
    assert Booking.objects.filter(state="held").count() == 1
    assert Booking.objects.filter(state="lapsed").count() == 4
    assert visitor.get("valider/")["Location"].endswith("/coordonnees/")


def test_one_mail_for_all(visitor, slots):
    rows = ask(visitor, slots[0])
    assert [row.state for row in rows] == ["to_confirm"] * 3
    (mail,) = OutboxMessage.objects.all()
    page = text_of(visitor.get("termine/"))
    for row in rows:
        assert row.display_name in mail.body and row.display_name in page


def test_somebody_who_has_a_request_is_said_and_the_places_stay(visitor, family, slots):
    from tests.appointments.world import details

    world.ask(family, slots[3], details(first_names="Ana", last_name="Lopez", email="x@example.org"))
    known = Booking.objects.get(email="x@example.org")
    take(visitor, slots[0], 2)
    same = other(2, last_name="Lopez", birth_date_day="12", birth_date_month="5", birth_date_year="1990")
    visitor.post("coordonnees/", {**typed(), **same})
    answer = visitor.browser.post(f"{visitor.base}valider/", follow=True)
    page = text_of(answer)
    assert "Personne 2 – Cette personne a déjà une demande" in page and known.reference not in page
    assert Booking.objects.filter(state="held").count() == 2


def test_a_hold_is_no_way_to_learn_who_has_a_request(visitor, family, slots):
    """Each answer tells something of somebody: after a few the places are given back, and another check is to be passed."""
    for number in range(4):
        known = world.details(first_names="Ana", last_name=f"Known{world.letters(number)}", email=f"x{number}@example.org")
        world.ask(family, world.a_slot(slots[0].agenda, starts_in=timedelta(days=9, hours=number)), known)
    take(visitor, slots[0], 2)
    born = {"birth_date_day": "12", "birth_date_month": "5", "birth_date_year": "1990"}
    for number in range(3):
        assert Booking.objects.filter(state="held").count() == 2, number
        visitor.post("coordonnees/", {**typed(), **other(2, last_name=f"Known{world.letters(number)}", **born)})
        answer = visitor.finishes()
    assert answer["Location"] == "/rdv/gerer/"
    assert not Booking.objects.filter(state="held").exists()


# The request of all of them --------------------------------------------------------------------------------------------------


def test_the_page_lists_them_and_one_button_confirms_all(visitor, slots):
    rows = ask(visitor, slots[0])
    page = text_of(look(visitor))
    assert all(row.reference in page and row.display_name in page for row in rows)
    visitor.browser.post("/rdv/demande/confirmer/")
    rows = queries.party_of(rows[0])
    assert [row.state for row in rows] == ["confirmed"] * 3
    page = text_of(visitor.browser.get("/rdv/demande/"))
    for row in rows:
        assert f"convocation.pdf?personne={row.pk}" in page
        pdf = visitor.browser.get("/rdv/demande/convocation.pdf", {"personne": row.pk})
        assert pdf["Content-Disposition"] == f'inline; filename="{row.convocation}.pdf"'
    assert visitor.browser.get("/rdv/demande/rendez-vous.ics").status_code == 200


def test_one_alone_is_cancelled_after_being_asked(visitor, slots):
    rows = ask(visitor, slots[0])
    look(visitor)
    page = text_of(visitor.browser.get("/rdv/demande/annuler/", {"personne": rows[0].pk}))
    assert f"pour {rows[0].display_name} seulement" in page
    visitor.browser.post("/rdv/demande/annuler/", {"personne": rows[0].pk})
    assert [row.state for row in queries.party_of(rows[0])] == ["cancelled", "to_confirm", "to_confirm"]
    page = text_of(visitor.browser.get("/rdv/demande/"))
    assert "À confirmer" in page and "Annulé" in page and "Confirmer mon rendez-vous" in page


def test_all_are_cancelled_by_one_button(visitor, slots):
    rows = ask(visitor, slots[0])
    look(visitor)
    assert "les 3 personnes" in text_of(visitor.browser.get("/rdv/demande/annuler/"))
    visitor.browser.post("/rdv/demande/annuler/")
    assert [row.state for row in queries.party_of(rows[0])] == ["cancelled"] * 3


@pytest.mark.parametrize("act", ["get", "post"])
def test_nobody_else_is_cancelled_by_a_number_in_the_address(visitor, family, slots, agenda, act):
    stranger = world.ask(family, world.a_slot(agenda, starts_in=timedelta(days=9)))
    ask(visitor, slots[0])
    look(visitor)
    answer = getattr(visitor.browser, act)("/rdv/demande/annuler/", {"personne": stranger.pk})
    assert answer.status_code == 404
    stranger.refresh_from_db()
    assert stranger.state == "to_confirm"


def test_nobody_else_is_read_by_a_number_in_the_address(visitor, family, slots, agenda):
    stranger = world.ask(family, world.a_slot(agenda, starts_in=timedelta(days=9)))
    world.actions.confirm(world.token(stranger))
    stranger.refresh_from_db()
    rows = ask(visitor, slots[0])
    visitor.browser.get(link_in(OutboxMessage.objects.get(intent__startswith=f"appointment:{rows[0].pk}:")))
    visitor.browser.post("/rdv/demande/confirmer/")
    answer = visitor.browser.get("/rdv/demande/convocation.pdf", {"personne": stranger.pk})
    assert answer.status_code == 404 or stranger.convocation not in answer["Content-Disposition"]


def test_they_move_together_where_all_fit(visitor, slots, agenda):
    rows = ask(visitor, slots[0])
    look(visitor)
    page = text_of(visitor.browser.get("/rdv/demande/deplacer/", {"semaine": week_of(slots[0])}))
    assert f'data-cell="t{slots[3].pk}" data-state="free"' in page
    assert "Combien de personnes" not in page
    visitor.browser.post("/rdv/demande/deplacer/", {"plage": slots[3].pk})
    assert {row.slot_id for row in queries.party_of(rows[0])} == {slots[3].pk}


def test_cancelling_for_one_says_their_own_hour_and_that_the_others_come(visitor, slots):
    rows = ask(visitor, slots[0])
    reader = visitor.browser
    reader.get(f"/rdv/demande/{world.token(rows[0])}/")
    page = text_of(reader.get(f"/rdv/demande/annuler/?personne={rows[1].pk}"))
    assert f"de {rows[1].starts_at_local:%H:%M} à" in page and f"de {rows[0].starts_at_local:%H:%M} à" not in page
    assert "Oui, annuler pour cette personne" in page and "mon rendez-vous" not in page
    assert "Oui, annuler pour tous" in text_of(reader.get("/rdv/demande/annuler/"))
