"""What a deposit promises until the decision: the prolongation of rights, as the procedure describes it."""

from datetime import timedelta

from guichet.accounts.models import Account, Person
from guichet.applications import receipts
from guichet.applications.evaluating import FROM_THE_PERMIT
from guichet.applications.models import Application, EPhotoCopy
from guichet.applications.moves import subject_of
from guichet.core import clock
from guichet.permits import actions as permits
from guichet.permits.actions import Filed, Terms
from guichet.permits.queries import last_reading
from guichet.procedures.definition import Definition
from guichet.procedures.evaluation import Evaluation

ON_DEPOSIT = "prolongation_certificate"


def read_permits(person: Person, definition: Definition) -> None:
    """Reads again what the person holds, where the deposit will need it. Call it outside any lock; a registry that is down
    leaves what was known, and the worker asks again."""
    if definition.prolongation:
        permits.refresh(person)


def read_permits_to_ask_less(person: Person, definition: Definition) -> None:
    """Reads what the person holds before a draft that asks about it, unless that was done in the last day.

    Call it outside any lock; a registry that is down leaves the questions to the person.
    """
    if not any((field.source or "").startswith(FROM_THE_PERMIT) for field in definition.sourced_fields):
        return
    read = last_reading(person)
    if read is None or read.asked_at < clock.now() - timedelta(days=1):
        permits.refresh(person)


def promise(row: Application, evaluation: Evaluation, copy: EPhotoCopy | None, by: Account) -> None:
    """Opens the prolongation with the deposit, and issues the first certificate where the procedure gives it at once.

    Call it in the transaction of the deposit, once ``row`` bears its number, its office and its dates.
    """
    described = evaluation.definition.prolongation
    if described is None or row.deposited_at is None:
        return
    allows = {name: {"fr": said.fr, "en": said.en} for name, said in described.allows}
    printed = receipts.data_of(row, evaluation, None)
    permits.open_prolongation(
        row.person,
        Filed(
            source=subject_of(row),
            deposited_on=clock.paris_date(row.deposited_at),
            account=by,
            office=row.office,
            data={name: value for name, value in printed.items() if name not in ("photo", "issued_on")},
            photo_key=copy.photo_key if copy else "",
        ),
        Terms(
            lasts=described.lasts,
            allows=allows,
            legal_basis=described.legal_basis,
            at_once=ON_DEPOSIT in evaluation.definition.on_deposit.issue,
        ),
    )
