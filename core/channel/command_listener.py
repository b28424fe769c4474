"""Command listener: accepts terminals of the same person and runs their commands in threads."""

import contextlib
import hmac
import logging
import os
import secrets
import threading
from collections.abc import Callable

from core.base.paths import Paths
from core.channel.channel_address import (
    ChannelAddress,
    new_address,
    reachable_address,
    remove_address,
    remove_socket,
    write_address,
)
from core.channel.local_socket import connect_locally, listen_locally
from core.channel.terminal_connection import TerminalConnection, TerminalGone
from core.channel.terminal_messages import CommandEnded, RunCommand

CommandRunner = Callable[[RunCommand, TerminalConnection], int]
"""Runs one command on a thread of its own, and returns its exit code."""
_CLOSE_SECONDS = 5.0
"""Longest wait for a command to end when the holder closes."""
_log = logging.getLogger(__name__)


class CommandListener:
    """Listens in the process that holds the data folder, from `start` to `stop`.

    Nothing here runs on the caller's thread, and what is imported for it is imported by a thread.
    """

    def __init__(self, paths: Paths, run_command: CommandRunner) -> None:
        self._paths = paths
        self._run_command = run_command
        self._key = secrets.token_hex(32)
        self._address = ""
        self._is_stopping = False
        self._listening = threading.Thread(target=self._listen, name="commands", daemon=True)
        self._lock = threading.Lock()  # `_open` and `_is_stopping` change together
        self._open: dict[TerminalConnection, threading.Thread] = {}

    def start(self) -> None:
        """Begin to listen; terminals find this process a moment later."""
        self._listening.start()

    @property
    def is_busy(self) -> bool:
        """Whether a command of another terminal runs."""
        with self._lock:
            return bool(self._open)

    def stop(self, pump: Callable[[], None] = lambda: None) -> None:
        """End all commands and listen no more.

        `pump` is called while they end: they make calls on the thread that stops them.
        """
        with self._lock:
            self._is_stopping = True
            left = dict(self._open)
        if not self._listening.is_alive() and not self._address:
            return
        self._wake_listener()
        for connection in left:
            connection.end_command()
        for thread in (*left.values(), self._listening):
            for _step in range(int(_CLOSE_SECONDS / 0.02)):
                if not thread.is_alive():
                    break
                pump()
                thread.join(0.02)

    def _wake_listener(self) -> None:
        """Let `accept` return: a connection of our own, which says nothing."""
        with contextlib.suppress(OSError), reachable_address(self._address) as address:
            connect_locally(address).close()

    def _listen(self) -> None:
        try:
            wanted = new_address(self._paths)
            with (
                reachable_address(wanted or "") as short,
                contextlib.closing(listen_locally(short or None)) as listener,
            ):
                if wanted:
                    os.chmod(short, 0o600)  # noqa: PTH101 - as short as it was bound
                self._address = wanted or str(listener.address)
                address = ChannelAddress(pid=os.getpid(), address=self._address, key=self._key)
                write_address(self._paths, address)
                while not self._is_stopping:
                    with contextlib.suppress(OSError, EOFError):
                        self._welcome(TerminalConnection(listener.accept()))
        except Exception:  # noqa: BLE001 - logged; the application works without it
            _log.exception("no terminal can run commands beside this process")
        remove_address(self._paths)
        remove_socket(self._address)

    def _welcome(self, connection: TerminalConnection) -> None:
        thread = threading.Thread(
            target=self._serve, args=(connection,), name="command-terminal", daemon=True
        )
        with self._lock:
            is_welcome = not self._is_stopping
            if is_welcome:
                self._open[connection] = thread
        if is_welcome:
            thread.start()
        else:
            connection.close()

    def _serve(self, connection: TerminalConnection) -> None:
        try:
            request = self._first_message(connection)
            if request is not None:
                self._run(request, connection)
        finally:
            connection.close()
            with self._lock:
                self._open.pop(connection, None)

    def _first_message(self, connection: TerminalConnection) -> RunCommand | None:
        """Return the command, None from another person, without the key, or without a command."""
        if not connection.is_same_person():
            _log.warning("a process of another person knocked at the channel")
            return None
        while not connection.has_message():
            if self._is_stopping:
                return None
        request = connection.receive()
        if not isinstance(request, RunCommand):
            return None
        if not hmac.compare_digest(request.key.encode(), self._key.encode()):
            _log.warning("a process without the key knocked at the channel")
            return None
        return request

    def _run(self, request: RunCommand, connection: TerminalConnection) -> None:
        ended = threading.Event()

        def run() -> None:
            code = 1
            try:
                code = self._run_command(request, connection)
            except TerminalGone:
                pass
            except Exception:  # noqa: BLE001 - logged, and its exit code says so
                _log.exception("a command of another terminal failed")
            finally:
                with contextlib.suppress(TerminalGone):
                    connection.send(CommandEnded(code=code))
                ended.set()

        thread = threading.Thread(target=run, name="command", daemon=True)
        thread.start()
        connection.follow_terminal(ended.is_set)
        thread.join()
