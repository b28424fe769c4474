"""The intent strip under an answer: refused, taken for talk, and turned with one click."""

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.messages import SearchVerdict
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, words_of
from tests.desktop.values import folder, found_file, hit


def shown(ui: OpenWindow) -> str:
    return words_of(ui.window.view.transcript)


def ask_folder(ui: OpenWindow, text: str) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.found(hit(1, "The rent is 900."))
    ui.ask(text)
    ui.settle()


def test_a_refusal_is_the_apps_and_goes_on(ui: OpenWindow) -> None:
    ui.backend.library.verdict = SearchVerdict.ON_TOPIC
    ask_folder(ui, "May I keep a dog?")
    assert "The documents speak of this, but I found no answer." in shown(ui)
    assert "smollm2" not in shown(ui).lower()
    assert "Check doubtful sentences" not in shown(ui), "it says nothing of the documents"
    click(ui.window.view.transcript, "Show the nearest passages")
    ui.settle()
    assert "The rent is 900." in words_of(ui.window)
    click(ui.window.view.transcript, "Answer from these anyway")
    ui.settle()
    assert len(ui.backend.questions[-1].sources) == 1
    ui.backend.answer_text("No.")
    ui.backend.answer_finished()
    ui.settle()
    assert "No." in shown(ui)


def test_a_refused_question_is_answered_without_the_folder(ui: OpenWindow) -> None:
    ui.backend.library.verdict = SearchVerdict.NOTHING
    ask_folder(ui, "What is the capital of France?")
    click(ui.window.view.transcript, "Answer without documents")
    ui.settle()
    assert ui.backend.questions[-1].sources == ()


def test_talk_is_not_searched_until_that_is_wanted(ui: OpenWindow) -> None:
    ask_folder(ui, "hi")
    ui.backend.answer_text("Hello!")
    ui.backend.answer_finished()
    ui.settle()
    assert "Talk: folders not searched" in shown(ui)
    click(ui.window.view.transcript, "Search anyway")
    ui.settle()
    assert len(ui.backend.questions[-1].sources) == 1


def test_each_answer_says_what_was_done_for_it(ui: OpenWindow) -> None:
    ask_folder(ui, "How much is the rent?")
    ui.backend.answer_text("The rent is 900.")
    ui.backend.answer_finished()
    ui.settle()
    assert "Searched 1 folder" in shown(ui)
    click(ui.window.view.transcript, "Answer without documents")
    ui.settle()
    assert ui.backend.questions[-1].sources == ()


def test_the_library_answers_about_itself_without_a_model(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.library.found_files = (found_file("contracts/lease.pdf"),)
    ui.ask("How many contracts are there?")
    ui.settle()
    assert "1 file has “contracts” in its name, folder or title" in shown(ui)
    assert "From the library's list" in shown(ui)
    assert "smollm2" not in shown(ui).lower()
    assert ui.backend.questions == []
    ui.backend.found(hit(1, "The rent is 900."))
    click(ui.window.view.transcript, "Search anyway")
    ui.settle()
    assert len(ui.backend.questions) == 1


def test_what_was_done_is_turned_by_keys(ui: OpenWindow) -> None:
    ask_folder(ui, "hi")
    ui.backend.answer_text("Hello!")
    ui.backend.answer_finished()
    ui.settle()
    button = control(ui.window.view.transcript, "Search anyway")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    ui.settle()
    assert len(ui.backend.questions[-1].sources) == 1


def test_a_folder_is_gone_through_with_progress_and_lines(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    files = [structs.replace(found_file(name), words=2000) for name in ("a.md", "b.md")]
    ui.backend.library.found_files = tuple(files)
    ui.backend.library.file_passages = {
        each.file: (structs.replace(hit(1, f"{each.file} tells of beds. " * 80), file=each.file),)
        for each in files
    }
    ui.ask("Summarise my folder")
    ui.settle()
    assert "0 of 2 documents" in shown(ui)
    ui.backend.write_part("It tells of beds.")
    ui.settle()
    assert "1 of 2 documents" in shown(ui)
    assert "a.md: It tells of beds." in shown(ui)
    ui.backend.write_part("It tells of trees.")
    ui.backend.write_part("Beds and trees.")
    ui.settle()
    assert "Beds and trees." in shown(ui)
    assert "Whole documents" in shown(ui)
    assert "Gone through from beginning to end: 2 documents." in shown(ui)


def test_in_a_narrow_chat_no_way_is_cut(ui: OpenWindow) -> None:
    ui.backend.library.verdict = SearchVerdict.ON_TOPIC
    ui.window.resize(760, 700)
    ask_folder(ui, "May I keep a dog?")
    transcript = ui.window.view.transcript
    for name in ("Show the nearest passages", "Answer without documents"):
        way = control(transcript, name)
        area = way.parentWidget()
        assert way.isVisible()
        assert way.width() >= way.sizeHint().width()
        assert area is not None
        assert area.rect().contains(way.geometry()), name


def test_a_long_list_of_the_library_is_shown_from_its_number(ui: OpenWindow) -> None:
    files = [found_file(f"contract {n}.pdf") for n in range(60)]
    ui.backend.library.found_files = tuple(files)
    ask_folder(ui, "How many contracts are there?")
    transcript = ui.window.view.transcript
    answer = transcript.find_answer_card(transcript.shown_turns[-1].turn_id)
    assert answer is not None
    assert answer.height() > transcript.viewport().height(), "it must scroll"
    assert 0 <= answer.y() < transcript.viewport().height()
    assert not transcript.following
