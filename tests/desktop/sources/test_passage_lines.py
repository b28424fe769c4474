"""A card shows rows of tables and entries of lists apart, and sentences in one flow."""

import pytest

from core.chat.conversations.conversation import Citation
from desktop.chat.controller.cited_source import cited_sources, passage_html
from desktop.chat.controller.passage_lines import (
    MOST_LINES,
    squeezed_lines,
    with_own_lines,
    without_emphasis,
)
from tests.desktop.values import source


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Name | Rent\n|---|---|\nAnn | 740\nBob | 810", "Name | Rent\nAnn | 740\nBob | 810"),
        ("To bring:\n- bread\n- cheese", "To bring:\n- bread\n- cheese"),
        ("1. Mill\n2. Press\n  slowly", "1. Mill\n2. Press slowly"),
        ("Tenant: Ann\nRent: 740 euros", "Tenant: Ann\nRent: 740 euros"),
        (
            "The lease ends\nin May. The rent\nis due then.",
            "The lease ends in May. The rent is due then.",
        ),
        ("He said: it\nends in May.", "He said: it ends in May."),
        (
            "We confirm it.\nEnergy 31 cents\nIt runs until the end of May and\nis then prolonged.",
            "We confirm it.\nEnergy 31 cents\nIt runs until the end of May and is then prolonged.",
        ),
        ("One.\n\n\nTwo.", "One.\nTwo."),
        ("", ""),
        ("\n\n", ""),
        ("-----", ""),
    ],
)
def test_only_rows_entries_and_paragraphs_begin_a_line(text: str, shown: str) -> None:
    apart = with_own_lines(text)
    assert len(apart) == len(text), "places in it stay what they were"
    assert squeezed_lines(apart, 500) == shown


def test_a_long_table_ends_after_some_lines() -> None:
    rows = "\n".join(f"{n} | {n * n}" for n in range(40))
    lines = squeezed_lines(with_own_lines(rows), 500).split("\n")
    assert len(lines) == MOST_LINES
    assert lines[-1] == "7 | 49…"


def test_the_cited_row_stands_in_a_line_of_its_own() -> None:
    text = "Name | Rent\nAnn | 740\nBob | 810"
    cited = Citation(n=1, start=0, end=5, source_start=12, source_end=21)
    (found,) = cited_sources([source(1, text)], [cited])
    html = passage_html(found, 320, "#777777")
    assert html == '…  <b>Ann | 740</b><br><span style="color: #777777">Bob | 810</span> '


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the **yellow** band, __not__ `red`.", "the yellow band, not red."),
        ("x**2 + y**2 and a ** b ** c", "x**2 + y**2 and a ** b ** c"),
        ("my__own__name and **open", "my__own__name and **open"),
    ],
)
def test_marks_of_strong_words_are_not_shown(text: str, shown: str) -> None:
    assert len(without_emphasis(text)) == len(text), "places in it stay what they were"
    assert squeezed_lines(without_emphasis(text), 500) == shown


def test_the_cited_sentence_of_a_markdown_file_shows_no_marks() -> None:
    text = "Use the **yellow** band.\nRest **two days**."
    cited = Citation(n=1, start=0, end=5, source_start=0, source_end=24)
    (found,) = cited_sources([source(1, text, file="plan.md")], [cited])
    assert "<b>Use the yellow band.</b>" in passage_html(found, 320, "#777777")
    (as_text,) = cited_sources([source(1, text, file="plan.txt")], [cited])
    assert "<b>Use the **yellow** band.</b>" in passage_html(as_text, 320, "#777777")
