"""File viewer: extracted text and rendered pages of single files, for a person who looks."""

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from core.base.clock import Clock
from core.base.errors import ErrorCode, InglenookError, LibraryError
from core.library.embedding.embedder import Embedder
from core.library.filesystem.path_encoding import display_name, raw_path_bytes, restore_path
from core.library.reading.extractor_pool import ExtractorPool, Outcome
from core.library.reading.file_reader import (
    EXTRACTOR_LIMITS,
    RECOGNIZER_LIMITS,
    FileReader,
    FileReadResult,
)
from core.library.store.library_records import LibraryRecords
from core.library.text.embedder_token_counter import TokenCounter
from core.library.text.passage_splitter import SplitText, split_in_steps
from core.messages import (
    DrawnPage,
    DrawPage,
    Failed,
    FileRead,
    LocatedLetters,
    LocateLetters,
    PageLetters,
    PassageText,
    PrepareViewing,
    ReadFile,
    ReadLetters,
    RenderedPage,
    RenderPage,
)

_RELEASE_SECONDS = 300.0
"""After so long without a request, the children are ended."""
_MAX_WIDTH = 4000
_RENDERER_LIMITS = dataclasses.replace(EXTRACTOR_LIMITS, in_background=False, files_per_child=2000)
_RECOGNIZER = dataclasses.replace(RECOGNIZER_LIMITS, in_background=False)
"""Not in the background: a person waits for the page."""

Send = Callable[[msgspec.Struct], None]
_PageRequest = RenderPage | ReadLetters
_FileRequest = ReadFile | _PageRequest
ViewerRequest = _FileRequest | PrepareViewing


class FileViewer:
    """Answers requests about single files; call `answer_ready_requests` while there are any.

    It has children of its own, so that nobody waits behind the thousand files of a sync, and others
    for text recognition, which takes seconds, so that drawing a page doesn't wait for it.
    """

    def __init__(
        self,
        records: LibraryRecords,
        embedder: Embedder,
        new_reader: Callable[[], FileReader],
        logs: Path,
        send: Send,
        clock: Clock = time.monotonic,
    ) -> None:
        self._records = records
        self._embedder = embedder
        self._new_reader = new_reader
        self._log_path = logs / "extractor.log"
        self._send = send
        self._clock = clock
        self._requests: dict[str, _FileRequest] = {}
        self._start_times: dict[str, float] = {}
        self._splitting: dict[str, Iterator[FileRead | None]] = {}
        self._reader: FileReader | None = None
        self._renderers: ExtractorPool | None = None
        self._recognizers: ExtractorPool | None = None
        self._last_used = 0.0

    def start_drawing_child(self) -> None:
        """Start the child that draws, unless it runs."""
        self._last_used = self._clock()
        if self._renderers is None:
            self._renderers = ExtractorPool(
                "renderer", self._log_path, _wake_nobody, _RENDERER_LIMITS
            )

    def submit_request(self, request: ViewerRequest) -> None:
        """Begin to answer a request. Raises LibraryError for an unknown file or folder."""
        if isinstance(request, PrepareViewing):
            self.start_drawing_child()
            return
        if isinstance(request, ReadFile):
            self._reader = self._reader or self._new_reader()
            self._reader.submit_file(request.request_id, restore_path(request.path, request.raw))
        else:
            self._pool(request).submit_request(self._child_request(request))
        self._requests[request.request_id] = request
        self._start_times[request.request_id] = self._last_used = self._clock()

    def answer_ready_requests(self) -> bool:
        """Send the answers that are ready; return whether requests are left."""
        try:
            self._advance()
        except InglenookError as error:  # no child starts
            self._stop_children()
            for request_id in list(self._requests):
                self._send_failure(request_id, error.code, error.facts)
        if self._requests:
            self._last_used = self._clock()
        elif self._clock() - self._last_used > _RELEASE_SECONDS:
            self._stop_children()
        return bool(self._requests)

    @property
    def seconds_until_release(self) -> float | None:
        """Seconds until idle children are ended, None if there are none."""
        if self._reader is None and not self._pools:
            return None
        return max(0.0, self._last_used + _RELEASE_SECONDS - self._clock())

    def cancel(self, request_id: str) -> None:
        """Fail a request with CANCELLED at once; what its child still answers is ignored."""
        if request_id in self._requests:
            self._send_failure(request_id, ErrorCode.CANCELLED, {})

    def close(self) -> None:
        """End the children."""
        self._requests.clear()
        self._stop_children()

    @property
    def _pools(self) -> list[ExtractorPool]:
        return [pool for pool in (self._renderers, self._recognizers) if pool is not None]

    def _pool(self, request: _PageRequest) -> ExtractorPool:
        """Return the children for a request; those that recognize text are others."""
        if not request.recognize:
            self.start_drawing_child()
            assert self._renderers is not None  # just started
            return self._renderers
        if self._recognizers is None:
            self._recognizers = ExtractorPool(
                "recognizer", self._log_path, _wake_nobody, _RECOGNIZER
            )
        return self._recognizers

    def _advance(self) -> None:
        for reading in self._reader.poll() if self._reader else ():
            if reading.key in self._requests:
                self._start_splitting(reading)
        for outcome in [each for pool in self._pools for each in pool.poll()]:
            if outcome.request_id in self._requests:
                self._answer_page(outcome)
        for request_id in list(self._splitting):
            if request_id not in self._requests:
                del self._splitting[request_id]
            elif (answer := next(self._splitting[request_id])) is not None:
                self._send_answer(request_id, answer)

    def _start_splitting(self, reading: FileReadResult) -> None:
        request = self._requests[reading.key]
        if reading.code is not None:
            self._send_failure(reading.key, reading.code, reading.facts or {})
            return
        assert isinstance(request, ReadFile)  # the reader is given no other
        seconds = self._clock() - self._start_times[reading.key]
        counter, window = self._embedder.token_counter, self._embedder.window_tokens
        self._splitting[reading.key] = _split_in_steps(request, reading, counter, window, seconds)

    def _answer_page(self, outcome: Outcome) -> None:
        request = self._requests[outcome.request_id]
        if isinstance(outcome, DrawnPage) and isinstance(request, RenderPage):
            self._send_answer(request.request_id, _rendered(request, outcome))
        elif isinstance(outcome, LocatedLetters) and isinstance(request, ReadLetters):
            answer = PageLetters(
                request_id=request.request_id,
                page=request.page,
                text=outcome.text,
                places=outcome.places,
            )
            self._send_answer(request.request_id, answer)
        elif isinstance(outcome, Failed):
            self._send_failure(outcome.request_id, outcome.code, outcome.facts)

    def _child_request(self, request: _PageRequest) -> DrawPage | LocateLetters:
        path = self._path(request)
        if isinstance(request, ReadLetters):
            return LocateLetters(
                request_id=request.request_id,
                path=display_name(path),
                raw=raw_path_bytes(path),
                page=request.page,
                recognize=request.recognize,
            )
        return DrawPage(
            request_id=request.request_id,
            path=display_name(path),
            raw=raw_path_bytes(path),
            page=request.page,
            width=min(request.width, _MAX_WIDTH),
            text=request.text,
            sentences=request.sentences,
            recognize=request.recognize,
            sizes=request.sizes,
        )

    def _path(self, request: _PageRequest) -> str:
        """Return the path of a file, which may hold lone surrogates."""
        if not request.folder_id:
            return restore_path(request.path, request.raw)
        folder = self._records.get_folder(request.folder_id)
        row = self._records.connection.execute(
            "SELECT path FROM file WHERE folder_id = ? AND name = ? AND content_id IS NOT NULL",
            (folder.id, request.file),
        ).fetchone()
        if row is None:
            raise LibraryError(ErrorCode.FILE_UNKNOWN, file=request.file)
        return str(Path(folder.path) / os.fsdecode(row[0]))

    def _send_answer(self, request_id: str, answer: msgspec.Struct) -> None:
        del self._requests[request_id]
        self._start_times.pop(request_id, None)
        self._splitting.pop(request_id, None)
        self._send(answer)

    def _send_failure(self, request_id: str, code: str, facts: dict[str, str]) -> None:
        self._send_answer(request_id, Failed(request_id=request_id, code=code, facts=facts))

    def _stop_children(self) -> None:
        if self._reader is not None:
            self._reader.stop()
        for pool in self._pools:
            pool.stop()
        self._reader = self._renderers = self._recognizers = None


def _rendered(request: RenderPage, drawn: DrawnPage) -> RenderedPage:
    return RenderedPage(
        request_id=request.request_id,
        page=request.page,
        pages=drawn.pages,
        width=drawn.width,
        height=drawn.height,
        pixels=drawn.pixels,
        boxes=drawn.boxes,
        sentence_boxes=drawn.sentence_boxes,
        sizes=drawn.sizes,
    )


def _split_in_steps(
    request: ReadFile,
    reading: FileReadResult,
    counter: TokenCounter,
    window: int,
    seconds: float,
) -> Iterator[FileRead | None]:
    """Yield None after each short step of splitting, and at last the answer."""
    document: SplitText | None = None
    for step in split_in_steps(reading.pages, Path(request.path).name, counter, window):
        document = step
        if step is None:
            yield None
    assert document is not None  # the last step gives it
    yield FileRead(
        request_id=request.request_id,
        path=request.path,
        encoding=reading.encoding,
        seconds=seconds,
        pages=reading.pages,
        passages=tuple(
            PassageText(
                number=passage.page,
                heading=passage.heading,
                line=passage.line,
                title=passage.title,
                text=document.text[passage.start : passage.end],
                tokens=passage.tokens,
            )
            for passage in document.passages
        ),
    )


def _wake_nobody() -> None:
    """The children are polled between steps, so that their answers need to wake nobody."""
