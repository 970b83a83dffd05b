"""Rebuilds ``guichet/offices/data`` from the unpacked npm package ``@etalab/decoupage-administratif``.

    npm pack @etalab/decoupage-administratif@6.0.0 && tar xzf etalab-decoupage-administratif-6.0.0.tgz
    python -m tools.build_geography package

The same package and the same published offices give the same bytes. A code once published in ``offices.csv`` is part of
application numbers: it is kept as it is, a new office gets the next free rank, and an arrondissement that vanished stops
the build, since someone must decide what becomes of its applications.
"""

import csv
import gzip
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "guichet" / "offices" / "data"
Entry = dict[str, Any]

# INSEE's TNCC: what stands between «préfecture» and a name.
JUNCTIONS = {0: "de ", 1: "d'", 2: "du ", 3: "de la ", 4: "des ", 5: "de l'"}
# Where the State's own use differs from INSEE's article: «préfecture de Tarn-et-Garonne».
WITHOUT_ARTICLE = {"41", "47", "82", "84"}
# Sub-prefectures still called after the town, when its commune has merged into one with a longer name.
TOWNS = {
    "144": "Vire",
    "481": "Florac",
    "494": "Segré",
    "502": "Cherbourg",
    "531": "Château-Gontier",
    "581": "Château-Chinon",
    "714": "Louhans",
}
# Paris has a prefecture of region too, but permits are the business of the prefecture of police.
PREFECTURE_NAMES = {"75": "Préfecture de police de Paris"}


@dataclass(frozen=True)
class Office:
    code: str
    name: str
    kind: str
    slug: str
    department: str
    arrondissement: str
    city: str
    city_insee: str
    time_zone: str


FAR_AWAY = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
}

# Where there is no arrondissement, the State has one representative: (code, department, slug, city, INSEE, zone, name).
# INSEE's file gives the seat of the southern lands as the Saint-Pierre of Miquelon; it is the Saint-Pierre of La Réunion.
REPRESENTATIVES = [
    Office(code, name, "prefecture", slug, department, "", city, insee, zone)
    for code, department, slug, city, insee, zone, name in (
        ("9751", "975", "", "Saint-Pierre", "97502", "America/Miquelon", "Préfecture de Saint-Pierre-et-Miquelon"),
        ("9761", "976", "", "Mamoudzou", "97611", "Indian/Mayotte", "Préfecture de Mayotte"),
        ("9781", "978", "", "Saint-Martin", "97801", "America/Marigot", "Préfecture de Saint-Barthélemy et de Saint-Martin"),
        (
            *("9841", "984", "terres-australes", "Saint-Pierre", "97416", "Indian/Reunion"),
            "Administration supérieure des Terres australes et antarctiques françaises",
        ),
        (
            *("9861", "986", "wallis-et-futuna", "Mata-Utu", "98613", "Pacific/Wallis"),
            "Administration supérieure des îles Wallis et Futuna",
        ),
        (
            *("9871", "987", "", "Papeete", "98735", "Pacific/Tahiti"),
            "Haut-commissariat de la République en Polynésie française",
        ),
        (
            *("9881", "988", "", "Nouméa", "98818", "Pacific/Noumea"),
            "Haut-commissariat de la République en Nouvelle-Calédonie",
        ),
    )
]
# Represented from elsewhere: Saint-Barthélemy from Saint-Martin, Clipperton from Papeete.
REPRESENTED_BY = {"977": "9781", "989": "9871"}


def main(package: Path) -> None:
    read = {
        name: json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
        for name in ("communes", "arrondissements", "departements")
    }
    communes = {entry["code"]: entry for entry in read["communes"] if entry["type"] == "commune-actuelle"}
    offices = build_offices(read["arrondissements"], read["departements"], communes, published())
    write_csv("offices.csv", [list(Office.__dataclass_fields__), *([*vars(office).values()] for office in offices)])
    write_csv("departments.csv", [["code", "name", "office"], *departments(read["departements"], offices)])
    write_gzip("communes.tsv.gz", [commune_line(entry) for entry in communes.values()])
    write_gzip("former_names.tsv.gz", former_names(read["communes"], communes))
    print(f"{len(offices)} offices, {len(communes)} communes")


def published() -> dict[tuple[str, str], str]:
    """Codes already given, by (department, arrondissement)."""
    path = DATA / "offices.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as table:
        return {(row["department"], row["arrondissement"]): row["code"] for row in csv.DictReader(table)}


def build_offices(
    arrondissements: list[Entry], departments: list[Entry], communes: dict[str, Entry], given: dict[tuple[str, str], str]
) -> list[Office]:
    department_of = {entry["code"]: entry for entry in departments}
    keys = {(entry["departement"], entry["code"]) for entry in arrondissements} | {
        (office.department, "") for office in REPRESENTATIVES
    }
    vanished = set(given) - keys
    if vanished:
        sys.exit(
            f"Published offices without an arrondissement any more: {sorted(vanished)}. Decide who takes their applications."
        )

    def is_prefecture(entry: Entry) -> bool:
        return bool(department_of[entry["departement"]]["chefLieu"] == entry["chefLieu"])

    # The prefecture first: it gets rank 1.
    ordered = sorted(arrondissements, key=lambda entry: (entry["departement"], not is_prefecture(entry), entry["code"]))
    codes = dict(given)
    offices = []
    for entry in ordered:
        key = (entry["departement"], entry["code"])
        if key not in codes:
            codes[key] = next_code(entry["departement"], set(codes.values()))
        seat = communes[entry["chefLieu"]]
        department = department_of[entry["departement"]]
        name = (
            prefecture_name(department)
            if is_prefecture(entry)
            else f"Sous-préfecture {of_town(TOWNS.get(entry['code'], seat['nom']), seat['typeLiaison'])}"
        )
        offices.append(
            Office(
                code=codes[key],
                name=name,
                kind="prefecture" if is_prefecture(entry) else "sub_prefecture",
                slug="",
                department=entry["departement"],
                arrondissement=entry["code"],
                city=seat["nom"],
                city_insee=seat["code"],
                time_zone=FAR_AWAY.get(entry["departement"], "Europe/Paris"),
            )
        )
    return with_slugs(sorted([*offices, *REPRESENTATIVES], key=lambda office: office.code))


def next_code(department: str, taken: set[str]) -> str:
    """``59`` + two digits; ``971`` + one digit; Corsica's 2A is ``201`` + one digit and 2B ``202``, like its postal codes."""
    prefix = {"2A": "201", "2B": "202"}.get(department, department)
    ranks = 10 ** (4 - len(prefix))
    free = (f"{prefix}{rank:0{4 - len(prefix)}}" for rank in range(1, ranks))
    return next(code for code in free if code not in taken)


def prefecture_name(department: Entry) -> str:
    article = 0 if department["code"] in WITHOUT_ARTICLE else department["typeLiaison"]
    return PREFECTURE_NAMES.get(department["code"]) or f"Préfecture {JUNCTIONS[article]}{department['nom']}"


def of_town(town: str, junction: int) -> str:
    """«de Douai», «d'Istres», «du Havre», «des Andelys», «de La Trinité»."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if town.startswith(article):
            return contracted + town.removeprefix(article)
    return f"{JUNCTIONS[1] if junction == 1 else JUNCTIONS[0]}{town}"


def slugify(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "-")).strip("-")


def with_slugs(offices: list[Office]) -> list[Office]:
    """The town's name; followed by the department where two offices would have the same."""
    slugs = {office.code: office.slug or slugify(TOWNS.get(office.arrondissement, office.city)) for office in offices}
    shared = {slug for slug, count in Counter(slugs.values()).items() if count > 1}
    return [
        replace(
            office, slug=f"{slugs[office.code]}-{office.department}" if slugs[office.code] in shared else slugs[office.code]
        )
        for office in offices
    ]


def departments(entries: list[Entry], offices: list[Office]) -> list[list[str]]:
    """(code, name, code of the prefecture), in the order of INSEE's file."""
    prefectures = {office.department: office.code for office in offices if office.kind == "prefecture"}
    return [[entry["code"], entry["nom"], REPRESENTED_BY.get(entry["code"]) or prefectures[entry["code"]]] for entry in entries]


def commune_line(entry: Entry) -> list[str]:
    """(INSEE code, name, department, arrondissement, postal codes, population)."""
    postal_codes = " ".join(sorted(entry.get("codesPostaux", [])))
    return [
        entry["code"],
        entry["nom"],
        entry["departement"],
        entry.get("arrondissement", ""),
        postal_codes,
        str(entry.get("population", 0)),
    ]


def former_names(entries: list[Entry], communes: dict[str, Entry]) -> list[list[str]]:
    """(INSEE code, name, commune it is part of): municipal districts, merged communes, and codes given up (no name)."""
    lines = []
    for entry in entries:
        whole = entry.get("commune") or entry.get("chefLieu")
        if entry["type"] != "commune-actuelle" and whole in communes:
            lines.append([entry["code"], entry["nom"], whole])
    named = {line[0] for line in lines}
    for commune in communes.values():
        lines.extend([code, "", commune["code"]] for code in commune.get("anciensCodes", []) if code not in named)
    return lines


def write_csv(name: str, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (DATA / name).write_text(text.getvalue(), "utf-8")


def write_gzip(name: str, lines: list[list[str]]) -> None:
    text = "".join("\t".join(line) + "\n" for line in sorted(lines))
    # No date and no name in the header: the same lines give the same bytes.
    (DATA / name).write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
