"""A site adds a procedure of its own: one YAML file in a folder, no Python. It is found, filled in, deposited, and proved."""

import pytest

from guichet.applications.models import Application
from guichet.procedures.actions import publish_catalogue
from tests.journeys import world
from tests.journeys.driving import Applicant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NUMBER, EMAIL = "5903007192", "jeune@example.org"
PROCEDURE = """
procedure: beekeeper
version: "2026-10"
effective: {from: 2026-10-01}
title: {fr: "Titre de séjour « apiculteur »", en: "“Beekeeper” residence permit"}
summary: {fr: "Pour qui élève des abeilles en France.", en: "For those who keep bees in France."}
legal_basis: [Arrêté des ruches]
audience: {for_whom: [self], holding: [foreigner_number, nothing]}
grants:
  - when: bees.hives < 10
    permit: temporary_card
    permit_label: {fr: "Carte de séjour temporaire", en: "Temporary residence permit"}
    mention: beekeeper
    mention_label: {fr: "Apiculteur", en: "Beekeeper"}
    lasts: 1 year
  - when: bees.hives >= 10
    permit: multiannual_card
    permit_label: {fr: "Carte de séjour pluriannuelle", en: "Multi-annual residence permit"}
    mention: beekeeper
    mention_label: {fr: "Apiculteur", en: "Beekeeper"}
    lasts: 4 years
silence_refuses: {after: 4 months, legal_basis: [CESEDA R432-1]}
eligibility:
  - id: too_few
    when: bees.hives < 1
    level: block
    field: bees.hives
    message: {fr: "Il faut au moins une ruche.", en: "At least one hive is needed."}
    way_forward: {fr: "Revenez quand vous aurez une ruche.", en: "Come back once you have a hive."}
steps:
  - id: information
    title: {fr: "Informations", en: "Information"}
    sworn_statements: true
    sections:
      - use: civil_status
      - use: address
      - use: contact
      - id: bees
        title: {fr: "Ruches", en: "Hives"}
        fields:
          - {id: hives, type: integer, min: 0, max: 500, label: {fr: "Nombre de ruches", en: "Number of hives"}}
          - {id: sells, type: yes_no, label: {fr: "Vendez-vous le miel ?", en: "Do you sell the honey?"}}
          - {id: shop, type: text, show: bees.sells, label: {fr: "Où le vendez-vous ?", en: "Where do you sell it?"}}
  - id: documents
  - {id: deposit, tick_each: true, button: {fr: "Envoyer mon essaim", en: "Send my swarm"}}
  - id: confirmation
documents:
  - id: hive_record
    section: bees
    label: {fr: "Déclaration de ruches", en: "Hive record"}
  - id: sale
    section: bees
    when: bees.sells
    situation: {fr: "Vente de miel", en: "Sale of honey"}
    any_of: [tax_notice]
sworn_statements:
  - {id: everybody, items: [kind_to_bees, knows_penalties]}
kinds:
  hive_record:
    label: {fr: "Déclaration annuelle de ruches", en: "Yearly hive record"}
statement_items:
  kind_to_bees: {fr: "Je prends soin de mes abeilles.", en: "I take care of my bees."}
"""


@pytest.fixture
def site_with_its_own(settings, tmp_path, lille):
    folder = tmp_path / "beekeeper"
    folder.mkdir()
    (folder / "2026-10.yaml").write_text(PROCEDURE)
    settings.PROCEDURES_DIR = str(tmp_path)
    assert publish_catalogue().published == ("beekeeper 2026-10",)
    return lille


def test_a_procedure_added_by_a_file_is_walked_to_its_receipt(site_with_its_own, at):
    someone = Applicant(at("/", phone=True), NUMBER, EMAIL)
    someone.open_account()
    someone.go("/titres/beekeeper/")
    someone.reads("Pour qui élève des abeilles en France.")
    someone.reads("Carte de séjour pluriannuelle, Apiculteur")
    someone.press("Je commence ma demande")
    if "/commencer/" in someone.page.url:
        someone.press("Commencer")
    someone.is_at("**/information/**")
    someone.address("20 rue Nationale 59800 Lille")
    someone.page.locator("[name='contact-0-phone']").fill("03 20 00 00 00")
    someone.page.locator("[name='bees-0-hives']").fill("0")
    someone.choose("bees-0-sells", "yes")
    someone.page.locator("[name='bees-0-shop']").fill("Marché de Wazemmes")
    for box in someone.page.locator("[name=statements]").all():
        box.check(force=True)
    someone.next_step()
    someone.reads("Il faut au moins une ruche.")
    someone.page.go_back()
    someone.page.locator("[name='bees-0-hives']").fill("12")
    someone.next_step()
    someone.is_at("**/documents/**")
    assert set(someone.missing_pieces()) == {"hive_record-0", "sale-0"}
    someone.give_everything()
    someone.next_step()
    someone.is_at("**/deposit/**")
    someone.reads("Marché de Wazemmes")
    for box in someone.page.locator("[data-tick]").all():
        box.check(force=True)
    someone.page.get_by_role("button", name="Envoyer mon essaim").click()
    someone.is_at("**/confirmation/")
    application = Application.objects.select_related("procedure").get()
    assert (application.procedure.slug, application.office.slug) == ("beekeeper", "lille")
    world.deliver()
    receipt = world.attached_text(world.last_mail_to(EMAIL))
    assert str(application.number) in receipt and "apiculteur" in receipt
