"""Scenes about accounts: ``python -m tests.races.account_scenes <scene> …`` prints what it saw as one line of JSON."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.core.management import call_command

from guichet.accounts import actions, numbers, queries
from guichet.accounts.errors import LinkUnusable, NumberRefused
from guichet.accounts.models import Account, Person, Representation
from guichet.core.events import Actor
from tests.accounts.helpers import KIM, NUMBER, PASSWORD, activation_token, ask, ask_by_visa, mails, make_account, visa_token
from tests.races.scenes import in_processes

BY = Actor("officer", "x")
WHY = "Passeport vu."
NUMBERS = (NUMBER, "5908002016", "5903007192", "5903007193", "5903007195", "7503134955")


def somebody(email: str) -> Person:
    """A person without a number, with an account of theirs."""
    (person,) = queries.persons_of(make_account(email, email=email))
    return person


def give(person: Person, number: str) -> str:
    try:
        actions.give_foreigner_number(person, number, BY, reason=WHY)
    except NumberRefused as refused:
        return refused.code
    return "given"


def one_number_for_several(count: str) -> dict[str, Any]:
    """Officers give the same number to different people."""
    people = [somebody(f"personne{place}@exemple.fr") for place in range(int(count))]
    said = in_processes(len(people), lambda index: give(people[index], NUMBER))
    return {
        "said": said,
        "persons": Person.objects.filter(foreigner_number=NUMBER).count(),
        "accounts": Account.objects.filter(identifier=NUMBER).count(),
        "mails": len(mails("identifier_given")),
    }


def one_number_for_several_without_looking(count: str) -> dict[str, Any]:
    """The same where nobody looks first whether the number is taken: the database alone holds."""
    numbers._taken = lambda person, number: False  # type: ignore[assignment]
    return one_number_for_several(count)


def one_person_twice(count: str) -> dict[str, Any]:
    """Officers give the same number to the same person, whose access by visa becomes an account."""
    ask_by_visa()
    (person,) = queries.persons_of(actions.open_visa_access(visa_token()))
    said = in_processes(int(count), lambda index: give(person, NUMBER))
    return {"said": said, "passwords": len(mails("temporary_password")), "identifiers": len(mails("identifier_given"))}


def given_or_opened() -> dict[str, Any]:
    """An officer gives a number while its link opens an account elsewhere."""
    outcomes = []
    for place, number in enumerate(NUMBERS):
        person = somebody(f"personne{place}@exemple.fr")
        ask(number, email=f"lien{place}@exemple.fr", address=f"198.51.100.{place}")
        raw = activation_token(f"lien{place}@exemple.fr")

        def open_it(raw: str = raw) -> str:
            try:
                return str(actions.activate(raw, PASSWORD).identifier and "opened")
            except LinkUnusable:
                return "too late"

        acts: list[Callable[[], str]] = [lambda person=person, number=number: give(person, number), open_it]
        outcomes.append(
            {
                "said": in_processes(2, lambda index, acts=acts: acts[index]()),
                "persons": Person.objects.filter(foreigner_number=number).count(),
                "accounts": Account.objects.filter(identifier=number).count(),
                "acting": Representation.objects.filter(person__foreigner_number=number).count(),
            }
        )
    return {"outcomes": outcomes}


def a_visa_link_in_several_windows(count: str) -> dict[str, Any]:
    ask_by_visa()
    raw = visa_token()

    def open_it(index: int) -> str:
        try:
            return str(actions.open_visa_access(raw).is_visa_access and "opened")
        except LinkUnusable:
            return "used"

    said = in_processes(int(count), open_it)
    return {"said": said, "accounts": Account.objects.count(), "persons": Person.objects.filter(visa_number=KIM).count()}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene
    for scene in (
        one_number_for_several,
        one_number_for_several_without_looking,
        one_person_twice,
        given_or_opened,
        a_visa_link_in_several_windows,
    )
}

if __name__ == "__main__":
    call_command("createcachetable", verbosity=0)  # tries are counted there
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
