"""Right-to-left layout: the same rows are chosen."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QLabel

from desktop.kit.actions import keys_in_order
from desktop.kit.buttons_and_labels import ElidedLabel
from desktop.library.file_table import FileTable
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.widgets.keyed_table import KeyedTable
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, open_dialog
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


def test_what_stands_beside_a_line_keeps_its_distance(ui_of_either_way: OpenWindow) -> None:
    """The details of a model begin as far from the table in both directions."""
    ui = ui_of_either_way
    ui.window.controllers.models_controller.open_page(INSTALLED)
    ui.settle()
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    pane = shown.installed_tab.pane
    layout = pane.layout()
    assert layout is not None
    inner = layout.contentsRect()
    mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    beside = pane.width() - inner.right() - 1 if mirrored else inner.left()
    assert beside == 16


def test_facts_and_paths_stand_below_the_sentences(ui_of_either_way: OpenWindow) -> None:
    ui = ui_of_either_way
    ui.window.registry.action_by_id("help.about").trigger()
    ui.settle()
    label = next(each for each in dialog().findChildren(QLabel) if "Qt " in each.text())
    ink = label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    ground = ink.pixel(0, ink.height() - 1)
    columns = [
        x for x in range(ink.width()) if any(ink.pixel(x, y) != ground for y in range(ink.height()))
    ]
    mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    edge = ink.width() - columns[-1] if mirrored else columns[0]
    assert edge < 8
