"""Placeholder portraits and signatures, drawn: nobody's face, and plainly not a photograph."""

import hashlib
import io
import math
from functools import lru_cache

from PIL import Image, ImageDraw

PORTRAIT = (413, 531)  # 35 × 45 mm at 300 dots per inch, as photos of permits are
SIGNATURE = (600, 200)
OVERSAMPLING = 2  # drawn larger, then reduced: smooth edges


@lru_cache(maxsize=64)
def portrait(seed: str) -> bytes:
    """A PNG: head and shoulders in flat tones. The same seed gives the same bytes."""
    tones = hashlib.sha256(seed.encode()).digest()
    width, height = (side * OVERSAMPLING for side in PORTRAIT)
    image = Image.new("RGB", (width, height), (226, 229, 234))
    draw = ImageDraw.Draw(image)
    coat = tuple(70 + tone % 90 for tone in tones[:3])
    grey = 120 + tones[3] % 60
    skin, hair = (grey + 30, grey + 22, grey + 16), (grey - 70, grey - 74, grey - 76)
    middle, head, tall = width // 2, width // 4, int(width / 3.1)
    eyes = int(height * 0.42)
    draw.ellipse((int(width * 0.08), int(height * 0.74), int(width * 0.92), int(height * 1.35)), fill=coat)
    draw.rounded_rectangle((middle - head // 2, eyes, middle + head // 2, int(height * 0.82)), radius=head // 3, fill=skin)
    draw.ellipse((middle - head - 14, eyes - tall - 22, middle + head + 14, eyes + tall // 2), fill=hair)
    draw.ellipse((middle - head, eyes - tall + 30, middle + head, eyes + tall), fill=skin)
    for side in (-1, 1):
        centre = middle + side * head // 2
        draw.ellipse((centre - 20, eyes - 10, centre + 20, eyes + 10), fill=hair)
    draw.line((middle, eyes + 30, middle - 12, eyes + 100, middle + 16, eyes + 104), fill=hair, width=6, joint="curve")
    draw.line((middle - 60, eyes + 175, middle + 60, eyes + 175), fill=hair, width=10)
    return _png(image, PORTRAIT)


@lru_cache(maxsize=64)
def signature(seed: str) -> bytes:
    """A PNG: a flourish in ink on white. The same seed gives the same bytes."""
    waves = hashlib.sha256(b"signature" + seed.encode()).digest()
    width, height = (side * OVERSAMPLING for side in SIGNATURE)
    image = Image.new("RGB", (width, height), "white")
    stroke = []
    for step in range(400):
        along = step / 400
        swing = sum(math.sin(along * (3 + waves[k] % 23) + waves[k + 8]) * (0.30 - k * 0.05) for k in range(4))
        x = width * (0.08 + 0.80 * along) + math.sin(along * (20 + waves[16] % 20)) * 46
        stroke.append((x, height * (0.5 + swing * (1 - along * 0.5) * 0.8)))
    draw = ImageDraw.Draw(image)
    draw.line(stroke, fill=(22, 32, 88), width=9, joint="curve")
    draw.line((width * 0.12, height * 0.86, width * 0.88, height * (0.78 + waves[17] % 8 / 100)), fill=(22, 32, 88), width=7)
    return _png(image, SIGNATURE)


def _png(image: Image.Image, size: tuple[int, int]) -> bytes:
    written = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(written, "PNG", dpi=(300, 300))
    return written.getvalue()
