"""Empty pages: their words stand at the top, where a list would begin."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, words_of


def _top(page: QWidget, words: str) -> int:
    label = next(each for each in page.findChildren(QLabel) if each.text().startswith(words))
    return label.mapTo(page, QPoint(0, label.height())).y()


def test_an_empty_trash_says_so_at_the_top_without_buttons(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("chat.show_trash").trigger()
    QApplication.processEvents()
    page = dialog()
    assert _top(page, "The trash is empty.") < 100
    assert "Restore" not in words_of(page)


def test_a_search_without_words_explains_itself_below_its_line(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("chat.search").trigger()
    QApplication.processEvents()
    assert _top(dialog(), "Type words to find") < 120
