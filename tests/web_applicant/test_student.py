"""What a student's application adds to a draft: rows that add up, documents that come back with an answer, a ticked recap."""

import re

import pytest

from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.core import clock
from guichet.permits.models import ResidencePermit
from guichet.procedures.queries import current
from tests.contracts.filing import a_file, filled, ticked
from tests.web_applicant import world
from tests.web_applicant.world import fields, send, step_url, text_of, three

pytestmark = pytest.mark.django_db


@pytest.fixture
def student(db):
    world.a_world()
    account, person = world.a_person(birth=world.born(22))
    return world.signed_in(account), account, person


@pytest.fixture
def draft(student):
    _client, account, person = student
    return actions.start_draft(account, person, current("student_renewal"))


@pytest.fixture
def full(student):
    """A draft with nothing missing, and the address of its recap."""
    _client, account, person = student
    draft = filled(account, person, current("student_renewal"))
    return draft, step_url(draft, "deposit")


def a_resource(row, kind, amount):
    return {f"resources-{row}-kind": kind, f"resources-{row}-amount": amount}


# Totals


def test_the_total_is_told_and_below_the_threshold_it_warns_without_blocking(student, draft):
    client = student[0]
    url = step_url(draft, "resources")
    assert "a changé" not in text_of(client.get(url)), "a row offered by the page is no change"
    short = {**a_resource(0, "parents", "400,50"), "guarantor-0-has_one": "no", "work-0-works": "no"}
    page = client.post(url, {**fields(client.get(url), action=url), **short, "action": "preview"})
    said = text_of(page)
    assert "Total par mois : 400,50 €" in said
    assert "inférieur à 615 € par mois" in said and "pris en compte dans l'examen" in said
    send(client, url, short, press="add:resources")
    enough = {
        **short,
        **a_resource(1, "job", "214,50"),
        "statements": ["respects_principles", "not_polygamous", "knows_penalties"],
    }
    said = text_of(client.post(url, {**fields(client.get(url), action=url), **enough, "action": "preview"}))
    assert "Total par mois : 615,00 €" in said and "inférieur à" not in said
    poor = {**enough, **a_resource(1, "job", "1")}
    onward = send(client, url, poor)
    assert onward.status_code == 302 and onward.url.endswith("/documents/"), world.errors(onward)


def test_long_lists_are_unfolded_under_headings(student, draft):
    page = student[0].get(step_url(draft, "resources")).content.decode()
    assert '<optgroup label="Bourse">' in page and '<optgroup label="Travail">' in page


# The permit held


def test_the_permit_known_to_the_registry_is_read_and_its_end_says_when_to_apply(student, draft):
    client, _account, person = student
    ResidencePermit.objects.create(
        person=person,
        number="A1B2C3D4E",
        kind="temporary_card",
        reason="student",
        valid_from=clock.today().replace(year=clock.today().year - 1),
        valid_until=clock.today().replace(year=clock.today().year + 1),
        origin="agdref",
    )
    page = client.get(step_url(draft, "personal_information"))
    said = text_of(page)
    assert "A1B2C3D4E" in said and "Carte de séjour temporaire" in said and "Étudiant" in said
    assert "Lu dans les registres de l'État" in said
    assert 'name="permit_held-0-number"' not in page.content.decode()
    assert "C'est tôt" in said
    changed = send(client, step_url(draft, "personal_information"), {"permit_held-0-number": "FORGED"}, press="quit")
    assert changed.status_code == 302
    again = Application.objects.get(pk=draft.pk)
    assert queries.evaluation(again).raw("permit_held", "number") == "A1B2C3D4E"


def test_a_permit_that_no_registry_knows_is_filled_in(student, draft):
    client = student[0]
    url = step_url(draft, "personal_information")
    typed = {
        "permit_held-0-number": "b2 c3",
        "permit_held-0-kind": "temporary_card",
        **three("permit_held-0-valid_from", "2025-12-01"),
        **three("permit_held-0-valid_until", "2026-11-01"),
    }
    assert send(client, url, typed, press="quit").status_code == 302
    assert "Votre titre n'est plus valable" in text_of(client.get(url))


# Documents that follow the answers


def test_files_wait_for_the_answer_that_asks_for_them_and_come_back_with_it(student, full):
    client, account, _person = student
    draft, _recap = full
    stored = queries.answers(draft)["past_year", 0]
    answers = {**stored.payload, "result": "waiting", "same_level_before": None, "explanation": None}
    actions.save_section(draft, "past_year", 0, answers, {}, stored.revision, account)
    asked = {each.id for each in queries.evaluation(draft).requirements()}
    assert "attendance" in asked and "results" not in asked
    if not any(document.requirement == "attendance" for document in queries.documents(draft)):
        give(draft, account, "attendance")
    before = {document.requirement: document.file_id for document in queries.documents(draft)}

    say(draft, account, "past_year", {"result": "passed"})
    give(draft, account, "results")
    page = text_of(client.get(step_url(draft, "documents")))
    assert "gardé" in page and "attendance.pdf" in page
    say(draft, account, "past_year", {"result": "waiting"})
    after = {document.requirement: document.file_id for document in queries.documents(draft)}
    assert after["attendance"] == before["attendance"]
    assert queries.evaluation(draft).missing({(each.requirement, each.row): 1 for each in queries.documents(draft)}) == []

    ticked(draft, account)
    deposited = actions.deposit(draft, account)
    kept = {each["requirement"] for each in queries.snapshot(deposited).content["documents"]}
    assert "attendance" in kept and "results" not in kept
    assert "results" not in {document.requirement for document in queries.documents(deposited)}


def test_files_of_a_case_wait_while_another_case_is_chosen(student, full):
    client, account, _person = student
    draft, _recap = full
    url = step_url(draft, "documents")
    send(client, url, {"case-home": "hosted"}, press="update")
    for name in ("home__host_statement", "home__host_identity"):
        if name not in {document.requirement for document in queries.documents(draft)}:
            give(draft, account, name)
    mine = {document.requirement: document.pk for document in queries.documents(draft)}
    send(client, url, {"case-home": "hotel"}, press="update")
    assert "home__host_statement" not in {each.id for each in queries.evaluation(draft).requirements()}
    assert "host_statement.pdf" in text_of(client.get(url))
    send(client, url, {"case-home": "hosted"}, press="update")
    assert {document.requirement: document.pk for document in queries.documents(draft)}.items() >= mine.items()


def say(draft, account, section, answers):
    stored = queries.answers(draft)[section, 0]
    actions.save_section(draft, section, 0, answers, {}, stored.revision, account)


def give(draft, account, requirement):
    actions.add_document(draft, requirement, 0, a_file(account, requirement), account)


# The recap that is ticked


def boxes(page):
    """The values of the boxes, and those that are ticked."""
    html = page.content.decode()
    every = re.findall(r'<input type="checkbox" id="(check-[^"]+)" name="checked" value="([^"]+)"([^>]*)>', html)
    return {value: "checked" in rest for _id, value, rest in every}


def test_nothing_is_deposited_until_everything_is_ticked_and_the_page_names_what_remains(student, full):
    client = student[0]
    draft, recap = full
    page = client.get(recap)
    assert "Valider et transmettre ma demande" in text_of(page) and "Déposer la demande" not in text_of(page)
    every = boxes(page)
    assert len(every) > 30 and not any(every.values())
    refused = client.get(send(client, recap, press="deposit").url.partition("#")[0])
    said = text_of(refused)
    assert "À vérifier et à cocher : État civil" in said and "À vérifier et à cocher : Justificatifs – État civil" in said
    assert 'href="#check-answer-civil_status-0-birth_name"' in refused.content.decode()
    almost = [value for value in every if not value.startswith("answer.contact.0.phone|")]
    refused = client.get(send(client, recap, {"checked": almost}, press="deposit").url)
    assert text_of(refused).count("À vérifier et à cocher") == 1
    assert "À vérifier et à cocher dans « Contact » : Téléphone." in text_of(refused)
    assert boxes(refused) == {value: value in almost for value in every}
    done = send(client, recap, {"checked": list(every)}, press="deposit")
    draft.refresh_from_db()
    assert done.status_code == 302 and draft.number
    assert len(queries.snapshot(draft).content["checked"]) == len(every)


def test_an_edited_answer_and_a_changed_file_untick_themselves_and_nothing_else(student, full):
    client, account, _person = student
    draft, recap = full
    every = boxes(client.get(recap))
    send(client, recap, {"checked": list(every)}, press="quit")
    say(draft, account, "contact", {"phone": "+33699999999"})
    document = next(each for each in queries.documents(draft) if each.requirement == "passport")
    actions.remove_document(draft, document.pk, account)
    give(draft, account, "passport")
    left = [value.partition("|")[0] for value, is_ticked in boxes(client.get(recap)).items() if not is_ticked]
    assert left == ["answer.contact.0.phone", "document.passport.0"]


def test_a_page_that_showed_an_older_answer_ticks_nothing(student, full):
    client, account, _person = student
    draft, recap = full
    older = boxes(client.get(recap))
    form = fields(client.get(recap), action=recap)
    say(draft, account, "contact", {"phone": "+33699999999"})
    client.post(recap, {**form, "checked": list(older), "action": "check"})
    left = [value for value, is_ticked in boxes(client.get(recap)).items() if not is_ticked]
    assert [value.partition("|")[0] for value in left] == ["answer.contact.0.phone"]


def test_a_part_is_ticked_at_once_and_ticks_are_kept_by_every_button(student, full):
    client = student[0]
    draft, recap = full
    back = send(client, recap, press="check_all:civil_status-0")
    assert back.url == f"{recap}#recap-civil_status-0"
    ticked = [value for value, is_ticked in boxes(client.get(recap)).items() if is_ticked]
    assert ticked and all(value.startswith("answer.civil_status.0.") for value in ticked)
    away = send(client, recap, {"checked": ticked[:1]}, press="edit:resources:section-resources")
    assert away.url == f"{step_url(draft, 'resources')}#section-resources"
    assert [value for value, is_ticked in boxes(client.get(recap)).items() if is_ticked] == ticked[:1]
    elsewhere = send(client, recap, press="edit:nowhere://evil.example")
    assert elsewhere.url == recap
    quiet = client.post(
        recap,
        {**fields(client.get(recap), action=recap), "checked": ticked, "action": "check"},
        headers={"X-Requested-With": "fetch"},
    )
    assert quiet.status_code == 204
    assert [value for value, is_ticked in boxes(client.get(recap)).items() if is_ticked] == ticked


def test_what_is_not_a_tick_is_not_kept(student, full):
    client, _account, _person = student
    draft, recap = full
    form = fields(client.get(recap), action=recap)
    phone = "answer.contact.0.phone"
    for told in (
        "p anything|0123456789abcdef",
        f"p answer.{'x' * 200}|0123456789abcdef",
        "p answer.a.0.b|short",
        "nonsense",
        "p answer.gone.0.field|0123456789abcdef",  # of no question: thousands of them would be kept
        "p answer.a\x00b|0123456789abcdef",
        f"p {phone}|0123456789abcde\x00",
        f"p {phone}|0123456789ABCDEF",
    ):
        client.post(recap, {**form, "shown": told, "checked": told.partition(" ")[2], "action": "check"})
    assert ("checked", 0) not in queries.answers(draft)
