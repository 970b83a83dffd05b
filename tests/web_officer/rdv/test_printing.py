"""What reception prints: black on white whatever the screen looks like, nothing of the site around it, no line cut in two."""

import io
import uuid

import pypdf
import pytest

from guichet.appointments import actions
from tests.appointments import world
from tests.contracts.world import an_officer
from tests.web_officer.conftest import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = 45  # more than a sheet holds
COLOURS = """() => [...document.querySelectorAll(".rdv-paper, .rdv-paper *")].map((one) => {
  const style = getComputedStyle(one);
  return `${style.color} on ${style.backgroundColor}`;
})"""


@pytest.fixture
def clock():
    """The machine's own: a browser is at the other end."""


@pytest.fixture
def booked(transactional_db, agenda, type):
    slot = world.a_slot(agenda, capacity=PEOPLE)
    for number in range(PEOPLE):
        given = world.details(last_name=f"Nom{number:02}", email="")
        actions.book_at_counter(world.OFFICER, type, slot.pk, given, request_key=uuid.uuid4())
    return slot.starts_at.astimezone(agenda.zone).date()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_list_is_printed_black_on_white_on_as_many_sheets_as_it_needs(booked, open_page, site, office, dark):
    page = open_page("/agents/connexion/", dark=dark)
    client = browser_of(an_officer("reception", office).account)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
    page.goto(f"/agents/rdv/liste/?jour={booked}")
    page.emulate_media(media="print", color_scheme="dark" if dark else "light")
    assert set(page.evaluate(COLOURS)) == {"rgb(0, 0, 0) on rgb(255, 255, 255)"}
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    texts = [" ".join(sheet.extract_text().split()) for sheet in sheets]
    assert len(texts) > 1 and all("Référence" in text for text in texts), "each sheet has the names of its columns"
    assert all(sum(f"Nom{number:02}" in text for text in texts) == 1 for number in range(PEOPLE))
    assert not any("Se déconnecter" in text or "Imprimez cette page" in text for text in texts)
