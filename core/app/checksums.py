"""The SHA-256 of model files: computed with what the machine has to spare, compared, remembered."""

from collections.abc import Callable
from pathlib import Path

from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_models import ChecksumKnown, ChecksumProgress
from core.app.problems import problem_of
from core.errors import Code, InglenookError, ModelError
from core.models.checksums import Summed, checksum
from core.models.errands import Errands, Told
from core.models.facts import shown_path
from core.models.shelf import Shelf


class ChecksumDesk:
    """One thread uses it. What it is asked for is answered by events with the returned ids."""

    def __init__(
        self, shelf: Shelf, emit: Callable[[AppEvent], None], wake: Callable[[], None]
    ) -> None:
        self._shelf = shelf
        self._emit = emit
        self._errands = Errands("checksums", wake, idle=True)
        self._paths: dict[str, str] = {}  # by errand
        self._asked: set[str] = set()  # errands a person waits for
        self._changing: set[str] = set()

    def verify(self, ref: str) -> tuple[str, ...]:
        """Compute a model's SHA-256 anew: ChecksumKnown for each file carries one of the ids.

        Raises ModelError for a model that is not there.
        """
        entry = self._shelf.find(ref)
        if not entry.files:
            raise ModelError(Code(entry.problem_code), **entry.problem_facts)
        ids = tuple(self._sum(file.path) for file in entry.files)
        self._asked.update(ids)
        return ids

    def all_missing(self) -> None:
        """Compute what is not known, one after the other; what may be twins first."""
        self._changing.clear()
        under_way = set(self._paths.values())
        wanted = [
            (not entry.twins, file.bytes, file.path)
            for entry in self._shelf.entries()
            if not entry.problem_code
            for file in entry.files
            if not file.sha256 and file.path not in under_way
        ]
        for _alone, _size, path in sorted(wanted):
            self._sum(path)

    def state(self, path: str) -> str:
        """Return how a file's checksum stands: waiting, changing, known or unknown."""
        if path in self._paths.values():
            return "waiting"
        if path in self._changing:
            return "changing"
        files = (file for entry in self._shelf.entries() for file in entry.files)
        known = any(file.sha256 for file in files if file.path == path)
        return "known" if known else "unknown"

    def cancel(self, request_id: str) -> None:
        """End one; RequestFailed with the code `cancelled` follows if a person had asked for it."""
        self._errands.cancel(request_id)

    def stop(self, path: str) -> None:
        """Leave a file alone: it is going away."""
        for errand, file in self._paths.items():
            if file == path:
                self._errands.cancel(errand)

    def pump(self) -> None:
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

    def _sum(self, path: str) -> str:
        errand = self._errands.submit(
            lambda course: checksum(Path(path), course.tell, course.check)
        )
        self._paths[errand] = path
        return errand

    def _on_end(self, told: Told, path: str) -> None:
        self._paths.pop(told.errand, None)
        asked = told.errand in self._asked
        self._asked.discard(told.errand)
        if not isinstance(told.value, InglenookError):
            self._emit(self._known(told.errand, told.value))
        elif asked:
            problem = problem_of(told.value)
            self._emit(RequestFailed(request_id=told.errand, problem=problem))
        if isinstance(told.value, InglenookError) and told.value.code == Code.MODEL_CHANGING:
            self._changing.add(path)
        self._emit(ModelsChanged())

    def _known(self, errand: str, summed: Summed) -> ChecksumKnown:
        """Compare a checksum with what it was for the same size and time, or is by its name."""
        memory, path = self._shelf.memory, summed.path
        expected = memory.sha256(path, summed.stamp) or memory.expected_sum(path)
        wrong = None
        if expected and expected != summed.sha256:
            error = ModelError(
                Code.MODEL_CHECKSUM_WRONG,
                file=shown_path(Path(path)),
                found=summed.sha256,
                expected=expected,
            )
            wrong = problem_of(error)
        memory.keep_sum(path, summed.stamp, summed.sha256)
        return ChecksumKnown(
            request_id=errand, path=path, sha256=summed.sha256, expected=expected, wrong=wrong
        )
