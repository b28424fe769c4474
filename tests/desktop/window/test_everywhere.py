"""Command palette, shortcut sheet, panes of the window, and keys that don't collide."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
)

from core.base.settings.window_settings import TEXT_SIZE
from desktop.help.command_palette import CommandPalette
from desktop.help.shortcuts_page import ShortcutsPage
from desktop.settings.settings_page import SettingsPage
from desktop.window.window_geometry import save_window_geometry
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, open_dialog
from tests.desktop.values import source

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(
    ui: OpenWindow, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    if open_dialog() is None:
        ui.window.activateWindow()  # offscreen nobody does so when a dialog goes
        ui.settle()
    QTest.keyClick(QApplication.focusWidget() or ui.window, key, held)
    ui.settle()


def open_palette(ui: OpenWindow) -> tuple[CommandPalette, QLineEdit, QListView]:
    press(ui, Qt.Key.Key_P, CONTROL | SHIFT)
    palette = dialog()
    assert isinstance(palette, CommandPalette)
    return palette, palette.findChildren(QLineEdit)[0], palette.findChildren(QListView)[0]


def rows(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    every = QTreeWidgetItemIterator(tree)
    found = []
    while (item := every.value()) is not None:
        if item.parent() is not None:
            found.append(item)
        every += 1
    return found


def test_no_two_actions_share_a_key(ui: OpenWindow) -> None:
    keys = Counter(
        keys.toString()
        for action in ui.window.registry.all_actions()
        for keys in action.shortcuts()
    )
    assert not [key for key, times in keys.items() if times > 1 or not key]


def test_the_palette_does_what_was_typed(ui: OpenWindow) -> None:
    _palette, line, shown = open_palette(ui)
    everything = shown.model().rowCount()
    QTest.keyClicks(line, "models")
    assert 0 < shown.model().rowCount() < everything
    QTest.keyClick(line, Qt.Key.Key_Return)
    ui.settle()
    assert dialog().windowTitle() == "Models"


def test_the_palette_fits_the_screen_with_large_text_and_its_lines_are_flush(
    ui: OpenWindow,
) -> None:
    for _step in range(10):
        ui.window.registry.action_by_id("view.larger").trigger()
    palette, _line, shown = open_palette(ui)
    ui.settle()
    assert palette.geometry().bottom() <= palette.screen().availableGeometry().bottom()
    lines = [shown.model().index(row, 0) for row in range(shown.model().rowCount())]
    assert not any(line.data(Qt.ItemDataRole.DecorationRole) for line in lines)


def test_the_palette_is_as_high_as_what_it_found(ui: OpenWindow) -> None:
    palette, line, shown = open_palette(ui)
    ui.settle()
    before = palette.geometry()
    QTest.keyClicks(line, "export all chats")
    ui.settle()
    rows = shown.model().rowCount()
    assert 0 < rows < 8
    last = shown.visualRect(shown.model().index(rows - 1, 0))
    assert 0 <= shown.viewport().height() - last.bottom() < last.height(), "no empty space"
    assert palette.geometry().topLeft() == before.topLeft()
    line.clear()
    ui.settle()
    assert palette.geometry() == before


def test_a_click_beside_the_palette_closes_it(ui: OpenWindow) -> None:
    palette, _line, _shown = open_palette(ui)
    ui.bot.waitUntil(palette.isActiveWindow)
    with ui.bot.waitSignal(palette.rejected):
        ui.window.activateWindow()  # as window managers do for the window that is clicked


def test_arrows_choose_in_the_palette_while_the_line_has_the_focus(ui: OpenWindow) -> None:
    _palette, line, shown = open_palette(ui)
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert shown.currentIndex().row() == 2
    assert QApplication.focusWidget() is line


def test_the_palette_offers_only_what_can_be_done(ui: OpenWindow) -> None:
    _palette, line, shown = open_palette(ui)
    QTest.keyClicks(line, "no such thing")
    assert shown.model().rowCount() == 0
    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    ui.settle()
    assert open_dialog() is None


def test_the_palette_opens_once_and_again(ui: OpenWindow) -> None:
    for _ in range(2):
        palette, line, _shown = open_palette(ui)
        QTest.keyClick(line, Qt.Key.Key_Escape)
        ui.settle()
        assert not [
            each for each in QApplication.topLevelWidgets() if isinstance(each, CommandPalette)
        ]
        del palette


def test_the_sheet_names_every_key(ui: OpenWindow) -> None:
    press(ui, Qt.Key.Key_F1)
    sheet = dialog()
    assert isinstance(sheet, ShortcutsPage)
    tree = sheet.findChildren(QTreeWidget)[0]
    listed_keys = {key for row in rows(tree) for key in row.text(1).split(", ")}
    wanted = {
        keys.toString(QKeySequence.SequenceFormat.NativeText)
        for action in ui.window.registry.all_actions()
        for keys in action.shortcuts()
    }
    assert wanted <= listed_keys
    QTest.keyClicks(sheet.findChildren(QLineEdit)[0], "new chat")
    left = [row.text(0) for row in rows(tree) if not row.isHidden()]
    assert "New chat" in left
    assert len(left) < len(listed_keys)


def test_the_outer_parts_are_hidden_and_stay_so(ui: OpenWindow) -> None:
    press(ui, Qt.Key.Key_B, CONTROL)
    assert ui.window.sidebar.isHidden()
    save_window_geometry(ui.window, ui.window.splitter, "10", ui.backend.settings)
    press(ui, Qt.Key.Key_B, CONTROL)
    assert ui.window.sidebar.isVisible()
    ui.window.panes.restore_hidden_panes("10")
    assert ui.window.sidebar.isHidden()
    assert ui.window.sources.isVisible()
    ui.window.panes.restore_hidden_panes("00")


def test_in_a_narrow_window_one_outer_part_gives_way(ui: OpenWindow) -> None:
    window = ui.window
    sidebar, sources = window.sidebar, window.sources
    window.resize(window.minimumSize())
    ui.settle()
    assert sidebar.isVisible()
    sources.show_sources((source(1),))
    ui.settle()
    assert (sidebar.isVisible(), sources.isVisible()) == (False, True)
    assert sources.geometry().right() <= window.splitter.width()
    assert window.panes.hidden_panes == "00", "it isn't hidden on purpose"
    press(ui, Qt.Key.Key_B, CONTROL)
    assert (sidebar.isVisible(), sources.isVisible()) == (True, False)
    window.resize(1240, 800)
    ui.settle()
    assert (sidebar.isVisible(), sources.isVisible()) == (True, True)
    window.resize(window.minimumSize())
    ui.settle()
    sources.hide()
    assert sidebar.isVisible()


def test_the_sources_come_back_once_the_sidebar_no_longer_covers_a_narrow_chat(
    ui: OpenWindow,
) -> None:
    window = ui.window
    sidebar, sources = window.sidebar, window.sources
    window.setMinimumSize(480, 300)
    window.resize(480, 400)
    sources.show_sources((source(1),))
    ui.settle()
    for _time in range(2):
        press(ui, Qt.Key.Key_B, CONTROL)
        assert (sidebar.isVisible(), sources.isVisible()) == (True, False)
        press(ui, Qt.Key.Key_B, CONTROL)
        assert (sidebar.isVisible(), sources.isVisible()) == (False, True)
    sources.hide()
    press(ui, Qt.Key.Key_B, CONTROL)
    press(ui, Qt.Key.Key_B, CONTROL)
    assert (sidebar.isVisible(), sources.isVisible()) == (False, False)


def test_a_part_that_gave_way_to_larger_text_comes_back_with_the_usual(ui: OpenWindow) -> None:
    window = ui.window
    window.resize(1100, 700)
    window.sources.show_sources((source(1),))
    ui.settle()
    assert window.sidebar.isVisible()
    larger, usual = (
        window.registry.action_by_id(each) for each in ("view.larger", "view.normal_size")
    )
    for _step in range(10):
        larger.trigger()
        ui.settle()
    assert window.sidebar.isHidden()
    usual.trigger()
    ui.settle()
    assert window.sidebar.isVisible()


def test_the_sidebar_and_pages_give_back_what_larger_text_needed(ui: OpenWindow) -> None:
    window = ui.window
    window.registry.action_by_id("file.settings").trigger()
    ui.settle()
    page = window.pages.page
    assert isinstance(page, SettingsPage)

    def widths() -> tuple[int, int, int]:
        return window.sidebar.width(), page.sections.width(), page.rows[0].editor.width()

    before = widths()
    for _step in range(10):
        window.registry.action_by_id("view.larger").trigger()
        ui.settle()
    assert all(now > old for now, old in zip(widths(), before, strict=True))
    window.registry.action_by_id("view.normal_size").trigger()
    ui.settle()
    assert widths()[1:] == before[1:]
    assert widths()[0] <= before[0]


def test_f6_walks_through_the_parts_and_back(ui: OpenWindow) -> None:
    window = ui.window
    assert QApplication.focusWidget() is window.view.composer.text_edit
    press(ui, Qt.Key.Key_F6, SHIFT)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.sidebar.isAncestorOf(focused)
    press(ui, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is window.view.composer.text_edit


@pytest.mark.parametrize(
    ("key", "size"), [(Qt.Key.Key_Plus, 110), (Qt.Key.Key_Minus, 90), (Qt.Key.Key_0, 100)]
)
def test_keys_change_the_size_of_text(ui: OpenWindow, key: Qt.Key, size: int) -> None:
    try:
        press(ui, key, CONTROL)
        assert ui.backend.settings.get_value(TEXT_SIZE) == size
    finally:
        press(ui, Qt.Key.Key_0, CONTROL)
    assert ui.backend.settings.get_value(TEXT_SIZE) == 100
