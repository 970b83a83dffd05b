"""What a certificate that prolongs rights bears, and to whom it is told; what was issued stays as it was."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from guichet.accounts.models import Account, Representation
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.messaging.models import Notification, OutboxMessage
from guichet.permits import actions, due
from guichet.permits.models import ProlongationCertificate
from tests.permits import world
from tests.permits.reading import OFFICER, papers, source_of

pytestmark = pytest.mark.django_db


def test_what_is_restated_is_printed_on_the_next_one_only():
    person = world.person()
    row = world.opened(person, at_once=True)
    moved = clock.today() + timedelta(days=77)
    actions.restate(source_of(row), silence_refuses_on=moved)
    actions.issue_by_officer(source_of(row), OFFICER, "Suite.")
    first, second = [certificates.document(paper.document_number) for paper in papers(row)]
    assert first.data["silence_refuses_on"] != moved.isoformat()
    assert second.data["silence_refuses_on"] == moved.isoformat()


@pytest.mark.parametrize("change", [{"ends_on": clock.today()}, {"allows": {}}, {"reason": "x"}])
def test_what_was_issued_stays_as_it_was_even_from_a_shell(change):
    row = world.opened(world.person(), at_once=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProlongationCertificate.objects.filter(prolongation=row).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProlongationCertificate.objects.filter(prolongation=row).delete()


def test_a_stop_is_written_once():
    row = world.opened(world.person(), at_once=True)
    actions.stop_by_officer(source_of(row), OFFICER, "Motif.")
    with pytest.raises(DatabaseError), transaction.atomic():
        ProlongationCertificate.objects.filter(prolongation=row).update(stop_reason="Autre.")


def test_everyone_who_acts_for_the_person_is_told_once():
    person = world.person()
    filed = world.filed(person)
    other = Account.objects.create(identifier="guardian", email="guardian@example.org", language="en", display_name="Guardian")
    Representation.objects.create(account=other, person=person, capacity="guardian")
    actions.open_prolongation(person, filed, world.terms(at_once=True))
    mails = OutboxMessage.objects.filter(template="prolongation_issued")
    assert {mail.language for mail in mails} == {"fr", "en"} and mails.count() == 2
    assert Notification.objects.count() == 2


def printed(row):
    return certificates.document(papers(row)[0].document_number).data


def test_one_given_on_deposit_stands_by_itself_one_that_follows_a_permit_goes_with_it():
    person = world.person()
    world.hold(person, clock.today(), number="CARD9")
    assert printed(world.opened(person, at_once=True))["permit_number"] == ""
    row = world.opened(person)
    due.issue_certificates()
    assert printed(row)["permit_number"] == "CARD9"


def test_a_number_given_since_the_deposit_is_printed_on_the_next_one():
    person = world.person()
    number, person.foreigner_number, person.origin, person.frozen_at = person.foreigner_number, None, "declared", None
    person.save()
    row = world.opened(person, at_once=True)
    person.foreigner_number = number
    person.save()
    actions.issue_by_officer(source_of(row), OFFICER, "Suite.")
    first, second = [certificates.document(paper.document_number).data for paper in papers(row)]
    assert (first["foreigner_number"], second["foreigner_number"]) == ("", number)
