"""How long a page takes to be made, in the process (no network), on the demonstration world; each beside the home page."""

import statistics
import time
from collections.abc import Callable

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

ROUNDS = 30


def median_milliseconds(ask: Callable[[], object]) -> float:
    ask()  # templates are read once
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def client_of(identifier: str) -> Client:
    """A signed-in client; an officer's second factor is taken as given."""
    from guichet.accounts.models import Account

    account = Account.objects.get(identifier=identifier)
    client = Client()
    client.force_login(account, backend="guichet.accounts.backends.IdentifierBackend")
    device = account.totpdevice_set.first()
    if device:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    return client


def main() -> None:
    from guichet.accounts.models import Account
    from guichet.applications.actions import start_draft
    from guichet.applications.models import Application
    from guichet.demo import world
    from guichet.procedures.queries import current

    world.make_if_missing()
    waiting = Application.objects.get(person__foreigner_number="5906004101")
    owner = Account.objects.get(identifier="5906004101")
    procedure = current("ase")
    if procedure is None:
        raise RuntimeError("The procedure «ase» is not in force today.")
    draft = start_draft(owner, waiting.person, procedure)
    anyone, applicant, officer = Client(), client_of("5906004101"), client_of("agent@lille.demo")
    pages = [
        ("home", anyone, "/"),
        ("health", anyone, "/healthz"),
        ("preamble of a procedure", anyone, "/titres/ase/"),
        ("first step of a draft", applicant, f"/demandes/brouillon/{draft.pk}/personal_information/"),
        ("documents of a draft", applicant, f"/demandes/brouillon/{draft.pk}/documents/"),
        ("my applications", applicant, "/demandes/"),
        ("queue of an office", officer, "/agents/dossiers/"),
        ("review of an application", officer, f"/agents/dossiers/{waiting.number}/"),
    ]
    home = 0.0
    for name, client, path in pages:
        status = client.get(path).status_code
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        taken = median_milliseconds(lambda client=client, path=path: client.get(path))  # type: ignore[misc]
        home = home or taken
        print(f"pages: {name} takes {taken:.1f} ms, {taken / home:.1f} times the home page")
