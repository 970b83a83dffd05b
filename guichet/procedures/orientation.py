"""Which motive leads to which procedure: ``catalogue/orientation.yaml``."""

import json
from collections.abc import Collection
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from guichet.procedures import source
from guichet.procedures.definition import Definition, Identifier, Model, Text, Words
from guichet.procedures.loader import CATALOGUE
from guichet.procedures.source import DefinitionError, Position, Problem
from guichet.procedures.wording import sentence

NAME = "orientation.yaml"


class Motive(Model):
    """One reason to ask for a permit; without a procedure it is shown closed."""

    title: Text
    description: Text
    procedure: Identifier | None = None
    closed: Text | None = None  # why it is closed, where the common sentence does not say it


class Family(Model):
    id: Identifier
    title: Text
    icon: Words
    motives: tuple[Motive, ...]


class Orientation(Model):
    """The families of motives, in order, and the sentences that say why one is closed."""

    not_yet: Text
    not_for_you: Text
    families: tuple[Family, ...]

    def closed_because(
        self,
        motive: Motive,
        definition: Definition | None,
        for_whom: str,
        holding: str,
    ) -> Text | None:
        """Why a motive is closed to who answered thus, None when it is open. ``definition``: that of its procedure, if any."""
        if definition is None:
            return motive.closed or self.not_yet
        if for_whom not in definition.audience.for_whom or holding not in definition.audience.holding:
            return self.not_for_you
        return None


@cache
def orientation(folder: Path = CATALOGUE) -> Orientation:
    """What the catalogue says. Raises :class:`DefinitionError`."""
    problems: list[Problem] = []
    written = source.read(folder / NAME, NAME, problems)
    if written is not None and not problems:
        try:
            return Orientation.model_validate_json(json.dumps(written.plain_data()))
        except ValidationError as error:
            problems.extend(sentence(each, written) for each in error.errors(include_url=False))
    raise DefinitionError(problems)


def problems_of(found: Orientation, procedures: Collection[str]) -> list[Problem]:
    """A motive that leads nowhere, a procedure that nothing leads to."""
    led_to = [motive.procedure for family in found.families for motive in family.motives if motive.procedure]
    start = Position(NAME, 1, 1)
    problems = [
        Problem(start, f"A motive leads to «{slug}», and there is no such procedure in the catalogue.")
        for slug in sorted(set(led_to) - set(procedures))
    ]
    problems += [
        Problem(start, f"Nothing leads to the procedure «{slug}»: give it a motive.")
        for slug in sorted(set(procedures) - set(led_to))
    ]
    return problems
