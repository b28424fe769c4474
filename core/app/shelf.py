"""The work of the shelf: scans, checksums, copies, removing; in the background where it is long."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from send2trash import send2trash

from core import settings as declared
from core.app.checksums import ChecksumDesk
from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_models import (
    CopyProgress,
    ModelAdded,
    ModelRemoved,
    ShelfScanned,
    ShelfScanning,
)
from core.app.problems import problem_of
from core.errors import Code, InglenookError, ModelError
from core.models.copying import copy_in
from core.models.entry import AdapterEntry, ModelEntry, Origin
from core.models.errands import Course, Errands, Told
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
        *,
        checksums: ChecksumDesk,
        release: Callable[[str], bool],
    ) -> None:
        self._paths = paths
        self._shelf = shelf
        self._settings = settings
        self._emit = emit
        self._release = release
        self._files = Errands("shelf", wake)
        self._checksums = checksums
        self._on_told: dict[str, Callable[[Told], None]] = {}
        self._scan = ""
        self._sums_follow = False
        self._unwritten = ""  # the errand that writes what was read

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
            self._checksums.stop(entry.path)
            for file in self._files_of(entry):
                _trash(file)
        else:
            self._shelf.forget(entry.ref)
        removed = ModelRemoved(ref=entry.ref, path=entry.path, trashed=trashed)
        self._emit(removed)
        self._emit(ModelsChanged())
        return removed

    # ------------------------------------------------------------ course

    def cancel(self, request_id: str) -> None:
        """End what is done in the background; RequestFailed with the code `cancelled` follows."""
        self._files.cancel(request_id)

    def pump(self) -> None:
        """Take what was done in the background and tell the front end."""
        for told in self._files.poll():
            on_told = self._on_told.get(told.errand)
            if told.ended:
                self._on_told.pop(told.errand, None)
            if on_told:
                on_told(told)
        self._checksums.pump()

    def close(self) -> None:
        """End what is done in the background, and keep what was read for the next start."""
        self._files.close()
        self._checksums.close()
        if self._shelf.memory.changed or self._unwritten:
            self._write(self._shelf.memory.packed())
            self._unwritten = ""

    # ------------------------------------------------------------ inside

    def _submit(
        self, errands: Errands, errand: Callable[[Course], object], on_told: Callable[[Told], None]
    ) -> str:
        name = errands.submit(errand)
        self._on_told[name] = on_told
        return name

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
            self._unwritten = self._submit(
                self._files, lambda _course: self._write(packed), self._on_written
            )
        if self._sums_follow:
            self._checksums.all_missing()
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

    def _on_written(self, told: Told) -> None:
        if told.errand == self._unwritten:
            self._unwritten = ""

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
