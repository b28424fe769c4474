"""Lone surrogates from the clipboard and in names, which must break nothing."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit

from core.base.settings import app_settings as declared
from core.messages import AddFolder
from desktop.kit.drag_and_drop import classify_paths
from desktop.kit.utf16_offsets import utf16_offset
from desktop.settings.settings_page import SettingsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, drop, open_dialog, words_of

HALF = "a\ud800b\udc80c\udcff"


def test_half_a_letter_is_asked(ui: OpenWindow) -> None:
    edit = ui.window.view.composer.text_edit
    data = QMimeData()
    data.setText(HALF)
    edit.insertFromMimeData(data)
    ui.ask(" and on")
    asked = ui.backend.last_question
    assert asked.startswith("a")
    assert asked.endswith("and on")
    asked.encode()  # nothing that no database or pipe would take


@pytest.mark.parametrize("action", ["help.palette", "help.shortcuts", "file.settings"])
def test_half_a_letter_is_searched_for(ui: OpenWindow, action: str) -> None:
    ui.window.registry.action_by_id(action).trigger()
    ui.settle()
    page = dialog()
    if isinstance(page, SettingsPage):
        assert page.rows, "sections that are made while it is looked at are there"
        ui.settle()  # a row is shown a moment after it was put into its column
    before = words_of(page)
    line = page.findChildren(QLineEdit)[0]
    line.setText(HALF)
    ui.settle()
    line.clear()
    # Qt's button that clears the line fades away first.
    ui.bot.waitUntil(lambda: words_of(page) == before)


def test_half_a_letter_is_kept_as_a_setting(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("file.settings").trigger()
    ui.settle()
    page = dialog()
    assert isinstance(page, SettingsPage)
    row = next(each for each in page.rows if each.setting is declared.RERANKER)
    line = row.editor.control
    assert isinstance(line, QLineEdit)
    line.setText(HALF)
    line.editingFinished.emit()
    assert type(ui.backend.settings)(ui.backend.paths.settings).get_value(declared.RERANKER)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_of_bytes_that_are_no_letters_is_dropped(ui: OpenWindow, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    folder = tmp_path / name
    folder.mkdir()
    ui.window.path_opener.open_paths(classify_paths([str(folder)]))
    ui.settle()
    assert ui.backend.last_sent(AddFolder).raw == os.fsencode(folder)
    assert open_dialog() is None
    assert drop(ui.window, str(tmp_path))


def test_places_are_counted_as_qt_does() -> None:
    text = "🌿 mint 🌿"
    document = QTextDocument(text)
    cursor = QTextCursor(document)
    cursor.setPosition(utf16_offset(text, 2))
    cursor.setPosition(utf16_offset(text, 6), QTextCursor.MoveMode.KeepAnchor)
    assert cursor.selectedText() == "mint"
    assert utf16_offset("mint", 3) == 3
