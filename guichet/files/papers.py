"""PDFs: opened, counted, bounded, stripped of everything that acts, and written anew. Runs in the sandbox.

What is kept is what the reader sees: the pages, their resources, their layers and their tags. Scripts, actions, links, attached
files, forms (their values are drawn on the page), titles and dates of making, places where photos were taken go. The file
is written anew from its first byte, so that nothing survives before, after or between its parts; an electronic signature
does not survive either.
"""

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from guichet.files import limits
from guichet.files.limits import Unacceptable
from guichet.files.pictures import Clean

KEPT_IN_ROOT = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties", "/PageLabels", "/OutputIntents"}
DROPPED_FROM_PAGES = {"/AA", "/Annots", "/PieceInfo", "/Metadata", "/Thumb", "/B", "/Trans", "/Dur", "/AF", "/PresSteps"}
DROPPED_ANYWHERE = (
    "/AA",
    "/JS",
    "/JavaScript",
    "/OpenAction",
    "/EmbeddedFiles",
    "/EF",
    "/AF",
    "/RF",
    "/XFA",
    "/OPI",
    "/Metadata",
    "/PieceInfo",
)
ACTIONS = [
    pikepdf.Name(f"/{action}")
    for action in (
        *("JavaScript", "Launch", "URI", "SubmitForm", "ResetForm", "ImportData", "GoToR", "GoToE", "Rendition", "Movie"),
        *("Hide", "Named", "SetOCGState", "GoTo3DView", "RichMediaExecute", "Thread"),
    )
]
FLATE = [pikepdf.Name("/FlateDecode"), pikepdf.Name("/Fl")]
# What libraries raise on a PDF whose parts are not what they should be.
DAMAGE = (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError)
PHOTO_FILTERS = (pikepdf.Name.DCTDecode, pikepdf.Name("/DCT"), pikepdf.Array([pikepdf.Name.DCTDecode]))
COLOUR_NOTES = {0xE2, 0xEE}  # the colour profile and Adobe's note on inks, which say how to draw

pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=500,
    parser_max_nesting=200,
    max_stream_filters=5,
    flate_max_memory=limits.MAX_UNPACKED_BYTES_IN_ALL,
    png_max_memory=limits.MAX_UNPACKED_BYTES_IN_ALL,
    run_length_max_memory=limits.MAX_UNPACKED_BYTES,
    tiff_max_memory=limits.MAX_UNPACKED_BYTES_IN_ALL,
    dct_max_memory=limits.MAX_UNPACKED_BYTES_IN_ALL,
    dct_max_progressive_scans=200,
)


def clean(content: bytes) -> Clean:
    """The same pages, and nothing that acts. A PDF that only forbids printing or copying opens without a password: it is
    taken, since anyone can read it; one that asks for a password is refused."""
    with _opened(content) as document:
        try:
            count = _count_pages(document)
            _refuse_bombs(document)
            _draw_forms(document)
            _strip(document)
            return Clean(_written(document), "application/pdf", count)
        except DAMAGE as error:
            raise Unacceptable("damaged_pdf") from error


def assemble(parts: Iterable[bytes]) -> Clean:
    """PDFs one after the other, in one."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as document:
                whole.pages.extend(document.pages)
            if len(whole.pages) > limits.MAX_PAGES:
                raise Unacceptable("too_many_pages")
        return Clean(_written(whole), "application/pdf", len(whole.pages))


def _opened(content: bytes) -> pikepdf.Pdf:
    # A file cut short has lost its end mark; readers guess the rest, an officer must not.
    if b"%%EOF" not in content[-4096:] and b"startxref" not in content[-4096:]:
        raise Unacceptable("damaged_pdf")
    try:
        return pikepdf.open(io.BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Unacceptable("protected_pdf") from error
    except DAMAGE as error:
        raise Unacceptable("no_page" if "no pages found" in str(error) else "damaged_pdf") from error


def _count_pages(document: pikepdf.Pdf) -> int:
    if len(document.objects) > limits.MAX_PDF_OBJECTS:
        raise Unacceptable("too_complex")
    count = len(document.pages)
    if count > limits.MAX_PAGES:
        raise Unacceptable("too_many_pages")
    if not count:
        raise Unacceptable("no_page")
    return count


def _refuse_bombs(document: pikepdf.Pdf) -> None:
    """A stream may unpack to so much and no more; a picture may have so many pixels and no more."""
    in_all = 0
    for stream in document.objects:
        if not isinstance(stream, pikepdf.Stream):
            continue
        width, height = stream.get("/Width", 0), stream.get("/Height", 0)
        is_picture = stream.get("/Subtype") == pikepdf.Name.Image
        if is_picture and isinstance(width, int) and isinstance(height, int) and width * height > limits.MAX_PIXELS:
            raise Unacceptable("too_many_pixels")
        in_all += _unpacked_size(stream, limits.MAX_UNPACKED_BYTES_IN_ALL if is_picture else limits.MAX_UNPACKED_BYTES)
        if in_all > 2 * limits.MAX_UNPACKED_BYTES_IN_ALL:
            raise Unacceptable("too_complex")


def _unpacked_size(stream: pikepdf.Stream, at_most: int) -> int:
    """Bytes after the Flate filters, counted without keeping them; ``Unacceptable`` beyond ``at_most``."""
    named: Any = stream.get("/Filter", [])
    filters = [named] if isinstance(named, pikepdf.Name) else list(named)
    raw = bytes(stream.read_raw_bytes())
    if not filters or filters[0] not in FLATE:
        return len(raw)
    unpacker, size, chunk, inner = zlib.decompressobj(), 0, raw, b""
    nested = len(filters) > 1 and filters[1] in FLATE
    while chunk:
        try:
            piece = unpacker.decompress(chunk, 1 << 20)
        except zlib.error:
            break  # damaged data: what could be read is what a reader will show
        size += len(piece)
        if size > at_most:
            raise Unacceptable("too_complex")
        if nested:
            inner += piece
        chunk = unpacker.unconsumed_tail
        if not piece:
            break
    if nested:  # packed twice: nothing honest does that to save room
        doubled = zlib.decompressobj()
        try:
            size += len(doubled.decompress(inner, at_most + 1))
        except zlib.error:
            return size
        if size > at_most:
            raise Unacceptable("too_complex")
    return size


def _draw_forms(document: pikepdf.Pdf) -> None:
    """What was typed in a form, stamped or drawn becomes part of the page."""
    if any("/Annots" in page for page in document.pages):
        if "/AcroForm" in document.Root:
            document.generate_appearance_streams()
        document.flatten_annotations("screen")


def _strip(document: pikepdf.Pdf) -> None:
    for key in set(document.Root.keys()) - KEPT_IN_ROOT:
        del document.Root[key]
    for page in document.pages:
        for key in DROPPED_FROM_PAGES & set(page.obj.keys()):
            del page.obj[key]
    for key in list(document.trailer.keys()):
        if key in {"/Info", "/AdditionalStreams"}:
            del document.trailer[key]
    for thing in document.objects:
        for dictionary in _dictionaries(thing):
            _disarm(dictionary)
        if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") in PHOTO_FILTERS:
            thing.write(_without_notes(bytes(thing.read_raw_bytes())), filter=pikepdf.Name.DCTDecode)


def _without_notes(photo: bytes) -> bytes:
    """A JPEG without its notes (Exif, XMP, comments: where, when, by whom); its drawing is copied untouched."""
    kept, at = [photo[:2]], 2
    while at + 4 <= len(photo) and photo[at] == 0xFF and photo[at + 1] != 0xDA:  # up to «start of scan»
        marker, length = photo[at + 1], 2 + int.from_bytes(photo[at + 2 : at + 4], "big")
        if marker == 0xFE or (0xE1 <= marker <= 0xEF and marker not in COLOUR_NOTES):
            at += length
            continue
        kept.append(photo[at : at + length])
        at += length
    return b"".join([*kept, photo[at:]])


def _dictionaries(thing: Any) -> Iterator[Any]:
    """The dictionaries written directly in an object (those it points to are objects of their own)."""
    waiting = [thing]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Stream):
            current = current.stream_dict
        if isinstance(current, pikepdf.Dictionary):
            yield current
            waiting.extend(value for value in current.values() if _is_direct_container(value))
        elif isinstance(current, pikepdf.Array):
            waiting.extend(value for value in current if _is_direct_container(value))


def _is_direct_container(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _disarm(dictionary: Any) -> None:
    for key in DROPPED_ANYWHERE:
        if key in dictionary:
            del dictionary[key]
    action = dictionary.get("/S")
    if isinstance(action, pikepdf.Name) and action in ACTIONS:
        for key in list(dictionary.keys()):
            del dictionary[key]


def _written(document: pikepdf.Pdf) -> bytes:
    written = io.BytesIO()
    document.remove_unreferenced_resources()
    document.save(
        written,
        encryption=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        fix_metadata_version=False,
        deterministic_id=True,
    )
    if written.tell() > limits.MAX_BYTES:
        raise Unacceptable("too_big")
    return written.getvalue()
