"""Parent's half of a child process: start, send, events, stop, kill, and how it ended."""

import contextlib
import os
import queue
import re
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, cast

import msgspec

from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.base.log import trim_log
from core.base.private_files import open_private
from core.ipc.file_passing import FileSender, can_pass_files
from core.ipc.framing import FrameError, decode_payload, encode_frame, read_payload
from core.ipc.key_handover import announcement, key_frame
from core.ipc.key_variables import without_keys
from core.messages import PROTOCOL, ChildDied, Hello
from core.sandbox.grants import GRANTS_VARIABLE, NO_GRANTS, encode_grants
from core.sandbox.seal_level import LEVEL_VARIABLE, lower_level, wanted_level

Event = TypeVar("Event")

_NO_MEMORY = lazy_pattern(r"bad_alloc|MemoryError|failed to allocate|out of memory", re.IGNORECASE)

TAIL_BYTES = 8 * 1024
STOP_SECONDS = 3.0
UNREADABLE_EVENT = "unreadable event"
"""How a child's log says that we ended it."""


_NT_STATUS = {
    0xC0000005: "STATUS_ACCESS_VIOLATION",
    0xC000001D: "STATUS_ILLEGAL_INSTRUCTION",
    0xC0000017: "STATUS_NO_MEMORY",
    0xC00000FD: "STATUS_STACK_OVERFLOW",
    0xC0000374: "STATUS_HEAP_CORRUPTION",
    0xC0000409: "STATUS_STACK_BUFFER_OVERRUN",
}
"""How Windows says what is a signal elsewhere (ntstatus.h); abort() ends with the last one."""


def child_command(role: str) -> list[str]:
    """Return the command that starts a child: from source a module, frozen the console program."""
    if getattr(sys, "frozen", False):
        return [*console_command(), "--child", role]
    # -P: a folder named "core" in the working directory must not be imported instead.
    return [sys.executable, "-P", "-m", "core.child_main", role]


def console_command() -> list[str]:
    """Return the command of the console program, which has no Qt: commands may follow it."""
    if getattr(sys, "frozen", False):
        name = "inglenook-cli.exe" if os.name == "nt" else "inglenook-cli"
        return [str(Path(sys.executable).with_name(name))]
    return [sys.executable, "-P", "-m", "desktop"]


class _Process(Generic[Event]):
    """One life of a child: its process, a thread that reads, and one that writes."""

    def __init__(self, owner: "ChildProcess[Event]") -> None:
        import subprocess  # noqa: PLC0415 - not for the first paint

        self._owner = owner
        key = key_frame(owner.role)
        if sys.platform == "win32":
            from core.sandbox.windows_seal import mark_places  # noqa: PLC0415 - of one system

            mark_places(owner.role, owner.grants.write)
        self.files = FileSender() if owner.passes_files and can_pass_files() else None
        with owner.open_log() as log, self.files or contextlib.nullcontext():
            self.log_start = log.seek(0, os.SEEK_END)
            self.popen = subprocess.Popen(
                owner.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={
                    **without_keys(os.environ),
                    **owner.environment,
                    **(self.files.environment if self.files else {}),
                    **announcement(key),
                    GRANTS_VARIABLE: encode_grants(owner.grants),
                },
                pass_fds=self.files.inherited if self.files else (),
                cwd=owner.directory,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                # A terminal's Ctrl-C is for the front end, which then stops its children.
                start_new_session=os.name != "nt",
            )
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        if key is not None:
            self._outbox.put(key)
        self._threads = [
            threading.Thread(target=self._read, name=f"{owner.role}-reader", daemon=True),
            threading.Thread(target=self._write, name=f"{owner.role}-writer", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, frame: bytes) -> None:
        self._outbox.put(frame)

    def hang_up(self) -> None:
        """Close the child's input; a child that reads the end leaves."""
        self._outbox.put(None)

    def join(self) -> None:
        if self.files:
            self.files.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(STOP_SECONDS)

    def _write(self) -> None:
        stream = self.popen.stdin
        assert stream is not None
        try:
            while (frame := self._outbox.get()) is not None:
                stream.write(frame)
                stream.flush()
        except OSError:
            # The child is gone; the reader sees the end of its output and says so.
            while self._outbox.get() is not None:
                pass
        with contextlib.suppress(OSError):  # closing writes once more what could not be written
            stream.close()

    def _read(self) -> None:
        stream = self.popen.stdout
        assert stream is not None
        try:
            self._read_events(stream)
        except (FrameError, OSError) as error:
            self._owner.append_to_log(f"{UNREADABLE_EVENT}: {error!r}")
            self.popen.kill()
        exit_code = self.popen.wait()
        stream.close()
        self.hang_up()
        self._owner.on_event(
            self, ChildDied(role=self._owner.role, exit_code=exit_code, tail=self._tail())
        )

    def _read_events(self, stream: IO[bytes]) -> None:
        decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(self._owner.event_type)
        while (payload := read_payload(stream)) is not None:
            event = decode_payload(payload, decoder)
            if isinstance(event, Hello) and event.protocol != PROTOCOL:
                raise FrameError(f"protocol {event.protocol} instead of {PROTOCOL}")
            self._owner.on_event(self, event)

    def _tail(self) -> str:
        try:
            with self._owner.log_path.open("rb") as log:
                end = log.seek(0, os.SEEK_END)
                log.seek(max(self.log_start, end - TAIL_BYTES))
                return log.read().decode(errors="replace").strip()
        except OSError:
            return ""


class ChildProcess(Generic[Event]):
    """A child that is started when something is sent to it, and again after it died.

    All methods belong to the thread that made it; reader threads only enqueue and call `wake`.
    Every event carries the child it came from, so that a replaced child's last words are dropped.
    """

    def __init__(
        self,
        role: str,
        event_type: Any,  # noqa: ANN401 - a union of structs, which has no common type
        log_path: Path,
        wake: Callable[[], None],
        *,
        command: list[str] | None = None,
        environment: dict[str, str] | None = None,
        directory: Path | None = None,
    ) -> None:
        self.role = role
        self.event_type = event_type
        self.log_path = log_path
        self.command = command or child_command(role)
        self.environment = environment or {}
        self.directory = directory
        self.grants = NO_GRANTS
        """The files that the next child may read and write; one that runs keeps what it has."""
        self.passes_files = False
        """Whether the next child gets open files by `pass_file`."""
        self._wake = wake
        self._events: queue.SimpleQueue[tuple[_Process[Event] | None, Any]] = queue.SimpleQueue()
        self._process: _Process[Event] | None = None
        self._has_greeted = False
        self.is_loosened = False
        """Whether the last child ended before it said hello, and the next is sealed less."""

    @property
    def pid(self) -> int | None:
        """The running child's process id, None when there is none."""
        return self._process.popen.pid if self._process else None

    def wake_by(self, wake: Callable[[], None]) -> None:
        """Call `wake` from now on; at once, if something has arrived."""
        self._wake = wake
        if self.event_count:
            wake()

    def start(self) -> None:
        """Start the child if it does not run; returns at once. A failure arrives as ChildDied."""
        if self._process is not None:
            return
        trim_log(self.log_path)
        self._has_greeted = self.is_loosened = False
        try:
            self._process = _Process(self)
        except OSError as error:
            self.append_to_log(f"{self.command[0]}: {error}")
            self._events.put((None, ChildDied(role=self.role, exit_code=None, tail=str(error))))
            self._wake()

    def send(self, request: msgspec.Struct) -> None:
        """Queue one request, starting the child if needed; never waits for it."""
        self.start()
        if self._process is not None:
            self._process.send(encode_frame(request))

    def pass_file(self, descriptor: int) -> bool:
        """Give an open file to the running child, for the request that follows; it is closed here.

        Returns whether the child gets files that way: else it opens them itself.
        """
        files = self._process.files if self._process else None
        try:
            if files is not None:
                files.send_file(descriptor)
        finally:
            os.close(descriptor)
        return files is not None

    @property
    def event_count(self) -> int:
        """How many events have arrived that nobody has taken, those of ended children included."""
        return self._events.qsize()

    def next_event(self) -> Event | ChildDied | None:
        """Return the first event that has arrived, None when there is none; never waits."""
        while True:
            try:
                process, event = self._events.get_nowait()
            except queue.Empty:
                return None
            if process is not self._process:
                continue
            self._has_greeted |= isinstance(event, Hello)
            if isinstance(event, ChildDied) and process is not None:
                self._process = None
                process.join()
                self._loosen_seal(event)
            return cast("Event | ChildDied", event)

    def _loosen_seal(self, death: ChildDied) -> None:
        """Have the next child sealed less, if this one ended before it could have read anything."""
        level = lower_level(wanted_level({**os.environ, **self.environment}))
        if self._has_greeted or level is None or was_killed(death):
            return
        self.environment[LEVEL_VARIABLE] = level
        self.is_loosened = True
        self.append_to_log(f"it did not start under its seal; the next one is sealed less: {level}")

    def poll(self) -> list[Event | ChildDied]:
        """Return what has arrived since the last call, in order."""
        arrived: list[Event | ChildDied] = []
        while (event := self.next_event()) is not None:
            arrived.append(event)
        return arrived

    def hang_up(self) -> None:
        """Ask the child to leave when its current step is done; its ChildDied still arrives."""
        if self._process:
            self._process.hang_up()

    def kill(self) -> None:
        """End the child now; its ChildDied still arrives."""
        if self._process:
            self._process.popen.kill()

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """End the child: hang up, wait `grace` seconds, kill; its events are dropped."""
        process, self._process = self._process, None
        if process is None:
            return
        import subprocess  # noqa: PLC0415 - not for the first paint

        process.hang_up()
        try:
            process.popen.wait(grace)
        except subprocess.TimeoutExpired:
            process.popen.kill()
            process.popen.wait()
        process.join()

    def on_event(self, process: _Process[Event], event: Event | Hello | ChildDied) -> None:
        """Take an event from a reader thread."""
        self._events.put((process, event))
        self._wake()

    def append_to_log(self, text: str) -> None:
        """Write a line into the child's log from the parent's side, if it can be written."""
        with contextlib.suppress(OSError), self.open_log() as log:
            log.write(f"{text}\n".encode())

    def open_log(self) -> IO[bytes]:
        """Open the child's log for appending; without a log a child still runs."""
        try:
            return open(self.log_path, "ab", opener=open_private)
        except OSError:
            return Path(os.devnull).open("ab")


_FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")


def describe_death(death: ChildDied) -> str:
    """Say in a few words why a child is gone; one that spoke no sense was ended by us."""
    if UNREADABLE_EVENT in death.tail:
        return _("it sent something that can't be understood")
    return describe_exit(death.exit_code)


def ran_out_of_memory(death: ChildDied) -> bool:
    """Return whether a child is gone because memory ran out, as far as its end tells.

    Linux and macOS kill a process then, and a native library whose allocation fails aborts.
    """
    kill = getattr(signal, "SIGKILL", None)  # Windows has none
    return (kill is not None and death.exit_code == -kill) or bool(_NO_MEMORY.search(death.tail))


def was_killed(death: ChildDied) -> bool:
    """Return whether a child was ended from outside: by the system, by a person, at logging out.

    A fault of its own ends a process with another signal, such as SIGSEGV or SIGABRT, or a code.
    """
    from_outside = {getattr(signal, name, None) for name in _FROM_OUTSIDE} - {None}
    return death.exit_code is not None and -death.exit_code in from_outside


def describe_exit(exit_code: int | None) -> str:
    """Say in a few words how a process ended."""
    if exit_code is None:
        return _("it could not be started")
    if exit_code in _NT_STATUS:
        return _("Windows error {name}").format(name=_NT_STATUS[exit_code])
    if exit_code < 0:
        try:
            name = signal.Signals(-exit_code).name
            if name == "SIGKILL":
                return _("the system ended it, mostly because memory ran out")
        except ValueError:
            name = str(-exit_code)
        return _("signal {name}").format(name=name)
    return _("exit code {code}").format(code=exit_code)
