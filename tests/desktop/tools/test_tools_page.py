"""The page of tools: rules, and servers of the person's own, added and removed by keys."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.app.tools.tool_permissions import ToolRule
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.tools.tool_card import RuleBox
from desktop.tools.tool_server_form import split_command
from desktop.tools.tools_page import ToolsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, open_dialog, words_of

SERVER = Path(__file__).parents[2] / "app" / "tools" / "mcp_server.py"


@pytest.fixture
def page(ui: OpenWindow) -> ToolsPage:
    ui.window.registry.action_by_id("models.tools").trigger()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, ToolsPage)
    return shown


def press(ui: OpenWindow, key: Qt.Key, widget: QWidget | None = None) -> None:
    if widget is not None:
        widget.setFocus()
    handle = (QApplication.activeModalWidget() or ui.window).windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key)
    ui.settle()


def box(page: ToolsPage, tool: str) -> RuleBox:
    return next(card.boxes[tool] for card in page.cards if tool in card.boxes)


def consent(ui: OpenWindow) -> ConfirmDialog:
    ui.settle()
    question = QApplication.activeModalWidget()
    assert isinstance(question, ConfirmDialog)
    return question


def add(ui: OpenWindow, page: ToolsPage, program: str) -> None:
    """Fill the form and agree; the cancel button has the focus, so Enter alone starts nothing."""
    click(page, "Add a server of your own…")
    page.form.name.setText("desk")
    page.form.program.setText(program)
    for path in (str(SERVER.parent), sys.prefix, sys.base_prefix):
        page.form.read.lines.appendPlainText(path)
    press(ui, Qt.Key.Key_Return, page.form.name)
    question = consent(ui)
    assert question.cancel_button.hasFocus()
    press(ui, Qt.Key.Key_Tab)
    press(ui, Qt.Key.Key_Return)


def wait_for(ui: OpenWindow, page: ToolsPage, words: str) -> None:
    def is_there() -> bool:
        ui.backend.pump()
        ui.settle()
        return words in words_of(page)

    ui.bot.waitUntil(is_there, timeout=60_000)


def test_a_rule_holds_at_once(ui: OpenWindow, page: ToolsPage) -> None:
    chosen = box(page, "search_folders")
    assert chosen.currentData() == ToolRule.ASK
    chosen.setFocus()
    press(ui, Qt.Key.Key_Down)
    tools = ui.app.tools
    assert tools.rule_of(tools.find_tool("search_folders")) is ToolRule.ALWAYS


def test_enter_opens_a_choice(ui: OpenWindow, page: ToolsPage) -> None:
    chosen = box(page, "calculate")
    chosen.setFocus()
    press(ui, Qt.Key.Key_Return)
    assert chosen.view().isVisible()
    press(ui, Qt.Key.Key_Escape, chosen.view())


def test_a_server_is_added_called_by_its_tools_and_removed(ui: OpenWindow, page: ToolsPage) -> None:
    add(ui, page, f"'{sys.executable}' -I '{SERVER}'")
    assert "Starting desk" in words_of(page)
    assert not page.add_button.isEnabled()
    wait_for(ui, page, "desk has 5 tools.")
    assert "desk_peek" in words_of(page)
    assert f"reads: {SERVER.parent}" in words_of(page)
    assert not page.addition.isVisible()
    click(page, "Remove desk")
    press(ui, Qt.Key.Key_Return, consent(ui).confirm_button)
    assert ui.app.tools.servers == ()
    assert "desk_peek" not in words_of(page)


def test_one_that_ends_at_once_is_said_and_can_be_corrected(
    ui: OpenWindow, page: ToolsPage
) -> None:
    add(ui, page, f"'{sys.executable}' -I -c pass")
    wait_for(ui, page, "has ended")
    assert page.add_button.isEnabled()
    assert page.form.name.text() == "desk"
    assert ui.app.tools.servers == ()


def test_leaving_the_page_ends_what_has_not_answered(ui: OpenWindow, page: ToolsPage) -> None:
    add(ui, page, f"'{sys.executable}' -I -c 'import sys; sys.stdin.read()'")
    ui.window.activateWindow()
    ui.settle()
    press(ui, Qt.Key.Key_Escape, page.form.name)
    assert open_dialog() is None
    ui.backend.pump()
    assert ui.app.tools.servers == ()


def test_a_window_is_closed_while_a_server_starts(ui: OpenWindow, page: ToolsPage) -> None:
    add(ui, page, f"'{sys.executable}' -I -c 'import sys; sys.stdin.read()'")
    ui.window.close()
    assert ui.app.tools.servers == ()


def test_a_name_that_is_refused_is_said(ui: OpenWindow, page: ToolsPage) -> None:
    click(page, "Add a server of your own…")
    page.form.name.setText("No Name")
    page.form.program.setText("python3")
    click(page, "Add…")
    assert page.message.label.text()
    assert QApplication.activeModalWidget() is None


def test_nothing_is_added_of_a_line_that_cannot_be_read(ui: OpenWindow, page: ToolsPage) -> None:
    click(page, "Add a server of your own…")
    page.form.name.setText("desk")
    page.form.program.setText("python3 'unclosed")
    assert not page.add_button.isEnabled()
    page.form.program.setText("python3")
    assert page.add_button.isEnabled()
    page.form.variables.setPlainText("no equals sign")
    assert not page.form.is_complete


def test_a_command_is_read_as_a_shell_reads_it() -> None:
    assert split_command('npx -y "two words" ~') == ("npx", "-y", "two words", str(Path.home()))


def test_the_menu_of_the_composer_leads_to_the_page(ui: OpenWindow) -> None:
    ui.window.composer_controller.attachments.tools_page_wanted.emit()
    ui.settle()
    assert isinstance(dialog(), ToolsPage)
