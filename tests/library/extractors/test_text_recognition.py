"""Text in pictures and scans is recognised, however the page lies."""

import numpy as np
import pytest
from PIL import Image

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import text_recognition_model
from core.library.extractors import file_formats
from core.library.extractors.page_images import image_files
from core.library.extractors.page_images.text_recognition import TextRecognizer
from tests.library import documents, pictures
from tests.library.pictures import LINES, as_file


@pytest.fixture(scope="module")
def recognizer() -> TextRecognizer:
    return TextRecognizer(text_recognition_model())


def read(recognizer: TextRecognizer, page: Image.Image) -> str:
    return recognizer.recognize_page(np.asarray(page)).text


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_read_however_it_lies(recognizer: TextRecognizer, turn: int) -> None:
    page = pictures.page()
    found = recognizer.recognize_page(np.asarray(page.rotate(turn, expand=True)))
    assert [line for line in found.text.split("\n") if line] == list(LINES)
    # Each line's box lies where it was drawn, on the page as it was given.
    first = next(line for line in found.lines if line.text == LINES[0])
    upright = (200, 60 + 17)
    width, height = page.size
    x, y = {
        0: upright,
        90: (upright[1], width - upright[0]),
        180: (width - upright[0], height - upright[1]),
        270: (height - upright[1], upright[0]),
    }[turn]
    assert first.left < x < first.right
    assert first.top < y < first.bottom


@pytest.mark.slow
def test_a_crooked_page_is_read(recognizer: TextRecognizer) -> None:
    crooked = pictures.page().rotate(4, expand=True, fillcolor="white")
    assert LINES[1] in read(recognizer, crooked)


@pytest.mark.slow
def test_columns_of_prose_are_read_one_after_the_other(recognizer: TextRecognizer) -> None:
    left = tuple(f"The first column says this in line {n}" for n in "abcdef")
    right = tuple(f"and the second one says in line {n}" for n in "uvwxyz")
    text = read(recognizer, pictures.columns(left, right, gap=700))
    assert text.replace("\n", " ").split() == " ".join(left + right).split()


def test_a_table_is_read_row_by_row(recognizer: TextRecognizer) -> None:
    text = read(
        recognizer,
        pictures.columns(("Blood pressure", "Heart rate", "Pulse"), ("142", "78", "80"), gap=700),
    )
    assert "Blood pressure | 142" in text
    assert "Heart rate | 78" in text


def test_a_page_without_text_gives_none(recognizer: TextRecognizer) -> None:
    assert read(recognizer, Image.new("RGB", (300, 200), "white")) == ""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_picture_files_are_opened(kind: str) -> None:
    data = as_file(pictures.page(size=(90, 60)), kind)
    assert file_formats.extract_content(data, f"scan.{kind.lower()}").scanned == (1,)
    assert image_files.read_pixels(data, 1).shape == (60, 90, 3)


def test_each_page_of_a_fax_is_a_page() -> None:
    pages = [pictures.page(size=(90, 60)) for _ in range(3)]
    data = as_file(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert file_formats.extract_content(data, "fax.tif").scanned == (1, 2, 3)


def test_a_photo_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = as_file(pictures.page(size=(90, 60)), "JPEG", exif=exif)
    assert image_files.read_pixels(data, 1).shape == (90, 60, 3)


def test_only_pages_without_a_text_layer_are_scans() -> None:
    scan = as_file(pictures.page(), "PDF")
    assert file_formats.extract_content(scan, "scan.pdf").scanned == (1,)
    assert file_formats.extract_content(documents.pdf("Typed."), "typed.pdf").scanned == ()
    with pytest.raises(LibraryError) as caught:
        file_formats.extract_content(documents.pdf("", ""), "blank.pdf")
    assert caught.value.code == ErrorCode.FILE_NO_TEXT


@pytest.mark.parametrize(
    ("size", "code"),
    [((20_000, 6_000), ErrorCode.FILE_TOO_LARGE), ((8, 400), ErrorCode.FILE_NO_TEXT)],
)
def test_pictures_of_odd_sizes_say_why_they_are_not_read(
    size: tuple[int, int], code: ErrorCode
) -> None:
    data = as_file(Image.new("1", size), "PNG")
    with pytest.raises(LibraryError) as caught:
        file_formats.extract_content(data, "odd.png")
    assert caught.value.code == code
