"""The banner and the handles of the demonstration, hung on every page (only with DEMO=1)."""

from base64 import b32decode
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django_otp.oath import totp

from guichet.demo import franceconnect, handles, models, people


def current_code() -> str:
    """The code that an officer's telephone would show now (six digits)."""
    return f"{totp(b32decode(handles.TOTP_SECRET)):06}"


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """``demonstration``: read by the base page (banner) and by the home page (``handles``, one query, only there)."""
    return {
        "demonstration": {
            "handles": SimpleLazyObject(lambda: list(handles.handles(models.day_of_the_world()))),
            "password": handles.PASSWORD,
            "totp_secret": handles.TOTP_SECRET,
            "totp_code": SimpleLazyObject(current_code),
            "officers": [
                *(f"{role}@lille.demo" for role in ("accueil", "agent", "decideur", "admin")),
                "admin@national.demo",
            ],
            "care_date": SimpleLazyObject(lambda: f"{people.care_date('5903007192', models.day_of_the_world()):%d/%m/%Y}"),
            "franceconnect": franceconnect.handles() if settings.FRANCECONNECT["issuer"] else [],
            "ephoto": "1234567890123456789012",
            "address": people.LILLE,
        }
    }
