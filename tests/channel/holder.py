"""A process that holds a data folder, played by a thread, and terminals beside it that are real."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.app.app import App
from core.base.paths import Paths
from core.channel.channel_address import read_address
from core.channel.command_listener import CommandListener
from core.cli.main import run_for_terminal
from tests.cli.answering_children import AnsweringChildren
from tests.house.sources import ROOT
from tests.waiting import wait_for

_TERMINAL = (
    "import sys\n"
    "from core.channel.remote_command import HolderGone, run_by_holder\n"
    "try:\n"
    "    code = run_by_holder(sys.argv[1:])\n"
    "except HolderGone:\n"
    "    code = 99\n"
    "sys.exit(98 if code is None else code)\n"
)
NO_HOLDER, HOLDER_GONE = 98, 99


class Holder(threading.Thread):
    """Owns an application and its loop, as a window does."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(daemon=True)
        self.paths = paths
        self.children = AnsweringChildren()
        self._woken = threading.Event()
        self._ends = threading.Event()
        self.app: App
        self.listener: CommandListener

    def run(self) -> None:
        self.app = self.children.make_app(self.paths, self._woken.set)
        self.app.open_root()
        self.listener = CommandListener(
            self.paths, lambda request, connection: run_for_terminal(self.app, request, connection)
        )
        self.app.call_before_close(lambda: self.listener.stop(self.app.process_events))
        self.listener.start()
        while not self._ends.is_set():
            self._woken.wait()
            self._woken.clear()
            self.app.process_events()
        self.app.close()

    def open(self) -> None:
        """Start, and return when terminals can find it."""
        self.start()
        wait_for(lambda: read_address(self.paths) is not None)

    def close(self) -> None:
        """Close the application, as the last window does."""
        self._ends.set()
        self._woken.set()
        self.join()

    def call(self, function: Callable[[], Any]) -> None:
        """Run a function on the application's thread."""
        done = threading.Event()

        def run() -> None:
            function()
            done.set()

        self.app.call_soon(run)
        assert done.wait(30)


def start_terminal(
    paths: Paths,
    *words: str,
    folder: Path | None = None,
    stdin: int = subprocess.DEVNULL,
    **environment: str,
) -> "subprocess.Popen[bytes]":
    """Type a command in another process; an open pipe as `stdin` would be read to its end."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _TERMINAL, "--root", str(paths.root), *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run_terminal(
    paths: Paths, *words: str, folder: Path | None = None, given: bytes = b"", **environment: str
) -> tuple[int, str, str]:
    """Run a command in another process; returns its exit code, its output and its errors."""
    pipe = subprocess.PIPE
    with start_terminal(paths, *words, folder=folder, stdin=pipe, **environment) as terminal:
        out, err = terminal.communicate(given, timeout=60)
    return terminal.returncode, out.decode(), err.decode()


def json_objects(out: str) -> list[dict[str, Any]]:
    """Return what a command printed with --json."""
    return [json.loads(line) for line in out.splitlines()]
