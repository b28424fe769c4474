"""A window as small as one can be: the sidebar gives way, pages and sidebar scroll."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.base.settings.window_settings import TEXT_SIZE
from desktop.kit.buttons_and_labels import ElidedButton
from desktop.kit.layers.least_size_area import LeastSizeArea
from desktop.kit.theme import Theme
from desktop.window.window_geometry import least_size
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import source

SMALL_SCREEN = QSize(512, 350)
PAGES = (
    "models.open",
    "chat.prompts",
    "file.settings",
    "file.privacy",
    "file.usage",
    "file.programs",
    "models.tools",
    "help.manual",
    "help.shortcuts",
    "help.about",
)


def shrink(ui: OpenWindow) -> None:
    ui.window.setMinimumSize(least_size(SMALL_SCREEN))
    ui.window.resize(ui.window.minimumSize())
    ui.settle()


def is_inside(window: QWidget, part: QWidget) -> bool:
    shown = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
    return window.rect().contains(shown)


def press(ui: OpenWindow, key: Qt.Key, times: int = 1) -> None:
    for _each in range(times):
        QTest.keyClick(QApplication.focusWidget() or ui.window, key)
    ui.settle()


def test_the_chat_has_the_whole_of_a_small_window(ui: OpenWindow) -> None:
    window, header = ui.window, ui.window.view.header
    assert not header.sidebar_button.isVisible()
    shrink(ui)
    bar = window.view.composer.bar
    assert window.sidebar.isHidden()
    for part in (bar.add_button, bar.model_button, bar.send_button, header.model_button):
        assert is_inside(window, part)
    assert window.panes.hidden_panes[0] == "0", "it isn't hidden on purpose"
    window.resize(1240, 800)
    ui.settle()
    assert window.sidebar.isVisible()
    assert not header.sidebar_button.isVisible()


def test_large_text_leaves_the_conversation_room_for_its_lines(ui: OpenWindow) -> None:
    window = ui.window
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    window.resize(1240, 800)
    ui.settle()
    assert window.sidebar.isVisible()
    window.sources.show_sources((source(1),))
    ui.settle()
    assert window.sidebar.isHidden()
    letters = window.pages.width() / window.fontMetrics().averageCharWidth()
    assert letters >= 50


def test_the_sidebar_is_shown_until_something_in_it_is_chosen(ui: OpenWindow) -> None:
    window, button = ui.window, ui.window.view.header.sidebar_button
    shrink(ui)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    ui.settle()
    assert window.sidebar.isVisible()
    assert window.sidebar.geometry().left() == 0
    window.sidebar.settings_button.setFocus(Qt.FocusReason.TabFocusReason)
    window.sidebar.settings_button.click()
    ui.settle()
    assert window.pages.page is not None
    assert window.sidebar.isHidden()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    ui.settle()
    assert window.pages.page is None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    ui.settle()
    window.sidebar.new_button.click()
    ui.settle()
    assert window.sidebar.isHidden()
    assert window.panes.hidden_panes[0] == "0"


def test_a_sidebar_that_is_hidden_on_purpose_stays_so(ui: OpenWindow) -> None:
    window = ui.window
    window.registry.action_by_id("view.sidebar").trigger()
    shrink(ui)
    window.resize(1240, 800)
    ui.settle()
    assert window.sidebar.isHidden()
    assert window.panes.hidden_panes[0] == "1"
    QTest.mouseClick(window.view.header.sidebar_button, Qt.MouseButton.LeftButton)
    ui.settle()
    assert window.sidebar.isVisible()


def test_a_low_sidebar_scrolls_to_what_tab_reaches(ui: OpenWindow) -> None:
    window = ui.window
    window.setMinimumSize(least_size(SMALL_SCREEN))
    window.resize(900, 302)
    ui.settle()
    sidebar = window.sidebar
    assert sidebar.settings_button.height() >= sidebar.settings_button.sizeHint().height()
    sidebar.new_button.setFocus(Qt.FocusReason.TabFocusReason)
    for _each in range(30):
        if QApplication.focusWidget() is sidebar.settings_button:
            break
        press(ui, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is sidebar.settings_button
    assert is_inside(sidebar, sidebar.settings_button)


@pytest.mark.parametrize("action_id", PAGES)
def test_each_control_of_a_page_comes_into_view_by_tab(ui: OpenWindow, action_id: str) -> None:
    window = ui.window
    shrink(ui)
    window.registry.action_by_id(action_id).trigger()
    ui.settle()
    page = window.pages.page
    assert page is not None
    seen: list[QWidget] = []
    for _each in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            break
        seen.append(focused)
        place = focused.mapTo(window, QPoint(0, 0))
        assert window.rect().contains(place + QPoint(4, 4)), focused.accessibleName()
        press(ui, Qt.Key.Key_Tab)
    assert len(seen) > 1


def test_at_the_usual_size_no_page_scrolls_as_a_whole(ui: OpenWindow) -> None:
    for action_id in PAGES:
        ui.window.registry.action_by_id(action_id).trigger()
        ui.settle()
        page = ui.window.pages.page
        assert page is not None
        viewport = page.parentWidget()
        assert viewport is not None
        area = viewport.parentWidget()
        assert isinstance(area, QScrollArea)
        assert page.size() == area.viewport().size(), action_id


def test_a_button_with_a_long_name_gives_way_and_is_whole_where_it_can(
    ui: OpenWindow, theme: Theme
) -> None:
    button = ElidedButton(theme, "qwen3-30b-a3b-instruct-2507-q4_k_m", icon="model")
    button.setParent(ui.window)
    assert button.minimumSizeHint().width() < button.sizeHint().width() / 2
    assert button.text() == "qwen3-30b-a3b-instruct-2507-q4_k_m"


def test_a_button_without_room_for_some_letters_shows_its_icon_alone(
    ui: OpenWindow, theme: Theme
) -> None:
    button = ElidedButton(theme, "Style", icon="prompt")
    button.setParent(ui.window)
    button.show()
    ui.settle()
    button.resize(button.sizeHint().width() - 2, button.sizeHint().height())
    cut = button.grab().toImage()
    button.setText("")
    assert button.grab().toImage() == cut, "no “S…e”"
    button.resize(160, button.height())
    without = button.grab().toImage()
    button.setText("qwen3-30b-a3b-instruct-2507-q4_k_m")
    assert button.grab().toImage() != without, "as much of a long name as there is room for"


def test_what_has_the_focus_stays_in_sight_when_more_text_comes_above_it(qtbot: QtBot) -> None:
    page, text, button = QWidget(), QLabel("One line."), QPushButton("Copy")
    column = QVBoxLayout(page)
    column.addWidget(text)
    column.addWidget(button)
    area = LeastSizeArea(page)
    qtbot.addWidget(area)
    area.resize(300, 100)
    area.show()
    area.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    text.setText("\n".join(["A line."] * 30))
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    assert is_inside(area, button)
    area.verticalScrollBar().setValue(1)
    text.setText("\n".join(["A line."] * 40))
    qtbot.waitUntil(lambda: page.height() > 600)
    assert area.verticalScrollBar().value() == 1, "the person has scrolled away from it"
