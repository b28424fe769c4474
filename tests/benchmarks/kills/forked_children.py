"""Forked children: what a life of a killed child costs without the start of an interpreter.

A child of the program starts in a second of processor time, most of it imports. In
`forked_children()` the same entry runs in a process that is forked from this one, in a session of
its own, over the same pipes, log and passed files, and it seals itself as it always does; the
modules are there already. Call it where no other thread runs.
"""

import gc
import importlib
import logging
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

Entry = Callable[[list[str]], int]
_CHILD_PROGRAM = "core.child_main"
_MODULES = (
    "core.library.library_child",
    "core.library.extractors.extractor_child",
    "core.library.extractors.documents.plain_text_reader",
    "core.library.index.chroma_store",
    "core.courier.courier_child",
    "core.engine.quantization.quantization_child",
)
"""What children import after they were started, and find imported here."""
_MOST_DESCRIPTORS = 4096
_PARENTS_HANDLERS: list[logging.Handler] = []


class _ForkedPopen(subprocess.Popen[bytes]):
    """Forks what `entries` has a function for, by any word of its command; starts the rest."""

    entries: dict[str, Entry] = {}  # noqa: RUF012 - filled by `forked_children`

    def _execute_child(self, args: Sequence[str], *rest: Any) -> None:
        word = next((each for each in args if each in self.entries), None)
        if word is None:
            super()._execute_child(args, *rest)  # type: ignore[misc]
            return
        _executable, _before, _close, pass_fds, directory, environment, *_windows = rest
        pipes = rest[9:15]
        self.pid = _fork()
        if not self.pid:
            words = list(args[args.index(word) + 1 :])
            _become(self.entries[word], words, pipes, pass_fds, directory, environment)
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]


def _fork() -> int:
    if sys.platform == "win32":
        raise OSError("nothing is forked on Windows")
    return os.fork()


def _become(
    entry: Entry,
    words: list[str],
    pipes: Sequence[int],
    passed: Sequence[int],
    directory: Any,
    environment: dict[str, str] | None,
) -> None:
    """Be the child from here on; never returns."""
    if sys.platform == "win32":
        return
    code = 1
    try:
        gc.freeze()  # no file of the parent's is closed by its number later on,
        _PARENTS_HANDLERS.extend(logging.root.handlers)
        logging.root.handlers.clear()  # nor written to
        os.setsid()
        for number, pipe in enumerate((pipes[0], pipes[3], pipes[5])):
            if pipe >= 0:  # else it has that of its parent
                os.dup2(pipe, number)
        first = 3
        for number in (*sorted(passed), _MOST_DESCRIPTORS):
            os.closerange(first, number)
            first = number + 1
        if directory is not None:
            os.chdir(directory)
        if environment is not None:
            os.environ.clear()
            os.environ.update(environment)
        sys.stdin = os.fdopen(0, closefd=False)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
        tempfile.tempdir = None  # the variable may name another folder
        sys.argv[1:] = words
        code = entry(words)
    except Exception:  # noqa: BLE001 - the parent reads it in the log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@contextmanager
def forked_children(
    entries: dict[str, Entry] | None = None, modules: Sequence[str] = ()
) -> Iterator[None]:
    """Let children of the program, and what `entries` name, be forked instead of started.

    They find `modules`, too, imported.
    """
    child_main = importlib.import_module(_CHILD_PROGRAM)
    for each in (*_MODULES, *modules):
        importlib.import_module(each)
    _ForkedPopen.entries = {_CHILD_PROGRAM: child_main.main, **(entries or {})}
    # Beside other work, children that stand back would get no turn.
    changed: dict[tuple[ModuleType, str], object] = {
        (subprocess, "Popen"): _ForkedPopen,
        (sys.modules["core.library.library_child"], "lower_priority"): lambda: None,
        (
            sys.modules["core.library.reading.extractor_pool"],
            "_lower_priority",
        ): lambda _pid, **_level: None,
    }
    real = {(module, name): vars(module)[name] for module, name in changed}
    for (module, name), value in changed.items():
        vars(module)[name] = value
    try:
        yield
    finally:
        for (module, name), value in real.items():
            vars(module)[name] = value
