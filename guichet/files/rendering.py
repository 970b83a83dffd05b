"""A page of a PDF as a picture, so that it is seen in any browser without running anything. Runs in the sandbox."""

import io

import pypdfium2  # type: ignore[import-untyped]

from guichet.files import limits
from guichet.files.limits import Unacceptable


def page_as_picture(content: bytes, page: int, width: int = limits.PREVIEW_WIDTH) -> bytes:
    """Page number ``page`` (from 1) as a JPEG, ``width`` pixels wide (narrower for very long sheets)."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            if not 1 <= page <= len(document):
                raise Unacceptable("no_page")
            sheet = document[page - 1]
            across, down = sheet.get_size()
            if across <= 0 or down <= 0:
                raise Unacceptable("damaged_pdf")
            scale = min(width / across, 2 * width / down)
            picture = sheet.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Unacceptable("damaged_pdf") from error
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()
