"""From «for whom» to the procedure, by links alone."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.certificates.contents import DocumentList
from guichet.core import clock
from guichet.procedures.definition import Audience, Definition
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.queries import current, definition_of, orientation
from guichet.web.public.motives import FOR_WHOM, HOLDING
from guichet.web.public.procedures import document_list_data, parts

ASE = '/titres/ase/"'


@pytest.mark.parametrize("for_whom", [choice.code for choice in FOR_WHOM])
@pytest.mark.parametrize("holding", ["numero", "rien"])
def test_three_choices_lead_to_the_procedure(visitor, catalogue, for_whom, holding):
    page = visitor.get("/titres/").content.decode()
    assert f'href="?pour={for_whom}"' in page
    page = visitor.get(f"/titres/?pour={for_whom}").content.decode()
    assert f'href="?pour={for_whom}&amp;situation={holding}"' in page
    page = visitor.get(f"/titres/?pour={for_whom}&situation={holding}").content.decode()
    assert ASE in page
    assert visitor.get("/titres/ase/").status_code == 200


def test_what_does_not_fit_the_answers_is_closed_and_says_so(visitor, ase, monkeypatch):
    narrow = ase.model_copy(update={"audience": Audience(for_whom=("self",), holding=("permit",))})
    monkeypatch.setattr("guichet.web.public.orientation.procedures.definition_of", lambda published: narrow)
    page = visitor.get("/titres/?pour=moi&situation=visa").content.decode()
    assert ASE not in page and str(orientation().not_for_you).replace("'", "&#x27;") in page
    assert ASE in visitor.get("/titres/?pour=moi&situation=titre").content.decode()


def test_motives_without_a_procedure_are_greyed(visitor, catalogue):
    page = visitor.get("/titres/?pour=moi&situation=numero").content.decode()
    closed = sum(1 for family in orientation().families for motive in family.motives if not motive.procedure)
    assert page.count("guichet-motive--closed") == closed


def test_a_procedure_that_is_no_longer_open_is_greyed_and_not_found(visitor, catalogue):
    today = clock.today()
    PublishedProcedure.objects.filter(slug="ase").update(effective_until=today.replace(year=today.year - 1))
    assert ASE not in visitor.get("/titres/?pour=moi&situation=numero").content.decode()
    assert visitor.get("/titres/ase/").status_code == 404
    assert visitor.get("/titres/ase/documents.pdf").status_code == 404


@pytest.mark.parametrize("query", ["pour=x", "pour=moi&situation=x", "situation=numero", "pour=moi&pour=x"])
def test_a_broken_address_asks_the_question_again(visitor, catalogue, query):
    response = visitor.get(f"/titres/?{query}")
    assert response.status_code == 200 and "guichet-tiles" in response.content.decode()


def test_each_answer_can_be_changed(visitor, catalogue):
    page = visitor.get("/titres/?pour=moi&situation=numero").content.decode()
    assert 'href="/titres/"' in page and re.search(r'href="\?pour=moi&(amp;)?"', page)


def test_every_audience_of_the_language_has_its_choice():
    from typing import get_args

    def codes(name: str) -> set[str]:
        return set(get_args(get_args(Audience.model_fields[name].annotation)[0]))

    assert {choice.meaning for choice in FOR_WHOM} == codes("for_whom")
    assert {choice.meaning for choice in HOLDING} == codes("holding")


@pytest.fixture
def ase(catalogue) -> Definition:
    return definition_of(current("ase"))


def test_the_preamble_shows_what_the_definition_says(visitor, ase):
    page = visitor.get("/titres/ase/").content.decode()
    shown = re.sub(r"\s+", " ", page).replace("&#x27;", "'").replace("&quot;", '"')
    for step in ase.steps:
        assert step.title.fr in shown
    for part in parts(ase):
        for document in part.documents:
            assert document.label.fr in shown
    for article in ase.legal_basis:
        assert article in shown


def test_every_document_that_can_be_asked_for_is_listed_once(ase):
    listed = [document.label for part in parts(ase) for document in part.documents]
    asked = [
        section.title for step in ase.steps for section in step.sections if any(f.type == "ephoto" for f in section.fields)
    ]
    asked += [document.label for document in ase.documents if not document.cases]
    asked += [item.label for document in ase.documents for case in document.cases for item in case.documents]
    assert sorted(map(str, listed)) == sorted(map(str, asked)) and len(listed) > 5


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_of_documents_is_a_pdf_in_the_language_of_the_page(visitor, ase, language):
    import pikepdf

    response = visitor.get("/titres/ase/documents.pdf", headers={"accept-language": language})
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    import io

    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert str(pdf.Root.Lang).startswith(language) and len(pdf.pages) >= 1


def test_the_data_of_the_list_say_all_in_both_languages(ase):
    content = DocumentList.model_validate(document_list_data(ase))
    printed = [document for section in content.sections for document in section.documents]
    assert len(printed) == sum(len(part.documents) for part in parts(ase))
    conditional = [document for document in ase.documents if document.when and not document.cases]
    helps = {document.label.fr: document.help for document in printed}
    for document in conditional:
        situation = document.situation
        assert helps[document.label.fr].fr.startswith(situation.fr if situation else "Selon votre situation")
        assert helps[document.label.fr].en.startswith(situation.en if situation else "Depending on your situation")


def test_the_list_says_what_each_document_is_who_brings_it_and_how_recent(visitor, ase):
    """«Proof of identity» alone tells nobody to look for a birth certificate."""
    said = html.unescape(visitor.get("/titres/ase/").content.decode())
    sections = DocumentList.model_validate(document_list_data(ase)).sections
    printed = [
        f"{document.help.fr} {kind.fr}" for section in sections for document in section.documents for kind in document.any_of
    ]
    printed += [document.help.fr for section in sections for document in section.documents]
    for words in (
        "Acte de naissance : copie intégrale, ou extrait avec filiation",
        "Une lettre datée et signée, qui donne le nom et la qualité de la personne.",
        "Mineur non émancipé",
        "Mineur émancipé",
        "Il est écrit sur la planche que vous a remise le photographe",
        "En foyer ou en famille d'accueil, la structure ou la famille signe cette attestation.",
        "moins de 6 mois",
    ):
        assert words in said, words
        assert any(words in line for line in printed), words
    assert "Certificat de nationalité, daté de moins de 6 mois" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", said))


def test_a_visitor_is_led_to_an_account_and_back(visitor, ase):
    page = visitor.get("/titres/ase/").content.decode()
    back = "next=%2Fdemandes%2Fcommencer%2F%3Fprocedure%3Dase"
    assert f"{reverse('account:sign_in')}?{back}" in page and f"{reverse('account:create')}?{back}" in page
    assert "<form" not in page


def test_an_applicant_starts_by_a_button(ase):
    account = Account.objects.create(identifier="5903007192", email="a@example.org", display_name="A")
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="guichet.accounts.backends.IdentifierBackend")
    page = client.get("/titres/ase/").content.decode()
    assert f'method="post" action="{reverse("applicant:start")}"' in page
    assert '<input type="hidden" name="procedure" value="ase">' in page
