"""The photo printed on a document: decoded, bounded and written anew, since its bytes come from another registry."""

import base64
import binascii
import io

import structlog
from PIL import Image, ImageOps

log = structlog.get_logger("guichet.certificates")
PRINTED = (413, 531)  # pixels: 35 by 45 mm at 300 dots per inch, the size of an identity photo
MAX_PIXELS = 40_000_000


def small_jpeg(encoded: str) -> str:
    """The photo as a small JPEG in base64; ``""`` when there is none or it cannot be read: a document is issued without
    its photo rather than not at all."""
    if not encoded:
        return ""
    try:
        content = base64.b64decode(encoded.partition("base64,")[2] or encoded, validate=True)
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail(PRINTED, Image.Resampling.LANCZOS)
            sheet = Image.new("RGB", upright.size, "white")
            see_through = upright.convert("RGBA")
            sheet.paste(see_through, mask=see_through.getchannel("A"))
    except (binascii.Error, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        log.warning("photo left out of a document", error=type(error).__name__)
        return ""
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=85)
    return base64.b64encode(written.getvalue()).decode()
