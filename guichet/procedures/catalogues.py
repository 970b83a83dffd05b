"""Which folders hold the procedures of this site: the catalogue of Guichet, and the one that ``PROCEDURES_DIR`` names."""

from pathlib import Path

from django.conf import settings

from guichet.procedures.loader import CATALOGUE

QUESTIONS = "orientation.yaml"


def folders() -> tuple[Path, ...]:
    return (CATALOGUE, Path(settings.PROCEDURES_DIR)) if settings.PROCEDURES_DIR else (CATALOGUE,)


def with_questions() -> Path:
    """The folder whose questions lead to the procedures: the site's own where it writes some."""
    return next(folder for folder in reversed(folders()) if (folder / QUESTIONS).exists())
