"""What a registry fed from old files may send: it is read as one line that every database can keep, or not at all."""

import pytest

from guichet.registries.agdref.wire import PersonWire
from guichet.registries.visabio.wire import VisaWire
from tests.registries.test_faults import NUMBER, PERSON, VISA, outcome

PERMIT = {
    "number": "A1\x00B2",
    "kind": "temporary_card\r\n",
    "reason": "stu\u202edent",
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
    "status": "valid",
}


def test_texts_of_a_person_are_one_line_without_what_nobody_types(server, over_http):
    sent = {"birth_name": " DIALLO\n\nhttps://evil.example/", "first_names": "Ama\x00dou\tBa", "birth_place": "\u2066Conakry"}
    server.break_with("answer", {"person": {**PERSON, **sent, "permits": [PERMIT]}})
    found = over_http("agdref").find_person(NUMBER)
    assert found.birth_name == "DIALLO https://evil.example/"
    assert (found.first_names, found.birth_place) == ("Amadou Ba", "Conakry")
    (permit,) = found.permits
    assert (permit.number, permit.kind, permit.reason) == ("A1B2", "temporary_card", "student")


@pytest.mark.parametrize("name", ["\x00", " \n ", "\u202e"])
def test_a_name_of_nothing_is_malformed(name, server, over_http):
    server.break_with("answer", {"person": {**PERSON, "birth_name": name}})
    assert outcome("agdref", over_http("agdref"))[0] == "malformed"


def test_a_visa_is_read_the_same_way():
    sent = VisaWire.of(VISA).model_dump(mode="python")
    assert VisaWire.model_validate({**sent, "reason": "tal\x00ent", "usage_name": "KIM\nSeo"}).record().usage_name == "KIM Seo"


def test_what_is_written_is_read_back_the_same():
    person = PersonWire.model_validate_json(
        PersonWire.model_validate_json(
            '{"foreigner_number": "5908002010", "birth_name": "N\'Guyen-Lê", "sex": "F", "birth_date": "2007"}'
        ).model_dump_json()
    )
    assert person.birth_name == "N'Guyen-Lê"
