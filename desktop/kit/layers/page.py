"""Page of the main window: shown in the chat's place until it is ended, like a dialog."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPushButton, QWidget

_REFRESHED_AFTER_MS = 2000


class Page(QWidget):
    """Has the signals and methods of a dialog; `PageHost` shows its window title as a heading.

    A page that was ended is deleted by its host.
    """

    finished = Signal(int)
    accepted = Signal()
    rejected = Signal()
    widest = 0
    """Greatest width in pixels at the usual text size; 0: as wide as the window allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_over = False
        self._refresh: Callable[[], object] | None = None
        self._refreshing = QTimer(self)
        self._refreshing.setInterval(_REFRESHED_AFTER_MS)
        self._refreshing.timeout.connect(self._refresh_now)

    def refresh_while_shown(self, refresh: Callable[[], object]) -> None:
        """Call `refresh` each time the page comes into view, and every two seconds while it is.

        For what nobody broadcasts. Below another page, or in a hidden window, it costs nothing.
        """
        self._refresh = refresh

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to refresh what is shown."""
        super().showEvent(event)
        if self._refresh is not None:
            self._refresh_now()
            self._refreshing.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop refreshing."""
        super().hideEvent(event)
        self._refreshing.stop()

    def accept(self) -> None:
        """End the page: what it was opened for is done."""
        self._end(accepted=True)

    def reject(self) -> None:
        """End the page, as Esc and Back do."""
        self._end(accepted=False)

    def yield_to_chat(self) -> None:
        """End the page because a chat is shown in its place, which nobody meant as “Cancel”."""
        self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the primary button with Enter, else open a choice, unless it was taken."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not self._is_over:
            primary, focused = self._primary_button(), self.focusWidget()
            if primary is not None and not isinstance(focused, QAbstractItemView):
                primary.click()
                return
            if primary is None and isinstance(focused, QComboBox):
                focused.showPopup()  # which Qt leaves to Space
                return
        super().keyPressEvent(event)

    def _primary_button(self) -> QPushButton | None:
        """Return the button to press, which is not one of a dialog over the page."""
        buttons = (b for b in self.findChildren(QPushButton) if b.window() is self.window())
        return next((b for b in buttons if b.isDefault() and b.isVisible()), None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End it, as a dialog that is closed."""
        super().closeEvent(event)
        self.reject()

    def _refresh_now(self) -> None:
        if self._refresh is not None:
            self._refresh()

    def _end(self, *, accepted: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.finished.emit(int(accepted))
        (self.accepted if accepted else self.rejected).emit()


def first_focusable(part: QWidget) -> QWidget | None:
    """Return the first widget of a part of a window in the Tab order."""
    here = part.nextInFocusChain()
    while here is not None and here is not part:
        if takes_tab(here) and part.isAncestorOf(here):
            return here
        here = here.nextInFocusChain()
    return None


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab may stop at a widget; one with a proxy would only lead to that one."""
    tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    return bool(tabbed) and widget.isVisible() and widget.isEnabled()
