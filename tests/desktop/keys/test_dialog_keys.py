"""Keys pressed in the dialogs: each control is reached, Enter does the obvious, Esc nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from core.base.errors import ErrorCode, StorageError
from desktop.kit.buttons_and_labels import TextButton
from desktop.privacy.encryption_dialogs import (
    EncryptDialog,
    PassphraseDialog,
    RecoveryCodeDialog,
    UnlockDialog,
)
from desktop.privacy.privacy_page import PrivacyPage
from desktop.window.main_window import MainWindow
from tests.desktop.keys.test_key_walk import controls, tool_server
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.screens.filled import filled
from tests.screens.states import asking
from tests.screens.states_asked import link_asked, rated, update_asked
from tests.screens.states_chats import compare, export, search
from tests.screens.states_everywhere import erasing, erasing_really, palette
from tests.screens.states_model_work import models_fetch_asked, models_make
from tests.screens.states_servers import server_consent
from tests.screens.states_transcript import details

State = Callable[[ScriptedBackend, MainWindow], None]
MOST_STEPS = 80
GIVE_UP = ("Cancel", "Keep everything")


def _privacy(backend: ScriptedBackend, window: MainWindow) -> PrivacyPage:
    filled(backend, window)
    window.registry.action_by_id("file.privacy").trigger()
    page = window.pages.page
    assert isinstance(page, PrivacyPage)
    return page


def encrypting(backend: ScriptedBackend, window: MainWindow) -> None:
    """The question before everything is encrypted."""
    _privacy(backend, window).encryption.on_button.click()


def passphrase(backend: ScriptedBackend, window: MainWindow) -> None:
    """Another passphrase."""
    page = _privacy(backend, window)
    PassphraseDialog(page.encryption._theme, page).open()


def new_code(backend: ScriptedBackend, window: MainWindow) -> None:
    """A recovery code that is in force already."""
    page = _privacy(backend, window)
    RecoveryCodeDialog(page.encryption._theme, page, "abcd-" * 7 + "abcd").open()


def unlocking(backend: ScriptedBackend, window: MainWindow) -> None:
    """What is asked at a start that the key store gives no key for."""
    filled(backend, window)
    UnlockDialog(window.theme, window).open()


def tool_consent(backend: ScriptedBackend, window: MainWindow) -> None:
    """What a tool server may do."""
    tool_server(backend, window)
    page = window.pages.page
    assert page is not None
    QTest.keyClick(page, Qt.Key.Key_Return)


CAREFUL: tuple[State, ...] = (erasing, erasing_really, server_consent, tool_consent)
"""What can't be brought back, or leaves this computer: Enter alone gives up."""
PLAIN: tuple[State, ...] = (
    asking, models_make, models_fetch_asked, encrypting, passphrase, link_asked, rated,
    update_asked, export, search, palette, details, compare, new_code, unlocking,
)  # fmt: skip


def press(key: Qt.Key, *, shift: bool = False) -> QWidget | None:
    """Press a key in the dialog, and return what has the focus then."""
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    handle = QGuiApplication.focusWindow()
    assert handle is not None
    QTest.keyClick(handle, key, held)
    return QApplication.focusWidget()


def opened(ui: OpenWindow, state: State) -> QDialog:
    state(ui.backend, ui.window)
    ui.settle()
    shown = QApplication.activeModalWidget() or QApplication.activeWindow()
    assert isinstance(shown, QDialog)
    shown.activateWindow()
    ui.settle()
    return shown


def place(widget: QWidget, shown: QWidget) -> tuple[int, int]:
    """Where a control is: its row, and its place in it as one reads."""
    middle = widget.mapTo(shown, widget.rect().center())
    return middle.y() // 12, middle.x()


@pytest.mark.parametrize("shift", [False, True], ids=["Tab", "Shift+Tab"])
@pytest.mark.parametrize("state", [*CAREFUL, *PLAIN], ids=lambda state: state.__name__)
def test_tab_reaches_each_control_and_comes_back(ui: OpenWindow, state: State, shift: bool) -> None:
    shown = opened(ui, state)
    start = QApplication.focusWidget()
    assert start is not None, "nothing has the focus"
    walked: list[QWidget] = []
    while len(walked) < MOST_STEPS:
        here = press(Qt.Key.Key_Tab, shift=shift)
        assert here is not None
        walked.append(here)
        if here is start:
            break
    assert walked[-1] is start, "Tab never came back"
    missed = [each.accessibleName() for each in controls(shown) if each not in walked]
    assert not missed
    if not shift and state is not compare:  # which has columns
        # From the top to the bottom, but for one step from the last to the first.
        places = [place(each, shown)[0] for each in walked]
        back = [n for n in range(len(places)) if places[n] < places[n - 1]]
        assert len(back) <= 1, [each.accessibleName() for each in walked]


def ended_by(ui: OpenWindow, state: State, key: Qt.Key) -> list[int]:
    """The results with which a dialog ends at a key: 0 for nothing done, 1 for done."""
    ended: list[int] = []
    opened(ui, state).finished.connect(ended.append)
    press(key)
    return ended


@pytest.mark.parametrize("state", [*CAREFUL, *PLAIN], ids=lambda state: state.__name__)
def test_escape_closes_and_does_nothing(ui: OpenWindow, state: State) -> None:
    assert ended_by(ui, state, Qt.Key.Key_Escape) == [0]


@pytest.mark.parametrize("state", CAREFUL, ids=lambda state: state.__name__)
def test_enter_alone_does_nothing_that_cannot_be_undone(ui: OpenWindow, state: State) -> None:
    assert ended_by(ui, state, Qt.Key.Key_Return) == [0]


@pytest.mark.parametrize("state", [asking], ids=lambda state: state.__name__)
def test_enter_does_what_was_asked_for(ui: OpenWindow, state: State) -> None:
    assert ended_by(ui, state, Qt.Key.Key_Return) == [1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space], ids=["Enter", "Space"])
@pytest.mark.parametrize("state", [*CAREFUL, encrypting, models_make], ids=lambda s: s.__name__)
def test_a_button_with_the_focus_is_pressed(ui: OpenWindow, state: State, key: Qt.Key) -> None:
    shown = opened(ui, state)
    ended: list[int] = []
    shown.finished.connect(ended.append)
    for _step in range(MOST_STEPS):
        focused = QApplication.focusWidget()
        if isinstance(focused, TextButton) and focused.accessibleName() in GIVE_UP:
            break
        press(Qt.Key.Key_Tab)
    press(key)
    assert ended == [0]


def test_enter_in_a_field_does_what_the_dialog_is_for(ui: OpenWindow) -> None:
    shown = opened(ui, encrypting)
    assert isinstance(shown, EncryptDialog)
    done: list[bool] = []
    shown.carry_out = lambda: done.append(True)
    press(Qt.Key.Key_Return)
    assert not done, "the code was not kept yet"
    shown.kept_box.setFocus()
    press(Qt.Key.Key_Space)
    shown.fields.first.setFocus()
    press(Qt.Key.Key_Return)
    assert done


def test_enter_in_its_field_unlocks_and_a_wrong_word_is_said_where_it_was_typed(
    ui: OpenWindow,
) -> None:
    shown = opened(ui, unlocking)
    assert isinstance(shown, UnlockDialog)
    typed: list[str] = []

    def unlock() -> None:
        typed.append(shown.secret_line.text())
        if typed[-1] == "wrong":
            raise StorageError(ErrorCode.SECRET_WRONG)

    shown.carry_out = unlock
    ended: list[int] = []
    shown.finished.connect(ended.append)
    for words in ("wrong", "right"):
        focused = QApplication.focusWidget()
        assert focused is shown.secret_line
        QTest.keyClicks(focused, words)
        press(Qt.Key.Key_Return)
        assert typed[-1] == words
    assert ended == [1]


@pytest.mark.parametrize("state", [new_code, unlocking], ids=lambda state: state.__name__)
def test_what_a_field_is_for_is_said(ui: OpenWindow, state: State) -> None:
    shown = opened(ui, state)
    named = [each for each in controls(shown) if each.accessibleName()]
    assert named == list(controls(shown))


@pytest.mark.parametrize("state", [*CAREFUL, *PLAIN], ids=lambda state: state.__name__)
def test_letters_press_the_buttons(ui: OpenWindow, state: State) -> None:
    shown = opened(ui, state)
    buttons = [each for each in shown.findChildren(TextButton) if each.isVisible()]
    letters = [each.text().partition("&")[2][:1].casefold() for each in buttons]
    assert len(set(letters)) == len(letters)
    assert all(letters)
    ended: list[int] = []
    shown.finished.connect(ended.append)
    # It is gone with its buttons once one of them was pressed.
    for give_up in [each for each in buttons if each.accessibleName() in GIVE_UP][:1]:
        letter = give_up.text().partition("&")[2][:1].upper()
        handle = shown.windowHandle()
        assert handle is not None
        QTest.keyClick(handle, Qt.Key(ord(letter)), Qt.KeyboardModifier.AltModifier)
        ui.bot.waitUntil(lambda: ended == [0])  # it is seen going down first
