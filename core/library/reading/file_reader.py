"""File reader: text by an extractor child, scanned pages by a child that recognizes text."""

import dataclasses
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import msgspec

from core.base.errors import ErrorCode
from core.base.paths import text_recognition_model
from core.library.extractors.resource_limits import MAX_MEMORY_BYTES, MAX_RECOGNIZER_BYTES
from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.library.reading.extractor_pool import ChildLimits, ExtractorPool, Outcome
from core.messages import (
    DocumentPage,
    ExtractFile,
    Failed,
    PageRecognized,
    RecognizePage,
    TextExtracted,
)

EXTRACTOR_VERSION = 5
"""Increased whenever files give more or other text than before, so that they are read again."""

FILE_SECONDS = 30.0
PAGE_SECONDS = 120.0
"""Limit for one scanned page: a few seconds on a free core, many more while a model answers."""
MAX_SCANNED_PAGES = 1000

STARVED_SECONDS = 60.0
"""After so long without a result, reading in the background gets a fair share of the processor."""

EXTRACTOR_LIMITS = ChildLimits(FILE_SECONDS, MAX_MEMORY_BYTES)
RECOGNIZER_LIMITS = ChildLimits(PAGE_SECONDS, MAX_RECOGNIZER_BYTES, files_per_child=100)


@dataclass(frozen=True, slots=True)
class FileReadResult:
    """Result of reading one file: its pages, or a code with facts why there are none."""

    key: str
    pages: tuple[DocumentPage, ...]
    code: str | None = None
    facts: dict[str, str] | None = None
    encoding: str = ""


@dataclass(slots=True)
class _Scan:
    """A file with scanned pages: those that wait to be recognized, and those that are complete."""

    request: ExtractFile
    waiting: deque[int]
    pages: list[DocumentPage]
    encoding: str
    failure: Failed | None = None
    page: int = field(default=0)


class ReadingPace(Enum):
    """How much of the processor files that are read in background get.

    AWAITED is FAIR for the file at hand, too: it is begun anew where it was read slowly.
    """

    SLOW = "lowest priority, as beside an answer"
    FAIR = "a little below the library's priority"
    AWAITED = "the same, at once"


class FileReader:
    """Reads files in children; one thread calls `poll` until no file is open.

    With `recognize`, text in pictures and scanned pages of PDFs is recognized, a page at a time,
    beside the other files. `wake` is called from other threads when `poll` has results. Where a
    person waits for the text, it is not read `in_background`.
    """

    def __init__(
        self,
        log_path: Path,
        wake: Callable[[], None],
        *,
        slots: int = 1,
        limits: ChildLimits = EXTRACTOR_LIMITS,
        recognize: bool = True,
        in_background: bool = True,
    ) -> None:
        self._log_path = log_path
        self._wake = wake
        self._recognize = recognize and can_recognize_text()
        self._in_background = in_background
        limits = dataclasses.replace(limits, in_background=in_background)
        self._extractors = ExtractorPool("extractor", log_path, wake, limits, slots=slots, spares=1)
        self._recognizers: ExtractorPool | None = None  # started by the first scan
        self._requests: dict[str, ExtractFile] = {}
        self._scans: dict[str, _Scan] = {}
        self._pace = ReadingPace.SLOW
        self._progressed_at = time.monotonic()

    def set_pace(self, pace: ReadingPace) -> None:
        """Read at this pace from now on; the pace of what is not read in background stays."""
        if not self._in_background or pace is self._pace:
            return
        self._pace = pace
        for pool in filter(None, (self._extractors, self._recognizers)):
            if pace is ReadingPace.AWAITED:
                pool.hurry()
            else:
                pool.set_slow(slow=pace is ReadingPace.SLOW)

    @property
    def open_files(self) -> int:
        """Number of submitted files without a result."""
        return len(self._requests) + len(self._scans)

    def submit_file(self, key: str, path: str) -> None:
        """Queue a file; its result has this `key`. `path` may hold lone surrogates."""
        if not self.open_files:
            self._progressed_at = time.monotonic()
        request = ExtractFile(request_id=key, path=display_name(path), raw=raw_path_bytes(path))
        self._requests[key] = request
        self._extractors.submit_request(request)

    def poll(self) -> list[FileReadResult]:
        """Return new results, and hand the next files out. Never waits.

        Raises LibraryError when no child can be started.
        """
        extracted = self._extractors.poll()
        recognized = self._recognizers.poll() if self._recognizers is not None else []
        if extracted or recognized:
            self._progressed_at = time.monotonic()
        elif self.open_files and time.monotonic() - self._progressed_at > STARVED_SECONDS:
            self.set_pace(ReadingPace.AWAITED)
        done = [self._on_extracted(outcome) for outcome in extracted]
        done += [self._on_recognized(outcome) for outcome in recognized]
        return [reading for reading in done if reading is not None]

    def stop(self) -> None:
        """End all children; queued files are dropped."""
        self._requests.clear()
        self._scans.clear()
        self._extractors.stop()
        if self._recognizers is not None:
            self._recognizers.stop()

    def _on_extracted(self, outcome: Outcome) -> FileReadResult | None:
        request = self._requests.pop(outcome.request_id)
        if isinstance(outcome, Failed):
            return _failed(outcome)
        assert isinstance(outcome, TextExtracted)  # what an ExtractFile is answered with
        if outcome.scanned and self._recognize:
            waiting = deque(outcome.scanned[:MAX_SCANNED_PAGES])
            scan = _Scan(request, waiting, list(outcome.pages), outcome.encoding)
            self._scans[request.request_id] = scan
            self._recognize_next(scan)
            return None
        return _finished(outcome.request_id, outcome.pages, outcome.encoding)

    def _on_recognized(self, outcome: Outcome) -> FileReadResult | None:
        scan = self._scans[outcome.request_id]
        if isinstance(outcome, PageRecognized) and outcome.text:
            scan.pages.append(
                DocumentPage(number=scan.page, heading="", text=outcome.text, recognized=True)
            )
        elif isinstance(outcome, Failed):
            scan.failure = outcome
        if scan.waiting:
            self._recognize_next(scan)
            return None
        del self._scans[outcome.request_id]
        if scan.failure and not scan.pages:
            return _failed(scan.failure)
        return _finished(outcome.request_id, _in_order(scan.pages), scan.encoding)

    def _recognize_next(self, scan: _Scan) -> None:
        if self._recognizers is None:
            limits = dataclasses.replace(RECOGNIZER_LIMITS, in_background=self._in_background)
            self._recognizers = ExtractorPool("recognizer", self._log_path, self._wake, limits)
            if self._pace is not ReadingPace.SLOW:
                self._recognizers.hurry()
        scan.page = scan.waiting.popleft()
        request = scan.request
        self._recognizers.submit_request(
            RecognizePage(
                request_id=request.request_id, path=request.path, raw=request.raw, page=scan.page
            )
        )


def can_recognize_text() -> bool:
    """Return whether the models for text recognition are there."""
    return text_recognition_model().is_dir()


def _finished(key: str, pages: tuple[DocumentPage, ...], encoding: str) -> FileReadResult:
    if not pages:
        return FileReadResult(key, (), ErrorCode.FILE_NO_TEXT, {})
    return FileReadResult(key, pages, encoding=encoding)


def _failed(outcome: Failed) -> FileReadResult:
    return FileReadResult(outcome.request_id, (), outcome.code, outcome.facts)


def _in_order(pages: list[DocumentPage]) -> tuple[DocumentPage, ...]:
    """Return pages by number; a recognized page has the heading of the page before."""
    ordered: list[DocumentPage] = []
    for page in sorted(pages, key=lambda page: page.number or 0):
        heading = ordered[-1].heading if page.recognized and ordered else page.heading
        ordered.append(msgspec.structs.replace(page, heading=heading))
    return tuple(ordered)
