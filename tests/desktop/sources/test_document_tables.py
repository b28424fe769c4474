"""Tables found in a document's text, and letters located in a document with tables."""

import pytest

from desktop.sources.viewer.document_tables import (
    MAX_TABLE_CELLS,
    find_tables,
    may_hold_tables,
)
from desktop.sources.viewer.passage_finder import find_passage
from desktop.sources.viewer.text_positions import TextPositions


def _rows(text: str, near: int = 0) -> list[list[list[str]]]:
    tables = find_tables(text, [(0, len(text))], near)
    return [[[text[slice(*cell)] for cell in row] for row in table.rows] for table in tables]


@pytest.mark.parametrize(
    "text",
    ["a | b\nc | d", "| a | b |\n|---|:-:|\n| c | d |", "Title\na | b\nc | d", "| a|b |\n|c |d|"],
)
def test_rows_are_cut_at_their_bars(text: str) -> None:
    assert _rows(text) == [[["a", "b"], ["c", "d"]]]


def test_empty_cells_keep_their_columns() -> None:
    assert _rows("a |  | c\n| b | c") == [[["a", "", "c"], ["", "b", "c"]]]
    assert _rows("| a \\| b | c |\n| d | e |") == [[["a \\| b", "c"], ["d", "e"]]]


@pytest.mark.parametrize(
    "text",
    [
        "no bars\nat all",
        "only | one line",
        "```\nls | grep a\nls | grep b\n```",
        "a | b\n" + "text\n" * 9,
    ],
)
def test_what_is_no_table_stays_text(text: str) -> None:
    assert _rows(text) == []


def test_of_a_long_table_the_rows_around_the_answer_are_cut_below_the_head() -> None:
    lines = ["Name | Price", *(f"Thing {n} | {n}" for n in range(9000))]
    text = "\n".join(lines)
    (table,) = find_tables(text, [(0, len(text))], text.index("Thing 7000 "))
    assert len(table.rows) * table.columns <= MAX_TABLE_CELLS
    assert [text[slice(*cell)] for cell in table.head] == ["Name", "Price"]
    shown = text[table.start : table.end]
    assert "Thing 6900 " in shown
    assert "Thing 7100 " in shown
    assert "Thing 10 " not in shown


def test_source_code_has_no_tables_but_files_of_rows_have() -> None:
    assert may_hold_tables("a/b.csv")
    assert may_hold_tables("a.docx")
    assert not may_hold_tables("run.sh")


def test_a_passage_is_found_without_the_table_head_that_was_repeated_above_it() -> None:
    text = "Name | Price\nA | 1\nB | 2\nC | 3\nD | 4"
    assert find_passage(text, "Name | Price\nC | 3\nD | 4") == (text.index("C"), len(text))


def test_letters_are_located_in_cells_and_counted_as_qt_does() -> None:
    text = "🌱 x\na | b"
    positions = TextPositions(text)
    positions.add_piece(0, 3, 0)
    positions.add_piece(4, 5, 6)
    positions.add_piece(8, 9, 8)
    assert [positions.place(n) for n in (0, 1, 3, 4, 5, 8)] == [0, 2, 4, 6, 7, 8]
    assert [positions.position(n) for n in (0, 2, 3, 6, 8)] == [0, 1, 2, 4, 8]
    assert list(positions.places_of_span((2, 9))) == [(3, 4), (6, 7), (8, 9)]
