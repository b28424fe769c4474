"""Desktop notifications over the D-Bus session bus of Linux: clickable, no tray needed.

The notifications of Qt's tray icon are not clickable: it sends no action with them.
"""

import logging
import os
from collections.abc import Callable

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection
from PySide6.QtCore import QObject, Signal

from core.base.i18n import _
from core.base.paths import APP_NAME, resources_folder
from desktop.bus.session_bus import SessionBus, call_bus, connect_session_bus

_log = logging.getLogger(__name__)
_SERVICE = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", _SERVICE, _SERVICE)
_ENTRY = "inglenook"
"""The desktop entry that packages install."""
_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - no secret: leave to come forward, read by Qt


def connect_to_notices() -> DBusConnection:
    """Connect to a session bus where a service shows notices. Raises OSError if none does."""
    return connect_session_bus(_listen)


def _listen(connection: DBusConnection) -> None:
    known: set[str] = set()
    for call in (message_bus.ListNames(), message_bus.ListActivatableNames()):
        (names,) = call_bus(connection, call)
        known.update(names)
    if _SERVICE not in known:
        raise OSError(f"nobody is {_SERVICE}")
    rule = MatchRule(type="signal", interface=_SERVICE, path=_ADDRESS.object_path)
    call_bus(connection, message_bus.AddMatch(rule))


class DBusNotifications(QObject):
    """Shows notifications and reports clicks; connects to the bus when the first one is shown."""

    clicked = Signal(str)
    """The subject of the clicked notification, as given to `show_notification`."""
    refused = Signal(str, str, str)
    """The subject of a notification that could not be shown, as given to `show_notification`."""

    def __init__(
        self, parent: QObject, connect: Callable[[], DBusConnection] = connect_to_notices
    ) -> None:
        super().__init__(parent)
        self._bus = SessionBus(self, connect)
        self._bus.received.connect(self._on_received)
        self._bus.lost.connect(self.close)
        self._sent: dict[int, tuple[str, str, str]] = {}
        """Subjects by call serial, until the service has assigned a notification id."""
        self._shown: dict[int, str] = {}

    def show_notification(self, title: str, text: str, about: str = "") -> bool:
        """Show a notification; returns whether a service accepted it."""
        try:
            connection = self._bus.open_connection()
            serial = next(connection.outgoing_serial)
            connection.send(_notice(title, text), serial=serial)
        except OSError as error:
            _log.info("no notice over the bus: %s", error)
            self.close()
            return False
        self._sent[serial] = (title, text, about)
        return True

    def close(self) -> None:
        """Disconnect from the bus."""
        self._bus.close_connection()
        self._sent.clear()
        self._shown.clear()

    def _on_received(self, message: Message) -> None:
        fields = message.header.fields
        if HeaderFields.reply_serial in fields:
            sent = self._sent.pop(fields[HeaderFields.reply_serial], None)
            if sent is None:
                return
            if message.header.message_type is MessageType.method_return:
                self._shown[message.body[0]] = sent[-1]
            else:  # who is to show notices can't be started here
                self.refused.emit(*sent)
            return
        match fields.get(HeaderFields.member), message.body:
            case "ActivationToken", (int(number), str(token)) if number in self._shown:
                os.environ[_TOKEN] = token
            case "ActionInvoked", (int(number), _) if number in self._shown:
                self.clicked.emit(self._shown[number])
            case "NotificationClosed", (int(number), _):
                self._shown.pop(number, None)


def _notice(title: str, text: str) -> Message:
    picture = (resources_folder() / "inglenook.svg").as_uri()
    hints = {"desktop-entry": ("s", _ENTRY)}
    # replaces none; "default" is a click on the notice itself; shown as long as is usual there
    words = (APP_NAME, 0, picture, title, text, ["default", _("Show the window")], hints, -1)
    return new_method_call(_ADDRESS, "Notify", "susssasa{sv}i", words)
