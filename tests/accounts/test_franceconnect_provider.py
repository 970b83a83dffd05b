"""The conversation with FranceConnect: what it signs for us is believed, anything else is refused whole."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey

from guichet.accounts.franceconnect import provider as franceconnect
from guichet.accounts.franceconnect.errors import AnswerRefused, IdentityIncomplete, ProviderUnavailable
from tests.accounts.provider import CLAIMS, CLIENT, SECRET, Provider

BACK = "https://guichet.example.org/compte/franceconnect/retour/"


@pytest.fixture
def provider(settings):
    franceconnect._descriptions.clear()
    made = Provider()
    made.claims["birthdate"] = "2009-10-14"
    settings.FRANCECONNECT = {"issuer": made.issuer, "client_id": CLIENT, "client_secret": SECRET, "simulated": True}
    yield made
    made.close()


def come_back(provider, **changes):
    """The whole way: departure, consent, return."""
    departure = franceconnect.depart(BACK)
    code, _ = provider.authorize(departure.url, **changes)
    return franceconnect.arrive(code, redirect_uri=BACK, nonce=departure.nonce, verifier=departure.verifier)


def test_whether_it_answers_is_asked_anew(provider):
    assert franceconnect.answers()
    provider.close()
    assert not franceconnect.answers()


def test_the_departure_asks_what_is_needed_and_gives_no_secret(provider):
    departure = franceconnect.depart(BACK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(departure.url).query).items()}
    assert asked["scope"].split() == ["openid", "profile", "birth", "email"]
    assert (asked["response_type"], asked["acr_values"], asked["redirect_uri"]) == ("code", "eidas1", BACK)
    assert asked["state"] == departure.state and asked["nonce"] == departure.nonce
    assert asked["code_challenge_method"] == "S256" and departure.verifier not in departure.url
    assert SECRET not in departure.url
    assert len({departure.state, departure.nonce, departure.verifier}) == 3
    assert min(map(len, (departure.state, departure.nonce))) >= 32


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("userinfo", ["jwt", "json"])
def test_a_signed_answer_gives_an_identity(provider, algorithm, userinfo):
    provider.algorithm, provider.userinfo_as = algorithm, userinfo
    identity = come_back(provider).identity
    assert (identity.family_name, identity.given_names, identity.sex) == ("DIALLO", "AMADOU", "M")
    assert (identity.birth_date, identity.birth_country) == ("2009-10-14", "99330")
    assert CLAIMS["sub"] not in identity.subject and len(identity.subject) == 64


def test_the_same_person_has_the_same_subject_and_another_another(provider):
    first, again = come_back(provider).identity.subject, come_back(provider).identity.subject
    provider.claims["sub"] = "someone-else"
    assert first == again != come_back(provider).identity.subject


def test_without_pkce_at_the_provider_none_is_asked(provider):
    provider.metadata["code_challenge_methods_supported"] = []
    assert "code_challenge" not in franceconnect.depart(BACK).url
    come_back(provider)
    assert "code_verifier" not in provider.asked[-2][1]


def test_a_wrong_verifier_opens_nothing(provider):
    departure = franceconnect.depart(BACK)
    code, _ = provider.authorize(departure.url)
    with pytest.raises(AnswerRefused):
        franceconnect.arrive(code, redirect_uri=BACK, nonce=departure.nonce, verifier="another")


def test_a_code_is_used_once(provider):
    departure = franceconnect.depart(BACK)
    code, _ = provider.authorize(departure.url)
    kept = {"redirect_uri": BACK, "nonce": departure.nonce, "verifier": departure.verifier}
    franceconnect.arrive(code, **kept)
    with pytest.raises(AnswerRefused):
        franceconnect.arrive(code, **kept)


NOW = time.time()
LIES = {
    "another nonce": {"nonce": "of-another-departure"},
    "no nonce": {"nonce": None},
    "another site": {"aud": "another-client"},
    "several sites, none named": {"aud": [CLIENT, "another"], "azp": None},
    "acts for another site": {"azp": "another"},
    "another issuer": {"iss": "https://franceconnect.example.org/api/v2"},
    "no issuer": {"iss": None},
    "expired": {"iat": int(NOW) - 900, "exp": int(NOW) - 300},
    "issued tomorrow": {"iat": int(NOW) + 86_400, "exp": int(NOW) + 90_000},
    "no expiry": {"exp": None},
    "not yet": {"nbf": int(NOW) + 3600},
    "a level too low": {"acr": "eidas0"},
    "no subject": {"sub": ""},
    "another subject than userinfo": {"sub": "someone-else"},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_something_wrong_is_refused(provider, lie):
    provider.id_token = lambda claims: {name: value for name, value in (claims | LIES[lie]).items() if value is not None}
    with pytest.raises(AnswerRefused):
        come_back(provider)


def test_two_clocks_a_minute_apart_understand_each_other(provider):
    provider.id_token = lambda claims: claims | {"iat": int(time.time()) + 60, "exp": int(time.time()) + 120}
    come_back(provider)
    provider.id_token = lambda claims: claims | {"iat": int(time.time()) - 120, "exp": int(time.time()) - 60}
    come_back(provider)


def _other_payload(token):
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "someone-else"}).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


def _unsigned(token):
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "spoil",
    [
        _other_payload,
        _unsigned,
        lambda token: token[:-6] + "AAAAAA",
        lambda token: "",
        lambda token: "not.a.token",
        lambda token: 7,
    ],
    ids=["altered", "unsigned", "bad signature", "empty", "no token", "not a text"],
)
def test_an_altered_token_is_refused(provider, spoil):
    provider.spoil = spoil
    with pytest.raises(AnswerRefused):
        come_back(provider)


def test_another_key_under_the_same_name_is_refused(provider):
    provider.signing_key = ECKey.generate_key("P-256", {"kid": "ec"})
    with pytest.raises(AnswerRefused):
        come_back(provider)


def test_the_shared_secret_signs_nothing(provider):
    """HS256 with the client's secret, or with the public key as a secret: an algorithm that we never accept."""
    for secret in (SECRET.encode(), provider.keys["ES256"].as_pem(private=False)):
        provider.spoil = lambda token, secret=secret: _by_hand(token, secret)
        with pytest.raises(AnswerRefused):
            come_back(provider)


def _by_hand(token, secret):
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"ec"}').rstrip(b"=").decode()
    said = f"{header}.{token.split('.')[1]}"
    signature = hmac.new(secret, said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_new_keys_are_fetched_when_the_old_ones_do_not_fit(provider):
    come_back(provider)
    provider.keys["ES256"] = provider.published["ES256"] = ECKey.generate_key("P-256", {"kid": "new"})
    come_back(provider)


@pytest.mark.parametrize("broken", [{"sub": "someone-else"}, {"sub": None}])
def test_user_information_about_somebody_else_is_refused(provider, broken):
    provider.userinfo = lambda claims: claims | broken
    with pytest.raises(AnswerRefused):
        come_back(provider)


@pytest.mark.parametrize("name", ["family_name", "birthdate"])
def test_an_identity_without_a_name_or_a_birth_date_is_said_incomplete(provider, name):
    provider.userinfo = lambda claims: {key: value for key, value in claims.items() if key != name}
    with pytest.raises(IdentityIncomplete):
        come_back(provider)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_nobody_leaves_for_a_provider_that_does_not_describe_itself(provider, path):
    provider.failing.add(path)
    with pytest.raises(ProviderUnavailable):
        franceconnect.depart(BACK)


@pytest.mark.parametrize("path", ["/token", "/userinfo"])
def test_a_provider_that_fails_on_the_way_back_is_said_unavailable(provider, path):
    departure = franceconnect.depart(BACK)
    code, _ = provider.authorize(departure.url)
    provider.failing.add(path)
    with pytest.raises(ProviderUnavailable):
        franceconnect.arrive(code, redirect_uri=BACK, nonce=departure.nonce, verifier=departure.verifier)


def test_a_provider_that_is_not_there_is_said_unavailable(provider):
    provider.close()
    with pytest.raises(ProviderUnavailable):
        franceconnect.depart(BACK)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://other.example.org"},
        {"token_endpoint": "http://other.example.org/token"},
        {"jwks_uri": None},
        {"userinfo_endpoint": "file:///etc/passwd"},
    ],
)
def test_a_description_that_leads_elsewhere_is_refused(provider, description):
    provider.metadata = description
    with pytest.raises(ProviderUnavailable):
        franceconnect.depart(BACK)


def test_the_real_service_is_only_asked_over_https(provider, settings):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "simulated": False}
    with pytest.raises(ProviderUnavailable):
        franceconnect.depart(BACK)


def test_the_real_service_says_how_sure_it_is(provider, settings, monkeypatch):
    """What stands for it in the demonstration may be silent on the level; FranceConnect may not."""
    provider.id_token = lambda claims: {name: value for name, value in claims.items() if name != "acr"}
    come_back(provider)
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "simulated": False}
    monkeypatch.setattr(franceconnect, "_may_be_asked", lambda url: True)
    with pytest.raises(AnswerRefused):
        come_back(provider)
    provider.id_token = lambda claims: claims
    come_back(provider)


def test_a_short_lived_access_token_is_still_used(provider):
    """FranceConnect's last 60 seconds, which a careless client takes for expired."""
    come_back(provider)
    assert [path for path, _ in provider.asked][-2:] == ["/token", "/userinfo"]


def test_a_simulated_provider_is_reached_under_the_name_of_the_site(provider):
    port = provider.server.server_port
    assert franceconnect.depart(BACK, browser_host="192.0.2.7").url.startswith(f"http://192.0.2.7:{port}/api/v2/authorize?")
    assert franceconnect.depart(BACK, browser_host="2001:db8::1").url.startswith(f"http://[2001:db8::1]:{port}/")


def test_signing_out_leads_to_the_provider_and_back(provider):
    url = franceconnect.departure_url("the-id-token", "https://guichet.example.org/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{provider.issuer}/session/end?")
    assert asked["id_token_hint"] == "the-id-token" and asked["post_logout_redirect_uri"] == "https://guichet.example.org/"
    assert asked["state"]


def test_signing_out_of_a_provider_that_is_down_leads_nowhere(provider):
    provider.failing.add("/.well-known/openid-configuration")
    assert franceconnect.departure_url("the-id-token", "https://guichet.example.org/") == ""
