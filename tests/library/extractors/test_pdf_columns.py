"""A PDF page whose program drew its lines across two columns is read column by column."""

import numpy as np

from core.library.extractors import file_formats
from core.library.extractors.page_images.page_renderer import PagedFile
from tests.library.documents import assemble

LEFT = """the landlord shall repair all heat-
ing pipes and the boiler within ten
days of a written notice that is sent
by post, and the tenant shall let the
workers in on working days, if they
have been told of it a week before,
in writing or by telephone.""".splitlines()
RIGHT = """any dispute shall be brought before
the court of Leeds, and both parties
shall first try to settle it by talk,
whose cost they share equally; who
leads it is named by the chamber of
commerce unless both agree upon an-
other within ten days of the notice.""".splitlines()
_LEFT_EDGE, _RIGHT_EDGE = 60, 310


def page_of(texts: list[tuple[float, float, str]]) -> bytes:
    """Return a PDF of one page with texts at x and y, drawn in their order."""
    moves = " ".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, text in texts)
    content = f"BT /F1 11 Tf {moves} ET"
    return assemble(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
                " /Resources << /Font << /F1 3 0 R >> >> >>"
            ),
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    )


def across(top: float, *columns: list[str], shift: float = 0.0) -> list[tuple[float, float, str]]:
    """Return the lines of columns as a program draws them that goes from row to row."""
    return [
        (_LEFT_EDGE + 250 * number, top - 13 * row - shift * number, lines[row])
        for row in range(max(map(len, columns)))
        for number, lines in enumerate(columns)
        if row < len(lines)
    ]


def text_of(data: bytes) -> str:
    (page,) = file_formats.extract_content(data, "a.pdf").pages
    return " ".join(page.text.split())


def whole(lines: list[str]) -> str:
    return " ".join(lines).replace("heat- ing", "heating").replace("an- other", "another")


def test_each_column_is_read_to_its_end() -> None:
    assert text_of(page_of(across(700, LEFT, RIGHT))) == f"{whole(LEFT)} {whole(RIGHT)}"


def test_columns_whose_lines_stand_at_other_heights_are_read_to_their_ends() -> None:
    assert text_of(page_of(across(700, LEFT, RIGHT, shift=5))) == f"{whole(LEFT)} {whole(RIGHT)}"


def test_a_heading_across_both_and_the_foot_of_the_page_keep_their_places() -> None:
    head = "What the landlord owes, what the tenant owes, and who decides on it"
    texts = [
        *across(700, LEFT, RIGHT),
        (_LEFT_EDGE, 590.0, head),
        *across(574, RIGHT, LEFT),
        (_LEFT_EDGE, 40.0, "Lease of the flat"),
        (500.0, 40.0, "page 3"),
    ]
    columns = f"{whole(LEFT)} {whole(RIGHT)} {head} {whole(RIGHT)} {whole(LEFT)}"
    assert text_of(page_of(texts)) == f"{columns} Lease of the flat page 3"


def test_a_table_stays_row_by_row() -> None:
    labels = ["Plot with a shed of one", "Plot alone", "Water", "Key", "Honey", "Hall", "Compost"]
    fees = [
        "a plot of two hundred square metres",
        "a plot without a shed",
        "water of the brook, by meter",
        "a key to the gate, given back",
        "a jar of honey of ours",
        "the hall for one evening",
        "a cart of it, brought along",
    ]
    rows = " ".join(f"{label} {fee}" for label, fee in zip(labels, fees, strict=True))
    assert text_of(page_of(across(700, labels, fees))) == rows


def test_cells_of_several_lines_stay_beside_each_other() -> None:
    texts: list[tuple[float, float, str]] = []
    for number in range(3):
        top = 700 - 60 * number
        for edge, lines in ((_LEFT_EDGE, LEFT[1:4]), (_RIGHT_EDGE, RIGHT[1:4])):
            texts += [(edge, top - 13 * row, line) for row, line in enumerate(lines)]
    row = f"{' '.join(LEFT[1:4])} {' '.join(RIGHT[1:4])}"
    assert text_of(page_of(texts)) == f"{row} {row} {row}"


def test_the_words_of_a_column_are_marked_in_it_alone() -> None:
    sheet = PagedFile(page_of(across(700, LEFT, RIGHT)), "a.pdf").page_at(1)
    boxes, cited = sheet.find_text_boxes("\n".join(RIGHT[:4]), ["the court of Leeds"])
    assert len({round(box.top, 2) for box in boxes}) == 4
    assert all(box.left > 300 / 612 for box in boxes + cited)
    assert len(cited) == 1
    sheet.close()


def test_letters_that_are_selected_follow_the_column() -> None:
    sheet = PagedFile(page_of(across(700, LEFT, RIGHT)), "a.pdf").page_at(1)
    text, packed = sheet.locate_letters()
    sheet.close()
    start = text.index("days of a written")
    end = text.index("by telephone.")
    places = np.frombuffer(packed, "<u2").reshape(-1, 4) / 65535
    assert len(places) == len(text)
    assert "court of Leeds" not in text[start:end]
    assert places[start:end, 2].max() < _RIGHT_EDGE / 612
