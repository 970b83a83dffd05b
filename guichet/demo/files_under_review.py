"""The files that wait when the demonstration opens: in Lille one to review, one awaiting a complement, one decided, one
whose card is ready to be collected; in
Saint-Étienne one of a protected person whose prolongation certificate nears its end."""

from collections.abc import Mapping
from datetime import date

from guichet.accounts.models import Account, Officer
from guichet.accounts.queries import persons_of
from guichet.applications.models import Application
from guichet.demo import filing, people
from guichet.instruction import actions as instruction
from guichet.instruction import letters

WAITING, AWAITING_COMPLEMENT, DECIDED, READY = "5906004101", "5906004102", "5906004103", "5906004104"
PROTECTED = "9908001002"


def make(day: date, accounts: Mapping[str, Account], officers: Mapping[tuple[str, str], Officer]) -> dict[str, str]:
    """Files the applications and takes each as far as it goes; returns {foreigner number: application number}.

    ``accounts``: by foreigner number; ``officers``: by (office, word).
    """
    agent, signatory = officers["lille", "agent"], officers["lille", "decideur"]
    filed = {number: _filed(number, accounts[number], day) for number in (WAITING, AWAITING_COMPLEMENT, DECIDED, READY)}
    _ask_for_a_legible_passport(filed[AWAITING_COMPLEMENT], agent)
    _approve(filed[DECIDED], agent, signatory, day)
    _approve(filed[READY], agent, signatory, day)
    instruction.announce_permit(filed[READY], agent)
    filed[PROTECTED] = _filed(PROTECTED, accounts[PROTECTED], day, "international_protection")
    instruction.take_up(filed[PROTECTED], officers["saint-etienne", "agent"])
    return {number: str(file.number) for number, file in filed.items()}


def _filed(number: str, account: Account, day: date, procedure: str = "ase") -> Application:
    return filing.deposited(people.person(number), account, persons_of(account)[0], day, procedure)


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
