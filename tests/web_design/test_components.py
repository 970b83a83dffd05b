"""What the components say, in HTML."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.test import Client

from guichet.accounts.models import Account
from guichet.messaging.actions import notify


def drawn(name: str, **context) -> str:
    return " ".join(render_to_string(f"design/components/{name}.html", context).split())


def test_a_closed_tile_leads_nowhere_and_says_why():
    text = drawn("tile", title="Nationalité", description="D", url="", closed_because="Sur un autre site.")
    assert "<a" not in text and "Pas encore ouvert" in text and "Sur un autre site." in text


def test_an_open_tile_is_one_link_and_an_external_one_says_so():
    assert drawn("tile", title="T", description="D", url="/titres/").count("<a ") == 1
    assert "(autre site)" in drawn("tile", title="T", description="D", url="https://example.org", external=True)


def test_the_stepper_says_where_one_is():
    text = drawn("stepper", number=2, total=5, title="Motif", next_title="Justificatifs")
    assert "Étape 2 sur 5" in text and 'data-fr-current-step="2"' in text and "Justificatifs" in text
    assert "Étape suivante" not in drawn("stepper", number=5, total=5, title="Confirmation", next_title="")


def test_pagination_shows_only_ways_that_exist():
    assert drawn("pagination") == ""
    assert "Début de la liste" not in drawn("pagination", next_url="?after=1")
    assert "Page suivante" not in drawn("pagination", first_url="?")


def test_the_timeline_tells_paris_time():
    text = drawn("timeline", entries=[{"at": datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "title": "Déposée"}])
    assert "24 novembre 2026, 00:30" in text and 'datetime="2026-11-23T23:30:00+00:00"' in text


def test_a_document_that_cannot_be_shown_can_be_downloaded():
    text = drawn("document_viewer", title="Acte", pages=[], download_url="/f/1")
    assert "<img" not in text and 'href="/f/1"' in text and "téléchargez-le" in text


def test_asking_before_abandoning_offers_the_way_back_first():
    text = drawn("confirm", text="?", action="/x/", confirm_label="Abandonner", cancel_url="/y/", cancel_label="Revenir")
    assert text.index("Revenir") < text.index("Abandonner") and 'method="post"' in text


@pytest.fixture
def applicant(db):
    return Account.objects.create(identifier="5903007192", email="a@example.org", display_name="Minh Anh NGUYEN")


def signed_in(account):
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="guichet.accounts.backends.IdentifierBackend")
    return client


@pytest.mark.django_db
def test_a_visitor_is_offered_to_sign_in():
    page = Client(headers={"host": "localhost"}).get("/aide/").content.decode()
    assert "Se connecter" in page and "Se déconnecter" not in page and "Mes demandes" not in page
    assert 'href=""' not in page and 'action=""' not in page


@pytest.mark.django_db
def test_the_bell_counts_what_is_not_read(applicant):
    client = signed_in(applicant)
    page = client.get("/aide/").content.decode()
    assert "Minh Anh NGUYEN" in page and "Mes demandes" in page and "guichet-count" not in page
    for number in range(3):
        notify(intent=f"n{number}", account=applicant, kind="information", subject=("application", "1"), mail=False)
    page = client.get("/aide/").content.decode()
    assert '<span class="guichet-count">3' in page and "non lues" in page
    assert 'href=""' not in page and 'action=""' not in page


@pytest.mark.django_db
def test_an_officer_sees_no_bell_and_no_contact(applicant):
    applicant.kind = Account.Kind.OFFICER
    applicant.save()
    page = signed_in(applicant).get("/aide/").content.decode()
    assert "Se déconnecter" in page and "fr-icon-notification-3-line" not in page and "Mes demandes" not in page


@pytest.mark.django_db
def test_the_header_asks_nothing_for_visitors_and_a_constant_number_of_queries_for_applicants(
    applicant, django_assert_num_queries
):
    with django_assert_num_queries(0):
        Client(headers={"host": "localhost"}).get("/aide/")
    client = signed_in(applicant)
    with django_assert_num_queries(3):  # session, account, unread count
        client.get("/aide/")
    for number in range(20):
        notify(intent=f"n{number}", account=applicant, kind="information", subject=("application", "1"), mail=False)
    with django_assert_num_queries(3):
        client.get("/aide/")


@pytest.mark.django_db
def test_the_states_block_is_for_those_who_may(settings):
    client = Client(headers={"host": "localhost"})
    page = client.get("/aide/").content.decode()
    assert "République" not in page and "marianne.css" not in page and "guichet-brand" in page
    settings.BRAND = "etat"
    page = client.get("/aide/").content.decode()
    assert "République<br>française" in page and "marianne.css" in page


@pytest.mark.django_db
def test_a_page_with_errors_says_so_in_its_title():
    client = Client(headers={"host": "localhost"})
    assert "<title>Nous contacter — Guichet" in client.get("/contact/").content.decode()
    assert "<title>Erreur – Nous contacter" in client.post("/contact/", {}).content.decode()
