"""The procedure of young people in care, from its published definition to its receipt."""

from datetime import datetime, timedelta

import pytest
import time_machine

from guichet.accounts.models import Person
from guichet.applications import actions, queries
from guichet.applications.errors import NotEligible, NotReady, SentBack
from guichet.applications.models import Application
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.core.dates import add_years
from guichet.offices.actions import load_offices
from guichet.procedures.actions import publish_catalogue
from guichet.procedures.queries import current
from tests.applications.world import EPHOTO, LILLE, a_person, born, give_documents, save, tick

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 16, 12, tzinfo=clock.PARIS)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON):
        yield


def a_draft(birth, *, emancipated=None, case="hosted", taken_at=15):
    load_offices()
    publish_catalogue()
    account, person = a_person(birth)
    draft = actions.start_draft(account, person, current("ase"))
    if emancipated is not None:
        save(draft, account, "civil_status", {"emancipated": emancipated})
    save(draft, account, "address", {"home": LILLE})
    save(draft, account, "contact", {"email": "someone@example.org", "phone": "+33612345678"})
    save(draft, account, "care", {"taken_into_care_on": str(add_years(birth, taken_at))})
    answer_what_is_missing(draft, account)
    save(draft, account, "document_cases", {"home": case})
    actions.confirm_ephoto(draft, EPHOTO, account)
    give_documents(draft, account)
    tick(draft, account)
    return account, draft


def answer_what_is_missing(draft, account):
    """The family questions, answered by «no» or by the first option."""
    family = queries.evaluation(draft).definition.section("family")
    answers = {}
    for field in family.fields:
        if field.type == "yes_no":
            answers[field.id] = False
        elif field.type == "choice":
            answers[field.id] = field.options[0].id
        elif field.type == "date":
            answers[field.id] = str(add_years(clock.today(), -1))
    shown = {field.id for field in queries.evaluation(draft).visible_fields("family")}
    save(draft, account, "family", {name: value for name, value in answers.items() if name in shown})


@pytest.mark.parametrize(
    ("birth", "emancipated", "variant", "documents"),
    [
        (born(17, 40), False, "minor", {"parental_agreement"}),
        (born(17, 200), True, "emancipated", {"emancipation"}),
        (born(18, 90), None, "adult", set()),
    ],
)
def test_each_variant_is_deposited_with_its_statements_and_documents(birth, emancipated, variant, documents):
    account, draft = a_draft(birth, emancipated=emancipated)
    application = actions.deposit(draft, account)
    content = application.snapshot.content
    assert content["statements"]["variant"] == variant
    given = {document["requirement"] for document in content["documents"]}
    assert given & {"parental_agreement", "emancipation"} == documents
    assert {"home__host_statement", "home__host_identity"} <= given
    receipt = certificates.documents_of(("application", str(application.pk))).get()
    assert receipt.data["office_name"] == application.office.name
    assert receipt.data["silence_refuses_on"] == "2027-03-16"


def test_in_care_on_the_16th_birthday_itself_is_eligible_and_the_day_after_is_not():
    birth = born(18, 30)
    account, draft = a_draft(birth, taken_at=16)
    save(draft, account, "care", {"taken_into_care_on": str(add_years(birth, 16) + timedelta(days=1))})
    with pytest.raises(NotEligible) as refusal:
        actions.deposit(draft, account)
    assert [(block.step, block.field) for block in refusal.value.blocks] == [("motive", "taken_into_care_on")]
    save(draft, account, "care", {"taken_into_care_on": str(add_years(birth, 16))})
    assert actions.deposit(draft, account).number


def test_a_minor_who_turns_eighteen_before_depositing_is_sent_back_to_the_statements_of_adults():
    account, draft = a_draft(born(18) + timedelta(days=1), emancipated=False)
    with time_machine.travel(NOON + timedelta(days=1)):
        with pytest.raises(SentBack) as sent_back:
            actions.deposit(draft, account)
        assert {change.step for change in sent_back.value.changes} == {"personal_information", "motive", "documents"}
        with pytest.raises(NotReady) as not_ready:
            actions.deposit(draft, account)
        assert [gap.field for gap in not_ready.value.missing] == ["not_polygamous"]
        tick(draft, account)
        assert actions.deposit(draft, account).snapshot.content["statements"]["variant"] == "adult"


def test_someone_with_a_single_name_and_an_unknown_birthday_deposits():
    account, draft = a_draft(born(18, 200), taken_at=14)
    Person.objects.filter(pk=draft.person_id).update(first_names="", birth_name="MADHAVAN", birth_date_text="2007")
    save(draft, account, "civil_status", {"first_names": None})  # prefilled before the registry changed
    application = actions.deposit(Application.objects.get(pk=draft.pk), account)
    receipt = certificates.documents_of(("application", str(application.pk))).get()
    assert (receipt.data["birth_name"], receipt.data["first_names"], receipt.data["birth_date"]) == ("MADHAVAN", "", "2007")
