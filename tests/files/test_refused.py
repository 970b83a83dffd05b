"""A file that is not taken is refused for its own reason, in words that say what to do; nothing is kept of it."""

import string

import pytest
from django.utils import translation

from guichet.files import limits, workshop
from guichet.files.limits import Unacceptable
from guichet.files.models import StoredFile
from guichet.files.refusals import MESSAGES, FileRefused
from tests.files import corpus

JPEG = corpus.encoded("JPEG")
PNG = corpus.encoded("PNG")

REFUSED = {
    "nothing at all": (lambda: b"", "empty"),
    "more than 10 MB": (lambda: JPEG + bytes(limits.MAX_BYTES), "too_big"),
    "a Windows program named .jpg": (lambda: b"MZ\x90\x00" + bytes(200), "program"),
    "a Linux program": (lambda: b"\x7fELF" + bytes(200), "program"),
    "a script": (lambda: b"#!/bin/sh\nrm -rf ~\n", "program"),
    "a web page named .pdf": (lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>", "web_page"),
    "a web page behind blanks": (lambda: b"\n \n  <HTML><body>hello</body></HTML>", "web_page"),
    "a drawing that can hold scripts": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "web_page"),
    "a drawing with an XML header": (lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "web_page"),
    "an archive named .pdf": (lambda: corpus.zipped(a=b"hello"), "archive"),
    "an archive that unpacks to gigabytes": (lambda: corpus.zipped(a=bytes(50_000_000)), "archive"),
    "a gzip archive": (lambda: b"\x1f\x8b\x08\x00" + bytes(50), "archive"),
    "a Word document": (corpus.word_document, "office"),
    "an old Word document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office"),
    "a rich text document": (lambda: rb"{\rtf1\ansi hello}", "office"),
    "an animation": (lambda: corpus.encoded("GIF"), "picture_format"),
    "a WebP picture": (lambda: corpus.encoded("WEBP"), "picture_format"),
    "an AVIF picture": (lambda: corpus.encoded("AVIF"), "picture_format"),
    "a film": (lambda: b"\x00\x00\x00\x20ftypmp42\x00\x00\x00\x00mp42isom" + bytes(100), "video"),
    "a plain text": (lambda: b"Dear administration,\nhere is my birth certificate.\n", "unknown"),
    "random bytes": (lambda: bytes(range(7, 250)), "unknown"),
    "the antivirus test file": (lambda: corpus.EICAR, "infected"),
    "the antivirus test file within a PDF": (lambda: corpus.pdf() + b"\n%" + corpus.EICAR, "infected"),
    "half a photo": (lambda: JPEG[: len(JPEG) // 2], "damaged_picture"),
    "half a drawing": (lambda: PNG[: len(PNG) // 2], "damaged_picture"),
    "a drawing with a wrong checksum": (lambda: PNG[:40] + b"\xff\xff" + PNG[42:], "damaged_picture"),
    "the head of a photo": (lambda: JPEG[:20], "damaged_picture"),
    "half a TIFF": (lambda: (lambda whole: whole[: len(whole) // 2])(corpus.encoded("TIFF")), "damaged_picture"),
    "half a telephone photo": (lambda: (lambda whole: whole[: len(whole) // 2])(corpus.encoded("HEIF")), "damaged_picture"),
    "half a PDF": (lambda: (lambda whole: whole[: len(whole) // 2])(corpus.pdf_with_text("hello")), "damaged_pdf"),
    "a PDF of noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\nstartxref\n12\n%%EOF", "damaged_pdf"),
    "a PDF that asks for a password": (lambda: corpus.locked_pdf("secret"), "protected_pdf"),
    "a PDF without any page": (lambda: corpus.pdf(0), "no_page"),
    "a PDF of too many pages": (lambda: corpus.pdf(limits.MAX_PAGES + 1), "too_many_pages"),
    "a TIFF of too many pages": (
        lambda: corpus.encoded(
            "TIFF", corpus.picture(8, 8), save_all=True, append_images=[corpus.picture(8, 8)] * limits.MAX_PAGES
        ),
        "too_many_pages",
    ),
    "a flood of pixels": (corpus.png_flood, "too_many_pixels"),
    "a flood of pixels in a BMP": (corpus.bmp_flood, "too_many_pixels"),
    "just too many pixels": (lambda: corpus.png_flood(limits.MAX_PIXELS // 1000 + 1, 1000), "too_many_pixels"),
    "a flood of pixels within a PDF": (corpus.pdf_with_huge_picture, "too_many_pixels"),
    "a PDF page that unpacks to 100 MB": (lambda: corpus.pdf_with_page_of(corpus.packed_zeros(100)), "too_complex"),
    "a PDF page packed twice": (
        lambda: corpus.pdf_with_page_of(__import__("zlib").compress(corpus.packed_zeros(300), 9), filters=["/FlateDecode"] * 2),
        "too_complex",
    ),
    "a web page before a PDF": (lambda: b"<html><script>alert(1)</script>" + corpus.pdf(), "web_page"),
    "an archive before a PDF": (lambda: corpus.zipped(a=b"hello") + corpus.pdf(), "archive"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_for_its_own_reason_and_nothing_is_kept(what, refused, private_folder):
    make, code = REFUSED[what]
    assert refused(make(), "passeport.jpg").code == code
    assert not StoredFile.objects.exists()
    assert not [path for path in private_folder.rglob("*") if path.is_file()]


def test_a_bomb_in_the_index_of_a_pdf_goes_off_in_the_sandbox_only(refused):
    assert refused(corpus.pdf_with_packed_index(300)).code in {"damaged_pdf", "too_complex"}


def test_every_reason_has_a_sentence_of_its_own_in_both_languages():
    said = {}
    for language in ("fr", "en"):
        with translation.override(language):
            said[language] = {code: str(FileRefused(code).message) for code in MESSAGES}
    for code in MESSAGES:
        french, english = said["fr"][code], said["en"][code]
        assert french != english, f"{code} is not translated"
        assert french[-1] == english[-1] == "." and len(french) > 60
        assert not set(string.Formatter().parse(french)) - {(french, None, None, None)}, f"{code} shows a placeholder"
    assert len(set(said["fr"].values())) == len(MESSAGES)


def test_every_reason_given_in_the_sandbox_has_its_sentence():
    import re
    from pathlib import Path

    room = Path(workshop.__file__).parent
    given = {
        code for path in room.glob("*.py") for code in re.findall(r'(?:Unacceptable|FileRefused)\("(\w+)"\)', path.read_text())
    }
    assert given <= set(MESSAGES)
    tested = {code for _, code in REFUSED.values()}
    elsewhere = {"too_many_files", "scanner_unavailable", "busy", "none"}
    assert set(MESSAGES) == tested | elsewhere


def test_an_unknown_reason_is_a_programming_error():
    with pytest.raises(KeyError):
        FileRefused("because")


def test_what_the_sandbox_refuses_is_named():
    with pytest.raises(Unacceptable) as refusal:
        workshop.clean(b"hello")
    assert refusal.value.code == "unknown"
