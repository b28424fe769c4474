"""Desktop notifications over the D-Bus session bus of Linux: clickable, no tray needed.

The notifications of Qt's tray icon are not clickable: it sends no action with them. QtDBus can't be
used either: the call takes an unsigned number, and PySide makes signed ones of Python's.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.wrappers import DBusErrorResponse, unwrap_msg
from PySide6.QtCore import QObject, QSocketNotifier, Signal

from core.base.i18n import _
from core.base.paths import APP_NAME, resources_folder

_log = logging.getLogger(__name__)
_SERVICE = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", _SERVICE, _SERVICE)
_WAIT_SECONDS = 1.0
"""The bus itself answers at once; a service behind it is never waited for."""
_BOTH_WAYS = 2
"""SHUT_RDWR; this module must not import the one that defines it, which can open connections."""
_ENTRY = "inglenook"
"""The desktop entry that packages install."""
_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - no secret: leave to come forward, read by Qt


def connect_session_bus() -> DBusConnection:
    """Connect to the session bus; raises OSError if there is none."""
    try:
        sock = prep_socket(get_bus("SESSION"), timeout=_WAIT_SECONDS)
    except (KeyError, RuntimeError, ValueError) as error:  # no bus, or none that can be reached
        raise OSError(str(error)) from error
    try:
        with _at_most(_WAIT_SECONDS, lambda: sock.shutdown(_BOTH_WAYS)):
            connection = DBusConnection(sock)  # waits for an answer for as long as it takes
        _listen(connection)
    except (OSError, RuntimeError, LookupError, DBusErrorResponse) as error:
        sock.close()
        raise OSError(f"the bus is of no use: {error!r}") from error
    return connection


@contextlib.contextmanager
def _at_most(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    """Limit the time that a call may take."""
    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _listen(connection: DBusConnection) -> None:
    """Listen for clicks, if a service shows notices; raises OSError if none does."""
    known: set[str] = set()
    for call in (message_bus.ListNames(), message_bus.ListActivatableNames()):
        (names,) = unwrap_msg(connection.send_and_get_reply(call, timeout=_WAIT_SECONDS))
        known.update(names)
    if _SERVICE not in known:
        raise OSError(f"nobody is {_SERVICE}")
    rule = MatchRule(type="signal", interface=_SERVICE, path=_ADDRESS.object_path)
    unwrap_msg(connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_WAIT_SECONDS))


class DBusNotifications(QObject):
    """Shows notifications and reports clicks; connects to the bus when the first one is shown."""

    clicked = Signal(str)
    """The subject of the clicked notification, as given to `show_notification`."""
    refused = Signal(str, str, str)
    """The subject of a notification that could not be shown, as given to `show_notification`."""

    def __init__(
        self, parent: QObject, connect: Callable[[], DBusConnection] = connect_session_bus
    ) -> None:
        super().__init__(parent)
        self._connect = connect
        self._connection: DBusConnection | None = None
        self._notifier: QSocketNotifier | None = None
        self._sent: dict[int, tuple[str, str, str]] = {}
        """Subjects by call serial, until the service has assigned a notification id."""
        self._shown: dict[int, str] = {}

    def show_notification(self, title: str, text: str, about: str = "") -> bool:
        """Show a notification; returns whether a service accepted it."""
        try:
            connection = self._connection or self._open()
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
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._sent.clear()
        self._shown.clear()

    def _open(self) -> DBusConnection:
        self._connection = self._connect()
        number = self._connection.sock.fileno()
        self._notifier = QSocketNotifier(number, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)
        return self._connection

    def _on_readable(self) -> None:
        try:
            for message in self._received():
                self._take(message)
        except OSError as error:
            _log.info("the bus is gone: %s", error)
            self.close()

    def _received(self) -> Iterator[Message]:
        while self._connection is not None:
            try:
                yield self._connection.receive(timeout=0)
            except TimeoutError:
                return

    def _take(self, message: Message) -> None:
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
