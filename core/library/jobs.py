"""The queue of syncs: one at a time, each a machine of short steps that can be stopped."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from core.channel import ParentGone
from core.errors import Code, InglenookError
from core.library.records import Folder, Records
from core.library.sync import Sync, Tools
from core.messages import Failed, SyncDone, SyncStatistics

_OFFLINE = frozenset({Code.FOLDER_GONE, Code.FOLDER_EMPTIED})
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """A sync that is under way or waits for its turn."""

    request_id: str
    folder: Folder
    sync: Sync | None = None
    steps: Iterator[bool] | None = None

    def close(self) -> None:
        """Stop at once; what was kept stays."""
        close = getattr(self.steps, "close", None)
        if close:
            close()


class SyncQueue:
    """Syncs in the order they were asked for. Every one ends with SyncDone or Failed."""

    def __init__(
        self,
        records: Records,
        new_tools: Callable[[], Tools],
        send: Callable[[msgspec.Struct], None],
        on_end: Callable[[], None],
        in_words: Callable[[Exception], InglenookError],
    ) -> None:
        self._records = records
        self._new_tools = new_tools
        self._send = send
        self._on_end = on_end
        self._in_words = in_words
        self._jobs: deque[_Job] = deque()

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def add(self, request_id: str, folder: Folder) -> None:
        """Queue a sync of `folder`."""
        self._records.set_state(folder.id, "syncing")
        self._jobs.append(_Job(request_id, self._records.folder(folder.id)))

    def cancel(self, request_id: str) -> None:
        """Stop the sync asked for by `request_id`, if there is one; the next goes on from there."""
        for job in [job for job in self._jobs if job.request_id == request_id]:
            self._end(job, "stopped")

    def cancel_folder(self, folder_id: str) -> None:
        """Stop all syncs of a folder."""
        for job in [job for job in self._jobs if job.folder.id == folder_id]:
            self._end(job, "stopped")

    def close(self) -> None:
        """Stop everything without a word: the process ends."""
        for job in self._jobs:
            job.close()

    def advance(self) -> bool:
        """Take one step of the first sync; return whether the next can follow at once."""
        job = self._jobs[0]
        try:
            if job.steps is None:
                job.sync = Sync(self._new_tools(), job.folder, job.request_id)
                job.steps = job.sync.steps()
            going_on = next(job.steps, None)
            if going_on is not None:
                return going_on
            described = self._records.describe(job.folder)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a sync never ends the child
            _log.exception("a sync failed")
            self._abort(job, self._in_words(error))
        else:
            self._end(job, "ready" if described.indexed else "empty")
        return True

    def fail_all(self, error: InglenookError) -> None:
        """End every sync with the same reason."""
        while self._jobs:
            self._abort(self._jobs[0], error)

    def _end(self, job: _Job, state: str) -> None:
        job.close()
        try:
            self._records.set_state(job.folder.id, state)
            folder = self._records.describe(self._records.folder(job.folder.id))
        except Exception as error:  # noqa: BLE001 - the border: a full disk never ends the child
            _log.exception("the end of a sync can't be kept")
            self._abort(job, self._in_words(error))
            return
        self._jobs.remove(job)
        statistics = job.sync.statistics if job.sync else SyncStatistics()
        self._send(SyncDone(request_id=job.request_id, folder=folder, statistics=statistics))
        self._on_end()

    def _abort(self, job: _Job, error: InglenookError) -> None:
        job.close()
        self._jobs.remove(job)
        try:
            state = "offline" if error.code in _OFFLINE else "failed"
            self._records.set_state(job.folder.id, state)
        except Exception:  # noqa: BLE001 - the border: a full disk never ends the child
            _log.exception("the state of a folder can't be kept")
        self._send(Failed(request_id=job.request_id, code=error.code, facts=error.facts))
        self._on_end()


def can_be_added(path: Path, app_root: Path) -> bool:
    """Return whether a folder may be read: not a whole disk, nor the app's own data."""
    resolved, own = path.resolve(), app_root.resolve()
    return not (resolved == Path(resolved.anchor) or resolved == own or own in resolved.parents)
