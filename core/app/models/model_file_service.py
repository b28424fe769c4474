"""Model file operations: folder scans, copies and removal, slow ones in the background."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from send2trash import send2trash

from core.app.events.app_events import AppEvent, ModelsChanged, RequestFailed
from core.app.events.model_events import (
    ModelAdded,
    ModelCopyProgress,
    ModelRemoved,
    ModelScanFinished,
    ModelScanProgress,
)
from core.app.models.checksum_service import ChecksumService
from core.app.problems import problem_of
from core.base.data_files import write_data_file
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.models.files.file_task_thread import FileTaskContext, FileTaskEvent, FileTaskThread
from core.models.files.model_copy import copy_model_files
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelOrigin
from core.models.registry.model_registry import ModelRegistry
from core.models.registry.model_scan import ScanResult, scan_for_models
from core.models.stores import StoreLocations

_log = logging.getLogger(__name__)


class ModelFileService:
    """One thread uses it. Methods that return a request's id are answered by events with it.

    `release` gives a file's memory back before it goes; it returns whether that could be done.
    """

    def __init__(
        self,
        paths: Paths,
        shelf: ModelRegistry,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        wake: Callable[[], None],
        *,
        checksums: ChecksumService,
        release: Callable[[str], bool],
    ) -> None:
        self._paths = paths
        self._shelf = shelf
        self._settings = settings
        self._emit = emit
        self._release = release
        self._files = FileTaskThread("shelf", wake)
        self._checksums = checksums
        self._on_told: dict[str, Callable[[FileTaskEvent], None]] = {}
        self._scan = ""
        self._sums_follow = False
        self._unwritten = ""  # the errand that writes what was read

    # ------------------------------------------------------------ folders

    @property
    def model_folders(self) -> tuple[str, ...]:
        """The folders that are looked through for models."""
        return self._shelf.model_folders

    def add_model_folder(self, path: str) -> str:
        """Scan a folder from now on: ModelScanFinished carries the id. Raises ModelError."""
        self._shelf.add_folder(path)
        return self.scan_models()

    def remove_model_folder(self, path: str) -> None:
        """Look through a folder no more; its files stay where they are. Raises ModelError."""
        self._shelf.forget_folder(path)
        self._emit(ModelsChanged())

    def start(self) -> None:
        """Scan, and compute what checksums are missing after each scan: a window stays open."""
        self._sums_follow = True
        self.scan_models()

    def scan_models(self) -> str:
        """Look through all folders and other programs' stores: ModelScanFinished carries the id."""
        if self._scan:
            self._files.cancel(self._scan)
        places = (
            StoreLocations.of_current_user()
            if self._settings.get_value(declared.OTHER_APPS)
            else None
        )
        look = self._shelf.scan_request(places)

        def errand(course: FileTaskContext) -> ScanResult:
            return scan_for_models(
                look, lambda *progress: course.report_progress(progress), course.raise_if_cancelled
            )

        self._scan = self._submit(self._files, errand, self._on_scan)
        return self._scan

    # ------------------------------------------------------------ files

    def copy_model(self, path: str) -> str:
        """Copy a model into the app's own folder: ModelCopyProgress, then ModelAdded.

        It is checked before. Raises ModelError.
        """
        entry = self._shelf.find_model(path)
        if entry.problem_code:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        files = tuple(Path(file.path) for file in entry.files)

        def errand(course: FileTaskContext) -> Path:
            return copy_model_files(
                files, self._paths.models, course.report_progress, course.raise_if_cancelled
            )

        return self._submit(self._files, errand, lambda told: self._on_copy(told, entry.path))

    def add_adapter(self, path: str) -> AdapterEntry:
        """Put a LoRA adapter on the shelf, where it lies. Raises ModelError or StorageError."""
        adapter = self._shelf.add_adapter(path)
        self._emit(ModelsChanged())
        return adapter

    def remove_model(self, ref: str) -> ModelRemoved:
        """Take a model or adapter off the shelf; one in the app's own folder goes to the trash.

        Any other file stays where it is. Raises ModelError or StorageError, and nothing changes.
        """
        adapter = next((each for each in self._shelf.list_adapters() if each.ref == ref), None)
        entry = adapter or self._shelf.find_model(ref)
        if entry.origin == ModelOrigin.SHIPPED:
            raise ModelError(ErrorCode.MODEL_NOT_OURS, file=Path(entry.path).name, ref=entry.ref)
        if isinstance(entry, ModelEntry) and not self._release(entry.path):
            raise ModelError(ErrorCode.MODEL_IN_USE, file=Path(entry.path).name)
        trashed = entry.is_ours and Path(entry.path).exists()
        if trashed:
            self._checksums.cancel_file(entry.path)
            for file in self._files_of(entry):
                _trash(file)
        else:
            self._shelf.forget_model(entry.ref)
        removed = ModelRemoved(ref=entry.ref, path=entry.path, trashed=trashed)
        self._emit(removed)
        self._emit(ModelsChanged())
        return removed

    # ------------------------------------------------------------ course

    def cancel(self, request_id: str) -> None:
        """End what is done in the background; RequestFailed with the code `cancelled` follows."""
        self._files.cancel(request_id)

    def process_task_events(self) -> None:
        """Take what was done in the background and tell the front end."""
        for told in self._files.poll():
            on_told = self._on_told.get(told.errand)
            if told.ended:
                self._on_told.pop(told.errand, None)
            if on_told:
                on_told(told)
        self._checksums.process_task_events()

    def close(self) -> None:
        """End what is done in the background, and keep what was read for the next start."""
        self._files.close()
        self._checksums.close()
        if self._shelf.cache.changed or self._unwritten:
            self._write(self._shelf.cache.encode_cache())
            self._unwritten = ""

    # ------------------------------------------------------------ inside

    def _submit(
        self,
        errands: FileTaskThread,
        errand: Callable[[FileTaskContext], object],
        on_told: Callable[[FileTaskEvent], None],
    ) -> str:
        name = errands.submit_task(errand)
        self._on_told[name] = on_told
        return name

    def _files_of(self, entry: ModelEntry | AdapterEntry) -> Iterable[Path]:
        if isinstance(entry, ModelEntry):
            return [Path(file.path) for file in entry.files]
        return [Path(entry.path)]

    def _on_scan(self, told: FileTaskEvent) -> None:
        if not told.ended:
            found, read, current = told.value
            self._emit(
                ModelScanProgress(request_id=told.errand, found=found, read=read, current=current)
            )
            return
        if told.errand == self._scan:
            self._scan = ""
        if isinstance(told.value, InglenookError):
            self._fail(told.errand, told.value)
            return
        seen: ScanResult = told.value
        try:
            self._shelf.apply_scan(seen)
        except InglenookError as error:
            self._fail(told.errand, error)
            return
        if self._shelf.cache.changed:
            packed = self._shelf.cache.encode_cache()
            self._unwritten = self._submit(
                self._files, lambda _course: self._write(packed), self._on_written
            )
        if self._sums_follow:
            self._checksums.compute_missing_checksums()
        self._emit(ModelsChanged())
        self._emit(
            ModelScanFinished(
                request_id=told.errand,
                models=len(self._shelf.list_models()),
                new=seen.new,
                seconds=seen.seconds,
                away=seen.away,
            )
        )

    def _on_copy(self, told: FileTaskEvent, path: str) -> None:
        if not told.ended:
            done, total = told.value
            self._emit(ModelCopyProgress(request_id=told.errand, path=path, done=done, total=total))
        elif isinstance(told.value, InglenookError):
            self._fail(told.errand, told.value)
        else:
            entry = self._shelf.find_model(str(told.value))
            self._emit(ModelsChanged())
            self._emit(ModelAdded(request_id=told.errand, ref=entry.ref, path=entry.path))

    def _fail(self, request_id: str, error: InglenookError) -> None:
        self._emit(RequestFailed(request_id=request_id, problem=problem_of(error)))

    def _on_written(self, told: FileTaskEvent) -> None:
        if told.errand == self._unwritten:
            self._unwritten = ""

    def _write(self, packed: bytes) -> None:
        try:
            write_data_file(self._paths.model_registry_cache, packed)
        except InglenookError:  # the headers are read again at the next start
            _log.exception("what was read of model files is not remembered")


def _trash(file: Path) -> None:
    """Move a file to the system's trash. Raises ModelError."""
    try:
        send2trash(file)
    except OSError as error:  # its TrashPermissionError is one too
        detail = error.strerror or str(error)
        raise ModelError(
            ErrorCode.MODEL_NOT_TRASHED, file=file.name, path=str(file), detail=detail
        ) from error
