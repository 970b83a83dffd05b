"""Lost links in a real browser: from the page where a request is found to the mail and back, on a phone without JavaScript and
on a desktop; and the empty week of who is on the waiting list already."""

import pytest
from playwright.sync_api import expect

from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_booking.test_waiting_browser import KINDS, TYPED, base_of, is_at, judge, pass_check, send
from tests.web_booking.test_waiting_browser import taken as taken  # a fixture

pytestmark = pytest.mark.browser


@KINDS
def test_from_the_lost_mail_to_the_appointment(open_page, taken, kind):
    page = open_page("/rdv/", **kind)
    page.locator("main a[href='/rdv/gerer/']").click()
    is_at(page, "/rdv/gerer/")
    judge(page, kind, "find")
    send(page)  # nothing was typed
    is_at(page, "/rdv/gerer/liens/")
    expect(page.locator("#erreurs")).to_be_visible()
    judge(page, kind, "links-errors")
    page.fill("#liens_email", taken.email.upper())
    send(page)
    is_at(page, "/rdv/gerer/liens/controle/")
    pass_check(page, kind, "links")
    is_at(page, "/rdv/gerer/liens/envoyes/")
    judge(page, kind, "links-sent")
    body = OutboxMessage.objects.get(template="appointment_links").body
    assert f"/rdv/demande/{world.token(taken)}/" in body
    page = open_page(f"/rdv/demande/{world.token(taken)}/", **kind)
    is_at(page, "/rdv/demande/")
    expect(page.get_by_text(taken.reference)).to_be_visible()


@KINDS
def test_nothing_free_for_who_is_on_the_list(open_page, taken, kind):
    page = open_page(base_of(taken), **kind)
    page.check("[name=accepted]", force=True)
    send(page)
    is_at(page, "/descriptif/")
    page.locator("main a[href$='/attente/']").click()
    is_at(page, "/attente/")
    for name, value in {**TYPED, "phone": "06 12 34 56 78"}.items():
        page.fill(f"[name={name}]", value)
    send(page)
    is_at(page, "/attente/controle/")
    pass_check(page, kind, "already")
    is_at(page, "/attente/inscrit/")
    root = page.url.partition("/rdv/")[0]
    for path in ("descriptif/", "creneaux/", "attente/"):
        page.goto(f"{root}{base_of(taken)}{path}")
        judge(page, kind, f"already-{path[:-1]}")
        expect(page.locator("main a[href='/rdv/gerer/liens/']")).to_be_visible()
    expect(page.locator("main form").first).to_be_visible()
