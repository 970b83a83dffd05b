"""Officers: their account, their powers, their second factor."""

import time
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django_otp.oath import TOTP

from guichet.accounts import actions, queries
from guichet.accounts.errors import CodeRefused, LinkUnusable, OfficerExists
from guichet.accounts.models import Officer, Post
from guichet.accounts.powers import Powers
from guichet.offices.models import Office
from tests.accounts.helpers import PASSWORD, make_account

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def lille(db):
    return Office.objects.get(slug="lille")


@pytest.fixture
def lyon(db):
    return Office.objects.get(slug="lyon")


@pytest.fixture
def officer(lille):
    link = actions.create_officer("Camille Agent", "Camille@lille.fr", [(Post.Role.CASE_OFFICER, lille)])
    actions.set_officer_password(link.raw, PASSWORD)
    return link.officer


@pytest.fixture
def moment(monkeypatch):
    """The machine's time, still until it is moved: codes depend on it."""

    class Moment:
        now = 1_800_000_000.0  # the first second of a code

        def move(self, seconds):
            self.now += seconds

    still = Moment()
    monkeypatch.setattr(time, "time", lambda: still.now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromtimestamp(still.now, UTC))
    return still


def code(account, at):
    device = queries.second_factor_of(account)
    totp = TOTP(device.bin_key)
    totp.time = at
    return f"{totp.token():06}"


def refusal(account, typed):
    with pytest.raises(CodeRefused) as refused:
        actions.verify_second_factor(account, typed)
    return refused.value


# Powers


def test_roles_are_held_in_their_office_only():
    powers = Powers(frozenset({("case_officer", "5901"), ("decision_maker", "6901")}))
    assert powers.roles_in("5901") == {"case_officer"}
    assert powers.roles_in("6901") == {"decision_maker"}
    assert powers.roles_in("4201") == frozenset()
    assert powers.offices == {"5901", "6901"}
    assert powers.roles == {"case_officer", "decision_maker"}
    assert not powers.national


def test_a_national_role_is_held_in_every_office():
    powers = Powers(frozenset({("national_administrator", ""), ("reception", "5901")}))
    assert powers.national
    assert powers.roles_in("5901") == {"national_administrator", "reception"}
    assert powers.roles_in("9999") == {"national_administrator"}
    assert powers.offices == {"5901"}


def test_nobody_without_post_holds_a_role():
    assert Powers().roles_in("5901") == frozenset()
    assert not Powers().has_role(Post.Role.values)
    assert not Powers().national


# Accounts


def test_an_officer_has_posts_and_an_applicant_is_none(officer, lille, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = queries.officer_of(officer.account)
        powers = queries.powers_of(found)
        posts = queries.posts_of(found)
    assert found == officer
    assert [(post.role, post.office) for post in posts] == [("case_officer", lille)]
    assert powers.roles_in(lille.code) == {"case_officer"}
    assert queries.officer_of(make_account()) is None


def test_an_address_is_one_officer(officer, lille):
    with pytest.raises(OfficerExists):
        actions.create_officer("Autre", "camille@LILLE.fr", [(Post.Role.RECEPTION, lille)])


def test_the_set_up_link_serves_once_within_three_days(lille, movable_clock):
    link = actions.create_officer("Camille", "camille@lille.fr", [(Post.Role.RECEPTION, lille)])
    movable_clock.move(hours=71)
    actions.set_officer_password(link.raw, PASSWORD)
    with pytest.raises(LinkUnusable):
        actions.set_officer_password(link.raw, "Autre-mot-de-passe-8")
    late = actions.renew_officer(link.officer)
    movable_clock.move(hours=73)
    with pytest.raises(LinkUnusable):
        actions.set_officer_password(late.raw, PASSWORD)


def test_renewing_takes_password_and_telephone_away(officer, moment):
    account = officer.account
    actions.verify_second_factor(account, code(account, moment.now))
    old = queries.second_factor_of(account)
    link = actions.renew_officer(officer)
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert queries.second_factor_of(account) is None
    actions.set_officer_password(link.raw, PASSWORD)
    renewed = queries.second_factor_of(account)
    assert not renewed.confirmed
    assert renewed.key != old.key


def test_the_command_prints_a_link_that_works(lille, capsys):
    call_command("create_officer", "camille@lille.fr", "--name", "Camille", "--office", "lille", "--role", "case_officer")
    printed = capsys.readouterr().out
    raw = printed.split("/agents/activer/")[1].split("/")[0]
    assert actions.set_officer_password(raw, PASSWORD).identifier == "camille@lille.fr"
    call_command("create_officer", "camille@lille.fr", "--renew")
    assert "/agents/activer/" in capsys.readouterr().out
    call_command("create_officer", "nat@interieur.fr", "--name", "Nat", "--role", "national_administrator")
    assert Officer.objects.get(account__identifier="nat@interieur.fr").posts.get().office is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--name", "C", "--role", "case_officer"],
        ["--name", "C", "--role", "national_administrator", "--office", "lille"],
        ["--name", "C", "--role", "case_officer", "--office", "atlantide"],
        ["--office", "lille"],
        ["--renew"],
    ],
)
def test_the_command_says_what_is_missing(lille, arguments):
    with pytest.raises(CommandError):
        call_command("create_officer", "camille@lille.fr", *arguments)
    assert not Officer.objects.exists()


# Second factor


def test_the_first_code_confirms_the_telephone(officer, moment):
    account = officer.account
    assert not queries.second_factor_of(account).confirmed
    assert refusal(account, "000000").code == "wrong"
    assert not queries.second_factor_of(account).confirmed
    moment.move(30)
    actions.verify_second_factor(account, code(account, moment.now))
    assert queries.second_factor_of(account).confirmed


def test_a_code_serves_once_and_the_second_visitor_is_told_to_wait_for_the_next(officer, moment):
    account = officer.account
    first = code(account, moment.now)
    moment.move(10)
    actions.verify_second_factor(account, first)
    refused = refusal(account, first)
    assert refused.code == "replayed"
    assert "20 secondes" in str(refused.message)
    moment.move(20)
    assert refusal(account, first).code == "replayed"  # still within what drifting clocks are forgiven
    actions.verify_second_factor(account, code(account, moment.now))  # and a replay did not slow the next code down


def test_an_old_code_that_was_used_long_ago_is_only_wrong(officer, moment):
    account = officer.account
    first = code(account, moment.now)
    actions.verify_second_factor(account, first)
    moment.move(600)
    assert refusal(account, first).code == "wrong"


def test_wrong_codes_slow_guessing_down_and_say_for_how_long(officer, moment):
    account = officer.account
    for _ in range(6):
        refusal(account, "000001")
        moment.move(40)
    assert refusal(account, "000001").code == "wrong"
    refused = refusal(account, code(account, moment.now))
    assert refused.code == "throttled"
    assert "64 secondes" in str(refused.message)
    moment.move(66)
    actions.verify_second_factor(account, code(account, moment.now))


@pytest.mark.parametrize("spaced", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
def test_spaces_in_a_code_are_forgiven(officer, moment, spaced):
    typed = code(officer.account, moment.now)
    actions.verify_second_factor(officer.account, spaced.format(typed[:3], typed[3:]))


def test_anything_but_digits_is_a_wrong_code(officer, moment):
    for typed in ("", "abc", "🙂"):
        assert refusal(officer.account, typed).code in ("wrong", "throttled")
        moment.move(40)


def test_without_device_the_administrator_is_the_way(db):
    account = make_account("agent@lille.fr", kind="officer")
    assert refusal(account, "123456").code == "missing"


def test_a_known_secret_makes_a_confirmed_device_and_is_shown_in_groups(db):
    account = make_account("agent@lille.fr", kind="officer")
    device = actions.prepare_second_factor(account, secret=SECRET)
    assert device.confirmed
    assert queries.secret_of(device) == "JBSW Y3DP EHPK 3PXP"
    assert actions.prepare_second_factor(account) == device
