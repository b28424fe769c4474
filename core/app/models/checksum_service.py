"""SHA-256 checksums of model files, computed at idle priority, compared and remembered."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.problems import problem_of
from core.base.errors import ErrorCode, ModelError
from core.chat.answering.answer_events import Problem
from core.ipc.reply import Reply
from core.messages import Failed
from core.models.files.byte_progress import ByteProgress
from core.models.files.file_checksum import FileChecksum, compute_checksum
from core.models.files.file_task_thread import FileTaskContext, FileTaskThread
from core.models.info.model_facts import display_path
from core.models.registry.model_registry import ModelRegistry


class VerifiedChecksum(NamedTuple):
    """A file's SHA-256. `expected` is what it should be, "" where nobody knows.

    `mismatch` says that it differs from `expected`: in words, with what to do.
    """

    path: str
    sha256: str
    expected: str
    mismatch: Problem | None


class ChecksumService:
    """Computes checksums of the files of one root. One thread uses it.

    `tasks` are polled and closed by their owner. ModelsChanged follows each checksum.
    """

    def __init__(
        self, registry: ModelRegistry, tasks: FileTaskThread, emit: Callable[[AppEvent], None]
    ) -> None:
        self._registry = registry
        self._tasks = tasks
        self._emit = emit
        self._running: dict[Reply[ByteProgress, FileChecksum], str] = {}  # to the paths
        self._changing: set[str] = set()  # paths of files that changed while they were read

    def verify_checksums(self, ref: str) -> tuple[Reply[ByteProgress, VerifiedChecksum], ...]:
        """Compute the SHA-256 of a model's files anew, a reply for each file.

        Raises ModelError for a model that is not there.
        """
        entry = self._registry.find_model(ref)
        if not entry.files:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        return tuple(self._start_checksum(file.path) for file in entry.files)

    def compute_missing_checksums(self) -> None:
        """Compute what is not known, one after the other; possible duplicates first."""
        self._changing.clear()
        running = set(self._running.values())
        missing = [
            (not entry.duplicates, file.bytes, file.path)
            for entry in self._registry.list_models()
            if not entry.problem_code
            for file in entry.files
            if not file.sha256 and file.path not in running
        ]
        for _is_single, _size, path in sorted(missing):
            self._start_checksum(path)

    def checksum_state(self, path: str) -> str:
        """Return the state of a file's checksum: waiting, changing, known or unknown."""
        if path in self._running.values():
            return "waiting"
        if path in self._changing:
            return "changing"
        files = (file for entry in self._registry.list_models() for file in entry.files)
        known = any(file.sha256 for file in files if file.path == path)
        return "known" if known else "unknown"

    def cancel_file(self, path: str) -> None:
        """Stop reading a file, which is about to be removed."""
        for task, file in self._running.items():
            if file == path:
                task.cancel()

    def _start_checksum(self, path: str) -> Reply[ByteProgress, VerifiedChecksum]:
        def compute(context: FileTaskContext[ByteProgress]) -> FileChecksum:
            return compute_checksum(Path(path), context.report_progress, context.raise_if_cancelled)

        task = self._tasks.submit_task(compute)
        self._running[task] = path
        task.on_error(lambda failed: self._on_failed(task, failed))
        verified = task.convert(lambda checksum: self._record(task, checksum))
        # Registered last: listeners of ModelsChanged have to see the new state.
        task.on_done(self._emit_change).on_error(self._emit_change)
        return verified

    def _on_failed(self, task: Reply[ByteProgress, FileChecksum], failed: Failed) -> None:
        path = self._running.pop(task)
        if failed.code == ErrorCode.MODEL_CHANGING:
            self._changing.add(path)

    def _record(
        self, task: Reply[ByteProgress, FileChecksum], checksum: FileChecksum
    ) -> VerifiedChecksum:
        """Compare a checksum with the one of the same size and time before, or of its name."""
        del self._running[task]
        cache, path = self._registry.cache, checksum.path
        expected = cache.known_sha256(path, checksum.stamp) or cache.expected_sha256(path)
        mismatch = None
        if expected and expected != checksum.sha256:
            error = ModelError(
                ErrorCode.MODEL_CHECKSUM_WRONG,
                file=display_path(Path(path)),
                found=checksum.sha256,
                expected=expected,
            )
            mismatch = problem_of(error)
        cache.store_sha256(path, checksum.stamp, checksum.sha256)
        return VerifiedChecksum(path, checksum.sha256, expected, mismatch)

    def _emit_change(self, _end: FileChecksum | Failed) -> None:
        self._emit(ModelsChanged())
