"""Model file operations: folder scans, copies and removal, slow ones in the background."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Never

from send2trash import send2trash

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.events.model_events import ModelScanFinished, ModelScanProgress, ModelTaskFailed
from core.app.models.checksum_service import ChecksumService
from core.base.data_files import write_data_file
from core.base.errors import ErrorCode, InglenookError, ModelError, storage_error_from_os
from core.base.paths import OUTCOME_SUFFIX, Paths
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.ipc.reply import Reply
from core.messages import Failed
from core.models.files.byte_progress import ByteProgress
from core.models.files.file_task_thread import FileTaskContext, FileTaskThread
from core.models.files.model_copy import copy_model_files
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelOrigin
from core.models.registry.model_registry import ModelRegistry
from core.models.registry.model_scan import ScanResult, scan_for_models
from core.models.stores import StoreLocations

_log = logging.getLogger(__name__)

Scan = Reply[ModelScanProgress, ModelScanFinished]


class RemovedModel(NamedTuple):
    """A model that is off the list.

    `trashed`: its file went to the system's trash; `deleted`: it is gone, as an adapter that was
    trained here, which holds words of a person; else it stays where it is.
    """

    ref: str
    path: str
    trashed: bool
    deleted: bool


class ModelFileService:
    """Folders of models, and slow work on model files in the background. One thread uses it.

    `tasks` are polled and closed by their owner. `release` frees the memory of the model at
    a path before its file goes; it returns whether that could be done.
    """

    def __init__(
        self,
        paths: Paths,
        registry: ModelRegistry,
        settings: Settings,
        tasks: FileTaskThread,
        checksums: ChecksumService,
        *,
        release: Callable[[str], bool],
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._paths = paths
        self._registry = registry
        self._settings = settings
        self._emit = emit
        self._release = release
        self.forget_adapter: Callable[[str], object] = str
        """Takes an adapter whose file is gone out of the settings of models."""
        self._tasks = tasks
        self._checksums = checksums
        self._scan: Scan | None = None
        self._computes_checksums = False
        self._cache_write: Reply[Never, None] | None = None

    # ------------------------------------------------------------ folders

    def add_model_folder(self, path: str) -> Scan:
        """Scan a folder from now on, the first time at once. Raises ModelError."""
        self._registry.add_folder(path)
        return self.scan_models()

    def remove_model_folder(self, path: str) -> None:
        """Scan a folder no more; its files stay where they are. Raises ModelError."""
        self._registry.forget_folder(path)
        self._emit(ModelsChanged())

    def start(self) -> None:
        """Scan, and compute missing checksums after each scan and copy: a window stays open."""
        self._computes_checksums = True
        self.scan_models()

    def scan_models(self) -> Scan:
        """Scan all folders and other programs' stores; a scan that is running is cancelled.

        Progress and end are emitted too: every window shows them.
        """
        self.cancel_scan()
        stores = (
            StoreLocations.of_current_user()
            if self._settings.get_value(declared.OTHER_APPS)
            else None
        )
        request = self._registry.scan_request(stores)

        def scan_places(context: FileTaskContext[ModelScanProgress]) -> ScanResult:
            return scan_for_models(
                request,
                lambda found, read, current: context.report_progress(
                    ModelScanProgress(found=found, read=read, current=current)
                ),
                context.raise_if_cancelled,
            )

        scan = self._scan = self._tasks.submit_task(scan_places).convert(self._apply_scan)
        scan.on_progress(self._emit)
        scan.on_done(lambda finished: self._on_scan_end(scan, finished))
        scan.on_error(lambda failed: self._on_scan_end(scan, ModelScanFinished(failure=failed)))
        return scan.share()

    def cancel_scan(self) -> None:
        """Stop the scan that is running; what it has found so far is not lost."""
        if self._scan:
            self._scan.cancel()

    # ------------------------------------------------------------ files

    def copy_model(self, path: str) -> Reply[ByteProgress, ModelEntry]:
        """Copy a model into the app's own folder. Raises ModelError for one that is unusable."""
        entry = self._registry.find_model(path)
        if entry.problem_code:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        files = tuple(Path(file.path) for file in entry.files)

        def copy(context: FileTaskContext[ByteProgress]) -> Path:
            return copy_model_files(
                files, self._paths.models, context.report_progress, context.raise_if_cancelled
            )

        task = self._tasks.submit_task(copy)
        task.on_error(self._on_copy_failed)
        return task.convert(self._on_copied)

    def add_adapter(self, path: str) -> AdapterEntry:
        """Register a LoRA adapter where it lies. Raises ModelError or StorageError."""
        adapter = self._registry.add_adapter(path)
        self._emit(ModelsChanged())
        return adapter

    def remove_model(self, ref: str) -> RemovedModel:
        """Take a model or adapter off the list; one in the app's own folder goes to the trash.

        Any other file stays where it is. Raises ModelError or StorageError, and nothing changes.
        """
        adapter = next((each for each in self._registry.list_adapters() if each.ref == ref), None)
        entry = adapter or self._registry.find_model(ref)
        if entry.origin == ModelOrigin.SHIPPED:
            raise ModelError(ErrorCode.MODEL_NOT_OURS, file=Path(entry.path).name, ref=entry.ref)
        if isinstance(entry, ModelEntry) and not self._release(entry.path):
            raise ModelError(ErrorCode.MODEL_IN_USE, file=Path(entry.path).name)
        deleted = Path(entry.path).parent == self._paths.adapters
        trashed = entry.is_ours and Path(entry.path).exists() and not deleted
        if deleted:
            _delete_adapter(Path(entry.path))
        elif trashed:
            self._checksums.cancel_file(entry.path)
            for file in _files_of(entry):
                _trash(file)
        else:
            self._registry.forget_model(entry.ref)
        self._emit(ModelsChanged())
        if deleted or trashed:
            self.forget_adapter(entry.path)
        return RemovedModel(entry.ref, entry.path, trashed, deleted)

    def close(self) -> None:
        """Keep what was read for the next start; the background tasks have been closed before."""
        if self._registry.cache.changed or self._cache_write:
            self._write_cache(self._registry.cache.encode_cache())
            self._cache_write = None

    # ------------------------------------------------------------ ends of background tasks

    def _apply_scan(self, result: ScanResult) -> ModelScanFinished:
        """Show what a scan found. Raises StorageError."""
        self._registry.apply_scan(result)
        if self._registry.cache.changed:
            self._start_cache_write()
        if self._computes_checksums:
            self._checksums.compute_missing_checksums()
        self._emit(ModelsChanged())
        return ModelScanFinished(
            models=len(self._registry.list_models()),
            new=result.new,
            seconds=result.seconds,
            away=result.away,
        )

    def _on_scan_end(self, scan: Scan, finished: ModelScanFinished) -> None:
        if self._scan is scan:  # else another has taken its place
            self._scan = None
            self._emit(finished)

    def _on_copied(self, path: Path) -> ModelEntry:
        entry = self._registry.find_model(str(path))
        self._emit(ModelsChanged())
        if self._computes_checksums:
            self._checksums.compute_missing_checksums()
        return entry

    def _on_copy_failed(self, failed: Failed) -> None:
        self._emit(ModelTaskFailed(failure=failed))

    def _start_cache_write(self) -> None:
        content = self._registry.cache.encode_cache()
        task = self._cache_write = self._tasks.submit_task(
            lambda _context: self._write_cache(content)
        )
        task.on_done(lambda _none: self._on_cache_written(task))

    def _on_cache_written(self, task: Reply[Never, None]) -> None:
        if self._cache_write is task:
            self._cache_write = None

    def _write_cache(self, content: bytes) -> None:
        """Write what was read of model files; runs on the background thread, or at the end."""
        try:
            write_data_file(self._paths.model_registry_cache, content)
        except InglenookError:  # the headers are read again at the next start
            _log.exception("what was read of model files is not remembered")


def _files_of(entry: ModelEntry | AdapterEntry) -> Iterable[Path]:
    if isinstance(entry, ModelEntry):
        return [Path(file.path) for file in entry.files]
    return [Path(entry.path)]


def _delete_adapter(file: Path) -> None:
    """Delete an adapter and what was measured of it. Raises StorageError."""
    try:
        for each in (file.with_suffix(OUTCOME_SUFFIX), file):
            each.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error_from_os(error, str(file)) from error


def _trash(file: Path) -> None:
    """Move a file to the system's trash. Raises ModelError."""
    try:
        send2trash(file)
    except OSError as error:  # its TrashPermissionError is one too
        detail = error.strerror or str(error)
        raise ModelError(
            ErrorCode.MODEL_NOT_TRASHED, file=file.name, path=str(file), detail=detail
        ) from error
