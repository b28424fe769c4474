"""What is written in place of a message is kept when another chat is opened, or the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from core.base.errors import ErrorCode, StorageError
from core.chat.store.chat_database import ChatDatabase
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, words_of
from tests.desktop.values import answer, question


def two_chats(ui: OpenWindow) -> tuple[str, str]:
    """Open the first of two chats; return the ids of both."""
    first = ui.backend.put_chat("one", (question("q1", "When?"), answer("a1", "On Friday.")))
    second = ui.backend.put_chat("two", (question("q2", "Who?"), answer("a2", "Bob.")))
    open_chat(ui, first)
    return first, second


def open_chat(ui: OpenWindow, chat_id: str) -> None:
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()


def editors(ui: OpenWindow) -> list[QPlainTextEdit]:
    transcript = ui.window.view.transcript
    return [
        each
        for card in transcript.built_cards
        for each in card.findChildren(QPlainTextEdit)
        if each.objectName() == "edit_text"
    ]


def write(ui: OpenWindow, turn_id: str, text: str) -> QPlainTextEdit:
    ui.window.view.transcript.edit_turn(turn_id)
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.selectAll()
    QTest.keyClicks(edit, text)
    return edit


def texts(ui: OpenWindow) -> list[str]:
    return [edit.toPlainText() for edit in editors(ui)]


def test_it_stands_there_again_and_can_be_asked(ui: OpenWindow) -> None:
    first, second = two_chats(ui)
    write(ui, "q1", "Where exactly")
    open_chat(ui, second)
    assert editors(ui) == []
    open_chat(ui, first)
    (edit,) = editors(ui)
    assert edit.toPlainText() == "Where exactly"
    assert ui.window.view.composer.text_edit.hasFocus(), "typing goes where it goes in each chat"
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    ui.settle()
    assert ui.backend.last_question == "Where exactly"
    ui.backend.answer_finished(text="Here.")
    open_chat(ui, second)
    open_chat(ui, first)
    click(ui.window.view.transcript, "Version before")
    ui.settle()
    assert editors(ui) == [], "it was asked, and is no draft any more"
    assert "On Friday." in words_of(ui.window.view.transcript)


def test_it_is_kept_when_the_chat_is_shown_anew(ui: OpenWindow) -> None:
    two_chats(ui)
    write(ui, "a1", "On Sunday.")
    ui.window.controllers.chat.reload_chat()
    ui.settle()
    assert texts(ui) == ["On Sunday."]


def test_what_was_left_or_is_as_it_was_is_not_kept(ui: OpenWindow) -> None:
    first, second = two_chats(ui)
    edit = write(ui, "q1", "Where?")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    write(ui, "a1", "On Friday.")
    open_chat(ui, second)
    open_chat(ui, first)
    assert editors(ui) == []


def test_it_is_on_disk_when_the_window_closes(ui: OpenWindow) -> None:
    first, _second = two_chats(ui)
    write(ui, "q1", "Where exactly")
    paths = ui.backend.paths
    ui.window.close()
    ui.bot.waitUntil(lambda: ui.backend.is_closed)
    reopened = ChatDatabase(paths.chats, paths.backups)
    assert reopened.edits.get_edits(first) == {"q1": "Where exactly"}
    reopened.close()


def test_it_goes_with_its_chat(ui: OpenWindow) -> None:
    first, second = two_chats(ui)
    write(ui, "q1", "Where exactly")
    open_chat(ui, second)
    edits = ui.backend.app.chats.edits
    assert edits.get_edits(first)
    ui.backend.app.chats.delete_chat(first)
    edits.save_edit("q1", "late")
    assert edits.get_edits(first) == {}


def test_what_the_disk_refuses_is_shown_all_the_same(
    ui: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_chats(ui)

    def refuse(_turn_id: str, _text: str) -> None:
        raise StorageError(ErrorCode.DISK_FULL, path="chats.db")

    monkeypatch.setattr(ui.backend.app.chats.edits, "save_edit", refuse)
    write(ui, "q1", "Where exactly")
    open_chat(ui, second)
    open_chat(ui, first)
    assert texts(ui) == ["Where exactly"]
