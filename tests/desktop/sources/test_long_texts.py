"""Long texts in the viewer: a part is laid out, the rest as one scrolls, and all of it is found."""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.chat.conversations.conversation import Source
from core.messages import DocumentPage
from desktop.sources.viewer.document_text_view import DocumentTextView
from desktop.sources.viewer.text_parts import MOST_LETTERS
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import source

LINE = "{number}. The long beds are watered before nine, the roses 🌹 in the evening."
LINES = [LINE.format(number=number) for number in range(70_000)]
LINES[3] = "A fountain stands by the gate."
TEXT = "\n".join(LINES)
WORDS = "The talk was long and covered many details of the work. " * 12


@pytest.fixture
def view(ui: OpenWindow) -> DocumentTextView:
    made = DocumentTextView(ui.theme)
    made.resize(500, 600)
    made.show()
    ui.bot.addWidget(made)
    return made


def show(view: DocumentTextView, line: int, before: str = "") -> Source:
    wanted = structs.replace(source(1), file="long.txt", text=LINES[line], page=None)
    page = DocumentPage(number=None, heading="", text=before + TEXT)
    assert view.show_document([page], wanted)
    QApplication.processEvents()
    return wanted


def laid_out(view: DocumentTextView) -> str:
    return view.toPlainText()


def first_line_seen(view: DocumentTextView) -> str:
    return view.cursorForPosition(view.viewport().rect().topLeft()).block().text()


def test_a_part_is_laid_out_around_the_passage(view: DocumentTextView) -> None:
    show(view, 40_000)
    assert len(laid_out(view)) < MOST_LETTERS * 1.2
    assert view.textCursor().block().text() == LINES[40_000]
    assert view.extraSelections()[0].cursor.selectedText() == LINES[40_000]


def test_scrolling_adds_what_comes_and_what_was_before(view: DocumentTextView) -> None:
    show(view, 40_000)
    start, end = view.part
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert view.part[1] > end
    assert laid_out(view) == TEXT[slice(*view.part)]
    page = view.viewport().height()
    bar.setValue(page + 1)
    seen = first_line_seen(view)
    bar.setValue(page)
    assert view.part[0] < start
    assert laid_out(view) == TEXT[slice(*view.part)]
    assert abs(LINES.index(first_line_seen(view)) - LINES.index(seen)) <= 1
    assert view.extraSelections()[0].cursor.selectedText() == LINES[40_000]


def test_a_match_far_away_is_shown(view: DocumentTextView) -> None:
    show(view, 40_000)
    assert view.mark_matches("a fountain") == 1
    assert view.step_match(1) == 1
    assert view.textCursor().block().text() == LINES[3]
    assert view.part[0] == 0


def test_keys_reach_the_ends_and_select_all(view: DocumentTextView) -> None:
    show(view, 40_000)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.textCursor().block().text() == LINES[-1]
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert view.textCursor().block().text() == LINES[0]
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.textCursor().selectedText()) == len(TEXT)


def test_a_table_stays_a_grid_beside_what_is_added(view: DocumentTextView) -> None:
    table = "| bed | litres |\n|---|---|\n| long | 40 |\n| short | 12 |\n\n"
    show(view, 2, before=table)
    assert len(view.tables) == 1
    end = view.part[1]
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert view.part[1] > end
    assert view.positions.place(len(table) + TEXT.index(LINES[9000])) > 0
    view.go_to(len(table) + TEXT.index(LINES[2500]))
    assert view.textCursor().block().text() == LINES[2500]


def test_the_paragraphs_between_many_titles_are_drawn(view: DocumentTextView) -> None:
    """Titles made bold one by one left the paragraphs after the first screens without a height."""
    pages = [
        DocumentPage(
            number=None, heading=f"Report > Section {n}", text=f"Item {n} got {n} euros. " + WORDS
        )
        for n in range(60)
    ]
    wanted = structs.replace(source(1), file="report.md", text=pages[23].text, page=None)
    assert view.show_document(pages, wanted)
    QApplication.processEvents()
    layout, block = view.document().documentLayout(), view.document().begin()
    while block.isValid():
        assert layout.blockBoundingRect(block).height() > 0, block.text()
        block = block.next()
    assert view.viewport().rect().contains(view.cursorRect().center())
    assert view.textCursor().block().text().startswith("Item 23 ")


def test_the_passage_is_marked_where_it_stands_among_days_that_begin_alike(
    view: DocumentTextView,
) -> None:
    alike = "It was foggy today. Marta called about the holiday in Japan."
    told = f"{alike} The key of the shed hangs behind the blue clock."
    pages = [
        DocumentPage(number=None, heading=f"Diary > {day}", text=told if day == 60 else alike)
        for day in range(90)
    ]
    wanted = structs.replace(source(1), file="diary.md", text=told, heading="Diary > 60", page=None)
    assert view.show_document(pages, wanted)
    assert view.extraSelections()[0].cursor.selectedText() == told
    twice = structs.replace(wanted, text=alike, heading="Diary > 70")
    assert view.show_other_passage(twice)
    assert view.textCursor().block().previous().previous().text() == "Diary > 70"
    assert view.extraSelections()[0].cursor.selectedText() == alike


def test_only_titles_are_bold_however_often_a_document_is_shown(view: DocumentTextView) -> None:
    pages = [
        DocumentPage(number=None, heading=f"Day {day}", text=f"It rained on day {day}.")
        for day in range(40)
    ]
    wanted = structs.replace(
        source(1), file="diary.md", text=pages[9].text, heading="Day 9", page=None
    )
    for _time in range(2):
        view.show_passage(wanted)
        assert view.show_document(pages, wanted)
        view.mark_matches("rained")
        view.step_match(1)
        block, bold = view.document().firstBlock(), set()
        while block.isValid():
            if block.text() and block.charFormat() and block.begin().fragment().isValid():
                weight = block.begin().fragment().charFormat().fontWeight()
                bold.add((block.text().startswith("Day"), weight > QFont.Weight.Normal))
            block = block.next()
        assert bold == {(True, True), (False, False)}
        view.go_to(0)
