"""Every registry down at once: nobody loses what they typed, each page says what to do, and one goes on to the deposit."""

import pytest
from django.urls import reverse

from guichet.applications import queries
from guichet.applications.models import Application, State
from guichet.permits.actions import refresh
from guichet.procedures.loader import load_catalogue
from guichet.registries.queries import NAMES, states
from tests.web_applicant import world
from tests.web_applicant.world import EPHOTO, IDENTITY, a_picture, errors, send, step_url, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_registry_down(settings):
    """Real addresses where nobody answers: the connection itself is refused."""
    settings.REGISTRIES = {name: {"url": "http://127.0.0.1:1/nobody", "token": "t"} for name in NAMES}
    settings.REGISTRY_TIMEOUT_SECONDS = 1.0
    assert not any(state.reachable for state in states())


def test_an_application_is_filled_in_and_deposited(at_home):
    client, person = at_home
    draft = world.start(client, person)
    first = step_url(draft, "personal_information")
    searched = send(client, first, {**IDENTITY, "address-0-home_text": "20 rue nat"}, press="search:address-0-home")
    assert "Saisissez votre adresse à la main" in text_of(searched)
    assert "06 12 34 56 78" in searched.content.decode(), "the rest of the page is kept"
    assert send(client, first, IDENTITY).url.endswith("/motive/")
    assert send(client, step_url(draft, "motive"), world.motive(person)).url.endswith("/documents/")

    documents = step_url(draft, "documents")
    send(client, documents, {"case-home": "own_home"}, press="update")
    files = {f"file-{asked.id}-{asked.row}": a_picture() for asked in queries.evaluation(draft).requirements()}
    asked = send(client, documents, {"ephoto": EPHOTO}, press="confirm_ephoto")
    assert "ne répond pas" in text_of(asked) and f'value="{EPHOTO}"' in asked.content.decode()
    sent = send(client, documents, {"ephoto": EPHOTO, **files})
    if sent.status_code == 200:  # told once more that the photo will be checked later
        assert "ne répond pas" in text_of(sent)
    assert len(draft.documents.all()) == len(files), "a registry that is down loses no file"

    assert client.get(step_url(draft, "deposit")).status_code == 200
    deposited = send(client, step_url(draft, "deposit"), press="deposit")
    assert deposited.status_code == 302, errors(deposited)
    draft.refresh_from_db()
    assert draft.state == State.DEPOSITED
    assert client.get(reverse("applicant:confirmation", args=[draft.number])).status_code == 200


@pytest.mark.parametrize("slug", sorted({loaded.definition.procedure for loaded in load_catalogue()}))
def test_every_procedure_begins_and_keeps_what_is_typed_even_not_yet_valid(at_home, slug):
    client, person = at_home
    begun = client.post(reverse("applicant:start"), {"procedure": slug, "person": str(person.pk), "choosing": "1"})
    assert begun.status_code == 302, errors(begun)
    draft = Application.objects.get(state=State.DRAFT)
    url = step_url(draft, draft.current_step)
    form = world.fields(client.get(url), action=url)
    texts = [name for name in form if name.endswith(("phone", "_street", "email"))]
    assert texts, "the first step asks for something"
    typed = {name: f"pas fini {rank}" for rank, name in enumerate(texts)}
    send(client, url, typed, press="quit")
    back = client.get(url).content.decode()
    assert all(f'value="{word}"' in back for word in typed.values())


def test_what_is_held_stays_as_it_was_known(at_home):
    _, person = at_home
    assert refresh(person) is False
    person.refresh_from_db()
    assert person.birth_name == "NGUYEN"
