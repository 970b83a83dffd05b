"""Verbs of applications: one transaction each."""

from guichet.applications.checking import tick
from guichet.applications.depositing import deposit
from guichet.applications.drafting import abandon, add_row, move_to_step, remove_row, save_section, start_draft
from guichet.applications.ephotos import confirm_ephoto, remove_ephoto
from guichet.applications.moves import transition
from guichet.applications.supporting import add_document, remove_document
from guichet.applications.versions import move_to_version

__all__ = [
    "abandon",
    "add_document",
    "add_row",
    "confirm_ephoto",
    "deposit",
    "move_to_step",
    "move_to_version",
    "remove_document",
    "remove_ephoto",
    "remove_row",
    "save_section",
    "start_draft",
    "tick",
    "transition",
]
