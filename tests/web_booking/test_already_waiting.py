"""Whoever is in the waiting list is not asked to join it again; whoever types a name learns nothing of its owner."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.appointments import actions
from guichet.appointments.models import WaitingEntry
from guichet.core.dates import PartialDate
from guichet.messaging.models import OutboxMessage
from tests.appointments import waiting_world, world
from tests.web_booking.conftest import Visitor
from tests.web_booking.test_attempts import records
from tests.web_booking.test_waiting import joins, opens, said
from tests.web_booking.test_waiting import taken as taken  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "light_check")]
ALREADY = "Vous êtes déjà sur la liste d'attente"
JOIN = "M'inscrire sur la liste d'attente"
EMPTY = ("descriptif/", "creneaux/")
MARIA = {"first_names": "Maria", "last_name": "Lopez", "birth_date": PartialDate(1990, 5, 12), "email": "maria@example.org"}


@pytest.fixture
def waits(type, taken):
    """Maria waits since another day, from another device."""
    return actions.join_waiting_list(type, world.details(**MARIA))


def test_where_nothing_is_free_who_joined_here_is_told_since_when(visitor, taken):
    joins(visitor)
    for page in EMPTY:
        shown = said(visitor.get(page))
        assert ALREADY in shown and "depuis le" in shown and JOIN not in shown and "/rdv/gerer/" in shown, page
    assert ALREADY in said(visitor.get("attente/")), "and another person may be entered below"
    assert "Inscrire une autre personne" in said(visitor.get("attente/"))


def test_with_the_link_opened_its_page_is_one_click_away(visitor, taken):
    joins(visitor)
    opens(WaitingEntry.objects.get(), visitor.browser)
    for page in EMPTY:
        assert 'href="/rdv/attente/"' in said(visitor.get(page))


def test_who_left_the_list_may_join_it(visitor, taken):
    joins(visitor)
    actions.leave_waiting_list(waiting_world.token(WaitingEntry.objects.get()))
    for page in EMPTY:
        shown = said(visitor.get(page))
        assert ALREADY not in shown and JOIN in shown


def test_after_the_certificate_too(visitor, taken):
    joins(visitor)
    records(visitor)
    shown = said(visitor.get("attestation/enregistree/"))
    assert ALREADY in shown and JOIN not in shown


def test_another_browser_where_the_same_name_is_typed_shows_what_it_shows_of_anybody(visitor, type, waits):
    """The mail alone tells, to the address that waits."""
    records(visitor)
    stranger = Visitor(type)
    records(stranger, last_name="Personne", email="no@example.org", email_again="no@example.org")
    pages = [said(one.get("attestation/enregistree/")) for one in (visitor, stranger)]
    assert all(JOIN in page and ALREADY not in page for page in pages)
    assert all("le courriel de l'attestation le dit alors" in page for page in pages)
    mine, other = (
        OutboxMessage.objects.get(template="attempt_recorded", address=to).body for to in (waits.email, "no@example.org")
    )
    assert f"/rdv/attente/{waiting_world.token(waits)}/" in mine and "depuis le" in mine
    assert "/rdv/attente/" not in other


def test_a_certificate_sent_elsewhere_holds_no_link_of_the_list(visitor, waits):
    records(visitor, email="thief@example.org", email_again="thief@example.org")
    assert "/rdv/attente/" not in OutboxMessage.objects.get(address="thief@example.org").body


def test_a_student_whose_number_was_recognised_is_known_on_any_device(agenda):
    type = world.a_type(agenda, "admission", identity="student")
    actions.join_waiting_list(type, world.details(), person_key="k" * 64)
    visitor = Visitor(type)
    visitor.accepts()
    for key, told in (("k" * 64, True), ("x" * 64, False)):
        session = visitor.browser.session
        session["rdv_ways"] = {str(type.pk): {"accepted": True, "person_key": key}}
        session.save()
        for page in EMPTY:
            assert (ALREADY in said(visitor.get(page))) is told, (key, page)


def test_it_costs_one_query_and_none_to_who_told_nothing(visitor, taken):
    visitor.accepts()

    def queries():
        with CaptureQueriesContext(connection) as asked:
            visitor.get("descriptif/")
        return len([one for one in asked if "waitingentry" in one["sql"]])

    assert queries() == 0
    joins(visitor)
    assert queries() == 1
