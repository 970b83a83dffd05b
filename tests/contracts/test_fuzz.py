"""Nasty values in every field of every form of every page, and in every parameter: never an error of ours."""

import pytest
from django.db import transaction

from tests.contracts import addresses, hostile
from tests.contracts.rules import RULES, SHOWN, expected

pytestmark = pytest.mark.django_db

# Who fills in which pages.
VISITORS = ("anonymous", "owner", "here decision_maker", "here office_administrator", "here case_officer")
KEPT = ("csrfmiddlewaretoken",)
# What the queries of pages are called, and what leads between pages.
PARAMETERS = (
    *("apres", "q", "procedure", "office", "state", "flag", "mine", "kind", "piece", "sens", "statut", "onglet"),
    *("next", "lang", "page", "topic", "application", "pour", "situation", "choisir", "non-eligible"),
)


@pytest.fixture(autouse=True)
def the_demonstration(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("guichet.demo.world.start_afresh", lambda: None)


def undone(act):
    with transaction.atomic():
        response = act()
        transaction.set_rollback(True)
    return response


def of_ours(response) -> bool:
    return bool(response.status_code >= 500)


def pages(house, who):
    """(name, address, html) of every page that this visitor is shown, each in one state."""
    browser = house.client(who)
    seen = set()
    for route, state, url in addresses.every_address(house):
        public = route.startswith(("public:", "account:create", "account:forgotten", "demo:"))
        earlier = VISITORS[2 : VISITORS.index(who)] if who.startswith("here ") else ()
        shown_before = any(expected(RULES[route], one, "get", state) == {SHOWN} for one in earlier)
        if (public and who != "anonymous") or (route in seen and state not in addresses.STEPS) or shown_before:
            continue
        response = browser.get(url)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            seen.add(route)
            yield f"{route} ({state})", url, response.content.decode()


def own_forms(html: str) -> list[hostile.Form]:
    """The forms of a page but those that every page has."""
    return [form for form in hostile.forms_of(html) if "deconnexion" not in form.action]


@pytest.mark.parametrize("who", VISITORS)
def test_whatever_is_typed_is_answered(house, who):
    """Every field hostile at once, by each button of the form; and the buttons themselves."""
    broken, sent = [], 0
    for name, url, html in list(pages(house, who)):
        for form in own_forms(html):
            buttons = dict.fromkeys([*form.buttons[:6], ("action", "save")])
            for kind, value in hostile.VALUES.items():
                for number, (button, word) in enumerate(buttons):
                    if number and kind not in ("nul", "json", "digits that are none"):
                        continue
                    data = {key: value for key, _ in form.fields if key not in KEPT} | shown(form)
                    data[button] = word if number % 2 == 0 else f"{word.partition(':')[0]}:{value}"[:2000]
                    response = post(house, who, form, url, data)
                    sent += 1
                    if response.status_code >= 500:
                        broken.append(f"{name}: {kind} by {button}={word} → {response.status_code}")
    assert sent, "no form was found"
    assert not broken, "\n".join(broken[:40])


def shown(form: hostile.Form) -> dict[str, str]:
    """What says which questions were on a page stays true, or nothing else is read."""
    return {name: value for name, value in form.fields if name.endswith(("-shown", "-revision")) or name in ("kind", "piece")}


def post(house, who, form, url, data):
    browser = house.client(who, raise_request_exception=False)
    body = {key: text.encode("utf-8", "replace").decode() for key, text in data.items()}
    target = form.action or url
    if form.method != "post":
        body = {key: text[:2000] for key, text in body.items()}
        return browser.get(target.partition("?")[0], body)
    return undone(lambda: browser.post(target, body))


@pytest.mark.parametrize("who", VISITORS)
def test_each_field_alone_is_answered(house, who):
    """One field hostile among the others as they were: what a whole hostile form hides behind its first refusal."""
    broken = []
    for name, url, html in list(pages(house, who)):
        for form in own_forms(html):
            for field in dict.fromkeys(key for key, _ in form.fields if key not in KEPT):
                for kind in ("nul", "json", "digits that are none"):
                    data = {**dict(form.fields), **dict(form.buttons[:1]), field: hostile.VALUES[kind]}
                    response = post(house, who, form, url, data)
                    if response.status_code >= 500:
                        broken.append(f"{name}: {field} = {kind} → {response.status_code}")
    assert not broken, "\n".join(broken[:40])


@pytest.mark.parametrize("who", VISITORS)
def test_whatever_is_in_the_address_is_answered(house, who):
    broken = []
    values = [
        *(value for value in hostile.VALUES.values() if len(value) < 400),
        "0001-01-01T00:00:00+23:59_x",
        f"0001-01-01T00:00:00+23:59_{addresses.NOWHERE}",
    ]
    values += [f"9999-12-31T23:59:59-23:59_{addresses.NOWHERE}", f"2026-01-01T00:00:00_{addresses.NOWHERE}"]
    values += [f"9999-12-31_{addresses.NOWHERE}", "2026-01-01T00:00:00+00:00_\x00", "_"]
    for name, url, _html in list(pages(house, who)):
        for value in values:
            query = dict.fromkeys(PARAMETERS, value.encode("utf-8", "replace").decode())
            browser = house.client(who, raise_request_exception=False)
            response = browser.get(url.partition("?")[0], query)
            if of_ours(response):
                broken.append(f"{name} {value[:40]!r} → {response.status_code}")
    assert not broken, "\n".join(broken[:20])


PATHS = (
    "/agents/dossiers/{}/",
    "/agents/dossiers/{}/pieces/1/",
    "/agents/dossiers/{}/e-photo/photo/",
    "/agents/dossiers/1/e-photo/{}/",
    "/agents/dossiers/1/documents/{}.pdf",
    "/agents/tickets/{}/",
    "/agents/signatures/{}/",
    "/demandes/{}/",
    "/demandes/{}/confirmation/",
    "/demandes/1/pieces/{}/",
    "/demandes/brouillon/{}/",
    "/notifications/{}/",
    "/documents/{}.pdf",
    "/titres/{}/",
    "/titres/{}/documents.pdf",
    "/aide/{}/",
    "/compte/activer/{}/",
    "/compte/reinitialiser/{}/",
    "/agents/activer/{}/",
    "/demo/courriels/{}/",
)
PIECES = ("%00", "a%00b", "%ED%A0%80", "%FF", "..%2f..%2fetc%2fpasswd", "9" * 400, "-1", "%E2%80%AE", "٣" * 19, "%0d%0aX: y")


@pytest.mark.parametrize("who", VISITORS)
def test_whatever_is_in_the_path_is_answered(house, who):
    browser = house.client(who, raise_request_exception=False)
    broken = [
        f"{path} {piece}"
        for path in PATHS
        for piece in PIECES
        if (url := path.format(piece)) and (of_ours(browser.get(url)) or of_ours(browser.post(url)))
    ]
    assert not broken, "\n".join(broken)


def test_too_many_fields_are_refused_in_words(house):
    url = addresses.address("applicant:draft", house, "motive")
    for data in ({f"f{number}": "x" for number in range(10_000)}, {"care-0-x": "x" * 3_000_000}):
        body = "&".join(f"{key}={text}" for key, text in data.items())
        response = house.client("owner", raise_request_exception=False).post(
            url, body, content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code in (400, 413)
        assert "<h1" in response.content.decode()


def test_thousands_of_rows_are_bounded(house):
    """A repeated section takes no more rows than its definition says, whatever is sent."""
    draft = house.owner.draft
    url = addresses.address("applicant:draft", house, "motive")
    data = {f"children-{number}-shown": "birth_name" for number in range(900)}
    with transaction.atomic():
        assert house.client("owner").post(url, {**data, "action": "continue"}).status_code < 500
        assert draft.answers.filter(section="children").count() <= 20
        transaction.set_rollback(True)


def test_the_nasty_values_reach_the_pages():
    """The reader of forms finds the fields, or the tests above would test nothing."""
    (form,) = hostile.forms_of(
        "<form method=post action=/x><input name=a><select name=b><option></select><textarea name=c></textarea>"
        "<input type=file name=d><button name=e value=f></form>"
    )
    assert form == hostile.Form("/x", "post", [("a", "on"), ("b", ""), ("c", "")], ["d"], [("e", "f")])
