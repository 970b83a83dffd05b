"""The whole national file: every commune has exactly one office, overseas included, and the counts are those of INSEE."""

import re
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

import pytest

from guichet.offices import geography, queries
from guichet.registries.addresses.world import TOWNS

OFFICES = {line.code: line for line in geography.offices()}
SERVED = defaultdict(list)
for commune in geography.communes().values():
    SERVED[geography.office_code(commune)].append(commune)


def office_of(insee_code):
    return OFFICES[geography.office_code(geography.find(insee_code))]


def test_the_counts_are_those_of_the_source():
    kinds = Counter(line.kind for line in OFFICES.values())
    with_arrondissement = Counter(line.kind for line in OFFICES.values() if line.arrondissement)
    assert len(geography.communes()) == 34_969
    assert len(geography.departments()) == 109
    assert with_arrondissement == {"prefecture": 100, "sub_prefecture": 233}
    assert kinds == {"prefecture": 107, "sub_prefecture": 233}


def test_every_commune_has_exactly_one_office_and_every_office_has_communes():
    assert sum(len(communes) for communes in SERVED.values()) == len(geography.communes())
    assert set(SERVED) == set(OFFICES)


def test_an_office_serves_its_own_department_and_arrondissement_and_sits_there():
    elsewhere = {"977": "978", "989": "987"}  # Saint-Barthélemy from Saint-Martin, Clipperton from Papeete
    for code, communes in SERVED.items():
        line = OFFICES[code]
        for commune in communes:
            assert elsewhere.get(commune.department, commune.department) == line.department
            assert commune.arrondissement == line.arrondissement
        if code != "9841":  # the southern lands are run from La Réunion
            assert line.city_insee in {commune.insee_code for commune in communes}


def test_communes_without_arrondissement_are_all_overseas():
    without = Counter(commune.department for commune in geography.communes().values() if not commune.arrondissement)
    assert without == {"987": 48, "988": 33, "976": 17, "984": 5, "986": 3, "975": 2, "977": 1, "978": 1, "989": 1}


def test_codes_are_four_digits_published_once():
    codes = [line.code for line in geography.offices()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"\d{4}", code) for code in codes)
    assert codes == sorted(codes)


@pytest.mark.parametrize("attribute", ["slug", "name"])
def test_slugs_are_unique_and_names_within_a_department_too(attribute):
    values = [(getattr(line, attribute), line.department if attribute == "name" else "") for line in OFFICES.values()]
    assert len(set(values)) == len(values)


def test_slugs_fit_urls():
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", line.slug) and len(line.slug) <= 60 for line in OFFICES.values())


def test_codes_read_like_the_department():
    for line in OFFICES.values():
        prefix = {"2A": "201", "2B": "202"}.get(line.department, line.department)
        assert line.code.startswith(prefix)
        if line.kind == "prefecture":
            assert int(line.code.removeprefix(prefix)) == 1


@pytest.mark.parametrize(
    ("code", "name", "slug", "city", "zone"),
    [
        ("5901", "Préfecture du Nord", "lille", "Lille", "Europe/Paris"),
        ("5904", "Sous-préfecture de Douai", "douai", "Douai", "Europe/Paris"),
        ("4201", "Préfecture de la Loire", "saint-etienne", "Saint-Étienne", "Europe/Paris"),
        ("6901", "Préfecture du Rhône", "lyon", "Lyon", "Europe/Paris"),
        ("7501", "Préfecture de police de Paris", "paris", "Paris", "Europe/Paris"),
        ("7603", "Sous-préfecture du Havre", "le-havre", "Le Havre", "Europe/Paris"),
        ("2702", "Sous-préfecture des Andelys", "les-andelys", "Les Andelys", "Europe/Paris"),
        ("9403", "Sous-préfecture de L'Haÿ-les-Roses", "l-hay-les-roses", "L'Haÿ-les-Roses", "Europe/Paris"),
        ("4303", "Sous-préfecture d'Yssingeaux", "yssingeaux", "Yssingeaux", "Europe/Paris"),
        ("8201", "Préfecture de Tarn-et-Garonne", "montauban", "Montauban", "Europe/Paris"),
        ("0101", "Préfecture de l'Ain", "bourg-en-bresse", "Bourg-en-Bresse", "Europe/Paris"),
        ("6401", "Préfecture des Pyrénées-Atlantiques", "pau", "Pau", "Europe/Paris"),
        ("2011", "Préfecture de la Corse-du-Sud", "ajaccio", "Ajaccio", "Europe/Paris"),
        ("2021", "Préfecture de la Haute-Corse", "bastia", "Bastia", "Europe/Paris"),
        ("9303", "Sous-préfecture de Saint-Denis", "saint-denis-93", "Saint-Denis", "Europe/Paris"),
        ("9741", "Préfecture de La Réunion", "saint-denis-974", "Saint-Denis", "Indian/Reunion"),
        ("9712", "Sous-préfecture de Pointe-à-Pitre", "pointe-a-pitre", "Pointe-à-Pitre", "America/Guadeloupe"),
        ("9721", "Préfecture de la Martinique", "fort-de-france", "Fort-de-France", "America/Martinique"),
        ("9731", "Préfecture de la Guyane", "cayenne", "Cayenne", "America/Cayenne"),
        ("9761", "Préfecture de Mayotte", "mamoudzou", "Mamoudzou", "Indian/Mayotte"),
        ("9751", "Préfecture de Saint-Pierre-et-Miquelon", "saint-pierre-975", "Saint-Pierre", "America/Miquelon"),
        ("9881", "Haut-commissariat de la République en Nouvelle-Calédonie", "noumea", "Nouméa", "Pacific/Noumea"),
    ],
)
def test_some_offices_by_heart(code, name, slug, city, zone):
    line = OFFICES[code]
    assert (line.name, line.slug, line.city, line.time_zone) == (name, slug, city, zone)


def test_names_are_grammatical():
    for line in OFFICES.values():
        assert not re.search(r"\b(de (Le |Les |le |les |[AEIOUYÉÈ])|de de|du du|d'[^AEIOUYÉÈH])", line.name), line.name
        assert len(line.name) <= 120


def test_time_zones_exist_and_only_overseas_differs():
    for line in OFFICES.values():
        assert ZoneInfo(line.time_zone).key == line.time_zone
        assert (line.time_zone == "Europe/Paris") == (len(line.department) == 2)


@pytest.mark.parametrize(
    ("insee_code", "code"),
    [
        ("59350", "5901"),  # Lille
        ("59512", "5901"),  # Roubaix
        ("59178", "5904"),  # Douai
        ("59606", "5906"),  # Valenciennes
        ("42218", "4201"),  # Saint-Étienne
        ("42187", "4203"),  # Roanne
        ("69266", "6901"),  # Villeurbanne, in the metropolis
        ("69264", "6902"),  # Villefranche-sur-Saône
        ("67180", "6702"),  # Haguenau
        ("68224", "6803"),  # Mulhouse
        ("2A041", "2012"),  # Bonifacio
        ("2a004", "2011"),
        ("2B096", "2022"),  # Corte
        ("97113", "9712"),  # Le Gosier
        ("97212", "9722"),  # Gros-Morne
        ("97353", "9732"),  # Maripasoula
        ("97415", "9744"),  # Saint-Paul
        ("97608", "9761"),  # Dzaoudzi
        ("97701", "9781"),  # Saint-Barthélemy
        ("97801", "9781"),  # Saint-Martin
        ("98901", "9871"),  # Clipperton
        ("98412", "9841"),  # Kerguelen
        ("98818", "9881"),  # Nouméa
    ],
)
def test_some_communes_by_heart(insee_code, code):
    assert office_of(insee_code).code == code


def test_municipal_districts_belong_to_their_commune():
    districts = {
        "75056": [f"751{rank:02}" for rank in range(1, 21)],
        "69123": [f"6938{rank}" for rank in range(1, 10)],
        "13055": [f"132{rank:02}" for rank in range(1, 17)],
    }
    for whole, codes in districts.items():
        assert {geography.find(code).insee_code for code in codes} == {whole}
    assert {office_of(code).slug for codes in districts.values() for code in codes} == {"paris", "lyon", "marseille"}


def test_merged_communes_lead_to_the_commune_of_today():
    assert geography.find("01340").name == "Arboys en Bugey"  # Saint-Bois, code given up
    assert geography.find("01015").name == "Arboys en Bugey"  # the same code as a part and as the whole
    for former in geography.former_names():
        assert geography.find(former.insee_code) is not None


@pytest.mark.parametrize("code", ["", "99999", "59", "Lille", "75200", "2A", "*"])
def test_an_unknown_code_is_no_commune(code):
    assert geography.find(code) is None


def test_postal_codes_often_span_several_arrondissements():
    """Why the INSEE code decides, and never the postal code."""
    spans = defaultdict(set)
    for commune in geography.communes().values():
        for postal_code in commune.postal_codes:
            spans[postal_code].add(commune.arrondissement or commune.department)
    assert len(spans) == 6_310
    assert sum(len(arrondissements) > 1 for arrondissements in spans.values()) == 581


def test_the_simulated_addresses_are_in_communes_that_exist():
    for city, postal_code, insee_code, _ in TOWNS:
        commune = geography.find(insee_code)
        assert commune.name == city
        assert postal_code in commune.postal_codes


def test_every_department_has_at_most_one_administrative_court_and_those_of_the_mainland_all_have_one():
    known = geography.administrative_courts()
    assert set(known) <= set(geography.departments())
    unknown = set(geography.departments()) - set(known)
    assert unknown == {"984", "989"}, "the southern lands and Clipperton: letters say it in general words"
    assert len(set(known.values())) == 42
    listed = [code for code in re.findall(r'"(\w{2,3})"', (geography.DATA / "administrative_courts.yaml").read_text("utf-8"))]
    assert len(listed) == len(set(listed)) == len(known)


@pytest.mark.parametrize(
    ("department", "court"),
    [
        ("59", "tribunal administratif de Lille"),
        ("2a", "tribunal administratif de Bastia"),
        ("93", "tribunal administratif de Montreuil"),
        ("974", "tribunal administratif de La Réunion"),
        ("99", ""),
    ],
)
def test_the_court_of_a_department_is_named(department, court):
    assert queries.administrative_court(department) == court
