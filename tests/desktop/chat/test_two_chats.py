"""Two answering chats: each streams, is marked in the list, and is stopped by itself."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.messages import Cancel
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import words_of


def names(ui: OpenWindow) -> list[str]:
    """Return what a screen reader says of each line of the list."""
    chats = ui.window.sidebar.chat_list
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(chats.item(row).data(role) or "") for row in range(chats.count())]


def is_marked(ui: OpenWindow, title: str) -> bool:
    (name,) = [name for name in names(ui) if name.startswith(title)]
    return name.endswith(", answering")


def ask_in_two(ui: OpenWindow) -> tuple[str, str]:
    ui.ask("One?")
    first = ui.window.controllers.chat.chat_id
    QTest.keyClick(ui.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    ui.ask("Two?")
    return first, ui.window.controllers.chat.chat_id


def transcript(ui: OpenWindow) -> str:
    ui.settle()
    return words_of(ui.window.view.transcript)


def test_both_stream_and_each_is_found_as_far_as_it_came(ui: OpenWindow) -> None:
    first, second = ask_in_two(ui)
    assert len(ui.backend.questions) == 2
    ui.backend.answer_text("apples ", chat=first)
    ui.backend.answer_text("pears ", chat=second)
    ui.backend.answer_text("and cider", chat=first)
    assert "pears" in transcript(ui)
    assert "apples" not in transcript(ui)
    ui.window.controllers.chat.open_chat(first)
    assert "apples and cider" in transcript(ui)
    ui.backend.answer_text(" at last", chat=first)
    ui.backend.answer_text("and perry", chat=second)
    assert "apples and cider at last" in transcript(ui)
    ui.backend.answer_finished(chat=second)
    ui.window.controllers.chat.open_chat(second)
    assert "pears and perry" in transcript(ui)


def test_the_list_shows_which_chats_are_answering(ui: OpenWindow) -> None:
    first, second = ask_in_two(ui)
    assert is_marked(ui, "One?")
    assert is_marked(ui, "Two?")
    ui.backend.answer_finished(chat=first)
    assert not is_marked(ui, "One?")
    assert is_marked(ui, "Two?")
    ui.window.controllers.chats.refresh_list()
    assert is_marked(ui, "Two?"), "a list that is made anew is marked too"
    ui.backend.answer_finished(chat=second)
    assert not is_marked(ui, "Two?")


def test_the_mark_is_drawn(ui: OpenWindow) -> None:
    ask_in_two(ui)
    chats = ui.window.sidebar.chat_list
    ui.settle()
    marked = chats.grab().toImage()
    chats.show_answering(())
    ui.settle()
    assert chats.grab().toImage() != marked


def test_the_button_is_that_of_the_chat_that_is_shown(ui: OpenWindow) -> None:
    first, _second = ask_in_two(ui)
    ui.backend.answer_finished()
    button = ui.window.view.composer.button
    assert button.accessibleName().startswith("Send")
    ui.window.controllers.chat.open_chat(first)
    assert button.accessibleName().startswith("Stop")


def test_stop_is_for_the_chat_that_is_shown(ui: OpenWindow) -> None:
    first, second = ask_in_two(ui)
    ui.backend.answer_text("still going", chat=first)
    QTest.keyClick(ui.window.view.composer.text_edit, Qt.Key.Key_Escape)
    assert "Stopped." in transcript(ui)
    QTest.keyClick(ui.window.view.composer.text_edit, Qt.Key.Key_Escape)
    still, stopped = (each.request_id for each in ui.backend.questions)
    assert ui.backend.engine.all_sent(Cancel) == [Cancel(request_id=stopped)]
    assert list(ui.backend.engine.running) == [still], "nothing is left to stop here"
    ui.window.controllers.chat.open_chat(first)
    assert "still going" in transcript(ui)
    assert second != first


def test_an_answer_that_waits_for_another_model_says_so(ui: OpenWindow) -> None:
    ui.backend.put_model("other-q8_0")
    ui.ask("One?")
    first = ui.window.controllers.chat.chat_id
    ui.window.controllers.models.choose_model("other-q8_0")
    QTest.keyClick(ui.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    ui.ask("Two?")
    assert "Waiting for another answer to end" in transcript(ui)
    ui.window.controllers.chat.open_chat(first)
    assert "Waiting" not in transcript(ui)
    ui.backend.answer_finished(chat=first)
    assert ui.backend.last_question == "Two?"
