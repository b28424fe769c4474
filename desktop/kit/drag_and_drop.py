"""Drag and drop on a window: the overlay shown meanwhile, and dropped paths sorted by kind."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from core.base.i18n import _
from desktop.kit.theme import Theme

_GAP, _PICTURE = 16, 40
_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)
_OVER = frozenset({QEvent.Type.DragEnter, QEvent.Type.DragMove})
_GONE = frozenset({QEvent.Type.DragLeave, QEvent.Type.Drop})


class DropOverlay(QWidget):
    """Covers the window; mouse events pass through it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parent = parent
        self._words = _("Drop folders or files to ask them, or a GGUF file to use it")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self._words)
        self.hide()

    def cover_window(self) -> None:
        """Cover the whole window."""
        self.setGeometry(self._parent.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dimmed area with a dashed frame, and on it a card with the text."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = QColor(colours.canvas)
        sheet.setAlpha(232)
        painter.fillRect(self.rect(), sheet)
        painter.setPen(QPen(QColor(colours.info), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 16, 16)
        self._paint_card(painter)
        painter.end()

    def _paint_card(self, painter: QPainter) -> None:
        colours = self._theme.colours
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        painter.setFont(font)
        text_rect = self.rect().adjusted(_GAP * 3, 0, -_GAP * 3, 0)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        words = painter.boundingRect(text_rect, wrapped, self._words)
        words.translate(0, (_PICTURE + _GAP) // 2)
        card = words.adjusted(-_GAP * 2, -_PICTURE - _GAP * 3, _GAP * 2, _GAP * 2)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(QRectF(card), _GAP, _GAP)
        picture = QRect(0, 0, _PICTURE, _PICTURE)
        picture.moveCenter(QPoint(card.center().x(), card.top() + _GAP * 2 + _PICTURE // 2))
        self._theme.icon("folder-add", "info", _PICTURE).paint(painter, picture)
        painter.setPen(QColor(colours.text))
        painter.drawText(words, wrapped, self._words)


MODEL_SUFFIX = ".gguf"


class DroppedPaths(Struct, frozen=True):
    """Absolute paths: folders, GGUF files, and anything else."""

    folders: tuple[str, ...]
    models: tuple[str, ...]
    others: tuple[str, ...]


def classify_paths(paths: Iterable[str]) -> DroppedPaths:
    """Sort paths into folders, models and other files."""
    folders, models, others = [], [], []
    for path in paths:
        if Path(path).is_dir():
            folders.append(path)
        elif path.lower().endswith(MODEL_SUFFIX):
            models.append(path)
        else:
            others.append(path)
    return DroppedPaths(folders=tuple(folders), models=tuple(models), others=tuple(others))


def has_local_files(data: QMimeData) -> bool:
    """Whether a drag holds files or folders of this computer, not only links to the web."""
    return any(url.isLocalFile() for url in data.urls())


def paths_from_mime_data(data: QMimeData) -> DroppedPaths:
    """Return the local paths of a drag."""
    return classify_paths(url.toLocalFile() for url in data.urls() if url.isLocalFile())


def picture_from_mime_data(data: QMimeData) -> QImage:
    """Return the picture of a drag or a clipboard, a null image if there is none.

    Its program hands it over only now: if it has ended meanwhile, nothing comes.
    """
    picture = data.imageData()
    return picture if isinstance(picture, QImage) else QImage()


def accept_as_copy(event: QDropEvent) -> bool:
    """Accept a drag as a copy or a link; returns whether its source offers that.

    Many sources propose to move what is dragged: told that this was done, they delete the files.
    """
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if action in event.possibleActions():
            event.setDropAction(action)
            event.accept()
            return True
    event.ignore()
    return False


class FileDragGuard(QObject):
    """Fields would insert the addresses of files; while such a drag lasts, they accept no drops."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._passed: list[QWidget] = []

    def watch_window(self) -> None:
        """Look at each drag before Qt chooses who gets it; the window must have been shown."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Have fields pass on files."""
        kind = event.type()
        if kind in _OVER and isinstance(event, QDragMoveEvent):
            if has_local_files(event.mimeData()):
                self._pass_fields(event.position().toPoint())
        elif kind in _GONE and self._passed:
            QTimer.singleShot(0, self, self._restore_fields)
        return False

    def _pass_fields(self, where: QPoint) -> None:
        widget = self._window.childAt(where)
        while widget is not None and widget is not self._window:
            area = widget.parentWidget()
            is_viewport = isinstance(area, QAbstractScrollArea) and area.viewport() is widget
            if widget.acceptDrops():
                if not isinstance(area if is_viewport else widget, _FIELDS):
                    return
                widget.setAcceptDrops(False)
                self._passed.append(widget)
            widget = area

    def _restore_fields(self) -> None:
        for widget in self._passed:
            if isValid(widget):
                widget.setAcceptDrops(True)
        self._passed.clear()


class DropCatcher(QObject):
    """Accepts files, folders and pictures dropped anywhere on a window; shows `cover` meanwhile."""

    dropped = Signal(DroppedPaths)
    picture_dropped = Signal(QImage)
    """Pixels without a file, as a drawing program or a web browser hands them over; a null image
    if the program promised something and then handed over nothing."""

    def __init__(self, window: QWidget, cover: DropOverlay) -> None:
        super().__init__(window)
        self._cover = cover
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self._guard = FileDragGuard(window)
        self._guard.watch_window()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window during a drag."""
        if isinstance(event, QDragEnterEvent):
            if not (has_local_files(event.mimeData()) or event.mimeData().hasImage()):
                event.ignore()
            elif accept_as_copy(event):
                self._cover.cover_window()
            return True
        if event.type() is QEvent.Type.Show:
            self._guard.watch_window()
        elif isinstance(event, QDragLeaveEvent):
            self._cover.hide()
        elif type(event) is QDropEvent:
            self._cover.hide()
            accept_as_copy(event)
            if has_local_files(event.mimeData()):
                self.dropped.emit(paths_from_mime_data(event.mimeData()))
            else:
                self.picture_dropped.emit(picture_from_mime_data(event.mimeData()))
            return True
        return super().eventFilter(watched, event)
