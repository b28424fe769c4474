"""The other end of a session bus: what hears the calls of the window, and answers them."""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import Message, Parser, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection

from desktop.bus import session_bus


class BusPeer:
    """A connection whose Hello was answered; a second one is refused."""

    def __init__(self) -> None:
        ours, self._theirs = socket.socketpair()
        self._parser = Parser()
        self._serial = 100
        hello = message_bus.Hello()
        hello.header.serial = 1
        self.send(new_method_return(hello, "s", (":1.7",)))
        self.connection = DBusConnection(ours)
        self.received()
        self.asked = 0

    def connect(self) -> DBusConnection:
        self.asked += 1
        if self.asked > 1:
            raise ConnectionRefusedError
        return self.connection

    def received(self) -> Message:
        while (message := self._parser.get_next_message()) is None:
            self._parser.add_data(self._theirs.recv(4096))
        return message

    def send(self, message: Message) -> None:
        self._serial += 1
        self._theirs.sendall(message.serialise(serial=self._serial))

    def leave(self) -> None:
        self._theirs.close()


@contextlib.contextmanager
def silent_bus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a session bus that lets everybody in and answers nothing; it is given up soon."""
    if sys.platform == "win32":
        raise OSError("no bus has such a socket here")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={folder / 'bus'}")
    monkeypatch.setattr(session_bus, "_WAIT_SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "bus"))
        listening.listen()

        def let_in() -> None:
            bus, _address = listening.accept()
            with bus:
                bus.recv(1024)
                bus.sendall(b"OK 0123\r\n")
                while bus.recv(1024):  # hears all, answers nothing
                    pass

        silent = threading.Thread(target=let_in)
        silent.start()
        yield
        silent.join()
