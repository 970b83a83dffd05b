"""Every public page, in both languages: it answers, says its name, leads somewhere, and asks little of the database."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.appointments import rules
from guichet.messaging import forgetting
from guichet.web.public import services, topics
from tests.typography import keyboard

PAGES = [
    "/",
    "/aide/",
    *(f"/aide/{topic.slug}/" for topic in topics.TOPICS),
    "/contact/",
    "/titres/",
    "/titres/?pour=moi",
    "/titres/?pour=mineur&situation=rien",
    "/titres/ase/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/mentions-legales/",
    "/plan-du-site/",
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_with_a_title_and_one_heading(visitor, catalogue, address, language):
    response = visitor.get(address, headers={"accept-language": language})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL).group(1)
    assert title.endswith(" — Guichet") and not title.startswith(" —")
    assert 'href=""' not in page and 'src=""' not in page


@pytest.mark.parametrize("address", PAGES)
def test_nothing_french_is_left_in_english(visitor, catalogue, address):
    """Words that no English page of ours has any reason to hold, outside of what is marked as French."""
    page = visitor.get(address, headers={"accept-language": "en"}).content.decode()
    page = re.sub(r'<(\w+)[^>]*\b(?:hreflang|lang)="fr"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", page)
    assert not re.findall(r"\b(?:vous|votre|vos|nous|demande|étape|votre|cette|avec|pour)\b", text, re.IGNORECASE)


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_leads_somewhere(visitor, catalogue, address):
    page = visitor.get(address).content.decode()
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    for link in set(re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page)):
        link = link.replace("&amp;", "&")
        if link.startswith("#"):
            assert link[1:] in ids, link
        elif link.startswith("?"):
            assert visitor.get(address.split("?")[0] + link).status_code == 200, link
        elif link.startswith("/"):
            assert visitor.get(link).status_code in {200, 302}, link
        else:
            assert re.match(r"(https://|tel:\+?\d+$)", link), link


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_costs_almost_no_query(visitor, catalogue, address, django_assert_max_num_queries):
    visitor.get(address)
    with django_assert_max_num_queries(2):  # the published procedures, the announcements
        visitor.get(address)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_to_read_are_only_read(visitor, catalogue, address, method):
    if address == "/contact/" and method == "post":
        return
    assert getattr(visitor, method)(address).status_code == 405


def test_each_service_of_the_home_page_is_open_or_says_why(visitor):
    page = visitor.get("/").content.decode()
    for service in services.SERVICES:
        assert bool(service.url) != bool(service.closed_because), service.title
        assert str(service.title).replace("'", "&#x27;") in page
    assert page.count("guichet-tile--closed") == sum(1 for service in services.SERVICES if not service.url) >= 1
    assert reverse("account:create_without_number") in page and reverse("public:orientation") in page


def test_the_home_page_leads_a_person_back_to_their_applications(visitor):
    assert reverse("applicant:applications") in visitor.get("/").content.decode()


def test_what_is_tried_in_the_demonstration_is_shown_only_there(visitor, settings, monkeypatch):
    assert "guichet-demo" not in visitor.get("/").content.decode()

    def demonstration(request):
        return {
            "demonstration": {
                "handles_template": "demo/handles.html",
                "groups": [
                    {
                        "title": "Avec un numéro",
                        "route": "account:create_with_number",
                        "handles": [
                            {
                                "value": "5903007192",
                                "name": "NGUYEN Minh Anh",
                                "born": "01/01/2008",
                                "extra": "",
                                "sentence": "majeure",
                            }
                        ],
                    }
                ],
                "password": "Demonstration-2026!",
                "totp_secret": "JBSWY3DPEHPK3PXP",
                "officer_words": ["agent"],
                "offices": ["lille"],
                "national": "admin@national.demo",
                "addresses": ["20 rue Nationale 59800 Lille"],
            }
        }

    from tests.web_public import demonstration_urls

    monkeypatch.setattr(demonstration_urls, "demonstration", demonstration)
    settings.ROOT_URLCONF = "tests.web_public.demonstration_urls"
    options = settings.TEMPLATES[0]["OPTIONS"]
    processors = [*options["context_processors"], "tests.web_public.demonstration_urls.demonstration"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": {**options, "context_processors": processors}}]
    page = visitor.get("/").content.decode()
    for text in ("5903007192", "NGUYEN Minh Anh", "majeure", "Demonstration-2026!", "/demo/courriels/", "Démonstration."):
        assert text in page
    assert "Démonstration." in visitor.get("/aide/").content.decode(), "every page says that it is a demonstration"


def test_a_help_page_that_does_not_exist_is_not_found(visitor):
    assert visitor.get("/aide/nulle-part/").status_code == 404


def test_the_table_of_papers_tells_what_each_proves_and_its_article(visitor):
    page = visitor.get("/aide/papiers/").content.decode()
    for article in ("R431-15-1", "R431-15-3", "R431-12"):
        assert article in page
    assert "ni séjour, ni travail, ni voyage" in page and "refus par silence" in page


def test_help_in_person_names_the_right_to_a_substitute(visitor):
    page = visitor.get("/aide/en-personne/").content.decode()
    assert "R431-2" in page and "452798" in page and "1er août 2023" in page


def test_the_draft_term_that_is_said_is_the_one_that_is_set(visitor, settings, catalogue):
    settings.DRAFT_KEPT_DAYS = 77
    for address in ("/aide/enregistrer/", "/donnees-personnelles/", "/titres/ase/"):
        assert "77 jours" in visitor.get(address).content.decode()


def test_where_mails_went_is_forgotten_as_soon_as_the_page_says():
    assert forgetting.FORGOTTEN_AFTER == rules.FORGOTTEN_AFTER


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("Rendez-vous : 33 jours après sa date", "gardée 9 ans", "pas de compte : 33 jours", "relié à aucun compte")),
        ("en", ("Appointment: 33 days after its date", "kept for 9 years", "no account: 33 days", "tied to no account")),
    ],
)
def test_what_is_said_of_appointments_is_what_is_done(visitor, monkeypatch, language, said):
    monkeypatch.setattr(rules, "FORGOTTEN_AFTER", timedelta(days=33))
    monkeypatch.setattr(rules, "PROOF_KEPT_YEARS", 9)
    page = keyboard(
        html.unescape(visitor.get("/donnees-personnelles/", headers={"accept-language": language}).content.decode())
    )
    assert not [words for words in said if words not in page]
    assert reverse("booking:find") in page and reverse("applicant:applications") in page


def test_the_legal_notice_never_passes_for_the_state(visitor, settings):
    assert "n&#x27;est pas un site de l&#x27;État" in visitor.get("/mentions-legales/").content.decode().replace("'", "&#x27;")
    settings.BRAND = "etat"
    assert "n&#x27;est pas un site de l&#x27;État" not in visitor.get("/mentions-legales/").content.decode().replace(
        "'", "&#x27;"
    )


def test_the_home_page_of_an_applicant_costs_the_same_whatever_they_have(catalogue, django_assert_num_queries):
    account = Account.objects.create(identifier="5903007192", email="a@example.org", display_name="A")
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="guichet.accounts.backends.IdentifierBackend")
    with django_assert_num_queries(4):
        client.get("/")


def test_every_answer_carries_the_content_security_policy(visitor):
    policy = visitor.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe-inline" not in policy
