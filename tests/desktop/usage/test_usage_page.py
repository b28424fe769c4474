"""The page about counted tokens: rows, total, switch, and prices of own servers."""

import pytest
from PySide6.QtCore import QDate, QLocale, Qt

from core.app.usage.usage_store import UsageRow, local_today
from core.base.settings.app_settings import COUNT_USAGE
from desktop.kit.locale_formatting import format_count
from desktop.usage.usage_page import UsagePage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, words_of

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@pytest.fixture
def page(ui: OpenWindow) -> UsagePage:
    ui.app.servers.add_server("box", ["http://10.1.2.3:8000"], "big-model")
    ui.window.registry.action_by_id("file.usage").trigger()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, UsagePage)
    return shown


def test_counts_are_shown_as_they_come(ui: OpenWindow, page: UsagePage) -> None:
    assert "Nothing has been counted." in words_of(page)
    assert not page.table.isVisible(), "an empty table says nothing"
    row = UsageRow(
        day=local_today().isoformat(), model="small", origin="cli", answers=1, tokens_read=1200,
        tokens_written=30, seconds=2.0,
    )  # fmt: skip
    ui.app._usage_store.add_usage(row)
    page.show_counts()
    assert page.total.text() == f"Tokens read: {format_count(1200)}, written: 30"
    assert page.table.isVisible()
    item = page.table.item(0, 2)
    assert item is not None
    assert item.text() == "command line"
    for column in range(3, page.table.columnCount()):
        number, head = page.table.item(0, column), page.table.horizontalHeaderItem(column)
        assert number is not None
        assert head is not None
        assert {number.textAlignment(), head.textAlignment()} == {RIGHT}, column
    day = page.table.item(0, 0)
    assert day is not None
    today = QDate.currentDate()
    assert day.text() == QLocale().toString(today, QLocale.FormatType.ShortFormat)


def test_counting_is_switched_off(ui: OpenWindow, page: UsagePage) -> None:
    assert page.switch.isChecked()
    page.switch.click()
    assert not ui.app.settings.get_value(COUNT_USAGE)


def test_prices_and_a_budget_are_entered(ui: OpenWindow, page: UsagePage) -> None:
    read, written, budget = page.rows["box"].boxes
    assert read.lineEdit().textMargins().left() > 0
    read.setValue(2.5)
    written.setValue(10.0)
    budget.setValue(5.0)
    server = ui.app.servers.find_server("box")
    assert (server.price_read, server.price_written, server.budget) == (2.5, 10.0, 5.0)
    assert "box: 0.00 of 5.00 this month" in words_of(page)
    ui.app.servers.remove_server("box")
    budget.setValue(6.0)
    assert "No server is called" in words_of(page)
