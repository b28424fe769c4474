"""What is shown under an answer: where it was repeated from."""

from msgspec import structs

from core.messages import UNKNOWN_COUNT
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of
from tests.desktop.values import folder, found_file, hit


def test_an_earlier_answer_says_so_and_is_asked_anew_with_one_click(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.library.hits = (hit(1),)
    for _ in range(2):
        ui.window.controllers.chat.open_new_chat()
        ui.ask("When is the gate closed?")
        if not ui.backend.app.running_answers.turn_ids:
            break
        ui.backend.answer_text("At nine.")
        ui.backend.answer_finished()
        ui.settle()
    transcript = ui.window.view.transcript
    assert "From an answer of today." in words_of(transcript)
    assert "At nine." in words_of(transcript)
    click(transcript, "Ask anew")
    ui.backend.answer_text("At ten.")
    ui.backend.answer_finished()
    ui.settle()
    assert "At ten." in words_of(transcript)
    assert "From an answer of today." not in words_of(transcript)


def test_an_answer_is_compared_with_others_and_says_how_many_agree(ui: OpenWindow) -> None:
    ui.ask("When?")
    ui.backend.answer_text("At nine.")
    ui.backend.answer_finished()
    ui.settle()
    transcript = ui.window.view.transcript
    turn_id = transcript.shown_turns[-1].turn_id
    ui.window.controllers.chat.turn_controller.run_action(turn_id, "compare")
    ui.settle()
    assert "Answering several times…" in words_of(transcript)
    for request_id, text in zip(
        list(ui.backend.engine.running), ("At 9.", "At ten.", "At 9.", "At 9.", "9"), strict=True
    ):
        ui.backend.engine.write(text, request_id=request_id)
        ui.backend.engine.finish_answer(request_id=request_id)
    ui.settle()
    shown = words_of(transcript)
    assert "4 of 5 answers agree. That is no proof" in shown
    assert "1 other: At ten." in shown
    assert "2/2" in shown


def test_doubtful_sentences_are_checked_by_a_button_under_the_answer(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.library.hits = (hit(1, "The north gate is closed at ten in the evening."),)
    ui.ask("When is the gate closed?")
    ui.backend.answer_text("The north gate is closed at nine in the evening.")
    ui.backend.answer_finished()
    ui.settle()
    transcript = ui.window.view.transcript
    click(transcript, "Check doubtful sentences")
    ui.settle()
    assert "Checking doubtful sentences… 0 of 1" in words_of(transcript)
    for text in ("When is the north gate closed?", "The north gate is closed at ten."):
        ui.backend.engine.write(text)
        ui.backend.engine.finish_answer()
        ui.settle()
    shown = words_of(transcript)
    assert "Corrected: “The north gate is closed at nine in the evening.”" in shown
    assert "Check doubtful sentences" not in shown


def test_an_answer_before_all_was_read_says_so_and_is_asked_again_by_one_click(
    ui: OpenWindow,
) -> None:
    reading = structs.replace(folder(), state="syncing", waiting=43)
    ui.backend.folder_seen(reading)
    ui.tick("folder-1")
    ui.backend.library.hits = (hit(1),)
    ui.backend.library.unread_files = 43
    ui.ask("When is the gate closed?")
    ui.backend.answer_text("At nine.")
    ui.backend.answer_finished()
    ui.settle()
    transcript = ui.window.view.transcript
    assert "43 files were not read yet: ask again when they are." in words_of(transcript)
    click(transcript, "Ask again when they are read")
    assert "It is asked again as soon as all files are read." in words_of(transcript)
    assert not ui.backend.app.running_answers.turn_ids
    ui.backend.library.unread_files = 0
    ui.backend.folder_seen(structs.replace(reading, state="ready", waiting=0))
    ui.settle()
    ui.backend.answer_text("At ten.")
    ui.backend.answer_finished()
    ui.settle()
    shown = words_of(transcript)
    assert "At ten." in shown
    assert "not read yet" not in shown


def test_a_question_about_the_library_is_asked_again_when_all_is_read(ui: OpenWindow) -> None:
    reading = structs.replace(folder(), state="syncing", waiting=43)
    ui.backend.folder_seen(reading)
    ui.tick("folder-1")
    ui.backend.library.found_files = (found_file("contracts/lease.pdf"),)
    ui.backend.library.unread_files = 43
    ui.ask("How many contracts are there?")
    ui.settle()
    transcript = ui.window.view.transcript
    assert "43 files were not read yet: ask again when they are." in words_of(transcript)
    click(transcript, "Ask again when they are read")
    ui.backend.library.found_files = (found_file("contracts/lease.pdf"), found_file("b.pdf"))
    ui.backend.library.unread_files = 0
    ui.backend.folder_seen(structs.replace(reading, state="ready", waiting=0))
    ui.settle()
    shown = words_of(transcript)
    assert "2 files have “contracts”" in shown
    assert "not read yet" not in shown


def test_a_folder_that_went_unread_is_not_called_read(ui: OpenWindow) -> None:
    reading = structs.replace(folder(), state="syncing", waiting=43)
    ui.backend.folder_seen(reading)
    ui.tick("folder-1")
    ui.backend.library.unread_files = 43
    ui.ask("When is the gate closed?")
    ui.settle()
    ui.backend.folder_seen(structs.replace(reading, state="offline"))
    ui.settle()
    assert "are read by now" not in words_of(ui.window.view.transcript)


def test_an_answer_does_not_say_that_files_are_unread_when_they_are_read(ui: OpenWindow) -> None:
    reading = structs.replace(folder(), state="syncing", waiting=43)
    ui.backend.folder_seen(reading)
    ui.tick("folder-1")
    ui.backend.library.unread_files = 43
    ui.ask("When is the gate closed?")
    ui.settle()
    transcript = ui.window.view.transcript
    assert "in what is read of the folder “Home” so far." in words_of(transcript)
    assert "43 files were not read yet" in words_of(transcript)
    ui.backend.library.unread_files = 0
    ui.backend.folder_seen(structs.replace(reading, state="ready", waiting=0))
    ui.settle()
    assert "not read yet" not in words_of(transcript)
    assert "Files that were not read then are read by now." in words_of(transcript)
    click(transcript, "Ask again")
    ui.settle()
    assert "not read then" not in words_of(transcript)
    assert ui.window.view.composer.text_edit.hasFocus()


def test_a_task_over_a_folder_that_is_not_read_yet_is_asked_again_by_one_click(
    ui: OpenWindow,
) -> None:
    reading = structs.replace(folder(), state="syncing", waiting=43)
    ui.backend.folder_seen(reading)
    ui.tick("folder-1")
    ui.backend.library.unread_files = UNKNOWN_COUNT
    ui.ask("Summarise this folder")
    ui.settle()
    transcript = ui.window.view.transcript
    assert "There is no document to go through yet." in words_of(transcript)
    click(transcript, "Ask again when they are read")
    assert "It is asked again as soon as all files are read." in words_of(transcript)


def test_files_that_wait_since_the_last_start_are_not_called_read(ui: OpenWindow) -> None:
    waiting = structs.replace(folder(), state="stopped", waiting=5)
    ui.backend.folder_seen(waiting)
    ui.tick("folder-1")
    ui.backend.library.unread_files = 5
    ui.ask("Summarise this folder")
    ui.settle()
    transcript = ui.window.view.transcript
    assert "5 files were not read yet: ask again when they are." in words_of(transcript)
    assert "are read by now" not in words_of(transcript)
