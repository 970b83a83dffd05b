"""The banner and the handles of the demonstration, hung on every page (only with DEMO=1)."""

from base64 import b32decode
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django_otp.oath import totp

from guichet.demo import handles, models, people, world


def current_code() -> str:
    """The code that an officer's telephone would show now (six digits)."""
    return f"{totp(b32decode(handles.TOTP_SECRET)):06}"


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """``demonstration``: read by the base page (banner) and by the home page (``groups``, one query, only there)."""
    with_franceconnect = bool(settings.FRANCECONNECT["issuer"])
    return {
        "demonstration": {
            "handles_template": "demo/handles.html",
            "groups": SimpleLazyObject(
                lambda: list(handles.groups(models.day_of_the_world(), with_franceconnect=with_franceconnect))
            ),
            "password": handles.PASSWORD,
            "totp_secret": handles.TOTP_SECRET,
            "totp_code": SimpleLazyObject(current_code),
            "officer_words": tuple(world.ROLES),
            "offices": world.OFFICES,
            "national": world.NATIONAL,
            "addresses": (people.LILLE, people.LYON, people.SAINT_ETIENNE),
        }
    }
