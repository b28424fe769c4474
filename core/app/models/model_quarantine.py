"""Model quarantine: crashes of each model file on record, and files put aside after several.

Only a child that ends by a fault of its own counts; one that is killed from outside doesn't.
Before a file is loaded, the attempt is written to disk; afterwards it is removed. One that is found
at the next start was cut off together with the whole program, by a power cut or a kill, and is no
crash. But a load that was cut off, which may have frozen the computer, is not begun again by
itself. When only the front end was killed, its child still removes it (core.ipc.channel). An
answer that is cut off means nothing for the next start, so that this attempt is only in memory.
"""

import contextlib
import logging
from pathlib import Path
from typing import TypeVar

import msgspec

from core.base.data_files import write_data_file
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.i18n import _
from core.base.paths import Paths
from core.base.state_files import read_state_file

_log = logging.getLogger(__name__)

MAX_CRASHES = 3
"""Crashes in a row that put a file into quarantine."""
LOADING, ANSWERING = "loading", "answering"

Content = TypeVar("Content")


class ModelAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """A use of a file that has begun; `doing` is LOADING or ANSWERING."""

    path: str
    doing: str


class CrashRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The crashes of one file in a row: their numbers by use, and how the last one ended.

    `size` in bytes and `modified_ns` identify the file: one that was downloaded again is another.
    `cut_off`: everything ended while it was loaded. `tried_again`: the person wants to use the
    file in spite of its crashes.
    """

    size: int
    modified_ns: int
    loading: int = 0
    answering: int = 0
    detail: str = ""
    cut_off: bool = False
    tried_again: bool = False

    @property
    def is_quarantined(self) -> bool:
        """Whether the file may only be used when the person asks for it."""
        return self.loading + self.answering >= MAX_CRASHES and not self.tried_again


class ModelQuarantine:
    """The crashes of one root's model files. One thread uses it.

    If the disk can't be written, crashes are not counted, but answers go on.
    """

    def __init__(self, paths: Paths) -> None:
        self._attempt_path = paths.attempt
        self._path = paths.quarantine
        self._crashes = _read(self._path, dict[str, CrashRecord]) or {}
        self._attempt = _read(self._attempt_path, ModelAttempt)
        self._is_on_disk = self._attempt is not None
        if self._attempt is not None:
            self.record_cut_off(
                _("everything ended while it worked, the whole program or the computer")
            )

    def begin_attempt(self, path: str, doing: str) -> None:
        """Note what is about to be done with a file; a load is written to disk."""
        attempt = ModelAttempt(path=path, doing=doing)
        if attempt == self._attempt:
            return
        self.end_attempt()
        self._attempt = attempt
        if doing == LOADING:
            self._is_on_disk = True
            _write(self._attempt_path, attempt)

    def end_attempt(self) -> None:
        """Remove the attempt: it has ended."""
        self._attempt = None
        if self._is_on_disk:
            self._is_on_disk = False
            with contextlib.suppress(OSError):
                self._attempt_path.unlink(missing_ok=True)

    def record_loaded(self, path: str) -> None:
        """Forget the crashes of a file while loading; those while answering still count."""
        crashes = self._crashes.get(path)
        if crashes is not None and (crashes.loading or crashes.cut_off):
            after = msgspec.structs.replace(crashes, loading=0, cut_off=False)
            self._save_record(path, after if after.answering else None)

    def record_answered(self, path: str) -> None:
        """Forget all crashes of a file: it gave a whole answer."""
        if path in self._crashes:
            self._save_record(path, None)

    def record_crash(self, detail: str) -> None:
        """Count a crash of the engine during the attempt; without one, nothing is counted."""
        attempt = self._attempt
        if attempt is not None:
            count = getattr(self._known(attempt.path), attempt.doing, 0) + 1
            self._end_badly(detail, tried_again=False, **{attempt.doing: count})

    def record_cut_off(self, detail: str) -> None:
        """Note that the attempt was ended from outside: a load is not begun by itself again."""
        if self._attempt is not None and self._attempt.doing == LOADING:
            self._end_badly(detail, cut_off=True)
        self.end_attempt()

    def _end_badly(self, detail: str, **changes: int) -> None:
        attempt = self._attempt
        self.end_attempt()
        identity = None if attempt is None else _identity(attempt.path)
        if attempt is None or identity is None:
            return
        before = self._known(attempt.path) or CrashRecord(size=identity[0], modified_ns=identity[1])
        after = msgspec.structs.replace(before, detail=detail, **changes)
        self._save_record(attempt.path, after)

    def quarantine_problem(self, path: str, ref: str) -> ModelError | None:
        """Return why a file may not be used unless the person asks for it, None if it may."""
        crashes = self._known(path)
        if crashes is None or not crashes.is_quarantined:
            return None
        times = str(crashes.loading + crashes.answering)
        name = Path(path).name
        return ModelError(
            ErrorCode.MODEL_PUT_ASIDE, file=name, times=times, detail=crashes.detail, ref=ref
        )

    def preload_problem(self, path: str) -> ModelError | None:
        """Return why a file is not preloaded: it crashed when it was last loaded; None if not."""
        crashes = self._known(path)
        if crashes is None or not (crashes.loading or crashes.cut_off):
            return None
        return ModelError(ErrorCode.MODEL_SUSPECT, file=Path(path).name, detail=crashes.detail)

    def allow_retry(self, path: str) -> None:
        """Let a file be used again; its next crash puts it back into quarantine."""
        crashes = self._known(path)
        if crashes is not None and crashes.is_quarantined:
            self._save_record(path, msgspec.structs.replace(crashes, tried_again=True))

    def _known(self, path: str) -> CrashRecord | None:
        """Return the crashes of the file that is at the path now."""
        crashes = self._crashes.get(path)
        if crashes is None or _identity(path) != (crashes.size, crashes.modified_ns):
            return None
        return crashes

    def _save_record(self, path: str, crashes: CrashRecord | None) -> None:
        if crashes is None:
            self._crashes.pop(path, None)
        else:
            self._crashes[path] = crashes
        _write(self._path, self._crashes)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def _read(path: Path, kind: type[Content]) -> Content | None:
    """Return the content of a file; None for a missing or damaged one."""
    return read_state_file(path, kind)


def _write(path: Path, content: object) -> None:
    try:
        write_data_file(path, msgspec.json.encode(content))
    except StorageError:
        _log.exception("%s can't be written", path.name)
