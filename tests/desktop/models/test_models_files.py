"""Actions on one model: settings, adapters, checksum, removal; folders and catalog."""

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from core.base.errors import ErrorCode, ModelError
from core.base.settings.window_settings import TEXT_SIZE
from core.models.info.model_facts import ModelFacts, read_facts_or_problem
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.locale_formatting import format_size
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, drop, open_dialog, words_of
from tests.fakes.models import SMALL_MODEL, adapter_gguf, tiny_gguf

OURS = "mine-q8_0"


@pytest.fixture
def models(ui: OpenWindow) -> ModelsPage:
    """The dialog with two registered files; the first is the program's own."""
    ui.backend.put_own_model(OURS)
    ui.window.controllers.models_controller.open_page(INSTALLED)
    ui.settle()
    found = dialog()
    assert isinstance(found, ModelsPage)
    found.installed_tab.select_model(SMALL_MODEL)
    return found


@pytest.fixture
def trash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A trash of this test's own."""
    folder = tmp_path / "trash"
    folder.mkdir()
    monkeypatch.setattr(
        "core.app.models.model_file_service.send2trash",
        lambda file: Path(file).rename(folder / Path(file).name),
    )
    return folder


def saved_setting(ui: OpenWindow, ref: str, key: str) -> object:
    """Return what is set for a model, as it is on disk."""
    stored = json.loads(ui.backend.paths.model_settings.read_bytes())
    return stored.get(ui.app.registry.find_model(ref).path, {}).get(key)


def test_a_setting_of_a_model_is_kept_refused_and_set_back(
    ui: OpenWindow, models: ModelsPage
) -> None:
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.settings)
    ui.settle()
    line = control(models, "Context length")
    assert isinstance(line, QLineEdit)
    line.setText("nonsense")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "a whole number from 0 to" in words_of(models)
    line.setText("4096")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert saved_setting(ui, SMALL_MODEL, "context") == 4096
    assert "a whole number from 0 to" not in words_of(models)
    assert "Set for this model" in words_of(models)
    click(models, "Set “Context length” back")
    assert saved_setting(ui, SMALL_MODEL, "context") is None
    assert "Set for this model" not in words_of(models)


def test_a_choice_of_a_model_is_kept(ui: OpenWindow, models: ModelsPage) -> None:
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.settings)
    ui.settle()
    box = control(models, "Type of cached keys")
    assert isinstance(box, QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert saved_setting(ui, SMALL_MODEL, "cache_keys") == box.currentData() != "auto"


def test_adapters_stand_beside_their_base(
    ui: OpenWindow, models: ModelsPage, tmp_path: Path
) -> None:
    base = Path(ui.app.registry.find_model(OURS).path)
    gardener = adapter_gguf(base, "gardener").write(tmp_path / "gardener.gguf")
    name = ui.app.model_files.add_adapter(str(gardener)).name
    assert name.startswith("Gardener")
    models.installed_tab.select_model(OURS)
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.adapters)
    click(models, f"Begin new chats with {name}")
    assert saved_setting(ui, OURS, "adapters") == [
        {"type": "Adapter", "path": str(gardener), "scale": 1.0}
    ]
    click(models, f"Begin new chats with {name}")
    assert saved_setting(ui, OURS, "adapters") is None
    click(models, f"Take {name} off the list")
    assert "gardener is off the list; its file stays." in words_of(models)
    assert "No adapter on the list goes with this model." in words_of(models)
    assert gardener.exists()


def test_a_file_of_ours_is_removed_only_after_a_question(
    ui: OpenWindow, models: ModelsPage, trash: Path
) -> None:
    models.installed_tab.select_model(OURS)
    click(models, "Remove…")
    question = dialog()
    assert isinstance(question, ConfirmDialog)
    assert "goes to this system's trash" in words_of(question)
    assert not list(trash.iterdir())
    click(question, "Move to the trash")
    ui.settle()
    assert f"{OURS} was moved to the trash." in words_of(models)
    assert [file.name for file in trash.iterdir()] == [f"{OURS}.gguf"]


def test_a_file_that_answers_is_not_removed(
    ui: OpenWindow, models: ModelsPage, trash: Path
) -> None:
    ui.app.models.choose_model(OURS)
    ui.app.questions.ask_question("When?")
    ui.backend.pump()
    models.installed_tab.select_model(OURS)
    click(models, "Remove…")
    click(dialog(), "Move to the trash")
    in_use = ModelError(ErrorCode.MODEL_IN_USE, file=f"{OURS}.gguf")
    assert in_use.message in words_of(models)
    assert not list(trash.iterdir())
    assert len(ui.app.registry.list_models()) == 2


def test_copies_say_what_they_waste(ui: OpenWindow, models: ModelsPage) -> None:
    copy = ui.backend.put_own_model("twin")
    first = ui.app.registry.find_model(OURS)
    ui.app.models.record_checksum(str(copy), first.files[0].sha256)
    ui.window.controllers.models.refresh_models()
    size = format_size(first.bytes_on_disk)
    assert f"1 file is a copy of another: {size} for nothing." in words_of(models)
    models.installed_tab.select_model("twin")
    assert f"The same content as {OURS}." in words_of(models)


def test_a_checksum_is_computed_shown_and_stopped(ui: OpenWindow, models: ModelsPage) -> None:
    ui.backend.put_huge_model("llama-70b")  # a file that takes long to be read
    models.installed_tab.select_model("llama-70b")
    click(models, "Verify")
    button = models.installed_tab.pane.about.verify_button
    ui.bot.waitUntil(lambda: button.text() == "Stop")
    click(models, "Stop")
    ui.bot.waitUntil(lambda: button.text() == "Verify")
    models.installed_tab.select_model(SMALL_MODEL)
    click(models, "Verify")
    ui.wait_for_files()
    assert "The file is what it should be." in words_of(models)
    models.installed_tab.select_model(OURS)  # whose checksum a test has made up
    click(models, "Verify")
    ui.wait_for_files()
    wrong = ModelError(ErrorCode.MODEL_CHECKSUM_WRONG, file="", found="", expected="")
    assert wrong.hint in words_of(models)


def test_loading_is_seen_over_the_chat_and_stopped_there(ui: OpenWindow) -> None:
    ui.app.model_loading.unload_model()
    ui.backend.engine.loads_at_once = False
    ui.app.models.choose_model(SMALL_MODEL)
    ui.backend.engine.report_loading(0.4)
    ui.backend.pump()
    assert f"Loading {SMALL_MODEL}…" in words_of(ui.window.view.header)
    click(ui.window, "Stop loading the model")
    assert ui.backend.engine.loading is None
    ui.backend.pump()
    assert "Loading" not in words_of(ui.window.view.header)
    assert not ui.window.controllers.models_controller.badge.isVisible()


def test_a_model_whose_loading_was_stopped_can_be_used_after_all(
    ui: OpenWindow, models: ModelsPage
) -> None:
    ui.app.model_loading.unload_model()
    ui.backend.engine.loads_at_once = False
    ui.app.models.choose_model(SMALL_MODEL)
    ui.backend.engine.report_loading(0.4)
    ui.backend.pump()
    assert not models.installed_tab.use_button.isEnabled()
    click(models, "Stop loading")
    ui.backend.pump()
    assert models.installed_tab.use_button.text() == "Use"
    click(models, "Use")
    ui.backend.engine.finish_loading()
    ui.backend.pump()
    assert models.installed_tab.use_button.text() == "In use"


@pytest.fixture
def other_models(tmp_path: Path) -> Path:
    """A folder with two models."""
    folder = tmp_path / "other models"
    folder.mkdir()
    for name in ("one", "two"):
        tiny_gguf(name).write(folder / f"{name}.gguf")
    return folder


def test_folders_are_added_looked_through_and_forgotten(
    ui: OpenWindow, models: ModelsPage, other_models: Path
) -> None:
    models.show_tab("folders")
    models.folders_tab.add_folder(str(other_models))
    ui.wait_for_files()
    assert "4 models are on the list (2 new)" in words_of(models)
    other_models.rename(other_models.with_name("away"))
    click(models, "Look again")
    ui.wait_for_files()
    assert f"{other_models} — not there now" in words_of(models)
    models.folders_tab.folder_list.setCurrentRow(0)
    click(models, "Forget this folder")
    assert "is looked through no more; its files stay." in words_of(models)
    assert len(ui.app.registry.list_models()) == 2


def test_looking_through_folders_is_stopped(
    ui: OpenWindow, models: ModelsPage, other_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(path: Path) -> ModelFacts:
        go_on.wait(20)
        return read_facts_or_problem(path)

    monkeypatch.setattr("core.models.registry.model_scan.read_facts_or_problem", slow)
    models.show_tab("folders")
    models.folders_tab.add_folder(str(other_models))
    stop = models.folders_tab.stop_button
    ui.bot.waitUntil(stop.isVisible)
    click(models, "Stop looking")
    go_on.set()
    ui.wait_for_files()
    assert "Stopped; what was found so far is not forgotten." in words_of(models)
    assert not stop.isVisible()


def test_a_dropped_folder_is_one_of_models(
    ui: OpenWindow, models: ModelsPage, other_models: Path
) -> None:
    drop(models, str(other_models))
    ui.wait_for_files()
    assert ui.app.registry.model_folders == (str(other_models),)


def test_the_catalog_is_searched_by_words_use_and_room(ui: OpenWindow, models: ModelsPage) -> None:
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


def test_the_models_of_the_catalog_have_half_of_its_tab(ui: OpenWindow, models: ModelsPage) -> None:
    models.show_tab("catalog")
    ui.settle()
    table, levels = models.catalog_tab.table, models.catalog_tab.quantizations
    rows = table.viewport().height() // table.rowHeight(0)
    assert rows >= 6, "as many as can be compared without scrolling"
    assert levels.table.viewport().height() >= 3 * table.rowHeight(0)


def test_in_the_largest_text_the_page_is_no_wider_than_its_room(ui: OpenWindow) -> None:
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    ui.settle()
    ui.window.controllers.models_controller.open_page("catalog")
    ui.settle()
    page = dialog()
    room = page.parentWidget()
    assert room is not None
    assert (ui.window.width(), ui.window.sidebar.isVisible()) == (1240, True)
    assert page.width() <= room.width()


def test_a_damaged_catalog_leaves_the_rest_usable(
    ui: OpenWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models.toml").write_text("version = ")
    monkeypatch.setattr("core.models.model_catalog.catalog_path", lambda: tmp_path / "models.toml")
    ui.window.controllers.models_controller.open_page(INSTALLED)
    models = dialog()
    assert isinstance(models, ModelsPage)
    models.show_tab("catalog")
    damaged = ModelError(ErrorCode.CATALOG_INVALID, file="models.toml", detail="")
    assert damaged.message[:20] in words_of(models)
    models.show_tab(INSTALLED)
    assert models.installed_tab.current_entry is not None


def test_the_dialog_is_used_with_the_keyboard_alone(ui: OpenWindow, models: ModelsPage) -> None:
    QTest.keyClick(models.tabs.tabBar(), Qt.Key.Key_Right)
    assert models.tabs.currentIndex() == 2
    QTest.keyClick(models.tabs.tabBar(), Qt.Key.Key_Left)
    models.installed_tab.table.setFocus()
    QTest.keyClick(models.installed_tab.table, Qt.Key.Key_Up)
    assert models.installed_tab.current_entry is not None
    assert models.installed_tab.current_entry.ref == OURS
    QTest.keyClick(models, Qt.Key.Key_Escape)
    ui.settle()
    assert open_dialog() is None


def test_an_adapter_that_was_trained_here_is_deleted_after_a_question(
    ui: OpenWindow, models: ModelsPage
) -> None:
    model = Path(ui.app.registry.find_model(SMALL_MODEL).path)
    path = adapter_gguf(model, "Mine").write(ui.backend.paths.adapters / "mine.gguf")
    models.installed_tab.select_model(OURS)
    models.installed_tab.select_model(SMALL_MODEL)
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.adapters)
    ui.settle()
    for button, left in (("Cancel", True), ("Delete", False)):
        pane.adapters.rows[0].remove_button.click()
        asked = open_dialog()
        assert isinstance(asked, ConfirmDialog)
        click(asked, button)
        ui.settle()
        assert path.exists() is left
    assert "mine was deleted." in words_of(models)
