"""D-Bus notifications: a click reports the subject of the notification."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

if sys.platform != "linux":
    pytest.skip("other systems have no session bus", allow_module_level=True)

from jeepney import DBusAddress, new_error, new_method_return, new_signal

from desktop.process.dbus_notifications import DBusNotifications, connect_to_notices
from tests.desktop.bus_peer import BusPeer, silent_bus

SERVICE = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")


class Service(BusPeer):
    """A desktop that shows notices."""

    def show(self, number: int) -> tuple[str, ...]:
        """Take a notice and give it a number; returns its words."""
        call = self.received()
        self.send(new_method_return(call, "u", (number,)))
        return tuple(call.body[3:5])

    def signal(self, member: str, signature: str, *body: object) -> None:
        self.send(new_signal(SERVICE, member, signature, body))


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.leave()


@pytest.fixture
def notices(service: Service, qapp: QApplication) -> Iterator[DBusNotifications]:
    made = DBusNotifications(qapp, service.connect)
    yield made
    made.close()
    made.deleteLater()


def test_a_click_says_what_the_notice_is_about(
    notices: DBusNotifications, service: Service, qtbot: QtBot
) -> None:
    assert notices.show_notification("An answer is ready", "It took 12 seconds.", "chat-1")
    assert notices.show_notification("A folder was read", "Its documents can be asked now.")
    assert service.show(41) == ("An answer is ready", "It took 12 seconds.")
    service.show(42)
    with qtbot.waitSignal(notices.clicked) as clicked:
        service.signal("ActionInvoked", "us", 7, "default")  # somebody else's
        service.signal("ActionInvoked", "us", 41, "default")
    assert clicked.args == ["chat-1"]


def test_leave_to_come_forward_is_handed_to_qt(
    notices: DBusNotifications, service: Service, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    notices.show_notification("An answer is ready", "", "chat-1")
    service.show(5)
    with qtbot.waitSignal(notices.clicked):
        service.signal("ActivationToken", "us", 5, "token")
        service.signal("ActionInvoked", "us", 5, "default")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token"


def test_a_bus_that_went_is_reached_anew(
    notices: DBusNotifications, service: Service, qtbot: QtBot
) -> None:
    notices.show_notification("An answer is ready", "")
    service.leave()
    qtbot.waitUntil(lambda: service.connection.sock.fileno() == -1)
    assert not notices.show_notification("An answer is ready", "")
    assert service.asked == 2


def test_without_a_bus_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(OSError, match="DBUS_SESSION_BUS_ADDRESS"):
        connect_to_notices()


def test_a_notice_that_nobody_shows_is_given_back(
    notices: DBusNotifications, service: Service, qtbot: QtBot
) -> None:
    assert notices.show_notification("An answer is ready", "It took 12 seconds.", "chat-1")
    call = service.received()
    with qtbot.waitSignal(notices.refused) as refused:
        service.send(new_error(call, "org.freedesktop.DBus.Error.Spawn.ChildExited"))
    assert refused.args == ["An answer is ready", "It took 12 seconds.", "chat-1"]


def test_a_bus_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silent_bus(tmp_path, monkeypatch), pytest.raises(OSError, match="of no use"):
        connect_to_notices()
