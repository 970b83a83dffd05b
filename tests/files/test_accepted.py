"""What people really send is taken, whatever its name; what it hides is not kept."""

import io

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from guichet.files import limits, queries
from guichet.files.actions import FileRefused, join
from guichet.files.models import StoredFile
from tests.files import corpus


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("form", "options", "content_type", "name"),
    [
        ("JPEG", {}, "image/jpeg", "scan.jpg"),
        ("PNG", {}, "image/png", "scan.png"),
        ("BMP", {}, "image/png", "scan.png"),
        ("TIFF", {"compression": "tiff_lzw"}, "image/png", "scan.png"),
        ("HEIF", {}, "image/jpeg", "scan.jpg"),
    ],
)
def test_every_promised_format_is_taken_under_its_real_name(form, options, content_type, name, send):
    stored = send(corpus.encoded(form, **options), "scan.exe")
    assert (stored.content_type, stored.name, stored.pages) == (content_type, name, 1)
    assert opened(queries.content(stored)).size == (400, 300)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_one(mode, send):
    source = corpus.picture().convert("L").convert("I;16") if mode == "I;16" else corpus.picture().convert(mode)
    seen = opened(queries.content(send(corpus.encoded("PNG", source), "a.png")))
    assert seen.mode in {"1", "L", "RGB"} and seen.size == (400, 300)


def test_deep_greys_keep_their_shades(send):
    deep = Image.new("I;16", (10, 10), 0x8000)
    assert opened(queries.content(send(corpus.encoded("PNG", deep)))).convert("L").getpixel((5, 5)) == 128


def test_transparency_becomes_white_paper(send):
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert opened(queries.content(send(corpus.encoded("PNG", clear)))).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_inks_of_a_printer_become_screen_colours(send):
    inks = corpus.encoded("JPEG", Image.new("CMYK", (20, 20), (0, 255, 255, 0)))
    red, green, blue = opened(queries.content(send(inks))).convert("RGB").getpixel((5, 5))
    assert red > 200 > 60 > max(green, blue)


def test_a_photo_is_turned_upright_and_forgets_where_and_by_whom_it_was_taken(send):
    sent = corpus.photo_with_position()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825), "the corpus holds a position"
    kept = queries.content(send(sent, "IMG_0001.JPG"))
    seen = opened(kept)
    assert seen.size == (300, 400), "turned by a quarter"
    assert seen.convert("L").getpixel((150, 50)) < 60 < seen.convert("L").getpixel((150, 390)), "what was left is on top"
    assert not dict(seen.getexif()) and "exif" not in seen.info
    assert b"Secret Telephone" in sent and b"Secret Telephone" not in kept and b"Owner Name" not in kept


def test_texts_hidden_in_a_png_are_gone(send):
    from PIL.PngImagePlugin import PngInfo

    hidden = PngInfo()
    hidden.add_text("Comment", "HIDDEN-COMMENT <script>")
    sent = corpus.encoded("PNG", pnginfo=hidden)
    assert b"HIDDEN-COMMENT" in sent and b"HIDDEN-COMMENT" not in queries.content(send(sent))


def test_a_big_picture_is_made_smaller_and_keeps_its_shape(send):
    stored = send(corpus.encoded("JPEG", corpus.picture(6000, 3000), quality=70))
    assert opened(queries.content(stored)).size == (limits.LONGEST_SIDE, limits.LONGEST_SIDE // 2)


def test_a_heavy_scan_is_stored_lighter_than_the_limit(send):
    noise = Image.effect_noise((1800, 1700), 90).convert("RGB")
    sent = corpus.encoded("BMP", noise)
    assert 9_000_000 < len(sent) <= limits.MAX_BYTES
    assert send(sent).size < limits.MAX_BYTES / 2


def test_a_tiff_of_several_pages_becomes_a_pdf(send):
    page = corpus.picture()
    stored = send(corpus.encoded("TIFF", page, save_all=True, append_images=[page, page]), "acte.tiff")
    assert (stored.content_type, stored.name, stored.pages) == ("application/pdf", "acte.pdf", 3)
    assert len(PdfReader(io.BytesIO(queries.content(stored))).pages) == 3


@pytest.mark.parametrize(
    "tail", [corpus.zipped(a=b"EVIL-ZIP"), b"<html><script>EVIL-ZIP</script></html>", b"\xca\xfe\xba\xbe EVIL-ZIP"]
)
def test_a_second_face_behind_a_picture_or_a_pdf_is_cut_off(tail, send):
    for sent in (corpus.encoded("JPEG"), corpus.encoded("PNG"), corpus.pdf()):
        kept = queries.content(send(sent + tail))
        assert b"EVIL-ZIP" not in kept and b"PK\x03\x04" not in kept and b"<script" not in kept


def test_a_pdf_keeps_its_pages_and_its_text(send):
    stored = send(corpus.pdf_with_text("Acte de naissance"), "acte.PDF")
    assert (stored.content_type, stored.name, stored.pages) == ("application/pdf", "acte.pdf", 1)
    assert "Acte de naissance" in PdfReader(io.BytesIO(queries.content(stored))).pages[0].extract_text()


def test_names_in_old_encodings_within_a_pdf_do_not_get_it_refused(send):
    sent = (
        corpus.pdf_with_text("hello", compress_streams=False).replace(b"/F1", b"/\xe91").replace(b"/Helvetica", b"/H\xe9lvetic")
    )
    assert sent.count(b"\xe9") == 3
    assert "hello" in PdfReader(io.BytesIO(queries.content(send(sent)))).pages[0].extract_text()


def test_a_pdf_loses_everything_that_acts(send):
    sent = corpus.active_pdf()
    assert all(mark in sent for mark in (b"EVIL-SCRIPT", b"EVIL-PROGRAM", b"EVIL-SITE", b"EVIL-AUTHOR"))
    kept = queries.content(send(sent))
    with pikepdf.open(io.BytesIO(kept)) as document:
        written = io.BytesIO()
        document.save(written, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert not document.attachments
        assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(document.Root.keys())
        assert not {"/AA", "/Annots"} & set(document.pages[0].obj.keys())
    readable = written.getvalue()
    for trace in (b"EVIL", b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction"):
        assert trace not in readable, trace


def test_a_photo_within_a_pdf_forgets_where_it_was_taken_and_is_not_redrawn(send):
    sent = corpus.pdf_with_photo(corpus.photo_with_position())
    assert b"Secret Telephone" in sent
    stored = send(sent)
    kept = queries.content(stored)
    assert b"Secret Telephone" not in kept and b"Owner Name" not in kept
    with pikepdf.open(io.BytesIO(sent)) as before, pikepdf.open(io.BytesIO(kept)) as after:
        pictures = [opened(bytes(pdf.pages[0].Resources.XObject.I.read_raw_bytes())) for pdf in (before, after)]
    assert pictures[0].tobytes() == pictures[1].tobytes()
    assert opened(queries.preview(stored, 1)).convert("L").getextrema()[0] < 60, "the photo is drawn"


@pytest.mark.parametrize("end", [3, 4, 21, 60])
def test_a_broken_photo_within_a_pdf_does_not_break_the_sandbox(end, send):
    assert send(corpus.pdf_with_photo(corpus.encoded("JPEG")[:end])).pages == 1


def test_what_was_typed_in_a_form_stays_readable(send):
    stored = send(corpus.filled_form())
    page = PdfReader(io.BytesIO(queries.content(stored))).pages[0]
    assert "TYPED VALUE" in page.extract_text()
    seen = opened(queries.preview(stored, 1)).convert("L")
    assert seen.getextrema()[0] < 100, "the value is drawn on the page"


def test_a_pdf_that_only_forbids_printing_is_taken_and_freed(send):
    stored = send(corpus.locked_pdf(""))
    with pikepdf.open(io.BytesIO(queries.content(stored))) as document:
        assert not document.is_encrypted


def test_a_pdf_with_a_wrong_index_but_whole_is_mended(send):
    whole = corpus.pdf_with_text("hello")
    at = whole.rindex(b"startxref\n") + len(b"startxref\n")
    assert send(whole[:at] + b"7\n%%EOF\n").pages == 1


def test_the_stored_file_is_private_and_its_name_tells_nothing(send, private_folder):
    stored = send(corpus.encoded("JPEG"), "passeport de Amadou.jpg")
    path = private_folder / stored.key
    assert path.stat().st_mode & 0o077 == 0
    assert "passeport" not in stored.key and "Amadou" not in stored.key
    import hashlib

    assert stored.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() and stored.size == path.stat().st_size


def test_altered_bytes_are_never_served(send, private_folder):
    stored = send(corpus.encoded("JPEG"))
    (private_folder / stored.key).write_bytes(b"something else")
    with pytest.raises(queries.FileAltered):
        queries.content(stored)


def test_a_removed_file_leaves_neither_bytes_nor_row(send, private_folder):
    from guichet.files.actions import remove

    stored, other = send(corpus.encoded("JPEG")), send(corpus.encoded("JPEG"))
    remove(stored)
    remove(stored)
    assert list(StoredFile.objects.all()) == [other]
    assert [path for path in private_folder.rglob("*.jpg")] == [private_folder / other.key]


class TestJoin:
    """Several photos are joined into one PDF, in the order given."""

    def uploads(self, *contents):
        from django.core.files.uploadedfile import SimpleUploadedFile

        return [SimpleUploadedFile(f"{n}.jpg", content) for n, content in enumerate(contents)]

    def test_photos_and_pdfs_become_one_pdf(self, db):
        wide, tall = corpus.picture(800, 400), corpus.picture(400, 800)
        sent = self.uploads(corpus.encoded("JPEG", wide), corpus.pdf_with_text("middle"), corpus.encoded("HEIF", tall))
        stored = join(sent, "passeport", account=None)
        assert (stored.name, stored.content_type, stored.pages) == ("passeport.pdf", "application/pdf", 3)
        pages = PdfReader(io.BytesIO(queries.content(stored))).pages
        shapes = [page.mediabox.width > page.mediabox.height for page in pages]
        assert shapes == [True, False, False] and "middle" in pages[1].extract_text()
        assert max(float(max(page.mediabox.width, page.mediabox.height)) for page in pages) < 850, "no page beyond A4"

    def test_a_position_does_not_travel_into_the_pdf(self, db):
        stored = join(self.uploads(corpus.photo_with_position()), "photo", account=None)
        assert b"Secret Telephone" not in queries.content(stored)

    @pytest.mark.parametrize(
        ("contents", "code"),
        [
            ([], "none"),
            ([b"x"] * (limits.MAX_JOINED + 1), "too_many_files"),
            ([corpus.encoded("JPEG"), b""], "empty"),
            ([corpus.encoded("JPEG"), b"<html>"], "web_page"),
            ([corpus.encoded("JPEG"), corpus.EICAR], "infected"),
            ([corpus.pdf(60), corpus.pdf(60)], "too_many_pages"),
        ],
    )
    def test_one_bad_file_refuses_the_whole(self, contents, code, db):
        with pytest.raises(FileRefused) as refusal:
            join(self.uploads(*contents), "passeport", account=None)
        assert refusal.value.code == code


class TestPreview:
    """The officer sees pages as pictures, without JavaScript and without opening the file itself."""

    def test_each_page_of_a_pdf_is_drawn(self, send):
        stored = send(corpus.pdf_with_text("HELLO"))
        seen = opened(queries.preview(stored, 1))
        assert seen.format == "JPEG" and seen.width == limits.PREVIEW_WIDTH
        assert seen.convert("L").getextrema()[0] < 80, "the text is drawn"

    def test_a_picture_is_its_own_preview(self, send):
        stored = send(corpus.encoded("PNG"))
        assert queries.preview(stored) == queries.content(stored)

    @pytest.mark.parametrize("page", [0, 2, -1, 10**9])
    def test_a_page_that_is_not_there_has_none(self, page, send):
        assert queries.preview(send(corpus.pdf()), page) is None
        assert queries.preview(send(corpus.encoded("JPEG")), page) is None
