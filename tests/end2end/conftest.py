"""The window on the real application, opened and left by each test as often as it likes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.base.paths import Paths
from tests.end2end.person import Person


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def arrive(root: Paths, qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[], Person]]:
    """Return a function that opens the window on this test's root; all are closed at the end."""
    qapp.setStyle("fusion")
    there: list[Person] = []

    def come() -> Person:
        for person in there:
            person.leave()
        there[:] = [Person(root, qtbot, qapp)]
        return there[0]

    yield come
    for person in there:
        person.leave()
