"""Two chats that answer at once: each streams, is marked in the list, and is stopped by itself."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.messages import Cancel
from tests.desktop.desk import Desk
from tests.desktop.seen import words_of


def names(desk: Desk) -> list[str]:
    """Return what a screen reader says of each line of the list."""
    chats = desk.window.sidebar.chat_list
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(chats.item(row).data(role) or "") for row in range(chats.count())]


def is_marked(desk: Desk, title: str) -> bool:
    (name,) = [name for name in names(desk) if name.startswith(title)]
    return name.endswith(", answering")


def ask_in_two(desk: Desk) -> tuple[str, str]:
    desk.ask("One?")
    first = desk.window.controllers.chat.chat_id
    QTest.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.ask("Two?")
    return first, desk.window.controllers.chat.chat_id


def transcript(desk: Desk) -> str:
    desk.settle()
    return words_of(desk.window.view.transcript)


def test_both_stream_and_each_is_found_as_far_as_it_came(desk: Desk) -> None:
    first, second = ask_in_two(desk)
    assert len(desk.front.questions) == 2
    desk.front.answer_text("apples ", chat=first)
    desk.front.answer_text("pears ", chat=second)
    desk.front.answer_text("and cider", chat=first)
    assert "pears" in transcript(desk)
    assert "apples" not in transcript(desk)
    desk.window.controllers.chat.open_chat(first)
    assert "apples and cider" in transcript(desk)
    desk.front.answer_text(" at last", chat=first)
    desk.front.answer_text("and perry", chat=second)
    assert "apples and cider at last" in transcript(desk)
    desk.front.answer_finished(chat=second)
    desk.window.controllers.chat.open_chat(second)
    assert "pears and perry" in transcript(desk)


def test_the_list_shows_which_chats_are_answering(desk: Desk) -> None:
    first, second = ask_in_two(desk)
    assert is_marked(desk, "One?")
    assert is_marked(desk, "Two?")
    desk.front.answer_finished(chat=first)
    assert not is_marked(desk, "One?")
    assert is_marked(desk, "Two?")
    desk.window.controllers.chats.refresh_list()
    assert is_marked(desk, "Two?"), "a list that is made anew is marked too"
    desk.front.answer_finished(chat=second)
    assert not is_marked(desk, "Two?")


def test_the_mark_is_drawn(desk: Desk) -> None:
    ask_in_two(desk)
    chats = desk.window.sidebar.chat_list
    desk.settle()
    marked = chats.grab().toImage()
    chats.show_answering(())
    desk.settle()
    assert chats.grab().toImage() != marked


def test_the_button_is_that_of_the_chat_that_is_shown(desk: Desk) -> None:
    first, _second = ask_in_two(desk)
    desk.front.answer_finished()
    button = desk.window.view.composer.button
    assert button.accessibleName().startswith("Send")
    desk.window.controllers.chat.open_chat(first)
    assert button.accessibleName().startswith("Stop")


def test_stop_is_for_the_chat_that_is_shown(desk: Desk) -> None:
    first, second = ask_in_two(desk)
    desk.front.answer_text("still going", chat=first)
    QTest.keyClick(desk.window.view.composer.text_edit, Qt.Key.Key_Escape)
    assert "Stopped." in transcript(desk)
    QTest.keyClick(desk.window.view.composer.text_edit, Qt.Key.Key_Escape)
    still, stopped = (each.request_id for each in desk.front.questions)
    assert desk.front.engine.all_sent(Cancel) == [Cancel(request_id=stopped)]
    assert list(desk.front.engine.running) == [still], "nothing is left to stop here"
    desk.window.controllers.chat.open_chat(first)
    assert "still going" in transcript(desk)
    assert second != first


def test_an_answer_that_waits_for_another_model_says_so(desk: Desk) -> None:
    desk.front.put_model("other-q8_0")
    desk.ask("One?")
    first = desk.window.controllers.chat.chat_id
    desk.window.controllers.models.choose_model("other-q8_0")
    QTest.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.ask("Two?")
    assert "Waiting for another answer to end" in transcript(desk)
    desk.window.controllers.chat.open_chat(first)
    assert "Waiting" not in transcript(desk)
    desk.front.answer_finished(chat=first)
    assert desk.front.last_question == "Two?"
