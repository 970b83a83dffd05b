"""A browser that goes through FranceConnect: the addresses, leaving, coming back, giving the number."""

import re

from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from tests.accounts.helpers import EMAIL, NUMBER

BEGIN, CALLBACK = reverse("account:franceconnect"), reverse("account:franceconnect_callback")
IDENTITY, TROUBLE = reverse("account:franceconnect_identity"), reverse("account:franceconnect_trouble")
MISMATCH, UNLINK = reverse("account:franceconnect_mismatch"), reverse("account:franceconnect_unlink")
SIGNED_OUT, LANDING = reverse("account:franceconnect_signed_out"), reverse("applicant:applications")


def leave(client, **params):
    """Where the button leads."""
    return client.get(BEGIN, params).headers["Location"]


def come_back(client, provider, **params):
    """Leaves, agrees, comes back: the answer of the site."""
    code, asked = provider.authorize(leave(client, **params))
    return client.get(CALLBACK, {"code": code, "state": asked["state"]})


def give_number(client, number=NUMBER, email=EMAIL):
    return client.post(IDENTITY, {"foreigner_number": number, "email": email})


def is_in(client):
    return SESSION_KEY in client.session


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())
