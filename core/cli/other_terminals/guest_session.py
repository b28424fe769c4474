"""Guest session: a command's session over the application of another front end."""

import queue
import signal
from collections.abc import Callable
from typing import Self, TypeVar

from core.app.app import App
from core.app.events.app_events import AppEvent, Notice
from core.app.problems import problem_of_failure
from core.channel.terminal_connection import TerminalConnection
from core.cli.library_session import Interrupted, RequestRefused
from core.cli.other_terminals.app_calls import AppCalls
from core.cli.session import Session
from core.ipc.reply import Reply
from core.messages import Failed

Progress = TypeVar("Progress")
Result = TypeVar("Result")


class GuestSession(Session):
    """Runs on a thread of its own. What the application tells comes through a queue.

    Notices are left to the front end whose application it is.
    """

    is_guest = True

    def __init__(self, app: App, connection: TerminalConnection) -> None:
        self._calls = AppCalls(app, lambda: connection.is_gone)
        super().__init__(
            app.paths, lambda _paths, _wake: self._calls.guest_app(), lambda _problem: None
        )
        self._owner = app
        self._connection = connection
        self._arrived: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._unsubscribe: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self._connection.on_interrupt = self._interrupt
        early = self._connection.is_gone or self._connection.was_interrupted
        if early and not self._interrupts:
            self._interrupt()
        self._unsubscribe = self._calls.run(lambda: self._owner.subscribe(self._pass_event))
        return self

    def _close(self) -> None:
        self._connection.on_interrupt = lambda: None
        self._owner.call_soon(self._unsubscribe)

    def _interrupt(self) -> None:
        self._interrupts += 1
        self.interrupted_by = signal.SIGINT
        self.wake()

    def _pass_event(self, event: AppEvent) -> None:
        if not isinstance(event, Notice):
            self._pass_on(lambda: self._receive(event))

    def _pass_on(self, function: Callable[[], object]) -> None:
        """Have the command's thread call a function; on the application's thread."""
        self._arrived.put(function)
        self.wake()

    def process_events(self) -> None:
        """Take what came through the queue."""
        for _number in range(self._arrived.qsize()):
            self._arrived.get_nowait()()

    def wait_for(
        self,
        reply: Reply[Progress, Result],
        on_progress: Callable[[Progress], object] | None = None,
        poll: Callable[[], None] | None = None,
    ) -> Result:
        """Wait for the result of a reply; see `Session.wait_for`."""
        results: list[Result] = []
        failures: list[Failed] = []

        def follow() -> None:
            if on_progress:
                told = on_progress
                reply.on_progress(lambda value: self._pass_on(lambda: told(value)))
            reply.on_done(lambda value: self._pass_on(lambda: results.append(value)))
            reply.on_error(lambda failure: self._pass_on(lambda: failures.append(failure)))

        self._calls.run(follow)
        while not results and not failures:
            try:
                self.wait()
            except Interrupted:
                self._owner.call_soon(reply.detach)
                self._owner.call_soon(reply.cancel)
                raise
            self._events.clear()
            (poll or self.process_events)()
        if failures:
            raise RequestRefused(problem_of_failure(failures[0]))
        return results[0]
