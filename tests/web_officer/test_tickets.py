"""The help desk: who sees what, judging an identity, convoking, handing over; a blocked creation from end to end."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

import guichet.support
from guichet.accounts.models import Account
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from guichet.support import actions as support
from guichet.support.models import Convocation, Ticket
from guichet.web.officer import ticket_words

pytestmark = pytest.mark.django_db

NUMBER = "5903007194"  # MADHAVAN, a single name, in the simulated registry
CLAIM = {"foreigner_number": NUMBER, "last_name": "Madavan", "first_names": "Arun", "birth_date": "2007", "nationality": "IN"}
PASSWORD = "Une-Phrase-4-Moi!"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def blocked(office=None, **more):
    given = {"email": "arun@example.org", "language": "fr", "why": "mismatch", "office": office, **more}
    return support.open_blocked_creation("number", CLAIM, **given)


def at(name, ticket):
    return reverse(f"officer:{name}", args=[ticket.number])


def text_of(response):
    return response.content.decode().replace("&#x27;", "'")


def test_the_sheet_says_what_was_claimed_why_it_failed_and_what_was_done(world, browse, agent):
    ticket = blocked(world.office, page="/compte/creer/numero/")
    page = text_of(browse(agent).get(at("ticket", ticket)))
    for said in (
        "Compte bloqué, Créer un compte, me connecter",
        "/compte/creer/numero/",
        "Création par le numéro étranger",
        "ne correspondent pas",
        "Madavan",
        "Indienne",
        "Français",
        "Demande d'aide reçue",
        "Comparer avec le registre",
    ):
        assert said in page, said
    assert "Transmettre" not in page, "a case officer hands nothing over"


def test_what_was_claimed_is_read_beside_the_registry_and_the_link_leaves(world, browse, agent):
    ticket = blocked(world.office)
    client = browse(agent)
    first = text_of(client.get(at("ticket_identity", ticket)))
    assert f'value="{NUMBER}"' in first and "Dans AGDREF" not in first, "nothing is read before it is asked for"
    read = text_of(client.post(at("ticket_identity", ticket), {"action": "check", "identifier": NUMBER}))
    assert "MADHAVAN" in read and "Différent" in read and "Personne n'a encore de compte avec ce numéro" in read
    without = text_of(client.post(at("ticket_identity", ticket), {"action": "send_link", "identifier": NUMBER, "checked": ""}))
    assert "Dites comment l'identité de la personne a été vérifiée." in without and "MADHAVAN" in without
    sent = client.post(at("ticket_identity", ticket), {"action": "send_link", "identifier": NUMBER, "checked": "papers"})
    assert sent["Location"] == at("ticket", ticket)
    page = text_of(client.get(sent["Location"]))
    assert "Lien d'activation envoyé" in page and "comparés au dossier" in page
    assert OutboxMessage.objects.get(template="activation_by_officer").address == "arun@example.org"


def test_a_registry_that_is_down_is_told(world, browse, agent):
    ticket = blocked(world.office)
    for action in ("check", "send_link"):
        given = {"action": action, "identifier": "1234509", "checked": "desk"}
        page = text_of(browse(agent).post(at("ticket_identity", ticket), given, follow=True))
        assert "ne répond pas" in page
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_an_unknown_number_sends_nothing(world, browse, agent):
    ticket = blocked(world.office)
    page = text_of(browse(agent).post(at("ticket_identity", ticket), {"action": "check", "identifier": "00"}))
    assert "Le registre ne connaît pas ce numéro" in page and "Envoyer le lien" not in page


def test_convoking_says_where_when_and_with_what(world, browse):
    ticket, client = blocked(world.office), browse(world.officers["reception"])
    page = text_of(client.get(at("ticket_convoke", ticket)))
    assert "Deux photos d'identité récentes" in page and "Préfecture d'ailleurs" not in page
    day = clock.today() + timedelta(days=10)
    given = {
        "office": world.office.code, "purpose": "first_receipt", "hour": "09:30", "bring": "Passeport",
        "day_day": day.day, "day_month": day.month, "day_year": day.year,
    }  # fmt: skip
    late = text_of(client.post(at("ticket_convoke", ticket), {**given, "day_year": day.year - 1}))
    assert "Choisissez un jour et une heure à venir" in late and not Convocation.objects.exists()
    page = text_of(client.post(at("ticket_convoke", ticket), given, follow=True))
    assert "La personne est convoquée" in page and "09:30" in page and "Passeport" in page
    assert "Remettre un premier récépissé" in page


def test_a_ticket_goes_to_an_office_and_back(world, browse):
    ticket, national = blocked(), browse(world.officers["national_administrator"])
    local = browse(world.officers["office_administrator"])
    assert local.get(at("ticket", ticket)).status_code == 404
    page = text_of(national.post(at("ticket_hand_over", ticket), {"office": world.office.code, "reason": ""}))
    assert "À remplir : Pourquoi" in page
    national.post(at("ticket_hand_over", ticket), {"office": world.office.code, "reason": "Habite ici."})
    page = text_of(local.get(at("ticket", ticket)))
    assert "Transmise : Préfecture d'essai" in page and "Habite ici." in page
    local.post(at("ticket_hand_over", ticket), {"office": "", "reason": "Hors de notre ressort."})
    assert local.get(at("ticket", ticket)).status_code == 404
    assert "Transmise : Centre de contact national" in text_of(national.get(at("ticket", ticket)))


def test_the_list_is_filtered_by_state_kind_and_office(world, browse):
    here, nowhere = blocked(world.office), support.open_ticket(kind="contact", email="a@b.fr", message="?", language="fr")
    national = browse(world.officers["national_administrator"])
    address = reverse("officer:tickets")

    def seen(query):
        page = text_of(national.get(address + query))
        return [one.number in page for one in (here, nowhere)]

    assert seen("") == [True, True] == seen("?bureau=&etat=zzz")
    assert seen("?bureau=national") == [False, True] == seen("?kind=contact")
    assert seen(f"?bureau={world.office.code}") == [True, False]
    national.post(at("ticket", nowhere), {"action": "close"})
    assert seen("") == [True, False] and seen("?etat=closed") == [False, True]
    national.post(at("ticket", nowhere), {"action": "reopen"})
    assert seen("") == [True, True]
    mine = text_of(browse(world.officers["reception"]).get(f"{address}?bureau=national"))
    assert nowhere.number not in mine, "an office sees its own, whatever the address asks"


def test_pages_of_tickets_make_a_constant_number_of_queries(world, browse, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    national = browse(world.officers["national_administrator"])
    ticket = blocked(world.office)

    def costs():
        found = []
        for address in (reverse("officer:tickets"), at("ticket", ticket)):
            with CaptureQueriesContext(connection) as queries:
                assert national.get(address).status_code == 200
            found.append(len(queries))
        return found

    support.close_ticket(ticket, by=world.officers["reception"])
    support.reopen_ticket(ticket, by=world.officers["case_officer"])
    first = costs()
    for n in range(5):
        blocked(world.office, email=f"p{n}@example.org")
        support.close_ticket(ticket, by=world.officers["reception"])
        support.reopen_ticket(ticket, by=world.officers["case_officer"])
    assert costs() == first


def test_a_question_about_an_application_goes_to_the_office_of_ones_last_one(world):
    application = world.deposited()
    client = Client()
    client.force_login(application.filed_by, backend="guichet.accounts.backends.IdentifierBackend")
    given = {"message": "Où en est-elle ?", "email": "a@example.org"}
    client.post("/contact/", {**given, "topic": "filed"})
    client.post("/contact/", {**given, "topic": "fraud"})
    offices = dict(Ticket.objects.values_list("topic", "office"))
    assert offices == {"filed": world.office.code, "fraud": None}


def test_a_person_reads_what_they_wrote_and_what_was_answered(world, browse):
    application = world.deposited()
    person = Client()
    person.force_login(application.filed_by, backend="guichet.accounts.backends.IdentifierBackend")
    address = reverse("account:tickets")
    assert "pas encore écrit" in text_of(person.get(address))
    person.post("/contact/", {"topic": "filed", "message": "Où en est-elle ?", "email": "a@example.org"})
    asked = Ticket.objects.get()
    desk = browse(world.officers["reception"])
    desk.post(at("ticket", asked), {"answer": "Elle est en cours d'examen."})
    desk.post(at("ticket", asked), {"action": "reopen"})
    day = clock.today() + timedelta(days=10)
    there = support.at_the_desk(world.office, day, time(9, 30))
    support.convoke(
        asked, by=world.officers["reception"], office=world.office, purpose="receipt_renewal", at=there, bring="Passeport"
    )
    support.open_ticket(kind="contact", email="b@example.org", message="Autre personne", language="fr")
    page = text_of(person.get(address))
    for said in (
        "Une demande déposée",
        "Où en est-elle ?",
        "Elle est en cours d'examen.",
        "à 09:30, Préfecture d'essai.",
        "Passeport",
    ):
        assert said in page, said
    assert "Autre personne" not in page and address in text_of(person.get(reverse("account:home")))


def test_a_lost_mailbox_goes_to_the_office_that_knows_the_person_and_is_given_back(world, browse, agent):
    application = world.deposited()
    owner, person = application.filed_by, Client()
    owner.identifier = owner.email
    owner.save()
    typed = {
        "identifier": owner.identifier, "last_name": "Diallo", "first_names": "Amadou", "birth_date_day": "1",
        "birth_date_month": "1", "birth_date_year": "2007", "email": "neuve@example.org", "email_again": "neuve@example.org",
        "message": "Mon téléphone a été volé.",
    }  # fmt: skip
    for identifier in (owner.identifier, "personne@example.org"):
        shown = person.post(reverse("account:lost_email"), {**typed, "identifier": identifier}, follow=True)
        assert shown.redirect_chain, "the same page whether the account exists or not"
    asked = Ticket.objects.get(office=world.office)
    assert Ticket.objects.get(office=None).context["claimed"]["identifier"] == "personne@example.org"
    client = browse(agent)
    read = text_of(client.post(at("ticket_identity", asked), {"action": "check", "identifier": owner.identifier}))
    assert "Un compte a déjà cet identifiant" in read and "avec l'adresse p…@example.org" in read
    given = {"action": "change_address", "identifier": owner.identifier, "checked": "desk"}
    page = text_of(client.post(at("ticket_identity", asked), given, follow=True))
    assert "Le compte a maintenant l'adresse de la demande." in page and "Compte donné à l'adresse" in page
    former = owner.email
    owner.refresh_from_db()
    assert owner.email == "neuve@example.org"
    assert OutboxMessage.objects.get(template="email_left").address == former


def test_an_account_that_another_office_knows_is_not_given_away_from_here(world, browse, agent):
    """Anybody may ask the office of their choice: only the one that examines the person's application judges."""
    owner = world.deposited(office=world.other_office).filed_by
    owner.identifier = owner.email
    owner.save()
    asked = blocked(world.office, email="intrus@example.org")
    given = {"action": "change_address", "identifier": owner.identifier, "checked": "papers"}
    page = text_of(browse(agent).post(at("ticket_identity", asked), given, follow=True))
    assert world.other_office.name in page and "transmettre" in page
    former = owner.email
    owner.refresh_from_db()
    assert owner.email == former and not OutboxMessage.objects.filter(template="email_given").exists()
    national = browse(world.officers["national_administrator"])
    national.post(at("ticket_identity", asked), given, follow=True)
    owner.refresh_from_db()
    assert owner.email == "intrus@example.org", "who reaches every office may"


def test_every_act_on_a_ticket_has_its_words():
    folder = Path(guichet.support.__file__).parent
    kinds = set(re.findall(r'"(ticket_[a-z_]+)"', "".join(path.read_text("utf-8") for path in folder.glob("*.py"))))
    kinds -= {"ticket_waiting", "ticket_waiting_in_office"}  # names of indexes
    assert "ticket_convoked" in kinds and kinds == set(ticket_words.ACTS)


# From end to end


def test_a_blocked_creation_is_resolved_by_an_officer_and_the_person_activates(world, browse):
    """A name that differs from the registry's: help asked from the page, the link sent by an officer, the account opened."""
    person = Client()
    typed = {
        "foreigner_number": NUMBER, "last_name": "Madavan", "first_names": "Arun", "single_name": "", "capacity": "self",
        "birth_date_day": "1", "birth_date_month": "1", "birth_date_year": "2001", "email": "arun@example.org",
        "email_again": "arun@example.org",
    }  # fmt: skip
    page = person.post(reverse("account:create_with_number"), typed)
    assert not Account.objects.filter(identifier=NUMBER).exists()
    assert reverse("account:ask_for_help") in page.content.decode()
    form = person.get(reverse("account:ask_for_help")).content.decode()
    assert NUMBER in form and "Madavan" in form, "nothing is written again"
    sent = person.post(
        reverse("account:ask_for_help"), {"email": "arun@example.org", "message": "Mon nom est mal écrit."}, follow=True
    )
    ticket = Ticket.objects.get()
    assert ticket.number in sent.content.decode() and ticket.context["claimed"]["foreigner_number"] == NUMBER

    national = browse(world.officers["national_administrator"])
    assert ticket.number in national.get(reverse("officer:tickets")).content.decode()
    assert "MADHAVAN" in text_of(national.post(at("ticket_identity", ticket), {"action": "check", "identifier": NUMBER}))
    national.post(at("ticket_identity", ticket), {"action": "send_link", "identifier": NUMBER, "checked": "call"})

    mail = OutboxMessage.objects.get(template="activation_by_officer")
    link = re.search(r"/compte/activer/[^/\s]+/", mail.body).group(0)
    person.get(link, follow=True)
    opened = person.post(reverse("account:activation"), {"password": PASSWORD, "password_again": PASSWORD}, follow=True)
    assert opened.status_code == 200
    account = Account.objects.get(identifier=NUMBER)
    assert account.check_password(PASSWORD) and account.representations.get().person.birth_name == "MADHAVAN"


def test_an_empty_list_says_where_blocked_accounts_go_first(world, browse, agent):
    """Else an office waits for what comes to somebody else."""
    blocked()
    assert "centre de contact national, qui vous transmet" in text_of(browse(agent).get(reverse("officer:tickets")))
    Ticket.objects.all().delete()
    assert "qui vous transmet" not in text_of(browse(world.officers["national_administrator"]).get(reverse("officer:tickets")))
