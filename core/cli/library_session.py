"""Library session: an open library application, and the loop that waits for its events.

A search in a terminal needs no more; what all other commands run over is `session.py`'s.
"""

import collections
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar, cast

from core.app.encryption.passphrase_file import read_named_passphrase
from core.app.encryption.stored_key_search import StoredKeySearch
from core.app.events.app_events import AppEvent, Notice, Problem
from core.app.library_app import LibraryApp
from core.app.problems import problem_of, problem_of_failure
from core.app.usage.asking_origin import COMMAND_LINE, asked_by
from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _
from core.base.paths import Paths
from core.cli.terminal import current_terminal
from core.ipc.reply import Reply

WAIT_SECONDS = 0.1
"""Longest wait before the loop looks whether Ctrl-C was pressed."""
_MOST_TRIES = 3
_KEY_STORE_PATIENCE_SECONDS = 1.5
"""After so long without an answer of the key store, it is said that it is waited for."""

_Handler = Callable[[int, FrameType | None], object] | int | None
Progress = TypeVar("Progress")
Result = TypeVar("Result")


class Interrupted(Exception):  # noqa: N818 - asked for, not an error
    """Ctrl-C was pressed, or the system asked the program to end."""


class RequestRefused(Exception):  # noqa: N818 - carries a problem that is already put into words
    """A request to the application ended in a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class LibrarySession:
    """Opens the application, hands out its events, closes it; Ctrl-C is looked for between events.

    The signal handler only sets a flag: raising from it could interrupt a save. `on_problem` gets
    what belongs to no request, such as a damaged file that was put aside; each problem once.
    """

    is_guest = False
    """Whether the application is that of another process's window or command."""

    def __init__(
        self,
        paths: Paths,
        make_app: Callable[[Paths, Callable[[], None]], LibraryApp],
        on_problem: Callable[[Problem], None],
    ) -> None:
        self._woken = threading.Event()  # set by the children's reader threads
        self.app = make_app(paths, self._woken.set)
        self._events: collections.deque[AppEvent] = collections.deque()
        self._on_problem = on_problem
        self._reported: set[Problem] = set()
        self._interrupts = 0
        self.interrupted_by = 0
        """The number of the signal that last asked it to end; 0: none did."""
        self._context = contextlib.ExitStack()
        self._handlers: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        self.app.subscribe(self._receive)
        self._catch_signals()
        try:
            self._open_root()
        except BaseException:
            self.app.end_children()
            self._release_signals()
            raise
        self._context.enter_context(asked_by(COMMAND_LINE))
        try:
            self.app.process_events()  # opening may have a notice, and not every command waits
        except BaseException:
            self._close()
            raise
        return self

    def _open_root(self) -> None:
        """Open the data folder; what unlocks it is asked for at the terminal, if no file has it."""
        self._wait_for_key_store()
        while True:
            try:
                self.app.open_root()
            except StorageError as error:
                if error.code is not ErrorCode.DATA_LOCKED or not self._unlock():
                    raise
            else:
                return

    def _wait_for_key_store(self) -> None:
        """Let the key store answer, which may never do so; a secret opens the data without it.

        Raises Interrupted after Ctrl-C, and StorageError for a damaged key file or wrong secret.
        """
        search = self.app.encryption.ask_key_store()
        if search is None or search.wait(_KEY_STORE_PATIENCE_SECONDS):
            return
        self._on_problem(problem_of(StorageError(ErrorCode.KEY_STORE_WAITS)))
        if self._unlock(search):
            return
        while not search.wait(WAIT_SECONDS):
            if self._interrupts:
                raise Interrupted

    def _unlock(self, search: StoredKeySearch | None = None) -> bool:
        """Take the passphrase from the file that is named, or ask up to three times for it.

        False if nobody can be asked, or who is asked leaves it to the key store that is searched.
        """
        terminal = current_terminal()
        if (secret := read_named_passphrase(terminal.environment)) is not None:
            self.app.encryption.unlock(secret)
            return True
        for tried in range(1, _MOST_TRIES + 1):
            if not terminal.reads_terminal:
                return False
            secret = terminal.read_secret(_("Passphrase or recovery code:"))
            if search is not None and (search.found is not None or not secret):
                return False
            try:
                self.app.encryption.unlock(secret)
            except StorageError as error:
                if error.code is not ErrorCode.SECRET_WRONG or tried == _MOST_TRIES:
                    raise
                self._on_problem(problem_of(error))
            else:
                return True
        return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        try:
            self.app.close()
        finally:
            self._context.close()
            self._release_signals()

    def _receive(self, event: AppEvent) -> None:
        if not isinstance(event, Notice):
            self._events.append(event)
        elif event.problem not in self._reported:
            self._reported.add(event.problem)
            self._on_problem(event.problem)

    def events(self, on_interrupt: Callable[[], None] | None = None) -> Iterator[AppEvent]:
        """Yield events for ever, as they come.

        The first Ctrl-C calls `on_interrupt`; without one, and at the second, it is Interrupted.
        """
        self.process_events()  # what was begun is heard of before it is stopped
        while True:
            while self._events:
                yield self._events.popleft()
            if self._interrupts and on_interrupt:
                self._interrupts = 0
                on_interrupt()
                on_interrupt = None
            elif self._interrupts:
                raise Interrupted
            if not self._events:
                self._woken.wait(WAIT_SECONDS)
                self._woken.clear()
                self.process_events()

    def process_events(self) -> None:
        """Deliver what has come since the last time."""
        self.app.process_events()

    def wake(self) -> None:
        """Let `wait` return; any thread may call it."""
        self._woken.set()

    def wait(self) -> None:
        """Wait until something has come, or a moment. Raises Interrupted after Ctrl-C."""
        if self._interrupts:
            raise Interrupted
        self._woken.wait(WAIT_SECONDS)
        self._woken.clear()

    def wait_for(
        self,
        reply: Reply[Progress, Result],
        on_progress: Callable[[Progress], object] | None = None,
        poll: Callable[[], None] | None = None,
    ) -> Result:
        """Wait for the result of a reply; broadcast events that come before it are dropped.

        `poll` delivers the events of a client that is not the application's.
        Raises RequestRefused if it fails. Ctrl-C cancels the request and raises Interrupted.
        """
        if on_progress:
            reply.on_progress(on_progress)
        while not reply.is_done:
            self._wait_for_events(reply, poll or self.process_events)
        if reply.failure is not None:
            raise RequestRefused(problem_of_failure(reply.failure))
        return cast("Result", reply.result)

    def _wait_for_events(self, reply: Reply[Any, Any], poll: Callable[[], None]) -> None:
        """Deliver what comes within a moment."""
        try:
            self.wait()
        except Interrupted:
            reply.detach()
            reply.cancel()
            raise
        self._events.clear()
        poll()

    def _catch_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            self._handlers[number] = signal.signal(number, self._on_signal)

    def _release_signals(self) -> None:
        for number, handler in self._handlers.items():
            # None: it was not set from Python, so it can't be put back.
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._handlers.clear()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._interrupts += 1
        self.interrupted_by = number
