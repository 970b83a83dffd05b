"""The officers' door: password, second factor, and nothing in between opens a page."""

import time

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django_otp.oath import TOTP

from guichet.accounts import actions, queries
from guichet.accounts.models import Post
from guichet.offices.models import Office
from guichet.web.design.guards import officer_required
from tests.accounts.helpers import NUMBER, PASSWORD, make_account

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("officer:sign_in")
CODE = reverse("officer:second_factor")
EMAIL = "camille@lille.fr"
NEW = "Quatre-chiens-noirs-8"


@pytest.fixture
def link():
    lille = Office.objects.get(slug="lille")
    return actions.create_officer("Camille Agent", EMAIL, [(Post.Role.CASE_OFFICER, lille)])


@pytest.fixture
def officer(link):
    return actions.set_officer_password(link.raw, PASSWORD)


@pytest.fixture
def moment(monkeypatch):
    class Moment:
        now = time.time() // 30 * 30

    still = Moment()
    monkeypatch.setattr(time, "time", lambda: still.now)
    return still


def code_of(account, at):
    totp = TOTP(queries.second_factor_of(account).bin_key)
    totp.time = at
    return f"{totp.token():06}"


def first_step(client, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"identifier": EMAIL, "password": password, **extra})


def is_in(client):
    return SESSION_KEY in client.session


def test_from_the_handed_over_link_to_the_first_sign_in(link, client, moment):
    page = client.get(reverse("officer:set_up", args=[link.raw]), follow=True)
    assert page.redirect_chain == [(reverse("officer:set_password"), 302)]
    assert link.raw not in page.content.decode()
    assert "Camille Agent" in page.content.decode()
    assert (
        "Il manque"
        in client.post(reverse("officer:set_password"), {"password": "court", "password_again": "court"}).content.decode()
    )
    response = client.post(reverse("officer:set_password"), {"password": PASSWORD, "password_again": PASSWORD})
    assert response["Location"] == SIGN_IN
    assert first_step(client)["Location"] == CODE
    page = client.get(CODE).content.decode()
    account = link.officer.account
    assert queries.secret_of(queries.second_factor_of(account)) in page
    assert "data:image/svg+xml" in page
    response = client.post(CODE, {"code": code_of(account, moment.now)})
    assert response["Location"] == reverse("officer:home")
    assert is_in(client)
    used = Client().get(reverse("officer:set_up", args=[link.raw]), follow=True)
    assert used.status_code == 410


def test_the_secret_is_never_shown_again(officer, client, moment):
    first_step(client)
    client.post(CODE, {"code": code_of(officer, moment.now)})
    client.post(reverse("officer:sign_out"))
    first_step(client)
    page = client.get(CODE).content.decode()
    assert "data:image" not in page
    assert queries.secret_of(queries.second_factor_of(officer)) not in page


def test_a_password_alone_signs_nobody_in(officer, client):
    first_step(client)
    assert not is_in(client)
    assert client.get(reverse("account:home")).status_code == 302


def test_a_code_without_a_password_leads_back(officer, client, moment):
    assert client.post(CODE, {"code": code_of(officer, moment.now)})["Location"] == SIGN_IN
    assert not is_in(client)


def test_a_right_password_is_remembered_ten_minutes(officer, client, moment, movable_clock):
    first_step(client)
    movable_clock.move(minutes=11)
    assert client.post(CODE, {"code": code_of(officer, moment.now)})["Location"] == SIGN_IN
    assert not is_in(client)


def test_a_password_changed_meanwhile_is_no_longer_right(officer, client, moment):
    first_step(client)
    actions.change_password(officer, NEW, current=PASSWORD)
    assert client.post(CODE, {"code": code_of(officer, moment.now)})["Location"] == SIGN_IN


def test_a_code_used_a_moment_ago_says_to_wait_for_the_next(officer, client, moment):
    first_step(client)
    code = code_of(officer, moment.now)
    client.post(CODE, {"code": code})
    second = Client()
    first_step(second)
    page = second.post(CODE, {"code": code}).content.decode()
    assert "Attendez le suivant" in page
    assert not is_in(second)
    moment.now += 30
    second.post(CODE, {"code": code_of(officer, moment.now)})
    assert is_in(second)


def test_a_wrong_code_is_said_and_many_slow_down(officer, client, moment):
    first_step(client)
    assert "pas le bon" in client.post(CODE, {"code": "000000"}).content.decode().replace("&#x27;", "'")
    assert "Attendez" in client.post(CODE, {"code": "000000"}).content.decode()


def test_each_step_changes_the_key_of_the_session(officer, client, moment):
    client.get(reverse("account:activate", args=["quelconque"]))
    keys = [client.session.session_key]
    first_step(client)
    keys.append(client.session.session_key)
    client.post(CODE, {"code": code_of(officer, moment.now)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_applicants_and_wrong_passwords_are_told_alike(officer):
    make_account("nadia@exemple.fr", email="nadia@exemple.fr")
    pages = [
        Client().post(SIGN_IN, {"identifier": identifier, "password": password}).content.decode().split("<main")[1]
        for identifier, password in ((EMAIL, "faux"), ("nadia@exemple.fr", PASSWORD), ("x@exemple.fr", PASSWORD))
    ]
    assert all("ne vont pas ensemble" in page for page in pages)


def test_the_officers_door_locks_too_and_says_what_officers_can_do(officer, client):
    for _ in range(5):
        page = first_step(client, "faux")
    assert page.status_code == 429
    assert "administrateur" in page.content.decode()
    assert reverse("account:forgotten_password") not in page.content.decode()


@pytest.mark.parametrize(("wanted", "goes"), [("/agents/dossiers/", "/agents/dossiers/"), ("//pirate.example/", None)])
def test_one_goes_on_to_pages_of_this_site_only(officer, client, moment, wanted, goes):
    first_step(client, next=wanted)
    response = client.post(CODE, {"code": code_of(officer, moment.now)})
    assert response["Location"] == (goes or reverse("officer:home"))


# The guard


def guarded(user, *roles, verified=True):
    request = RequestFactory().get("/agents/x/")
    user.is_verified = lambda: verified
    request.user = user

    @officer_required(*roles)
    def view(request):
        return HttpResponse(f"{request.officer.name} {sorted(request.powers.roles)}")

    return view(request)


def test_the_guard_lets_verified_officers_of_the_role_in(officer):
    assert guarded(officer).content == b"Camille Agent ['case_officer']"
    assert guarded(officer, "case_officer", "decision_maker").status_code == 200


def test_the_guard_sends_the_unverified_to_the_door(officer):
    assert guarded(officer, verified=False)["Location"] == f"{SIGN_IN}?next=%2Fagents%2Fx%2F"


def test_the_guard_refuses_other_roles_applicants_and_officers_without_record(officer):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        guarded(officer, "decision_maker")
    with pytest.raises(PermissionDenied):
        guarded(make_account(NUMBER))
    with pytest.raises(PermissionDenied):
        guarded(make_account("sans-poste@lille.fr", kind="officer"))
