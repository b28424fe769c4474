"""Keys pressed in the real window: each control of each page is reached and left."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
    QWidget,
)

from desktop.chat.transcript.card_scroll_area import JumpToEndButton
from desktop.tools.tools_page import ToolsPage
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import open_dialog
from tests.screens.filled import filled
from tests.screens.states import answered, failed, interrupted
from tests.screens.states_answers import context_full, thought_opened
from tests.screens.states_chats import manner, temporary, trash
from tests.screens.states_everywhere import (
    privacy_log,
    settings,
    settings_found,
    shortcuts,
    welcome,
    welcome_folder,
    welcome_model,
)
from tests.screens.states_model_work import (
    models_adapters,
    models_catalog,
    models_folders,
    models_ladder,
    models_settings,
    models_training,
)
from tests.screens.states_models import models
from tests.screens.states_sources import (
    folder_documents,
    folder_passed_over,
    folder_skipped,
    pages,
)
from tests.screens.states_transcript import rich_answer, versions

State = Callable[[ScriptedBackend, MainWindow], None]
CONTROLS = (
    QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTextBrowser,
)  # fmt: skip
MOST_STEPS = 400


def prompts(backend: ScriptedBackend, window: MainWindow) -> None:
    """The page of prompts."""
    filled(backend, window)
    window.registry.action_by_id("chat.prompts").trigger()


def _page(action: str) -> State:
    """Return the state of a page that an action of the menus opens."""

    def state(backend: ScriptedBackend, window: MainWindow) -> None:
        filled(backend, window)
        window.registry.action_by_id(action).trigger()

    state.__name__ = action
    return state


def tool_server(backend: ScriptedBackend, window: MainWindow) -> None:
    """The form for a tool server."""
    _page("models.tools")(backend, window)
    page = window.pages.page
    assert isinstance(page, ToolsPage)
    page.open_button.click()
    page.form.name.setText("notes")
    page.form.program.setText("python3")


CHATS: tuple[State, ...] = (  # short ones: of a long one the cards far away are not built
    filled, answered, failed, interrupted, context_full, thought_opened, temporary, pages,
    rich_answer, versions,
)  # fmt: skip
PAGES: tuple[State, ...] = (
    models, models_ladder, models_catalog, models_folders, models_adapters, models_settings,
    models_training, settings, settings_found, prompts, manner, privacy_log, trash,
    folder_documents, folder_skipped, folder_passed_over, shortcuts, welcome, welcome_model,
    welcome_folder, tool_server,
    *map(_page, ("models.tools", "models.servers", "file.programs", "file.usage", "help.about",
                 "help.manual")),
)  # fmt: skip


def press(ui: OpenWindow, key: Qt.Key, *, shift: bool = False) -> QWidget | None:
    """Press a key in the window, and return what has the focus then."""
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    handle = ui.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key, held)
    return QApplication.focusWidget()


def controls(window: QWidget) -> Iterator[QWidget]:
    """Yield what can be used, but for parts of a field such as the button that clears it."""
    for inner in window.findChildren(QWidget):
        by_itself = not inner.objectName().startswith("qt_")
        within = isinstance(inner.parentWidget(), QLineEdit | QComboBox)
        if isinstance(inner, CONTROLS) and by_itself and not within:
            usable = inner.isVisible() and inner.isEnabled() and inner.window() is window
            if usable and inner.focusPolicy() & Qt.FocusPolicy.TabFocus:
                yield inner


def walked(ui: OpenWindow, *, shift: bool) -> set[QWidget]:
    """Press Tab until the focus is where it was, and return what it was on.

    A button that jumps to the end is gone by the time Tab has led there.
    """
    start = QApplication.focusWidget()
    seen: set[QWidget] = set()
    for _step in range(MOST_STEPS):
        here = press(ui, Qt.Key.Key_Tab, shift=shift)
        assert here is not None
        if here is start and len(seen) > 1:
            return seen | {here}
        seen.add(here)
    pytest.fail(f"Tab never came back: {[_name(each) for each in seen]}")


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()}"


@pytest.mark.parametrize("shift", [False, True], ids=["Tab", "Shift+Tab"])
@pytest.mark.parametrize("state", [*CHATS, *PAGES], ids=lambda state: state.__name__)
def test_tab_reaches_and_leaves_each_control(ui: OpenWindow, state: State, shift: bool) -> None:
    state(ui.backend, ui.window)
    ui.settle()
    reached = walked(ui, shift=shift)
    if set(controls(ui.window)) - reached:  # what the first round has enabled, backwards
        reached |= walked(ui, shift=shift)
    wanted = [each for each in controls(ui.window) if not isinstance(each, JumpToEndButton)]
    missed = [_name(each) for each in wanted if each not in reached]
    assert not missed


@pytest.mark.parametrize("state", [*CHATS, *PAGES], ids=lambda state: state.__name__)
def test_f6_goes_round_the_parts_of_the_window(ui: OpenWindow, state: State) -> None:
    state(ui.backend, ui.window)
    ui.settle()
    window, page = ui.window, ui.window.pages.page
    middle: tuple[QWidget, ...] = (window.view.transcript, window.view.composer)
    parts = (window.sidebar, *((page,) if page is not None else middle), window.sources)
    there = [part for part in parts if part.isVisible()]
    for shift in (False, True):
        visited = []
        for _part in there:
            focused = press(ui, Qt.Key.Key_F6, shift=shift)
            assert focused is not None
            visited += [part for part in there if part.isAncestorOf(focused)]
        assert sorted(map(there.index, visited)) == list(range(len(there)))


@pytest.mark.parametrize(
    "state",
    [each for each in PAGES if each is not models_training],
    ids=lambda state: state.__name__,
)
def test_escape_leads_back_to_where_one_types(ui: OpenWindow, state: State) -> None:
    state(ui.backend, ui.window)
    ui.settle()
    assert open_dialog() is not None
    press(ui, Qt.Key.Key_Escape)
    ui.settle()
    assert open_dialog() is None
    assert QApplication.focusWidget() is ui.window.view.composer.text_edit


def test_ticking_a_folder_leads_back_to_where_one_types(ui: OpenWindow) -> None:
    filled(ui.backend, ui.window)
    ui.settle()
    box = next(each for each in controls(ui.window) if each.accessibleName() == "Answer from Home")
    box.setFocus()
    press(ui, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is ui.window.view.composer.text_edit


def test_tab_walks_down_the_sidebar_and_the_composer_as_they_are_seen(ui: OpenWindow) -> None:
    filled(ui.backend, ui.window)
    ui.settle()
    ui.window.sidebar.new_button.setFocus()
    order = [ui.window.sidebar.new_button, *_stops_after(ui)]
    for part in (ui.window.sidebar, ui.window.view.composer):
        places = [
            each.mapTo(part, each.rect().center()) for each in order if part.isAncestorOf(each)
        ]
        assert len(places) > 3
        assert all(after.y() >= before.y() - 8 for before, after in pairwise(places))


def _stops_after(ui: OpenWindow) -> Iterator[QWidget]:
    """Yield what Tab leads to until it is back where it was."""
    start = QApplication.focusWidget()
    for _step in range(MOST_STEPS):
        here = press(ui, Qt.Key.Key_Tab)
        assert here is not None
        if here is start:
            return
        yield here
