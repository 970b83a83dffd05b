"""Scenes played by real processes: ``python -m tests.races.scenes <scene> …`` prints what it saw as one line of JSON.

One process prepares, closes its connections, forks the others and looks at the database once they are all gone.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.core import mail
from django.db import connection, connections, transaction

from guichet.applications import actions, depositing, moves, queries
from guichet.applications.errors import RevisionConflict, TooManyFiles
from guichet.applications.models import Application, DepositSnapshot, State
from guichet.certificates import queries as certificates
from guichet.core import events, storage, worker
from guichet.messaging.models import OutboxMessage
from guichet.offices.actions import load_offices
from tests.applications.definition import publish
from tests.applications.world import a_draft, a_file, a_full_draft, a_person, save

Act = Callable[[int], str]


def in_processes(count: int, act: Act) -> list[str]:
    """``act(i)`` in ``count`` processes let loose at the same moment; what each one said, or the error that it met."""
    connections.close_all()
    gate_out, gate_in = os.pipe()
    answers = []
    children = []
    for index in range(count):
        answer_out, answer_in = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(gate_in)
            connection.ensure_connection()
            os.write(answer_in, b"ready\n")
            os.read(gate_out, 1)  # everyone waits for the gate to be closed
            try:
                said = act(index)
            except Exception as error:
                said = f"{type(error).__name__}"
                traceback.print_exc()
            os.write(answer_in, said.encode())
            os._exit(0)
        os.close(answer_in)
        answers.append(os.fdopen(answer_out))
        children.append(child)
    for answer in answers:
        answer.readline()
    os.close(gate_out)
    os.close(gate_in)
    said = [answer.read() for answer in answers]
    for child in children:
        os.waitpid(child, 0)
    return said


def state_of(draft: Application) -> dict[str, Any]:
    """What the database holds of an application."""
    row = Application.objects.get(pk=draft.pk)
    subject = ("application", str(row.pk))
    return {
        "state": row.state,
        "number": row.number,
        "snapshots": DepositSnapshot.objects.filter(application=row).count(),
        "mails": OutboxMessage.objects.filter(intent__startswith=f"deposit:{row.pk}").count(),
        "receipts": certificates.documents_of(subject).count(),
        "deposits": [event.kind for event in events.timeline(events.Subject(*subject))].count("deposited"),
    }


def double_deposit(count: str) -> dict[str, Any]:
    account, draft = a_full_draft()
    said = in_processes(int(count), lambda index: str(actions.deposit(draft, account).number))
    return {"said": said, **state_of(draft)}


def double_deposit_without_the_lock(count: str) -> dict[str, Any]:
    """The same with the guard taken away: each process believes in the draft that it read before the gate opened."""
    account, draft = a_full_draft()
    stale = Application.objects.select_related("person", "procedure").get(pk=draft.pk)
    moves.locked = lambda application: stale  # type: ignore[assignment]
    said = in_processes(int(count), lambda index: str(actions.deposit(draft, account).number))
    return {"said": said, **state_of(draft)}


def deposits_of_one_office(count: str) -> dict[str, Any]:
    drafts = [a_full_draft() for _ in range(int(count))]
    return {"said": in_processes(len(drafts), lambda index: str(actions.deposit(drafts[index][1], drafts[index][0]).number))}


def double_start(count: str) -> dict[str, Any]:
    """A double click on «start»."""
    load_offices()
    account, person = a_person()
    procedure = publish()
    said = in_processes(int(count), lambda index: str(actions.start_draft(account, person, procedure).pk))
    return {"said": said, "drafts": [str(draft.pk) for draft in queries.drafts_of(account)]}


def two_tabs(count: str, first_time: str) -> dict[str, Any]:
    """Several processes save the same section, having read the same revision."""
    account, draft = a_draft()
    revision = 0 if first_time == "yes" else save(draft, account, "contact", {"note": "before"}).revision

    def act(index: int) -> str:
        try:
            actions.save_section(draft, "contact", 0, {"note": f"tab {index}"}, {}, revision, account)
        except RevisionConflict as conflict:
            return f"conflict with {conflict.current.payload['note']}, mine was {conflict.yours['note']}"
        return "saved"

    said = in_processes(int(count), act)
    return {"said": said, "kept": queries.answers(draft)["contact", 0].payload["note"]}


def files_for_one_document(count: str) -> dict[str, Any]:
    account, draft = a_draft()
    files = [a_file(account) for _ in range(int(count))]

    def act(index: int) -> str:
        try:
            actions.add_document(draft, "passport", 0, files[index], account)
        except TooManyFiles:
            return "refused"
        return "taken"

    said = in_processes(int(count), act)
    return {"said": said, "positions": [document.position for document in queries.documents(draft)]}


def deposit_or_abandon(count: str) -> dict[str, Any]:
    """Two windows: one deposits, the other gives up."""
    outcomes = []
    for _ in range(int(count)):
        account, draft = a_full_draft()
        acts: list[Act] = [
            lambda index, draft=draft, account=account: str(actions.deposit(draft, account).number and "deposited"),
            lambda index, draft=draft, account=account: str(actions.abandon(draft, account).state),
        ]
        said = in_processes(2, lambda index, acts=acts: acts[index](index))
        outcomes.append({"said": said, "answers": len(queries.answers(draft)), **state_of(draft)})
    return {"outcomes": outcomes}


# kill -9


class Death:
    """Kills this process at its nth crossing of a point: around each statement, commit and write of a file."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.crossed = 0

    def point(self) -> None:
        if self.crossed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.crossed += 1

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            self.point()
            result = act(*arguments, **named)
            self.point()
            return result

        return wrapped

    def statement(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        return self.around(execute)(sql, params, many, context)


def killed_at(point: int, act: Callable[[], Any]) -> bool:
    """Runs ``act`` in a process that dies at this point; False when it ended before getting there."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        death = Death(point)
        try:
            connection.ensure_connection()
            connection._commit = death.around(connection._commit)
            storage.keep = death.around(storage.keep)
            with connection.execute_wrapper(death.statement):
                act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"the deposit failed at point {point}")
    return False


def kill_at_every_point(*, stop_at_the_first_fault: bool = False) -> dict[str, Any]:
    """Deposits, killed at point 0, 1, 2 … until it lives through; the draft serves again as long as it is one."""
    account, draft = a_full_draft()
    filled = content_of(draft)
    before, after, wrong = 0, 0, []
    point = 0
    deposited: list[Application] = []
    while True:
        died = killed_at(point, partial(actions.deposit, draft, account))
        seen = state_of(draft)
        if seen["state"] == State.DRAFT:
            before += 1
            if seen != {"state": "draft", "number": None, "snapshots": 0, "mails": 0, "receipts": 0, "deposits": 0}:
                wrong.append({"point": point, **seen})
            if content_of(draft) != filled:
                wrong.append({"point": point, "changed": True})
        else:
            after += died
            deposited.append(draft)
            ones = [seen[name] for name in ("snapshots", "mails", "receipts", "deposits")]
            if seen["state"] != State.DEPOSITED or not seen["number"] or ones != [1, 1, 1, 1]:
                wrong.append({"point": point, **seen})
            number = actions.deposit(draft, account).number  # the person comes back and clicks again
            if number != seen["number"] or state_of(draft) != seen:
                wrong.append({"point": point, "again": number})
        if wrong and stop_at_the_first_fault:
            return {"wrong": wrong}
        if not died:
            break
        if seen["state"] != State.DRAFT:
            account, draft = a_full_draft()
            filled = content_of(draft)
        point += 1
    return {"points": point, "before": before, "after": after, "wrong": wrong, **delivered(deposited)}


def kill_with_the_mail_after_the_commit() -> dict[str, Any]:
    """The negative control: a deposit that would only send its mail once committed."""
    write = depositing.send_mail

    def later(**mail: Any) -> None:
        transaction.on_commit(lambda: write(**mail))

    depositing.send_mail = later  # type: ignore[assignment]
    return kill_at_every_point(stop_at_the_first_fault=True)


def content_of(draft: Application) -> Any:
    answers = {f"{section}/{row}": answer.payload for (section, row), answer in queries.answers(draft).items()}
    return answers, [document.pk for document in queries.documents(draft)]


def delivered(applications: list[Application]) -> dict[str, Any]:
    """The worker comes; each receipt reads, each mail has left once with it."""
    mail.outbox = []
    worker.run_due()
    sent = {message.extra_headers["Message-ID"]: message for message in mail.outbox}
    left, readable = 0, 0
    for application in applications:
        intent = OutboxMessage.objects.get(intent=f"deposit:{application.pk}")
        message = sent.get(intent.message_id)
        receipt = certificates.documents_of(("application", str(application.pk))).get()
        pdf = certificates.pdf(receipt)
        readable += pdf.startswith(b"%PDF") and len(pdf) > 1000
        if message and intent.state == OutboxMessage.State.SENT:
            left += [bytes(attachment.content) for attachment in message.attachments] == [pdf]
    return {"applications": len(applications), "left": left, "readable": readable, "mails_sent": len(mail.outbox)}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene
    for scene in (
        double_deposit,
        double_deposit_without_the_lock,
        deposits_of_one_office,
        two_tabs,
        files_for_one_document,
        deposit_or_abandon,
        double_start,
        kill_at_every_point,
        kill_with_the_mail_after_the_commit,
    )
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
