"""Selection in the viewer: over pages, by drag, by Shift, a page and the whole document."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from core.base.errors import ErrorCode
from core.messages import ReadLetters
from desktop.sources.pages.page_selection import join_pages
from desktop.sources.pages.pages_view import PagesView
from desktop.sources.viewer.document_viewer import DocumentViewer
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import letters
from tests.desktop.viewing import WORDS, draw, opened, pdf, read, spell


def at_line(view: PagesView, page: int, share: float) -> QPoint:
    """Return where on the view the line of a page lies, at a share of its width."""
    view.go_to_page(page)
    rect = view.page_layout.page_rect(page)
    down = rect.top() - view.verticalScrollBar().value() + round(rect.height() * 750 / 65535)
    return QPoint(rect.left() + round(share * rect.width()), down)


def test_a_selection_runs_over_pages_and_is_copied_when_all_are_read(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    read(ui)
    view = viewer.pages_view
    left, none, shift = (
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    start = at_line(view, 3, 0.5)
    QTest.mouseMove(view.viewport(), start)
    spell(ui, 3, "First of all exam-\n")
    QTest.mouseClick(view.viewport(), left, none, start)
    end = at_line(view, 5, 0.5)
    QTest.mouseClick(view.viewport(), left, shift, end)
    spell(ui, 5, "Three. Not this.")
    assert view.selector.page_boxes(3)
    assert view.selector.page_boxes(5)
    view.setFocus()
    QGuiApplication.clipboard().clear()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "", "page 4 was not read yet"
    assert ui.backend.last_sent(ReadLetters).page == 4
    spell(ui, 4, "ples of page four.")
    copied = QGuiApplication.clipboard().text()
    assert "examples of page four.\nThree. N" in copied
    assert "this" not in copied
    assert "First" not in copied
    assert viewer.selection == (copied, 3)
    assert viewer.ask_button.isVisible()


def test_dragging_below_the_view_scrolls_and_selects_on(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    view = viewer.pages_view
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    start = at_line(view, 3, 0.0)
    QTest.mouseMove(view.viewport(), start)
    spell(ui, 3)
    view.add_page_letters(letters(4, "Page four."), "")
    QTest.mousePress(view.viewport(), left, none, start)
    below = QPoint(view.viewport().width() - 20, view.viewport().height() + 40)
    QTest.mouseMove(view.viewport(), below)
    ui.bot.waitUntil(lambda: bool(view.selector.page_boxes(4)))
    assert view.selector.text.startswith(WORDS)
    QTest.mouseRelease(view.viewport(), left, none, start)


def test_all_of_a_page_is_selected_then_all_of_the_document(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3, pages=4)
    view = viewer.pages_view
    view.go_to_page(3)
    for page in (1, 2, 3):
        view.add_page_letters(letters(page, f"Page {page}."), "")
    view.setFocus()
    for words in ("Page 3.", "Page 1.\nPage 2.\nPage 3."):
        QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert view.selector.text == words
    request_id = ui.backend.last_sent(ReadLetters).request_id
    ui.backend.library_fails(ErrorCode.FILE_BROKEN, request_id)
    ui.settle()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Page 1.\nPage 2.\nPage 3."


def test_words_of_many_pages_are_put_together_once(
    ui: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = opened(ui)
    draw(ui, 3, pages=60)
    view, held = viewer.pages_view, Qt.KeyboardModifier.ControlModifier
    built: list[int] = []

    def counted(pages: Sequence[str]) -> str:
        built.append(len(pages))
        return join_pages(pages)

    monkeypatch.setattr("desktop.sources.pages.page_selection.join_pages", counted)
    view.setFocus()
    view.add_page_letters(letters(3, "Page 3."), "")
    for key in (Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(view, key, held)
    for _page in range(59):
        spell(ui, ui.backend.last_sent(ReadLetters).page, "Words.")
    assert built == [60]
    assert QGuiApplication.clipboard().text().startswith("Words.\nWords.\nPage 3.\nWords.")
    assert viewer.ask_button.isVisible()


def test_on_a_page_without_letters_nothing_is_selected(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    view = viewer.pages_view
    view.add_page_letters(letters(3, ""), "")
    view.setFocus()
    asked = len(ui.backend.library.all_sent(ReadLetters))
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert not view.selector.selection.selected_pages
    assert len(ui.backend.library.all_sent(ReadLetters)) == asked


def waits_for_a_page(ui: OpenWindow) -> DocumentViewer:
    """Copy five pages, of which the fourth was not read yet."""
    viewer = opened(ui, pdf(), pdf(2, page=5))
    draw(ui, 3, pages=5)
    viewer.pages_view.setFocus()
    for page in (1, 2, 3, 5):
        viewer.pages_view.add_page_letters(letters(page, f"Page {page}."), "")
    QGuiApplication.clipboard().setText("before")
    for key in (Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(viewer.pages_view, key, Qt.KeyboardModifier.ControlModifier)
    assert ui.backend.last_sent(ReadLetters).page == 4
    return viewer


def test_a_copy_that_waits_comes_though_another_passage_is_opened(ui: OpenWindow) -> None:
    viewer = waits_for_a_page(ui)
    request_id = ui.backend.last_sent(ReadLetters).request_id
    viewer.passage_wanted.emit(1)
    ui.settle()
    assert viewer.source is not None
    assert viewer.source.page == 5
    assert request_id in ui.backend.library.waiting
    spell(ui, 4, "Page 4.")
    assert QGuiApplication.clipboard().text() == "\n".join(f"Page {n}." for n in range(1, 6))


@pytest.mark.parametrize("action", ["copies", "selects"])
def test_a_copy_that_waits_is_given_up_for_another(ui: OpenWindow, action: str) -> None:
    view = waits_for_a_page(ui).pages_view
    if action == "copies":
        QGuiApplication.clipboard().setText("other")
    else:
        shift = Qt.KeyboardModifier.ShiftModifier
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, shift, at_line(view, 5, 0.5))
    spell(ui, 4, "Page 4.")
    assert not view.selector.selection.first_missing_page(view.store.letters)
    assert QGuiApplication.clipboard().text() == ("other" if action == "copies" else "before")
