"""What stands for FranceConnect in the demonstration: a real provider of identities, in a process of its own.

It is ``oidc-provider-mock``, with two invented people, pages in our words, and «this is a demonstration» on each of them. It is
installed by ``requirements/demo.txt`` only: the library is imported when the process starts, nowhere else.
"""

import importlib.util
import os
import socket
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.dates import PartialDate, add_years, day_in_words
from guichet.demo import people

CLIENT_ID, CLIENT_SECRET = "guichet-demonstration", "not-a-secret"
MATCHES, DIFFERS = "fc-ok", "fc-mismatch"
NUMBER = "7503134955"  # OKAFOR Chinedu
BIRTH_COUNTRY = "99338"  # Nigeria, in INSEE's codes
PAGES = Path(__file__).parent / "provider"
SENTENCES: dict[str, "Promise | str"] = {
    MATCHES: _("Le registre le connaît : il entre dans son compte."),
    DIFFERS: _("Une autre date de naissance que dans le registre : rien ne s'ouvre, un agent regarde."),
}
WORDS: dict[str, "Promise | str"] = {
    "mark": _("Démonstration"),
    "not_it": _("Ceci n'est pas FranceConnect : un fournisseur d'identité simulé, avec des personnes inventées."),
    "title": _("Qui voulez-vous être ?"),
    "intro": _(
        "Chez FranceConnect, vous choisiriez un compte (impôts, assurance maladie…) et vous entreriez son mot de passe."
    ),
    "born": _("né le"),
    "deny": _("Renoncer et revenir au site"),
    "out_title": _("Se déconnecter de FranceConnect"),
    "out": _("Fermer ma connexion et revenir au site"),
    "problem": _("Cette demande n'est pas comprise"),
    "back": _("Revenez au site et recommencez la connexion."),
}


def is_installed() -> bool:
    return importlib.util.find_spec("oidc_provider_mock") is not None


def free_port(wanted: int) -> int:
    """The port wanted, or another one when something listens there already."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", port))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise OSError("No port is free.")


def environment(port: int) -> dict[str, str]:
    """The settings of a site that this provider serves, on the same machine."""
    return {
        "FRANCECONNECT_ISSUER": f"http://127.0.0.1:{port}",
        "FRANCECONNECT_CLIENT_ID": CLIENT_ID,
        "FRANCECONNECT_CLIENT_SECRET": CLIENT_SECRET,
    }


def claims(day: date) -> dict[str, dict[str, str]]:
    """The two people, as FranceConnect would tell of them, for a world made on ``day``."""
    someone = people.person(NUMBER)
    born = someone.birth_date(day).assumed()
    told = {
        "family_name": someone.birth_name,
        "given_name": someone.first_names,
        "preferred_username": "",
        "gender": "male" if someone.sex == "M" else "female",
        "birthplace": "",  # empty for those born abroad
        "birthcountry": BIRTH_COUNTRY,
    }
    return {
        MATCHES: {**told, "birthdate": born.isoformat(), "email": f"{someone.birth_name.lower()}@courriel.demo"},
        DIFFERS: {
            **told,
            "birthdate": add_years(born, -2).isoformat(),
            "email": f"{someone.birth_name.lower()}.autre@courriel.demo",
        },
    }


def application(day_of: Callable[[], date]) -> Any:
    """The provider (WSGI). ``day_of`` tells the day of the world, asked for each time somebody chooses who to be."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP: it never leaves the machine
    import flask
    import jinja2
    import oidc_provider_mock

    users = [oidc_provider_mock.User(sub=sub, claims={}) for sub in SENTENCES]
    provider = oidc_provider_mock.app(user_claims=users, require_nonce=True)
    provider.debug = False
    provider.config["SESSION_COOKIE_NAME"] = "provider"  # cookies know no port: the site's own is named «session»
    provider.jinja_loader = jinja2.FileSystemLoader(PAGES)

    @provider.before_request
    def know_the_people() -> None:
        if flask.request.endpoint and flask.request.endpoint.endswith(".authorize"):
            client = provider.test_client()
            for sub, told in claims(day_of()).items():
                client.put(f"/users/{quote(sub)}", json=told)

    @provider.context_processor
    def words() -> dict[str, Any]:
        spoken = _language(
            flask.request.cookies, flask.request.accept_languages.best_match([code for code, _ in settings.LANGUAGES])
        )
        with translation.override(spoken):
            told = claims(day_of())
            return {
                "lang": spoken,
                "words": {name: str(word) for name, word in WORDS.items()},
                "people": [
                    {
                        "sub": sub,
                        "name": f"{told[sub]['given_name']} {told[sub]['family_name']}",
                        "born": day_in_words(PartialDate.parse(told[sub]["birthdate"]).assumed()),
                        "sentence": str(sentence),
                    }
                    for sub, sentence in SENTENCES.items()
                ],
            }

    return provider


def serve(port: int, day_of: Callable[[], date]) -> None:
    """Serves until it is stopped, to whoever reaches this machine, as the demonstration's site does."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Silent(WSGIRequestHandler):
        """Addresses hold codes: nothing is logged."""

        def log(self, type: str, message: str, *args: Any) -> None:
            return

    make_server("0.0.0.0", port, application(day_of), threaded=True, request_handler=Silent).serve_forever()  # noqa: S104


def _language(cookies: Mapping[str, str], preferred: str | None) -> str:
    """That of the site, whose cookie comes along since cookies know no port; else what the browser prefers."""
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else preferred or settings.LANGUAGE_CODE
