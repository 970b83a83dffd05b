"""From a motive to its procedure: every procedure is found, a closed motive says why."""

import shutil
from html import unescape

import pytest

from guichet.procedures import orientation, queries
from guichet.procedures.actions import publish_catalogue
from guichet.procedures.loader import CATALOGUE, load_catalogue
from guichet.procedures.source import DefinitionError


@pytest.fixture
def motives():
    return [motive for family in queries.orientation().families for motive in family.motives]


def test_every_procedure_of_the_catalogue_has_its_motive():
    procedures = {loaded.definition.procedure for loaded in load_catalogue()}
    assert orientation.problems_of(queries.orientation(), procedures) == []


def test_a_motive_that_leads_nowhere_and_a_procedure_without_motive_are_told():
    found = [problem.message for problem in orientation.problems_of(queries.orientation(), {"student"})]
    assert found == [
        "A motive leads to «ase», and there is no such procedure in the catalogue.",
        "Nothing leads to the procedure «student»: give it a motive.",
    ]


@pytest.mark.parametrize(
    ("for_whom", "holding", "is_open"),
    [
        ("self", "foreigner_number", True),
        ("minor", "nothing", True),
        ("self", "permit", False),
        ("minor", "visa", False),
    ],
)
def test_a_motive_is_open_to_those_its_procedure_is_written_for(motives, ase, for_whom, holding, is_open):
    motive = next(motive for motive in motives if motive.procedure == "ase")
    why = queries.orientation().closed_because(motive, ase, for_whom, holding)
    assert (why is None) == is_open


def test_a_motive_without_an_open_procedure_says_why(motives, ase):
    for motive in motives:
        why = queries.orientation().closed_because(motive, None, "self", "nothing")
        assert why.fr
        assert why.en


def test_a_mistake_is_told_with_its_place(tmp_path):
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    path = tmp_path / "catalogue" / "orientation.yaml"
    path.write_text(path.read_text().replace('    title: {fr: "Études", en: "Studies"}', '    title: {fr: "Études"}'))
    with pytest.raises(DefinitionError) as refused:
        orientation.orientation(tmp_path / "catalogue")
    [problem] = refused.value.problems
    assert (problem.position.file, problem.message) == ("orientation.yaml", "This text has no English: add «en: …».")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("fr", "Jeune confié à l'aide sociale"), ("en", "Young person entrusted")])
def test_the_page_shows_the_motives_of_the_catalogue_and_leads_to_the_procedure(client, language, title):
    publish_catalogue()
    open_page = client.get("/titres/", {"pour": "moi", "situation": "numero", "lang": language}, follow=True)
    html = unescape(open_page.content.decode())
    assert title in html
    assert 'href="/titres/ase/"' in html
    closed = client.get("/titres/", {"pour": "moi", "situation": "titre", "lang": language}, follow=True)
    html = unescape(closed.content.decode())
    assert 'href="/titres/ase/"' not in html
    assert queries.orientation().not_for_you.in_language(language) in html
    assert queries.orientation().not_yet.in_language(language) in html
