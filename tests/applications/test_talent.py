"""A draft of the «talent» procedure: files wait while the motive changes; the deposit takes the term of its motive."""

from datetime import date, datetime

import pytest
import time_machine

from guichet.applications import actions, queries
from guichet.core import clock
from guichet.instruction import letters
from guichet.offices.actions import load_offices
from guichet.procedures.actions import publish_catalogue
from guichet.procedures.queries import current
from tests.applications.world import EPHOTO, a_file, a_person, born, give_documents, save
from tests.procedures.talent import answers_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=clock.PARIS)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON):
        yield


def a_draft(motive):
    load_offices()
    publish_catalogue()
    account, person = a_person(born(29))
    draft = actions.start_draft(account, person, current("talent"))
    for section, held in answers_of(motive).items():
        for row, cleaned in enumerate(held if isinstance(held, list) else [held]):
            if section not in ("civil_status", "e_photo"):
                save(draft, account, section, cleaned, row=row)
    actions.confirm_ephoto(draft, EPHOTO, account)
    return account, draft


def test_a_file_is_kept_when_the_motive_changes_and_changes_back():
    account, draft = a_draft("qualified_employee")
    contract = actions.add_document(draft, "contract", 0, a_file(account), account)
    save(draft, account, "talent", {"mention": "renown"})
    assert "contract" not in {asked.id for asked in queries.evaluation(draft).requirements()}
    assert contract in queries.documents(draft)
    save(draft, account, "talent", {"mention": "innovative_company"})
    assert "contract" in {asked.id for asked in queries.evaluation(draft).requirements()}, "another motive asks for it too"
    save(draft, account, "talent", {"mention": "qualified_employee"})
    assert contract in queries.documents(draft)
    assert queries.evaluation(draft).answer("employment", "yearly_pay", None) == 62_000_00


@pytest.mark.parametrize(
    ("motive", "refused_after", "mention", "until"),
    [
        ("blue_card", date(2027, 2, 21), "Talent – carte bleue européenne", date(2028, 11, 30)),
        ("researcher", date(2027, 1, 22), "Talent – chercheur", date(2027, 11, 30)),
        ("investor", date(2027, 3, 23), "Talent – porteur de projet", date(2030, 11, 22)),
    ],
)
def test_the_motive_decides_when_silence_refuses_and_what_the_officer_is_proposed(motive, refused_after, mention, until):
    account, draft = a_draft(motive)
    give_documents(draft, account)
    actions.move_to_step(draft, "deposit")
    entries = queries.to_check(queries.evaluation(draft), queries.documents(draft))
    actions.tick(draft, {entry: digest for entry, (digest, _ticked) in entries.items()}, account)
    deposited = actions.deposit(draft, account)
    assert deposited.silence_refuses_on == refused_after
    proposed = letters.defaults_for(deposited, clock.today())
    assert proposed["permit_kind"] == "Carte de séjour pluriannuelle"
    assert proposed["permit_mention"] == mention
    assert proposed["valid_until"] == until
    assert proposed["tax_cents"] == 350_00


@pytest.mark.parametrize(
    ("number", "known"),
    [("6908004242", "T4L3NT001"), ("6908004209", None)],  # one whom AGDREF knows; one for whom it does not answer
)
def test_the_card_to_renew_is_read_before_the_draft_begins_and_typed_when_the_registry_is_silent(number, known):
    load_offices()
    publish_catalogue()
    account, person = a_person(born(31))
    person.foreigner_number = number
    person.save()
    draft = actions.start_draft(account, person, current("talent_renewal"))
    evaluation = queries.evaluation(draft)
    assert evaluation.raw("permit_held", "number") == known
    assert evaluation.is_read_only("permit_held", "number") == (known is not None)
    assert evaluation.is_visible("permit_held", "number")
