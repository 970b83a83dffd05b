"""Students say who they are: by INE, or by a code sent to the address they gave. Nobody is blocked by how they type."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache

from guichet.appointments import actions, due, queries
from guichet.appointments.actions import Declared
from guichet.appointments.errors import CodeRefused, StudentUnknown
from guichet.appointments.models import AccessCode, ComeBack
from guichet.appointments.students import access_codes, stays
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.errors import TooManyTries
from guichet.messaging.models import OutboxMessage
from guichet.registries.errors import RegistryUnavailable
from tests.appointments import world

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def no_tries_yet(db):
    cache.clear()


@pytest.fixture
def type():
    agenda = world.an_empty_agenda()
    return world.a_type(agenda, slug="etudiants", identity="student", window_months_before_permit_end=2)


def declared(**changes):
    fields = {
        "last_name": "Núñez-Lê",
        "first_names": "Ana",
        "birth_date": PartialDate(2003, 4, 5),
        "email": "ana@example.org",
        "language": "fr",
        "situation": "renewal",
        "stay_kind": "permit",
        "stay_ends_on": clock.today() + timedelta(days=30),
        **changes,
    }
    return Declared(**fields)


def mailed_code(code):
    """What the person reads in their mail."""
    body = OutboxMessage.objects.get(intent=f"access_code:{code.pk}").body
    return re.search(r"^[2-9A-HJ-NP-Z]{5} [2-9A-HJ-NP-Z]{5}$", body, re.M)[0]


# By INE --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ine", "name"), [("0123456789A", "LOPEZ"), (" 0123 456 789 a ", " lópez "), ("012345678bc", "Ben-Ali")]
)
def test_a_student_is_known_by_ine_and_birth_name_however_typed(ine, name):
    assert actions.identify_student(ine, name, address=HERE).birth_name in {"LOPEZ", "BENALI"}


@pytest.mark.parametrize(
    ("ine", "name"), [("0123456789A", "BENALI"), ("0123456789A", ""), ("0123456789B", "LOPEZ"), ("12", "LOPEZ")]
)
def test_nothing_tells_whether_the_number_or_the_name_was_wrong(ine, name):
    with pytest.raises(StudentUnknown):
        actions.identify_student(ine, name, address=HERE)


def test_names_are_not_tried_for_ever_on_a_number():
    for _ in range(access_codes.INE_TRIES.tries):
        with pytest.raises(StudentUnknown):
            actions.identify_student("0123456789A", "SMITH", address=HERE)
    with pytest.raises(TooManyTries):
        actions.identify_student("0123456789A", "LOPEZ", address=HERE)
    assert actions.identify_student("0123456789A", "LOPEZ", address=ELSEWHERE), "somebody else's tries lock nobody out"
    assert actions.identify_student("012345678BC", "BENALI", address=HERE)


def test_a_registry_that_is_down_costs_no_try():
    for _ in range(access_codes.INE_TRIES.tries + 2):
        with pytest.raises(RegistryUnavailable):
            actions.identify_student("0123456709A", "LOPEZ", address=HERE)


def test_a_success_costs_no_try():
    for _ in range(access_codes.INE_TRIES.tries + 2):
        actions.identify_student("0123456789A", "LOPEZ", address=HERE)


# By code -------------------------------------------------------------------------------------------------------------------


def test_the_code_is_mailed_and_never_kept(type):
    code = actions.ask_access_code(type, declared(), address=HERE)
    raw = mailed_code(code)
    plain = raw.replace(" ", "")
    row = AccessCode.objects.filter(pk=code.pk).values().get()
    assert not any(plain in str(value) for value in row.values())
    mail = OutboxMessage.objects.get(intent=f"access_code:{code.pk}")
    assert mail.address == "ana@example.org"
    assert f"/rdv/{type.office.slug}/etudiants/identite/code/" in mail.body
    assert "2003" not in mail.body, "nothing of the person beyond the name"


@pytest.mark.parametrize(
    "typed",
    [
        lambda raw: raw,
        lambda raw: f"  {raw}\t",
        lambda raw: raw.lower(),
        lambda raw: raw.replace(" ", ""),
        lambda raw: "-".join(raw.replace(" ", "")),
        lambda raw: "".join(letter + "\u0301" if letter.isalpha() else letter for letter in raw),
    ],
)
@pytest.mark.parametrize("name", ["Núñez-Lê", "NUNEZ LE", " nunezle "])
def test_spaces_case_and_accents_block_nobody(type, typed, name):
    code = actions.ask_access_code(type, declared(), address=HERE)
    assert actions.use_access_code(type, name, typed(mailed_code(code)), address=HERE) == code


def test_a_code_opens_for_one_name_and_one_type_only(type):
    raw = mailed_code(actions.ask_access_code(type, declared(), address=HERE))
    other = world.a_type(world.an_empty_agenda(), slug="etudiants", identity="student")
    for tried in ((type, "Ana"), (type, ""), (other, "Núñez-Lê")):
        with pytest.raises(CodeRefused):
            actions.use_access_code(*tried, raw, address=HERE)


def test_an_empty_code_opens_nothing(type):
    actions.ask_access_code(type, declared(), address=HERE)
    for typed in ("", "  ", "-"):
        with pytest.raises(CodeRefused):
            actions.use_access_code(type, "Núñez-Lê", typed, address=HERE)


def test_wrong_codes_are_limited_without_locking_the_right_person_out(type):
    code = actions.ask_access_code(type, declared(), address=HERE)
    raw = mailed_code(code)
    for _ in range(access_codes.CODE_TRIES.tries):
        with pytest.raises(CodeRefused):
            actions.use_access_code(type, "NUNEZ LE", "22222 22222", address=ELSEWHERE)
    with pytest.raises(TooManyTries):
        actions.use_access_code(type, "Nunez Le", "22222 22222", address=ELSEWHERE)
    for address in (HERE, ELSEWHERE):  # at home; on the campus where somebody guesses, or after one's own slips
        assert actions.use_access_code(type, "Núñez-Lê", raw, address=address) == code


def test_one_address_does_not_try_codes_for_ever_whatever_the_name(type):
    for number in range(access_codes.CODE_FROM_ADDRESS.tries):
        with pytest.raises(CodeRefused):
            actions.use_access_code(type, f"Name {number}", "22222 22222", address=HERE)
    raw = mailed_code(actions.ask_access_code(type, declared(), address=ELSEWHERE))
    with pytest.raises(TooManyTries):
        actions.use_access_code(type, "Núñez-Lê", raw, address=HERE)


def test_a_code_expires(type, monkeypatch):
    code = actions.ask_access_code(type, declared(), address=HERE)
    raw = mailed_code(code)
    monkeypatch.setattr(clock, "now", lambda: code.expires_at - timedelta(seconds=1))
    assert actions.use_access_code(type, "Núñez-Lê", raw, address=HERE) == code
    monkeypatch.setattr(clock, "now", lambda: code.expires_at)
    with pytest.raises(CodeRefused):
        actions.use_access_code(type, "Núñez-Lê", raw, address=HERE)


def test_a_code_asked_for_too_early_is_still_good_when_the_window_opens(type):
    code = actions.ask_access_code(type, declared(stay_ends_on=clock.today() + timedelta(days=300)), address=HERE)
    opens_on = stays.window(code.stay_ends_on, clock.today(), 2).opens_on
    assert (clock.paris_date(code.expires_at) - opens_on).days >= 29


def test_another_code_is_the_same_person_and_leaves_the_first_good(type):
    first = actions.ask_access_code(type, declared(), address=HERE)
    again = actions.ask_access_code(type, declared(email="other@example.org", last_name="NUNEZ LE"), address=HERE)
    assert first.person_key == again.person_key and first.code_hash != again.code_hash
    assert actions.use_access_code(type, "nunez le", mailed_code(first), address=HERE) == first
    someone_else = actions.ask_access_code(type, declared(birth_date=PartialDate(2003, 4, 6)), address=HERE)
    assert someone_else.person_key != first.person_key


def test_mails_to_one_address_are_limited(type):
    for _ in range(access_codes.MAILS_TO_ONE.tries):
        actions.ask_access_code(type, declared(), address=HERE)
    with pytest.raises(TooManyTries):
        actions.ask_access_code(type, declared(email="ANA@example.org"), address=HERE)
    assert OutboxMessage.objects.filter(template="access_code").count() == access_codes.MAILS_TO_ONE.tries


# The right time ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2027, 2, 21), "too_early"),
        (date(2027, 2, 22), "open"),
        (date(2027, 4, 22), "open"),  # its last day
        (date(2027, 4, 23), "expired"),
    ],
)
def test_the_window_opens_two_months_before_the_end_and_turns_nobody_away_after(today, state):
    found = stays.window(date(2027, 4, 22), today, 2)
    assert (found.state, found.opens_on) == (state, date(2027, 2, 22))


def test_a_type_without_window_is_never_too_early():
    assert stays.window(date(2030, 1, 1), date(2027, 1, 1), None).state == "open"


def test_the_reminder_goes_once_on_its_day(type, monkeypatch):
    day = clock.today() + timedelta(days=10)
    for _ in range(2):
        actions.promise_reminder(type, "key", name="Ana", email="ana@example.org", language="en", on=day, address=HERE)
    assert ComeBack.objects.count() == 1
    assert due.remind_to_book() == 0 and not OutboxMessage.objects.exists()
    later = clock.now() + timedelta(days=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert due.remind_to_book() == 1 and due.remind_to_book() == 0
    (mail,) = OutboxMessage.objects.all()
    assert (mail.address, mail.language) == ("ana@example.org", "en")
    assert f"/rdv/{type.office.slug}/etudiants/" in mail.body


# The lists -----------------------------------------------------------------------------------------------------------------


def test_institutions_are_named_once_and_told_by_town():
    found = queries.institutions()
    assert "Arras – Université d’Artois" in [each.label for each in found], "as printed"
    assert len({each.id for each in found}) == len({(each.name, each.city) for each in found}) == len(found) > 50
    assert "Saint-Étienne – Université Jean-Monnet" in [each.label for each in found]
    assert "other" not in {each.id for each in found}


def test_every_situation_says_what_to_bring_in_both_languages():
    for each in queries.situations():
        assert each.documents
        for words in (each.label_texts, *each.document_texts):
            assert set(words) == {"fr", "en"} and all(words.values())
