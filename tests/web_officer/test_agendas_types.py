"""What one comes for, written by the office: texts in both languages, delays, agendas; read at once by the public."""

import html

import pytest
from django.test import Client

from guichet.appointments.models import AppointmentType
from guichet.core.events import Subject, timeline
from tests.web_officer.agendas_world import TYPE, read, value_of

pytestmark = pytest.mark.django_db
NEW = "/agents/agendas/essai/rendez-vous/"
ONE = f"{NEW}remise-dun-recepisse/"
PUBLIC = "/rdv/essai/remise-dun-recepisse/"


@pytest.fixture
def type(chief, agenda):
    assert chief.post(NEW, {**TYPE, "agendas": [agenda.slug]}).status_code == 302
    return AppointmentType.objects.get()


def test_a_new_type_is_read_by_the_public_at_once_in_both_languages(chief, type, world):
    assert (type.confirmation_minutes, type.lead_minutes, type.may_move, type.version) == (2880, 180, True, 1)
    assert type.documents == [{"fr": "Passeport", "en": "Passport"}, {"fr": "Photo", "en": "Photograph"}]
    french = read(Client().get(PUBLIC))
    assert "Vous venez chercher votre récépissé." in french and "Vous êtes mineur." in french and "Photo" in french
    english = read(Client(headers={"accept-language": "en"}).get(PUBLIC + "?lang=en", follow=True))
    assert "You come to collect your receipt." in english and "Photograph" in english
    assert f'href="{PUBLIC}"' in chief.get(ONE).content.decode() and PUBLIC in chief.get("/agents/agendas/").content.decode()
    (event,) = timeline(Subject("appointment_type", str(type.pk)))
    assert event.actor_id == str(world.officers["office_administrator"].account.pk)


def test_its_page_shows_it_as_it_is_kept(chief, type):
    page = chief.get(ONE)
    for name in ("name_fr", "purpose_en", "documents_fr", "confirmation", "lead", "address_fr"):
        assert value_of(page, name) == TYPE[name].replace("\r", ""), name
    assert value_of(page, "version") == "1"


def test_what_changes_keeps_the_texts_that_no_field_asks_for(chief, type, agenda):
    AppointmentType.objects.update(texts={**type.texts, "elsewhere": {"fr": "x", "en": "y"}})
    change = {**TYPE, "agendas": [agenda.slug], "version": "1", "confirmation": "0", "purpose_fr": "Autre but."}
    assert chief.post(ONE, change).status_code == 302
    type.refresh_from_db()
    assert type.texts["elsewhere"] == {"fr": "x", "en": "y"} and type.texts["purpose"]["fr"] == "Autre but."
    assert (type.confirmation_minutes, type.version) == (0, 2)


def test_two_administrators_do_not_overwrite_each_other_unknowingly(chief, type, agenda):
    base = {**TYPE, "agendas": [agenda.slug]}
    chief.post(ONE, {**base, "version": "1", "lead": "5"})
    response = chief.post(ONE, {**base, "version": "1", "purpose_fr": "Ce que je voulais écrire."})
    page = read(response)
    assert "a été changé par quelqu'un d'autre" in page and "5 heures" in page
    assert value_of(response, "purpose_fr") == "Ce que je voulais écrire." and value_of(response, "version") == "2"
    assert AppointmentType.objects.get().texts["purpose"]["fr"] == TYPE["purpose_fr"]
    assert chief.post(ONE, {**base, "version": "2", "purpose_fr": "Ce que je voulais écrire."}).status_code == 302
    assert AppointmentType.objects.get().texts["purpose"]["fr"] == "Ce que je voulais écrire."


@pytest.mark.parametrize("version", ["", "x", "²", "99999999999999999999"])
def test_a_form_without_its_version_overwrites_nothing(chief, type, version):
    response = chief.post(ONE, {**TYPE, "version": version, "lead": "9"})
    assert response.status_code == 200 and AppointmentType.objects.get().lead_minutes == 180


def test_a_closed_type_has_no_public_page(chief, type, agenda):
    closed = {name: value for name, value in TYPE.items() if name != "active"}
    chief.post(ONE, {**closed, "agendas": [agenda.slug], "version": "1"})
    assert Client().get(PUBLIC).status_code == 404 and PUBLIC not in chief.get(ONE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "anchor", "said"),
    [
        ({"name_en": ""}, "id_name_en", "À remplir"),
        ({"purpose_en": ""}, "id_purpose_en", "À remplir"),
        ({"before_fr": "Venez tôt."}, "id_before_en", "Écrivez ce texte dans les deux langues, ou dans aucune."),
        ({"documents_en": "Passport"}, "id_documents_en", "2 en français, 1 en anglais"),
        ({"lead": "61", "lead_unit": "1440"}, "id_lead", "Ce délai va de zéro à 60 jours."),
        ({"confirmation": "deux"}, "id_confirmation", ""),
        ({"window_months_before_permit_end": "2"}, "id_window_months_before_permit_end", "Sans contrôle d'identité"),
        ({"agendas": ["d-ailleurs"]}, "id_agendas_0", ""),
        ({"identity": "passport"}, "id_identity_0", ""),
    ],
)
def test_a_mistake_leads_to_its_field_and_nothing_typed_is_lost(chief, agenda, wrong, anchor, said):
    response = chief.post(NEW, {**TYPE, **wrong})
    page = html.unescape(response.content.decode())
    assert response.status_code == 200 and f'href="#{anchor}"' in page and f'id="{anchor}"' in page and said in page
    assert value_of(response, "eligibility_fr") == "Vous êtes mineur." and not AppointmentType.objects.exists()


def test_a_window_before_the_end_of_a_permit_goes_with_an_identity(chief, agenda):
    chief.post(NEW, {**TYPE, "identity": "student", "window_months_before_permit_end": "2", "agendas": [agenda.slug]})
    assert AppointmentType.objects.get().window_months_before_permit_end == 2


def test_the_same_form_sent_twice_opens_one_type(chief, type):
    again = chief.post(NEW, TYPE)
    assert "Votre bureau a déjà un rendez-vous de ce nom." in read(again) and AppointmentType.objects.count() == 1


@pytest.mark.parametrize("role", ["reception", "case_officer", "decision_maker", "national_administrator"])
def test_the_others_read_and_change_nothing(world, browse, type, role):
    reader = browse(world.officers[role])
    page = read(reader.get(ONE))
    assert "Seul l'administrateur du bureau change ses rendez-vous." in page and "2 jours" in page and "3 heures" in page
    assert reader.post(ONE, {**TYPE, "version": "1"}).status_code == 403
    assert reader.get(NEW).status_code == 403
    assert browse(world.elsewhere).get(ONE).status_code == 404 and browse(world.elsewhere).get(NEW).status_code == 404


def test_a_household_may_be_received_together(chief, type, agenda):
    change = {**TYPE, "agendas": [agenda.slug], "version": "1", "party_max": "4"}
    assert chief.post(ONE, change).status_code == 302
    type.refresh_from_db()
    assert type.party_max == 4 and value_of(chief.get(ONE), "party_max") == "4"
    assert chief.post(ONE, {**change, "version": "2", "party_max": ""}).status_code == 302
    type.refresh_from_db()
    assert type.party_max == 1


@pytest.mark.parametrize("changes", [{"party_max": "7"}, {"party_max": "0"}, {"party_max": "2", "identity": "student"}])
def test_a_household_is_of_six_at_most_and_known_by_names(chief, type, agenda, changes):
    answer = chief.post(ONE, {**TYPE, "agendas": [agenda.slug], "version": "1", **changes})
    assert answer.status_code == 200 and 'id="id_party_max_errors"' in answer.content.decode()
    type.refresh_from_db()
    assert (type.party_max, type.identity) == (1, "none")
