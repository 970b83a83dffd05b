"""International protection from the deposit to the decision: proof of stay at once, renewed, ended by the decision."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from guichet.accounts.models import Account, Officer, Post
from guichet.applications import queries
from guichet.applications.moves import subject_of
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.core.worker import run_due
from guichet.instruction import actions as instruction
from guichet.messaging.models import OutboxMessage
from guichet.permits import due, rules
from guichet.permits import queries as permits
from guichet.permits.models import ProlongationCertificate
from guichet.registries.errors import RegistryUnavailable
from tests.permits import protection, world

pytestmark = pytest.mark.django_db


def certificates_of(application):
    return list(reversed(permits.prolongation_of(subject_of(application)).certificates))


def an_officer(application):
    account = Account.objects.create(identifier="agent", email="agent@example.org", kind="officer")
    officer = Officer.objects.create(account=account, name="Agnès Agent")
    for role in (Post.Role.CASE_OFFICER, Post.Role.DECISION_MAKER):
        Post.objects.create(officer=officer, office=application.office, role=role)
    application.office.two_hands = False
    application.office.save()
    return officer


def browser_of(person):
    client = Client()
    client.force_login(world.account_of(person), backend="guichet.accounts.backends.IdentifierBackend")
    return client


def page(application, person=None):
    client = browser_of(person or application.person)
    return client.get(reverse("applicant:application", args=[application.number])).content.decode()


def test_a_refugee_holds_proof_as_soon_as_the_application_is_deposited():
    application = protection.a_deposit(world.person())
    (paper,) = certificates_of(application)
    assert (paper.starts_on, paper.ends_on) == (clock.today(), rules.last_day(clock.today(), "6 months"))
    document = certificates.document(paper.document_number)
    said = PdfReader(io.BytesIO(certificates.pdf(document))).pages[0].extract_text()
    for text in (application.number, "Haidari", "Saint-Étienne", "métier de votre choix", "silence"):
        assert text in said, text
    assert document.data["photo"] and "expiré" not in said
    assert document.data["silence_refuses_on"] == str(application.silence_refuses_on)
    templates = set(OutboxMessage.objects.values_list("template", flat=True))
    assert {"deposit", "prolongation_issued"} <= templates


def test_nothing_is_promised_when_the_deposit_is_refused(monkeypatch):
    from guichet.applications import depositing

    person = world.person()
    draft = protection.a_draft(person)

    def failing(*_args, **_more):
        raise RuntimeError("the mail")

    monkeypatch.setattr(depositing, "send_mail", failing)
    with pytest.raises(RuntimeError):
        depositing.deposit(draft, world.account_of(person), "")
    assert not ProlongationCertificate.objects.exists()


def test_two_years_of_the_clock_find_no_day_without_proof(movable_clock):
    application = protection.a_deposit(world.person())
    first = clock.today()
    for _fortnight in range(52):
        movable_clock.move(days=14)
        due.issue_certificates()
    run_due()
    periods = [(each.starts_on, each.ends_on) for each in certificates_of(application)]
    assert rules.days_without_proof(periods, first, clock.today()) == []
    for earlier, later in zip(certificates_of(application), certificates_of(application)[1:], strict=False):
        assert clock.paris_date(later.issued_at) <= earlier.ends_on  # each was there before it was needed


@pytest.mark.parametrize(("kind", "why"), [("favourable", "approved"), ("refusal", "refused")], ids=["favourable", "refusal"])
def test_the_decision_ends_it(movable_clock, kind, why):
    application = protection.a_deposit(world.person())
    officer = an_officer(application)
    movable_clock.move(days=40)
    instruction.take_up(application, officer)
    terms = (
        {"permit_kind": "Carte de résident", "valid_from": clock.today(), "valid_until": clock.today() + timedelta(days=3650)}
        if kind == "favourable"
        else {"motivation": "Le texte demande une protection en cours, et elle a pris fin."}
    )
    instruction.propose_decision(application, officer, kind, **terms)
    (paper,) = certificates_of(application)
    assert paper.stop_code == why and clock.paris_date(paper.stopped_at) == clock.today()
    movable_clock.move(days=400)
    assert due.issue_certificates() == 0
    body = page(application)
    assert "avec la décision sur votre demande" in body
    section = body[body.index("guichet-prolongation") :].split("</section>")[0]
    assert "Terminée" in section and "Arrêtée" not in section and "efus" not in section  # the letter is still to be opened


def test_a_renewal_follows_the_card_by_the_clock(movable_clock):
    person = world.person()
    until = clock.today() + timedelta(days=70)
    world.hold(person, until, kind="resident_card", number="CARD9")
    application = protection.a_deposit(person, "international_protection_renewal", until=until)
    assert certificates_of(application) == []
    assert "Votre titre vous suffit" in page(application)
    movable_clock.move(days=56)
    due.issue_certificates()
    (paper,) = certificates_of(application)
    assert paper.starts_on == until + timedelta(days=1) and paper.ends_on == rules.last_day(paper.starts_on, "3 months")
    document = certificates.document(paper.document_number)
    assert document.data["permit_number"] == "CARD9"
    assert "avec votre carte expirée" in page(application)


def test_the_registry_down_at_the_deposit_changes_nothing_for_the_person(monkeypatch, movable_clock):
    from guichet.permits import held

    person = world.person()
    until = clock.today() + timedelta(days=70)
    draft = protection.a_draft(person, "international_protection_renewal", until=until)

    def down(*_):
        raise RegistryUnavailable("agdref", "timeout")

    monkeypatch.setattr(held, "find_person", down)
    application = protection.actions.deposit(draft, world.account_of(person), "")
    assert application.number and certificates_of(application) == []
    monkeypatch.undo()
    world.hold(person, until, kind="resident_card")
    from guichet.permits.opening import reconsider

    reconsider(person)
    movable_clock.move(days=60)
    assert due.issue_certificates() == 1


def test_the_page_says_what_it_allows_what_comes_and_that_silence_may_refuse():
    person = world.person()
    application = protection.a_deposit(person)
    body = page(application)
    for text in ("Séjourner", "Travailler", "Voyager", "métier de votre choix", "refus par silence", "rien à faire"):
        assert text in body, text
    assert "Renouveler mon attestation" not in body
    paper = certificates_of(application)[0]
    pdf = browser_of(person).get(reverse("applicant:document", args=[paper.document_number]))
    assert pdf["Content-Type"] == "application/pdf"


def test_near_the_end_one_click_renews_it(movable_clock):
    person = world.person()
    application = protection.a_deposit(person)
    movable_clock.move(days=160)
    client, address = browser_of(person), reverse("applicant:renew_certificate", args=[application.number])
    assert "Renouveler mon attestation" in page(application)
    assert client.get(address).status_code == 405
    assert "renouvelée" in client.post(address, follow=True).content.decode()
    client.post(address)
    assert len(certificates_of(application)) == 2
    assert "Vos autres attestations" in page(application)


def test_too_early_is_told_and_changes_nothing():
    person = world.person()
    application = protection.a_deposit(person)
    address = reverse("applicant:renew_certificate", args=[application.number])
    body = browser_of(person).post(address, follow=True).content.decode()
    assert "encore valable assez longtemps" in body
    assert len(certificates_of(application)) == 1


def test_nobody_else_renews_or_reads_it():
    application = protection.a_deposit(world.person())
    stranger = browser_of(world.person())
    assert stranger.post(reverse("applicant:renew_certificate", args=[application.number])).status_code == 404
    number = certificates_of(application)[0].document_number
    assert stranger.get(reverse("applicant:document", args=[number])).status_code == 404


def test_a_stop_is_read_with_its_reason_and_the_way_out():
    application = protection.a_deposit(world.person())
    officer = an_officer(application)
    instruction.stop_certificates(application, officer, "Protection retirée par l'OFPRA.")
    body = page(application)
    assert "Protection retirée par l" in body and "tribunal administratif" in body
    entries = [entry.kind for entry in queries.timeline(application)]
    assert entries == ["deposited", "prolongation_issued", "prolongation_stopped"]


def test_a_paper_from_elsewhere_is_followed_by_ours(movable_clock):
    person = world.person()
    elsewhere = world.hold(
        person, clock.today() + timedelta(days=10), kind="prolongation_certificate", number="API0000001002",
        since=clock.today() - timedelta(days=80),
    )  # fmt: skip
    application = protection.a_deposit(person)
    body = page(application)
    assert "API0000001002" in body and "Renouveler mon attestation" in body
    client = browser_of(person)
    client.post(reverse("applicant:renew_certificate", args=[application.number]))
    (paper,) = certificates_of(application)
    assert paper.starts_on == elsewhere.valid_until + timedelta(days=1)
    assert "API0000001002" in page(application), "what is held until ours begins is still said"


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "vous pourrez contester"), (140, "vous pouvez contester"), (250, "le délai pour contester a pris fin le")],
)
def test_the_page_says_until_when_silence_can_be_challenged(movable_clock, days, said):
    application = protection.a_deposit(world.person())
    for _week in range(days // 10):
        movable_clock.move(days=10)
        due.issue_certificates()
    assert said in page(application)
