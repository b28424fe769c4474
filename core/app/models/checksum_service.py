"""SHA-256 checksums of model files, computed at idle priority, compared and remembered."""

from collections.abc import Callable
from pathlib import Path

from core.app.events.app_events import AppEvent, ModelsChanged, RequestFailed
from core.app.events.model_events import ChecksumKnown, ChecksumProgress
from core.app.problems import problem_of
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.models.files.file_checksum import FileChecksum, compute_checksum
from core.models.files.file_task_thread import FileTaskEvent, FileTaskThread
from core.models.info.model_facts import display_path
from core.models.registry.model_registry import ModelRegistry


class ChecksumService:
    """One thread uses it. What it is asked for is answered by events with the returned ids."""

    def __init__(
        self, shelf: ModelRegistry, emit: Callable[[AppEvent], None], wake: Callable[[], None]
    ) -> None:
        self._shelf = shelf
        self._emit = emit
        self._errands = FileTaskThread("checksums", wake, idle=True)
        self._paths: dict[str, str] = {}  # by errand
        self._asked: set[str] = set()  # errands a person waits for
        self._changing: set[str] = set()

    def verify_checksums(self, ref: str) -> tuple[str, ...]:
        """Compute a model's SHA-256 anew: ChecksumKnown for each file carries one of the ids.

        Raises ModelError for a model that is not there.
        """
        entry = self._shelf.find_model(ref)
        if not entry.files:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        ids = tuple(self._start_checksum(file.path) for file in entry.files)
        self._asked.update(ids)
        return ids

    def compute_missing_checksums(self) -> None:
        """Compute what is not known, one after the other; what may be twins first."""
        self._changing.clear()
        under_way = set(self._paths.values())
        wanted = [
            (not entry.twins, file.bytes, file.path)
            for entry in self._shelf.list_models()
            if not entry.problem_code
            for file in entry.files
            if not file.sha256 and file.path not in under_way
        ]
        for _alone, _size, path in sorted(wanted):
            self._start_checksum(path)

    def checksum_state(self, path: str) -> str:
        """Return how a file's checksum stands: waiting, changing, known or unknown."""
        if path in self._paths.values():
            return "waiting"
        if path in self._changing:
            return "changing"
        files = (file for entry in self._shelf.list_models() for file in entry.files)
        known = any(file.sha256 for file in files if file.path == path)
        return "known" if known else "unknown"

    def cancel(self, request_id: str) -> None:
        """End one; RequestFailed with the code `cancelled` follows if a person had asked for it."""
        self._errands.cancel(request_id)

    def cancel_file(self, path: str) -> None:
        """Leave a file alone: it is going away."""
        for errand, file in self._paths.items():
            if file == path:
                self._errands.cancel(errand)

    def process_task_events(self) -> None:
        """Take what was computed and tell the front end."""
        for told in self._errands.poll():
            path = self._paths.get(told.errand, "")
            if told.ended:
                self._on_end(told, path)
            else:
                done, total = told.value
                self._emit(
                    ChecksumProgress(request_id=told.errand, path=path, done=done, total=total)
                )

    def close(self) -> None:
        """End them all."""
        self._errands.close()

    def _start_checksum(self, path: str) -> str:
        errand = self._errands.submit_task(
            lambda course: compute_checksum(
                Path(path), course.report_progress, course.raise_if_cancelled
            )
        )
        self._paths[errand] = path
        return errand

    def _on_end(self, told: FileTaskEvent, path: str) -> None:
        self._paths.pop(told.errand, None)
        asked = told.errand in self._asked
        self._asked.discard(told.errand)
        if not isinstance(told.value, InglenookError):
            self._emit(self._known(told.errand, told.value))
        elif asked:
            problem = problem_of(told.value)
            self._emit(RequestFailed(request_id=told.errand, problem=problem))
        if isinstance(told.value, InglenookError) and told.value.code == ErrorCode.MODEL_CHANGING:
            self._changing.add(path)
        self._emit(ModelsChanged())

    def _known(self, errand: str, summed: FileChecksum) -> ChecksumKnown:
        """Compare a checksum with what it was for the same size and time, or is by its name."""
        memory, path = self._shelf.cache, summed.path
        expected = memory.known_sha256(path, summed.stamp) or memory.expected_sha256(path)
        wrong = None
        if expected and expected != summed.sha256:
            error = ModelError(
                ErrorCode.MODEL_CHECKSUM_WRONG,
                file=display_path(Path(path)),
                found=summed.sha256,
                expected=expected,
            )
            wrong = problem_of(error)
        memory.store_sha256(path, summed.stamp, summed.sha256)
        return ChecksumKnown(
            request_id=errand, path=path, sha256=summed.sha256, expected=expected, wrong=wrong
        )
