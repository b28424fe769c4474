"""Right-to-left layout: the same rows are chosen."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication

from desktop.kit.actions import keys_in_order
from desktop.kit.buttons_and_labels import ElidedLabel
from desktop.library.file_table import FileTable
from desktop.models.models_page import ModelsPage
from desktop.models.widgets.keyed_table import KeyedTable
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import open_dialog
from tests.fakes.models import SMALL_MODEL

WAYS = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def ui_of_either_way(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[OpenWindow]:
    qapp.setLayoutDirection(request.param)
    yield request.getfixturevalue("ui")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_title_keeps_its_own_direction(ui_of_either_way: OpenWindow) -> None:
    """Its question mark is drawn behind it: at the same end as in a window from the left."""
    label = ElidedLabel("When do I water?")
    label.resize(label.fontMetrics().horizontalAdvance(label.text()), 20)
    ink = label.grab().toImage()
    label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert label.grab().toImage() == ink


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_keys_keep_their_order(qapp: QApplication, way: Qt.LayoutDirection) -> None:
    qapp.setLayoutDirection(way)
    text = keys_in_order("Ctrl+,")
    layout = QTextLayout(text)
    option = QTextOption()
    option.setTextDirection(way)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    places: list[Any] = [line.cursorToX(text.index(letter)) for letter in ("t", ",")]
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    first, last = (each[0] if isinstance(each, tuple) else each for each in places)
    assert first < last


def test_a_model_is_chosen_in_the_dialog(ui_of_either_way: OpenWindow) -> None:
    ui = ui_of_either_way
    ui.backend.put_model("the-other")
    ui.window.open_models()
    ui.settle()
    dialog = open_dialog()
    assert isinstance(dialog, ModelsPage)
    current = dialog.installed_tab.current_entry
    assert current is not None
    assert current.ref == SMALL_MODEL
    dialog.installed_tab.select_model("the-other")
    current = dialog.installed_tab.current_entry
    assert current is not None
    assert current.ref == "the-other"
    selection = dialog.installed_tab.table.selectionModel()
    assert [index.row() for index in selection.selectedRows()] == [1]


def test_a_row_is_chosen_by_its_key(ui_of_either_way: OpenWindow) -> None:
    table = KeyedTable(ui_of_either_way.theme, "Levels", ("Level", "Size"))
    ui_of_either_way.bot.addWidget(table)
    table.show_rows(("a", "b"), ((("1", ""), ("2", "")), (("3", ""), ("4", ""))))
    assert table.select_key("b")
    assert table.current_key == "b"
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]


def test_files_stay_chosen(ui_of_either_way: OpenWindow) -> None:
    table = FileTable("Files", ("File", "Why"))
    ui_of_either_way.bot.addWidget(table)
    table.show_rows((("a", "1"), ("b", "2"), ("c", "3")))
    table.selectAll()
    table.show_rows((("c", "3"), ("x", "4"), ("a", "1")))
    assert table.selected_rows == [0, 2]
