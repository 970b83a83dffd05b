"""From «for whom» to the procedure, by links alone."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.certificates.contents import DocumentList
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.messaging.actions import announce
from guichet.procedures.definition import Audience, Definition
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.orientation import Walk
from guichet.procedures.queries import current, definition_of, orientation
from guichet.web.public.procedures import document_list_data, parts

ASE = '/titres/ase/"'
REASON = "/titres/?pour=moi&situation=numero"
MENTION = "/titres/?pour=moi&situation=titre&demande=continuer&titre=talent&papier=visa"


def links(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page)]


@pytest.mark.parametrize("for_whom", ["moi", "mineur"])
@pytest.mark.parametrize("holding", ["numero", "rien"])
def test_three_choices_lead_to_the_procedure(visitor, catalogue, for_whom, holding):
    assert f"?pour={for_whom}" in links(visitor.get("/titres/").content.decode())
    page = visitor.get(f"/titres/?pour={for_whom}").content.decode()
    assert f"?pour={for_whom}&situation={holding}" in links(page)
    page = visitor.get(f"/titres/?pour={for_whom}&situation={holding}").content.decode()
    assert ASE in page
    assert visitor.get("/titres/ase/").status_code == 200


def test_every_way_of_the_tree_is_walked_by_its_links_alone(visitor, catalogue):
    """Every link leads to the next question or to a procedure; nobody meets a dead end without a reason."""
    waiting, seen, reached = ["/titres/"], set(), set()
    while waiting:
        address = waiting.pop()
        page = visitor.get(address)
        assert page.status_code == 200, address
        content = page.content.decode()
        main = content[content.index("<main") : content.index("</main>")]
        onward = [link for link in links(main) if link.startswith("?") and "demander" not in link]
        ends = {link for link in links(main) if re.fullmatch(r"/titres/\w+/(\?choix=[\w.]+)?", link)}
        reached |= ends
        assert onward or ends or "<optgroup" in main or "guichet-tile--closed" in main or "guichet-motive--closed" in main, (
            address
        )
        new = {f"/titres/{link}" for link in onward} - seen
        seen |= new
        waiting += sorted(new)
    leads = {
        way[-1].answer.procedure
        for way in orientation().ways()
        for walk in [Walk(way, None)]
        if current(way[-1].answer.procedure or "x")
        and walk.for_whom in definition_of(current(way[-1].answer.procedure)).audience.for_whom
        and walk.holding in definition_of(current(way[-1].answer.procedure)).audience.holding
    }
    carried = {one.procedure for question in orientation().questions for one in question.answers if one.carry}
    assert {link.split("/")[2] for link in reached} | carried == leads


def test_the_menu_leads_to_the_procedure_with_the_mention(visitor, catalogue):
    page = visitor.get(MENTION).content.decode()
    for name, value in (("pour", "moi"), ("situation", "titre"), ("papier", "visa")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert page.count("<optgroup") >= 5
    chosen = visitor.get(f"{MENTION}&mention=carte_bleue")
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/titres/talent/?choix=talent_mention.carte_bleue")


def test_a_menu_sent_without_an_answer_says_so(visitor, catalogue):
    page = visitor.get(f"{MENTION}&mention=").content.decode()
    assert "Choisissez une réponse dans la liste." in page and 'aria-invalid="true"' in page
    assert "Choisissez une réponse dans la liste." not in visitor.get(MENTION).content.decode()


def test_a_choice_goes_with_the_person_to_the_account_and_to_the_draft(visitor, catalogue):
    page = html.unescape(visitor.get("/titres/talent/?choix=talent_mention.carte_bleue").content.decode())
    assert "carte bleue" in page
    assert "procedure%3Dtalent%26choix%3Dtalent_mention.carte_bleue" in page
    for wrong in ("reason.ase", "talent_mention.x", "x", "<script>"):
        page = visitor.get("/titres/talent/", {"choix": wrong}).content.decode()
        assert "Votre choix" not in page and "choix%3D" not in page


def test_what_does_not_fit_the_answers_is_closed_and_says_so(visitor, catalogue):
    page = html.unescape(visitor.get("/titres/?pour=moi&situation=visa").content.decode())
    assert ASE not in page and str(orientation().not_for_you) in page
    assert ASE in visitor.get(REASON).content.decode()


def test_an_answer_without_a_procedure_is_greyed_and_its_address_asks_again(visitor, catalogue):
    page = visitor.get(REASON).content.decode()
    without = [one for one in orientation().question("reason").answers if not one.procedure and not one.then]
    assert page.count("guichet-motive--closed") >= len(without) > 0
    again = visitor.get(f"{REASON}&motif={without[0].id}")
    assert again.status_code == 200 and "guichet-motive--closed" in again.content.decode()


def test_a_procedure_that_is_no_longer_open_is_greyed_and_not_found(visitor, catalogue):
    today = clock.today()
    PublishedProcedure.objects.filter(slug="ase").update(effective_until=today.replace(year=today.year - 1))
    assert ASE not in visitor.get(REASON).content.decode()
    assert visitor.get(f"{REASON}&motif=ase").status_code == 200
    assert visitor.get("/titres/ase/").status_code == 404
    assert visitor.get("/titres/ase/documents.pdf").status_code == 404


@pytest.mark.parametrize("query", ["pour=x", "pour=moi&situation=x", "situation=numero", "pour=x&pour=y"])
def test_a_broken_address_asks_the_question_again(visitor, catalogue, query):
    response = visitor.get(f"/titres/?{query}")
    assert response.status_code == 200 and "guichet-tiles" in response.content.decode()


def test_each_answer_can_be_changed(visitor, catalogue):
    found = links(visitor.get(f"{REASON}").content.decode())
    assert "/titres/" in found and "?pour=moi" in found


def test_the_tile_of_changes_opens_on_the_changes(visitor, catalogue):
    (tile,) = [link for link in links(visitor.get("/").content.decode()) if "demande=changement" in link]
    page = html.unescape(visitor.get(tile).content.decode())
    assert orientation().question("change").title.fr in page
    for answer in orientation().question("change").answers:
        assert answer.title.fr.replace("'", "’") in page.replace("'", "’")


def test_the_announcement_of_the_day_is_at_the_top_in_the_language_of_the_page(visitor, catalogue):
    announce(
        text_fr="Les étudiants déposent ici.", text_en="Students apply here.", level="info",
        first_day=clock.today(), last_day=clock.today(), by=SYSTEM,
    )  # fmt: skip
    for address in ("/", "/titres/"):
        assert "Les étudiants déposent ici." in visitor.get(address).content.decode()
        assert "Students apply here." in visitor.get(address, headers={"accept-language": "en"}).content.decode()
    assert "Les étudiants déposent ici." not in visitor.get("/aide/").content.decode()


def test_every_audience_of_the_language_has_its_answer():
    from typing import get_args

    def codes(name: str) -> set[str]:
        return set(get_args(get_args(Audience.model_fields[name].annotation)[0]))

    answers = [answer for question in orientation().questions for answer in question.answers]
    assert {answer.for_whom for answer in answers} - {None} == codes("for_whom")
    assert {answer.holding for answer in answers} - {None} == codes("holding")


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
    assert "Certificat de nationalité, de moins de 6 mois" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", said))


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
