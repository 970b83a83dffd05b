"""Somebody whose slot the office withdrew chooses another one in a browser: on a phone without JavaScript, on a desktop."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from guichet.appointments import actions, queries
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.appointments import world

pytestmark = pytest.mark.browser
KINDS = pytest.mark.parametrize(
    "kind", [{}, {"phone": True, "language": "en", "javascript": False}], ids=["desktop", "bare phone"]
)


@pytest.fixture
def told(transactional_db):
    cache.clear()
    type = world.a_type(world.an_agenda(slot_minutes=180))
    asked = world.ask(type, queries.first_free(type))
    day = queries.booking_of(asked.pk).starts_at_local.date()
    actions.close_days(type.office, day, day, by=world.OFFICER, displace=True, reason="Grève.")
    return queries.booking_of(asked.pk)


def judge(page, kind):
    if kind.get("javascript", True):  # axe is a script
        assert_accessible(page)
    assert_fits(page)


@KINDS
def test_from_the_mail_to_another_slot(open_page, told, kind):
    page = open_page(f"/rdv/demande/{world.token(told)}/", **kind)
    judge(page, kind)
    near = queries.nearest_free(told.type, told.slot.starts_at)[0]
    with page.expect_navigation():
        page.locator(f"a[href*='plage={near.pk}#']").click()
    page.wait_for_load_state("load")
    judge(page, kind)
    take = "Take this slot" if kind else "Prendre cette plage"
    with page.expect_navigation():
        page.get_by_role("button", name=take).locator("visible=true").first.click()
    page.wait_for_load_state("load")
    expect(page.get_by_role("button", name="Confirm my appointment" if kind else "Confirmer mon rendez-vous")).to_be_visible()
    assert queries.booking_of(told.pk).slot_id == near.pk
    judge(page, kind)
