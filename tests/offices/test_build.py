"""The script that rebuilds the data: same source, same bytes; a code once published never changes."""

import gzip
import json

import pytest

from guichet.offices import geography
from tools import build_geography


def commune(code, name, arrondissement, department="59", **more):
    return {"code": code, "nom": name, "type": "commune-actuelle", "typeLiaison": 0, "departement": department} | {
        "arrondissement": arrondissement,
        "codesPostaux": [f"{department}000"],
        "population": 10,
        **more,
    }


def arrondissement(code, seat, department="59"):
    return {"code": code, "nom": "", "typeLiaison": 0, "departement": department, "chefLieu": seat}


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A country of two arrondissements, written like the npm package; nothing published yet."""
    target, package = tmp_path / "data", tmp_path / "package"
    target.mkdir()
    (package / "data").mkdir(parents=True)
    monkeypatch.setattr(build_geography, "DATA", target)
    monkeypatch.setattr(build_geography, "REPRESENTATIVES", [])

    def write(arrondissements, communes):
        departments = [{"code": "59", "nom": "Nord", "typeLiaison": 2, "chefLieu": "59350"}]
        for name, entries in (("communes", communes), ("arrondissements", arrondissements), ("departements", departments)):
            (package / "data" / f"{name}.json").write_text(json.dumps(entries), "utf-8")
        build_geography.main(package)
        return (target / "offices.csv").read_text("utf-8")

    write.folder = target
    return write


LILLE, DOUAI = commune("59350", "Lille", "595"), commune("59178", "Douai", "592")
HAVRE = commune("59999", "Le Havre", "591")
BOTH = [arrondissement("592", "59178"), arrondissement("595", "59350")]


def codes(table):
    return {line.split(",")[1]: line.split(",")[0] for line in table.splitlines()[1:]}


def test_the_prefecture_comes_first_and_the_rest_in_insee_order(source):
    table = source([*BOTH, arrondissement("591", "59999")], [LILLE, DOUAI, HAVRE])
    assert codes(table) == {
        "Préfecture du Nord": "5901",
        "Sous-préfecture du Havre": "5902",
        "Sous-préfecture de Douai": "5903",
    }


def test_the_same_source_gives_the_same_bytes_whatever_its_order(source):
    source(BOTH, [LILLE, DOUAI])
    first = {path.name: path.read_bytes() for path in source.folder.iterdir()}
    source(BOTH[::-1], [DOUAI, LILLE])
    assert {path.name: path.read_bytes() for path in source.folder.iterdir()} == first


def test_a_new_office_never_takes_the_code_of_another(source):
    source(BOTH, [LILLE, DOUAI])
    table = source([*BOTH, arrondissement("591", "59999")], [LILLE, DOUAI, HAVRE])
    assert codes(table) == {
        "Préfecture du Nord": "5901",
        "Sous-préfecture de Douai": "5902",
        "Sous-préfecture du Havre": "5903",
    }


def test_an_office_that_vanishes_stops_the_build(source):
    table = source(BOTH, [LILLE, DOUAI])
    with pytest.raises(SystemExit, match="592"):
        source(BOTH[1:], [LILLE])
    assert (source.folder / "offices.csv").read_text("utf-8") == table


def test_districts_merged_communes_and_codes_given_up_lead_to_today(source):
    lille = LILLE | {"anciensCodes": ["59298"]}
    hellemmes = {"code": "59297", "nom": "Hellemmes", "type": "commune-associee", "chefLieu": "59350", "departement": "59"}
    district = {
        "code": "59301",
        "nom": "Lille 1er",
        "type": "arrondissement-municipal",
        "commune": "59350",
        "departement": "59",
    }
    source(BOTH, [lille, DOUAI, hellemmes, district])
    lines = gzip.decompress((source.folder / "former_names.tsv.gz").read_bytes()).decode().splitlines()
    assert lines == ["59297\tHellemmes\t59350", "59298\t\t59350", "59301\tLille 1er\t59350"]


def test_shipped_archives_carry_no_date():
    for name in ("communes.tsv.gz", "former_names.tsv.gz"):
        assert (geography.DATA / name).read_bytes()[4:8] == b"\0\0\0\0"
