"""Buttons beside each other: in the middle of their line, and in further lines where it is full."""

from PySide6.QtWidgets import QWidget

from desktop.kit.layers.flow_layout import ButtonRow
from tests.desktop.open_window import OpenWindow


def row_of(ui: OpenWindow, width: int) -> tuple[ButtonRow, list[QWidget]]:
    """Return a shown row of three buttons, 100 wide and 30, 40 and 20 high."""
    row = ButtonRow()
    buttons = [QWidget() for _number in range(3)]
    for button, height in zip(buttons, (30, 40, 20), strict=True):
        button.setFixedSize(100, height)
    row.add_buttons(*buttons[:2])
    row.add_buttons(buttons[2], at_end=True)
    row.setParent(ui.window)
    row.resize(width, row.heightForWidth(width))
    row.show()
    ui.settle()
    return row, buttons


def test_buttons_of_a_line_stand_in_its_middle(ui: OpenWindow) -> None:
    row, buttons = row_of(ui, 500)
    assert row.height() == 40
    assert [each.geometry().center().y() for each in buttons] == [19, 19, 19]
    assert [each.x() for each in buttons] == [0, 108, 400]
    row.deleteLater()


def test_what_does_not_fit_stands_in_a_further_line(ui: OpenWindow) -> None:
    row, buttons = row_of(ui, 250)
    assert row.height() == 40 + 8 + 20
    assert [each.y() for each in buttons] == [5, 0, 48]
    assert buttons[2].x() == 0
    row.deleteLater()
