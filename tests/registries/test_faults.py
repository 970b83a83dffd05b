"""Over real HTTP, whatever goes wrong ends in a plain «unavailable», in bounded time, and tells nothing about people."""

import json
import socket
import time

import pytest
import structlog

from guichet.registries import transport
from guichet.registries.agdref.simulator import BUILT_IN
from guichet.registries.agdref.wire import PersonWire
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.ine.simulator import BUILT_IN as STUDENTS
from guichet.registries.ine.wire import StudentWire
from guichet.registries.transport import MOST_ATTEMPTS
from guichet.registries.visabio.simulator import BUILT_IN as VISAS
from guichet.registries.visabio.wire import VisaWire
from tests.registries import served

NUMBER = "5908002010"
OKAFOR = BUILT_IN["7503134955"]
PERMIT = OKAFOR.permits[0]
VISA = VISAS["FRA2600012345"]
STUDENT = StudentWire.of(STUDENTS["0123456789A"]).model_dump(mode="json")
PERSON = PersonWire.of(BUILT_IN[NUMBER]).model_dump(mode="json")
ASK = {
    "agdref": lambda adapter: adapter.find_person(NUMBER),
    "fne": lambda adapter: adapter.find_permit(PERMIT.number, PERMIT.valid_from, PERMIT.valid_until),
    "visabio": lambda adapter: adapter.find_visa(VISA.number, VISA.valid_from, VISA.valid_until),
    "ine": lambda adapter: adapter.find_student(STUDENT["ine"]),
    "ephoto": lambda adapter: adapter.look_up("1234567890123456789012"),
    "addresses": lambda adapter: adapter.suggest("20 rue Nationale"),
    "beacon": lambda adapter: adapter.value_of(1_000_000),
}
PNG = "iVBORw0KGgoAAAAA"
EACH_REGISTRY = pytest.mark.parametrize("name", sorted(ASK))


def outcome(name, adapter):
    """The reason why it is unavailable, and how long it took to say so (seconds)."""
    began = time.monotonic()
    with pytest.raises(RegistryUnavailable) as failure:
        ASK[name](adapter)
    assert failure.value.registry == name
    return failure.value.reason, time.monotonic() - began


@EACH_REGISTRY
@pytest.mark.parametrize("kind", ["slow", "drip"])
def test_a_slow_registry_times_out_and_is_not_asked_again(name, kind, server, over_http):
    server.break_with(kind)
    reason, took = outcome(name, over_http(name, timeout=served.TIMEOUT))
    assert reason == "timeout"
    assert took < served.LONGER
    assert len(server.requests) == 1


@EACH_REGISTRY
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_error_that_may_pass_is_asked_again_a_few_times(name, status, server, over_http):
    server.break_with("answer", b"{}", status=status)
    reason, took = outcome(name, over_http(name))
    assert reason == "error"
    assert len(server.requests) == MOST_ATTEMPTS
    assert took < served.PATIENCE / 3


def test_the_time_a_person_waits_holds_for_all_attempts_together(server, over_http, monkeypatch):
    monkeypatch.setattr(transport, "FIRST_PAUSE_SECONDS", 3 * served.LONGER)
    server.break_with("answer", b"{}", status=503)
    reason, took = outcome("agdref", over_http("agdref", timeout=served.TIMEOUT))
    assert reason in {"error", "timeout"}
    assert took < served.LONGER, "it paused past the time"


@EACH_REGISTRY
@pytest.mark.parametrize("status", [400, 401, 403, 404, 204, 301])
def test_any_other_status_is_an_error_at_once(name, status, server, over_http):
    server.break_with("answer", b"", status=status, headers=(("Location", server.url + "/elsewhere"),))
    assert outcome(name, over_http(name))[0] == "error"
    assert len(server.requests) == 1


@EACH_REGISTRY
@pytest.mark.parametrize("kind", ["hang up", "cut"])
def test_a_passing_cut_is_healed_by_asking_again(name, kind, server, over_http):
    server.break_with(kind, b'{"person": null}', times=2)
    assert ASK[name](over_http(name))
    assert len(server.requests) == 3


@EACH_REGISTRY
@pytest.mark.parametrize("kind", ["hang up", "cut"])
def test_a_lasting_cut_is_an_error(name, kind, server, over_http):
    server.break_with(kind, b'{"person": null, "visa": null, "student": null, "photo": null, "features": []}')
    assert outcome(name, over_http(name))[0] == "error"
    assert len(server.requests) == MOST_ATTEMPTS


@EACH_REGISTRY
def test_a_connection_refused_is_an_error(name, over_http):
    with socket.socket() as taken:  # bound, never listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        adapter = over_http(name, url=f"http://127.0.0.1:{taken.getsockname()[1]}/api")
        assert outcome(name, adapter)[0] == "error"
        assert adapter.reachable() is False


@EACH_REGISTRY
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html>maintenance</html>",
        b"[]",
        b"null",
        b"{}",
        b'"ok"',
        b"\xff\xfe\x00",
        b'{"person": 3, "visa": 3, "student": 3, "photo": 3, "features": 3}',
    ],
)
def test_an_answer_that_is_no_answer_is_malformed_and_not_asked_again(name, body, server, over_http):
    server.break_with("answer", body)
    assert outcome(name, over_http(name))[0] == "malformed"
    assert len(server.requests) == 1


@EACH_REGISTRY
def test_a_flood_is_malformed(name, server, over_http):
    server.break_with("answer", b" " * (5 * 1024 * 1024))
    assert outcome(name, over_http(name))[0] == "malformed"


@EACH_REGISTRY
def test_a_body_that_does_not_inflate_is_malformed(name, server, over_http):
    server.break_with("answer", b"not gzip at all", headers=(("Content-Encoding", "gzip"),))
    assert outcome(name, over_http(name))[0] == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"foreigner_number": "5908002016"},  # someone else's record
        {"foreigner_number": 5908002010},
        {"birth_name": ""},
        {"birth_name": None},
        {"sex": "H"},
        {"birth_date": "12/05/2007"},
        {"birth_date": "2007-13-01"},
        {"birth_date": "2007-02-30"},
        {"birth_country": "France"},
        {"birth_country": "XXA"},
        {"nationality": "XXB"},
        {"permits": [{"number": "A"}]},
        {
            "permits": [
                {
                    "number": "A",
                    "kind": "k",
                    "reason": "",
                    "valid_from": "2026-02-01",
                    "valid_until": "2026-01-01",
                    "status": "valid",
                }
            ]
        },
    ],
)
def test_a_person_of_the_wrong_shape_is_malformed(change, server, over_http):
    server.break_with("answer", {"person": {**PERSON, **change}})
    assert outcome("agdref", over_http("agdref"))[0] == "malformed"


def test_a_person_with_more_or_fewer_words_than_ours_is_read(server, over_http):
    person = {key: value for key, value in PERSON.items() if key not in {"usage_name", "birth_place", "permits"}}
    server.break_with("answer", {"person": {**person, "eye_colour": "brown"}, "took": 3})
    found = over_http("agdref").find_person(NUMBER)
    assert (found.birth_name, found.birth_place, found.permits) == ("DIALLO", "", ())


def test_the_holder_of_another_permit_is_malformed(server, over_http):
    """Of another number, of other dates, or of no permit at all."""
    asked = PersonWire.of(OKAFOR).model_dump(mode="json")
    (permit,) = asked["permits"]
    for permits in ([], [{**permit, "number": "A1B2C3D4F"}], [{**permit, "valid_until": "2040-01-01"}]):
        server.break_with("answer", {"person": {**asked, "permits": permits}})
        assert outcome("fne", over_http("fne"))[0] == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"number": "FRA2600067890"},  # another visa
        {"valid_until": "2040-01-01"},
        {"valid_until": "2001-01-01"},
        {"kind": "short_stay"},
        {"birth_name": ""},
        {"birth_date": "1990-02-30"},
        {"nationality": "Corée"},
        {"valid_from": None},
    ],
)
def test_a_visa_of_the_wrong_shape_is_malformed(change, server, over_http):
    server.break_with("answer", {"visa": {**VisaWire.of(VISA).model_dump(mode="json"), **change}})
    assert outcome("visabio", over_http("visabio"))[0] == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"ine": "012345678BC"},  # another student
        {"ine": "01234567"},
        {"birth_name": ""},
        {"birth_date": "2004-02-30"},
        {"stay_kind": None},  # a last day of nothing
        {"stay_ends_on": None},
        {"stay_ends_on": "bientôt"},
        {"stay_kind": "receipt"},
        {"nationality": "Colombie"},
    ],
)
def test_a_student_of_the_wrong_shape_is_malformed(change, server, over_http):
    server.break_with("answer", {"student": {**STUDENT, **change}})
    assert outcome("ine", over_http("ine"))[0] == "malformed"


def test_a_student_of_whom_less_is_known_is_read(server, over_http):
    known = {key: value for key, value in STUDENT.items() if key not in {"institution", "stay_kind", "stay_ends_on"}}
    server.break_with("answer", {"student": {**known, "marks": "18/20"}})
    found = ASK["ine"](over_http("ine"))
    assert (found.birth_name, found.institution, found.stay_kind, found.stay_ends_on) == ("LOPEZ", "", None, None)


def test_numbers_that_a_registry_writes_with_spaces_are_the_ones_asked(server, over_http):
    spaced = {**VisaWire.of(VISA).model_dump(mode="json"), "number": "fra 2600-012345"}
    server.break_with("answer", {"visa": spaced})
    assert ASK["visabio"](over_http("visabio")).number == "fra 2600-012345"


@pytest.mark.parametrize(
    "photo",
    [
        {"number": "1234567890123456789013", "status": "available", "photo": PNG, "signature": PNG},  # someone else's face
        {"number": "1234567890123456789012", "status": "available", "photo": "", "signature": PNG},
        {"number": "1234567890123456789012", "status": "available", "photo": PNG, "signature": "PHN2Zz48L3N2Zz4="},
        {"number": "1234567890123456789012", "status": "available", "photo": "%%%", "signature": PNG},
        {"number": "1234567890123456789012", "status": "spent", "photo": "", "signature": ""},
    ],
)
def test_a_photo_of_the_wrong_shape_is_malformed(photo, server, over_http):
    server.break_with("answer", {"photo": photo})
    assert outcome("ephoto", over_http("ephoto"))[0] == "malformed"


def test_the_face_of_a_used_number_is_dropped_even_if_sent(server, over_http):
    server.break_with(
        "answer", {"photo": {"number": "1234567890123456789012", "status": "used", "photo": PNG, "signature": PNG}}
    )
    found = over_http("ephoto").look_up("1234567890123456789012")
    assert (found.status, found.photo, found.signature) == ("used", b"", b"")


def test_communes_and_places_without_postal_code_are_no_addresses(server, over_http):
    town = {
        "label": "Lille",
        "type": "municipality",
        "name": "Lille",
        "postcode": "59000",
        "city": "Lille",
        "citycode": "59350",
    }
    place = {"label": "La Barre", "type": "locality", "name": "La Barre", "city": "Lille", "citycode": "59350"}
    spoken = {
        "label": "La Barre 59000 Lille",
        "type": "locality",
        "name": "La Barre",
        "postcode": "59000",
        "city": "Lille",
        "citycode": "59350",
    }
    server.break_with("answer", {"features": [{"properties": properties} for properties in (town, place, spoken)]})
    assert [found.label for found in over_http("addresses").suggest("la barre")] == ["La Barre 59000 Lille"]


def test_the_address_base_never_gets_a_text_it_would_refuse(server, over_http):
    addresses = over_http("addresses")
    assert addresses.suggest("(rue") == [] and addresses.suggest(" r ") == []
    assert server.requests == []
    addresses.suggest("rue " + "é" * 500)
    ((_, path),) = server.requests
    assert len(path) < 1500


@EACH_REGISTRY
def test_the_token_travels_in_its_header_and_numbers_never_in_the_address(name, server, over_http):
    ASK[name](over_http(name))
    assert server.authorizations == [f"Bearer {served.TOKEN}"]
    if name not in {"addresses", "beacon"}:  # what they are asked is about nobody
        assert all(not any(char.isdigit() for char in path) for _, path in server.requests)


@EACH_REGISTRY
def test_connections_closed_while_idle_do_not_show(name, server, over_http):
    adapter = over_http(name)
    assert ASK[name](adapter)
    server.break_with("hang up", times=1)
    assert ASK[name](adapter)


@pytest.mark.parametrize("kind", ["slow", "hang up", "answer"])
def test_what_is_logged_names_nobody(kind, server, over_http):
    server.break_with(
        kind,
        {
            "person": {**PERSON, "sex": "H"},
            "visa": {**VisaWire.of(VISA).model_dump(mode="json"), "sex": "H"},
            "student": {**STUDENT, "sex": "H"},
        },
    )
    with structlog.testing.capture_logs() as lines:
        for name in ("agdref", "fne", "visabio", "ine"):
            outcome(name, over_http(name, timeout=served.TIMEOUT))
    assert {line["registry"] for line in lines} == {"agdref", "fne", "visabio", "ine"}
    written = json.dumps(lines)
    secrets = (
        NUMBER,
        "DIALLO",
        "Amadou",
        "Conakry",
        PERMIT.number,
        VISA.number,
        "KIM",
        "Busan",
        STUDENT["ine"],
        "LOPEZ",
        "Medell",
        served.TOKEN,
    )
    assert not any(secret in written for secret in secrets)


@EACH_REGISTRY
def test_a_registry_that_answers_nonsense_is_not_reachable(name, server, over_http):
    server.break_with("answer", b"{}")
    assert over_http(name).reachable() is False
