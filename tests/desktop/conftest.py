"""A window over the fake application, closed again after each test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.desktop import orphans
from tests.desktop.desk import opened_desk
from tests.desktop.fake_app import FakeApp
from tests.desktop.front import Front

ON_FAKES = {
    "test_accessible",
    "test_bus_notices",
    "test_orphans",
    "test_packs",
    "test_reach",
    "test_words",
}
"""Modules that are still to be moved to the real application."""
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


@dataclass(frozen=True, slots=True)
class Desk:
    """The window and everything a test holds on to."""

    window: MainWindow
    front: FakeApp
    notices: NoticeCenter
    theme: Theme
    bot: QtBot

    def settle(self) -> None:
        """Let everything that is queued happen."""
        for _ in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def ask(self, text: str) -> None:
        """Type a question and press Enter."""
        edit = self.window.view.composer.text_edit
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        self.settle()


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[ThreadBridge]:
    made = ThreadBridge()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def front(request: pytest.FixtureRequest, tmp_path: Path, bridge: ThreadBridge) -> Iterator[Any]:
    if request.module.__name__.rpartition(".")[2] in ON_FAKES:
        yield FakeApp(tmp_path / "root")
        return
    made = Front(tmp_path, wake=bridge.wake)
    yield made
    made.close()


@pytest.fixture
def theme(qapp: QApplication, front: Any) -> Iterator[Theme]:
    qapp.setStyle("fusion")
    made = Theme(qapp, front.settings)
    made.apply_style_sheet()
    yield made
    made.deleteLater()


@pytest.fixture
def desk(
    qtbot: QtBot, qapp: QApplication, front: Any, theme: Theme, bridge: ThreadBridge
) -> Iterator[Any]:
    if isinstance(front, Front):
        with opened_desk(front, bridge, theme, qtbot) as opened:
            yield opened
        return
    notices = NoticeCenter(qapp)
    window = MainWindow(front, theme, notices, bridge)
    made = Desk(window=window, front=front, notices=notices, theme=theme, bot=qtbot)
    window.show()
    bridge.start_pumping(front.process_events)
    window.load_initial_content()
    window.start_child_processes()
    qtbot.waitExposed(window)
    made.settle()
    yield made
    for dialog in list(qapp.topLevelWidgets()):
        if dialog is not window:
            dialog.close()
    window.close()
    made.settle()
    window.deleteLater()
    notices.deleteLater()
    made.settle()
