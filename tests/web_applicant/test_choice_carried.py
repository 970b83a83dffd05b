"""What was chosen before beginning is already answered in the draft, and can be changed."""

import re

import pytest
from django.urls import reverse

from guichet.applications import queries
from guichet.applications.models import Application
from guichet.procedures.queries import orientation
from tests.web_applicant.world import errors, step_url

pytestmark = pytest.mark.django_db


def begin(client, person, **more):
    sent = {"procedure": "talent", "person": str(person.pk), "choosing": "1", **more}
    response = client.post(reverse("applicant:start"), sent)
    assert response.status_code == 302, errors(response)
    return Application.objects.get(pk=re.search(r"brouillon/([0-9a-f-]+)/", response.url)[1])


@pytest.mark.parametrize("answer", orientation().question("talent_mention").answers, ids=lambda answer: answer.id)
def test_every_mention_chosen_is_the_one_of_the_draft(at_home, answer):
    client, person = at_home
    draft = begin(client, person, choix=f"talent_mention.{answer.id}")
    assert queries.answers(draft)["talent", 0].payload == {"mention": answer.carry["talent.mention"]}
    page = client.get(step_url(draft, "motive")).content.decode()
    assert re.search(rf'<option value="{answer.carry["talent.mention"]}"[^>]*selected', page)


def test_the_page_that_offers_to_start_keeps_the_choice(at_home):
    client, _ = at_home
    page = client.get(reverse("applicant:start"), {"procedure": "talent", "choix": "talent_mention.carte_bleue"})
    assert '<input type="hidden" name="choix" value="talent_mention.carte_bleue">' in page.content.decode()


@pytest.mark.parametrize("choice", ["", "x", "talent_mention.x", "reason.ase", "talent_mention.carte_bleue.y", "\x00"])
def test_a_choice_that_means_nothing_here_is_left_out(at_home, choice):
    client, person = at_home
    assert ("talent", 0) not in queries.answers(begin(client, person, choix=choice))


def test_a_choice_of_another_procedure_is_left_out(at_home):
    client, person = at_home
    draft = begin(client, person, procedure="student", choix="talent_mention.carte_bleue")
    assert draft.procedure.slug == "student" and ("talent", 0) not in queries.answers(draft)


def test_a_double_click_is_one_draft_and_another_mention_another(at_home):
    client, person = at_home
    first = begin(client, person, choix="talent_mention.carte_bleue")
    assert begin(client, person, choix="talent_mention.carte_bleue") == first
    assert begin(client, person, choix="talent_mention.chercheur") != first
    assert Application.objects.count() == 2
