"""Mentions: "@" names a folder, a document or a model."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.messages import Cancel, FolderFile, LoadModel, SearchFiles, SearchFolders
from desktop.chat.composer.completion_popup import CompletionPopup
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of
from tests.desktop.values import folder
from tests.fakes.models import SMALL_MODEL


def files(*names: str) -> tuple[FolderFile, ...]:
    return tuple(FolderFile(file=name, size=10, modified=0.0) for name in names)


def offered(ui: OpenWindow) -> list[str]:
    shown = [each for each in ui.window.findChildren(CompletionPopup) if each.isVisible()]
    return [each.item(row).text().split()[0] for each in shown for row in range(each.count())]


def type_in(ui: OpenWindow, words: str) -> None:
    edit = ui.window.view.composer.text_edit
    edit.setFocus()
    QTest.keyClicks(edit, words)
    ui.settle()


def press(ui: OpenWindow, key: Qt.Key) -> None:
    QTest.keyClick(ui.window.view.composer.text_edit, key)
    ui.settle()


def wait_for(ui: OpenWindow, name: str) -> None:
    def is_there() -> bool:
        ui.backend.pump()
        return name in offered(ui)

    ui.bot.waitUntil(is_there)


def home(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.backend.library.files["folder-1"] = files("garden/pears.odt", "lease.pdf")


def test_a_folder_is_named_and_ticked(ui: OpenWindow) -> None:
    home(ui)
    type_in(ui, "What is in @ho")
    assert "Home" in offered(ui)
    press(ui, Qt.Key.Key_Return)
    composer = ui.window.view.composer
    assert composer.draft == "What is in "
    assert ui.window.sidebar.folders.ticked_folder_ids == ("folder-1",)
    assert not ui.backend.questions, "Enter chose, it did not send"
    type_in(ui, "it?")
    press(ui, Qt.Key.Key_Return)
    assert ui.backend.last_sent(SearchFolders).folder_ids == ("folder-1",)


def test_a_document_is_named_and_asked_alone(ui: OpenWindow) -> None:
    home(ui)
    ui.window.view.composer.set_draft("🌿 ")
    type_in(ui, "When are @pear")
    wait_for(ui, "garden/pears.odt")
    press(ui, Qt.Key.Key_Tab)
    composer = ui.window.view.composer
    assert composer.draft == "🌿 When are pears.odt "
    assert composer.files == ("/home/me/Home/garden/pears.odt",)
    type_in(ui, "picked?")
    press(ui, Qt.Key.Key_Return)
    assert ui.backend.last_sent(SearchFiles).paths == ("/home/me/Home/garden/pears.odt",)


def test_a_space_behind_a_name_is_not_doubled(ui: OpenWindow) -> None:
    home(ui)
    ui.window.view.composer.set_draft("🌿 ")
    type_in(ui, "When are @pear")
    wait_for(ui, "garden/pears.odt")
    press(ui, Qt.Key.Key_Return)
    type_in(ui, " ripe")
    assert ui.window.view.composer.draft == "🌿 When are pears.odt ripe"
    type_in(ui, "  now")
    assert ui.window.view.composer.draft == "🌿 When are pears.odt ripe  now"


def test_a_document_whose_name_begins_with_the_word_comes_first(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.backend.library.files["folder-1"] = files(
        *(f"boiler/boiler-{n}.md" for n in range(9)), "old lease.pdf", "contracts/lease.docx"
    )
    type_in(ui, "@le")
    wait_for(ui, "contracts/lease.docx")
    shown = [each for each in offered(ui) if each != "Home"]
    assert shown[:3] == ["contracts/lease.docx", "old", "boiler/boiler-0.md"]


def test_a_model_is_named_and_answers_this_question_alone(ui: OpenWindow) -> None:
    ui.backend.put_model("alder-q4")
    ui.window.controllers.models.refresh_models()
    type_in(ui, "@alder")
    press(ui, Qt.Key.Key_Return)
    composer = ui.window.view.composer
    assert "alder-q4 answers this question" in words_of(composer)
    type_in(ui, "Why?")
    press(ui, Qt.Key.Key_Return)
    assert ui.backend.engine.all_sent(LoadModel)[-1].path.endswith("alder-q4.gguf")
    assert "answers this question" not in words_of(composer)
    ui.backend.answer_text("Because.")
    ui.backend.answer_finished()
    ui.ask("And then?")
    assert not ui.backend.engine.all_sent(LoadModel)[-1].path.endswith("alder-q4.gguf")
    assert ui.window.controllers.models.chosen is not None
    assert ui.window.controllers.models.chosen.ref == SMALL_MODEL


def test_a_named_model_is_taken_back(ui: OpenWindow) -> None:
    type_in(ui, f"@{SMALL_MODEL[:4]}")
    press(ui, Qt.Key.Key_Return)
    click(ui.window.view.composer, "Let the chosen model answer")
    assert "answers this question" not in words_of(ui.window.view.composer)


def test_escape_hides_the_list_and_stops_no_answer(ui: OpenWindow) -> None:
    home(ui)
    ui.ask("a question")
    type_in(ui, "@ho")
    assert offered(ui)
    press(ui, Qt.Key.Key_Escape)
    assert not offered(ui)
    assert not ui.backend.engine.all_sent(Cancel)
    type_in(ui, "m")
    assert not offered(ui), "it stays away for this word"
    type_in(ui, " @ho")
    assert offered(ui)


def test_an_address_and_an_at_alone_are_text(ui: OpenWindow) -> None:
    home(ui)
    type_in(ui, "me@home")
    assert not offered(ui)
    type_in(ui, " @zzz")
    assert not offered(ui)
    press(ui, Qt.Key.Key_Return)
    assert ui.backend.last_question == "me@home @zzz"
