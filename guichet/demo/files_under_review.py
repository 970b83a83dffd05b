"""The files that wait in Lille when the demonstration opens: one to review, one awaiting a complement, one decided."""

from datetime import date

from guichet.accounts.models import Account, Officer, Person, Representation
from guichet.applications.models import Application
from guichet.demo import filing, people
from guichet.instruction import actions as instruction
from guichet.instruction import letters

WAITING, AWAITING_COMPLEMENT, DECIDED = "5906004101", "5906004102", "5906004103"


def make(day: date, accounts: dict[str, Account], officer: Officer, signatory: Officer) -> dict[str, str]:
    """Files the three applications and takes each as far as it goes; returns {foreigner number: application number}.

    ``accounts`` holds the three persons' accounts by foreigner number; the officers belong to the office of Lille.
    """
    waiting = _filed(WAITING, accounts[WAITING], day)
    asked = _filed(AWAITING_COMPLEMENT, accounts[AWAITING_COMPLEMENT], day)
    decided = _filed(DECIDED, accounts[DECIDED], day)
    _ask_for_a_legible_passport(asked, officer)
    _approve(decided, officer, signatory, day)
    return {number: str(file.number) for number, file in ((WAITING, waiting), (AWAITING_COMPLEMENT, asked), (DECIDED, decided))}


def _filed(number: str, account: Account, day: date) -> Application:
    return filing.deposited(people.person(number), account, _person_of(account), day)


def _person_of(account: Account) -> Person:
    return Representation.objects.select_related("person").get(account=account).person


def _ask_for_a_legible_passport(application: Application, officer: Officer) -> None:
    instruction.take_up(application, officer)
    instruction.give_verdict(
        application, officer, "nationality", 0, "rejected", "illegible", "La photo de la page 2 est floue."
    )
    items = [
        instruction.AskedItem(requirement="nationality", reason="illegible", observation="La photo de la page 2 est floue.")
    ]
    instruction.request_complement(application, officer, items)


def _approve(application: Application, officer: Officer, signatory: Officer, day: date) -> None:
    instruction.take_up(application, officer)
    decision = instruction.propose_decision(application, officer, "favourable", **letters.defaults_for(application, day))
    instruction.sign_decision(decision, signatory)
