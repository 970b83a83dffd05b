"""The conversation with FranceConnect: OpenID Connect, authorization code. The only file of this room that speaks HTTP.

Authlib makes the requests, joserfc checks signatures; what is refused here is refused whole. Times are those of the machine, as
the provider's are: the demonstration's clock moves people's files, not the world's tokens.
"""

import time
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from guichet.accounts.franceconnect.errors import AnswerRefused, ProviderUnavailable
from guichet.accounts.franceconnect.pivot import PivotIdentity
from guichet.core.identifiers import new_token

log = structlog.get_logger("guichet.franceconnect")

SCOPE = "openid profile birth email"  # names, sex, date of birth, place of birth, address
ASKED_LEVEL = "eidas1"
ACCEPTED_LEVELS = frozenset({"eidas1", "eidas2", "eidas3"})
ALGORITHMS = frozenset({"RS256", "ES256"})
TIMEOUT_SECONDS = (3, 5)  # to connect; between two pieces of an answer
LEEWAY_SECONDS = 120  # two clocks that are not quite right
KEPT_SECONDS = 600  # the provider's own description and keys
NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Departure:
    """Somebody sent to FranceConnect: where, and what must be kept until they come back (in their session, nowhere else)."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Arrival:
    """Somebody whom FranceConnect vouches for. ``id_token`` is given back to it when they sign out."""

    identity: PivotIdentity
    id_token: str


@dataclass(frozen=True)
class _Description:
    """What the provider says of itself, and its keys."""

    metadata: dict[str, Any]
    keys: KeySet
    read_at: float  # monotonic seconds


_descriptions: dict[str, _Description] = {}  # by issuer, in this process


def _setting(name: str) -> str:
    return str(settings.FRANCECONNECT[name])


def is_open() -> bool:
    """Whether this site is connected to FranceConnect, or to what stands for it."""
    return bool(_setting("issuer"))


def is_simulated() -> bool:
    return bool(settings.FRANCECONNECT["simulated"])


def answers() -> bool:
    """Whether FranceConnect answers now as it should. One conversation, at most a few seconds."""
    try:
        _describe(again=True)
    except ProviderUnavailable:
        return False
    return True


def depart(redirect_uri: str, *, browser_host: str = "") -> Departure:
    """Where to send the browser. ``browser_host``: the name under which it reaches this machine, for a simulated provider.

    Raises ``ProviderUnavailable``.
    """
    metadata = _describe().metadata
    state, nonce, verifier = (new_token()[0] for _ in range(3))
    proves = "S256" in metadata.get("code_challenge_methods_supported", ())
    with _session(redirect_uri=redirect_uri, scope=SCOPE, code_challenge_method="S256" if proves else None) as session:
        url, _ = session.create_authorization_url(
            metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier, acr_values=ASKED_LEVEL
        )
    return Departure(_as_seen_by(browser_host, url), state, nonce, verifier)


def arrive(code: str, *, redirect_uri: str, nonce: str, verifier: str) -> Arrival:
    """Exchanges the code that the browser brought back for an identity. Raises ``ProviderUnavailable``, ``AnswerRefused``,
    ``IdentityIncomplete``.
    """
    description = _describe()
    proves = "S256" in description.metadata.get("code_challenge_methods_supported", ())
    methods = description.metadata.get("token_endpoint_auth_methods_supported", ())
    method = "client_secret_post" if "client_secret_post" in methods else "client_secret_basic"
    with _session(redirect_uri=redirect_uri, token_endpoint_auth_method=method) as session:
        try:
            token = session.fetch_token(
                description.metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                redirect_uri=redirect_uri,
                allow_redirects=False,
                **({"code_verifier": verifier} if proves else {}),
            )
        except AuthlibBaseError as error:  # the code was used, is too old, or was made for somebody else
            _refuse("token", error.error or "")
        except (requests.RequestException, ValueError) as error:
            raise _unavailable("token", error) from None
        if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
            _refuse("token", "no id_token")
        about = _checked_id_token(token["id_token"], token["access_token"], nonce)
        claims = _user_info(session, description.metadata["userinfo_endpoint"])
    if claims.get("sub") != about["sub"]:
        _refuse("userinfo", "another subject")
    issuer_host = urlsplit(_setting("issuer")).hostname or ""
    return Arrival(PivotIdentity.from_claims(claims, issuer_host=issuer_host), token["id_token"])


def departure_url(id_token: str, back: str, *, browser_host: str = "") -> str:
    """Where the browser ends its session at FranceConnect, and comes back to ``back``. Empty when it cannot be told."""
    try:
        endpoint = _describe().metadata.get("end_session_endpoint", "")
    except ProviderUnavailable:
        return ""
    if not endpoint:
        return ""
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "state": new_token()[0]}
    return _as_seen_by(browser_host, f"{endpoint}?{urlencode(asked)}")


def _session(**options: Any) -> OAuth2Session:
    # FranceConnect's access tokens last 60 seconds, which is what Authlib holds for expired unless told otherwise.
    who = (_setting("client_id"), _setting("client_secret"))
    session = OAuth2Session(*who, default_timeout=TIMEOUT_SECONDS, leeway=0, **options)
    if urlsplit(_setting("issuer")).hostname in LOOPBACK:
        session.trust_env = False  # no proxy leads to this machine
    return session


def _describe(*, again: bool = False) -> _Description:
    """The provider's own description, asked for at most once in a while (``again``: now)."""
    issuer = _setting("issuer")
    known = _descriptions.get(issuer)
    if known and not again and time.monotonic() - known.read_at < KEPT_SECONDS:
        return known
    with _session() as session:
        metadata = _read_json(session, f"{issuer}/.well-known/openid-configuration")
        if metadata.get("issuer") != issuer or not all(_may_be_asked(metadata.get(name)) for name in NEEDED):
            log.error("franceconnect description refused")
            raise ProviderUnavailable
        try:
            keys = KeySet.import_key_set(_read_json(session, metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise _unavailable("keys", error) from None
    description = _Description(metadata, keys, time.monotonic())
    _descriptions[issuer] = description
    return description


def _may_be_asked(url: Any) -> bool:
    """An address of the provider: over HTTPS, or on this very machine for a simulated one."""
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or (is_simulated() and parts.scheme == "http" and parts.hostname in LOOPBACK)


def _read_json(session: OAuth2Session, url: str) -> dict[str, Any]:
    try:
        answer = session.get(url, withhold_token=True, allow_redirects=False)
        answer.raise_for_status()
        read = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise _unavailable("description", error) from None
    if not isinstance(read, dict):
        raise _unavailable("description", TypeError())
    return read


def _user_info(session: OAuth2Session, endpoint: str) -> dict[str, Any]:
    """The claims of the person: JSON over HTTPS, or, as FranceConnect does, a signed token."""
    try:
        answer = session.get(endpoint, allow_redirects=False)
        answer.raise_for_status()
        if answer.headers.get("Content-Type", "").partition(";")[0].strip() != "application/jwt":
            claims = answer.json()
            if not isinstance(claims, dict):
                _refuse("userinfo", "not an object")
            return claims
    except (requests.RequestException, ValueError) as error:
        raise _unavailable("userinfo", error) from None
    except AuthlibBaseError as error:  # a token of a type that Authlib does not know how to use
        _refuse("userinfo", error.error or "")
    read = _signed(answer.text.strip())
    checker = CodeIDToken.registry_cls(leeway=LEEWAY_SECONDS, **_expected())
    try:
        checker.validate(read.claims)
    except JoseError as error:
        _refuse("userinfo", error.error)
    return read.claims


def _checked_id_token(id_token: str, access_token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token signed by FranceConnect, for this site, now, in answer to this very departure."""
    read = _signed(id_token)
    about = {"nonce": nonce, "client_id": _setting("client_id"), "access_token": access_token}
    checked = CodeIDToken(read.claims, read.header, _expected(), about)
    try:
        checked.validate(leeway=LEEWAY_SECONDS)
    except JoseError as error:
        _refuse("id_token", error.error)
    level = checked.get("acr")
    if level not in ACCEPTED_LEVELS and not (level is None and is_simulated()):
        _refuse("id_token", "level")
    if not isinstance(checked["sub"], str) or not checked["sub"]:
        _refuse("id_token", "subject")
    return dict(checked)


def _expected() -> dict[str, Any]:
    expected = {"iss": _setting("issuer"), "aud": _setting("client_id")}
    return {name: {"essential": True, "value": value} for name, value in expected.items()}


def _signed(token: str) -> jwt.Token:
    """What a token says, when one of the provider's keys signed it. Keys are asked for again when they may be new."""
    registry = JWSRegistry(algorithms=sorted(ALGORITHMS), strict_check_header=False)
    try:
        try:
            return jwt.decode(token, _describe().keys, registry=registry)
        except (InvalidKeyIdError, BadSignatureError):
            return jwt.decode(token, _describe(again=True).keys, registry=registry)
    except (JoseError, ValueError) as error:
        _refuse("signature", type(error).__name__)


def _as_seen_by(browser_host: str, url: str) -> str:
    """A simulated provider runs beside the site: the browser reaches it under the name by which it reaches the site."""
    parts = urlsplit(url)
    if not (browser_host and is_simulated() and parts.hostname in LOOPBACK):
        return url
    name = f"[{browser_host}]" if ":" in browser_host else browser_host
    return urlunsplit(parts._replace(netloc=f"{name}:{parts.port}" if parts.port else name))


def _refuse(part: str, why: str) -> NoReturn:
    log.warning("franceconnect answer refused", part=part, why=why)
    raise AnswerRefused


def _unavailable(part: str, error: Exception) -> ProviderUnavailable:
    log.warning("franceconnect unavailable", part=part, error=type(error).__name__)
    return ProviderUnavailable()
