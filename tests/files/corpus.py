"""Files made in code: what people send, what breaks, and what attackers send."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pikepdf
import pillow_heif
from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """Left half dark, right half light, some noise: orientation and content can be checked."""
    noise = Image.effect_noise((width, height), 30).convert("RGB")
    noise.paste((20, 30, 60), (0, 0, width // 2, height))
    return noise.convert(mode)


def encoded(form: str, image: Image.Image | None = None, **options) -> bytes:
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    written = io.BytesIO()
    (image or picture()).save(written, form, **options)
    return written.getvalue()


def photo_with_position() -> bytes:
    """A photo as a telephone makes it: turned, dated, located, with the name of its owner."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter to the right
    exif[0x010F] = "Secret Telephone"
    exif[0x013B] = "Owner Name"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 38.0, 14.0), 3: "E", 4: (3.0, 3.0, 48.0)})
    return encoded("JPEG", exif=exif, quality=90)


def pdf(pages: int = 1, change=None, **options) -> bytes:
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(300, 400))
        if change:
            change(document)
        written = io.BytesIO()
        document.save(written, **options)
    return written.getvalue()


def pdf_with_text(words: str, **options) -> bytes:
    def write(document):
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
        document.pages[0].Contents = document.make_stream(f"BT /F1 24 Tf 40 200 Td ({words}) Tj ET".encode())

    return pdf(change=write, **options)


def active_pdf() -> bytes:
    """A PDF that would run a script, start a program, open a site, and carries a program."""

    def arm(document):
        name = pikepdf.Name
        script = document.make_indirect(pikepdf.Dictionary(S=name.JavaScript, JS=pikepdf.String("app.alert('EVIL-SCRIPT')")))
        launch = pikepdf.Dictionary(S=name.Launch, F=pikepdf.String("EVIL-PROGRAM.exe"))
        link = pikepdf.Dictionary(S=name.URI, URI=pikepdf.String("http://evil.example/EVIL-SITE"))
        document.Root.OpenAction = script
        document.Root.AA = pikepdf.Dictionary(WC=launch)
        document.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("x"), script]))
        )
        document.attachments["evil.exe"] = b"MZ EVIL-ATTACHMENT"
        page = document.pages[0]
        page.obj.AA = pikepdf.Dictionary(O=script)
        note = pikepdf.Dictionary(
            Type=name.Annot, Subtype=name.Link, Rect=pikepdf.Array([0, 0, 200, 200]), A=link, AA=pikepdf.Dictionary(E=script)
        )
        note = document.make_indirect(note)
        page.obj.Annots = pikepdf.Array([note])
        # Behind the tags and within a drawing, which are kept: the link, and one more program.
        element = pikepdf.Dictionary(Type=name.StructElem, S=name.Link, K=pikepdf.Dictionary(Type=name.OBJR, Obj=note))
        document.Root.StructTreeRoot = document.make_indirect(
            pikepdf.Dictionary(Type=name.StructTreeRoot, K=pikepdf.Array([element]))
        )
        drawing = document.make_stream(b"0 0 10 10 re f")
        drawing.Type, drawing.Subtype, drawing.BBox = name.XObject, name.Form, pikepdf.Array([0, 0, 10, 10])
        program = document.make_stream(b"MZ EVIL-HIDDEN")
        drawing.AF = pikepdf.Array([pikepdf.Dictionary(Type=name.Filespec, EF=pikepdf.Dictionary(F=program))])
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(D=drawing))
        page.Contents = document.make_stream(b"/D Do")
        document.docinfo["/Author"] = "EVIL-AUTHOR"

    return pdf(change=arm, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)


def filled_form() -> bytes:
    """A form whose typed value has no drawing of its own: a reader must draw it from the value."""

    def fill(document):
        name = pikepdf.Name
        font = document.make_indirect(pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica))
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=name.Annot,
                Subtype=name.Widget,
                FT=name.Tx,
                T=pikepdf.String("name"),
                V=pikepdf.String("TYPED VALUE"),
                Rect=pikepdf.Array([20, 180, 280, 220]),
                DA=pikepdf.String("/Helv 18 Tf 0 g"),
                F=4,
                P=document.pages[0].obj,
            )
        )
        document.pages[0].obj.Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array([field]),
            NeedAppearances=True,
            DA=pikepdf.String("/Helv 18 Tf 0 g"),
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font)),
        )

    return pdf(change=fill)


def locked_pdf(password: str) -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="owner", user=password, R=6))


def pdf_with_page_of(content: bytes, **stream) -> bytes:
    """One page whose content is this packed stream, as it is."""

    def write(document):
        made = document.make_stream(b"")
        made.write(content, filter=pikepdf.Array([pikepdf.Name(f) for f in stream.get("filters", ["/FlateDecode"])]))
        document.pages[0].Contents = made

    return pdf(change=write)


@cache
def packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    return b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])


def pdf_with_packed_index(megabytes: int) -> bytes:
    """A cross-reference stream that unpacks to hundreds of megabytes: the bomb goes off when the file is opened."""
    head = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    packed = packed_zeros(megabytes)
    size = (megabytes << 20) // 4
    index = b"3 0 obj\n<</Type/XRef/Size %d/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % (size, len(packed))
    return head + index + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(head)


def pdf_with_huge_picture() -> bytes:
    def write(document):
        name = pikepdf.Name
        image = document.make_stream(b"")
        image.write(zlib.compress(b"\0" * 1000), filter=name.FlateDecode)
        described = {"/Type": name.XObject, "/Subtype": name.Image, "/Width": 60_000, "/Height": 60_000}
        for key, value in {**described, "/ColorSpace": name.DeviceGray, "/BitsPerComponent": 8}.items():
            image[key] = value
        document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        document.pages[0].Contents = document.make_stream(b"q 300 0 0 400 0 0 cm /I Do Q")

    return pdf(change=write)


def pdf_with_photo(photo: bytes) -> bytes:
    """A page that shows a JPEG as it is, as scanning applications of telephones make them."""

    def write(document):
        name = pikepdf.Name
        image = document.make_stream(b"")
        image.write(photo, filter=name.DCTDecode)
        described = {"/Type": name.XObject, "/Subtype": name.Image, "/Width": 400, "/Height": 300}
        for key, value in {**described, "/ColorSpace": name.DeviceRGB, "/BitsPerComponent": 8}.items():
            image[key] = value
        document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        document.pages[0].Contents = document.make_stream(b"q 300 0 0 225 0 80 cm /I Do Q")

    return pdf(change=write)


def png_flood(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few hundred bytes that announce billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def bmp_flood() -> bytes:
    content = bytearray(encoded("BMP", picture(10, 10)))
    content[18:26] = struct.pack("<ii", 50_000, 50_000)
    return bytes(content)


def zipped(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def word_document() -> bytes:
    return zipped(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<document/>"})
