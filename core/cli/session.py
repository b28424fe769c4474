"""Command session: the whole application, open for one command and those of other terminals."""

import argparse
import time
from collections.abc import Callable

from core.app.app import App
from core.app.events.app_events import Problem
from core.base.paths import Paths
from core.channel.command_listener import CommandListener
from core.channel.terminal_connection import TerminalConnection
from core.channel.terminal_messages import RunCommand
from core.cli.console import Console
from core.cli.library_session import WAIT_SECONDS, LibrarySession

LISTENS_AFTER_SECONDS = 0.5
"""A command that ends sooner is waited for by others, and listens to none."""

TerminalCommandRunner = Callable[[App, RunCommand, TerminalConnection], int]
AppFactory = Callable[[Paths, Callable[[], None]], App]


class Session(LibrarySession):
    """Lets other terminals run commands over its application, once its own takes long enough."""

    app: App

    def __init__(
        self,
        paths: Paths,
        make_app: AppFactory,
        on_problem: Callable[[Problem], None],
        run_for_terminal: TerminalCommandRunner | None = None,
    ) -> None:
        """`run_for_terminal` runs the commands of terminals that come while this one works."""
        super().__init__(paths, make_app, on_problem)
        self._run_for_terminal = run_for_terminal
        self._listener: CommandListener | None = None
        self._listens_from = time.monotonic() + LISTENS_AFTER_SECONDS

    def _close(self) -> None:
        try:
            self._end_terminal_commands()
        finally:
            super()._close()

    def process_events(self) -> None:
        """Deliver what has come since the last time."""
        self._listen_for_terminals()
        super().process_events()

    def _listen_for_terminals(self) -> None:
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


CommandFunction = Callable[[Session, Console, argparse.Namespace], int]
"""Runs a command and returns its exit code."""
OpenSession = Callable[[Paths, Console], Session]
