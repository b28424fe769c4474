"""Session bus of Linux: a connection that is made within a second and read on the window's thread.

QtDBus is not used: some calls take an unsigned number, and PySide makes signed ones of Python's.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from jeepney import Message
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.wrappers import DBusErrorResponse, unwrap_msg
from PySide6.QtCore import QObject, QSocketNotifier, Signal

_log = logging.getLogger(__name__)
_WAIT_SECONDS = 1.0
"""The bus itself answers at once; a service behind it is never waited for."""
_BOTH_WAYS = 2
"""SHUT_RDWR; this module must not import the one that defines it, which can open connections."""


def connect_session_bus(prepare: Callable[[DBusConnection], object]) -> DBusConnection:
    """Connect to the session bus, and have `prepare` say with `call_bus` what is to be heard.

    Raises OSError if there is no bus, if it doesn't answer, and if `prepare` fails.
    """
    try:
        sock = prep_socket(get_bus("SESSION"), timeout=_WAIT_SECONDS)
    except (KeyError, RuntimeError, ValueError) as error:  # no bus, or none that can be reached
        raise OSError(str(error)) from error
    try:
        with _at_most(_WAIT_SECONDS, lambda: sock.shutdown(_BOTH_WAYS)):
            connection = DBusConnection(sock)  # waits for an answer for as long as it takes
        prepare(connection)
    except (OSError, RuntimeError, LookupError, DBusErrorResponse) as error:
        sock.close()
        raise OSError(f"the bus is of no use: {error!r}") from error
    return connection


def call_bus(connection: DBusConnection, call: Message) -> tuple[Any, ...]:
    """Return what the bus itself answers; raises OSError or what jeepney raises."""
    body: tuple[Any, ...] = unwrap_msg(connection.send_and_get_reply(call, timeout=_WAIT_SECONDS))
    return body


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


class SessionBus(QObject):
    """A connection that is made when it is needed; one thread uses it, that of the window."""

    received = Signal(object)
    """A Message; who hears it may close the connection."""
    lost = Signal()
    """The bus has gone, and the connection is closed."""

    def __init__(self, parent: QObject, connect: Callable[[], DBusConnection]) -> None:
        super().__init__(parent)
        self._connect = connect
        self._connection: DBusConnection | None = None
        self._notifier: QSocketNotifier | None = None

    def open_connection(self) -> DBusConnection:
        """Return the connection, which is made if there is none. Raises OSError."""
        if self._connection is None:
            self._connection = self._connect()
            number = self._connection.sock.fileno()
            self._notifier = QSocketNotifier(number, QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._on_readable)
        return self._connection

    def close_connection(self) -> None:
        """Disconnect from the bus."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _on_readable(self) -> None:
        while self._connection is not None:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            except OSError as error:
                _log.info("the bus is gone: %s", error)
                self.close_connection()
                self.lost.emit()
            else:
                self.received.emit(message)
