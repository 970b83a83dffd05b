"""The law that a refusal cites: the articles of the procedure, and those common to all (``data/refusal_grounds.yaml``)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from guichet.procedures.definition import Definition, Text

PATH = Path(__file__).parent / "data" / "refusal_grounds.yaml"


@dataclass(frozen=True)
class Ground:
    """An article and what it says; nothing said for the articles of a procedure, which its title tells."""

    article: str
    says: Text | None = None

    def cited(self) -> dict[str, str]:
        """As a letter cites it, in both languages."""
        if self.says is None:
            return {"fr": self.article, "en": self.article}
        return {"fr": f"{self.article} : {self.says.fr}", "en": f"{self.article}: {self.says.en}"}


@cache
def common_grounds() -> tuple[Ground, ...]:
    """The grounds open to every procedure, in the order of the file."""
    rows = YAML(typ="safe").load(PATH.read_text(encoding="utf-8"))["grounds"]
    return tuple(Ground(row["article"], Text(**row["says"])) for row in rows)


def grounds_of(definition: Definition) -> list[Ground]:
    """What a refusal of this procedure may cite: its own articles first."""
    own = [Ground(article) for article in definition.legal_basis]
    return own + [ground for ground in common_grounds() if ground.article not in definition.legal_basis]


def cited(definition: Definition, articles: list[str]) -> list[dict[str, str]]:
    """These articles as a letter cites them, in both languages."""
    known = {ground.article: ground for ground in grounds_of(definition)}
    return [known.get(article, Ground(article)).cited() for article in articles]
