"""Sync progress: what is reported while a sync runs, and the time that is left."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from core.base.clock import Clock
from core.base.time_left import SteadyTimeLeft
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.filesystem.path_encoding import display_name
from core.messages import FileSkipped, SyncProgress, SyncStatistics

_LEAST_SECONDS = 3.0
"""Before that there is no estimate: the first files tell little."""
_PAUSE_SECONDS = 1.0
"""Longer gaps between two steps are the engine's, or a sleeping computer's."""


class SyncTimeEstimate:
    """Tokens left, estimated by file type from the files read so far, over tokens a second."""

    def __init__(self, waiting: Iterable[ScannedEntry], clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._last_step = clock()
        self._active_seconds = 0.0
        self._embedded_tokens = 0
        self._bytes_left: Counter[str] = Counter()
        self._bytes_read: Counter[str] = Counter()
        self._tokens_read: Counter[str] = Counter()
        for found in waiting:
            self._bytes_left[_file_type(found)] += found.size

    def count_elapsed_time(self) -> None:
        """Count the time since the last step, unless it was spent waiting for others."""
        now = self._clock()
        gap, self._last_step = now - self._last_step, now
        self._active_seconds += gap if gap < _PAUSE_SECONDS else 0.0

    def count_embedded_tokens(self, tokens: int) -> None:
        """Count tokens that were embedded."""
        self._embedded_tokens += tokens

    def count_finished_file(self, found: ScannedEntry, tokens: int) -> None:
        """Count a file and its tokens, which are none if it was skipped or its text was known."""
        file_type = _file_type(found)
        self._bytes_left[file_type] -= found.size
        self._bytes_read[file_type] += found.size
        self._tokens_read[file_type] += tokens

    def forget_file(self, found: ScannedEntry) -> None:
        """Leave out a file that is gone."""
        self._bytes_left[_file_type(found)] -= found.size

    def seconds_left(self) -> float | None:
        """Return how long the rest takes at the speed so far; None if there is none yet."""
        if (
            self._active_seconds < _LEAST_SECONDS
            or not self._embedded_tokens
            or not self._tokens_read.total()
        ):
            return None
        begun = (
            self._embedded_tokens - self._tokens_read.total()
        )  # of files that are not finished yet
        left = sum(
            max(0, size) * self._density(file_type) for file_type, size in self._bytes_left.items()
        )
        return max(0.0, left - max(0, begun)) * self._active_seconds / self._embedded_tokens

    def _density(self, file_type: str) -> float:
        """Return the tokens of a byte: of files of this file_type, else of all that were read."""
        if self._bytes_read[file_type]:
            return self._tokens_read[file_type] / self._bytes_read[file_type]
        return self._tokens_read.total() / max(1, self._bytes_read.total())


def _file_type(found: ScannedEntry) -> str:
    name = found.relative.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


PROGRESS_SECONDS = 0.2

Send = Callable[[msgspec.Struct], None]


class SyncProgressReporter:
    """Counts of one sync of one folder, sent to whoever asked for it."""

    def __init__(self, send: Send, folder_id: str, request_id: str) -> None:
        self._send = send
        self._folder_id = folder_id
        self._request_id = request_id
        self._total = self._done = self._skipped = 0
        self._time_estimate = SyncTimeEstimate(())
        self._time_left = SteadyTimeLeft()
        self._last = 0.0
        self._started = time.monotonic()
        self.statistics = SyncStatistics()
        self.latest_progress: SyncProgress | None = None
        """The last progress that was sent."""

    def start_reporting(self, total: int, waiting: Iterable[ScannedEntry], skipped: int) -> None:
        """Begin with what the comparison found: `total` entries, `waiting` of them to be read."""
        waiting = list(waiting)
        self._total = total
        self._done = total - len(waiting)
        self._skipped = skipped
        self._time_estimate = SyncTimeEstimate(waiting)
        self.add_statistics(unchanged=self._done)
        self.report_progress("", force=True)

    def finish_reporting(self) -> None:
        """Send the progress of a sync that is complete."""
        self.add_statistics(seconds=time.monotonic() - self._started)
        self.report_progress("", force=True)

    def add_statistics(self, **amounts: float) -> None:
        """Add amounts to fields of SyncStatistics by their names."""
        old = self.statistics
        self.statistics = msgspec.structs.replace(
            old, **{name: getattr(old, name) + amount for name, amount in amounts.items()}
        )

    def count_embedded(self, tokens: int, seconds: float) -> None:
        """Count a batch of texts."""
        self._time_estimate.count_embedded_tokens(tokens)
        self.add_statistics(seconds_embedding=seconds)

    def report_finished_file(
        self, found: ScannedEntry, *, words: int = 0, passages: int = 0, tokens: int = 0
    ) -> None:
        """Count a file that is searched from now on; of a known text nothing else is counted."""
        self._done += 1
        self._time_estimate.count_finished_file(found, tokens)
        self.add_statistics(read=1, words=words, passages=passages, tokens=tokens)
        self.report_progress(found.relative)

    def forget_files(self, unread: Iterable[ScannedEntry], *, read: int = 0) -> None:
        """Count files no more that are gone: some that were to be read, and so many `read` ones."""
        unread = list(unread)
        for entry in unread:
            self._time_estimate.forget_file(entry)
        self._total -= len(unread) + read
        self._done -= read
        if unread or read:
            self.report_progress("", force=True)

    def report_skipped_file(self, found: ScannedEntry, code: str, facts: dict[str, str]) -> None:
        """Count a file that can't be searched, and send why."""
        self._done += 1
        self._skipped += 1
        self._time_estimate.count_finished_file(found, 0)
        self.add_statistics(skipped=1)
        file = display_name(found.relative)
        self._send(
            FileSkipped(
                request_id=self._request_id,
                folder_id=self._folder_id,
                file=file,
                code=code,
                facts=facts,
            )
        )

    def report_progress(self, current: str, *, part: float = 0.0, force: bool = False) -> None:
        """Send the progress, at most five times a second; `part` of the file `current` is done."""
        self._time_estimate.count_elapsed_time()
        now = time.monotonic()
        if not force and now - self._last < PROGRESS_SECONDS:
            return
        self._last = now
        self.latest_progress = SyncProgress(
            request_id=self._request_id,
            folder_id=self._folder_id,
            done=self._done,
            total=self._total,
            skipped=self._skipped,
            current=display_name(current),
            part=part,
            seconds_left=self._time_left.follow_estimate(self._time_estimate.seconds_left()),
        )
        self._send(self.latest_progress)
