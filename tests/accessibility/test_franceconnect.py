"""The pages met on the way through FranceConnect, which only somebody on that way sees: axe, 320 pixels, the keyboard.

The pages of what stands for FranceConnect are judged too: visitors of the demonstration meet them.
"""

import pytest
from django.contrib.auth.hashers import make_password

from guichet.core import clock
from guichet.demo import franceconnect
from guichet.demo import world as demo_world
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.journeys import world
from tests.journeys.conftest import at, lille  # noqa: F401

pytest_plugins = ["tests.simulated_franceconnect"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def judge(page):
    assert_accessible(page)
    assert_fits(page)
    assert_keyboard(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_way_is_for_everyone(lille, simulated_franceconnect, at, language):  # noqa: F811
    demo_world.account_for(world.people.person(franceconnect.NUMBER), make_password("x"), clock.today())
    page = at(f"/compte/connexion/?lang={language}", language=language)
    judge(page)
    page.goto("/compte/creer/")
    judge(page)

    def send(number):
        page.locator("[name=foreigner_number]").fill(number)
        page.locator("main form .fr-btn").first.click()
        page.wait_for_load_state("load")

    def leave(button):
        page.goto("/compte/franceconnect/")
        page.locator(f"button[value='{button}']").click()

    page.goto("/compte/franceconnect/")
    judge(page)  # the chooser
    leave("deny")
    page.wait_for_url("**/echec/")
    judge(page)
    leave(franceconnect.DIFFERS)
    page.wait_for_url("**/identite/")
    judge(page)
    send("")
    judge(page)  # nothing was written
    send("5908002009")
    judge(page)  # the registry is down
    send(franceconnect.NUMBER)
    page.wait_for_url("**/ecart/")
    judge(page)
    leave(franceconnect.MATCHES)
    page.wait_for_url("**/identite/")
    send(franceconnect.NUMBER)
    page.wait_for_url("**/demandes/")
    page.goto("/compte/")
    judge(page)
    page.goto("/compte/deconnexion/")
    page.locator("main form button").click()
    page.wait_for_url("**/oauth2/end_session?**")
    judge(page)
