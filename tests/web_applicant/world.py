"""People, drafts and pages for the tests: the real procedure, filled in through its pages as a browser would."""

import io
import itertools
import re
from datetime import date, timedelta
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from guichet.accounts.models import Account, Officer, Person, Post, Representation
from guichet.applications import queries
from guichet.applications.models import Application
from guichet.core import clock
from guichet.core.dates import add_years
from guichet.offices.actions import load_offices
from guichet.offices.models import Office
from guichet.procedures.actions import publish_catalogue

numbers = itertools.count(1)
EPHOTO = "1234567890123456789012"


def born(years: int, days: int = 0) -> date:
    return add_years(clock.today(), -years) - timedelta(days=days)


def a_world() -> None:
    load_offices()
    publish_catalogue()


def a_person(account: Account | None = None, birth: date | None = None, **more) -> tuple[Account, Person]:
    """A person known to the registry, and an account that acts for them (a new one unless given)."""
    serial = next(numbers)
    person = Person.objects.create(
        **{
            "foreigner_number": f"59{serial:08}"[:10],
            "birth_name": "NGUYEN",
            "first_names": "Minh Anh",
            "sex": "F",
            "birth_date_text": str(birth or born(18, 90)),
            "birth_country": "VN",
            "birth_place": "Huế",
            "nationality": "VN",
            "origin": Person.Origin.REGISTRY,
            "frozen_at": clock.now(),
            **more,
        }
    )
    account = account or Account.objects.create(
        identifier=f"account-{serial}", email=f"person{serial}@example.org", display_name=person.display_name
    )
    Representation.objects.create(account=account, person=person)
    return account, person


def an_officer(office: Office, role: str = Post.Role.DECISION_MAKER) -> Officer:
    serial = next(numbers)
    account = Account.objects.create(
        identifier=f"officer-{serial}", email=f"officer{serial}@example.org", kind=Account.Kind.OFFICER
    )
    officer = Officer.objects.create(account=account, name=f"Officer {serial}")
    Post.objects.create(officer=officer, office=office, role=role)
    return officer


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guichet.accounts.backends.IdentifierBackend")
    return client


def a_picture(name: str = "passeport.jpg", size: tuple[int, int] = (60, 80), color: str = "white") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", size, color).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/jpeg")


class Form(HTMLParser):
    """The fields of a page's main form, as a browser would send them."""

    def __init__(self, html: str, containing: str = "") -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.actions: list[str] = []
        self.buttons: list[list[tuple[str, str]]] = []
        self._select: str | None = None
        self._option: str | None = None
        self._textarea: str | None = None
        self._text = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append([])
            self.buttons.append([])
            self.actions.append(given.get("action", ""))
            self._inside = True
        if not self._inside:
            return
        name = given.get("name")
        if tag == "input" and name and given.get("type") not in {"file", "submit"}:
            if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
                return
            silent = "on" if given.get("type") in {"radio", "checkbox"} else ""
            self.forms[-1].append((name, given.get("value") or silent))
        elif tag == "button" and name:
            self.buttons[-1].append((name, given.get("value", "")))
        elif tag == "select":
            self._select, self._option = name, None
        elif tag == "option" and self._select:
            if "selected" in given or self._option is None:
                self._option = given.get("value", "")
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            self.forms[-1].append((self._select, self._option or ""))
            self._select = None
        elif tag == "textarea" and self._textarea:
            self.forms[-1].append((self._textarea, self._text.removeprefix("\n")))
            self._textarea = None


def fields(response, marker: str = "csrfmiddlewaretoken", action: str = "") -> dict[str, list[str]]:
    """What the form that posts to ``action`` (an ending) holds."""
    parsed = Form(response.content.decode())
    for index, address in enumerate(parsed.actions):
        if (action and address.endswith(action)) or (not action and "data-live" and len(parsed.forms[index]) > 1):
            found: dict[str, list[str]] = {}
            for name, value in parsed.forms[index]:
                found.setdefault(name, []).append(value)
            return found
    raise AssertionError(f"no form to {action} among {parsed.actions}")


def send(client: Client, url: str, changes: dict | None = None, press: str = "continue", **more):
    """Opens a page, changes some fields of its form, and presses a button: what a browser without JavaScript sends."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    data = fields(page, action=url)
    for name, value in (changes or {}).items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value if isinstance(value, list) else [value]
    return client.post(url, {**data, "action": press}, **more)


def start(client: Client, person: Person) -> Application:
    response = client.post(reverse("applicant:start"), {"procedure": "ase", "person": str(person.pk), "choosing": "1"})
    assert response.status_code == 302, response.content.decode()
    pk = re.search(r"brouillon/([0-9a-f-]+)/", response.url)[1]
    return Application.objects.get(pk=pk)


def step_url(draft: Application, step: str) -> str:
    return reverse("applicant:draft", args=[draft.pk, step])


IDENTITY = {
    "address-0-home_text": "",
    "address-0-home_house_number": "20",
    "address-0-home_street": "rue Nationale",
    "address-0-home_postal_code": "59800",
    "address-0-home_city": "Lille",
    "contact-0-email": "anh@example.org",
    "contact-0-phone": "06 12 34 56 78",
}


def three(name: str, day: date | str) -> dict[str, str]:
    year, month, number = str(day).split("-")
    return {f"{name}_day": number, f"{name}_month": month, f"{name}_year": year}


def motive(person: Person, taken: date | None = None) -> dict[str, str | list[str]]:
    birth = person.birth_date.assumed()
    return {
        **three("care-0-taken_into_care_on", taken or add_years(birth, 15)),
        **three("family-0-entered_france_on", add_years(birth, 14)),
        "family-0-situation": "single",
        "family-0-children_in_charge": "no",
        "statements": ["not_polygamous", "knows_penalties"],
    }


def fill(client: Client, draft: Application) -> None:
    """The whole draft of an adult, through the pages, up to the recap."""
    one = send(client, step_url(draft, "personal_information"), IDENTITY)
    assert one.status_code == 302 and one.url.endswith("/motive/"), errors(one)
    two = send(client, step_url(draft, "motive"), motive(draft.person))
    assert two.status_code == 302 and two.url.endswith("/documents/"), errors(two)
    documents = step_url(draft, "documents")
    send(client, documents, {"case-home": "own_home"}, press="update")
    evaluation = queries.evaluation(draft)
    files = {f"file-{asked.id}-{asked.row}": a_picture(f"{asked.id}.jpg") for asked in evaluation.requirements()}
    sent = send(client, documents, {"ephoto": EPHOTO, **files})
    assert sent.status_code == 302 and sent.url.endswith("/deposit/"), errors(sent)


def deposited(client: Client, person: Person) -> Application:
    draft = start(client, person)
    fill(client, draft)
    response = send(client, step_url(draft, "deposit"), press="deposit")
    assert response.status_code == 302, errors(response)
    draft.refresh_from_db()
    assert draft.number
    return draft


def errors(response) -> str:
    """The messages of a page, to understand a failed test."""
    html = response.content.decode() if not response.streaming else ""
    return " | ".join(
        [
            str(response.status_code),
            getattr(response, "url", ""),
            *re.findall(r'fr-message--error[^>]*>([^<]+)<|<li><a href="#[^>]*>([^<]+)<', html).__str__().split("\n"),
        ]
    )


def text_of(response) -> str:
    """The words of a page, its tags left out."""
    html = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    words = re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").replace("&#x27;", "'").replace("&quot;", '"')
    return " ".join(words.split())
