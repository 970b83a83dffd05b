"""The officers' pages for everyone: axe, 320 pixels, the keyboard alone, with and without JavaScript."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from guichet.core import clock, storage
from guichet.files.models import StoredFile
from guichet.instruction import actions
from guichet.instruction.actions import AskedItem
from guichet.support.actions import hand_over, open_blocked_creation, open_ticket
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.instruction import world as worlds
from tests.web_officer.conftest import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASONS = "L'article L423-22 demande une prise en charge avant seize ans ; elle date ici de dix-sept ans."


def paper(name, words):
    """A picture that looks like a sheet of paper."""
    picture = Image.new("RGB", (840, 1188), "white")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((40, 40, 800, 1148), outline="black", width=3)
    for line in range(20):
        drawing.text((80, 90 + line * 50), f"{words} {line + 1}", fill="black")
    written = io.BytesIO()
    picture.save(written, "PNG")
    content = written.getvalue()
    return StoredFile.objects.create(
        name=name,
        content_type="image/png",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        key=storage.keep(content, folder="files", suffix=".png"),
    )


@pytest.fixture
def scene(transactional_db):
    """Applications in several states, a proposal to sign, a ticket, mails."""
    world = worlds.build(two_hands=True)
    agent = world.officers["case_officer"]
    world.deposited(birth_name="Nguyen", first_names="Minh Anh")
    reviewed = world.deposited(birth_name="Traore", first_names="Awa")
    actions.take_up(reviewed, agent)
    actions.give_verdict(reviewed, agent, "nationality", 0, "accepted")
    actions.give_verdict(reviewed, agent, "home", 0, "rejected", "too_old", "La facture date de plus de six mois.")
    actions.add_note(reviewed, agent, "La structure confirme l'adresse par téléphone.")
    answered = world.deposited(birth_name="Costa", first_names="Beatriz")
    actions.take_up(answered, agent)
    request = actions.request_complement(
        answered,
        agent,
        [AskedItem("home", 0, "", "too_old", "Moins de six mois."), AskedItem(label="Bulletin scolaire")],
        "Merci de compléter votre demande.",
    )
    account = answered.filed_by
    actions.open_complement_request(request, account)
    home, extra = request.items.all()
    actions.add_answer_file(request, home, paper("nouvelle-facture.png", "Facture de novembre"), account)
    actions.answer_item(request, home, "update", "", "Voici la dernière facture.", account)
    actions.answer_item(request, extra, "keep", "L'année n'a pas commencé.", "", account)
    actions.send_answers(request, account)
    proposed = world.deposited(birth_name="Silva", first_names="Joao")
    actions.take_up(proposed, agent)
    proposal = actions.propose_decision(
        proposed,
        agent,
        "favourable",
        permit_kind="Carte de séjour temporaire",
        permit_mention="Vie privée et familiale",
        valid_from=clock.today(),
        valid_until=clock.today() + timedelta(days=364),
        tax_cents=5000,
    )
    ticket = open_ticket(
        kind="contact", email="awa@example.org", message="Je n'arrive pas à ouvrir le courriel.", language="fr",
        name="Awa Traore", office=world.office,
    )  # fmt: skip
    blocked = open_blocked_creation(
        "number",
        {"foreigner_number": "5903007194", "last_name": "Madavan", "first_names": "Arun", "birth_date": "2007"},
        "arun@example.org",
        "fr",
        why="mismatch",
        office=world.office,
        page="/compte/creer/numero-etranger/",
    )
    hand_over(
        open_ticket(kind="contact", email="b@example.org", message="?", language="fr", office=world.other_office),
        by=world.officers["national_administrator"],
        to=world.office,
        reason="La personne habite ici.",
    )
    world.extra = {"blocked": blocked, "reviewed": reviewed, "answered": answered, "proposal": proposal, "ticket": ticket}
    return world


@pytest.fixture
def as_officer(open_page, site, scene):
    """``as_officer(role, path, phone=…, javascript=…, language=…)``: a page, the officer signed in."""

    def make(role, path, **kind):
        page = open_page(reverse("officer:sign_in"), **kind)
        client = browser_of(scene.officers[role].account)
        page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
        answer = page.goto(path)
        assert answer.status == 200, (path, answer.status)
        return page

    return make


def pages(scene):
    """Who looks at what."""
    reviewed, answered = scene.extra["reviewed"].number, scene.extra["answered"].number
    decision = reverse("officer:decision", args=[reviewed])
    return [
        ("case_officer", reverse("officer:home")),
        ("case_officer", reverse("officer:queue")),
        ("case_officer", reverse("officer:queue") + "?q=personne"),
        ("case_officer", reverse("officer:review", args=[reviewed]) + "?piece=home-0"),
        ("case_officer", reverse("officer:review", args=[answered]) + "?piece=home-0"),
        ("office_administrator", reverse("officer:review", args=[reviewed])),
        ("case_officer", reverse("officer:complement", args=[reviewed])),
        ("case_officer", decision),
        ("case_officer", f"{decision}?sens=favourable"),
        ("case_officer", f"{decision}?sens=refusal"),
        ("decision_maker", reverse("officer:signatures")),
        ("decision_maker", reverse("officer:signature", args=[scene.extra["proposal"].pk])),
        ("reception", reverse("officer:tickets")),
        ("reception", reverse("officer:ticket", args=[scene.extra["ticket"].number])),
        ("national_administrator", reverse("officer:tickets") + "?etat=answered"),
        *(
            ("office_administrator", reverse(f"officer:{name}", args=[scene.extra["blocked"].number]))
            for name in ("ticket", "ticket_identity", "ticket_convoke", "ticket_hand_over")
        ),
        ("office_administrator", reverse("officer:queue")),
        ("office_administrator", reverse("officer:state")),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_accessible_and_fits_a_narrow_window(as_officer, scene, language):
    for role, path in pages(scene):
        page = as_officer(role, path, language=language)
        assert_accessible(page)
        assert_fits(page)
        page.context.close()


def test_every_page_is_accessible_on_a_phone_without_javascript(as_officer, scene):
    for role, path in pages(scene):
        page = as_officer(role, path, phone=True, javascript=False)
        assert page.locator("h1").count() == 1, path
        assert_fits(page)
        page.context.close()


def test_the_review_is_worked_by_the_keyboard_alone(as_officer, scene):
    page = as_officer("case_officer", reverse("officer:review", args=[scene.extra["answered"].number]))
    assert_keyboard(page)


def test_errors_and_previews_are_accessible(as_officer, scene):
    reviewed = scene.extra["reviewed"].number
    page = as_officer("case_officer", reverse("officer:review", args=[reviewed]) + "?piece=home-0")
    page.get_by_label("Raison du refus").select_option("")
    page.get_by_role("button", name="Refuser").click()
    assert page.locator("#erreurs").is_visible()
    assert_accessible(page)

    page.goto(reverse("officer:complement", args=[reviewed]))
    page.get_by_label("Raison").first.select_option("")
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    assert page.locator("#erreurs").is_visible()
    assert_accessible(page)
    page.get_by_label("Raison").first.select_option("too_old")
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    page.get_by_role("heading", name="Relire la demande de complément").wait_for()
    assert_accessible(page)
    assert_fits(page)

    page.goto(reverse("officer:decision", args=[reviewed]) + "?sens=refusal")
    page.get_by_label("Motivation").fill(REASONS)
    page.get_by_role("button", name="Relire avant de confirmer").click()
    page.get_by_role("heading", name="Relire la décision").wait_for()
    assert_accessible(page)
    assert_fits(page)


def test_a_blocked_account_is_judged_and_its_link_sent(as_officer, scene):
    address = reverse("officer:ticket_identity", args=[scene.extra["blocked"].number])
    page = as_officer("case_officer", address, javascript=False)
    page.get_by_role("button", name="Comparer").click()
    assert "MADHAVAN" in page.locator("main").inner_text()
    page.get_by_role("button", name="Envoyer le lien d'activation").click()
    assert_fits(page)
    page.get_by_label("Comment avez-vous vérifié").select_option("papers")
    page.get_by_role("button", name="Envoyer le lien d'activation").click()
    assert "Lien d'activation envoyé" in page.locator("main").inner_text()
    page.context.close()
    page = as_officer("case_officer", address)
    page.get_by_role("button", name="Comparer").click()
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_queue_to_a_sent_complement(as_officer, scene, javascript):
    page = as_officer("case_officer", reverse("officer:home"), javascript=javascript)
    page.get_by_label("Chercher un dossier").fill("traore")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name=scene.extra["reviewed"].number).click()
    page.get_by_role("link", name="Demander un complément").click()
    page.get_by_label("Nom du document").first.fill("Bulletin scolaire")
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    assert "Bulletin scolaire" in page.locator(".officer-letter").inner_text()
    page.get_by_role("button", name="Envoyer la demande de complément").click()
    assert "La demande de complément est envoyée" in page.locator(".guichet-flash").inner_text()
    assert page.get_by_text("Pas encore ouvert par la personne").is_visible()
