"""The work of the shelf: scans, checksums, copies, removing; in the background where it is long."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from send2trash import send2trash

from core import settings as declared
from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_models import (
    ChecksumKnown,
    ChecksumProgress,
    CopyProgress,
    ModelAdded,
    ModelRemoved,
    ShelfScanned,
    ShelfScanning,
)
from core.app.problems import problem_of
from core.errors import Code, InglenookError, ModelError
from core.models.checksums import Summed, checksum
from core.models.copying import copy_in
from core.models.entry import AdapterEntry, ModelEntry, Origin
from core.models.errands import Course, Errands, Told
from core.models.facts import shown_path
from core.models.scanning import Seen, scan
from core.models.shelf import Shelf
from core.models.stores import Places
from core.paths import Paths
from core.settings import Settings
from core.storage import write_aside

_log = logging.getLogger(__name__)


class ShelfDesk:
    """One thread uses it. Methods that return a request's id are answered by events with it.

    `release` gives a file's memory back before it goes; it returns whether that could be done.
    """

    def __init__(
        self,
        paths: Paths,
        shelf: Shelf,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        wake: Callable[[], None],
        release: Callable[[str], bool],
    ) -> None:
        self._paths = paths
        self._shelf = shelf
        self._settings = settings
        self._emit = emit
        self._release = release
        self._files = Errands("shelf", wake)
        self._sums = Errands("checksums", wake, idle=True)
        self._on_told: dict[str, Callable[[Told], None]] = {}
        self._scan = ""
        self._summing: dict[str, str] = {}  # paths by errand
        self._asked: set[str] = set()  # errands a person waits for
        self._changing: set[str] = set()
        self._sums_follow = False

    # ------------------------------------------------------------ folders

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are looked through for models."""
        return self._shelf.folders

    def add_folder(self, path: str) -> str:
        """Look through a folder from now on: ShelfScanned carries the id. Raises ModelError."""
        self._shelf.add_folder(path)
        return self.scan()

    def forget_folder(self, path: str) -> None:
        """Look through a folder no more; its files stay where they are. Raises ModelError."""
        self._shelf.forget_folder(path)
        self._emit(ModelsChanged())

    def start(self) -> None:
        """Scan, and compute what checksums are missing after each scan: a window stays open."""
        self._sums_follow = True
        self.scan()

    def scan(self) -> str:
        """Look through all folders and other programs' stores: ShelfScanned carries the id."""
        if self._scan:
            self._files.cancel(self._scan)
        places = Places.here() if self._settings.get(declared.OTHER_APPS) else None
        look = self._shelf.look(places)

        def errand(course: Course) -> Seen:
            return scan(look, lambda *progress: course.tell(progress), course.check)

        self._scan = self._submit(self._files, errand, self._on_scan)
        return self._scan

    # ------------------------------------------------------------ files

    def copy(self, path: str) -> str:
        """Copy a model into the app's own folder: CopyProgress, then ModelAdded. Raises ModelError.

        It is checked before.
        """
        entry = self._shelf.find(path)
        if entry.problem_code:
            raise ModelError(Code(entry.problem_code), **entry.problem_facts)
        files = tuple(Path(file.path) for file in entry.files)

        def errand(course: Course) -> Path:
            return copy_in(files, self._paths.models, course.tell, course.check)

        return self._submit(self._files, errand, lambda told: self._on_copy(told, entry.path))

    def add_adapter(self, path: str) -> AdapterEntry:
        """Put a LoRA adapter on the shelf, where it lies. Raises ModelError or StorageError."""
        adapter = self._shelf.add_adapter(path)
        self._emit(ModelsChanged())
        return adapter

    def remove(self, ref: str) -> ModelRemoved:
        """Take a model or adapter off the shelf; one in the app's own folder goes to the trash.

        Any other file stays where it is. Raises ModelError or StorageError, and nothing changes.
        """
        adapter = next((each for each in self._shelf.adapters() if each.ref == ref), None)
        entry = adapter or self._shelf.find(ref)
        if entry.origin == Origin.SHIPPED:
            raise ModelError(Code.MODEL_NOT_OURS, file=Path(entry.path).name, ref=entry.ref)
        if isinstance(entry, ModelEntry) and not self._release(entry.path):
            raise ModelError(Code.MODEL_IN_USE, file=Path(entry.path).name)
        trashed = entry.is_ours and Path(entry.path).exists()
        if trashed:
            self._stop_sums(entry.path)
            for file in self._files_of(entry):
                _trash(file)
        else:
            self._shelf.forget(entry.ref)
        removed = ModelRemoved(ref=entry.ref, path=entry.path, trashed=trashed)
        self._emit(removed)
        self._emit(ModelsChanged())
        return removed

    # ------------------------------------------------------------ checksums

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

    def sum_all(self) -> None:
        """Compute what checksums are missing, in the background; those that may be twins first."""
        wanted = [
            (not entry.twins, file.bytes, file.path)
            for entry in self._shelf.entries()
            if not entry.problem_code
            for file in entry.files
            if not file.sha256 and file.path not in self._changing
        ]
        under_way = set(self._summing.values())
        for _alone, _size, path in sorted(wanted):
            if path not in under_way:
                self._sum(path)

    def checksum_state(self, path: str) -> str:
        """Return how a file's checksum stands: known, waiting, changing or unknown."""
        if path in self._summing.values():
            return "waiting"
        if path in self._changing:
            return "changing"
        files = (file for entry in self._shelf.entries() for file in entry.files)
        known = any(file.sha256 for file in files if file.path == path)
        return "known" if known else "unknown"

    # ------------------------------------------------------------ course

    def cancel(self, request_id: str) -> None:
        """End what is done in the background; RequestFailed with the code `cancelled` follows."""
        self._files.cancel(request_id)
        self._sums.cancel(request_id)

    def pump(self) -> None:
        """Take what was done in the background and tell the front end."""
        for told in (*self._files.poll(), *self._sums.poll()):
            on_told = self._on_told.get(told.errand)
            if told.ended:
                self._on_told.pop(told.errand, None)
            if on_told:
                on_told(told)

    def close(self) -> None:
        """End what is done in the background, and keep what was read for the next start."""
        self._files.close()
        self._sums.close()
        if self._shelf.memory.changed:
            self._write(self._shelf.memory.packed())

    # ------------------------------------------------------------ inside

    def _submit(
        self, errands: Errands, errand: Callable[[Course], object], on_told: Callable[[Told], None]
    ) -> str:
        name = errands.submit(errand)
        self._on_told[name] = on_told
        return name

    def _sum(self, path: str) -> str:
        self._changing.discard(path)
        name = self._submit(
            self._sums,
            lambda course: checksum(Path(path), course.tell, course.check),
            lambda told: self._on_sum(told, path),
        )
        self._summing[name] = path
        return name

    def _stop_sums(self, path: str) -> None:
        for name, file in self._summing.items():
            if file == path:
                self._sums.cancel(name)

    def _files_of(self, entry: ModelEntry | AdapterEntry) -> Iterable[Path]:
        if isinstance(entry, ModelEntry):
            return [Path(file.path) for file in entry.files]
        return [Path(entry.path)]

    def _on_scan(self, told: Told) -> None:
        if not told.ended:
            found, read, current = told.value
            self._emit(
                ShelfScanning(request_id=told.errand, found=found, read=read, current=current)
            )
            return
        if told.errand == self._scan:
            self._scan = ""
        if isinstance(told.value, InglenookError):
            self._fail(told.errand, told.value)
            return
        seen: Seen = told.value
        try:
            self._shelf.take(seen)
        except InglenookError as error:
            self._fail(told.errand, error)
            return
        if self._shelf.memory.changed:
            packed = self._shelf.memory.packed()
            self._files.submit(lambda _course: self._write(packed))
        if self._sums_follow:
            self._changing.clear()
            self.sum_all()
        self._emit(ModelsChanged())
        self._emit(
            ShelfScanned(
                request_id=told.errand,
                models=len(self._shelf.entries()),
                new=seen.new,
                seconds=seen.seconds,
                away=seen.away,
            )
        )

    def _on_sum(self, told: Told, path: str) -> None:
        if not told.ended:
            done, total = told.value
            self._emit(ChecksumProgress(request_id=told.errand, path=path, done=done, total=total))
            return
        self._summing.pop(told.errand, None)
        asked = told.errand in self._asked
        self._asked.discard(told.errand)
        if isinstance(told.value, InglenookError):
            if told.value.code == Code.MODEL_CHANGING:
                self._changing.add(path)
                self._emit(ModelsChanged())
            if asked:
                self._fail(told.errand, told.value)
            return
        self._emit(self._known(told.errand, told.value))
        self._emit(ModelsChanged())

    def _known(self, errand: str, summed: Summed) -> ChecksumKnown:
        """Compare a checksum with what it was for the same size and time, or is by its name."""
        memory = self._shelf.memory
        expected = memory.sha256(summed.path, summed.stamp) or self._shelf.expected_sum(summed.path)
        wrong = None
        if expected and expected != summed.sha256:
            error = ModelError(
                Code.MODEL_CHECKSUM_WRONG,
                file=shown_path(Path(summed.path)),
                found=summed.sha256,
                expected=expected,
            )
            wrong = problem_of(error)
        memory.keep_sum(summed.path, summed.stamp, summed.sha256)
        return ChecksumKnown(
            request_id=errand,
            path=summed.path,
            sha256=summed.sha256,
            expected=expected,
            wrong=wrong,
        )

    def _on_copy(self, told: Told, path: str) -> None:
        if not told.ended:
            done, total = told.value
            self._emit(CopyProgress(request_id=told.errand, path=path, done=done, total=total))
        elif isinstance(told.value, InglenookError):
            self._fail(told.errand, told.value)
        else:
            entry = self._shelf.find(str(told.value))
            self._emit(ModelsChanged())
            self._emit(ModelAdded(request_id=told.errand, ref=entry.ref, path=entry.path))

    def _fail(self, request_id: str, error: InglenookError) -> None:
        self._emit(RequestFailed(request_id=request_id, problem=problem_of(error)))

    def _write(self, packed: bytes) -> None:
        try:
            write_aside(self._paths.shelf_facts, packed)
        except InglenookError:  # the headers are read again at the next start
            _log.exception("what was read of model files is not remembered")


def _trash(file: Path) -> None:
    """Move a file to the system's trash. Raises ModelError."""
    try:
        send2trash(file)
    except OSError as error:  # its TrashPermissionError is one too
        detail = error.strerror or str(error)
        raise ModelError(
            Code.MODEL_NOT_TRASHED, file=file.name, path=str(file), detail=detail
        ) from error
