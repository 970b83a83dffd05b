"""A served file is shown or downloaded, never run, never sniffed, never kept by a shared cache."""

import pytest
from django.http import Http404

from guichet.files import serving
from guichet.files.models import StoredFile
from guichet.files.names import shown_name
from tests.files import corpus


def test_a_picture_is_shown_in_a_sandbox(send):
    answer = serving.response(send(corpus.encoded("PNG"), "pièce «1».png"), inline=True)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"] and answer["Content-Security-Policy"].endswith("sandbox")
    assert answer["Content-Disposition"].startswith("inline; ")
    assert "filename*=UTF-8''pi%C3%A8ce%20%C2%AB1%C2%BB.png" in answer["Content-Disposition"]


def test_a_pdf_is_downloaded_under_its_name(send):
    answer = serving.response(send(corpus.pdf(), "acte.pdf"), inline=False)
    assert answer["Content-Disposition"] == "attachment; filename=\"acte.pdf\"; filename*=UTF-8''acte.pdf"
    assert "default-src 'none'" in answer["Content-Security-Policy"] and "script" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ['a"; filename="evil.exe', "a\r\nSet-Cookie: x=1", "é" * 200, "../../etc/passwd", "", "\u202eexe.fdp", "💣.pdf"]
)
def test_no_name_escapes_its_header(name, send):
    stored = StoredFile(name=name or "document.pdf", content_type="application/pdf")
    header = serving.disposition(stored.name, inline=False)
    assert header.isascii() and "\r" not in header and "\n" not in header
    assert header.count('"') == 2 and header.count("filename=") == 1


def test_a_page_is_served_as_a_picture(send):
    stored = send(corpus.pdf_with_text("hello"), "acte.pdf")
    answer = serving.preview_response(stored, 1)
    assert answer["Content-Type"] == "image/jpeg" and answer.content.startswith(b"\xff\xd8")
    assert 'filename="acte-1.jpg"' in answer["Content-Disposition"]
    with pytest.raises(Http404):
        serving.preview_response(stored, 2)


@pytest.mark.parametrize(
    ("given", "content_type", "shown"),
    [
        ("photo.HEIC", "image/jpeg", "photo.jpg"),
        ("C:\\Users\\me\\scan.bmp", "image/png", "scan.png"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("acte\u202efdp.exe", "application/pdf", "actefdp.pdf"),
        ("  .htaccess", "application/pdf", "htaccess.pdf"),
        ("bulletin 2.0 final", "application/pdf", "bulletin 2.0 final.pdf"),
        ("", "image/jpeg", "document.jpg"),
        ("...", "image/jpeg", "document.jpg"),
        ("a\x00b\n.pdf", "application/pdf", "ab.pdf"),
        ("شهادة.pdf", "application/pdf", "شهادة.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 146 + ".pdf"),
    ],
)
def test_the_name_shown_is_what_the_person_gave_made_harmless(given, content_type, shown):
    assert shown_name(given, content_type) == shown
