"""What a person reads of a favourable decision that grants no permit: what changes, and nothing of a card."""

import pytest
from django.test import Client
from django.urls import reverse

from guichet.instruction import actions
from guichet.messaging.models import Notification
from tests.instruction import world as worlds

pytestmark = pytest.mark.django_db


def test_the_decision_and_the_application_announce_no_card():
    world = worlds.build()
    application = worlds.declaring(world).deposited()
    agent = world.officers["case_officer"]
    actions.take_up(application, agent)
    decision = actions.propose_decision(application, agent, "favourable")
    actions.open_decision(decision, application.filed_by)
    client = Client()
    client.force_login(application.filed_by, backend="guichet.accounts.backends.IdentifierBackend")
    found = Notification.objects.get(kind="decision")
    page = client.get(reverse("applicant:notification", args=[found.pk])).content.decode()
    standing = client.get(reverse("applicant:application", args=[application.number])).content.decode()
    for said in (page, standing):
        assert worlds.OUTCOME["fr"] in said
        assert "fabriqué" not in said and "la carte sera prête" not in said
    assert "Schengen" not in page and "taxe" not in page.lower().split("<main", 1)[1].split("</main")[0]
    assert reverse("applicant:document", args=[decision.document_number]) in page
