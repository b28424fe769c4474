"""The table of models: a long word in one column leaves room for the names."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.base.settings.window_settings import TEXT_SIZE
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.registry.installed_models_tab import InstalledModelsTab
from desktop.models.registry.installed_models_table import FITS_COLUMN
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, words_of


def open_tab(ui: OpenWindow) -> InstalledModelsTab:
    ui.window.controllers.models_controller.open_page(INSTALLED)
    ui.settle()
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    return shown.installed_tab


def test_the_selected_model_is_removed_with_delete(ui: OpenWindow) -> None:
    added = ui.backend.put_model("mistral-7b-instruct-q4_k_m", "Mistral")
    tab = open_tab(ui)
    tab.select_model("mistral-7b-instruct-q4_k_m")
    QTest.keyClick(tab.table, Qt.Key.Key_Delete)
    ui.settle()
    names = [entry.ref for entry in ui.app.registry.list_models()]
    assert "mistral-7b-instruct-q4_k_m" not in names
    assert "is off the list" in words_of(ui.window)
    assert added


def test_names_have_most_of_a_narrow_table(ui: OpenWindow) -> None:
    ui.backend.put_model("mistral-7b-instruct-q4_k_m", "Mistral", quantization="Q4_K_M")
    ui.window.resize(1240, 800)
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    tab = open_tab(ui)
    width, whole = tab.table.columnWidth(0), tab.table.viewport().width()
    has_bar = tab.table.horizontalScrollBar().isVisible()
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    assert width > whole // 2
    assert tab.table.textElideMode() is Qt.TextElideMode.ElideMiddle, "levels differ at the end"
    assert not has_bar


def test_names_can_be_read_beside_what_auto_says_of_itself(ui: OpenWindow) -> None:
    for n in range(2):  # of several Auto picks one
        ui.backend.put_model(f"mistral-{n}b-instruct-q4_k_m", "Mistral", quantization="Q4_K_M")
    ui.window.controllers.models_controller.open_page(INSTALLED)
    ui.settle()
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    tab = shown.installed_tab
    rows = range(tab.table_model.rowCount())
    fits = [tab.table_model.index(row, FITS_COLUMN) for row in rows]
    words = "by question"
    (auto,) = [each for each in fits if each.data() == words]
    assert str(auto.data(Qt.ItemDataRole.ToolTipRole)).startswith(words)
    letters = tab.table.columnWidth(0) / tab.fontMetrics().averageCharWidth()
    assert letters > 16
