"""Shows single files to a person: what is read from one, and how a page of one looks."""

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from core.errors import Code, InglenookError, LibraryError
from core.library.child_pool import ChildPool, Outcome
from core.library.embedder import Embedder
from core.library.names import display_name, raw_name, true_name
from core.library.passages import CutText, cut_steps
from core.library.reading import EXTRACTOR, RECOGNIZER, Reader, Reading
from core.library.records import Records
from core.library.tokens import TokenCounter
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

_REST_SECONDS = 300.0
"""After so long without a request, the children are let go of."""
_MAX_WIDTH = 4000
_DRAWER = dataclasses.replace(EXTRACTOR, in_background=False, files_per_child=2000)
_RECOGNIZER = dataclasses.replace(RECOGNIZER, in_background=False)
"""A person is looking."""

Send = Callable[[msgspec.Struct], None]
_OfPage = RenderPage | ReadLetters
_Asked = ReadFile | _OfPage


class Viewer:
    """Answers requests about single files; call `advance` while it has something to do.

    Its children are others than those of a sync, so that nobody waits behind a thousand files, and
    what is recognised on a scan is not in the way of the pages that are drawn.
    """

    def __init__(
        self,
        records: Records,
        embedder: Embedder,
        new_reader: Callable[[], Reader],
        logs: Path,
        send: Send,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._records = records
        self._embedder = embedder
        self._new_reader = new_reader
        self._log_path = logs / "extractor.log"
        self._send = send
        self._clock = clock
        self._asked: dict[str, _Asked] = {}
        self._begun: dict[str, float] = {}
        self._cutting: dict[str, Iterator[FileRead | None]] = {}
        self._reader: Reader | None = None
        self._drawers: ChildPool | None = None
        self._recognizers: ChildPool | None = None
        self._last = 0.0

    def prepare(self) -> None:
        """Start the child that draws, unless it runs."""
        self._last = self._clock()
        if self._drawers is None:
            self._drawers = ChildPool("drawer", self._log_path, _nobody_waits, _DRAWER)

    def ask(self, request: _Asked | PrepareViewing) -> None:
        """Take a request up. Raises LibraryError for a file or folder nobody knows."""
        if isinstance(request, PrepareViewing):
            self.prepare()
            return
        if isinstance(request, ReadFile):
            self._reader = self._reader or self._new_reader()
            self._reader.submit(request.request_id, true_name(request.path, request.raw))
        else:
            self._pool(request).submit(self._passed_on(request))
        self._asked[request.request_id] = request
        self._begun[request.request_id] = self._last = self._clock()

    def advance(self) -> bool:
        """Answer what is ready; return whether more is to come."""
        try:
            self._advance()
        except InglenookError as error:  # no child starts
            self._stop()
            for request_id in list(self._asked):
                self._fail(request_id, error.code, error.facts)
        if self._asked:
            self._last = self._clock()
        elif self._clock() - self._last > _REST_SECONDS:
            self._stop()
        return bool(self._asked)

    @property
    def rests_in(self) -> float | None:
        """Seconds until there are children to let go of, None if there are none."""
        if self._reader is None and not self._pools:
            return None
        return max(0.0, self._last + _REST_SECONDS - self._clock())

    def cancel(self, request_id: str) -> None:
        """Answer at once that a request was stopped; what its child still says is dropped."""
        if request_id in self._asked:
            self._fail(request_id, Code.CANCELLED, {})

    def close(self) -> None:
        """End the children."""
        self._asked.clear()
        self._stop()

    @property
    def _pools(self) -> list[ChildPool]:
        return [pool for pool in (self._drawers, self._recognizers) if pool is not None]

    def _pool(self, request: _OfPage) -> ChildPool:
        """Return the children for a request; what may take seconds is kept apart."""
        if not request.recognize:
            self.prepare()
            assert self._drawers is not None  # as it was prepared
            return self._drawers
        if self._recognizers is None:
            self._recognizers = ChildPool("recognizer", self._log_path, _nobody_waits, _RECOGNIZER)
        return self._recognizers

    def _advance(self) -> None:
        for reading in self._reader.poll() if self._reader else ():
            if reading.key in self._asked:
                self._read(reading)
        for outcome in [each for pool in self._pools for each in pool.poll()]:
            if outcome.request_id in self._asked:
                self._shown(outcome)
        for request_id in list(self._cutting):
            if request_id not in self._asked:
                del self._cutting[request_id]
            elif (answer := next(self._cutting[request_id])) is not None:
                self._tell(request_id, answer)

    def _read(self, reading: Reading) -> None:
        request = self._asked[reading.key]
        if reading.code is not None:
            self._fail(reading.key, reading.code, reading.facts or {})
            return
        assert isinstance(request, ReadFile)  # the reader is given no other
        seconds = self._clock() - self._begun[reading.key]
        counter, window = TokenCounter(self._embedder.folder), self._embedder.window
        self._cutting[reading.key] = _cut(request, reading, counter, window, seconds)

    def _shown(self, outcome: Outcome) -> None:
        request = self._asked[outcome.request_id]
        if isinstance(outcome, DrawnPage) and isinstance(request, RenderPage):
            self._tell(request.request_id, _rendered(request, outcome))
        elif isinstance(outcome, LocatedLetters) and isinstance(request, ReadLetters):
            answer = PageLetters(
                request_id=request.request_id,
                page=request.page,
                text=outcome.text,
                places=outcome.places,
            )
            self._tell(request.request_id, answer)
        elif isinstance(outcome, Failed):
            self._fail(outcome.request_id, outcome.code, outcome.facts)

    def _passed_on(self, request: _OfPage) -> DrawPage | LocateLetters:
        path = self._path(request)
        if isinstance(request, ReadLetters):
            return LocateLetters(
                request_id=request.request_id,
                path=display_name(path),
                raw=raw_name(path),
                page=request.page,
                recognize=request.recognize,
            )
        return DrawPage(
            request_id=request.request_id,
            path=display_name(path),
            raw=raw_name(path),
            page=request.page,
            width=min(request.width, _MAX_WIDTH),
            text=request.text,
            recognize=request.recognize,
            sizes=request.sizes,
        )

    def _path(self, request: _OfPage) -> str:
        """Return where a file lies, which may hold lone surrogates."""
        if not request.folder_id:
            return true_name(request.path, request.raw)
        folder = self._records.folder(request.folder_id)
        row = self._records.connection.execute(
            "SELECT path FROM file WHERE folder_id = ? AND name = ? AND content_id IS NOT NULL",
            (folder.id, request.file),
        ).fetchone()
        if row is None:
            raise LibraryError(Code.FILE_UNKNOWN, file=request.file)
        return str(Path(folder.path) / os.fsdecode(row[0]))

    def _tell(self, request_id: str, answer: msgspec.Struct) -> None:
        del self._asked[request_id]
        self._begun.pop(request_id, None)
        self._cutting.pop(request_id, None)
        self._send(answer)

    def _fail(self, request_id: str, code: str, facts: dict[str, str]) -> None:
        self._tell(request_id, Failed(request_id=request_id, code=code, facts=facts))

    def _stop(self) -> None:
        if self._reader is not None:
            self._reader.stop()
        for pool in self._pools:
            pool.stop()
        self._reader = self._drawers = self._recognizers = None


def _rendered(request: RenderPage, drawn: DrawnPage) -> RenderedPage:
    return RenderedPage(
        request_id=request.request_id,
        page=request.page,
        pages=drawn.pages,
        width=drawn.width,
        height=drawn.height,
        pixels=drawn.pixels,
        boxes=drawn.boxes,
        sizes=drawn.sizes,
    )


def _cut(
    request: ReadFile, reading: Reading, counter: TokenCounter, window: int, seconds: float
) -> Iterator[FileRead | None]:
    """Yield None after each short step of cutting, and at last the answer."""
    document: CutText | None = None
    for step in cut_steps(reading.pages, Path(request.path).name, counter, window):
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


def _nobody_waits() -> None:
    """The children are polled between steps, so their news need wake nobody."""
