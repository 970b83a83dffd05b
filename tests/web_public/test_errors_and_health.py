"""When something is wrong: what people read, what machines read."""

import json

import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory

from guichet.core import health as core_health
from guichet.web.public import errors, health


def test_a_page_that_does_not_exist_says_what_to_do(visitor):
    response = visitor.get("/nulle-part/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Cette page n&#x27;existe pas" in page and 'href="/contact/"' in page and "nulle-part" not in page


@pytest.mark.parametrize(
    ("handler", "status"), [(errors.bad_request, 400), (errors.forbidden, 403), (errors.csrf_failure, 403)]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_error_has_its_page_in_both_languages(visitor, handler, status, language, settings):
    from tests.web_public import error_urls

    settings.ROOT_URLCONF = "tests.web_public.error_urls"
    error_urls.answer = handler
    response = visitor.get("/erreur/", headers={"accept-language": language})
    page = response.content.decode()
    assert response.status_code == status and page.count("<h1") == 1
    assert ("Page d&#x27;accueil" in page or "Page d'accueil" in page) if language == "fr" else "Home page" in page


@pytest.mark.parametrize(("language", "text"), [("fr", "Une panne de notre côté"), ("en", "Something broke on our side")])
def test_a_bug_shows_a_page_that_asks_nothing_of_the_database(settings, language, text, django_assert_num_queries):
    settings.ROOT_URLCONF = "tests.web_public.error_urls"
    client = Client(headers={"host": "localhost", "accept-language": language}, raise_request_exception=False)
    with django_assert_num_queries(0):
        response = client.get("/panne/")
    page = response.content.decode()
    assert response.status_code == 500 and text in page and "boom" not in page
    assert "0806 001 620" in page and "tel:0806001620" in page


def test_a_bug_is_told_even_when_the_database_is_gone(settings):
    settings.ROOT_URLCONF = "tests.web_public.error_urls"

    def gone(execute, sql, params, many, context):
        raise DatabaseError("gone")

    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.cookies["session"] = "0" * 32
    with connection.execute_wrapper(gone):
        response = client.get("/panne/")
    assert response.status_code == 500 and "Une panne de notre côté" in response.content.decode()


def test_the_error_page_draws_without_any_request_context():
    assert errors.server_error(RequestFactory().get("/")).status_code == 500


def test_health_is_good(visitor):
    response = visitor.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "problems": [],
        "registries": dict.fromkeys(("agdref", "fne", "visabio", "ine", "ephoto", "addresses", "beacon"), "simulated"),
    }
    assert "no-cache" in response.headers["Cache-Control"]


def test_health_names_what_prevents_serving(visitor, settings, tmp_path):
    settings.PRIVATE_DIR = tmp_path / "absent"
    response = visitor.get("/healthz")
    assert response.status_code == 503
    assert response.json()["problems"] == ["private folder not writable"]


def test_health_says_that_the_database_is_gone(monkeypatch):
    def gone(execute, sql, params, many, context):
        raise DatabaseError("gone")

    with connection.execute_wrapper(gone):
        response = health.healthz(RequestFactory().get("/healthz"))
    assert response.status_code == 503 and json.loads(response.content)["problems"] == ["database unreachable"]
    assert core_health.problems() == []


def test_a_real_registry_is_named_so(visitor, settings):
    settings.REGISTRIES = {**settings.REGISTRIES, "agdref": {"url": "https://registry.invalid", "token": "t"}}
    assert visitor.get("/healthz").json()["registries"]["agdref"] == "real"


def franceconnect(issuer, simulated):
    return {"issuer": issuer, "client_id": "c", "client_secret": "s", "simulated": simulated}


@pytest.mark.parametrize(("simulated", "nature"), [(True, "simulated"), (False, "real")])
def test_where_the_site_is_connected_to_franceconnect_health_and_the_privacy_page_say_so(visitor, settings, simulated, nature):
    settings.FRANCECONNECT = franceconnect("", False)
    assert "franceconnect" not in visitor.get("/healthz").json()
    assert "FranceConnect" not in main_of(visitor.get("/donnees-personnelles/"))
    settings.FRANCECONNECT = franceconnect("https://provider.invalid", simulated)
    assert visitor.get("/healthz").json()["franceconnect"] == nature  # named, and not asked
    said = main_of(visitor.get("/donnees-personnelles/"))
    assert "FranceConnect" in said and ("simulé" in said) == simulated


def main_of(response):
    return response.content.decode().split("<main")[1].split("</main>")[0]


def test_robots_stay_on_public_pages(visitor):
    response = visitor.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert "Disallow: /demandes/" in lines and "Disallow: /agents/" in lines and "Disallow: /" not in lines
