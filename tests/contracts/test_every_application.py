"""Every procedure of the catalogue, filed: its recap and its snapshot hold every answer, its receipt says what was asked.

Drafts are made through the doors of the rooms, pages read as a browser without JavaScript receives them, in both languages.
"""

import html
import re

import pytest
from django.urls import reverse
from django.utils import translation

from guichet.applications import actions, queries
from guichet.applications.errors import NotReady
from guichet.certificates import queries as certificates
from guichet.procedures import values
from guichet.procedures.definition import CHECKED_SECTION
from guichet.procedures.loader import load_catalogue
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.queries import current
from tests.contracts.filing import filled, ticked
from tests.journeys.world import text_of as text_of_pdf
from tests.web_applicant import world
from tests.web_applicant.world import step_url

pytestmark = pytest.mark.django_db

SLUGS = sorted({loaded.definition.procedure for loaded in load_catalogue()})


def words_of(response) -> str:
    """The words of a page, on one line, its entities resolved."""
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def filed(db):
    """``filed(slug)``: somebody's client, and their draft of that procedure with nothing missing."""
    world.a_world()

    def file(slug):
        account, person = world.a_person(birth=world.born(24, 30), birth_place="Hue")
        return world.signed_in(account), filled(account, person, current(slug)), account

    return file


@pytest.mark.parametrize("slug", SLUGS)
def test_recap_snapshot_and_receipt_hold_every_answer(filed, slug):
    client, draft, account = filed(slug)
    evaluation = queries.evaluation(draft)
    recap = next(step for step in evaluation.definition.steps if step.kind == "recap")
    for language in ("fr", "en"):
        client.cookies["django_language"] = language
        read = words_of(client.get(step_url(draft, recap.id), {"lang": language}))
        with translation.override(language):
            for label, said in shown(evaluation):
                assert label in read, (language, label)
                assert said in read, (language, label, said)
            for asked in evaluation.requirements():
                assert " ".join(str(asked.label).split()) in read, (language, asked.id)
    entries = queries.to_check(evaluation, queries.documents(draft))
    assert bool(entries) == recap.tick_each
    if recap.tick_each:
        with pytest.raises(NotReady) as refused:
            actions.deposit(draft, account)
        assert {each.section for each in refused.value.missing} == {CHECKED_SECTION}
        assert len(refused.value.missing) == len(entries)
    deposited = actions.deposit(ticked(draft, account), account)
    content = queries.snapshot(deposited).content
    assert content["answers"] == evaluation.deposited_answers()
    assert {each["requirement"] for each in content["documents"]} == {
        document.requirement for document in queries.documents(deposited)
    }
    receipt = text_of_pdf(the_receipt(deposited))
    address = evaluation.raw(evaluation.definition.office_address.section, evaluation.definition.office_address.id)
    for said in (deposited.number, "NGUYEN", address["street"], deposited.office.name, person_number(deposited)):
        assert said in receipt, said
    confirmation = client.get(reverse("applicant:confirmation", args=[deposited.number]))
    assert confirmation.status_code == 200


def shown(evaluation):
    """Every answer given, as (label, words)."""
    for step in evaluation.definition.steps:
        for section in evaluation.visible_sections(step.id):
            for row in range(len(evaluation.rows(section.id))) if section.repeat else [None]:
                for field in evaluation.visible_fields(section.id, row):
                    value = evaluation.raw(section.id, field.id, row)
                    if value is not None:
                        yield (
                            " ".join(str(field.label).split()),
                            " ".join(str(values.display(field, value)).split()),
                        )


def the_receipt(application) -> bytes:
    documents = certificates.documents_of(("application", str(application.pk)))
    return certificates.pdf(documents.get(kind="deposit_receipt"))


def person_number(application) -> str:
    return application.person.foreigner_number


def test_the_catalogue_published_is_the_catalogue_walked(filed):
    assert sorted(set(PublishedProcedure.objects.values_list("slug", flat=True))) == SLUGS
