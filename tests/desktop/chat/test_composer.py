"""Composer: what is added to a question, chips, the model switch, the style, the context."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from core.base.settings.app_settings import ONLY_PROVEN
from core.chat.store.attachment_store import attachment_title
from core.messages import Cancel, LoadModel, SearchFiles, SearchFolders
from desktop.chat.composer.attachment_controller import LONG_PASTE
from desktop.chat.composer.composer import Composer
from desktop.chat.composer.model_switch import ModelSwitch
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, label_of, words_of
from tests.desktop.values import folder
from tests.fakes.models import SMALL_MODEL

CONTROL = Qt.KeyboardModifier.ControlModifier
CONTROL_SHIFT = CONTROL | Qt.KeyboardModifier.ShiftModifier


def composer(ui: OpenWindow) -> Composer:
    return ui.window.view.composer


def press(ui: OpenWindow, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget() or ui.window
    QTest.keyClick(focused, key, held or Qt.KeyboardModifier.NoModifier)
    ui.settle()


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def paste(ui: OpenWindow, held: Qt.KeyboardModifier = CONTROL) -> None:
    composer(ui).setFocus()
    QTest.keyClick(composer(ui).text_edit, Qt.Key.Key_V, held)
    ui.settle()


def answered(ui: OpenWindow, text: str, **cost: Any) -> None:
    ui.ask(text)
    ui.backend.answer_text("Yes.")
    ui.backend.answer_finished(**cost)
    ui.settle()


# ------------------------------------------------------------ chips


def test_a_ticked_folder_is_a_chip_and_taken_off_there(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    assert "Home" in words_of(composer(ui).chips)
    click(composer(ui), "Don't ask the folder Home")
    ui.settle()
    assert ui.window.sidebar.folders.ticked_folder_ids == ()
    assert not composer(ui).chips.isVisible()
    assert composer(ui).text_edit.hasFocus(), "typing goes on"
    ui.ask("When?")
    assert not ui.backend.library.all_sent(SearchFolders)


def test_many_folders_share_the_last_chip(ui: OpenWindow) -> None:
    for number in range(1, 6):
        ui.backend.folder_seen(folder(f"folder-{number}", f"Folder {number}"))
    ui.tick(*(f"folder-{number}" for number in range(1, 6)))
    assert "3 more folders" in words_of(composer(ui).chips)
    click(composer(ui), "Don't ask the folder 3 more folders")
    ui.settle()
    assert ui.window.sidebar.folders.ticked_folder_ids == ("folder-1", "folder-2")


def test_files_are_asked_in_place_of_folders_whose_chips_wait(ui: OpenWindow) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    composer(ui).set_files(["/a/lease.pdf"])
    assert "Home" not in words_of(composer(ui).chips)
    click(composer(ui), "Don't ask lease.pdf")
    ui.settle()
    assert "Home" in words_of(composer(ui).chips)


# ------------------------------------------------------------ what is added


def test_files_are_chosen_behind_the_plus(ui: OpenWindow, tmp_path: Path) -> None:
    file = tmp_path / "lease.txt"
    file.write_text("The lease ends in May.")
    press(ui, Qt.Key.Key_A, CONTROL_SHIFT)
    assert "Add" in open_menu().accessibleName()
    QTest.keyClick(open_menu(), Qt.Key.Key_F)
    ui.settle()
    chooser = QApplication.activeModalWidget()
    assert isinstance(chooser, QFileDialog)
    chooser.filesSelected.emit([str(file)])
    chooser.close()
    ui.settle()
    assert composer(ui).files == (str(file),)
    assert ui.window.focusWidget() is composer(ui).text_edit
    ui.backend.library.held.add(SearchFiles)
    ui.ask("When does it end?")
    assert ui.backend.last_sent(SearchFiles).paths == (str(file),)
    assert "Reading your files…" in words_of(ui.window.view.transcript)


def test_a_long_paste_becomes_a_file(ui: OpenWindow) -> None:
    text = "many words " * 200_000
    copy_text(text)
    paste(ui)
    assert composer(ui).draft == ""
    (path,) = composer(ui).files
    assert Path(path).read_text("utf-8") == text
    assert "Pasted text (2.2 MB)" in words_of(composer(ui).chips)
    assert attachment_title(path) == "Pasted text (2.2 MB)"
    assert "Put it into the question" in words_of(ui.window.view)
    ui.ask("What is it about?")
    assert ui.backend.last_sent(SearchFiles).paths == (path,)
    assert "Put it into the question" not in words_of(ui.window.view), "it was asked"


def test_a_long_paste_can_be_put_into_the_question_after_all(ui: OpenWindow) -> None:
    text = "a" * LONG_PASTE
    copy_text(text)
    paste(ui)
    click(ui.window.view, "Put it into the question")
    ui.settle()
    assert composer(ui).draft == text
    assert not composer(ui).files


def test_another_key_pastes_any_length_as_text(ui: OpenWindow) -> None:
    copy_text("a" * LONG_PASTE)
    paste(ui, CONTROL_SHIFT)
    assert len(composer(ui).draft) == LONG_PASTE
    assert not composer(ui).files


def test_a_short_paste_is_text(ui: OpenWindow) -> None:
    copy_text("two words")
    paste(ui)
    assert composer(ui).draft == "two words"


def test_a_short_text_becomes_a_file_when_asked_to(ui: OpenWindow) -> None:
    copy_text("two words")
    click(composer(ui), "Add files, folders or pictures")
    QTest.keyClick(open_menu(), Qt.Key.Key_L)
    ui.settle()
    (path,) = composer(ui).files
    assert Path(path).read_text("utf-8") == "two words"


def test_a_pasted_picture_becomes_a_file_whose_text_is_read(ui: OpenWindow) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    QGuiApplication.clipboard().setImage(picture)
    paste(ui)
    (path,) = composer(ui).files
    assert QImage(path).size() == picture.size()
    assert "Pasted picture (40 × 30)" in words_of(composer(ui).chips)
    assert "can't see pictures" in words_of(ui.window.view)
    click(composer(ui), "Don't ask Pasted picture (40 × 30)")
    ui.settle()
    assert "can't see pictures" not in words_of(ui.window.view), "what is said of it ends with it"


def test_copied_files_are_pasted_as_files(ui: OpenWindow, tmp_path: Path) -> None:
    file = tmp_path / "lease.txt"
    file.write_text("words")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    data.setText(str(file))
    QGuiApplication.clipboard().setMimeData(data)
    paste(ui)
    assert composer(ui).files == (str(file),)
    assert composer(ui).draft == ""


def test_a_temporary_chat_writes_no_pasted_text_to_disk(ui: OpenWindow) -> None:
    ui.window.controllers.chats.open_temporary_chat()
    copy_text("a" * LONG_PASTE)
    paste(ui)
    assert len(composer(ui).draft) == LONG_PASTE
    copied = QImage(4, 4, QImage.Format.Format_RGB32)
    QGuiApplication.clipboard().setImage(copied)
    paste(ui)
    assert not composer(ui).files
    assert "nothing is written to disk" in words_of(ui.window.view)
    assert list(ui.backend.paths.attachments.iterdir()) == []


def test_what_no_chat_names_any_more_is_deleted_at_the_end(ui: OpenWindow) -> None:
    copy_text("a" * LONG_PASTE)
    paste(ui)
    copy_text("b" * LONG_PASTE)
    paste(ui)
    kept, dropped = composer(ui).files
    composer(ui).set_files([kept])
    ui.window.close()
    assert Path(kept).exists()
    assert not Path(dropped).exists()


# ------------------------------------------------------------ the model


def switch(ui: OpenWindow) -> ModelSwitch:
    found = ui.window.findChild(ModelSwitch)
    assert found is not None
    return found


def test_the_model_is_switched_in_place_by_keys(ui: OpenWindow) -> None:
    ui.backend.put_model("alder-q4")
    ui.backend.put_model("birch-q8")
    ui.window.controllers.models.refresh_models()
    composer(ui).set_draft("half a quest")
    press(ui, Qt.Key.Key_M, CONTROL_SHIFT)
    assert switch(ui).isVisible()
    assert QApplication.focusWidget() is control(switch(ui), "Search models")
    for key in (Qt.Key.Key_B, Qt.Key.Key_I, Qt.Key.Key_R):
        press(ui, key)
    assert "birch-q8" in words_of(switch(ui))
    assert "alder-q4" not in words_of(switch(ui))
    press(ui, Qt.Key.Key_Return)
    assert not switch(ui).isVisible()
    assert composer(ui).text_edit.hasFocus()
    assert composer(ui).draft == "half a quest"
    assert ui.window.controllers.models.chosen is not None
    assert ui.window.controllers.models.chosen.ref == "birch-q8"
    ui.backend.pump()
    assert ui.backend.engine.all_sent(LoadModel)[-1].path.endswith("birch-q8.gguf")
    assert "birch-q8" in words_of(composer(ui))


def test_arrows_walk_over_headings_and_the_last_used_come_first(ui: OpenWindow) -> None:
    answered(ui, "one")
    for name in ("alder", "birch", "cedar", "dogwood", "elm"):
        ui.backend.put_model(name)
    ui.window.controllers.models.refresh_models()
    click(composer(ui), f"Switch the model: {SMALL_MODEL} answers")
    lines = words_of(switch(ui)).splitlines()
    assert lines.index("Used last") < lines.index(SMALL_MODEL) < lines.index("On this computer")
    assert lines.index("On this computer") < lines.index("alder")
    press(ui, Qt.Key.Key_Down)
    press(ui, Qt.Key.Key_Down)
    press(ui, Qt.Key.Key_Up)
    press(ui, Qt.Key.Key_Return)
    assert ui.window.controllers.models.chosen is not None
    assert ui.window.controllers.models.chosen.ref == "alder"


def test_escape_closes_the_switch_first_and_stops_the_answer_then(ui: OpenWindow) -> None:
    ui.ask("a long story")
    press(ui, Qt.Key.Key_M, CONTROL_SHIFT)
    press(ui, Qt.Key.Key_Escape)
    assert not switch(ui).isVisible()
    assert not ui.backend.engine.all_sent(Cancel)
    assert composer(ui).text_edit.hasFocus()
    press(ui, Qt.Key.Key_Escape)
    assert len(ui.backend.engine.all_sent(Cancel)) == 1


def test_a_click_beside_closes_the_switch_and_one_on_its_button_too(ui: OpenWindow) -> None:
    name = f"Switch the model: {SMALL_MODEL} answers"
    click(composer(ui), name)
    assert switch(ui).isVisible()
    click(composer(ui), name)
    assert not switch(ui).isVisible()
    click(composer(ui), name)
    QTest.mouseClick(ui.window.view.greeting, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not switch(ui).isVisible()


def test_the_name_in_the_header_opens_the_switch(ui: OpenWindow) -> None:
    click(ui.window.view.header, f"Model: {SMALL_MODEL}")
    assert switch(ui).isVisible()
    click(switch(ui), "All about models…")
    ui.settle()
    assert not switch(ui).isVisible()


@pytest.mark.parametrize("words", ["zzz", "zzz yyy"])
def test_a_search_without_a_result_chooses_nothing(ui: OpenWindow, words: str) -> None:
    press(ui, Qt.Key.Key_M, CONTROL_SHIFT)
    QTest.keyClicks(QApplication.focusWidget() or ui.window, words)
    assert "No model fits these words." in words_of(switch(ui))
    press(ui, Qt.Key.Key_Down)
    press(ui, Qt.Key.Key_Return)
    assert switch(ui).isVisible()


# ------------------------------------------------------------ the style


def test_the_style_of_a_chat_is_chosen_in_the_composer(ui: OpenWindow) -> None:
    click(composer(ui), "Style of the answers: Style")
    QTest.keyClick(open_menu(), Qt.Key.Key_Down)
    QTest.keyClick(open_menu(), Qt.Key.Key_Down)
    QTest.keyClick(open_menu(), Qt.Key.Key_Return)
    ui.settle()
    ui.ask("When?")
    assert ui.backend.questions[-1].sampling.temperature == 0.2
    assert control(composer(ui), "Style of the answers: Precise")


def choose_proven(ui: OpenWindow) -> None:
    composer(ui).bar.style_button.click()
    action = next(each for each in open_menu().actions() if label_of(each) == "Only what is proven")
    action.trigger()
    open_menu().close()
    ui.settle()


def test_only_what_is_proven_is_switched_per_chat(ui: OpenWindow) -> None:
    choose_proven(ui)
    style = ui.window.controllers.chat.next_question.chat_style
    assert style.only_proven is True
    assert "Only proven" in words_of(composer(ui).bar)
    choose_proven(ui)
    assert ui.window.controllers.chat.next_question.chat_style.only_proven is None
    ui.app.settings.set_value(ONLY_PROVEN, value=True)
    ui.window.controllers.chats.open_new_chat()
    assert "Only proven" in words_of(composer(ui).bar)
    choose_proven(ui)
    assert ui.window.controllers.chat.next_question.chat_style.only_proven is False


# ------------------------------------------------------------ the context


def test_the_meter_fills_and_warns(ui: OpenWindow) -> None:
    meter = composer(ui).bar.meter
    answered(ui, "one", prompt_tokens=100, completion_tokens=20)
    assert meter.isVisible()
    available = ui.window.controllers.models.last_ready
    assert available is not None
    assert "About 120 of" in meter.accessibleName()
    assert not meter.is_nearly_full
    composer(ui).set_draft("a" * 350)
    assert "About 220 of" in meter.accessibleName(), "what is typed is guessed"
    composer(ui).set_draft("")
    answered(ui, "two", prompt_tokens=int(available.context * 0.9), completion_tokens=0)
    assert meter.is_nearly_full
    assert "Nearly full" in meter.toolTip()
    ui.window.controllers.chats.open_new_chat()
    assert not meter.is_nearly_full


# ------------------------------------------------------------ typing anywhere


def test_letters_typed_anywhere_land_in_the_composer_in_order(ui: OpenWindow) -> None:
    answered(ui, "one")
    places: tuple[QWidget, ...] = (
        ui.window.sidebar.new_button,
        ui.window.sidebar.chat_list,
        control(ui.window.view.transcript, "Copy the answer"),
        ui.window,
    )
    for place in places:
        composer(ui).set_draft("")
        place.setFocus()
        for letter in "Hey?":
            QTest.keyClicks(QApplication.focusWidget() or ui.window, letter)
        assert composer(ui).draft == "Hey?", place
        assert composer(ui).text_edit.hasFocus()


def test_a_space_presses_a_button_and_a_shortcut_stays_one(ui: OpenWindow) -> None:
    ui.window.sidebar.search_button.setFocus()
    QTest.keyClick(ui.window.sidebar.search_button, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(ui.window.sidebar.search_button, Qt.Key.Key_A, CONTROL)
    assert composer(ui).draft == ""
    assert not composer(ui).text_edit.hasFocus()


def test_letters_in_another_field_stay_there(ui: OpenWindow) -> None:
    answered(ui, "one")
    ui.window.view.find_bar.open_bar()
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "yes")
    assert composer(ui).draft == ""
