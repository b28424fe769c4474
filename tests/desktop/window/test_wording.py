"""Pseudo-translation: no text of the window stays in the source language."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QTableView,
    QTableWidget,
    QTextBrowser,
    QWidget,
)

from core.app.library.skipped_folder_kinds import list_skipped_folder_kinds
from core.base.i18n import available_languages, use_language
from core.base.paths import APP_NAME
from desktop.chat.message.message_text import MessageText
from desktop.kit.ui_language import native_language_name
from desktop.library.folder_row import FolderRow
from desktop.programs.program_examples import EXAMPLES
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import open_dialog
from tests.screens import filled, states
from tests.screens.states import STATES

State = Callable[[ScriptedBackend, MainWindow], None]
PERSONS_OWN = (
    filled.WORDS, states.MARKDOWN, "smollm2-135m-q4_1", "garden", "duties", "Home", "taxes",
    "Archive", "Stick", "Photos", "long beds", "roses", "Watering", "Open the valve", "dry month",
    "greenhouse", "housing", "Cider", "cider", "boiler", "/models/", "/home/me", "notes.gguf",
    "saved again", "/media/stick", "Every second", "Plug its drive", "Choose a file that",
    "Letters", "Server", "Memory ran out", "Close other", "letter ", "Python 3.", "Qwen99",
    "Gardener", "Lawyer", "F32", "Qwen3 ", "npx -y ",
)  # fmt: skip
"""Marks of what is a person's own data, or put into words elsewhere than in the window."""
UNITS = ("MB", "GB", "Q4_1", "SmolLM2", APP_NAME)
QUANTITY = re.compile(r"[\d.,]+ (M|B|kB|bytes)")
CHECKSUM = re.compile(r"[0-9a-f]{64}")
TESTS = Path(__file__).parents[2]
SENTENCES = TESTS.parent / "resources" / "locale" / "inglenook.pot"


@pytest.fixture(autouse=True)
def _pseudo() -> Iterator[None]:
    use_language("pseudo")
    yield
    use_language()


def texts(widget: QWidget) -> Iterator[str]:
    """Return all that is seen of one widget, its tooltip and what a screen reader says of it."""
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.statusTip()
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QMenu | QMenuBar):
        yield from (action.text() for action in widget.actions())
        yield from (action.toolTip() for action in widget.actions())
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    else:
        yield from texts_of_choice(widget)
        yield from texts_of_rows(widget)


def texts_of_choice(widget: QWidget) -> Iterator[str]:
    """Return what can be chosen in a widget."""
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(n) for n in range(widget.count()))
        yield widget.placeholderText()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(n) for n in range(widget.count()))
        yield from (widget.tabToolTip(n) for n in range(widget.count()))
    elif isinstance(widget, QSpinBox | QDoubleSpinBox):
        yield from (widget.prefix(), widget.suffix(), widget.specialValueText())


def texts_of_rows(widget: QWidget) -> Iterator[str]:
    """Return heads and rows of a list or table."""
    if isinstance(widget, QListWidget):
        rows = [widget.item(row) for row in range(widget.count())]
        yield from (row.text() for row in rows if not row.flags())
        yield from (row.toolTip() for row in rows)
    elif isinstance(widget, QTableWidget):
        heads = [widget.horizontalHeaderItem(column) for column in range(widget.columnCount())]
        yield from (head.text() for head in heads if head is not None)
    elif isinstance(widget, QTableView):
        model = widget.model()
        yield from (
            str(model.headerData(c, Qt.Orientation.Horizontal)) for c in range(model.columnCount())
        )
        last = model.columnCount() - 1
        yield from (str(model.index(r, last).data()) for r in range(model.rowCount()))


@cache
def given() -> frozenset[str]:
    """Return what the states and the fakes put into the window, and names of files and values."""
    sources = [
        *(TESTS / "screens").glob("*.py"),
        *(TESTS / "fakes").glob("*.py"),
        TESTS / "desktop" / "values.py",
    ]
    constants = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    passed_over = {kind.pattern for kind in list_skipped_folder_kinds()}
    with SENTENCES.open("rb") as file:
        ours = {str(message.id) for message in read_po(file)}
    clients = {name for name, _text in EXAMPLES}
    languages = {native_language_name(code) for code in available_languages()}
    return frozenset((constants | passed_over | clients | languages | {"auto"}) - ours - {""})


def is_given(text: str) -> bool:
    """Tell what came from the test: whole, or around something that is more than a word."""
    return text in given() or any(
        own in text for own in given() if len(own) > 4 and not own.strip().isalpha()
    )


def is_bare(text: str) -> bool:
    """Tell a sentence of ours that was not translated."""
    if "⟦" in text or not any(letter.isalpha() for letter in text):
        return False
    if any(own in text or text in own for own in PERSONS_OWN) or is_given(text):
        return False
    if text.startswith("/") or QUANTITY.fullmatch(text) or CHECKSUM.fullmatch(text):
        return False
    return not any(unit in text for unit in UNITS)


def bare(parent: QWidget) -> list[str]:
    found = [parent.windowTitle()] if is_bare(parent.windowTitle()) else []
    for inner in (parent, *parent.findChildren(QWidget)):
        shown = inner.isVisible() and not isinstance(inner, MessageText | QTextBrowser)
        if shown and not inner.objectName().startswith("qt_"):
            found += [
                f"{type(inner).__name__} {inner.objectName()}: {text!r}"
                for text in texts(inner)
                if is_bare(text)
            ]
    return found


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_word_of_the_window_was_handed_to_gettext(ui: OpenWindow, state: State) -> None:
    state(ui.backend, ui.window)
    ui.settle()
    parent = open_dialog() or ui.window
    assert not bare(parent)
    assert "⟦" in ui.window.view.composer.text_edit.placeholderText()


def test_menus_are_translated(ui: OpenWindow) -> None:
    filled.filled(ui.backend, ui.window)
    ui.settle()
    ui.window.sidebar.folders.findChildren(FolderRow)[0].more.click()
    menus = ui.window.sidebar.folders.findChildren(QMenu)
    assert menus
    assert not [text for text in texts(menus[0]) if is_bare(text)]
    menus[0].close()


def test_every_entry_of_every_menu_is_translated(ui: OpenWindow) -> None:
    filled.filled(ui.backend, ui.window)
    ui.settle()
    entries = list(menu_entries(ui.window.menuBar()))
    assert len(entries) > 40
    assert not [text for text in entries if is_bare(text)]
    ui.window.view.composer.bar.add_button.click()
    ui.settle()
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu)]
    assert any(each.isVisible() for each in shown)
    assert not [text for menu in shown for text in menu_entries(menu) if is_bare(text)]
    for menu in shown:
        menu.hide()


def menu_entries(menu: QMenu | QMenuBar) -> Iterator[str]:
    """Return all that is said in a menu and those under it."""
    for action in menu.actions():
        yield from (action.text(), action.toolTip(), action.statusTip())
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from menu_entries(inner)
