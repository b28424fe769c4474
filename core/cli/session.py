"""Command session: an open app, and the loop that waits for its events."""

import collections
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from core.app.events.app_events import AppEvent, Notice, Problem
from core.app.problems import problem_of, problem_of_failure
from core.app.usage.asking_origin import COMMAND_LINE, asked_by
from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _
from core.base.paths import Paths
from core.channel.command_listener import CommandListener
from core.channel.terminal_connection import TerminalConnection
from core.channel.terminal_messages import RunCommand
from core.cli.terminal import current_terminal
from core.ipc.reply import Reply

if TYPE_CHECKING:  # a search loads less than the whole application
    from core.app.app import App

WAIT_SECONDS = 0.1
"""Longest wait before the loop looks whether Ctrl-C was pressed."""
_MOST_TRIES = 3
LISTENS_AFTER_SECONDS = 0.5
"""A command that ends sooner is waited for by others, and listens to none."""

TerminalCommandRunner = Callable[["App", RunCommand, TerminalConnection], int]
AppFactory = Callable[[Paths, Callable[[], None]], "App"]
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


class Session:
    """Opens the application, hands out its events, closes it; Ctrl-C is looked for between events.

    The signal handler only sets a flag: raising from it could interrupt a save. `on_problem` gets
    what belongs to no request, such as a damaged file that was put aside; each problem once.
    """

    is_guest = False
    """Whether the application is that of another process's window or command."""

    def __init__(
        self,
        paths: Paths,
        make_app: AppFactory,
        on_problem: Callable[[Problem], None],
        run_for_terminal: TerminalCommandRunner | None = None,
    ) -> None:
        """`run_for_terminal` runs the commands of terminals that come while this one works."""
        self._woken = threading.Event()  # set by the children's reader threads
        self.app = make_app(paths, self._woken.set)
        self._events: collections.deque[AppEvent] = collections.deque()
        self._on_problem = on_problem
        self._reported: set[Problem] = set()
        self._interrupts = 0
        self._run_for_terminal = run_for_terminal
        self._listener: CommandListener | None = None
        self._listens_from = time.monotonic() + LISTENS_AFTER_SECONDS
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
        """Open the data folder; whoever sits at the terminal is asked for what unlocks it."""
        while True:
            try:
                self.app.open_root()
            except StorageError as error:
                if error.code is not ErrorCode.DATA_LOCKED or not self._unlock():
                    raise
            else:
                return

    def _unlock(self) -> bool:
        """Ask for passphrase or recovery code up to three times; False if nobody can be asked."""
        terminal = current_terminal()
        for tried in range(1, _MOST_TRIES + 1):
            if not terminal.reads_terminal:
                return False
            secret = terminal.read_secret(_("Passphrase or recovery code:"))
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
            self._end_terminal_commands()
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
        self._listen_for_terminals()
        self.app.process_events()

    def _listen_for_terminals(self) -> None:
        """Let other terminals run commands here, once this one takes long enough."""
        run = self._run_for_terminal
        if run is None or self._listener or time.monotonic() < self._listens_from:
            return
        self._listener = CommandListener(
            self.app.paths, lambda request, connection: run(self.app, request, connection)
        )
        self._listener.start()

    def _end_terminal_commands(self) -> None:
        """Let commands of other terminals end first; Ctrl-C ends them."""
        if self._listener is None:
            return
        self._interrupts = 0
        while self._listener.is_busy and not self._interrupts:
            self._woken.wait(WAIT_SECONDS)
            self._woken.clear()
            self.app.process_events()
        self._listener.stop(self.app.process_events)

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

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._interrupts += 1
