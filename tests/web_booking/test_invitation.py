"""Coming with an invitation: from one's application or by its link, once, under one's own name, and nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guichet.applications.queries import Entry
from guichet.appointments import actions, keys, queries
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Invitation
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.messaging.models import Notification, OutboxMessage
from guichet.offices.actions import load_offices
from guichet.offices.models import Office
from guichet.web.applicant import words
from guichet.web.applicant.standing import told as told_of
from tests.appointments import world
from tests.permits.protection import a_deposit
from tests.permits.world import account_of
from tests.permits.world import person as a_person
from tests.web_booking.conftest import Visitor, typed
from tests.web_booking.test_way import text_of

pytestmark = pytest.mark.django_db
INVITATION = "/rdv/invitation/"
TYPE = "/rdv/saint-etienne/protection-internationale/"


@pytest.fixture
def agenda(db, monkeypatch):
    monkeypatch.setattr("guichet.core.bot_check.HASHES", 2000)
    load_offices()
    return world.an_empty_agenda(office=Office.objects.get(slug="saint-etienne"))


@pytest.fixture
def type(agenda):
    names = {"name_fr": "Empreintes et photo", "name_en": "Prints and photo"}
    return world.a_type(agenda, "protection-internationale", identity="invitation", confirmation_minutes=0, **names)


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=3)


@pytest.fixture
def mariam(type):
    """A refugee who has deposited: the procedure calls for an appointment of her office."""
    person = a_person("9908001001")
    person.application = a_deposit(person)
    return person


def signed_in(person, visitor=None):
    visitor = visitor or Someone()
    visitor.browser.force_login(account_of(person))
    return visitor


class Someone(Visitor):
    """A browser at the pages of the type of the office."""

    def __init__(self):
        self.base, self.browser = TYPE, Client(headers={"Accept-Language": "fr"})

    def gives(self, **changes):
        """The details without who one is."""
        known = {name: value for name, value in typed(**changes).items() if "name" not in name and "birth" not in name}
        return self.post("coordonnees/", known)


@pytest.fixture
def visitor():
    return Someone()


def the_invitation():
    return Invitation.objects.get()


def link_of(invitation=None):
    return f"{INVITATION}{keys.token_of_invitation((invitation or the_invitation()).pk)}/"


def page_of(person, client):
    return text_of(client.get(reverse("applicant:application", args=[person.application.number])))


def enters(visitor, **more):
    """The button of the application page."""
    return visitor.browser.post(INVITATION, {"invitation": the_invitation().pk, **more})


def books(visitor, slot, **changes):
    visitor.holds(slot)
    visitor.gives(**changes)
    return visitor.finishes()


def standing():
    return queries.standing_of(the_invitation())


# From the application -------------------------------------------------------------------------------------------------------


def test_the_deposit_invites_and_the_application_leads_to_the_slots_without_asking_who_one_is(mariam, slot):
    visitor = signed_in(mariam)
    page = page_of(mariam, visitor.browser)
    assert "Rendez-vous : Empreintes et photo" in page and "Prendre rendez-vous" in page and "À prendre" in page
    assert enters(visitor).url == TYPE
    page = text_of(visitor.get())
    assert "avec l'invitation de Mariam Haidari" in page and "Étape 1 sur 6" in page
    assert visitor.accepts().url == f"{TYPE}descriptif/"
    assert "Mariam Haidari" in text_of(visitor.get("descriptif/"))
    visitor.holds(slot)
    page = text_of(visitor.get("coordonnees/"))
    assert "Haidari" in page and "12 mai 1999" in page and 'value="person' in page, "the e-mail is known too"
    assert 'name="last_name"' not in page and 'name="birth_date_day"' not in page
    visitor.gives()
    assert "Haidari" in text_of(visitor.get("valider/"))
    assert visitor.finishes().url == f"{TYPE}termine/"
    assert '<a class="fr-link" href="/demandes/">' in visitor.get("termine/").content.decode(), "the way back"
    booking = Booking.objects.get(state=State.CONFIRMED)
    assert (booking.display_name, booking.birth_date_text) == ("Mariam Haidari", "1999-05-12")
    assert booking.invitation == the_invitation()


def test_it_is_among_what_to_do_first_until_a_date_is_chosen(mariam, slot):
    visitor = signed_in(mariam)
    task = "Choisissez la date de votre rendez-vous"
    page = text_of(visitor.browser.get("/demandes/"))
    assert task in page and f"#rendez-vous-{the_invitation().pk}" in page
    assert task not in text_of(signed_in(a_person()).browser.get("/demandes/"))
    enters(visitor)
    books(visitor, slot)
    assert task not in text_of(visitor.browser.get("/demandes/"))


def test_the_notification_says_what_to_press(mariam):
    told = Notification.objects.get(data__what="appointment_invited")
    page = text_of(signed_in(mariam).browser.get(reverse("applicant:notification", args=[told.pk])))
    assert "« Prendre rendez-vous »" in page


def test_a_letter_that_was_not_opened_is_not_told_by_what_was_called_off(mariam):
    entries = [
        Entry(clock.now(), "appointment_called_off", "Retirée", "officer"),
        Entry(clock.now(), "refused", "Refusée", "officer"),
    ]
    assert [line["title"] for line in told_of(entries, sealed=True)] == [words.DECIDED]
    assert [line["title"] for line in told_of(entries, sealed=False)] == ["Retirée", "Refusée"]


def test_a_name_that_is_sent_all_the_same_changes_nothing(mariam, slot):
    visitor = signed_in(mariam)
    enters(visitor)
    visitor.holds(slot)
    visitor.post("coordonnees/", typed(last_name="Revendeur", first_names="Jean"))
    visitor.finishes()
    assert Booking.objects.get(state=State.CONFIRMED).display_name == "Mariam Haidari"


def test_once_taken_the_application_says_when_and_where_and_leads_to_all_that_can_be_done(mariam, slot):
    visitor = signed_in(mariam)
    enters(visitor)
    books(visitor, slot)
    booking = standing().booking
    page = page_of(mariam, visitor.browser)
    assert booking.reference in page and f"{booking.starts_at_local:%H:%M}" in page and "2 rue Charles-de-Gaulle" in page
    for then, address in (("convocation", "convocation.pdf"), ("move", "deplacer/"), ("cancel", "annuler/")):
        assert f'value="{then}"' in page
        assert enters(visitor, then=then).url == f"/rdv/demande/{address}"
    assert visitor.browser.get("/rdv/demande/convocation.pdf")["Content-Type"] == "application/pdf"
    assert enters(visitor, then="/ailleurs/").url == "/rdv/demande/"


def test_cancelled_it_can_be_taken_again(mariam, slot, agenda):
    visitor = signed_in(mariam)
    enters(visitor)
    books(visitor, slot)
    enters(visitor, then="cancel")
    visitor.browser.post("/rdv/demande/annuler/")
    page = page_of(mariam, visitor.browser)
    assert "Prendre rendez-vous" in page and "Vous n'êtes pas venu" not in page
    enters(visitor)
    assert books(visitor, world.a_slot(agenda, starts_in=timedelta(days=7))).url == f"{TYPE}termine/"


def test_after_an_appointment_missed_the_application_says_it_is_the_last_time(mariam, slot):
    visitor = signed_in(mariam)
    enters(visitor)
    books(visitor, slot)
    Booking.objects.filter(state=State.CONFIRMED).update(state=State.MISSED)
    page = page_of(mariam, visitor.browser)
    assert "une seule fois" in page and "Prendre rendez-vous" in page


def test_who_acts_for_somebody_else_may_not_use_it(mariam, slot):
    other = signed_in(a_person())
    assert enters(other).status_code == 404
    assert enters(Someone()).status_code == 404, "nobody is signed in"
    assert other.browser.post(INVITATION, {"invitation": "x"}).status_code == 404


def test_the_page_of_an_application_reads_as_much_whatever_became_of_its_appointment(mariam, slot, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visitor = signed_in(mariam)
    page_of(mariam, visitor.browser)
    with CaptureQueriesContext(
        connection,
    ) as before:
        page_of(mariam, visitor.browser)
    enters(visitor)
    books(visitor, slot)
    with CaptureQueriesContext(connection) as after:
        page_of(mariam, visitor.browser)
    assert len(after) == len(before)


# By the link of the mail ----------------------------------------------------------------------------------------------------


def test_the_link_leads_in_without_its_token_in_the_address(mariam, slot, visitor):
    assert link_of() in OutboxMessage.objects.get(template="appointment_invitation").body
    answer = visitor.browser.get(link_of())
    assert answer.url == INVITATION
    assert visitor.browser.get(INVITATION).url == TYPE
    assert books(visitor, slot, email="ailleurs@example.org", email_again="ailleurs@example.org").url == f"{TYPE}termine/"
    assert Booking.objects.get(state=State.CONFIRMED).display_name == "Mariam Haidari"


def test_a_second_use_leads_to_the_appointment_already_taken(mariam, slot, visitor):
    visitor.browser.get(link_of())
    visitor.browser.get(INVITATION)
    books(visitor, slot)
    elsewhere = Client()
    elsewhere.get(link_of())
    assert elsewhere.get(INVITATION).url == "/rdv/demande/"
    assert standing().booking.reference in text_of(elsewhere.get("/rdv/demande/"))


def test_two_browsers_with_one_invitation_make_one_appointment(mariam, slot, visitor):
    both = (visitor, Someone())
    for one in both:
        one.browser.get(link_of())
        one.browser.get(INVITATION)
        one.accepts()
        one.takes(slot)
    assert [one.passes().url for one in both] == [f"{TYPE}coordonnees/", "/rdv/gerer/"]
    assert Booking.objects.filter(state=State.HELD).count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expires_at": clock.now() - timedelta(days=1)}, "Le délai de cette invitation est passé"),
        ({"withdrawn_at": clock.now()}, "Cette invitation a été retirée"),
    ],
)
def test_an_invitation_that_is_over_says_so_and_what_to_do(mariam, slot, visitor, change, said):
    Invitation.objects.update(**change)
    visitor.browser.get(link_of())
    page = text_of(visitor.browser.get(INVITATION))
    assert said in page and "/contact/" in page


def test_one_that_is_over_on_the_way_leads_back_to_what_to_do(mariam, slot, visitor):
    visitor.browser.get(link_of())
    visitor.browser.get(INVITATION)
    visitor.accepts()
    visitor.takes(slot)
    actions.withdraw_invitation(the_invitation(), by=SYSTEM)
    for answer in (visitor.passes(proof="x"), visitor.get("descriptif/"), visitor.takes(slot)):
        assert answer.url == TYPE
    assert "se prend sur invitation" in text_of(visitor.get())


def test_an_honoured_one_says_so(mariam, slot, visitor):
    visitor.browser.get(link_of())
    visitor.browser.get(INVITATION)
    books(visitor, slot)
    Booking.objects.filter(state=State.CONFIRMED).update(state=State.HONOURED)
    assert "Cette invitation a déjà servi" in text_of(visitor.browser.get(INVITATION))


def test_a_link_of_nothing_says_so(db, visitor):
    visitor.browser.get(f"{INVITATION}nimporte-quoi/")
    answer = visitor.browser.get(INVITATION)
    assert answer.status_code == 404 and "ne mène à aucune invitation" in text_of(answer)


def test_signed_in_as_somebody_else_one_is_told_whose_it_is_not(mariam, slot):
    other = signed_in(a_person())
    other.browser.get(link_of())
    page = text_of(other.browser.get(INVITATION))
    assert "est pour une autre personne" in page and "Se déconnecter" in page and "Haidari" not in page.split("<main")[1]
    assert "se prend sur invitation" in text_of(other.get())


def test_who_signs_in_as_somebody_else_on_the_way_loses_it(mariam, slot, visitor):
    visitor.browser.get(link_of())
    visitor.browser.get(INVITATION)
    visitor.accepts()
    signed_in(a_person(), visitor)
    assert visitor.takes(slot).url == TYPE
    assert not Booking.objects.exists()


def test_another_invitation_in_the_same_browser_is_not_given_the_place_of_the_first(mariam, slot, visitor):
    """Two children of one family, one after the other."""
    visitor.browser.get(link_of())
    visitor.browser.get(INVITATION)
    visitor.holds(slot)
    first = the_invitation()
    guest = actions.guest_of(a_person(), email="", language="fr")
    second = actions.invite(first.type, ("application", "other"), guest, by=SYSTEM)
    visitor.browser.get(link_of(second))
    visitor.browser.get(INVITATION)
    assert visitor.get("coordonnees/").status_code == 302, "the place was held for the first"
    visitor.accepts()
    visitor.takes(slot)
    assert visitor.passes().url == f"{TYPE}coordonnees/"
    assert Booking.objects.get(state=State.HELD).invitation == second


# Without an invitation ------------------------------------------------------------------------------------------------------


def test_a_stranger_sees_what_it_is_for_and_how_one_is_invited(type, slot, visitor):
    page = text_of(visitor.get())
    assert "se prend sur invitation" in page and "/demandes/" in page and "Effectuer une demande" not in page
    assert visitor.accepts().status_code == 200
    for page in ("descriptif/", "controle/"):
        assert visitor.get(page).url == TYPE
    visitor.takes(slot)
    visitor.passes(proof="x")
    assert not Booking.objects.exists()


def test_places_that_are_kept_for_the_invited_are_those_shown_and_moved_to(mariam, agenda, visitor):
    Invitation.objects.update(pool="reserves")
    kept, public = world.a_slot(agenda, pool="reserves"), world.a_slot(agenda, starts_in=timedelta(days=5, hours=2))
    visitor.browser.get(link_of())
    visitor.browser.get(INVITATION)
    visitor.accepts()
    page = text_of(visitor.get("creneaux/"))
    assert f"plage={kept.pk}" in page and f"plage={public.pk}" not in page
    books(visitor, kept)
    assert standing().booking.slot == kept
