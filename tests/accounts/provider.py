"""A provider of identities that answers over HTTP whatever a test wants: signed as FranceConnect signs, or badly.

The honest provider of the demonstration is another one (``oidc-provider-mock``, in a process of its own): this one may lie.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "guichet", "secret-of-the-tests"
CLAIMS = {
    "sub": "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1",
    "family_name": "DIALLO",
    "given_name": "AMADOU",
    "gender": "male",
    "birthplace": "",
    "birthcountry": "99330",
    "email": "Amadou@Exemple.fr",
}


class Provider:
    """``claims`` are the person's; ``id_token`` and ``userinfo`` change what is said before it is signed."""

    def __init__(self):
        self.keys = {"RS256": RSAKey.generate_key(2048, {"kid": "rsa"}), "ES256": ECKey.generate_key("P-256", {"kid": "ec"})}
        self.published = dict(self.keys)
        self.algorithm = "ES256"
        self.signing_key = None  # another key than the one that is published
        self.claims = dict(CLAIMS)
        self.id_token = lambda claims: claims
        self.userinfo = lambda claims: claims
        self.spoil = lambda token: token  # what becomes of the ID token once signed
        self.userinfo_as = "jwt"
        self.metadata = {}
        self.failing = set()  # paths that answer 500
        self.codes = {}  # code → what was asked
        self.asked = []  # (path, form) of each request
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/api/v2"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, url, **changes):
        """The person agrees: the code that their browser brings back. ``changes`` of what was asked."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} | changes
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code, asked

    def sign(self, claims, algorithm=None, key=None):
        algorithm = algorithm or self.algorithm
        signer = key or self.signing_key or self.keys[algorithm]
        return jwt.encode({"alg": algorithm, "kid": self.keys[algorithm].kid}, claims, signer)

    def _description(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            **self.metadata,
        }

    def _token(self, form):
        asked = self.codes.pop(form.get("code"), None)
        right = asked and form.get("client_secret") == SECRET and form.get("redirect_uri") == asked["redirect_uri"]
        if right and "code_challenge" in asked:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            right = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        if not right:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.claims["sub"],
            "nonce": asked["nonce"],
            "acr": "eidas1",
            "iat": now,
            "exp": now + 60,
        }
        signed = self.spoil(self.sign(self.id_token(claims)))
        return 200, {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._answer({})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self._answer({name: values[0] for name, values in parse_qs(body).items()})

            def _answer(self, form):
                path = urlsplit(self.path).path.removeprefix("/api/v2")
                provider.asked.append((path, form))
                kind = "application/json"
                if path in provider.failing:
                    status, said = 500, {"error": "server_error"}
                elif path == "/.well-known/openid-configuration":
                    status, said = 200, provider._description()
                elif path == "/jwks":
                    status, said = 200, {"keys": [key.as_dict(private=False) for key in provider.published.values()]}
                elif path == "/token":
                    status, said = provider._token(form)
                elif path == "/userinfo" and self.headers.get("Authorization") == "Bearer an-access-token":
                    status, said = 200, provider.userinfo(dict(provider.claims))
                    if provider.userinfo_as == "jwt":
                        kind, said = "application/jwt", provider.sign({"iss": provider.issuer, "aud": CLIENT, **said})
                else:
                    status, said = 404, {}
                written = (said if isinstance(said, str) else json.dumps(said)).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(written)))
                self.end_headers()
                self.wfile.write(written)

            def log_message(self, *args):
                pass

        return Handler
