"""Dialog manager of one window: dialogs and pages are created on demand, each at most once."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop.kit.layers.page import Page
from desktop.kit.layers.page_host import PageHost

_OVERLAY = "overlay"
_LINE, _EDGE = 16, 48
"""Line height that sizes are given for, and the margin kept free around a dialog."""


def set_initial_size(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog its first size: larger with larger text, never larger than the screen."""
    growth = max(1.0, dialog.fontMetrics().height() / _LINE)
    most = dialog.screen().availableGeometry().size()
    dialog.resize(
        min(round(width * growth), most.width() - _EDGE),
        min(round(height * growth), most.height() - _EDGE),
    )


def float_over_window(dialog: QDialog) -> None:
    """Show a dialog, which has its size, without a frame over the upper part of its window.

    A click beside it closes it.
    """
    dialog.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    dialog.setObjectName(_OVERLAY)
    dialog.installEventFilter(_OverlayCloser(dialog))
    window = dialog.parentWidget()
    if window is None:
        return
    left = (window.width() - dialog.width()) // 2
    place = QRect(window.mapToGlobal(QPoint(left, window.height() // 8)), dialog.size())
    screen = window.screen().availableGeometry()
    place.moveBottom(min(place.bottom(), screen.bottom() - _EDGE // 2))  # large text is high
    dialog.move(place.topLeft())


class _OverlayCloser(QObject):
    """Ends an overlay once its window is active instead, but not when another program is."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that something else was clicked."""
        if event.type() is QEvent.Type.WindowDeactivate:
            window = self._dialog.parentWidget()
            if window is not None and QApplication.activeWindow() is window.window():
                self._dialog.reject()
        return super().eventFilter(watched, event)


def grow_to_content(dialog: QDialog) -> None:
    """Make a dialog as high as its wrapped texts need, which Qt does only as it is opened."""
    layout = dialog.layout()
    if layout is not None and layout.hasHeightForWidth():
        needed = layout.totalHeightForWidth(dialog.width())
        if needed > dialog.height():
            dialog.resize(dialog.width(), needed)


class DialogManager(QObject):
    """Opens dialogs over a window and pages in it; they are deleted when they end."""

    page_shown = Signal(str)
    """The name of the page that is shown, "" for the chat."""

    def __init__(self, window: QWidget, pages: PageHost) -> None:
        super().__init__(window)
        self._pages = pages
        self._open: dict[str, QDialog | Page] = {}
        pages.page_changed.connect(self._on_page_changed)

    def open_dialog(self, name: str, make: Callable[[], QDialog]) -> None:
        """Show the dialog called `name`, or raise it if it is open."""
        dialog = self._open.get(name)
        if not isinstance(dialog, QDialog):
            dialog = make()
            self._add(name, dialog)
            if dialog.objectName() == _OVERLAY:
                dialog.show()  # a modal dialog would keep the click that closes it from the window
            else:
                dialog.open()
        dialog.raise_()
        dialog.activateWindow()

    def open_page(self, name: str, make: Callable[[], Page]) -> Page:
        """Show the page called `name` over all others, and return it."""
        page = self._open.get(name)
        if not isinstance(page, Page):
            page = make()
            self._add(name, page)
        self._pages.show_page(page)
        return page

    def close_other_pages(self, name: str) -> None:
        """End all pages but the one called `name`: Back leads from it to the chat then."""
        for each, page in tuple(self._open.items()):
            if isinstance(page, Page) and each != name:
                page.yield_to_chat()

    def show_chat(self) -> bool:
        """End all pages; returns whether there was one."""
        was_covered = self._pages.page is not None
        self._pages.close_pages()
        return was_covered

    def close(self) -> None:
        """Close all of them."""
        for dialog in tuple(self._open.values()):
            dialog.reject()

    def _add(self, name: str, dialog: QDialog | Page) -> None:
        self._open[name] = dialog
        dialog.finished.connect(partial(self._on_finished, name))

    def _on_page_changed(self) -> None:
        page = self._pages.page
        self.page_shown.emit(next((name for name, each in self._open.items() if each is page), ""))

    def _on_finished(self, name: str, _code: int) -> None:
        self._open.pop(name, None)
