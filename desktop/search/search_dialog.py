"""Search dialog: one line that searches chats at once and documents a moment later."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from desktop.kit.buttons_and_labels import add_clear_button, plain_label
from desktop.kit.dialog_manager import float_over_window, set_initial_size
from desktop.kit.theme import Theme
from desktop.search.search_results import RESULT, SearchResult, SearchResultDelegate

_CHATS_AFTER_MS = 60
_DOCUMENTS_AFTER_MS = 300
_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
}


class SearchDialog(QDialog):
    """Arrows move through the results while the line keeps the focus; Enter opens one."""

    chats_wanted = Signal(str)
    documents_wanted = Signal(str)
    chosen = Signal(object)
    """The target of a `SearchResult`."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chats: tuple[SearchResult, ...] = ()
        self._documents: tuple[SearchResult, ...] = ()
        self._is_searching = False
        self._is_sure = True
        self._problem = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()
        self._show_state()

    def _build(self) -> None:
        words = _("Search chats and documents")
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        set_initial_size(self, 720, 560)
        float_over_window(self)
        self.line = QLineEdit()
        self.line.setAccessibleName(words)
        self.line.setPlaceholderText(words)
        add_clear_button(self.line)
        self.line.installEventFilter(self)
        self._state = plain_label(role="muted", wrap=True)
        self._list = QListWidget()
        self._list.setObjectName("plain_list")
        self._list.setAccessibleName(_("Results"))
        self._list.setItemDelegate(SearchResultDelegate(self._theme, self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for part in (self.line, self._state):
            column.addWidget(part)
        column.addWidget(self._list, 1)
        self._rest = QWidget()  # below the words of a search without results
        self._rest.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        column.addWidget(self._rest, 1)
        self._chats_timer, self._documents_timer = QTimer(self), QTimer(self)
        for timer, wait in (
            (self._chats_timer, _CHATS_AFTER_MS),
            (self._documents_timer, _DOCUMENTS_AFTER_MS),
        ):
            timer.setSingleShot(True)
            timer.setInterval(wait)

    def _connect(self) -> None:
        self.line.textChanged.connect(self._on_text_changed)
        self.line.returnPressed.connect(self._on_return)
        self._list.itemClicked.connect(self._on_return)
        self._chats_timer.timeout.connect(lambda: self.chats_wanted.emit(self.query))
        self._documents_timer.timeout.connect(lambda: self.documents_wanted.emit(self.query))

    @property
    def query(self) -> str:
        """The search text."""
        return self.line.text().strip()

    def show_chats(self, results: Sequence[SearchResult]) -> None:
        """Show the results of the chats."""
        self._chats = tuple(results)
        self._fill()

    def show_documents_searching(self) -> None:
        """Show that the documents are being searched."""
        self._is_searching = True
        self._show_state()

    def show_documents(
        self, results: Sequence[SearchResult], problem: str = "", *, is_sure: bool = True
    ) -> None:
        """Show the results of the documents, or why they can't be searched.

        `is_sure`: whether they seem to answer what was typed.
        """
        self._documents = tuple(results)
        self._is_sure = is_sure or not results
        self._is_searching = False
        self._problem = problem
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the results by keys."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        """List both kinds; the current result stays current if it is still there."""
        before = self._current()
        self._list.clear()
        documents = _("Documents")
        if not self._is_sure:
            documents = _("Documents: nothing seems to answer this; the nearest passages")
        for heading, results in ((_("Chats"), self._chats), (documents, self._documents)):
            if results:
                self._add(SearchResult(title=heading))
            for result in results:
                self._add(result)
        rows = [row for row in range(self._list.count()) if self._result(row).target is not None]
        same_rows = [row for row in rows if before is not None and self._result(row) == before]
        self._list.setCurrentRow((same_rows or rows or [-1])[0])
        self._show_state()

    def _add(self, result: SearchResult) -> None:
        item = QListWidgetItem(result.title)
        item.setData(RESULT, result)
        if result.target is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        text = ", ".join(filter(None, (result.title, result.place, result.excerpt)))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
        self._list.addItem(item)

    def _show_state(self) -> None:
        """Show the state of the search in one line."""
        some = self._list.count() > 0
        if not self.query:
            text = _(
                "Type words to find where they stand. “Words in quotation marks” stay together."
            )
        elif self._problem:
            text = self._problem
        elif self._is_searching:
            text = _("Searching the documents …")
        else:
            text = "" if some else _("Nothing was found.")
        self._state.setText(text)
        self._state.setVisible(bool(text))
        self._list.setVisible(some)
        self._rest.setVisible(not some)

    def _result(self, row: int) -> SearchResult:
        result: SearchResult = self._list.item(row).data(RESULT)
        return result

    def _current(self) -> SearchResult | None:
        row = self._list.currentRow()
        return self._result(row) if row >= 0 else None

    def _move(self, step: int) -> None:
        rows = [row for row in range(self._list.count()) if self._result(row).target is not None]
        if rows:
            place = rows.index(self._list.currentRow()) if self._list.currentRow() in rows else 0
            self._list.setCurrentRow(rows[min(max(place + step, 0), len(rows) - 1)])

    def _on_text_changed(self) -> None:
        self._chats_timer.start()
        self._documents_timer.start()

    def _on_return(self) -> None:
        if self._chats_timer.isActive():  # Enter means what is typed now
            self._chats_timer.stop()
            self.chats_wanted.emit(self.query)
        current = self._current()
        if current is not None and current.target is not None:
            self.accept()
            self.chosen.emit(current.target)
