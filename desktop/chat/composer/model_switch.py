"""Model switch: a list over the window, with a search, that changes who answers in place."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from desktop.chat.composer.model_options import ModelOptions
from desktop.chat.composer.model_switch_list import MOST_ROWS, ModelSwitchList
from desktop.kit.buttons_and_labels import TextButton, add_clear_button
from desktop.kit.theme import Theme

_WIDTH = 420
_MARGIN = 8
_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -MOST_ROWS,
    Qt.Key.Key_PageDown: MOST_ROWS,
}


class ModelSwitch(QFrame):
    """A child of the window, so that it looks alike everywhere; closed by Escape or a click beside.

    The search has the focus while it is open; closed, the widget in `focus_after` gets it.
    """

    chosen = Signal(str)
    manage_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, focus_after: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._focus_after = focus_after
        self._options = ModelOptions()
        self._anchor = self._opener = window
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("model_switch")
        self.setAccessibleName(_("Switch the model"))
        self._line = QLineEdit()
        self._line.setAccessibleName(_("Search models"))
        self._line.setPlaceholderText(_("Search models"))
        add_clear_button(self._line)
        self._list = ModelSwitchList(self._theme)
        self._manage = TextButton(self._theme, _("All about models…"), icon="model", role="quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for part in (self._line, self._list, self._manage):
            column.addWidget(part)
        self.hide()

    def _connect(self) -> None:
        self._line.textChanged.connect(self._on_searched)
        self._line.returnPressed.connect(self._on_entered)
        self._list.itemClicked.connect(self._on_entered)
        self._manage.clicked.connect(self._on_manage_clicked)

    def open_at(self, opener: QWidget, anchor: QWidget, options: ModelOptions) -> None:
        """Show these options above or below `anchor`; pressed again, the opener closes them."""
        if self.isVisible() and opener is self._opener:
            self.close_switch()
            return
        self._options, self._anchor, self._opener = options, anchor, opener
        self._line.clear()
        self._show_rows()
        self.show()
        self.raise_()
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def close_switch(self) -> None:
        """Hide it; the focus goes back to where one types."""
        if self.isVisible():
            self.hide()
            self._focus_after.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """No longer look for clicks beside it."""
        super().hideEvent(event)
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close at a click beside it, and when the window changes its size or is left."""
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            place = self.mapFromGlobal(event.globalPosition().toPoint())
            is_beside = isinstance(watched, QWidget) and watched is not self._opener
            if is_beside and not self.rect().contains(place):
                self.hide()
        elif watched is self._window and kind in {
            QEvent.Type.Resize,
            QEvent.Type.WindowDeactivate,
        }:
            self.close_switch()
        return False

    def event(self, event: QEvent) -> bool:
        """Keep Escape, which would stop the answer else."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys that the search leaves."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.close_switch()
        elif key in _MOVES:
            self._list.move_selection(_MOVES[key])
        elif key not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def _show_rows(self) -> None:
        self._list.show_options(self._options, self._line.text())
        self._place()

    def _place(self) -> None:
        """Lie where there is more space, no larger than that and the window's width."""
        window, anchor = self._window.rect(), self._anchor
        corner = anchor.mapTo(self._window, QPoint(0, 0))
        place = QRect(corner, anchor.size())
        above, below = place.top() - 2 * _MARGIN, window.height() - place.bottom() - 2 * _MARGIN
        rows = min(self._list.count(), MOST_ROWS)
        self._list.setFixedHeight(rows * max(self._list.sizeHintForRow(0), 1) + 4)
        too_high = self.sizeHint().height() - max(above, below)
        if too_high > 0:
            self._list.setFixedHeight(max(self._list.height() - too_high, 0))
        height = self.sizeHint().height()
        width = min(self._theme.scaled(_WIDTH), window.width() - 2 * _MARGIN)
        left = place.left()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = place.right() - width
        left = min(max(left, _MARGIN), window.width() - width - _MARGIN)
        top = place.top() - height - _MARGIN if above >= below else place.bottom() + _MARGIN
        self.setGeometry(left, top, width, height)

    def _choose(self, ref: str) -> None:
        self.close_switch()
        self.chosen.emit(ref)

    def _on_searched(self) -> None:
        if self.isVisible():
            self._show_rows()

    def _on_entered(self) -> None:
        if self._list.selected_ref:
            self._choose(self._list.selected_ref)

    def _on_manage_clicked(self) -> None:
        self.close_switch()
        self.manage_wanted.emit()
