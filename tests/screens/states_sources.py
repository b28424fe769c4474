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
    FilesListed,
    FolderFile,
    RenderedPage,
    TextBox,
)
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import folder, source
from tests.screens.filled import WORDS, filled

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


def pages(front: FakeApp, window: MainWindow) -> None:
    """A PDF is open at its page."""
    filled(front, window)
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_sources((source(1, file="garden/duties.pdf", page=3), source(2), source(3)))
    front.answer_text(WORDS)
    front.answer_finished()
    window.sources.choose_source(1)
    for _turn in range(3):
        _answer(front)
        QApplication.processEvents()


def _answer(front: FakeApp) -> None:
    """Give every page that was asked for, and the text."""
    for at, made in list(enumerate(front.calls, 1)):
        if made[0] == "render_page":
            paper = structs.replace(
                _paper(int(str(made[3]))), page=int(str(made[2])), request_id=f"request-{at}"
            )
            if paper.page != 3:
                paper = structs.replace(paper, boxes=())
            front.library_says(paper)
        elif made[0] == "open_document":
            document = Document(
                request_id=f"request-{at}", file="", path="",
                pages=tuple(
                    DocumentPage(number=n, heading="Watering", text="\n".join(LINES))
                    for n in range(1, 13)
                ),
                content_hash="0" * 64,
            )  # fmt: skip
            front.library_says(document)


def pages_alone(front: FakeApp, window: MainWindow) -> None:
    """The document has a window of its own, and words are looked for."""
    pages(front, window)
    window.controllers.sources.open_window()
    window.sources.viewer.find_bar.open_bar()
    window.sources.viewer.find_bar.line.setText("valve")
    for _turn in range(3):
        QApplication.processEvents()
        time.sleep(0.1)
        _answer(front)


def pages_changed(front: FakeApp, window: MainWindow) -> None:
    """The file has changed since; its text is looked at."""
    pages(front, window)
    window.controllers.sources.toggle_view_mode()
    window.sources.viewer.show_message(
        "The file has changed since this answer was given.", "Look twice."
    )


def mark(front: FakeApp, window: MainWindow) -> None:
    """The pointer is on a mark."""
    filled(front, window)
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_sources((source(1), source(2)))
    front.answer_text(WORDS)
    front.answer_finished()
    place = window.view.mapToGlobal(QPoint(220, 200))
    popup = window.controllers.sources.citation_popup
    popup.show_soon("answer-1", source(1), QRect(place, QSize(20, 14)))
    popup._show()


def wrong(front: FakeApp, window: MainWindow) -> None:
    """A source is said to be wrong."""
    mark(front, window)
    window.controllers.sources.citation_popup.dismiss()
    window.controllers.sources.set_source_wrong(2, wrong=True)


def _details(front: FakeApp, window: MainWindow, tab: str) -> None:
    filled(front, window)
    front.folder_seen(folder(synced=time.time() - 4000, watched="live", included=(".config",)))
    window.sidebar.folders.details_wanted.emit("folder-1", tab)
    names = (
        "lease.pdf",
        "garden/duties.odt",
        "letters/2026/housing association.docx",
        "meter.xlsx",
    )
    now = time.time()
    files = tuple(
        FolderFile(file=name, size=180_000 * (n + 1), modified=now, read=now - n * 40_000)
        for n, name in enumerate(names)
    )
    for at, made in list(enumerate(front.calls, 1)):
        if made[0] == "list_files":
            front.library_says(
                FilesListed(
                    request_id=f"request-{at}", folder_id="folder-1", files=files, total=118
                )
            )
        elif made[0] == "list_skipped":
            front.skipped_listed(
                f"request-{at}",
                tuple(
                    FileSkipped(request_id="", folder_id="folder-1", file=name, code=code)
                    for name, code in (
                        ("taxes/2019.pdf", "file_encrypted"),
                        ("scans/lease.pdf", "file_no_text"),
                        ("site/node_modules", "part_generated"),
                        (".config", "part_hidden"),
                    )
                ),
            )


def folder_documents(front: FakeApp, window: MainWindow) -> None:
    """What was read of a folder, lately first."""
    _details(front, window, "documents")
    details = QApplication.activeModalWidget()
    assert details is not None
    window.controllers.folders.details._dialog.documents.table.selectRow(1)  # type: ignore[union-attr]


def folder_skipped(front: FakeApp, window: MainWindow) -> None:
    """What could not be read."""
    _details(front, window, "skipped")


def folder_passed_over(front: FakeApp, window: MainWindow) -> None:
    """What is passed over, and the switches."""
    _details(front, window, "passed_over")


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
