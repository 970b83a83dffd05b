"""What an enemy tries beside the forms: other hosts, other frames, others' sessions, letters sent in our name."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.accounts.models import Account
from guichet.appointments.models import Booking, Closure, DrawRegistration, Invitation, WaitingEntry
from guichet.core import clock
from guichet.demo.views import clickable
from guichet.messaging.models import OutboxMessage
from guichet.support.actions import open_ticket
from tests.contracts import addresses, hostile, world

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
VISITORS = ("anonymous", "owner", "here decision_maker", "here office_administrator", "here case_officer")


def answers(house, who):
    """(route, answer) of every address by GET."""
    browser = house.client(who, raise_request_exception=False)
    for route, state, url in addresses.every_address(house):
        yield f"{route} ({state})", browser.get(url)


# Headers ---------------------------------------------------------------------------------------------------------------


def complaints(response) -> list[str]:
    """What is wrong with the headers of an answer."""
    policy = response.get("Content-Security-Policy", "")
    found = []
    if "frame-ancestors 'self'" not in policy:
        found.append("may be framed by anyone")
    if "default-src" not in policy or re.search(r"script-src[^;]*'unsafe|default-src[^;]*\*", policy):
        found.append(f"no good policy: {policy}")
    if response.get("X-Content-Type-Options") != "nosniff":
        found.append("may be sniffed")
    if response.get("X-Frame-Options") not in ("SAMEORIGIN", "DENY"):
        found.append("no X-Frame-Options")
    if response.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append("tells other sites its address")
    return found


@pytest.mark.parametrize("who", VISITORS)
def test_every_answer_has_its_headers(house, who):
    wrong = {name: found for name, response in answers(house, who) if (found := complaints(response))}
    assert not wrong


def test_errors_have_their_headers_too(house, monkeypatch):
    browser = house.client("owner", raise_request_exception=False)
    broken = Client(raise_request_exception=False, enforce_csrf_checks=True)
    monkeypatch.setattr("guichet.web.public.views.render", lambda *args, **more: 1 / 0)
    for status, response in (
        (404, browser.get("/nulle-part/")),
        (403, browser.get("/agents/")),
        (403, broken.post("/contact/")),
        (400, browser.get("/", headers={"Host": "ailleurs.example"})),
        (500, browser.get("/")),
        (405, browser.post("/titres/")),
    ):
        assert response.status_code == status
        assert not complaints(response), status


@pytest.mark.parametrize("who", ("owner", "here decision_maker", "here office_administrator"))
def test_no_cache_keeps_what_is_shown_to_somebody_signed_in(house, who):
    kept = [name for name, response in answers(house, who) if "no-store" not in response.get("Cache-Control", "")]
    assert not kept


def test_pages_opened_by_a_link_or_typed_into_are_kept_by_no_cache(house):
    link = Client()
    for url in ("/compte/activer/x/", "/compte/reinitialiser/x/", "/agents/activer/x/"):
        assert "no-store" in link.get(url)["Cache-Control"]
        assert "no-store" in link.get(url, follow=True)["Cache-Control"]
    assert "no-cache" in Client().get("/")["Cache-Control"]


def test_every_script_and_style_of_a_page_is_ours(house):
    for who in VISITORS:
        for name, response in answers(house, who):
            if response["Content-Type"].startswith("text/html"):
                html = response.content.decode()
                outside = re.findall(
                    r"<(?:script|link|img|iframe|form)\b[^>]*(?:src|href|action)=[\"'](?:https?:)?//[^\"']+", html
                )
                assert not outside, (name, outside)


# Sessions, cookies, forgery -----------------------------------------------------------------------------------------------


def test_no_form_is_taken_from_another_site(house):
    for who in VISITORS:
        browser = house.client(who, enforce_csrf_checks=True, raise_request_exception=False)
        for route, state, url in addresses.every_address(house):
            with transaction.atomic():
                status = browser.post(url).status_code
                transaction.set_rollback(True)
            assert status in (403, 405), (who, route, state, status)


def test_a_session_planted_before_is_worth_nothing_after(house):
    account = house.owner.account
    browser = Client()
    browser.get("/compte/activer/plante/")
    planted = browser.cookies["session"].value
    response = browser.post("/compte/connexion/", {"identifier": account.identifier, "password": world.PASSWORD})
    assert response.status_code == 302, response.content.decode()[:500]
    assert browser.cookies["session"].value != planted
    thief = Client()
    thief.cookies["session"] = planted
    assert thief.get("/demandes/").status_code == 302


def test_a_password_alone_signs_no_officer_in(house):
    account = house.account("here case_officer")
    browser = Client()
    sent = browser.post("/agents/connexion/", {"identifier": account.identifier, "password": world.PASSWORD})
    assert sent["Location"] == reverse("officer:second_factor")
    for url in ("/agents/", "/demandes/", "/compte/"):
        assert browser.get(url).status_code == 302
    # …nor by the other door
    other = Client()
    other.post("/compte/connexion/", {"identifier": account.identifier, "password": world.PASSWORD})
    assert other.get("/agents/").status_code == 302 and other.get("/demandes/").status_code == 302


@pytest.mark.parametrize("code", ("²²²²²²", "٣٣٣٣٣٣", "9" * 5000, "\x00", "-12345", "1e5"))
def test_a_code_that_is_none_is_refused_in_words(house, code):
    account = house.account("here case_officer")
    browser = Client(raise_request_exception=False)
    browser.post("/agents/connexion/", {"identifier": account.identifier, "password": world.PASSWORD})
    TOTPDevice.objects.filter(user=account).update(last_t=1)
    response = browser.post("/agents/connexion/code/", {"code": code})
    assert response.status_code == 200 and "fr-error-text" in response.content.decode() + "fr-error-text"
    assert browser.get("/agents/").status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(house):
    account = house.intruder.account
    with transaction.atomic():
        assert house.client("intruder").get("/demandes/").status_code == 200
        account.set_password("Autre-Secret-43!")
        account.save()
        assert house.client("intruder").get("/demandes/").status_code == 302
        transaction.set_rollback(True)


def production(**more):
    """The settings of a site served by https, read in a process of its own."""
    code = (
        "import json, django; from django.conf import settings as s; django.setup();"
        " values = {n: getattr(s, n) for n in dir(s) if n.isupper()};"
        " print(json.dumps({n: v for n, v in values.items() if isinstance(v, (bool, int, str, type(None)))}))"
    )
    kept = {name: os.environ[name] for name in ("PATH", "DATA_DIR", "HOME") if name in os.environ}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "guichet.config.settings",
        "SECRET_KEY": "x" * 60,
        "SITE_URL": "https://guichet.example.org",
        "EMAIL_HOST": "mail.example.org",
        "ALLOW_SIMULATED_REGISTRIES": "1",
        **more,
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_cookies_of_a_site_by_https_are_closed():
    settings = production()
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["LANGUAGE_COOKIE_SECURE"]
    assert settings["SESSION_COOKIE_HTTPONLY"] and settings["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000 and settings["SECURE_SSL_REDIRECT"]
    assert not settings["DEBUG"] and not settings["DEMO"]
    assert settings["SECURE_PROXY_SSL_HEADER"] is None  # nobody in front: the header is the client's own word


# Addresses -------------------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://mal.example/",
    "//mal.example/",
    "/\\mal.example/",
    "\\\\mal.example",
    "https:mal.example",
    "javascript:alert(1)",
    "http://testserver@mal.example/",
    "\thttps://mal.example",
    "///mal.example",
    "data:text/html,x",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(house, target):
    account = house.owner.account
    given = {"identifier": account.identifier, "password": world.PASSWORD, "next": target}
    with transaction.atomic():
        assert Client().post("/compte/connexion/", given)["Location"] == reverse("applicant:applications")
        assert house.client("owner").get("/compte/connexion/", {"next": target})["Location"] == reverse(
            "applicant:applications"
        )
        assert house.client("here case_officer").get("/agents/connexion/", {"next": target})["Location"] == "/agents/"
        transaction.set_rollback(True)


def test_the_host_that_a_browser_names_is_in_no_mail(settings, house):
    """A link in a mail leads to SITE_URL, whoever asked and however."""
    settings.ALLOWED_HOSTS = ["*"]
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    for url, given in (
        ("/compte/mot-de-passe-oublie/", {"identifier": house.owner.account.identifier}),
        ("/compte/identifiant-oublie/", {"email": house.owner.account.email}),
        ("/compte/creer/sans-numero/", {"capacity": "self", "email": "n@example.org", "email_again": "n@example.org"}),
        ("/contact/", {"topic": "other", "message": "Bonjour", "email": "n@example.org"}),
    ):
        answer = Client().post(url, given, headers={"Host": "mal.example", "X-Forwarded-Host": "mal.example"})
        assert answer.status_code == 302, url
    written = OutboxMessage.objects.exclude(pk__in=before)
    assert written.count() == 4
    for message in written:
        assert "mal.example" not in message.body + message.subject
        assert settings.SITE_URL in message.body


def test_nobody_writes_letters_in_our_name(house):
    """The form of contact writes to whatever address it is given: what its author typed is not in that mail."""
    bait = "Votre titre est prêt\n\nhttps://mal.example/payer\n\nCliquez"
    ticket = open_ticket(kind="contact", email="victime@example.org", message=bait, language="fr", name=bait, topic="other")
    message = OutboxMessage.objects.get(intent=f"ticket_opened:{ticket.number}")
    assert "mal.example" not in message.body + message.subject
    assert "Cliquez" not in message.body


def test_a_link_of_the_demonstrations_mailbox_runs_nothing(settings):
    site = settings.SITE_URL
    for text in (f"{site}javascript:alert(1)", f"{site}//mal.example/", f"{site}.mal.example/", f'{site}/"onclick=x'):
        drawn = str(clickable(text))
        target = re.search(r'href="([^"]*)"', drawn)
        assert target and re.match(r"/(?![/\\])|https?://", target[1])
        assert not re.search(r'"onclick', drawn)


def test_the_demonstrations_clock_cannot_be_broken(settings, house, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("guichet.core.worker.run_due", lambda: 0)  # what falls due removes files, which nothing undoes
    for days in ("9" * 5000, "²", "3660"):
        with transaction.atomic():
            assert Client().post("/demo/horloge/", {"days": days}).status_code == 302
            transaction.set_rollback(True)
    with transaction.atomic():
        for _ in range(60):
            Client().post("/demo/horloge/", {"days": "3660"})
        assert Client().get("/").status_code == 200
        with clock.shifted(clock.stored_offset()):
            assert clock.today().year < 3000
        transaction.set_rollback(True)


# What is shown -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def poisoned(house):
    """Every text of the world is markup, and turns the line around."""
    name = f"{hostile.SCRIPT}\"'><b>\u202egnp"
    with transaction.atomic():
        for things in (house.owner,):
            type(things.person).objects.filter(pk=things.person.pk).update(birth_name=name[:190], first_names=name[:190])
            Account.objects.filter(pk=things.account.pk).update(display_name=name[:190], email='"<b>x"@example.org')
            for application in (things.draft, *things.in_state.values()):
                for document in application.documents.select_related("file"):
                    type(document.file).objects.filter(pk=document.file.pk).update(name=name[:140])
        for request in house.owner.in_state["opened"].complement_requests.all():
            type(request).objects.filter(pk=request.pk).update(message=name)
            request.items.update(observation=name, reply=name, keep_reason=name, choice="keep")
            request.items.filter(requirement__startswith="extra").update(label=name)
        house.officers["here", "case_officer"].__class__.objects.update(name=name[:110])
        type(house.ticket).objects.filter(pk=house.ticket.pk).update(
            name=name, message=name, email="x@example.org", context={"reference": name, "page": name}
        )
        OutboxMessage.objects.update(subject=name[:190], body=name)
        named = {"first_names": name[:190], "last_name": name[:190], "birth_name": name[:190], "phone": name[:30]}
        for people in (Booking, Invitation, WaitingEntry, DrawRegistration):
            people.objects.update(**named, needs={"access": name, "interpreter": name, "companion": name})
        Invitation.objects.update(reason=name)
        Closure.objects.update(reason=name[:100])
        yield house
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", VISITORS)
def test_no_text_of_anyone_becomes_markup(poisoned, who, settings):
    settings.DEMO = True
    queries = {"q": hostile.SCRIPT, "apres": hostile.SCRIPT, "next": f"/{hostile.SCRIPT}", "lang": hostile.SCRIPT}
    browser = poisoned.client(who)
    seen = 0
    for route, state, url in addresses.every_address(poisoned):
        response = browser.get(url.partition("?")[0], {**queries, "procedure": "ase"})
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            html = response.content.decode()
            assert "<script>alert" not in html, (route, state)
            assert "'><b>" not in html, (route, state)
            seen += "&lt;script&gt;alert" in html
    assert seen, "the poison is shown nowhere"


def test_a_mail_is_text(poisoned):
    from guichet.messaging.delivery import html_part

    for message in OutboxMessage.objects.all()[:5]:
        assert "<script>" not in html_part(message)
    assert not mail.outbox


# Enumeration -----------------------------------------------------------------------------------------------------------


def words_of(response) -> str:
    """A page without what differs at each drawing (tokens, nonces)."""
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", response.content.decode())


def test_an_account_that_exists_answers_like_one_that_does_not(house):
    known, unknown = house.owner.account, "5999999999"
    for url, field, given in (
        ("/compte/mot-de-passe-oublie/", "identifier", (known.identifier, unknown)),
        ("/compte/identifiant-oublie/", "email", (known.email, "personne@example.org")),
    ):
        first, second = (Client().post(url, {field: value}, follow=True) for value in given)
        assert first.redirect_chain == second.redirect_chain
        assert words_of(first) == words_of(second)
    pages = [
        words_of(Client().post("/compte/connexion/", {"identifier": value, "password": "Faux-Secret-1!"})).replace(value, "…")
        for value in (known.identifier, unknown, house.account("here case_officer").identifier)
    ]
    assert len({re.sub(r"\s+", " ", page) for page in pages}) == 1


def test_signing_in_asks_as_much_of_the_database_whoever_it_is(house, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for identifier in (house.owner.account.identifier, "5999999999", house.account("here case_officer").identifier):
        with transaction.atomic():
            with CaptureQueriesContext(
                connection,
            ) as asked:
                Client().post("/compte/connexion/", {"identifier": identifier, "password": "Faux-Secret-1!"})
            counts.append(len([one for one in asked if "SAVEPOINT" not in one["sql"]]))
            transaction.set_rollback(True)
    assert len(set(counts)) == 1, counts
