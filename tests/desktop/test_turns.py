"""What is done with single turns in the window: versions, going on, editing, deleting, rating."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QTabWidget

from core.chat.conversations.conversation import TurnState
from core.messages import DeviceMemory, Placement
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.answer_details_dialog import AnswerDetailsDialog
from desktop.kit.locale_formatting import format_count
from tests.desktop.desk import Desk
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, folder, hit, question
from tests.fakes.models import SMALL_MODEL


def talk(desk: Desk, *turns: str) -> None:
    """Show a chat of questions and answers in turn."""
    made = [(answer if n % 2 else question)(f"t{n}", words) for n, words in enumerate(turns)]
    desk.window.controllers.chat.open_chat(desk.front.put_chat("chat", tuple(made)))
    desk.settle()


def shown(desk: Desk) -> str:
    return words_of(desk.window.view.transcript)


def card(desk: Desk, turn_id: str) -> AnswerCard:
    found = desk.window.view.transcript.find_answer_card(turn_id)
    assert found is not None
    return found


def do(desk: Desk, turn_id: str, deed: str) -> None:
    desk.window.controllers.chat.turn_controller.run_action(turn_id, deed)
    desk.settle()


def test_again_makes_a_version_and_arrows_step_between_them(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    click(card(desk, "t1"), "Answer again")
    desk.front.answer_text("On Monday.")
    desk.front.answer_finished()
    desk.settle()
    assert "On Monday." in shown(desk)
    assert "On Friday." not in shown(desk)
    assert "2/2" in shown(desk)
    click(desk.window.view.transcript, "Version before")
    desk.settle()
    assert "On Friday." in shown(desk)
    assert "1/2" in shown(desk)
    assert not control(desk.window.view.transcript, "Version before").isEnabled()


def test_a_stopped_answer_goes_on_in_its_place(desk: Desk) -> None:
    desk.ask("A story?")
    desk.front.answer_text("Once upon")
    desk.window.controllers.chat.stop_answer()
    desk.settle()
    turn_id = desk.window.view.transcript.shown_turns[-1].turn_id
    do(desk, turn_id, "continue")
    assert desk.front.questions[-1].begun == "Once upon"
    desk.front.answer_text(" a time.")
    desk.settle()
    assert "Once upon a time." in shown(desk)
    assert len(desk.window.view.transcript.shown_turns) == 2


def test_a_question_is_edited_in_its_place_and_asked_anew(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.", "Who?", "Bob.")
    desk.window.view.transcript.scroll_to_turn("t0")
    desk.window.view.transcript.edit_turn("t0")
    desk.settle()
    edit = control(desk.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.selectAll()
    QTest.keyClicks(edit, "Where?")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.front.last_question == "Where?"
    assert "Where?" in shown(desk)
    assert "Bob." not in shown(desk)
    assert "2/2" in shown(desk)


def test_escape_leaves_an_edit_without_a_change(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    card(desk, "t1").start_editing()
    QTest.keyClick(control(desk.window, "Message text"), Qt.Key.Key_Escape)
    desk.settle()
    assert "On Friday." in shown(desk)
    card(desk, "t1").start_editing()
    edit = control(desk.window, "Message text")
    QTest.keyClicks(edit, " Or Monday.")
    click(desk.window, "Save as a version")
    desk.settle()
    assert "On Friday. Or Monday." in shown(desk)
    assert "Edited by you." in shown(desk)


def test_a_deleted_exchange_comes_back(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.", "Who?", "Bob.")
    do(desk, "t0", "delete")
    assert "When?" not in shown(desk)
    assert "Bob." in shown(desk)
    click(desk.window, "Undo")
    desk.settle()
    assert "When?" in shown(desk)
    assert "Bob." in shown(desk)


def test_a_refused_deletion_is_told_and_changes_nothing(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    with desk.front.unwritable_chats():
        do(desk, "t0", "delete")
        assert "When?" in shown(desk)
        assert "can't write" in words_of(desk.window.view)


def test_a_rating_is_kept_with_its_note(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    click(card(desk, "t1"), "Bad answer")
    note = control(dialog(), "Note")
    QTest.keyClicks(note, "It is Monday.")
    click(dialog(), "Keep the note")
    desk.settle()
    rated = desk.front.saved_chat("chat-1").turns["t1"]
    assert (rated.rating, rated.rating_note) == (-1, "It is Monday.")
    click(card(desk, "t1"), "Bad answer (rated so)")
    rated = desk.front.saved_chat("chat-1").turns["t1"]
    assert (rated.rating, rated.rating_note) == (0, "")


def test_a_branch_opens_as_a_chat(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.", "Who?", "Bob.")
    do(desk, "t1", "branch")
    assert "On Friday." in shown(desk)
    assert "Bob." not in shown(desk)
    assert len(desk.app.chats.list_chats()) == 2


def test_copies_are_markdown_or_plain(desk: Desk) -> None:
    talk(desk, "When?", "On **Friday**:\n\n- at *nine*\n- $x^2$")
    do(desk, "t1", "copy")
    assert QGuiApplication.clipboard().text() == "On **Friday**:\n\n- at *nine*\n- $x^2$"
    do(desk, "t1", "copy_plain")
    assert QGuiApplication.clipboard().text().split() == ["On", "Friday:", "at", "nine", "$x^2$"]


def test_details_show_prompt_passages_and_what_was_cut(desk: Desk) -> None:
    desk.front.engine.context = 4096
    desk.app.model_loading.unload_model()
    desk.front.folder_seen(folder())
    desk.tick("folder-1")
    desk.front.found(hit(1), hit(2, "What was cut."))
    desk.ask("When?")
    desk.front.answer_read(sources_used=(1,), sources_left_out=1)
    desk.front.answer_text("On Friday.")
    desk.front.answer_finished()
    desk.settle()
    assert "context 33 %" in shown(desk)
    do(desk, desk.window.view.transcript.shown_turns[-1].turn_id, "details")
    opened = dialog()
    assert isinstance(opened, AnswerDetailsDialog)
    pages = opened.findChild(QTabWidget)
    assert pages is not None
    texts = [pages.widget(n) for n in range(pages.count())]
    words = "\n".join(text.toPlainText() for text in texts if isinstance(text, QPlainTextEdit))
    for part in ("<|im_start|>user", "0.8000", "cut to make room", "What was cut.", "temperature"):
        assert part in words


def test_the_menu_of_a_turn_names_everything(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    click(card(desk, "t1"), "More")
    (menu,) = [each for each in card(desk, "t1").findChildren(QMenu) if each.isVisible()]
    names = [action.objectName() for action in menu.actions() if action.text()]
    assert {"copy", "copy_plain", "again", "edit", "branch", "details", "delete"} <= set(names)
    assert "continue" not in names, "it is finished"
    menu.close()
    desk.settle()


def test_words_of_an_engine_that_was_ended_go(desk: Desk) -> None:
    desk.ask("When?")
    desk.front.answer_text("On Fr")
    desk.settle()
    # An answer that was stopped elsewhere held the engine up, which was killed: all begins anew.
    desk.front.answer_read()
    desk.settle()
    assert "On Fr" not in shown(desk)
    desk.front.answer_text("On Fr", "iday.")
    desk.settle()
    assert shown(desk).count("On Fr") == 1


def test_keys_act_on_the_last_answer(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    QTest.keyClick(desk.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert desk.front.last_question == "When?"
    path = desk.front.saved_chat(desk.window.controllers.chat.chat_id).path()
    assert [turn.state for turn in path] == [TurnState.DONE, TurnState.STREAMING]


def test_where_the_model_lies_is_read_at_its_name(desk: Desk) -> None:
    desk.app.model_loading.unload_model()
    desk.front.engine.loads_at_once = False
    desk.window.controllers.models.choose_model(SMALL_MODEL)
    desk.front.engine.finish_loading(
        placement=Placement(device="CUDA0", gpu_layers=31),
        memory=(DeviceMemory(device="CUDA0", kind="gpu", weights=90_000_000, cache=60_000_000),),
    )
    desk.front.pump()
    told = control(desk.window.view.header, f"Model: {SMALL_MODEL}").toolTip()
    for words in (format_count(8192), "31 layers on CUDA0", "CUDA0: 143", "Ctrl+M"):
        assert words in told


def test_a_deletion_is_taken_back_from_another_chat(desk: Desk) -> None:
    talk(desk, "When?", "On Friday.")
    do(desk, "t0", "delete")
    desk.window.controllers.chat.open_new_chat()
    desk.settle()
    click(desk.window, "Undo")
    desk.settle()
    assert "When?" in shown(desk)
    assert desk.window.controllers.chat.chat_id == "chat-1"
    assert "isn't" not in words_of(desk.window.view)


def test_an_unfinished_edit_outlives_scrolling_away(desk: Desk) -> None:
    talk(desk, *(f"{n} " + "words " * 300 for n in range(60)))
    transcript = desk.window.view.transcript
    transcript.scroll_to_turn("t0")
    transcript.edit_turn("t0")
    desk.settle()
    edit = control(desk.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.setPlainText("Where?")
    desk.window.view.composer.text_edit.setFocus()
    transcript.follow_end()
    desk.settle()
    transcript.scroll_to_turn("t0")
    desk.settle()
    again = control(desk.window, "Message text")
    assert isinstance(again, QPlainTextEdit)
    assert again.toPlainText() == "Where?"
