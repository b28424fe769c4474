"""Fixtures: a window over the real application with scripted children, closed after each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from tests.desktop import orphans
from tests.desktop.open_window import OpenWindow, opened_window
from tests.desktop.scripted_backend import ScriptedBackend

HARMLESS = "This plugin does not support"
"""The offscreen platform says so of menus, and of dialogs with a smallest size."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(HARMLESS, extend=True))


@pytest.fixture(autouse=True)
def _no_orphans() -> Iterator[None]:
    """Fail a test in which a widget is shown before it has a parent: a window for a moment."""
    with orphans.watched() as seen:
        yield
        found = list(seen.found())
    if found:
        pytest.fail("shown before it had a parent: " + "; ".join(found))


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[ThreadBridge]:
    made = ThreadBridge()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def backend(tmp_path: Path, bridge: ThreadBridge) -> Iterator[ScriptedBackend]:
    made = ScriptedBackend(tmp_path, wake=bridge.wake)
    yield made
    made.close()


@pytest.fixture
def theme(qapp: QApplication, backend: ScriptedBackend) -> Iterator[Theme]:
    qapp.setStyle("fusion")
    made = Theme(qapp, backend.settings)
    made.apply_style_sheet()
    font = qapp.font()
    yield made
    qapp.setFont(font)  # which a test may have made larger
    made.deleteLater()


@pytest.fixture
def ui(
    qtbot: QtBot, backend: ScriptedBackend, theme: Theme, bridge: ThreadBridge
) -> Iterator[OpenWindow]:
    with opened_window(backend, bridge, theme, qtbot) as opened:
        yield opened
