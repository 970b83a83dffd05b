"""An official document is made once for what it certifies, found again by its number, and never changes."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from pydantic import ValidationError

from guichet.certificates import numbers, queries, typesetting
from guichet.certificates.actions import forget, issue, revoke
from guichet.certificates.models import OfficialDocument
from tests.certificates.samples import DATA
from tests.certificates.test_failed_attempt import DATA as ATTEMPT

SUBJECT = ("application", "1")
LONG_AFTER = datetime(2031, 1, 1, tzinfo=UTC)
CONVOKED = {
    "reference": "RDV-7KQ2-M9PX",
    "issued_on": "2026-11-23",
    "last_name": "MARTIN",
    "office_name": "Préfecture du Nord (Lille)",
    "type_name": {"fr": "Remise de titre", "en": "Handover of a permit"},
    "day": "2026-12-01",
    "starts": "10:15",
    "ends": "10:30",
    "minutes": 15,
}


@pytest.mark.django_db
class TestIssue:
    @pytest.mark.parametrize("kind", sorted(DATA))
    def test_the_same_intent_is_one_document(self, kind, private_folder):
        first = issue(kind, subject=SUBJECT, data=DATA[kind], language="fr", intent=f"{kind}:1")
        again = issue(kind, subject=SUBJECT, data={**DATA[kind], "birth_name": "OTHER"}, language="en", intent=f"{kind}:1")
        assert first == again and first.data == again.data
        assert list(queries.documents_of(SUBJECT)) == [first]
        assert len([path for path in private_folder.rglob("*.pdf")]) == 1

    def test_without_an_intent_the_same_data_are_the_same_document(self):
        first, again = (issue("refusal", subject=SUBJECT, data=DATA["refusal"], language="fr") for _ in range(2))
        other = issue("refusal", subject=SUBJECT, data={**DATA["refusal"], "reasons": "Others."}, language="fr")
        elsewhere = issue("refusal", subject=("application", "2"), data=DATA["refusal"], language="fr")
        assert first == again and len({first.pk, other.pk, elsewhere.pk}) == 3

    def test_when_two_processes_issue_at_once_the_first_wins_and_leaves_one_file(self, monkeypatch, private_folder):
        real = typesetting.official_pdf

        def slow(*args):
            monkeypatch.setattr(typesetting, "official_pdf", real)
            issue("refusal", subject=SUBJECT, data=DATA["refusal"], language="fr", intent="once")
            return real(*args)

        monkeypatch.setattr(typesetting, "official_pdf", slow)
        issued = issue("refusal", subject=SUBJECT, data=DATA["refusal"], language="fr", intent="once")
        assert OfficialDocument.objects.get() == issued
        assert [path.name for path in private_folder.rglob("*.pdf")] == [issued.key.rsplit("/", 1)[-1]]

    @pytest.mark.parametrize("kind", sorted(DATA))
    @pytest.mark.parametrize("missing", ["number", "birth_name", "office_name", "issued_on", "procedure_title"])
    def test_a_document_is_never_issued_with_a_hole_in_it(self, kind, missing):
        data = {key: value for key, value in DATA[kind].items() if key != missing}
        with pytest.raises(ValidationError, match=missing):
            issue(kind, subject=SUBJECT, data=data, language="fr")
        assert not OfficialDocument.objects.exists()

    def test_a_receipt_always_says_when_silence_refuses(self):
        data = {key: value for key, value in DATA["deposit_receipt"].items() if key != "silence_refuses_on"}
        with pytest.raises(ValidationError, match="silence_refuses_on"):
            issue("deposit_receipt", subject=SUBJECT, data=data, language="fr")

    def test_a_kind_that_does_not_exist_is_a_programming_error(self):
        with pytest.raises(KeyError):
            issue("birthday_card", subject=SUBJECT, data=DATA["refusal"], language="fr")

    def test_the_document_is_found_as_people_type_its_number(self):
        issued = issue("closing", subject=SUBJECT, data=DATA["closing"], language="fr")
        assert queries.document(issued.number.lower().replace("-", " ")) == issued
        assert queries.document("G-0000-0000-0000-0000-0") is None and queries.document("") is None

    def test_the_file_is_private_and_its_name_tells_nothing(self, private_folder):
        issued = issue("closing", subject=SUBJECT, data=DATA["closing"], language="fr")
        assert (private_folder / issued.key).stat().st_mode & 0o077 == 0
        assert issued.number not in issued.key

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_a_lost_file_is_typeset_again_to_the_byte(self, language, private_folder):
        issued = issue("deposit_receipt", subject=SUBJECT, data=DATA["deposit_receipt"], language=language)
        before = queries.pdf(issued)
        (private_folder / issued.key).unlink()
        assert queries.pdf(OfficialDocument.objects.get()) == before

    def test_altered_bytes_are_never_served(self, private_folder):
        issued = issue("closing", subject=SUBJECT, data=DATA["closing"], language="fr")
        (private_folder / issued.key).write_bytes(b"%PDF-1.7 forged")
        with pytest.raises(queries.DocumentAltered):
            queries.pdf(issued)


class TestNumbers:
    def test_numbers_are_random_and_keep_their_shape(self):
        drawn = {numbers.new_number() for _ in range(500)}
        assert len(drawn) == 500
        assert all(numbers.tidy(number) == number and len(number) == 23 for number in drawn)
        assert len({number[2] for number in drawn}) > 25, "every character is drawn"

    def test_any_single_wrong_character_is_noticed(self):
        number = numbers.new_number()
        for place, char in enumerate(number):
            for other in numbers.ALPHABET:
                if char not in {"-", other} and place:
                    assert numbers.tidy(number[:place] + other + number[place + 1 :]) == ""

    def test_look_alikes_are_forgiven(self):
        number = next(n for n in iter(numbers.new_number, "") if "1" in n and "0" in n and "V" in n[2:])
        typed = number.replace("1", "l").replace("0", "o").replace("V", "u")
        assert numbers.tidy(typed) == number

    @pytest.mark.parametrize("typed", ["", "G", "G-" + "A" * 40, "X-7K3M-9QWX-2HJT-5RVB-C", "é" * 18, "G" + "!" * 17])
    def test_what_cannot_be_a_number_is_none(self, typed):
        assert numbers.tidy(typed) == ""


@pytest.mark.django_db
class TestNeverChanges:
    """Even a shell or ``QuerySet.update()`` does not rewrite what was issued."""

    @pytest.fixture
    def issued(self):
        return issue("refusal", subject=SUBJECT, data=DATA["refusal"], language="fr")

    @pytest.mark.parametrize(
        "change",
        [
            {"data": {}},
            {"kind": "closing"},
            {"sha256": "0" * 64},
            {"key": "elsewhere"},
            {"subject_id": "2"},
            {"language": "en"},
            {"intent": "other"},
            {"number": "G-0"},
            {"issued_at": datetime(2020, 1, 1, tzinfo=UTC)},
            {"data": {}, "key": "", "forgotten_at": LONG_AFTER},  # no paper of an appointment
        ],
    )
    def test_no_column_can_be_rewritten(self, change, issued):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            OfficialDocument.objects.filter(pk=issued.pk).update(**change)

    def test_it_cannot_be_deleted(self, issued):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            issued.delete()

    def test_it_is_revoked_once(self, issued):
        documents = OfficialDocument.objects.filter(pk=issued.pk)
        assert documents.update(revoked_at=datetime(2024, 1, 1, tzinfo=UTC)) == 1
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            documents.update(revoked_at=None)


@pytest.mark.django_db
class TestForgotten:
    """Papers of an appointment are not kept for ever; that they were ours can still be told."""

    @pytest.fixture
    def papers(self):
        said = {"convocation": CONVOKED, "failed_attempt": ATTEMPT, "refusal": DATA["refusal"]}
        return {kind: issue(kind, subject=("booking", "7"), data=data, language="fr") for kind, data in said.items()}

    def test_what_it_said_goes_with_its_file_and_what_proves_it_stays(self, papers, private_folder):
        paper = papers["convocation"]
        bytes_of_the_reader = queries.pdf(paper)
        assert forget("booking", ["7"]) == 2 and forget("booking", ["7"]) == 0
        row = queries.document(paper.number)
        assert (row.data, row.key) == ({}, "") and row.forgotten_at is not None
        assert row.sha256 == hashlib.sha256(bytes_of_the_reader).hexdigest()
        assert (row.kind, row.issued_at) == ("convocation", paper.issued_at)
        assert [path.name for path in private_folder.rglob("*.pdf")] == [papers["refusal"].key.rsplit("/", 1)[1]]
        with pytest.raises(queries.DocumentForgotten):
            queries.pdf(row)

    def test_a_decision_is_never_forgotten(self, papers):
        forget("booking", ["7"])
        assert queries.pdf(queries.document(papers["refusal"].number)).startswith(b"%PDF")

    def test_others_are_left_alone(self, papers):
        assert forget("booking", ["8"]) == forget("application", ["7"]) == 0
        assert queries.document(papers["convocation"].number).data

    def test_a_file_that_went_before_the_transaction_failed_is_made_again(self, papers):
        with pytest.raises(RuntimeError), transaction.atomic():
            forget("booking", ["7"])
            raise RuntimeError
        assert queries.pdf(queries.document(papers["convocation"].number)).startswith(b"%PDF")

    def test_revoked_before_it_keeps_that_day(self, papers):
        number = papers["convocation"].number
        revoke(number)
        forget("booking", ["7"])
        assert queries.document(number).revoked_at is not None

    @pytest.mark.parametrize(
        "change",
        [
            {"forgotten_at": LONG_AFTER},  # and still there
            {"forgotten_at": LONG_AFTER, "key": ""},
            {"forgotten_at": LONG_AFTER, "data": {}},
            {"forgotten_at": LONG_AFTER, "key": "", "data": {}, "sha256": "0" * 64},
            {"forgotten_at": LONG_AFTER, "key": "", "data": {}, "revoked_at": LONG_AFTER},
            {"key": ""},
        ],
    )
    def test_nothing_is_half_forgotten(self, change, papers):
        with pytest.raises(DatabaseError), transaction.atomic():
            OfficialDocument.objects.filter(pk=papers["convocation"].pk).update(**change)

    def test_what_is_forgotten_is_not_written_again(self, papers):
        forget("booking", ["7"])
        rows = OfficialDocument.objects.filter(pk=papers["convocation"].pk)
        for change in ({"data": {"last_name": "Lopez"}}, {"forgotten_at": None}, {"key": "elsewhere"}):
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                rows.update(**change)
