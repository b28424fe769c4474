"""Draws pages of text as a scanner would see them."""

import io

from PIL import Image, ImageDraw, ImageFont

LINES = (
    "Rental agreement",
    "The rent is 1145 euros a month,",
    "due on the third working day.",
    "Mrs Brandt, Lindenweg 3",
    "Notice must be given in writing.",
)


def page(lines: tuple[str, ...] = LINES, *, size: tuple[int, int] = (900, 620)) -> Image.Image:
    """Return a white page with lines of black text."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=34)
    for number, line in enumerate(lines):
        draw.text((60, 60 + 80 * number), line, fill="black", font=font)
    return picture


def columns(left: tuple[str, ...], right: tuple[str, ...], *, gap: int) -> Image.Image:
    """Return a page of two columns; their lines stand side by side."""
    picture = Image.new("RGB", (1400, 90 * len(left) + 120), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=30)
    for number, (first, second) in enumerate(zip(left, right, strict=True)):
        draw.text((60, 60 + 60 * number), first, fill="black", font=font)
        draw.text((60 + gap, 60 + 60 * number), second, fill="black", font=font)
    return picture


def as_file(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file: PNG, JPEG, TIFF, WEBP or PDF."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()
