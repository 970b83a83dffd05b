"""What a file is, from its first bytes; its name and what the browser says count for nothing.

Runs in the sandbox: recognising goes through libraries that read hostile bytes.
"""

from guichet.files.limits import Unacceptable

# Brands of the ISO container (ISO/IEC 23008-12, annex on HEIF) that hold still pictures a telephone makes.
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
OFFICE_MARKS = (b"word/", b"xl/", b"ppt/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"Index/Document.iwa")
PAGE_MARKS = (b"<!doctype html", b"<html", b"<svg", b"<script", b"<head", b"<body", b"<?xml", b"<?php", b"<iframe")
PROGRAM_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
ARCHIVE_HEADS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)
OLD_OFFICE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def recognise(content: bytes) -> str:
    """``jpeg``, ``png``, ``pdf``, ``tiff``, ``bmp`` or ``heif``; ``Unacceptable`` names what else it looks like."""
    accepted = _accepted(content)
    if accepted:
        return accepted
    raise Unacceptable(_other(content))


def _accepted(content: bytes) -> str:
    head = content[:32]
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    # A byte-order mark or blanks may precede the header of a PDF; anything else before it makes a file with two faces.
    if content[:1024].lstrip(b"\xef\xbb\xbf\x00\t\r\n\x0c ").startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "tiff"
    if head.startswith(b"BM") and int.from_bytes(content[14:18], "little") in {12, 40, 52, 56, 64, 108, 124}:
        return "bmp"
    if head[4:8] == b"ftyp" and (_brands(content) & HEIF_BRANDS):
        return "heif"
    return ""


def _brands(content: bytes) -> set[bytes]:
    """The brands a container claims: the first says what it is, the others what it is compatible with."""
    length = min(int.from_bytes(content[:4], "big"), 256)
    claimed = {content[8:12]} | {content[at : at + 4] for at in range(16, length, 4)}
    return set() if content[8:12] in {b"avif", b"avis"} else claimed


def _other(content: bytes) -> str:
    """The reason to give: what the file seems to be decides what the person is told to do."""
    head = content[:4096]
    if head.startswith(PROGRAM_HEADS):
        return "program"
    if head.startswith((OLD_OFFICE_HEAD, b"{\\rtf")):
        return "office"
    if head.startswith(ARCHIVE_HEADS):
        return "office" if any(mark in content[:65536] for mark in OFFICE_MARKS) else "archive"
    if any(mark in head.lower() for mark in PAGE_MARKS):
        return "web_page"
    return _by_library(content)


def _by_library(content: bytes) -> str:
    import puremagic  # only what is refused pays for it

    try:
        guesses = puremagic.magic_string(content[:65536])
    except (puremagic.PureError, ValueError):
        return "unknown"
    mime = guesses[0].mime_type if guesses and guesses[0].confidence >= 0.4 else ""
    if mime.startswith("image/"):
        return "picture_format"
    if mime.startswith(("video/", "audio/")):
        return "video"
    return "unknown"
