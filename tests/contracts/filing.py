"""Anybody's application, through the doors of the rooms: any procedure filled in, given its documents, ticked.

What to answer is drawn as people draw it (``tests.procedures.walking``); nothing here knows any procedure by name.
"""

import itertools
from typing import Any

from guichet.accounts.models import Account, Person
from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.core import clock, storage
from guichet.files.models import StoredFile
from guichet.procedures.definition import Definition
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.queries import definition_of
from tests.procedures.walking import Walk

_numbers = itertools.count(1)


def answers_of(person: Person, definition: Definition, seed: object, chosen: Any = None) -> Walk:
    """Somebody who has walked the procedure: their answers, and what was asked of them."""
    registry = {
        "agdref.foreigner_number": person.foreigner_number,
        "agdref.birth_name": person.birth_name,
        "agdref.first_names": person.first_names,
        "agdref.sex": person.sex,
        "agdref.birth_date": person.birth_date_text,
        "agdref.birth_country": person.birth_country,
        "agdref.birth_place": person.birth_place,
        "agdref.nationality": person.nationality,
    }
    walk = Walk(definition, seed, today=clock.today(), registry=registry, chosen=chosen)
    walk.run()
    return walk


def filled(account: Account, person: Person, procedure: PublishedProcedure, seed: object = "filed") -> Application:
    """A draft with nothing missing, up to its recap."""
    definition = definition_of(procedure)
    walk = answers_of(person, definition, seed)
    draft = actions.start_draft(account, person, procedure)
    for section, held in walk.answers.items():
        for row, answers in enumerate(held if isinstance(held, list) else [held]):
            stored = queries.answers(draft).get((section, row))
            actions.save_section(draft, section, row, answers, {}, stored.revision if stored else 0, account)
    for asked in queries.evaluation(draft).requirements():
        if asked.required or next(_numbers) % 2:
            actions.add_document(draft, asked.id, asked.row, a_file(account, asked.id), account)
    return draft


def ticked(draft: Application, account: Account) -> Application:
    """Everything that the recap asks to check is checked."""
    entries = queries.to_check(queries.evaluation(draft), queries.documents(draft))
    actions.tick(draft, {entry: digest for entry, (digest, _is_ticked) in entries.items()}, account)
    return draft


def a_file(account: Account, name: str) -> StoredFile:
    serial = next(_numbers)
    content = b"%PDF-1.4 " + name.encode()
    return StoredFile.objects.create(
        name=f"{name}.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256=f"{serial:064}",
        key=storage.keep(content, folder="files", suffix=".pdf"),
        uploaded_by=account,
    )
