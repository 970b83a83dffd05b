"""The shipped geography, read once per process: communes, departments, and which office code serves a commune."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today. ``arrondissement`` is empty where there is none (some of overseas)."""

    insee_code: str
    name: str
    postal_codes: tuple[str, ...]
    department: str
    arrondissement: str
    population: int

    @property
    def label(self) -> str:
        """«Lille (59)»: many communes share a name."""
        return f"{self.name} ({self.department})"


@dataclass(frozen=True, slots=True)
class Department:
    """A department or an overseas collectivity. ``office`` is the code of the office that stands for the whole of it."""

    code: str
    name: str
    office: str


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """A line of the published table of offices."""

    code: str
    name: str
    kind: str
    slug: str
    department: str
    arrondissement: str
    city: str
    city_insee: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class FormerName:
    """A municipal district, a merged commune, or a code given up (without name). ``commune`` is the INSEE code of today."""

    insee_code: str
    name: str
    commune: str


@lru_cache(maxsize=1)
def offices() -> tuple[OfficeLine, ...]:
    return tuple(OfficeLine(**line) for line in _csv("offices.csv"))


@lru_cache(maxsize=1)
def departments() -> dict[str, Department]:
    """By code, in INSEE's order."""
    return {line["code"]: Department(**line) for line in _csv("departments.csv")}


@lru_cache(maxsize=1)
def administrative_courts() -> dict[str, str]:
    """The name of the court in charge, by department (code of administrative justice, R221-3)."""
    table = YAML(typ="safe").load((DATA / "administrative_courts.yaml").read_text(encoding="utf-8"))
    return {department: row["court"] for row in table["courts"] for department in row["departments"]}


@lru_cache(maxsize=1)
def communes() -> dict[str, Commune]:
    """By INSEE code."""
    found = {}
    for insee_code, name, department, arrondissement, postal_codes, population in _lines("communes.tsv.gz"):
        found[insee_code] = Commune(insee_code, name, tuple(postal_codes.split()), department, arrondissement, int(population))
    return found


@lru_cache(maxsize=1)
def former_names() -> tuple[FormerName, ...]:
    return tuple(FormerName(*line) for line in _lines("former_names.tsv.gz"))


@lru_cache(maxsize=1)
def _commune_of_former_code() -> dict[str, str]:
    return {former.insee_code: former.commune for former in former_names()}


@lru_cache(maxsize=1)
def _office_of_arrondissement() -> dict[str, str]:
    return {office.arrondissement: office.code for office in offices() if office.arrondissement}


def find(insee_code: str) -> Commune | None:
    """The commune of an INSEE code, even of a municipal district (75101) or of a commune since merged."""
    known = communes()
    code = insee_code.strip().upper()
    return known.get(code) or known.get(_commune_of_former_code().get(code, ""))


def office_code(commune: Commune) -> str:
    """The office of the arrondissement; where there is none, the one that stands for the whole department or collectivity."""
    if commune.arrondissement:
        return _office_of_arrondissement()[commune.arrondissement]
    return departments()[commune.department].office


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def _lines(name: str) -> Iterator[list[str]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as table:
        for line in table:
            yield line.rstrip("\n").split("\t")
