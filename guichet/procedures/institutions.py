"""Names of institutions proposed to those who study: ``institutions.txt``, one a line. Any other name may be written."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "institutions.txt"


@cache
def institutions() -> tuple[str, ...]:
    """The names, in alphabetical order."""
    return tuple(line.strip() for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip())
