"""Search dialog over chats and documents: keyboard use, and opening each result."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.base.errors import ErrorCode, LibraryError
from core.chat.answering.turn_conversion import sources_from_hits
from core.chat.conversations.conversation import Source
from core.chat.store.chat_search import ChatHit
from core.messages import SearchDone, SearchFolders, SearchHit, SearchVerdict
from desktop.search.search_dialog import SearchDialog
from desktop.search.search_results import RESULT, SearchResult
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import control, dialog, words_of
from tests.desktop.values import answer, folder, hit, question


def passage(n: int = 1, text: str = "The valve is behind the shed.") -> SearchHit:
    return hit(n, text, page=3)


@pytest.fixture
def box(ui: OpenWindow) -> SearchDialog:
    """Open the box over two chats and a folder."""
    turns = (question("q1", "Where is the valve?"), answer("a1", "Behind the shed."))
    ui.backend.put_chat("Garden", turns)
    ui.backend.put_chat("Cider", (question("q2", "How long?"), answer("a2", "A week.")))
    ui.backend.folder_seen(folder())
    ui.window.controllers.chats.refresh_list()
    QTest.keyClick(
        ui.window,
        Qt.Key.Key_F,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    opened = dialog()
    assert isinstance(opened, SearchDialog)
    return opened


def results(box: SearchDialog) -> list[SearchResult]:
    return [box._list.item(row).data(RESULT) for row in range(box._list.count())]


def search_for(ui: OpenWindow, box: SearchDialog, words: str) -> str:
    """Type, wait until the documents are asked, and return the request's id."""
    ui.backend.library.held.add(SearchFolders)
    before = len(ui.backend.library.all_sent(SearchFolders))
    QTest.keyClicks(box.line, words)
    ui.bot.waitUntil(lambda: len(ui.backend.library.all_sent(SearchFolders)) > before)
    return ui.backend.last_sent(SearchFolders).request_id


def found(ui: OpenWindow, request_id: str, *hits: SearchHit) -> None:
    ui.backend.library_answers(SearchDone, request_id=request_id, hits=hits, seconds=0.1)
    ui.settle()


def test_chats_come_at_once_and_documents_a_moment_later(ui: OpenWindow, box: SearchDialog) -> None:
    request_id = search_for(ui, box, "shed")
    assert [result.title for result in results(box)] == ["Chats", "Garden"]
    assert "Searching the documents …" in words_of(box)
    found(ui, request_id, passage())
    assert [result.title for result in results(box)] == [
        "Chats",
        "Garden",
        "Documents",
        passage().file,
    ]
    result = results(box)[-1]
    assert [result.excerpt[start:end] for start, end in result.marks] == ["shed"]
    assert "page 3" in result.place
    accessible_text = box._list.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert accessible_text.startswith("Garden, Answer")


def test_enter_opens_the_chat_at_its_turn(ui: OpenWindow, box: SearchDialog) -> None:
    QTest.keyClicks(box.line, "shed")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    ui.settle()
    assert ui.window.controllers.chat.chat_id == "chat-1"
    assert ui.window.view.transcript.find_answer_card("a1") is not None


def long_paste(last: str) -> str:
    return "\n".join([*(f"line {n} of what was pasted" for n in range(60)), last])


def retrieval_context(ui: OpenWindow) -> list[str]:
    """Return the words that have a ground under them, from top to bottom."""
    return [
        mark.cursor.selectedText()
        for _row, text in ui.window.view.transcript.built_texts()
        for mark in text.extraSelections()
    ]


def is_seen(ui: OpenWindow, words: str) -> bool:
    """Whether marked words stand inside the transcript's view."""
    view = ui.window.view.transcript.viewport()
    for _row, text in ui.window.view.transcript.built_texts():
        for mark in text.extraSelections():
            place = text.cursorRect(mark.cursor)
            top = text.mapTo(view, place.topLeft()).y()
            if mark.cursor.selectedText() == words and 0 <= top <= view.height() - place.height():
                return True
    return False


def test_enter_shows_the_words_in_a_long_message_and_escape_lets_them_go(
    ui: OpenWindow, box: SearchDialog
) -> None:
    turns = (question("p", long_paste("The Müller papers")), answer("pa", "Read.\n\n" * 80))
    ui.backend.put_chat("Papers", turns)
    QTest.keyClicks(box.line, "papers muller")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    ui.settle()
    assert {"Müller", "papers"} <= set(retrieval_context(ui))
    assert is_seen(ui, "Müller")
    bar = ui.window.view.find_bar
    assert "1 of 2" in words_of(bar)
    ui.window.activateWindow()
    ui.bot.waitUntil(ui.window.isActiveWindow)
    QTest.keyClick(ui.window, Qt.Key.Key_F3)
    ui.settle()
    assert "2 of 2" in words_of(bar)
    QTest.keyClick(control(bar, "Find in this chat"), Qt.Key.Key_Return)
    assert "1 of 2" in words_of(bar)
    QTest.keyClick(control(bar, "Find in this chat"), Qt.Key.Key_Escape)
    ui.settle()
    assert not retrieval_context(ui)
    assert not bar.isVisible()


def test_words_far_down_an_answer_are_brought_into_view(ui: OpenWindow, box: SearchDialog) -> None:
    code = "```python\n" + "x = 1\n" * 50 + f"{'y' * 400}  # the gauge\n```\n\n"
    text = "Words of a paragraph.\n\n" * 90 + code + "Words behind it.\n\n" * 90
    ui.backend.put_chat("Long", (question("lq", "long?"), answer("la", text)))
    QTest.keyClicks(box.line, "gauge")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    ui.settle()
    assert is_seen(ui, "gauge")
    shown = [
        text for _row, text in ui.window.view.transcript.built_texts() if text.extraSelections()
    ]
    (mark, *_same) = shown[0].extraSelections()
    place = shown[0].cursorRect(mark.cursor)
    assert 0 <= place.left() <= shown[0].viewport().width(), "the line wasn't scrolled to it"


def test_arrows_move_through_both_and_enter_opens_the_passage(
    ui: OpenWindow, box: SearchDialog
) -> None:
    request_id = search_for(ui, box, "shed")
    found(ui, request_id, passage())
    chosen: list[object] = []
    ui.window.controllers.chat_features.search.passage_chosen.connect(chosen.append)
    assert isinstance(box._current().target, ChatHit)  # type: ignore[union-attr]
    QTest.keyClick(box.line, Qt.Key.Key_Down)
    assert isinstance(box._current().target, Source)  # type: ignore[union-attr]
    QTest.keyClick(box.line, Qt.Key.Key_Down)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert chosen == list(sources_from_hits((passage(),)))


def test_late_results_of_older_words_are_dropped(ui: OpenWindow, box: SearchDialog) -> None:
    old = search_for(ui, box, "shed")
    new = search_for(ui, box, " valve")
    ui.backend.library.deliver(SearchDone(request_id=old, hits=(passage(1, "old"),), seconds=0.1))
    ui.backend.pump()
    assert all(not isinstance(result.target, Source) for result in results(box))
    found(ui, new, passage(2))
    assert isinstance(results(box)[-1].target, Source)


def test_documents_that_cannot_be_searched_say_why(ui: OpenWindow, box: SearchDialog) -> None:
    search_for(ui, box, "shed")
    ui.backend.library_dies()
    ui.settle()
    assert LibraryError(ErrorCode.LIBRARY_DIED, detail="").message[:20] in words_of(box)
    assert "Garden" in [result.title for result in results(box)]


def test_a_search_that_fails_is_told_in_the_box_alone(ui: OpenWindow, box: SearchDialog) -> None:
    request_id = search_for(ui, box, "shed")
    ui.backend.library_fails(ErrorCode.EMBEDDER_MISSING, request_id, path="/m")
    ui.settle()
    assert LibraryError(ErrorCode.EMBEDDER_MISSING, path="/m").message in words_of(box)
    assert ui.notices.all_notices() == ()


def test_what_answers_nothing_is_listed_as_the_nearest(ui: OpenWindow, box: SearchDialog) -> None:
    request_id = search_for(ui, box, "shed")
    ui.backend.library_answers(
        SearchDone,
        request_id=request_id,
        hits=(passage(),),
        seconds=0.1,
        verdict=SearchVerdict.ON_TOPIC,
        confidence=0.1,
    )
    ui.settle()
    heading, result = results(box)[-2:]
    assert heading.title == "Documents: nothing seems to answer this; the nearest passages"
    assert result.title == passage().file


def test_nothing_is_said_to_be_found(ui: OpenWindow, box: SearchDialog) -> None:
    request_id = search_for(ui, box, "nowhere")
    found(ui, request_id)
    assert "Nothing was found." in words_of(box)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    assert box.isVisible()
