"""Turn actions in the window: versions, continuing, editing, deleting, rating."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTabWidget

from core.chat.conversations.conversation import TurnState
from core.messages import DeviceMemory, Placement, SearchFiles
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.answer_details_dialog import AnswerDetailsDialog
from desktop.kit.buttons_and_labels import IconButton
from desktop.kit.locale_formatting import format_count
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, folder, hit, question
from tests.fakes.models import SMALL_MODEL


def talk(ui: OpenWindow, *turns: str) -> None:
    """Show a chat of questions and answers in turn."""
    made = [(answer if n % 2 else question)(f"t{n}", words) for n, words in enumerate(turns)]
    ui.window.controllers.chat.open_chat(ui.backend.put_chat("chat", tuple(made)))
    ui.settle()


def shown(ui: OpenWindow) -> str:
    return words_of(ui.window.view.transcript)


def card(ui: OpenWindow, turn_id: str) -> AnswerCard:
    found = ui.window.view.transcript.find_answer_card(turn_id)
    assert found is not None
    return found


def do(ui: OpenWindow, turn_id: str, action_id: str) -> None:
    ui.window.controllers.chat.turn_controller.run_action(turn_id, action_id)
    ui.settle()


def test_again_makes_a_version_and_arrows_step_between_them(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    click(card(ui, "t1"), "Answer again")
    ui.backend.answer_text("On Monday.")
    ui.backend.answer_finished()
    ui.settle()
    assert "On Monday." in shown(ui)
    assert "On Friday." not in shown(ui)
    assert "2/2" in shown(ui)
    click(ui.window.view.transcript, "Version before")
    ui.settle()
    assert "On Friday." in shown(ui)
    assert "1/2" in shown(ui)
    assert not control(ui.window.view.transcript, "Version before").isEnabled()


def test_the_sources_are_those_of_the_version_that_is_shown(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.found(hit(1, "The long beds are watered on Friday."))
    ui.ask("When?")
    ui.backend.answer_text("The long beds are watered on Friday.")
    ui.backend.answer_finished()
    ui.settle()
    assert "The long beds" in words_of(ui.window.sources)
    turn_id = ui.window.view.transcript.shown_turns[-1].turn_id
    do(ui, turn_id, "without_folder")
    ui.backend.answer_text("Whenever you like.")
    ui.backend.answer_finished()
    ui.settle()
    assert "The long beds" not in words_of(ui.window.sources)
    click(ui.window.view.transcript, "Version before")
    ui.settle()
    assert "The long beds" in words_of(ui.window.sources)
    click(ui.window.view.transcript, "Next version")
    ui.settle()
    assert "The long beds" not in words_of(ui.window.sources)


def test_a_stopped_answer_goes_on_in_its_place(ui: OpenWindow) -> None:
    ui.ask("A story?")
    ui.backend.answer_text("Once upon")
    ui.window.controllers.chat.stop_answer()
    ui.settle()
    turn_id = ui.window.view.transcript.shown_turns[-1].turn_id
    do(ui, turn_id, "continue")
    assert ui.backend.questions[-1].begun == "Once upon"
    ui.backend.answer_text(" a time.")
    ui.settle()
    assert "Once upon a time." in shown(ui)
    assert len(ui.window.view.transcript.shown_turns) == 2


def test_how_a_question_was_taken_stands_there_after_its_answer_went_on(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.ask("Write a poem about autumn.")
    ui.backend.answer_text("Leaves")
    ui.window.controllers.chat.stop_answer()
    ui.settle()
    assert "Task: folders not searched" in shown(ui)
    do(ui, ui.window.view.transcript.shown_turns[-1].turn_id, "continue")
    ui.backend.answer_finished(text="Leaves fall.")
    ui.settle()
    assert "Leaves fall." in shown(ui)
    assert "Task: folders not searched" in shown(ui)


def test_a_question_is_edited_in_its_place_and_asked_anew(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.", "Who?", "Bob.")
    ui.window.view.transcript.scroll_to_turn("t0")
    ui.window.view.transcript.edit_turn("t0")
    ui.settle()
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.selectAll()
    QTest.keyClicks(edit, "Where?")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ui.settle()
    assert ui.backend.last_question == "Where?"
    assert "Where?" in shown(ui)
    assert "Bob." not in shown(ui)
    assert "2/2" in shown(ui)


def test_an_edited_question_and_several_answers_read_the_files_beside_the_question(
    ui: OpenWindow,
) -> None:
    talk(ui, "When is it?", "On Friday.")
    ui.window.view.composer.set_files(["/home/me/note.txt"])
    ui.window.view.transcript.edit_turn("t0")
    ui.settle()
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.selectAll()
    QTest.keyClicks(edit, "Where is the harvest?")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    ui.settle()
    assert ui.backend.last_sent(SearchFiles).paths == ("/home/me/note.txt",)
    ui.window.controllers.chat.stop_answer()
    ui.settle()
    do(ui, ui.window.view.transcript.shown_turns[-1].turn_id, "compare")
    searches = ui.backend.library.all_sent(SearchFiles)
    assert [each.paths for each in searches] == [("/home/me/note.txt",)] * 2


def test_enter_asks_an_edited_question_and_with_shift_begins_a_line(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    ui.window.view.transcript.edit_turn("t0")
    ui.settle()
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.selectAll()
    QTest.keyClicks(edit, "Where")
    QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(edit, "to?")
    assert not ui.backend.questions
    QTest.keyClick(edit, Qt.Key.Key_Return)
    ui.settle()
    assert ui.backend.last_question == "Where\nto?"


def test_enter_begins_a_line_in_an_edited_answer(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    card(ui, "t1").start_editing()
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClicks(edit, "Or on Monday.")
    assert edit.toPlainText() == "On Friday.\nOr on Monday."


def test_escape_leaves_an_edit_without_a_change(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    card(ui, "t1").start_editing()
    QTest.keyClick(control(ui.window, "Message text"), Qt.Key.Key_Escape)
    ui.settle()
    assert "On Friday." in shown(ui)
    assert QApplication.focusWidget() in card(ui, "t1").text_widgets, "it stays where one was"
    card(ui, "t1").start_editing()
    edit = control(ui.window, "Message text")
    QTest.keyClicks(edit, " Or Monday.")
    click(ui.window, "Save as a version")
    ui.settle()
    assert "On Friday. Or Monday." in shown(ui)
    assert "Edited by you." in shown(ui)


def test_a_deleted_exchange_comes_back(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.", "Who?", "Bob.")
    do(ui, "t0", "delete")
    assert "When?" not in shown(ui)
    assert "Bob." in shown(ui)
    click(ui.window, "Undo")
    ui.settle()
    assert "When?" in shown(ui)
    assert "Bob." in shown(ui)


def test_a_refused_deletion_is_told_and_changes_nothing(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    with ui.backend.unwritable_chats():
        do(ui, "t0", "delete")
        assert "When?" in shown(ui)
        assert "can't write" in words_of(ui.window.view)


def test_a_rating_is_kept_with_its_note(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    click(card(ui, "t1"), "Bad answer")
    note = control(dialog(), "Note")
    QTest.keyClicks(note, "It is Monday.")
    click(dialog(), "Keep the note")
    ui.settle()
    rated = ui.backend.saved_chat("chat-1").turns["t1"]
    assert (rated.rating, rated.rating_note) == (-1, "It is Monday.")
    click(card(ui, "t1"), "Bad answer (rated so)")
    rated = ui.backend.saved_chat("chat-1").turns["t1"]
    assert (rated.rating, rated.rating_note) == (0, "")


def test_a_branch_opens_as_a_chat(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.", "Who?", "Bob.")
    do(ui, "t1", "branch")
    assert "On Friday." in shown(ui)
    assert "Bob." not in shown(ui)
    assert len(ui.app.chats.list_chats()) == 2


def test_copies_are_markdown_or_plain(ui: OpenWindow) -> None:
    talk(ui, "When?", "On **Friday**:\n\n- at *nine*\n- $x^2$")
    do(ui, "t1", "copy")
    assert QGuiApplication.clipboard().text() == "On **Friday**:\n\n- at *nine*\n- $x^2$"
    do(ui, "t1", "copy_plain")
    assert QGuiApplication.clipboard().text().split() == ["On", "Friday:", "at", "nine", "$x^2$"]


def test_a_copy_is_told_by_a_check_mark_for_a_moment(ui: OpenWindow) -> None:
    talk(ui, "How?", "So:\n\n```python\nx = 1\n```")
    for name in ("Copy the answer", "Copy the code"):
        button = next(
            b for b in card(ui, "t1").findChildren(IconButton) if b.accessibleName() == name
        )
        before = button.icon().pixmap(16).toImage()
        button.click()
        assert button.icon().pixmap(16).toImage() != before

        def is_back(button: IconButton = button, before: QImage = before) -> bool:
            return button.icon().pixmap(16).toImage() == before

        ui.bot.waitUntil(is_back)


def test_details_show_prompt_passages_and_what_was_cut(ui: OpenWindow) -> None:
    ui.backend.engine.context = 4096
    ui.app.model_loading.unload_model()
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.found(hit(1), hit(2, "What was cut."))
    ui.ask("When?")
    ui.backend.answer_read(sources_used=(1,), sources_left_out=1)
    ui.backend.answer_text("On Friday.")
    ui.backend.answer_finished()
    ui.settle()
    assert "context 33 %" in shown(ui)
    do(ui, ui.window.view.transcript.shown_turns[-1].turn_id, "details")
    opened = dialog()
    assert isinstance(opened, AnswerDetailsDialog)
    pages = opened.findChild(QTabWidget)
    assert pages is not None
    texts = [pages.widget(n) for n in range(pages.count())]
    words = "\n".join(text.toPlainText() for text in texts if isinstance(text, QPlainTextEdit))
    for part in ("<|im_start|>user", "0.8000", "cut to make room", "What was cut.", "Temperature"):
        assert part in words


def test_the_menu_of_a_turn_names_everything(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    click(card(ui, "t1"), "More")
    (menu,) = [each for each in card(ui, "t1").findChildren(QMenu) if each.isVisible()]
    names = [action.objectName() for action in menu.actions() if action.text()]
    assert {"copy", "copy_plain", "again", "edit", "branch", "details", "delete"} <= set(names)
    assert "continue" not in names, "it is finished"
    menu.close()
    ui.settle()


def test_words_of_an_engine_that_was_ended_go(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_text("On Fr")
    ui.settle()
    # An answer that was stopped elsewhere held the engine up, which was killed: all begins anew.
    ui.backend.answer_read()
    ui.settle()
    assert "On Fr" not in shown(ui)
    ui.backend.answer_text("On Fr", "iday.")
    ui.settle()
    assert shown(ui).count("On Fr") == 1


def test_keys_act_on_the_last_answer(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    QTest.keyClick(ui.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert ui.backend.last_question == "When?"
    path = ui.backend.saved_chat(ui.window.controllers.chat.chat_id).path()
    assert [turn.state for turn in path] == [TurnState.DONE, TurnState.STREAMING]


def test_where_the_model_lies_is_read_at_its_name(ui: OpenWindow) -> None:
    ui.app.model_loading.unload_model()
    ui.backend.engine.loads_at_once = False
    ui.window.controllers.models.choose_model(SMALL_MODEL)
    ui.backend.engine.finish_loading(
        placement=Placement(device="CUDA0", gpu_layers=31),
        memory=(DeviceMemory(device="CUDA0", kind="gpu", weights=90_000_000, cache=60_000_000),),
    )
    ui.backend.pump()
    tooltip = control(ui.window.view.header, f"Model: {SMALL_MODEL}").toolTip()
    for words in (format_count(8192), "31 layers on CUDA0", "CUDA0: 150", "Ctrl+M"):
        assert words in tooltip


def test_an_unfinished_edit_outlives_scrolling_away(ui: OpenWindow) -> None:
    talk(ui, *(f"{n} " + "words " * 300 for n in range(60)))
    transcript = ui.window.view.transcript
    transcript.scroll_to_turn("t0")
    transcript.edit_turn("t0")
    ui.settle()
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.setPlainText("Where?")
    ui.window.view.composer.text_edit.setFocus()
    transcript.follow_end()
    ui.settle()
    transcript.scroll_to_turn("t0")
    ui.settle()
    again = control(ui.window, "Message text")
    assert isinstance(again, QPlainTextEdit)
    assert again.toPlainText() == "Where?"


def test_an_answer_that_repeats_itself_is_stopped_and_goes_on_only_if_wanted(
    ui: OpenWindow,
) -> None:
    ui.ask("Tell me about the gate.")
    for _ in range(60):
        if not ui.backend.engine.running:
            break
        ui.backend.engine.write("The gate is closed at nine in the evening. ")
        ui.backend.pump()
    ui.settle()
    transcript = ui.window.view.transcript
    assert not ui.backend.app.running_answers.turn_ids
    assert "it had begun to repeat itself" in words_of(transcript)
    click(transcript, "Go on anyway")
    ui.settle()
    for _ in range(60):
        ui.backend.engine.write("The gate is closed at nine in the evening. ")
        ui.backend.pump()
    assert ui.backend.app.running_answers.turn_ids, "it was wanted"
    ui.backend.answer_finished()
    ui.settle()
    assert "repeat itself" not in words_of(transcript)


def test_an_edit_while_an_answer_is_written_stays_and_is_told(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_text("On Friday.")
    ui.backend.answer_finished()
    ui.ask("Who?")
    ui.backend.answer_text("Perhaps")
    ui.settle()
    transcript = ui.window.view.transcript
    transcript.edit_turn(transcript.shown_turns[0].turn_id)
    ui.settle()
    edit = control(ui.window, "Message text")
    assert isinstance(edit, QPlainTextEdit)
    edit.setPlainText("Where?")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    ui.settle()
    assert "An answer is being written in this chat." in words_of(ui.window.view)
    assert edit.toPlainText() == "Where?"
    assert edit.hasFocus(), "it is still there to be sent"
    ui.backend.answer_finished()
    ui.settle()
    assert "An answer is being written in this chat." not in words_of(ui.window.view)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    ui.settle()
    assert ui.backend.last_question == "Where?"
    assert ui.window.view.composer.text_edit.hasFocus()


def test_a_turn_that_cannot_be_deleted_yet_says_why(ui: OpenWindow) -> None:
    talk(ui, "When?", "On Friday.")
    ui.ask("Who?")
    do(ui, "t0", "delete")
    assert "When?" in shown(ui)
    assert "An answer is being written in this chat." in words_of(ui.window.view)
