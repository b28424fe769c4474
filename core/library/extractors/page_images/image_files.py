"""Image files (PNG, JPEG, TIFF, WebP, BMP, GIF) opened under limits."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from core.base.errors import ErrorCode, LibraryError

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""Height x width x 3: red, green, blue."""

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
_MAX_PIXELS = 100_000_000
_MAX_FRAMES = 1000
_MIN_SIDE = 16
"""Pixels of a side; a smaller picture holds no word."""


def image_page_numbers(data: bytes) -> tuple[int, ...]:
    """Return the page numbers of a picture file: many for a TIFF, one for all others.

    Raises LibraryError for what is no picture or too large.
    """
    with _open(data) as picture:
        count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    return tuple(range(1, min(count, _MAX_FRAMES) + 1))


def read_pixels(data: bytes, page: int) -> Pixels:
    """Return the picture of page `page`, upright, on white. Raises LibraryError."""
    with _open(data) as picture:
        try:
            picture.seek(page - 1)
            _check_size(picture)
            upright = ImageOps.exif_transpose(picture)
            if upright.has_transparency_data:
                shown = upright.convert("RGBA")
                white = Image.new("RGBA", shown.size, "white")
                upright = Image.alpha_composite(white, shown)
            return np.asarray(upright.convert("RGB"))
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise LibraryError(ErrorCode.FILE_BROKEN) from error


def _open(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the size is checked here, damage when it is read
        try:
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise _too_large("> 100") from error
        except (OSError, ValueError, SyntaxError) as error:
            raise LibraryError(ErrorCode.FILE_BROKEN) from error
    _check_size(picture)
    return picture


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > _MAX_PIXELS:
        raise _too_large(str(picture.width * picture.height // 1_000_000))
    if min(picture.size) < _MIN_SIDE:
        raise LibraryError(ErrorCode.FILE_NO_TEXT)


def _too_large(megapixels: str) -> LibraryError:
    limit = f"{_MAX_PIXELS // 1_000_000} megapixels"
    return LibraryError(ErrorCode.FILE_TOO_LARGE, size=f"{megapixels} megapixels", limit=limit)
