"""Window frame: the window as it is first seen, with its composer in place; imports little."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from core.base.paths import APP_NAME
from core.base.settings.app_settings import Settings
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry
from desktop.kit.layers.page_host import PageHost
from desktop.kit.theme import Theme
from desktop.window.menu_bar import ActionMenuBar
from desktop.window.window_geometry import least_size, restore_window_geometry

_USUAL = 1000
"""What is compared between two sizes of text."""


class PaneSplitter(QSplitter):
    """The panes beside each other; Tab walks through them as they are seen."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.step_focus: Callable[[int], bool] | None = None

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - as in Qt
        """Move the focus, unless `step_focus` did: Qt's order is that of their making."""
        if self.step_focus is not None and self.step_focus(1 if next else -1):
            return True
        return bool(super().focusNextPrevChild(next))


class WindowFrame(QMainWindow):
    """Menu bar, chat and composer, between two empty panes of the right width.

    What is typed is shown, but nothing is done with it before the window has its content.
    """

    painted = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.theme = theme
        self._seen = False
        self.registry = ActionRegistry(self, theme)
        self._build(settings)

    def _build(self, settings: Settings) -> None:
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(least_size(self.screen().availableSize()))
        self.view = ChatView(self.theme)
        self.pages = PageHost(self.theme, self.view)
        self.splitter = PaneSplitter()
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        left, right = _empty_pane("sidebar"), _empty_pane("sources")
        for part in (left, self.pages, right):
            self.splitter.addWidget(part)
        self.splitter.setStretchFactor(1, 1)
        side = max(264, 38 * self.fontMetrics().averageCharWidth())
        self.splitter.setSizes([side, 640, 360])
        self.setCentralWidget(self.splitter)
        self.menu_bar = ActionMenuBar(self.registry)
        self.setMenuBar(self.menu_bar)
        self.hidden_panes = restore_window_geometry(self, self.splitter, settings)
        left.setHidden(self.hidden_panes.startswith("1"))
        right.hide()
        self.view.composer.setFocus()
        self._usual = self.theme.scaled(_USUAL)
        self._sides: dict[int, tuple[int, int]] = {}
        """Widths of the outer panes at each size of text that was left."""
        self.theme.changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        """Give back to the chat what the outer panes needed for larger text."""
        before, self._usual = self._usual, self.theme.scaled(_USUAL)
        if self._usual == before:
            return
        left, middle, right = self.splitter.sizes()
        self._sides[before] = left, right
        if self._usual < before:
            shares = left * self._usual // before, right * self._usual // before
            known = self._sides.get(self._usual, shares)
            # one that was hidden at that size, or is now, has no width of its own
            new_left, new_right = (
                kept if size and kept else share
                for kept, share, size in zip(known, shares, (left, right), strict=True)
            )
            fitting = [new_left, left + middle + right - new_left - new_right, new_right]
            QTimer.singleShot(0, self, lambda: self.splitter.setSizes(fitting))  # when they may be

    def put_pane(self, place: int, pane: QWidget) -> None:
        """Put a pane in the place of an empty one, as wide as that one is."""
        empty = self.splitter.replaceWidget(place, pane)
        if empty is not None:
            empty.hide()
            empty.deleteLater()

    def bring_to_front(self) -> None:
        """Show, raise and activate the window."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit `painted` once, when the first picture is on its way to the screen."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.painted.emit)


def _empty_pane(name: str) -> QWidget:
    pane = QWidget()
    pane.setObjectName(name)
    pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return pane
