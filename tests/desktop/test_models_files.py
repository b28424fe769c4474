"""What is done with one model: settings, adapters, checksum, removing; folders and catalog."""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from core.app.events.app_events import Problem
from core.app.events.model_events import (
    ModelLoading,
    ModelScanFinished,
    ModelScanProgress,
    ModelUnloaded,
)
from core.app.models.checksum_service import VerifiedChecksum
from core.base.errors import ErrorCode, ModelError
from core.messages import Failed
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import ModelOrigin
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.models.models_dialog import ModelsDialog
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import adapter, model
from tests.desktop.seen import click, control, dialog, drop, words_of

OURS = model("mine-q8_0", origin=ModelOrigin.OWN)
SMALL = "smollm2-135m-q4_1"


@pytest.fixture
def models(desk: Desk) -> ModelsDialog:
    """The dialog, with two files on the shelf; the second is the program's own."""
    desk.front.on_shelf.append(OURS)
    desk.window.open_models()
    desk.settle()
    found = dialog()
    assert isinstance(found, ModelsDialog)
    return found


def test_a_setting_of_a_model_is_kept_refused_and_set_back(
    desk: Desk, models: ModelsDialog
) -> None:
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.settings)
    desk.settle()
    line = control(models, "Context length")
    assert isinstance(line, QLineEdit)
    line.setText("nonsense")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "a whole number from 0 to 9" in words_of(models)
    line.setText("4096")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert desk.front.last("set_for_model") == (SMALL, "context", "4096")
    assert "a whole number from 0 to 9" not in words_of(models)
    assert "Set for this model" in words_of(models)
    click(models, "Set “Context length” back")
    assert desk.front.last("reset_for_model") == (SMALL, "context")
    assert "Set for this model" not in words_of(models)


def test_a_choice_of_a_model_is_kept(desk: Desk, models: ModelsDialog) -> None:
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.settings)
    desk.settle()
    box = control(models, "Type of cached keys")
    assert isinstance(box, QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert desk.front.last("set_for_model")[:2] == (SMALL, "cache_keys")


def test_adapters_stand_beside_their_base(desk: Desk, models: ModelsDialog) -> None:
    desk.front.adapters_beside = [adapter("gardener")]
    models.select_model("mine-q8_0")
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.adapters)
    click(models, "Begin new chats with gardener")
    kept = ("mine-q8_0", "adapters", "/adapters/gardener.gguf=1")
    assert desk.front.last("set_for_model") == kept
    click(models, "Begin new chats with gardener")
    assert desk.front.last("reset_for_model") == ("mine-q8_0", "adapters")
    click(models, "Take gardener off the shelf")
    assert "gardener is off the shelf; its file stays." in words_of(models)
    assert "No adapter on the shelf goes with this model." in words_of(models)


def test_a_file_of_ours_is_removed_only_after_a_question(desk: Desk, models: ModelsDialog) -> None:
    models.select_model("mine-q8_0")
    click(models, "Remove…")
    assert desk.front.count("remove_model") == 0
    question = dialog()
    assert isinstance(question, ConfirmDialog)
    assert "goes to this system's trash" in words_of(question)
    click(question, "Move to the trash")
    desk.settle()
    assert "mine-q8_0 was moved to the trash." in words_of(models)


def test_a_file_that_answers_is_not_removed(desk: Desk, models: ModelsDialog) -> None:
    models.select_model("mine-q8_0")
    click(models, "Remove…")
    desk.front.refusal = ModelError(ErrorCode.MODEL_IN_USE, file="mine.gguf")
    click(dialog(), "Move to the trash")
    assert ModelError(ErrorCode.MODEL_IN_USE, file="mine.gguf").message in words_of(models)
    assert len(desk.front.on_shelf) == 2


def test_copies_say_what_they_waste(desk: Desk, models: ModelsDialog) -> None:
    twin = structs.replace(OURS, ref="twin", twins=("mine-q8_0",), wasted=4_280_000_000)
    desk.front.on_shelf.append(twin)
    desk.window.controllers.models.refresh_models()
    assert "1 file is a copy of another: 4.0 GB for nothing." in words_of(models)
    models.select_model("twin")
    assert "The same content as mine-q8_0." in words_of(models)


def test_a_checksum_is_computed_shown_and_stopped(desk: Desk, models: ModelsDialog) -> None:
    click(models, "Verify")
    reply = desk.front.replies[-1]
    reply.report(ByteProgress(1, 2))
    click(models, "Stop")
    assert desk.front.cancelled == [reply.request_id]
    reply.fail(Failed(request_id=reply.request_id, code=ErrorCode.CANCELLED))
    click(models, "Verify")
    wrong = Problem(code="model_checksum_wrong", message="It differs.", hint="Fetch it again.")
    path = desk.front.on_shelf[0].path
    desk.front.replies[-1].finish(VerifiedChecksum(path, "ab", "cd", wrong))
    assert "It differs. Fetch it again." in words_of(models)


def test_loading_is_seen_over_the_chat_and_stopped_there(desk: Desk) -> None:
    path = desk.front.on_shelf[0].path
    desk.front.emit(ModelLoading(ref=SMALL, path=path, share=0.4))
    assert f"Loading {SMALL}…" in words_of(desk.window.view.header)
    click(desk.window, "Stop loading the model")
    assert desk.front.count("cancel_loading") == 1
    desk.front.emit(ModelUnloaded(ref=SMALL, path=path, reason="cancelled"))
    assert "Loading" not in words_of(desk.window.view.header)
    assert not desk.window.controllers.shelf.badge.isVisible()


def test_a_model_whose_loading_was_stopped_can_be_used_after_all(
    desk: Desk, models: ModelsDialog
) -> None:
    path = desk.front.on_shelf[0].path
    desk.front.emit(ModelLoading(ref=SMALL, path=path, share=0.4))
    assert not models.use_button.isEnabled()
    click(models, "Stop loading")
    desk.front.emit(ModelUnloaded(ref=SMALL, path=path, reason="cancelled"))
    assert models.use_button.text() == "Use"
    click(models, "Use")
    assert desk.front.last("choose_model") == (SMALL,)
    assert models.use_button.text() == "In use"


def test_folders_are_added_looked_through_and_forgotten(desk: Desk, models: ModelsDialog) -> None:
    models.show_tab("folders")
    models.folders_tab.add_folder("/models")
    desk.front.emit(ModelScanProgress(found=9, read=4, current="/models/a"))
    click(models, "Stop looking")
    assert desk.front.count("cancel_scan") == 1
    desk.front.emit(ModelScanFinished(models=2, new=1, seconds=0.5, away=("/models",)))
    assert "2 models are on the shelf (1 new)" in words_of(models)
    assert "/models — not there now" in words_of(models)
    models.folders_tab.folder_list.setCurrentRow(0)
    click(models, "Forget this folder")
    assert desk.front.last("forget_model_folder") == ("/models",)


def test_a_dropped_folder_is_one_of_models(
    desk: Desk, models: ModelsDialog, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("models")
    drop(models, str(folder))
    assert desk.front.last("add_model_folder") == (str(folder),)


def test_the_catalog_is_searched_by_words_use_and_room(desk: Desk, models: ModelsDialog) -> None:
    models.show_tab("catalog")
    tab = models.catalog_tab
    everything = tab.table.rowCount()
    QTest.keyClicks(tab.search_field, "qwen coder")
    assert 0 < tab.table.rowCount() < everything
    names = [tab.table.item(row, 0) for row in range(tab.table.rowCount())]
    assert all(item is not None and "Coder" in item.text() for item in names)
    tab.search_field.clear()
    tab.use_filter.setCurrentIndex(tab.use_filter.findData("coding"))
    assert 0 < tab.table.rowCount() < everything
    QTest.keyClicks(tab.search_field, "no such thing")
    assert "No model of the catalog is like that." in words_of(models)


def test_a_damaged_catalog_leaves_the_rest_usable(desk: Desk) -> None:
    desk.front.refusal = ModelError(ErrorCode.CATALOG_INVALID, file="models.toml", detail="line 3")
    desk.window.open_models()
    models = dialog()
    assert isinstance(models, ModelsDialog)
    models.show_tab("catalog")
    assert ModelError(ErrorCode.CATALOG_INVALID, file="models.toml", detail="").message[
        :20
    ] in words_of(models)
    models.show_tab("shelf")
    assert models.current_entry is not None


def test_the_dialog_is_used_with_the_keyboard_alone(desk: Desk, models: ModelsDialog) -> None:
    QTest.keyClick(models.tabs.tabBar(), Qt.Key.Key_Right)
    assert models.tabs.currentIndex() == 1
    QTest.keyClick(models.tabs.tabBar(), Qt.Key.Key_Left)
    models.table.setFocus()
    QTest.keyClick(models.table, Qt.Key.Key_Down)
    assert models.current_entry is not None
    assert models.current_entry.ref == "mine-q8_0"
    QTest.keyClick(models, Qt.Key.Key_Escape)
    desk.settle()
    assert QApplication.activeModalWidget() is None
