"""The pages of a favourable decision that grants no permit: nothing of a permit is asked, shown or printed."""

import pytest
from django.urls import reverse

from guichet.instruction import actions
from guichet.instruction.models import Decision
from tests.instruction import world as worlds

PERMIT = ("permit_kind", "permit_mention", "valid_from", "valid_until", "tax_cents", "allows_schengen")


@pytest.fixture
def declared(world, agent):
    application = worlds.declaring(world).deposited()
    actions.take_up(application, agent)
    return application


def test_the_choice_and_the_form_speak_of_no_permit(declared, agent, browse):
    address = reverse("officer:decision", args=[declared.number])
    choice = browse(agent).get(address).content.decode()
    assert "en attendant la carte" not in choice
    form = browse(agent).get(address + "?sens=favourable").content.decode()
    assert worlds.OUTCOME["fr"] in form
    assert not [name for name in PERMIT if f'name="{name}' in form]


def test_from_the_form_to_the_letter(declared, agent, browse):
    client, address = browse(agent), reverse("officer:decision", args=[declared.number])
    preview = client.post(address, {"kind": "favourable", "action": "preview"}).content.decode()
    assert worlds.OUTCOME["fr"] in preview and "Confirmer la décision" in preview
    assert "Schengen" not in preview and "Taxes" not in preview
    letter = client.post(reverse("officer:decision_letter", args=[declared.number]), {"kind": "favourable"})
    assert letter.content.startswith(b"%PDF")
    assert not Decision.objects.exists()
    done = client.post(address, {"kind": "favourable", "action": "confirm"}, follow=True).content.decode()
    assert "La décision est prise" in done and "Lettre de décision favorable" in done
    assert Decision.objects.get().signed_by == agent


def test_the_second_hand_reads_the_outcome(two_hands_world, browse):
    world = worlds.declaring(two_hands_world)
    application = world.deposited()
    actions.take_up(application, world.officers["case_officer"])
    proposal = actions.propose_decision(application, world.officers["case_officer"], "favourable")
    page = browse(world.officers["decision_maker"]).get(reverse("officer:signature", args=[proposal.pk])).content.decode()
    assert worlds.OUTCOME["fr"] in page and "Schengen" not in page
