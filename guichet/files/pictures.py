"""Pictures: bounded before they are decoded, turned upright, made smaller, and written anew.

Writing anew is the cleaning: position, date, serial number of the telephone, thumbnails and whatever was hidden behind the
picture stay behind. Runs in the sandbox.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from guichet.files import limits
from guichet.files.limits import Unacceptable

FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "tiff": ("TIFF",), "bmp": ("BMP",), "heif": ("HEIF",)}
# What the decoders of Pillow raise on hostile or broken bytes.
DECODING_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
    OverflowError,
    RuntimeError,
)
PNG_WORTH = 3 * 1024 * 1024  # bytes: beyond, a drawing kept exact weighs too much and becomes a JPEG

Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS


@dataclass(frozen=True)
class Clean:
    """A file written anew: its bytes, their type, its pages."""

    content: bytes
    content_type: str
    pages: int = 1


def clean(content: bytes, kind: str) -> Clean:
    """One picture as JPEG or PNG; a TIFF of several pages as a PDF. ``Unacceptable`` when it cannot be read."""
    frames = list_frames(content, kind)
    if frames > 1:
        pages = [page_of_pdf(frame) for frame in upright_frames(content, kind, limits.LONGEST_SIDE_OF_JOINED)]
        from guichet.files import papers

        return papers.assemble(pages)
    picture = next(upright_frames(content, kind, limits.LONGEST_SIDE))
    if kind in {"jpeg", "heif"}:
        return Clean(_jpeg(picture), "image/jpeg")
    return _exact_or_jpeg(picture)


def list_frames(content: bytes, kind: str) -> int:
    """How many pages, from the headers only: too many pages or pixels are refused before anything is decoded."""
    try:
        with _opened(content, kind) as picture:
            frames = int(getattr(picture, "n_frames", 1)) if kind == "tiff" else 1
            if frames > limits.MAX_PAGES:
                raise Unacceptable("too_many_pages")
            for frame in range(frames):
                picture.seek(frame)
                width, height = picture.size
                if width * height > limits.MAX_PIXELS:
                    raise Unacceptable("too_many_pixels")
    except Image.DecompressionBombError as error:
        raise Unacceptable("too_many_pixels") from error
    except DECODING_ERRORS as error:
        raise Unacceptable("damaged_picture") from error
    return frames


def upright_frames(content: bytes, kind: str, longest: int) -> Iterator[Image.Image]:
    """Each page, decoded one at a time, upright, no side beyond ``longest`` pixels, in L, RGB or 1."""
    try:
        with _opened(content, kind) as picture:
            frames = int(getattr(picture, "n_frames", 1)) if kind == "tiff" else 1
            for frame in range(frames):
                picture.seek(frame)
                yield _upright(picture, longest)
    except DECODING_ERRORS as error:
        raise Unacceptable("damaged_picture") from error


def page_of_pdf(picture: Image.Image) -> bytes:
    """A picture as a PDF of one page that fits an A4 sheet."""
    upright_sheet = picture.height >= picture.width
    width, height = (8.27, 11.69) if upright_sheet else (11.69, 8.27)
    written = io.BytesIO()
    dots_per_inch = max(picture.width / width, picture.height / height, 1.0)
    picture.save(written, "PDF", resolution=dots_per_inch, quality=82)
    return written.getvalue()


def _opened(content: bytes, kind: str) -> Image.Image:
    if kind == "heif":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.options.THUMBNAILS = False
        pillow_heif.register_heif_opener()
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS[kind])
    except Image.DecompressionBombError as error:
        raise Unacceptable("too_many_pixels") from error


def _upright(picture: Image.Image, longest: int) -> Image.Image:
    if picture.format in {"JPEG", "MPO"}:
        picture.draft(None, (longest, longest))  # the decoder itself halves very big pictures
    picture.load()
    profile = picture.info.get("icc_profile")
    orientation = picture.getexif().get(0x0112, 1)
    upright = _plain(picture)
    if max(upright.size) > longest:
        if upright.mode == "1":
            upright = upright.convert("L")
        upright.thumbnail((longest, longest), Image.Resampling.BICUBIC)  # half the time of LANCZOS, as legible
    upright = _in_common_colours(upright, profile)
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    if orientation != 1:
        bare.getexif()[0x0112] = orientation
        bare = ImageOps.exif_transpose(bare)
        bare.getexif().clear()
    return bare


def _plain(picture: Image.Image) -> Image.Image:
    """In L, RGB or 1: transparency on white, palettes and deep greys resolved."""
    if picture.mode in {"L", "RGB", "1"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in {"RGBA", "LA", "PA", "RGBa", "La", "P", "L", "RGB", "1"}:
        see_through = picture.convert("RGBA")
        sheet = Image.new("RGB", picture.size, "white")
        sheet.paste(see_through, mask=see_through.getchannel("A"))
        return sheet
    return picture.convert("L" if picture.mode == "F" else "RGB")


def _in_common_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB: the profile goes away with the other metadata, the colours stay what they were."""
    if not profile or picture.mode != "RGB":
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _jpeg(picture: Image.Image) -> bytes:
    if picture.mode == "1":
        picture = picture.convert("L")
    for quality in (88, 75, 60):
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=quality)
        if written.tell() <= limits.MAX_BYTES:
            break
    return written.getvalue()


def _exact_or_jpeg(picture: Image.Image) -> Clean:
    """A drawing or a scan stays exact when it is light; else it becomes a JPEG."""
    few_colours = picture.mode in {"1", "L"} or picture.width * picture.height <= 4_000_000
    if few_colours:
        written = io.BytesIO()
        picture.save(written, "PNG", compress_level=6)
        if written.tell() <= PNG_WORTH:
            return Clean(written.getvalue(), "image/png")
    return Clean(_jpeg(picture), "image/jpeg")
