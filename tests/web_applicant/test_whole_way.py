"""From start to deposit, through the pages, without JavaScript."""

import pytest
from django.urls import reverse

from guichet.applications.models import Application, State
from tests.web_applicant import world

pytestmark = pytest.mark.django_db


def test_an_adult_goes_from_the_first_step_to_the_confirmation_and_its_pdf(at_home):
    client, person = at_home
    draft = world.deposited(client, person)
    confirmation = client.get(reverse("applicant:confirmation", args=[draft.number]))
    assert draft.number in world.text_of(confirmation)
    pdf = client.get(next(word for word in confirmation.content.decode().split('"') if word.endswith(".pdf")))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert draft.state == State.DEPOSITED and Application.objects.count() == 1
