"""Line process: a program of the person's own that speaks in lines, started sealed."""

import contextlib
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import structs

from core.ipc.child_process import STOP_SECONDS, child_command
from core.ipc.key_variables import without_keys
from core.messages import PROGRAM_VARIABLE, StartProgram

MAX_LINE = 4 * 1024 * 1024
"""Most bytes of a line; a longer one ends the program."""
MAX_WAITING = 4 * MAX_LINE
"""Bytes of lines that nobody has taken; the program waits when it has sent so many."""
ERROR_SECONDS = 0.5
"""How long the end of the error output is waited for, once that of the output has come."""
_KEPT_ERRORS = 2_000
"""Letters of the program's error output that are kept, the last ones."""
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "COMSPEC", "PATHEXT")
"""Variables that the program has of this process's environment, beside those declared for it."""


class LineProcess:
    """A running program. `wake` is called from other threads when `take_lines` has something.

    It has a folder of its own for its home and temporary files, which goes with it.
    """

    def __init__(self, start: StartProgram, wake: Callable[[], None]) -> None:
        """Raises OSError if nothing can be started."""
        import subprocess  # noqa: PLC0415 - not for the first paint

        self._wake = wake
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._errors = ""
        self._has_last_error = threading.Event()
        self.has_long_line = False
        """Whether a line of more than MAX_LINE ended it."""
        self._room = threading.Condition()  # for what follows
        self._waiting = 0
        self._is_stopped = False
        self._scratch = tempfile.TemporaryDirectory(
            prefix="inglenook-tools-", ignore_cleanup_errors=True
        )
        own = _own_environment(start, self._scratch.name)
        sealed = structs.replace(start, environment=own, write=(*start.write, self._scratch.name))
        on_windows = sys.platform == "win32"  # where nothing can be sealed, nor replaced
        named = {PROGRAM_VARIABLE: msgspec.json.encode(sealed).decode()}
        self._popen = subprocess.Popen(
            sealed.command if on_windows else child_command("program"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=own if on_windows else {**without_keys(os.environ), **named},
            cwd=Path(self._scratch.name) if on_windows else None,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=not on_windows,
        )
        self._threads = [
            threading.Thread(target=work, name=f"tool-server-{work.__name__}", daemon=True)
            for work in (self._read, self._write, self._read_errors)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def last_errors(self) -> str:
        """The end of what the program wrote to its error output."""
        return self._errors.strip()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._popen.pid

    def send_line(self, line: bytes) -> None:
        """Queue a line; never waits."""
        self._outbox.put(line)

    def take_lines(self) -> list[bytes | None]:
        """Return what has come, in order; None at the end of all."""
        taken = [self._lines.get() for _number in range(self._lines.qsize())]
        with self._room:
            self._waiting -= sum(len(line) for line in taken if line is not None)
            self._room.notify_all()
        return taken

    def stop(self) -> None:
        """End the program and all that it started, and wait for that.

        What left the program's group lives on, and may hold its output open.
        """
        self._outbox.put(None)
        with self._room:
            self._is_stopped = True
            self._room.notify_all()
        self._end_group()
        self._popen.wait()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._scratch.cleanup()

    def _end_group(self) -> None:
        if sys.platform == "win32":
            self._end_tree()
            return
        import signal  # noqa: PLC0415 - not for the first paint

        with contextlib.suppress(OSError):
            os.killpg(self._popen.pid, signal.SIGKILL)

    def _end_tree(self) -> None:
        """End the program with what it started, on Windows, where killing ends it alone."""
        import subprocess  # noqa: PLC0415 - not for the first paint

        taskkill = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [str(taskkill), "/T", "/F", "/PID", str(self._popen.pid)],
                check=False,
                capture_output=True,
                timeout=STOP_SECONDS,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        self._popen.kill()

    def _read(self) -> None:
        stream = self._popen.stdout
        assert stream is not None
        with contextlib.suppress(OSError, ValueError):
            while (line := stream.readline(MAX_LINE)).endswith(b"\n"):
                if line.strip():
                    self._add_line(line)
            self.has_long_line = len(line) >= MAX_LINE
        if not self.has_long_line:
            self._has_last_error.wait(ERROR_SECONDS)  # what it said of its end mostly comes later
        self._lines.put(None)
        self._wake()
        stream.close()  # by the thread that reads: another's close would wait for the read

    def _add_line(self, line: bytes) -> None:
        """Queue a line, once there is room for it."""
        with self._room:
            self._room.wait_for(lambda: self._waiting < MAX_WAITING or self._is_stopped)
            self._waiting += len(line)
        self._lines.put(line)
        self._wake()

    def _write(self) -> None:
        stream = self._popen.stdin
        assert stream is not None
        with contextlib.suppress(OSError):
            while (line := self._outbox.get()) is not None:
                stream.write(line + b"\n")
                stream.flush()
        with contextlib.suppress(OSError):
            stream.close()

    def _read_errors(self) -> None:
        stream = self._popen.stderr
        assert stream is not None
        with contextlib.suppress(OSError, ValueError):
            while piece := stream.readline(MAX_LINE):
                text = self._errors + piece.decode(errors="replace")
                self._errors = text[-_KEPT_ERRORS:]
        self._has_last_error.set()
        stream.close()


def _own_environment(start: StartProgram, scratch: str) -> dict[str, str]:
    """Return the program's environment: some of this one's, a home of its own, what is declared."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"), scratch)
    return {**passed, **own, **start.environment}
