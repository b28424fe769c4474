"""States of the viewer, of a mark's passage, and of the dialog about a folder."""

import time
from typing import cast

from msgspec import structs
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from core.messages import (
    Document,
    DocumentPage,
    FileSkipped,
    FolderFile,
    LoadDocument,
    RenderedPage,
    RenderPage,
    TextBox,
)
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.library.folder_page import FolderPage
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import open_dialog
from tests.desktop.values import folder, hit, source
from tests.screens.filled import answer, filled, last_answer

LINES = (
    "§ 4  Watering",
    "",
    "Every second Friday the long beds are watered before nine in",
    "the morning. In a dry month the same holds for every Friday.",
    "Open the valve behind the shed first, then the one at the long",
    "beds. Let it run for about forty minutes and note the meter in",
    "the garden book.",
)


def _paper(width: int) -> RenderedPage:
    """Draw a page as the child would."""
    height = round(width * 842 / 595)
    image = QImage(QSize(width, height), QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    painter = QPainter(image)
    font = QFont("DejaVu Serif")
    font.setPixelSize(max(6, width // 42))
    painter.setFont(font)
    for number, line in enumerate(LINES * 3):
        painter.drawText(width // 9, height // 8 + number * width // 26, line)
    painter.end()
    row = width * 3
    lines = [bytes(cast("memoryview", image.constScanLine(y)))[:row] for y in range(height)]
    boxes = tuple(
        TextBox(left=0.11, top=0.125 + n * 0.0272 - 0.016, right=0.72, bottom=0.13 + n * 0.0272)
        for n in (2, 3)
    )
    return RenderedPage(
        request_id="", page=3, pages=12, width=width, height=height, pixels=b"".join(lines),
        boxes=boxes, sizes=((595.0, 842.0),) * 12,
    )  # fmt: skip


def pages(backend: ScriptedBackend, window: MainWindow) -> None:
    """A PDF is open at its page."""
    filled(backend, window)
    backend.found(hit(1, file="garden/duties.pdf", page=3), hit(2), hit(3))
    answer(backend, window)
    window.sources.choose_source(1)
    for _turn in range(3):
        _answer(backend)
        QApplication.processEvents()


def _answer(backend: ScriptedBackend) -> None:
    """Give every page that was asked for, and the text."""
    for request in backend.library.waiting_for(RenderPage, LoadDocument):
        request_id = request.request_id
        if isinstance(request, RenderPage):
            paper = _paper(request.width)
            boxes = paper.boxes if request.page == 3 else ()
            del backend.library.waiting[request_id]
            backend.library.deliver(
                structs.replace(paper, page=request.page, request_id=request_id, boxes=boxes)
            )
        else:
            pages = tuple(
                DocumentPage(number=n, heading="Watering", text="\n".join(LINES))
                for n in range(1, 13)
            )
            backend.library.answer(
                Document, request_id, file="", path="", pages=pages, content_hash="0" * 64
            )
    backend.pump()


def pages_alone(backend: ScriptedBackend, window: MainWindow) -> None:
    """The document has a window of its own, and words are looked for."""
    pages(backend, window)
    window.controllers.sources.open_window()
    window.sources.viewer.find_bar.open_bar()
    window.sources.viewer.find_bar.line.setText("valve")
    for _turn in range(3):
        QApplication.processEvents()
        time.sleep(0.1)
        _answer(backend)


def pages_changed(backend: ScriptedBackend, window: MainWindow) -> None:
    """The file has changed since; its text is looked at."""
    pages(backend, window)
    window.controllers.sources.toggle_view_mode()
    window.sources.viewer.show_message(
        "The file has changed since this answer was given.", "Look twice."
    )


def mark(backend: ScriptedBackend, window: MainWindow) -> None:
    """The pointer is on a mark."""
    filled(backend, window)
    answer(backend, window)
    place = window.view.mapToGlobal(QPoint(220, 200))
    popup = window.controllers.sources.citation_popup
    popup.show_soon(last_answer(window), CitationMark(1), source(1), QRect(place, QSize(20, 14)))
    popup._show()


def wrong(backend: ScriptedBackend, window: MainWindow) -> None:
    """A source is said to be wrong."""
    mark(backend, window)
    window.controllers.sources.citation_popup.dismiss()
    window.controllers.sources.set_source_wrong(2, wrong=True)


FILES = (
    "lease.pdf",
    "garden/duties.odt",
    "letters/2026/housing association.docx",
    "meter.xlsx",
)
SKIPPED = (
    ("taxes/2019.pdf", "file_encrypted"),
    ("scans/lease.pdf", "file_no_text"),
    ("site/node_modules", "part_generated"),
    (".config", "part_hidden"),
)


def _details(backend: ScriptedBackend, window: MainWindow, tab: str) -> None:
    filled(backend, window)
    now = time.time()
    backend.library.files["folder-1"] = tuple(
        FolderFile(file=name, size=180_000 * (n + 1), modified=now, read=now - n * 40_000)
        for n, name in enumerate(FILES)
    )
    backend.library.skipped["folder-1"] = tuple(
        FileSkipped(request_id="", folder_id="folder-1", file=name, code=code)
        for name, code in SKIPPED
    )
    backend.folder_seen(folder(synced=time.time() - 4000, watched="live", included=(".config",)))
    window.sidebar.folders.details_wanted.emit("folder-1", tab)
    backend.pump()
    QApplication.processEvents()


def folder_documents(backend: ScriptedBackend, window: MainWindow) -> None:
    """What was read of a folder, lately first."""
    _details(backend, window, "documents")
    details = open_dialog()
    assert isinstance(details, FolderPage)
    details.documents.table.selectRow(1)


def folder_skipped(backend: ScriptedBackend, window: MainWindow) -> None:
    """What could not be read."""
    _details(backend, window, "skipped")


def folder_passed_over(backend: ScriptedBackend, window: MainWindow) -> None:
    """What is passed over, and the switches."""
    _details(backend, window, "passed_over")


SOURCES = (
    pages,
    pages_alone,
    pages_changed,
    mark,
    wrong,
    folder_documents,
    folder_skipped,
    folder_passed_over,
)
