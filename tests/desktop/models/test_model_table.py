"""The table of models: a long word in one column leaves room for the names."""

from PySide6.QtCore import Qt

from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.registry.installed_models_table import FITS_COLUMN
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog


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
    words = "picks one for each question"
    (auto,) = [each for each in fits if each.data() == words]
    assert str(auto.data(Qt.ItemDataRole.ToolTipRole)).startswith(words)
    letters = tab.table.columnWidth(0) / tab.fontMetrics().averageCharWidth()
    assert letters > 16
