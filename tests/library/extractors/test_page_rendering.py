"""A page is drawn as a person sees it, and the words of a passage are found on it."""

import numpy as np
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents import pdf_letters
from core.library.extractors.page_images.page_renderer import (
    FilePage,
    PagedFile,
    boxes_of_lines,
    letters_of_lines,
)
from core.library.extractors.page_images.reading_order import RecognizedLine
from core.messages import TextBox
from tests.library import documents, pictures
from tests.library.pictures import as_file


def opened(data: bytes, name: str, number: int) -> FilePage:
    """Open one page of a file; the test closes it."""
    return PagedFile(data, name).page_at(number)


def ink(sheet: FilePage, box: TextBox, width: int = 600) -> float:
    """Return how much of a box is dark."""
    pixels = sheet.render_pixels(width=width)
    height = pixels.shape[0]
    part = pixels[
        int(box.top * height) : int(np.ceil(box.bottom * height)),
        int(box.left * width) : int(np.ceil(box.right * width)),
    ]
    return float((part < 128).mean())


def test_a_pdf_page_is_drawn_as_wide_as_asked() -> None:
    sheet = opened(documents.pdf("The rent is due."), "a.pdf", 1)
    assert sheet.render_pixels(width=306).shape == (396, 306, 3)
    sheet.close()


def test_the_words_of_a_passage_are_found_where_they_stand() -> None:
    sheet = opened(documents.pdf("cover", "The rent is due on Monday."), "a.pdf", 2)
    (box,) = sheet.find_text_boxes("rent is\ndue")[0]
    whole = sheet.find_text_boxes("The rent is due on Monday.")[0][0]
    assert whole.left < box.left < box.right < whole.right
    assert 0.1 < box.top < box.bottom < 0.13  # one line, 92 of 792 points from the top
    assert ink(sheet, box) > 0.05
    assert sheet.find_text_boxes("nothing of the kind") == ((), ())
    sheet.close()


def test_words_whose_accents_stand_apart_are_found() -> None:
    text = r"A cafe)Tj -3.5 0 Td (\264)Tj 8 0 Td (opens."
    data = documents.pdf(text).replace(b"/Helvetica", b"/Helvetica /Encoding /WinAnsiEncoding")
    sheet = opened(data.replace(b"-3.5 0 Td", b"29.8 0 Td"), "a.pdf", 1)
    boxes, _cited = sheet.find_text_boxes("café opens.")
    assert all(ink(sheet, box) > 0.05 for box in boxes)
    assert boxes
    assert "café" in sheet.locate_letters()[0]
    sheet.close()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_are_found_on_turned_pages(turn: int) -> None:
    data = documents.pdf("The rent is due.").replace(
        b"/Type /Page ", b"/Type /Page /Rotate %d " % turn
    )
    sheet = opened(data, "a.pdf", 1)
    (box,) = sheet.find_text_boxes("The rent is due.")[0]
    assert ink(sheet, box) > 0.05
    assert (box.bottom - box.top > box.right - box.left) == (turn in {90, 270})
    sheet.close()


def test_a_passage_that_is_torn_on_the_page_is_found_line_by_line() -> None:
    sheet = opened(documents.pdf("The first sentence. Something else. The last sentence."), "a", 1)
    boxes, _cited = sheet.find_text_boxes("The first sentence.\nThe last sentence.")
    assert len(boxes) == 2
    assert boxes[0].right < boxes[1].left
    sheet.close()


def test_a_cited_sentence_is_found_within_its_passage_only() -> None:
    rent, passage = "The rent is due.", "Pets are welcome. The rent is due."
    sheet = opened(documents.pdf(f"{rent} Notice in writing. {passage}"), "a.pdf", 1)
    boxes, (cited,) = sheet.find_text_boxes(passage, [rent])
    (first,), _none = sheet.find_text_boxes(rent)
    assert first.right < boxes[0].left < cited.left
    assert cited.right == boxes[0].right
    sheet.close()


def test_lines_of_a_scan_are_found_by_what_was_recognised() -> None:
    lines = [
        RecognizedLine("The rent is", 0.9, 10, 10, 110, 30),
        RecognizedLine("1145 euros.", 0.9, 10, 40, 110, 60),
        RecognizedLine("Notice in writing.", 0.9, 10, 70, 160, 90),
    ]
    boxes, cited = boxes_of_lines(
        lines, "The rent is 1145 euros.", (200, 100), ("1145 euros.", "of another page")
    )
    assert [(box.left, box.top, box.right, box.bottom) for box in boxes] == [
        (0.05, 0.1, 0.55, 0.3),
        (0.05, 0.4, 0.55, 0.6),
    ]
    assert cited == boxes[1:]
    (part, _line), _cited = boxes_of_lines(lines, "rent is 1145 euros", (200, 100), ())
    assert (round(part.left, 3), part.right) == (0.217, 0.55)


def test_a_picture_is_drawn_as_wide_as_asked() -> None:
    sheet = opened(as_file(pictures.page(size=(400, 200)), "PNG"), "a.png", 1)
    assert sheet.render_pixels(width=800).shape == (400, 800, 3)
    assert sheet.render_pixels(area=20_000).shape == (100, 200, 3)
    sheet.close()


@pytest.mark.parametrize("name", ["a.pdf", "a.png"])
def test_a_page_that_is_not_there_is_refused(name: str) -> None:
    data = documents.pdf("one") if name == "a.pdf" else as_file(pictures.page(), "PNG")
    with pytest.raises(LibraryError) as caught:
        opened(data, name, 2)
    assert caught.value.code == ErrorCode.FILE_NO_TEXT


def test_a_giant_page_is_drawn_within_limits() -> None:
    data = documents.pdf("x").replace(b"[0 0 612 792]", b"[0 0 14400 9]")
    sheet = opened(data, "a.pdf", 1)
    assert sheet.render_pixels(width=4000).size < 60_000_000
    sheet.close()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_each_letter_has_its_place(turn: int) -> None:
    data = documents.pdf("The rent is due.").replace(
        b"/Type /Page ", b"/Type /Page /Rotate %d " % turn
    )
    sheet = opened(data, "a.pdf", 1)
    text, packed = sheet.locate_letters()
    start = text.index("rent")
    places = np.frombuffer(packed, "<u2").reshape(-1, 4) / 65535
    assert len(places) == len(text)
    (box,) = sheet.find_text_boxes("rent")[0]
    word = places[start : start + 4]
    assert np.allclose(
        (*word[:, :2].min(axis=0), *word[:, 2:].max(axis=0)),
        (box.left, box.top, box.right, box.bottom),
        atol=0.01,
    )
    sheet.close()


def test_letters_of_a_scan_share_their_line() -> None:
    text, packed = letters_of_lines([RecognizedLine("ab", 0.9, 10, 10, 30, 20)], (100, 100))
    places = (np.frombuffer(packed, "<u2").reshape(-1, 4) / 655.35).round()
    assert text == "ab\n"
    assert places.tolist() == [[10, 10, 20, 20], [20, 10, 30, 20], [30, 10, 30, 20]]


def test_the_sizes_of_all_pages_are_told() -> None:
    sheets = PagedFile(documents.pdf("one", "two"), "a.pdf")
    assert sheets.page_sizes() == ((612.0, 792.0), (612.0, 792.0))
    sheets.close()


def test_letters_of_two_units_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    units = [0x61, 0xD835, 0xDC49, 0xD835, 0x62, 0xDC49, 0]  # a, a letter of mathematics, torn ones

    class Pdfium:
        FPDFText_CountChars = staticmethod(lambda _layer: len(units))
        FPDFText_GetUnicode = staticmethod(lambda _layer, index: units[index])

    monkeypatch.setattr(pdf_letters, "raw", Pdfium)
    assert pdf_letters.text_layer_letters(None) == [
        ("a", 0),
        ("𝑉", 2),
        ("b", 4),
        ("\ufffd", 6),
    ]
