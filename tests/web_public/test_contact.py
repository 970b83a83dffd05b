"""Writing to us: one ticket, its number shown and mailed, nothing typed lost."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.messaging.models import OutboxMessage
from guichet.support.models import Ticket
from guichet.web import public

GOOD = {"topic": "fraud", "message": "On m'a vendu un rendez-vous.", "email": "minh@example.org", "name": "Minh"}


def intent_in(page: str) -> str:
    return re.search(r'name="intent" value="([^"]+)"', page).group(1)


def test_a_request_opens_a_ticket_and_shows_its_number(visitor):
    page = visitor.get("/contact/").content.decode()
    response = visitor.post("/contact/", {**GOOD, "reference": "5901202308160000184", "intent": intent_in(page)}, follow=True)
    ticket = Ticket.objects.get()
    assert response.redirect_chain == [("/contact/envoye/", 302)]
    assert ticket.number in response.content.decode()
    assert (ticket.kind, ticket.topic, ticket.language, ticket.email) == ("contact", "fraud", "fr", "minh@example.org")
    assert ticket.context == {"reference": "5901202308160000184"}
    assert ticket.number in OutboxMessage.objects.get().subject


@pytest.mark.parametrize(
    ("topic", "reference", "office"),
    [
        ("filed", "5901 2023 0816 0000 184", "5901"),
        ("complement", "5901202308160000184", "5901"),
        ("fraud", "5901202308160000184", None),  # the contact centre's business, not that of an office
        ("filed", "0000202308160000184", None),
        ("filed", "5901", None),
        ("filed", "", None),
    ],
)
def test_a_question_about_an_application_goes_to_its_office(visitor, topic, reference, office):
    visitor.post("/contact/", {**GOOD, "topic": topic, "reference": reference})
    assert Ticket.objects.get().office_id == office


def test_the_page_that_led_here_goes_along_when_it_is_ours(visitor):
    def page_in(referer):
        return visitor.get("/contact/", HTTP_REFERER=referer).context["form"].initial["page"]

    ours = visitor.get("/contact/").wsgi_request.get_host()
    assert page_in(f"http://{ours}/aide/e-photo/?x=1#y") == "/aide/e-photo/"
    assert not page_in("https://elsewhere.example/aide/") and not page_in("")
    visitor.post("/contact/", {**GOOD, "page": "/aide/e-photo/"})
    assert Ticket.objects.get().context == {"page": "/aide/e-photo/"}
    visitor.post("/contact/", {**GOOD, "page": "javascript:alert(1)", "email": "x@example.org"})
    assert Ticket.objects.get(email="x@example.org").context == {}


def test_sent_twice_it_is_one_ticket(visitor):
    data = {**GOOD, "intent": intent_in(visitor.get("/contact/").content.decode())}
    first, second = visitor.post("/contact/", data), visitor.post("/contact/", data)
    assert first.status_code == second.status_code == 302
    assert Ticket.objects.count() == 1 and OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("missing", ["topic", "message", "email"])
def test_what_is_missing_is_named_and_the_rest_kept(visitor, missing):
    response = visitor.post("/contact/", {**GOOD, missing: ""})
    page = response.content.decode()
    assert response.status_code == 422 and Ticket.objects.count() == 0
    assert f'href="#id_{missing}"' in page and page.count("fr-message--error") == 1
    for name, text in GOOD.items():
        if name not in {missing, "topic"}:
            assert text.replace("'", "&#x27;") in page
    if missing != "topic":
        assert '<option value="fraud" selected>' in page


def test_a_forged_intent_is_not_taken(visitor):
    response = visitor.post("/contact/", {**GOOD, "intent": "x' or 1"})
    assert response.status_code == 422 and Ticket.objects.count() == 0


def test_too_many_requests_are_told_how_long_to_wait_and_lose_nothing(visitor):
    for _ in range(5):
        visitor.post("/contact/", GOOD)
    response = visitor.post("/contact/", GOOD)
    page = response.content.decode()
    assert response.status_code == 422 and "minutes" in page and "On m&#x27;a vendu" in page
    assert Ticket.objects.count() == 5


def test_the_number_is_shown_to_its_author_only(visitor):
    visitor.post("/contact/", GOOD)
    response = Client(headers={"host": "localhost"}).get("/contact/envoye/")
    assert response.status_code == 302 and response.url == "/contact/"


def test_a_signed_in_person_types_less_and_is_known(db):
    account = Account.objects.create(identifier="5903007192", email="minh@example.org", display_name="Minh Anh NGUYEN")
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="guichet.accounts.backends.IdentifierBackend")
    page = client.get("/contact/?topic=filed&application=5901202308160000184").content.decode()
    for text in ('value="minh@example.org"', 'value="Minh Anh NGUYEN"', 'value="5901202308160000184"'):
        assert text in page
    assert '<option value="filed" selected>' in page
    client.post("/contact/", GOOD)
    assert Ticket.objects.get().account == account


@pytest.mark.parametrize("query", ["topic=nope", "application=<script>", "application=12", "topic="])
def test_what_an_address_proposes_is_checked(visitor, query):
    page = visitor.get(f"/contact/?{query}").content.decode()
    assert "<script>alert" not in page and "&lt;script" not in page and 'value="12"' not in page


def test_the_ticket_speaks_the_language_of_the_page(visitor):
    visitor.get("/?lang=en")
    page = visitor.post("/contact/", GOOD, follow=True).content.decode()
    assert "Your request has arrived" in page
    assert Ticket.objects.get().language == "en" and "Your request for help" in OutboxMessage.objects.get().subject


def test_without_its_token_the_form_is_not_taken():
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    response = client.post(reverse("public:contact"), GOOD)
    assert response.status_code == 403 and Ticket.objects.count() == 0
    assert "restée ouverte trop longtemps" in response.content.decode()


def test_every_link_to_the_form_names_a_subject_that_it_has():
    """A link with an unknown subject leads to a form that asks again."""
    from guichet.web.public.contact import TOPICS

    templates = Path(public.__file__).parents[1].glob("*/templates/**/*.html")
    asked = [query for page in templates for query in re.findall(r'"public:contact" %}\?([^"]+)"', page.read_text())]
    topics = [dict(parse_qsl(html.unescape(query))).get("topic") for query in asked]
    assert len(topics) > 8 and set(topics) <= {code for code, _label in TOPICS if code}
