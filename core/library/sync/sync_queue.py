"""Sync queue: one folder sync at a time, in short steps that can be stopped."""

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import msgspec

from core.base.errors import ErrorCode, InglenookError
from core.ipc.channel import ParentGone
from core.library.reading.file_reader import ReadingPace
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_comparison import SyncOptions
from core.library.sync.folder_sync import SYNC_EVERYTHING, FolderSync, SyncDependencies
from core.messages import Failed, FolderState, SyncDone, SyncProgress, SyncStatistics

_OFFLINE = frozenset({ErrorCode.FOLDER_GONE, ErrorCode.FOLDER_EMPTIED})
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """A sync that runs or waits for its turn."""

    request_id: str
    folder: FolderRecord
    options: SyncOptions
    sync: FolderSync | None = None
    steps: Iterator[bool] | None = None
    is_awaited: bool = False

    def close(self) -> None:
        """Stop at once; what was stored stays."""
        close = getattr(self.steps, "close", None)
        if close:
            close()


class SyncQueue:
    """Syncs in the order they were asked for, those of folders that are searched first.

    Every one that was asked for ends with SyncDone or Failed. `on_end` is called with the folder's
    id and those of its files that must be compared again because they are still being written.
    """

    def __init__(
        self,
        records: LibraryRecords,
        new_dependencies: Callable[[], SyncDependencies],
        send: Callable[[msgspec.Struct], None],
        on_end: Callable[[str, tuple[str, ...]], None],
        convert_error: Callable[[Exception], InglenookError],
    ) -> None:
        self._records = records
        self._new_dependencies = new_dependencies
        self._send = send
        self._on_end = on_end
        self._convert_error = convert_error
        self._jobs: deque[_Job] = deque()
        self._pace = ReadingPace.FAIR
        self._outcomes: dict[str, str] = {}
        """How the last sync of each folder ended; on a full disk it can't be stored."""
        self.gone_folders: set[str] = set()
        """Ids of the folders that were gone when they were last compared."""

    def __bool__(self) -> bool:
        return bool(self._jobs)

    @property
    def needs_model(self) -> bool:
        """Whether the sync that runs has more to embed than can be done without the model."""
        job = self._jobs[0] if self._jobs else None
        return job is not None and job.sync is not None and job.sync.needs_model

    def has_sync(self, folder_id: str) -> bool:
        """Return whether a sync of this folder runs or waits."""
        return any(job.folder.id == folder_id for job in self._jobs)

    def add_sync(
        self,
        request_id: str,
        folder: FolderRecord,
        options: SyncOptions = SYNC_EVERYTHING,
        *,
        first: bool = False,
    ) -> None:
        """Queue a sync of `folder`, as the next one if `first`; "" if nobody asked for it."""
        job = _Job(request_id, folder, options)
        (self._jobs.appendleft if first else self._jobs.append)(job)

    def prioritize_folders(self, folder_ids: Collection[str]) -> None:
        """Run the syncs of these folders first: somebody searches them, all if none is given.

        Others go on later from where they are.
        """
        for job in self._jobs:
            if not folder_ids or job.folder.id in folder_ids:
                job.is_awaited = True
                if job.sync is not None:
                    job.sync.set_pace(ReadingPace.AWAITED)
        self._jobs = deque(sorted(self._jobs, key=lambda job: job.folder.id not in folder_ids))

    def set_pace(self, pace: ReadingPace) -> None:
        """Read files at this pace, those that somebody waits for excepted."""
        self._pace = pace
        for job in self._jobs:
            if job.sync is not None:
                job.sync.set_pace(pace)

    def describe_folder(self, folder: FolderRecord) -> FolderState:
        """Return a folder with its counts and its state now."""
        described = self._records.describe_folder(folder)
        state = self._outcomes.get(folder.id, folder.state)
        if self.has_sync(folder.id):
            state = "syncing"
        elif folder.paused:
            state = "paused"
        elif described.waiting and state == "ready":
            state = "waiting"
        return msgspec.structs.replace(described, state=state)

    def sync_progress(self, folder_id: str) -> SyncProgress | None:
        """Return the progress of a folder's sync, None if none runs."""
        syncs = (job.sync for job in self._jobs if job.folder.id == folder_id and job.sync)
        return next((sync.progress_reporter.latest_progress for sync in syncs), None)

    def cancel(self, request_id: str) -> None:
        """Stop the sync of this request, if there is one; a later one goes on from there."""
        for job in [job for job in self._jobs if job.request_id == request_id]:
            self._end(job, "stopped")

    def cancel_folder_syncs(self, folder_id: str) -> None:
        """Stop all syncs of a folder."""
        for job in [job for job in self._jobs if job.folder.id == folder_id]:
            self._end(job, "stopped")

    def close(self) -> None:
        """Stop all syncs without an answer: the process ends."""
        for job in self._jobs:
            job.close()

    def run_sync_step(self) -> bool:
        """Take one step of the first sync; return whether the next can follow at once."""
        job = self._jobs[0]
        try:
            if job.steps is None:
                job.sync = FolderSync(
                    self._new_dependencies(), job.folder, job.request_id, job.options
                )
                job.sync.set_pace(ReadingPace.AWAITED if job.is_awaited else self._pace)
                job.steps = job.sync.sync_in_steps()
            going_on = next(job.steps, None)
            if going_on is not None:
                return going_on
            described = self._records.describe_folder(job.folder)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a sync never ends the child
            _log.exception("a sync failed")
            self._abort(job, self._convert_error(error))
        else:
            self._end(job, "ready" if described.indexed else "empty")
        return True

    def fail_all_syncs(self, error: InglenookError) -> None:
        """End every sync with the same error."""
        while self._jobs:
            self._abort(self._jobs[0], error)

    def _end(self, job: _Job, state: str) -> None:
        job.close()
        try:
            self._records.set_folder_state(job.folder.id, state)
            folder = self._records.get_folder(job.folder.id)
            self._outcomes[folder.id] = state
            self.gone_folders.discard(folder.id)
            self._jobs.remove(job)
            described = self.describe_folder(folder)
        except Exception as error:  # noqa: BLE001 - the border: a full disk never ends the child
            _log.exception("the end of a sync can't be stored")
            self._abort(job, self._convert_error(error))
            return
        self._drop_removed_files(job)
        statistics = job.sync.progress_reporter.statistics if job.sync else SyncStatistics()
        self._send(SyncDone(request_id=job.request_id, folder=described, statistics=statistics))
        self._on_end(folder.id, job.sync.unsettled_files if job.sync else ())

    def _drop_removed_files(self, ended: _Job) -> None:
        """Tell the other syncs of the folder which files the one that ended found gone."""
        removed = ended.sync.removed_files if ended.sync else frozenset()
        for job in self._jobs if removed else ():
            if job.folder.id == ended.folder.id and job.sync is not None:
                job.sync.drop_files(removed)

    def _abort(self, job: _Job, error: InglenookError) -> None:
        job.close()
        if job in self._jobs:
            self._jobs.remove(job)
        state = "offline" if error.code in _OFFLINE else "failed"
        self._outcomes[job.folder.id] = state
        if error.code is ErrorCode.FOLDER_GONE:
            self.gone_folders.add(job.folder.id)
        try:
            self._records.set_folder_state(job.folder.id, state)
        except Exception:  # noqa: BLE001 - the border: a full disk never ends the child
            _log.exception("the state of a folder can't be stored")
        # Of an unplugged drive the folder's state tells; nobody is interrupted for it.
        if job.request_id or state != "offline":
            self._send(Failed.from_error(job.request_id, error))
        self._on_end(job.folder.id, ())
