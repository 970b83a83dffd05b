"""Complements, decisions, signatures, tickets, the state of the service: built, read again, confirmed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.instruction import actions
from guichet.instruction.models import ComplementRequest, Decision
from guichet.messaging.actions import send_mail
from guichet.messaging.models import OutboxMessage
from guichet.support.actions import open_ticket
from guichet.support.models import Ticket

pytestmark = pytest.mark.django_db

REASONS = "L'article L423-22 demande une prise en charge avant seize ans ; elle date ici de dix-sept ans."


def hidden(body):
    """The hidden values of the confirmation form of a page."""
    form = body[body.rindex("<form") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


# Complement


@pytest.fixture
def builder(application, agent, browse):
    client = browse(agent)
    address = reverse("officer:complement", args=[application.number])
    return client, address


FILLED = {
    "home-0-ask": "on",
    "home-0-reason": "too_old",
    "home-0-observation": "Plus de six mois.",
    "extras": "2",
    "extra1-label": "Bulletin scolaire",
    "extra1-observation": "De cette année.",
    "message": "Merci <de> compléter.",
}


def test_the_builder_starts_from_the_rejected_documents(builder):
    client, address = builder
    body = client.get(address).content.decode()
    assert re.search(r'name="home-0-ask"[^>]*checked', body)
    assert not re.search(r'name="nationality-0-ask"[^>]*checked', body)
    assert "Plus de six mois." in body


def test_one_reads_the_request_again_before_it_leaves(builder, application):
    client, address = builder
    body = client.post(address, {**FILLED, "action": "preview"}).content.decode()
    for text in ("Justificatif de domicile", "Bulletin scolaire", "Merci &lt;de&gt; compléter.", "30 jours"):
        assert text in body, text
    assert not ComplementRequest.objects.exists()
    typed = hidden(body)
    assert typed == FILLED | {key: value for key, value in typed.items() if key not in FILLED}
    edited = client.post(address, {**typed, "action": "edit"}).content.decode()
    assert 'value="Bulletin scolaire"' in edited
    assert not ComplementRequest.objects.exists()
    sent = client.post(address, {**typed, "action": "send"}, follow=True).content.decode()
    assert "La demande de complément est envoyée" in sent
    request = ComplementRequest.objects.get()
    assert request.message == "Merci <de> compléter."
    assert [(item.requirement, item.observation) for item in request.items.all()] == [
        ("home", "Plus de six mois."),
        ("extra-1", "De cette année."),
    ]
    application.refresh_from_db()
    assert application.state == "awaiting_complement"


def test_sending_twice_sends_once(builder):
    client, address = builder
    client.post(address, {**FILLED, "action": "send"})
    response = client.post(address, {**FILLED, "action": "send"}, follow=True)
    assert response.status_code == 200
    assert ComplementRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"home-0-reason": ""}, "Choisissez la raison"),
        ({"home-0-reason": "other", "home-0-observation": ""}, "Expliquez cette autre raison"),
        ({"extra1-label": ""}, "Donnez un nom à ce document"),
        ({"home-0-ask": "", "extra1-label": "", "extra1-observation": ""}, "Choisissez au moins un document"),
    ],
)
def test_what_is_not_clear_is_told_beside_and_kept(builder, change, message):
    client, address = builder
    data = {key: value for key, value in {**FILLED, **change}.items() if value or not key.endswith("ask")}
    for action in ("preview", "send"):
        body = client.post(address, {**data, "action": action}).content.decode()
        assert message in body
        assert "Merci &lt;de&gt; compléter." in body
    assert not ComplementRequest.objects.exists()


def test_more_documents_can_be_asked_without_a_script(builder):
    client, address = builder
    body = client.post(address, {**FILLED, "action": "more"}).content.decode()
    assert 'name="extra3-label"' in body
    assert 'value="Bulletin scolaire"' in body
    assert "Il reste quelque chose à corriger" not in body
    many = client.post(address, {**FILLED, "extras": "999999", "action": "more"}).content.decode()
    assert 'name="extra11-label"' not in many


def test_no_complement_before_the_review_nor_after(world, agent, browse, application, requested):
    client = browse(agent)
    for one in (world.deposited(), application):
        response = client.get(reverse("officer:complement", args=[one.number]))
        assert response["Location"] == reverse("officer:review", args=[one.number])


# Decision

FAVOURABLE = {
    "kind": "favourable",
    "permit_kind": "Carte de séjour temporaire",
    "permit_mention": "Vie privée et familiale",
    "valid_from_day": "1", "valid_from_month": "12", "valid_from_year": "2026",
    "valid_until_day": "30", "valid_until_month": "11", "valid_until_year": "2027",
    "tax_cents": "50,50",
    "allows_schengen": "on",
}  # fmt: skip


def decide(client, application, **data):
    return client.post(reverse("officer:decision", args=[application.number]), data, follow=True)


def test_a_favourable_decision_from_the_form_to_the_certificate(application, agent, browse):
    client = browse(agent)
    address = reverse("officer:decision", args=[application.number])
    assert "Quelle décision" in client.get(address).content.decode()
    form = client.get(address + "?sens=favourable").content.decode()
    assert 'value="Carte de séjour temporaire"' in form
    body = decide(client, application, **FAVOURABLE, action="preview").content.decode()
    for text in ("50,50 €", "1er décembre 2026", "30 novembre 2027", "permet de les franchir", "Confirmer la décision"):
        assert text in body.replace("&nbsp;", " "), text
    assert not Decision.objects.exists()
    typed = hidden(body)
    letter = client.post(reverse("officer:decision_letter", args=[application.number]), typed)
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")
    assert not OfficialDocument.objects.exists()
    assert "La décision est prise" in decide(client, application, **typed, action="confirm").content.decode()
    decision = Decision.objects.get()
    assert (decision.tax_cents, decision.allows_schengen, decision.signed_by) == (5050, True, agent)
    document = OfficialDocument.objects.get()
    address = reverse("officer:official_document", args=[application.number, document.number])
    assert client.get(address).content.startswith(b"%PDF")
    assert address in client.get(reverse("officer:review", args=[application.number])).content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"permit_kind": ""}, "À remplir : Titre accordé"),
        ({"valid_until_year": "2025"}, "doit venir après le premier"),
        ({"valid_from_day": "31", "valid_from_month": "2"}, "Ce jour n&#x27;existe pas"),
        ({"tax_cents": "beaucoup"}, "Écrivez un montant en euros"),
    ],
)
def test_a_wrong_entry_is_told_and_the_others_kept(application, agent, browse, change, message):
    body = decide(browse(agent), application, **{**FAVOURABLE, **change}, action="confirm").content.decode()
    assert message in body
    assert 'value="Vie privée et familiale"' in body
    assert not Decision.objects.exists()


def test_a_refusal_says_why_in_law_and_in_fact(application, agent, browse):
    client = browse(agent)
    first = client.get(f"/agents/dossiers/{application.number}/decision/?sens=refusal").content.decode()
    ticked = re.findall(r'value="(CESEDA [^"]+)"[^>]* checked', first)
    assert ticked == ["CESEDA L423-22"] and "menace pour l" in first
    short = decide(client, application, kind="refusal", law=ticked, motivation="Non.", action="preview").content.decode()
    assert "Motivez la décision" in short
    without = decide(client, application, kind="refusal", motivation=REASONS, action="preview").content.decode()
    assert "Choisissez au moins un texte appliqué" in without and REASONS in unescape(without)
    law = [*ticked, "CESEDA L412-5"]
    read_again = decide(client, application, kind="refusal", law=law, motivation=REASONS, action="preview").content.decode()
    assert "CESEDA L423-22, CESEDA L412-5" in read_again
    sent = re.findall(r'name="(\w+)" value="([^"]*)"', read_again)
    again = {**hidden(read_again), "law": [value for name, value in dict.fromkeys(sent) if name == "law"]}
    decide(client, application, **again, action="confirm")
    application.refresh_from_db()
    assert application.state == "refused"
    assert (Decision.objects.get().motivation, Decision.objects.get().law) == (REASONS, law)


def test_closing_is_offered_past_the_term_only(application, requested, agent, browse, movable_clock):
    client = browse(agent)
    address = reverse("officer:decision", args=[application.number])
    actions.open_complement_request(requested, application.filed_by)
    assert client.get(address)["Location"] == reverse("officer:review", args=[application.number])
    movable_clock.move(days=31)
    review = client.get(reverse("officer:review", args=[application.number])).content.decode()
    assert "Le terme du complément est passé" in review
    body = client.get(address).content.decode()
    assert "sens=incomplete" in body
    assert "sens=favourable" not in body
    read_again = decide(client, application, kind="incomplete", motivation=REASONS, action="preview").content.decode()
    assert "rouvert pendant 30 jours" in read_again
    decide(client, application, **hidden(read_again), action="confirm")
    application.refresh_from_db()
    assert application.state == "closed_incomplete"


# Signatures


@pytest.fixture
def proposal(two_hands_world):
    world = two_hands_world
    application = world.deposited()
    actions.take_up(application, world.officers["case_officer"])
    return actions.propose_decision(
        application,
        world.officers["case_officer"],
        "favourable",
        permit_kind="Carte de séjour temporaire",
        permit_mention="Vie privée et familiale",
        valid_from=clock.today(),
        valid_until=clock.today() + timedelta(days=364),
    )


def test_in_two_hands_the_form_proposes(two_hands_world, browse):
    world = two_hands_world
    application = world.deposited()
    actions.take_up(application, world.officers["case_officer"])
    body = decide(browse(world.officers["case_officer"]), application, **FAVOURABLE, action="confirm").content.decode()
    assert "proposée à la signature" in body
    application.refresh_from_db()
    assert application.state == "proposed"


def test_the_second_hand_reads_signs_and_the_list_empties(two_hands_world, proposal, browse):
    client = browse(two_hands_world.officers["decision_maker"])
    address = reverse("officer:signature", args=[proposal.pk])
    assert address in client.get(reverse("officer:signatures")).content.decode()
    assert client.get(reverse("officer:signature_letter", args=[proposal.pk])).content.startswith(b"%PDF")
    assert not OfficialDocument.objects.exists()
    body = client.post(address, {"action": "sign"}, follow=True).content.decode()
    assert "La décision est signée" in body
    assert "Rien à signer" in body
    proposal.refresh_from_db()
    assert proposal.signed_by == two_hands_world.officers["decision_maker"]
    assert client.post(address, {"action": "sign"}, follow=True).status_code == 200
    assert OfficialDocument.objects.count() == 1
    assert "attend plus de signature" in client.get(address).content.decode()


def test_a_proposal_is_sent_back_with_its_reason(two_hands_world, proposal, browse):
    client = browse(two_hands_world.officers["decision_maker"])
    address = reverse("officer:signature", args=[proposal.pk])
    assert "À remplir : Motif" in client.post(address, {"action": "send_back", "reason": " "}).content.decode()
    client.post(address, {"action": "send_back", "reason": "Vérifier la date de fin."})
    body = browse(two_hands_world.officers["case_officer"]).get(reverse("officer:review", args=[proposal.application.number]))
    assert "Vérifier la date de fin." in body.content.decode()


def test_nobody_signs_their_own_proposal(two_hands_world, browse):
    world = two_hands_world
    maker = world.officers["decision_maker"]
    application = world.deposited()
    actions.take_up(application, maker)
    mine = actions.propose_decision(application, maker, "refusal", motivation=REASONS)
    client = browse(maker)
    address = reverse("officer:signature", args=[mine.pk])
    assert "une autre personne doit la signer" in client.get(address).content.decode()
    client.post(address, {"action": "sign"})
    mine.refresh_from_db()
    assert mine.signed_at is None


# Tickets


def ticket(world, **more):
    given = {
        "kind": "contact", "email": "quelquun@example.org", "message": "Où en est ma <demande> ?", "language": "fr",
        "name": "Awa", "office": world.office, **more,
    }  # fmt: skip
    return open_ticket(**given)


def test_a_ticket_is_read_and_answered_once(world, browse):
    asked = ticket(world, context={"application": "9901202611230000001"})
    client = browse(world.officers["reception"])
    address = reverse("officer:ticket", args=[asked.number])
    assert address in client.get(reverse("officer:tickets")).content.decode()
    body = client.get(address).content.decode()
    assert "Où en est ma &lt;demande&gt; ?" in body
    assert reverse("officer:review", args=["9901202611230000001"]) in body
    assert "À remplir : Votre réponse" in client.post(address, {"answer": ""}).content.decode()
    client.post(address, {"answer": "Connectez-vous : tout y est."})
    again = client.post(address, {"answer": "Autre réponse."}, follow=True).content.decode()
    assert "Une réponse est déjà partie" in again
    assert [reply.text for reply in Ticket.objects.get().replies.all()] == ["Connectez-vous : tout y est."]
    assert OutboxMessage.objects.filter(template="ticket_answered").count() == 1
    assert address not in client.get(reverse("officer:tickets")).content.decode()


def test_a_ticket_is_closed_without_answer(world, browse):
    asked = ticket(world)
    browse(world.officers["case_officer"]).post(reverse("officer:ticket", args=[asked.number]), {"action": "close"})
    assert Ticket.objects.get().state == "closed"


def test_tickets_are_those_of_ones_offices_and_a_national_post_reads_them_all(world, browse):
    here, there = ticket(world), ticket(world, office=world.other_office)
    nowhere = ticket(world, office=None, kind="blocked_account")
    seen = browse(world.officers["reception"]).get(reverse("officer:tickets")).content.decode()
    assert [one.number in seen for one in (here, there, nowhere)] == [True, False, False]
    national = browse(world.officers["national_administrator"])
    seen = national.get(reverse("officer:tickets")).content.decode()
    assert all(one.number in seen for one in (here, there, nowhere))
    seen = national.get(reverse("officer:tickets") + "?kind=blocked_account").content.decode()
    assert [one.number in seen for one in (here, there, nowhere)] == [False, False, True]


def test_tickets_page_by_page(world, browse):
    asked = [ticket(world, email=f"personne{n}@example.org").number for n in range(27)]
    client = browse(world.officers["reception"])
    first = client.get(reverse("officer:tickets")).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = client.get(reverse("officer:tickets") + following).content.decode()
    shown = [sum(f"/agents/tickets/{number}/" in body for number in asked) for body in (first, second)]
    assert shown == [25, 2]
    assert client.get(reverse("officer:tickets") + "?apres=nonsense").status_code == 200


# The state of the service


def test_the_state_names_franceconnect_where_the_site_is_connected_to_it(world, browse, settings, monkeypatch):
    client = browse(world.officers["office_administrator"])
    settings.FRANCECONNECT = {"issuer": "", "client_id": "", "client_secret": "", "simulated": False}
    assert "FranceConnect" not in client.get(reverse("officer:state")).content.decode()
    settings.FRANCECONNECT = {"issuer": "https://provider.invalid", "client_id": "c", "client_secret": "s", "simulated": True}
    for answers, said in ((True, "Répond"), (False, "Ne répond pas")):
        monkeypatch.setattr("guichet.accounts.queries.franceconnect_answers", lambda answers=answers: answers)
        body = client.get(reverse("officer:state")).content.decode()
        row = body.split("FranceConnect")[1].split("</tr>")[0]
        assert "Simulé" in row and f">{said}<" in row


def test_the_state_says_what_does_not_work_without_naming_anyone(world, browse):
    message = send_mail(
        intent="x", address="awa@example.org", language="fr", template="notification", context={"name": "Awa Traore"}
    )
    OutboxMessage.objects.filter(pk=message.pk).update(state="failed", attempts=15, last_error="SMTPConnectError")
    client = browse(world.officers["office_administrator"])
    body = client.get(reverse("officer:state")).content.decode()
    for text in ("Simulé", "Répond", "SMTPConnectError", "Abandonnés"):
        assert text in body, text
    for secret in ("awa@example.org", "Traore"):
        assert secret not in body
    client.post(reverse("officer:retry", args=[message.pk]))
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)


def test_a_bounced_mail_is_told_on_the_sheet(world, application, requested, agent, browse):
    OutboxMessage.objects.update(state="bounced")
    body = browse(agent).get(reverse("officer:review", args=[application.number])).content.decode()
    assert "Le dernier courriel n'est pas arrivé" in body
