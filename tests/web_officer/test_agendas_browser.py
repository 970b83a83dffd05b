"""The set-up pages for everyone: axe, 320 pixels, the keyboard alone, each state of each page."""

from datetime import timedelta

import pytest

from guichet.appointments import actions, queries
from guichet.core import clock
from guichet.core.events import SYSTEM
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.appointments import world as appointments
from tests.instruction import world as worlds
from tests.web_officer.conftest import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/agents/agendas/"
AGENDA = f"{HOME}essai/agenda/guichet/"
TYPE = f"{HOME}essai/rendez-vous/admission/"
CLOSURES = f"{HOME}essai/fermetures/"
TO_MOVE = f"{HOME}essai/a-deplacer/"
PAGES = [HOME, AGENDA, f"{HOME}essai/ouvrir/", TYPE, f"{HOME}essai/rendez-vous/", CLOSURES, TO_MOVE]
READ = [HOME, AGENDA, TYPE, CLOSURES, TO_MOVE]


@pytest.fixture
def scene(transactional_db):
    """An agenda with a booked slot, a reserved share, a type and a closure."""
    world = worlds.build()
    reserved = actions.Hours(0, *(appointments.WEEKDAYS[0].opens, appointments.WEEKDAYS[0].closes), 1, "associations")
    agenda = appointments.an_agenda(world.office, hours=(*appointments.WEEKDAYS, reserved))
    type = appointments.a_type(agenda)
    world.extra = {"asked": appointments.ask(type, queries.first_free(type))}
    day = clock.today() + timedelta(days=90)
    actions.close_days(world.office, day, day, by=SYSTEM, reason="Travaux.")
    return world


@pytest.fixture
def visit(open_page, site, scene):
    """``visit(path, role=…, **kind)``: a page, the officer signed in."""

    def make(path, role="office_administrator", **kind):
        page = open_page("/agents/connexion/", **kind)
        client = browser_of(scene.officers[role].account)
        page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
        answer = page.goto(path)
        assert answer.status == 200, (path, answer.status)
        return page

    return make


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_accessible_and_fits_a_narrow_window(visit, language):
    for role, paths in (("office_administrator", PAGES), ("reception", READ)):
        for path in paths:
            page = visit(path, role, language=language)
            assert_accessible(page)
            assert_fits(page)
            page.context.close()


@pytest.mark.parametrize("path", PAGES[1:])
def test_the_forms_are_filled_in_by_the_keyboard_alone(visit, path):
    assert_keyboard(visit(path))


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).locator("visible=true").first.click()
    page.wait_for_load_state("load")


def judge(page):
    assert_accessible(page)
    assert_fits(page)


def test_a_preview_its_conflicts_and_its_errors_are_for_everyone(visit, scene):
    page = visit(AGENDA)
    press(page, "Prévisualiser")
    page.get_by_role("heading", name="Ce que cela fera").wait_for()
    judge(page)
    for day in range(5):
        page.locator(f"[name='h{day}-0-opens']").fill("14:00")
        page.locator(f"[name='h{day}-0-closes']").fill("16:00")
    press(page, "Prévisualiser")
    page.get_by_role("heading", name="Les personnes concernées").wait_for()
    judge(page)
    page.locator("[name='h0-0-closes']").fill("8h")
    page.locator("[name=desks]").fill("")
    press(page, "Prévisualiser")
    assert page.locator("#erreurs a").count() == 2
    judge(page)


def test_closing_and_writing_a_type_wrongly_are_for_everyone(visit, scene):
    page = visit(CLOSURES)
    day = queries.booking_of(scene.extra["asked"].pk).starts_at_local.date()
    for part in ("day", "month", "year"):
        page.locator(f"[name=first_day_{part}]").fill(str(getattr(day, part)))
    press(page, "Voir qui est concerné")
    page.get_by_role("heading", name="Les personnes concernées").wait_for()
    judge(page)
    page.locator("[name=first_day_day]").fill("")
    press(page, "Voir qui est concerné")
    assert page.locator("#erreurs").is_visible()
    judge(page)
    page.goto(TYPE)
    page.locator("[name=name_en]").fill("")
    press(page, "Enregistrer le rendez-vous")
    assert page.locator("#erreurs").is_visible()
    judge(page)


def test_enter_previews_and_never_adds_a_line_nor_saves(visit, scene):
    page = visit(AGENDA, javascript=False)
    with page.expect_navigation():
        page.locator("[name=slot_minutes]").press("Enter")
    page.get_by_role("heading", name="Ce que cela fera").wait_for()
    assert page.locator("[name='h0-2-opens']").count() == 0


def test_an_agenda_that_closes_asks_where_its_people_go_and_who_is_to_move_is_listed_for_everyone(visit, scene):
    page = visit(AGENDA)
    page.locator("label[for=id_active]").click()
    press(page, "Prévisualiser")
    where = page.get_by_label("où vont ces personnes")
    judge(page)
    press(page, "Enregistrer et prévenir 1 personne")
    assert page.locator("#erreurs a").count() == 1
    judge(page)
    where.select_option("bureau")
    press(page, "Enregistrer et prévenir 1 personne")
    page.goto(TO_MOVE)
    page.get_by_text("À appeler").wait_for()
    judge(page)


def test_only_what_the_chosen_rule_asks_is_shown(visit, scene):
    page = visit(AGENDA)
    days, weeks = page.locator("[name=days]"), page.locator("[name=weeks]")
    assert days.is_visible() and not weeks.is_visible()
    page.locator("label", has_text="Chaque semaine : toute").click()
    assert weeks.is_visible() and not days.is_visible()
    returns = page.locator("[name='h1-0-returns_hours']")
    assert not returns.is_visible()
    page.locator("[name='h1-0-pool']").select_option("associations")
    assert returns.is_visible()
