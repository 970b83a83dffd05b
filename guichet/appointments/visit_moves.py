"""How somebody who came goes through the office: one table, and a pure function that reads it. No database, no clock."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where somebody who came stands."""

    WAITING = "waiting"
    CALLED = "called"  # shown on the screen, on the way to a desk or at it
    SERVED = "served"
    LEFT = "left"  # went away before the end


@dataclass(frozen=True)
class Move:
    verb: str
    sources: frozenset[Stage]
    target: Stage
    event: str


def _from(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


MOVES: tuple[Move, ...] = (
    Move("call", _from(Stage.WAITING), Stage.CALLED, "person_called"),
    Move("call_again", _from(Stage.CALLED), Stage.CALLED, "person_called_again"),
    # Nobody answered: after those who wait now.
    Move("put_back", _from(Stage.CALLED), Stage.WAITING, "person_put_back"),
    Move("finish", _from(Stage.CALLED), Stage.SERVED, "person_served"),
    Move("leave", _from(Stage.WAITING, Stage.CALLED), Stage.LEFT, "person_left"),
    Move("come_back", _from(Stage.LEFT), Stage.WAITING, "person_came_back"),
)

BY_VERB: dict[str, Move] = {move.verb: move for move in MOVES}


def allowed(stage: str) -> tuple[str, ...]:
    """The verbs open from a stage, in the order of the table."""
    return tuple(move.verb for move in MOVES if stage in move.sources)
