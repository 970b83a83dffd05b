"""Nothing in the logs identifies a person (decision 0006): not what they typed, not where they went, not what failed."""

import io
import json
import logging
import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from guichet.core import logs, worker
from guichet.messaging import due
from guichet.messaging.models import OutboxMessage
from guichet.support.actions import open_ticket
from tests.contracts import addresses, hostile

pytestmark = pytest.mark.django_db

SECRET = "Zébulonovitch"
PERSONAL = {
    "name": SECRET,
    "first_names": "Wilhelmine-Ötzi",
    "email": "wilhelmine.oetzi@courrier-secret.example",
    "foreigner_number": "5908007777",
    "phone": "+33698765432",
    "password": "Tr3s-Secret-Vraiment!",
    "token": "jeton-tres-secret-0123456789abcdef",
    "message": "Je m'appelle Wilhelmine et je suis malade",
    "host": "zebulon.example",
    "agent": "Navigateur-de-Zébulon/1.0",
    "address": "203.0.113.77",
}


class Stream:
    """What the root handler writes, line by line."""

    def __init__(self) -> None:
        self.text = io.StringIO()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.getvalue().splitlines()]

    def assert_silent_on(self, *values: str) -> None:
        written = self.text.getvalue()
        plain = written.encode().decode("unicode_escape", "replace")
        for value in (*PERSONAL.values(), *values):
            assert value not in written and value not in plain, f"{value!r} is in the log"


@pytest.fixture
def stream(monkeypatch):
    """The stream of the root handler, with the formatter and the levels of the site, at its most talkative."""
    from django.conf import settings

    kept = Stream()
    handler = logging.StreamHandler(kept.text)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    yield kept
    root.removeHandler(handler)
    root.setLevel(before)


def browser(house=None, who="anonymous", **more):
    headers = {
        "user-agent": PERSONAL["agent"],
        "x-forwarded-for": PERSONAL["address"],
        "referer": f"http://x/{PERSONAL['token']}",
    }
    options = {"raise_request_exception": False, "headers": headers, "REMOTE_ADDR": PERSONAL["address"], **more}
    return house.client(who, **options) if house else Client(**options)


def undone(act):
    with transaction.atomic():
        response = act()
        transaction.set_rollback(True)
    return response


def test_each_request_is_one_line_that_names_its_route(stream):
    browser().get(f"/compte/activer/{PERSONAL['token']}/?q={SECRET}")
    (line,) = [one for one in stream.lines if one["event"] == "request"]
    assert (line["route"], line["method"], line["status"]) == ("account:activate", "GET", 302)
    assert set(line) == {"event", "route", "method", "status", "milliseconds", "level", "logger", "timestamp"}
    stream.assert_silent_on()


def test_an_address_that_leads_nowhere_is_logged_without_it(stream):
    browser().get(f"/{SECRET}/{PERSONAL['foreigner_number']}")
    assert stream.lines[-1]["route"] == "unknown"
    stream.assert_silent_on()


@pytest.mark.parametrize("who", ("anonymous", "owner", "here case_officer"))
def test_nothing_typed_anywhere_is_in_the_log(house, stream, who, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("guichet.demo.world.start_afresh", lambda: None)
    sent = 0
    for _route, state, url in addresses.every_address(house):
        seeking = browser(house, who)
        response = seeking.get(url, {"q": SECRET, "apres": PERSONAL["email"], "next": f"/{PERSONAL['token']}"})
        if (
            response.status_code == 200
            and response["Content-Type"].startswith("text/html")
            and state in (addresses.ALONE, "motive")
        ):
            for form in hostile.forms_of(response.content.decode()):
                if form.method == "post":
                    for value in (SECRET, PERSONAL["email"], PERSONAL["foreigner_number"]):
                        data = {name: value for name, _ in form.fields if name != "csrfmiddlewaretoken"}
                        undone(
                            lambda b=seeking, f=form, d=data, u=url: b.post(
                                f.action or u, {**d, "message": PERSONAL["message"]}
                            )
                        )
                        sent += 1
    assert sent
    person = house.owner.person
    stream.assert_silent_on(
        person.foreigner_number,
        person.birth_name,
        house.owner.account.email,
        house.owner.in_state["deposited"].number,
        str(house.owner.draft.pk),
    )


@pytest.mark.parametrize("method", ("get", "post"))
def test_an_error_of_ours_is_logged_by_route_without_what_it_says(house, stream, monkeypatch, method):
    def broken(*args, **more):
        name = SECRET  # a variable of the frame
        try:
            raise ValueError(f"cannot read {PERSONAL['email']}")
        except ValueError as error:
            error.add_note(PERSONAL["phone"])
            raise IntegrityError(f"DETAIL: Key (identifier)=({PERSONAL['foreigner_number']}) exists, {name}") from error

    monkeypatch.setattr("guichet.web.account.signing.SignInForm", broken)
    answer = getattr(browser(), method)(
        "/compte/connexion/", {"identifier": PERSONAL["email"], "next": f"/{PERSONAL['token']}"}
    )
    assert answer.status_code == 500
    (line,) = [one for one in stream.lines if one["event"] == "exception"]
    assert (line["route"], line["error"], line["level"]) == ("account:sign_in", "IntegrityError", "error")
    assert [one["exc_type"] for one in line["exception"]] == ["IntegrityError", "ValueError"]
    assert any(frame["name"] == "broken" for one in line["exception"] for frame in one["frames"])
    stream.assert_silent_on("DETAIL")


def test_an_error_before_any_page_is_logged_too(stream, monkeypatch):
    monkeypatch.setattr("guichet.web.design.language.LanguageMiddleware.process_view", lambda *args: 1 / 0)
    assert browser().get(f"/?q={SECRET}").status_code == 500
    assert [one["error"] for one in stream.lines if one["event"] == "exception"] == ["ZeroDivisionError"]
    stream.assert_silent_on()


def test_what_is_not_found_or_forbidden_is_no_error(house, stream):
    house.client("owner").get("/agents/")
    house.client("owner").get("/demandes/0000000000000000000/")
    house.client("owner").post("/agents/dossiers/1/note/")
    assert {one["level"] for one in stream.lines} == {"info"}


def test_a_group_of_errors_says_none_of_them(stream):
    try:
        raise ExceptionGroup(SECRET, [ValueError(PERSONAL["email"]), ExceptionGroup("x", [KeyError(PERSONAL["phone"])])])
    except ExceptionGroup:
        logging.getLogger("guichet.x").exception("failed")
    assert stream.lines[-1]["event"] == "failed" and stream.lines[-1]["exception"]
    stream.assert_silent_on()


@pytest.mark.parametrize("ending", ("09", "08", "07"))
def test_a_registry_that_does_not_answer_is_told_without_whom_one_asked_for(stream, ending):
    number = f"59999988{ending}"
    given = {
        "capacity": "self",
        "foreigner_number": number,
        "last_name": SECRET,
        "first_names": PERSONAL["first_names"],
        "birth_date_day": "1",
        "birth_date_month": "2",
        "birth_date_year": "2003",
        "email": PERSONAL["email"],
        "email_again": PERSONAL["email"],
    }
    assert browser().post("/compte/creer/numero-etranger/", given).status_code < 500
    stream.assert_silent_on(number)


def test_a_refused_file_is_told_without_its_name(house, stream):
    for name, content in (
        (f"{SECRET}.pdf", b"MZ\x90" + b"x" * 500),
        (f"{SECRET}.jpg", b"\xff\xd8\xff" + PERSONAL["email"].encode()),
        (f"{SECRET}.pdf", b"%PDF-1.4\n" + PERSONAL["email"].encode()),
        (f"{SECRET}.pdf", b""),
    ):
        url = addresses.address("applicant:draft_upload", house)
        answer = undone(lambda u=url, n=name, c=content: browser(house, "owner").post(u, {"files": SimpleUploadedFile(n, c)}))
        assert answer.status_code in (200, 302, 422)
    stream.assert_silent_on()


@pytest.mark.parametrize(
    "error",
    (
        OSError(f"could not reach {PERSONAL['host']} for {PERSONAL['email']}"),
        ValueError(f"bad header {SECRET}"),
        SMTPRecipientsRefused({PERSONAL["email"]: (550, PERSONAL["email"].encode())}),
    ),
)
def test_a_mail_that_is_not_taken_is_told_without_its_reader(stream, monkeypatch, error):
    open_ticket(kind="contact", email=PERSONAL["email"], message=PERSONAL["message"], language="fr", name=SECRET)

    def refused(message):
        raise error

    monkeypatch.setattr("guichet.messaging.delivery.hand_over", refused)
    while due.deliver():  # those that were waiting before it too
        pass
    assert any(one["event"] == "mail not taken" for one in stream.lines)
    assert OutboxMessage.objects.get(address=PERSONAL["email"]).last_error == type(error).__name__
    stream.assert_silent_on()


def test_a_duty_that_fails_is_told_without_what_it_says(stream, monkeypatch):
    def broken():
        raise ValueError(f"{SECRET} {PERSONAL['email']}")

    duty = worker.Duty("test.broken", broken, every=1)
    monkeypatch.setattr("guichet.core.worker.duties", lambda: [duty])
    try:
        worker.run_due()
    except ValueError:
        pytest.fail("one duty that fails stops the others")
    assert stream.text.getvalue()
    stream.assert_silent_on()


def test_a_hostile_host_and_a_forged_form_are_told_without_their_words(stream):
    browser().get("/", headers={"Host": PERSONAL["host"]})
    browser(enforce_csrf_checks=True).post("/contact/", {"email": PERSONAL["email"], "message": PERSONAL["message"]})
    browser().post(
        "/contact/", "&".join(f"{SECRET}{n}=1" for n in range(3000)), content_type="application/x-www-form-urlencoded"
    )
    stream.assert_silent_on()


def test_locked_out_is_told_without_whom(stream):
    for _ in range(8):
        browser().post("/compte/connexion/", {"identifier": PERSONAL["email"], "password": PERSONAL["password"]})
    stream.assert_silent_on()


def test_a_line_of_the_log_is_one_line(stream):
    """What would forge a second line is within the first."""
    logging.getLogger("guichet.x").warning('one\n{"event": "forged"}\r\ntwo')
    assert len(stream.lines) == 1 and "forged" in stream.lines[0]["event"]


def test_an_account_names_nobody_when_it_is_printed(house):
    for thing in (house.owner.account, house.owner.person, house.owner.draft, house.owner.in_state["deposited"], house.mail):
        shown = f"{thing} {thing!r}"
        for value in (house.owner.person.birth_name, house.owner.person.foreigner_number, house.owner.account.email):
            assert not re.search(re.escape(value), shown), type(thing)
