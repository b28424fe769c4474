"""The key of the desktop portal: what is asked of the portal, and what its answers mean."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QKeyCombination
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

if sys.platform != "linux":
    pytest.skip("other systems have no session bus", allow_module_level=True)

from jeepney import DBusAddress, HeaderFields, new_error, new_signal

from desktop.ask_box.global_hotkey import parse_keys
from desktop.ask_box.portal_hotkey import PortalHotkey
from tests.desktop.bus_peer import BusPeer, silent_bus

PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = DBusAddress(PATH, interface="org.freedesktop.portal.GlobalShortcuts")
REQUEST = DBusAddress(f"{PATH}/request/1", interface="org.freedesktop.portal.Request")
SESSION = f"{PATH}/session/1"


def keys(text: str = "Ctrl+Alt+Space") -> QKeyCombination:
    found = parse_keys(text)
    assert found is not None
    return found


@pytest.fixture
def portal() -> Iterator[BusPeer]:
    made = BusPeer()
    yield made
    made.leave()


@pytest.fixture
def hotkey(portal: BusPeer, qapp: QApplication) -> Iterator[PortalHotkey]:
    made = PortalHotkey(qapp, portal.connect)
    yield made
    made.stop_listening()
    made.deleteLater()


def answer(portal: BusPeer, code: int) -> None:
    """Say what the person decided: 0 yes."""
    results = {"session_handle": ("s", SESSION)} if code == 0 else {}
    portal.send(new_signal(REQUEST, "Response", "ua{sv}", (code, results)))


def activate(portal: BusPeer, session: str) -> None:
    """Press the key of a session."""
    portal.send(new_signal(SHORTCUTS, "Activated", "osta{sv}", (session, "ask", 1, {})))


def test_a_key_is_bound_in_a_session_and_heard(
    hotkey: PortalHotkey, portal: BusPeer, qtbot: QtBot
) -> None:
    hotkey.start_listening(keys())
    assert portal.received().header.fields[HeaderFields.member] == "CreateSession"
    answer(portal, 0)
    QApplication.processEvents()
    bound = portal.received()
    assert bound.header.fields[HeaderFields.member] == "BindShortcuts"
    session, ((name, shortcut),), _parent, _options = bound.body
    assert (session, name) == (SESSION, "ask")
    assert shortcut["preferred_trigger"] == ("s", "CTRL+ALT+space")
    with qtbot.waitSignal(hotkey.pressed):
        activate(portal, f"{PATH}/session/2")
        activate(portal, SESSION)


def test_the_key_of_another_session_is_not_heard(
    hotkey: PortalHotkey, portal: BusPeer, qtbot: QtBot
) -> None:
    hotkey.start_listening(keys())
    answer(portal, 0)
    activate(portal, f"{PATH}/session/2")
    with qtbot.assertNotEmitted(hotkey.pressed):
        QApplication.processEvents()


@pytest.mark.parametrize("why", ["declined", "no such portal", "the bus goes"])
def test_a_key_that_can_t_be_had_is_told(
    hotkey: PortalHotkey, portal: BusPeer, qtbot: QtBot, why: str
) -> None:
    hotkey.start_listening(keys())
    call = portal.received()
    with qtbot.waitSignal(hotkey.failed) as failed:
        if why == "declined":
            answer(portal, 1)
        elif why == "no such portal":
            portal.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
        else:
            portal.leave()
    assert "portal" in failed.args[0]
    assert portal.connection.sock.fileno() == -1, "the connection is closed"


def test_a_bus_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication, qtbot: QtBot
) -> None:
    hotkey = PortalHotkey(qapp)
    with silent_bus(tmp_path, monkeypatch), qtbot.waitSignal(hotkey.failed):
        hotkey.start_listening(keys())
    hotkey.deleteLater()
