"""The registries check their own set-up, when the site starts and in ``manage.py check``. Nobody is asked anything."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from guichet.registries.queries import NAMES, SIMULATOR

PUBLIC = frozenset({"addresses", "beacon"})  # open to anybody
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@register()
def addresses_of_registries(**_: Any) -> list[CheckMessage]:
    """An address that cannot work, and one that would carry people's data or a token in clear."""
    found: list[CheckMessage] = []
    for name in NAMES:
        url, token = settings.REGISTRIES[name]["url"], settings.REGISTRIES[name]["token"]
        variable = f"{name.upper()}_URL"
        if url == SIMULATOR:
            continue
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            found.append(Error(f"{variable} is not an address.", hint="Write https://…, or «simulator».", id="registries.E001"))
        elif parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
            found.append(Error(f"{variable} would carry people's data in clear.", hint="Use https://…", id="registries.E002"))
        if name not in PUBLIC and not token:
            hint = f"Set {name.upper()}_TOKEN, unless the door opens without one."
            found.append(Warning(f"{name} is asked without a token.", hint=hint, id="registries.W001"))
    return found
