"""FNE in JSON: the same person as AGDREF's."""

from guichet.registries.agdref.wire import PersonWire
from guichet.registries.wire import Wire


class HolderAnswer(Wire):
    """``person`` is null when no permit is so; a missing member is malformed, never «unknown»."""

    person: PersonWire | None
