"""Several rows of the queue ticked and given at once, without a script."""

import pytest
from django.urls import reverse

from guichet.instruction import actions
from guichet.instruction.models import Review

pytestmark = pytest.mark.django_db
ADDRESS = "/agents/dossiers/confier/"


def holders(*applications):
    found = dict(Review.objects.values_list("application_id", "assigned_to__name"))
    return [found.get(application.pk) for application in applications]


def test_ticked_rows_are_given_and_refused_ones_named_on_the_same_page(world, browse, agent):
    one, two, decided = world.deposited(), world.deposited(), world.deposited(state="refused")
    actions.take_up(two, world.officers["decision_maker"])
    client = browse(agent)
    page = client.get("/agents/dossiers/?state=").content.decode()
    assert f'name="dossier" value="{one.number}"' in page and "Me confier les dossiers cochés" in page
    assert "Confier les dossiers cochés à" not in page  # a case officer gives to nobody else
    given = {"dossier": [one.number, two.number, decided.number], "me": "1", "filtres": "state=refused&q=Diallo"}
    sent = client.post(ADDRESS, given)
    assert sent["Location"] == "/agents/dossiers/?state=refused&q=Diallo"
    page = client.get(sent["Location"]).content.decode()
    assert "2 dossiers vous sont confiés." in page and f"Dossier {decided.number} : Votre poste" in page
    assert holders(one, two, decided) == [agent.name, agent.name, None]


def test_the_office_administrator_gives_to_a_colleague_or_to_nobody(world, browse, agent):
    chief, application = world.officers["office_administrator"], world.deposited()
    client = browse(chief)
    page = client.get("/agents/dossiers/").content.decode()
    assert "Confier les dossiers cochés à" in page and "Me confier" not in page
    assert f'value="{agent.pk}"' in page and str(world.elsewhere.pk) not in page
    client.post(ADDRESS, {"dossier": [application.number], "to": str(agent.pk)})
    assert holders(application) == [agent.name]
    client.post(ADDRESS, {"dossier": [application.number], "to": "personne"})
    assert holders(application) == [None]
    client.post(ADDRESS, {"dossier": [application.number], "to": str(agent.pk)})
    for colleague in ("", str(world.elsewhere.pk), "x"):
        page = client.post(ADDRESS, {"dossier": [application.number], "to": colleague}, follow=True).content.decode()
        assert "Choisissez à qui confier" in page
    assert holders(application) == [agent.name]


def test_nothing_ticked_is_told(world, browse, agent):
    world.deposited()
    assert "Cochez d&#x27;abord" in browse(agent).post(ADDRESS, {"me": "1"}, follow=True).content.decode()


def test_posts_that_give_nothing_see_no_box_and_are_refused(world, browse):
    application = world.deposited()
    for role in ("reception", "national_administrator"):
        client = browse(world.officers[role])
        assert 'name="dossier"' not in client.get("/agents/dossiers/").content.decode()
        for given in ({"me": "1"}, {"to": "personne"}):
            assert client.post(ADDRESS, {"dossier": [application.number], **given}).status_code == 403
    assert holders(application) == [None]


def test_one_is_led_to_the_queue_only_whatever_is_sent(world, browse, agent):
    sent = browse(agent).post(ADDRESS, {"me": "1", "filtres": "//evil.example/?next=https://evil.example"})
    assert sent["Location"].startswith(f"{reverse('officer:queue')}?")
    assert browse(agent).get(ADDRESS)["Location"] == reverse("officer:queue")
