"""Viewer benchmark: time from the click on a citation until its marked page is painted.

The real library child and the child that draws, a PDF of 1,000 pages, the panel of the window.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QThread
from PySide6.QtWidgets import QApplication

from core.app.library.document_service import DocumentService
from core.base.paths import Paths
from core.chat.conversations.conversation import Source
from core.library.client.library_client import LibraryClient
from desktop.bench.long_pdf import long_pdf, page_passage
from desktop.kit.theme import Theme
from desktop.sources.pages.pages_view import PagesView
from desktop.sources.sources_panel import SourcesPanel
from desktop.sources.viewer_loader import ViewerLoader

PAGES = 1000
_MOST_SECONDS = 60.0
_SIZE = (420, 900)


class _Painted(QObject):
    """Records whether the pages were painted with a marked passage."""

    def __init__(self, pages: PagesView) -> None:
        super().__init__(pages)
        self._pages = pages
        self.awaited = 0
        self.seen = False
        pages.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Check each paint event before it is processed."""
        if event.type() is QEvent.Type.Paint:
            store = self._pages.store
            self.seen = self.awaited in store.marks and self.awaited in store.pictures
        return super().eventFilter(watched, event)


class _PanelHarness:
    """The sources panel over a library of its own; `settle` processes events while it waits."""

    def __init__(self, theme: Theme, root: Path) -> None:
        paths = Paths(root)
        paths.create_folders()
        self.library = LibraryClient(paths, lambda: None)
        self.service = DocumentService(self.library)
        self.panel = SourcesPanel(theme)
        self.panel.resize(*_SIZE)
        self.viewer_loader = ViewerLoader(self.service, self.panel.viewer)
        self.panel.source_opened.connect(self.viewer_loader.open_source)
        self._painted = _Painted(self.panel.viewer.pages_view)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Process events of the window and the children. Raises TimeoutError."""
        end = time.monotonic() + _MOST_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            self.library.poll()
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            QThread.msleep(1)

    def open_source(self, source: Source) -> float:
        """Open a source; return the milliseconds until its passage is painted."""
        pages = self.panel.viewer.pages_view
        pages.store.marks.clear()
        self._painted.awaited, self._painted.seen = source.page or 1, False
        started = time.perf_counter()
        self.panel.choose_source(source.n)
        self.wait_until(lambda: self._painted.seen)
        return (time.perf_counter() - started) * 1000

    def close(self) -> None:
        """Stop the children, delete the panel."""
        self.library.stop()
        self.panel.close()
        self.panel.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def measure_viewer(theme: Theme, scratch: Path, *, rounds: int = 8) -> dict[str, float]:
    """Return milliseconds: the first click of all, the first that was prepared for, later ones.

    `scratch` is an empty folder. Raises TimeoutError if a page never comes.
    """
    paper = scratch / "register.pdf"
    paper.write_bytes(long_pdf(PAGES))
    numbers = [1 + (PAGES - 1) * n // rounds for n in range(1, rounds + 1)]
    sources = tuple(_source(paper, n, page) for n, page in enumerate(numbers, 1))
    unprepared = _measure_first_click(theme, scratch / "cold", sources, prepared=False)
    stage = _PanelHarness(theme, scratch / "warm")
    try:
        stage.panel.show_sources(sources)
        _prepare(stage)
        first = stage.open_source(sources[0])
        others = [stage.open_source(source) for source in sources[1:]]
    finally:
        stage.close()
    return {
        "pages": float(PAGES),
        "first_click_unprepared_ms": round(unprepared, 1),
        "first_click_ms": round(first, 1),
        "next_click_median_ms": round(statistics.median(others), 1),
        "next_click_most_ms": round(max(others), 1),
    }


def _measure_first_click(
    theme: Theme, root: Path, sources: tuple[Source, ...], *, prepared: bool
) -> float:
    stage = _PanelHarness(theme, root)
    try:
        stage.panel.show_sources(sources)
        if prepared:
            _prepare(stage)
        else:
            stage.library.start()
            stage.wait_until(_after(3.0))
        return stage.open_source(sources[0])
    finally:
        stage.close()


def _prepare(stage: _PanelHarness) -> None:
    """Prepare the child that draws pages, as the window does when an answer has sources."""
    stage.library.start()
    stage.service.prepare_viewer()
    stage.wait_until(_after(5.0))


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _source(paper: Path, n: int, page: int) -> Source:
    return Source(
        n=n,
        folder_id="",
        folder="",
        file=paper.name,
        path=str(paper),
        page=page,
        heading="",
        text=page_passage(page),
        content_hash="",
        score=1.0,
    )
