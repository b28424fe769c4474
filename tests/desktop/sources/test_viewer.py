"""Document viewer: page pictures, marked passage, search, selection, questions."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.base.errors import ErrorCode
from core.messages import (
    Cancel,
    DocumentPage,
    FileRead,
    PrepareViewing,
    ReadFile,
    RenderPage,
)
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.chat.message.message_text import MessageText
from desktop.sources.cards.source_card import SourceCard
from desktop.sources.viewer_window import ViewerWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, label_of, words_of
from tests.desktop.viewing import WORDS, draw, opened, page_request, pdf, read, spell, turn_id


def test_a_pdf_is_shown_at_its_page_with_the_passage_marked(ui: OpenWindow) -> None:
    viewer = opened(ui)
    request = ui.backend.last_sent(RenderPage)
    assert (request.folder_id, request.file) == ("folder-1", "garden/duties.pdf")
    assert (request.page, request.text) == (3, WORDS)
    assert (request.recognize, request.sizes) == (False, True)
    assert request.width > 100
    assert ui.backend.library.all_sent(PrepareViewing)
    draw(ui, 3)
    assert viewer.shows_pages
    assert viewer.pages_view.page_layout.page_count == 12
    assert viewer.pages_view.current_page == 3
    (mark,) = viewer.pages_view.store.marks[3]
    assert (round(mark.left(), 3), round(mark.bottom(), 3)) == (0.1, 0.52)
    rect = viewer.pages_view.page_layout.page_rect(3)
    seen = rect.top() + mark.top() * rect.height() - viewer.pages_view.verticalScrollBar().value()
    assert 0 <= seen <= viewer.pages_view.viewport().height()
    assert viewer.toolbar.line.text() == "3"
    assert "of 12" in words_of(viewer.toolbar)
    read(ui)
    assert WORDS in viewer.pages_view.accessibleDescription()
    assert "duties.pdf, page 3 of 12" in viewer.pages_view.accessibleName()


def test_the_passage_is_painted_over_its_words(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    picture = viewer.pages_view.viewport().grab().toImage()
    rect = viewer.pages_view.page_layout.page_rect(3)
    top = viewer.pages_view.verticalScrollBar().value()
    x = rect.left() + round(0.3 * rect.width())
    y = rect.top() + round(0.51 * rect.height()) - top
    assert picture.pixelColor(x, y).name() != "#ffffff"
    assert picture.pixelColor(x, y - round(0.1 * rect.height())).name() == "#ffffff"


def test_a_scan_is_recognised_for_its_passage_and_a_lost_one_is_told(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3, boxes=())
    first = viewer.pages_view.store.pictures[3]
    draw(ui, 3, recognize=True)
    assert viewer.pages_view.store.marks[3]
    assert viewer.pages_view.store.pictures[3] is first
    other = opened(ui, pdf(page=4))
    draw(ui, 4, boxes=())
    request_id = page_request(ui, 4, recognize=True).request_id
    ui.backend.library_fails(ErrorCode.FILE_BROKEN, request_id)
    ui.settle()
    assert "no longer in the document" in words_of(other)


def test_a_page_that_cant_be_drawn_gives_way_to_the_text_that_was_read(ui: OpenWindow) -> None:
    viewer = opened(ui)
    ui.backend.library_fails(ErrorCode.FILE_UNREADABLE, page_request(ui, 3).request_id)
    ui.settle()
    assert not viewer.shows_pages
    read(ui, standing="gone")
    assert viewer.text_view.extraSelections()[0].cursor.selectedText() == WORDS
    assert "This is what was read from it before." in words_of(viewer)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"standing": "offline"}, "drive of this folder is not there"),
        ({"standing": "gone"}, "The file is gone."),
        ({"standing": "changed"}, "has changed since it was read"),
        ({"content_hash": "1" * 64}, "has changed since this answer"),
        ({"content_hash": ""}, ""),
        ({}, ""),
    ],
)
def test_what_became_of_the_file_is_told(ui: OpenWindow, facts: dict[str, str], words: str) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    read(ui, **facts)
    assert words in words_of(viewer)
    assert ("changed" in words_of(viewer)) == ("changed" in words)


def test_a_file_that_was_asked_alone_is_shown_by_its_path(ui: OpenWindow) -> None:
    viewer = opened(ui, pdf(folder_id="", path="/home/me/duties.pdf"))
    request = ui.backend.last_sent(RenderPage)
    assert (request.folder_id, request.path) == ("", "/home/me/duties.pdf")
    draw(ui, 3)
    ui.backend.library_answers(
        FileRead,
        request_id=ui.backend.last_sent(ReadFile).request_id,
        path="/home/me/duties.pdf",
        encoding="",
        seconds=0.1,
        pages=(DocumentPage(number=3, heading="", text=WORDS),),
        passages=(),
    )
    control(viewer.toolbar, "More about this document")
    ui.window.controllers.sources.toggle_view_mode()
    assert viewer.text_view.extraSelections()[0].cursor.selectedText() == WORDS


def test_another_passage_of_the_same_document_keeps_its_pages(ui: OpenWindow) -> None:
    viewer = opened(ui, pdf(), pdf(2, page=9))
    draw(ui, 3)
    QTest.keyClick(viewer.pages_view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    ui.settle()
    assert not page_request(ui, 9).sizes
    assert 3 in viewer.pages_view.store.pictures
    draw(ui, 9)
    assert viewer.pages_view.current_page == 9
    assert viewer.pages_view.page_layout.page_count == 12
    assert list(viewer.pages_view.store.marks) == [9]
    QTest.keyClick(viewer.pages_view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    ui.settle()
    assert viewer.pages_view.current_page == 3


def test_only_pages_in_sight_are_drawn(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3, pages=1000)
    ui.bot.waitUntil(lambda: not viewer.pages_view._settle.isActive())
    asked = {request.page for request in ui.backend.library.all_sent(RenderPage)}
    assert asked <= {2, 3, 4}
    viewer.go_to_page(700)
    ui.bot.waitUntil(lambda: not viewer.pages_view._settle.isActive())
    ui.settle()
    page_request(ui, 700)
    assert len(ui.backend.library.all_sent(RenderPage)) < 8
    assert ui.backend.library.all_sent(Cancel)


def test_pages_are_reached_and_enlarged_by_keys(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    view, control_key = viewer.pages_view, Qt.KeyboardModifier.ControlModifier
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_G, control_key)
    QTest.keyClicks(viewer.toolbar.line, "7")
    QTest.keyClick(viewer.toolbar.line, Qt.Key.Key_Return)
    assert view.current_page == 7
    fitted = view.page_layout.zoom
    QTest.keyClick(view, Qt.Key.Key_Plus, control_key)
    assert view.page_layout.zoom > fitted
    assert view.current_page == 7
    QTest.keyClick(view, Qt.Key.Key_Minus, control_key)
    QTest.keyClick(view, Qt.Key.Key_0, control_key)
    assert view.page_layout.fits_width
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current_page == 12
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.current_page == 1


def test_words_are_found_on_pages_and_in_text(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    read(ui)
    viewer.pages_view.setFocus()
    QTest.keyClick(viewer.pages_view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert viewer.find_bar.isVisible()
    QTest.keyClicks(viewer.find_bar.line, "ROSES  want")
    QTest.keyClick(viewer.find_bar.line, Qt.Key.Key_Return)
    assert "3 of 12" in words_of(viewer.find_bar)  # from where one is
    spell(ui, 3, "Roses want less.")
    assert viewer.pages_view.store.found[3]
    QTest.keyClick(viewer.pages_view, Qt.Key.Key_F3)
    assert viewer.pages_view.current_page == 4
    QTest.keyClick(viewer.pages_view, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert viewer.pages_view.current_page == 3
    ui.window.controllers.sources.toggle_view_mode()
    QTest.keyClick(viewer.text_view, Qt.Key.Key_F3)
    assert "of 12" in words_of(viewer.find_bar)
    viewer.find_bar.line.setText("nowhere")
    QTest.keyClick(viewer.find_bar.line, Qt.Key.Key_Return)
    assert "not found" in words_of(viewer.find_bar)
    QTest.keyClick(viewer.find_bar.line, Qt.Key.Key_Escape)
    assert not viewer.find_bar.isVisible()
    assert viewer.isVisible()


def test_the_first_match_is_shown_while_one_types(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    read(ui)
    QTest.keyClick(viewer.pages_view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(viewer.find_bar.line, "roses")
    ui.bot.waitUntil(lambda: "3 of 12" in words_of(viewer.find_bar))  # from where one is
    QTest.keyClicks(viewer.find_bar.line, " want")
    ui.bot.wait(300)
    assert "3 of 12" in words_of(viewer.find_bar)
    QTest.keyClick(viewer.find_bar.line, Qt.Key.Key_Return)
    assert "4 of 12" in words_of(viewer.find_bar)


def test_on_a_card_one_searches_in_its_document(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    read(ui)
    card = ui.window.findChildren(SourceCard)[0]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert viewer.find_bar.isVisible()
    assert viewer.find_bar.line.hasFocus()
    assert not ui.window.view.find_bar.isVisible()


def test_words_of_a_page_are_selected_copied_and_asked(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    viewer.go_to_page(3)
    view = viewer.pages_view
    rect = view.page_layout.page_rect(3)
    line = rect.top() - view.verticalScrollBar().value() + round(rect.height() * 750 / 65535)
    start, end = QPoint(rect.left() + 2, line), QPoint(rect.right() - 2, line)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(view.viewport(), start)
    QTest.mousePress(view.viewport(), left, none, start)
    spell(ui, 3)
    QTest.mousePress(view.viewport(), left, none, start)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), left, none, end)
    assert view.selector.text == WORDS
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == WORDS
    ui.window.view.composer.set_draft("Why?")
    click(viewer, "Ask about the selection")
    assert ui.window.view.composer.draft == f"> {WORDS}\n> — duties.pdf, page 3\n\nWhy?"


def test_the_menu_of_a_document_asks_it_alone(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    click(viewer.toolbar, "More about this document")
    (menu,) = [menu for menu in viewer.findChildren(QMenu) if menu.isVisible()]
    named = {label_of(action): action for action in menu.actions()}
    assert not named["Show in its folder"].isEnabled()
    named["Ask this document"].trigger()
    menu.close()
    assert ui.window.view.composer.files == ("/home/me/Home/garden/duties 1.odt",)


def test_a_source_is_said_to_be_wrong_and_that_is_kept(ui: OpenWindow) -> None:
    opened(ui)
    panel = ui.window.sources
    click(panel, "Source 1: it doesn't support the answer")
    store, turn = ui.app.chats.wrong_sources, turn_id(ui)
    assert store.wrong_source_numbers(turn) == {1}
    assert "You said: it doesn't support the answer." in words_of(panel)
    chat_id = ui.window.controllers.chat.chat_id
    ui.window.controllers.chats.open_new_chat()
    ui.window.controllers.chat.open_chat(chat_id)
    assert "You said" in words_of(panel)
    click(panel, "Source 1: take back that it is wrong")
    assert not store.wrong_source_numbers(turn)
    assert "You said" not in words_of(panel)


def test_what_is_said_in_a_temporary_chat_lasts_as_long_as_the_window(ui: OpenWindow) -> None:
    ui.window.controllers.chats.open_temporary_chat()
    opened(ui)
    click(ui.window.sources, "Source 1: it doesn't support the answer")
    assert "You said" in words_of(ui.window.sources)
    assert not ui.app.chats.wrong_sources.wrong_source_numbers(turn_id(ui))


def test_a_mark_shows_its_passage_while_the_pointer_is_there(ui: OpenWindow) -> None:
    opened(ui)
    ui.window.sources.close_viewer()
    transcript = ui.window.view.transcript
    popup = ui.window.controllers.sources.citation_popup
    transcript.mark_hovered.emit(turn_id(ui), CitationMark(1), QRect(200, 200, 20, 12))
    ui.bot.waitUntil(popup.isVisible)
    assert "duties.pdf" in words_of(popup)
    assert WORDS in words_of(popup)
    assert "Page 3" in words_of(popup)
    assert QApplication.focusWidget() is not popup
    transcript.mark_left.emit()
    ui.bot.waitUntil(lambda: not popup.isVisible())
    transcript.mark_hovered.emit(turn_id(ui), CitationMark(1), QRect(200, 200, 20, 12))
    ui.bot.waitUntil(popup.isVisible)
    click(popup, "Open the document")
    ui.settle()
    assert not popup.isVisible()
    assert ui.window.sources.viewer.isVisible()


def test_a_document_has_a_window_of_its_own(ui: OpenWindow) -> None:
    viewer = opened(ui)
    draw(ui, 3)
    click(viewer, "Show it in a window of its own")
    ui.settle()
    (alone,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, ViewerWindow)]
    assert alone.isAncestorOf(viewer)
    assert viewer.isVisible()
    ui.window.sources.choose_source(1)
    assert alone.isAncestorOf(viewer)
    QTest.keyClick(alone, Qt.Key.Key_Escape)
    ui.settle()
    assert ui.window.sources.isAncestorOf(viewer)
    assert viewer.isVisible()


def test_a_mark_that_tab_has_come_to_shows_its_passage(ui: OpenWindow) -> None:
    opened(ui, pdf())
    ui.window.sources.close_viewer()
    ui.ask("And now?")
    ui.backend.answer_text(WORDS)
    ui.backend.answer_finished()
    ui.settle()
    popup = ui.window.controllers.sources.citation_popup
    text = ui.window.view.transcript.findChildren(MessageText)[-1]
    text.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(text, Qt.Key.Key_Tab)
    if not text.textCursor().hasSelection():
        QTest.keyClick(text, Qt.Key.Key_Tab)
    ui.bot.waitUntil(popup.isVisible)
    assert WORDS in words_of(popup)
    assert text.hasFocus()
    QTest.keyClick(text, Qt.Key.Key_Return)
    ui.settle()
    assert not popup.isVisible()
    assert ui.window.sources.viewer.isVisible()
    text.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(text, Qt.Key.Key_Tab)
    QTest.keyClick(text, Qt.Key.Key_Tab)
    ui.window.view.composer.setFocus()
    ui.bot.waitUntil(lambda: not popup.isVisible())
