"""Every type of question a definition may ask is drawn, read, kept when wrong, and read again in the recap."""

import pytest

from guichet.applications import actions, queries
from guichet.core import clock
from guichet.procedures.definition import definition_from
from guichet.procedures.models import PublishedProcedure
from tests.web_applicant import world
from tests.web_applicant.world import send, step_url, text_of, three

pytestmark = pytest.mark.django_db


def text(french):
    return {"fr": french, "en": f"{french} (en)"}


def options(count):
    return [{"id": f"o{number}", "label": text(f"Option {number}")} for number in range(count)]


def field(name, kind, **more):
    return {"id": name, "section": "all", "type": kind, "label": text(f"Question {name}"), "required": False, **more}


FIELDS = [
    field("word", "text", max_length=20),
    field("story", "long_text"),
    field("agreed", "yes_no"),
    field("few", "choice", options=options(3)),
    field("many", "choice", options=options(9)),
    field("several", "choices", options=options(4)),
    field("day", "date"),
    field("born", "date", partial=True),
    field("land", "country"),
    field("nation", "nationality"),
    field("place", "address", decides_office=True),
    field("mail", "email"),
    field("call", "phone"),
    field("sum", "money"),
    field("count", "integer", min=0, max=50),
    field("school", "institution"),
]

CONTENT = {
    "procedure": "everything",
    "version": "2026-01",
    "title": text("Tous les types"),
    "summary": text("Pour les essais."),
    "legal_basis": ["CESEDA L423-22"],
    "audience": {"for_whom": ["self"], "holding": ["nothing"]},
    "grants": [
        {
            "permit": "card",
            "permit_label": text("Carte"),
            "mention": "none",
            "mention_label": text("Mention"),
            "lasts": "1 year",
        }
    ],
    "silence_refuses": [{"after": "4 months", "legal_basis": ["CESEDA R432-1"]}],
    "steps": [
        {"id": "one", "title": text("Étape"), "sections": [{"id": "all", "title": text("Tout"), "fields": FIELDS}]},
        {"id": "recap", "title": text("Dépôt"), "kind": "recap"},
        {"id": "end", "title": text("Fin"), "kind": "confirmation"},
    ],
}

TYPED = {
    "all-0-word": "  Đặng  Minh ",
    "all-0-story": "Une ligne\nDeux lignes",
    "all-0-agreed": "no",
    "all-0-few": "o1",
    "all-0-many": "o8",
    "all-0-several": ["o0", "o3"],
    **three("all-0-day", "2024-02-29"),
    "all-0-born_year": "2007",
    "all-0-born_unknown": "1",
    "all-0-land": "VN",
    "all-0-nation": "VN",
    "all-0-place_street": "place Bellecour",
    "all-0-place_house_number": "1",
    "all-0-place_postal_code": "69002",
    "all-0-place_city": "Lyon",
    "all-0-mail": "anh@example.org",
    "all-0-call": "0612345678",
    "all-0-sum": "1 234,50 €",
    "all-0-count": "3",
    "all-0-school": "Lycée Faidherbe",
}


@pytest.fixture
def filled_in(at_home):
    client, person = at_home
    definition = definition_from(CONTENT)
    published = PublishedProcedure.objects.create(
        slug="everything",
        version="2026-01",
        digest=definition.digest,
        content=definition.content(),
        effective_from=clock.today(),
    )
    account = person.representations.get().account
    return client, actions.start_draft(account, person, published)


def test_every_type_is_read_as_its_answer(filled_in):
    client, draft = filled_in
    url = step_url(draft, "one")
    saved = send(client, url, TYPED)
    assert saved.status_code == 302, world.errors(saved)
    payload = queries.answers(draft)["all", 0].payload
    place = payload.pop("place")
    assert place["insee_code"] == "69123" and place["country"] == "FR"
    assert payload == {
        "word": "Đặng Minh",
        "story": "Une ligne\nDeux lignes",
        "agreed": False,
        "few": "o1",
        "many": "o8",
        "several": ["o0", "o3"],
        "day": "2024-02-29",
        "born": "2007",
        "land": "VN",
        "nation": "VN",
        "mail": "anh@example.org",
        "call": "+33612345678",
        "sum": 123450,
        "count": 3,
        "school": "Lycée Faidherbe",
    }
    words = text_of(client.get(step_url(draft, "recap")))
    for said in ("Option 8", "29 février 2024", "2007 (jour et mois inconnus)", "Vietnamienne", "69002 Lyon", "50 €"):
        assert said in words, said


def test_an_answer_goes_back_into_its_boxes_and_out_again(filled_in):
    client, draft = filled_in
    url = step_url(draft, "one")
    send(client, url, TYPED, press="quit")
    before = queries.answers(draft)["all", 0]
    send(client, url, press="quit")  # the page as it is drawn, unchanged
    after = queries.answers(draft)["all", 0]
    assert after.payload == before.payload and after.typed == before.typed == {}


WRONG = {
    "all-0-word": "x" * 21,
    **three("all-0-day", "2023-02-29"),
    "all-0-place_street": "rue sans ville",
    "all-0-mail": "anh@",
    "all-0-call": "12",
    "all-0-sum": "beaucoup",
    "all-0-count": "51",
}


def test_what_is_wrong_is_kept_as_typed_and_told_beside_each_question(filled_in):
    client, draft = filled_in
    url = step_url(draft, "one")
    page = send(client, url, WRONG)
    assert page.status_code == 200
    for name in ("word", "day_day", "place", "mail", "call", "sum", "count"):
        assert f'href="#id_all-0-{name}' in page.content.decode(), name
    kept = queries.answers(draft)["all", 0]
    assert kept.payload == {} and set(kept.typed) == {"word", "day", "place", "mail", "call", "sum", "count"}
    again = client.get(url).content.decode()
    for value in ("anh@", "beaucoup", "rue sans ville", "51"):
        assert f'value="{value}"' in again
    mended = send(client, url, TYPED)
    assert mended.status_code == 302 and queries.answers(draft)["all", 0].typed == {}


def test_a_question_left_empty_is_emptied(filled_in):
    client, draft = filled_in
    url = step_url(draft, "one")
    send(client, url, TYPED, press="quit")
    cleared = {name: ([] if name == "all-0-several" else "") for name in TYPED} | {"all-0-few": None, "all-0-agreed": None}
    cleared["all-0-born_unknown"] = None
    send(client, url, {**cleared, "all-0-place_insee_code": "", "all-0-place_text": ""}, press="quit")
    assert queries.answers(draft)["all", 0].payload == {}


def test_names_of_institutions_are_proposed_and_any_other_may_be_written(filled_in):
    client, draft = filled_in
    url = step_url(draft, "one")
    page = client.get(url).content.decode()
    assert 'list="id_all-0-school-names"' in page and '<datalist id="id_all-0-school-names">' in page
    assert '<option value="Université Jean-Monnet">' in page
    assert send(client, url, {"all-0-school": "Lycée d'ailleurs"}, press="quit").status_code == 302
    assert queries.answers(draft)["all", 0].payload["school"] == "Lycée d'ailleurs"
