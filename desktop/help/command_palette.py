"""Command palette: a search line, every action that matches it, and topics of the manual."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPalette,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from desktop.kit.actions import Action, ActionRegistry, keys_in_order, shortcut_text
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.dialog_manager import float_over_window, set_initial_size

_TRIGGER = Qt.ItemDataRole.UserRole + 1
_KEYS = Qt.ItemDataRole.UserRole + 2
_SEARCHED = Qt.ItemDataRole.UserRole + 3
_KIND = Qt.ItemDataRole.UserRole + 4
_Index = QModelIndex | QPersistentModelIndex
_WIDTH, _HEIGHT = 560, 400
_MARGIN = 12
_LIST_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class PaletteTopic(NamedTuple):
    """A place of the manual: its label, the words it is found by, and what opens it."""

    label: str
    words: str
    trigger: Callable[[], object]


class _ActionFilter(QSortFilterProxyModel):
    """Accepts lines that contain every typed word, in any order; prefix matches come first.

    Topics come after the actions, and only once something is typed.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.sort(0)

    def set_filter_text(self, text: str) -> None:
        self._words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, above: _Index) -> bool:
        """Match menu and label."""
        del above  # a list has no second level
        index = self.sourceModel().index(row, 0)
        if index.data(_KIND) and not self._words:
            return False
        text = str(index.data(_SEARCHED)).casefold()
        return all(word in text for word in self._words)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        """Sort words that start with the typed text before words that contain it."""
        return self._place(left) < self._place(right)

    def _place(self, index: _Index) -> tuple[bool, int, int]:
        return bool(index.data(_KIND)), self._distance(index), index.row()

    def _distance(self, index: _Index) -> int:
        words = str(index.data()).casefold().split()
        return sum(not any(each.startswith(typed) for each in words) for typed in self._words)


class _ShortcutDelegate(QStyledItemDelegate):
    """Draws the shortcut of an action at the end of its line."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the line, then its shortcut."""
        super().paint(painter, option, index)
        area = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        side = Qt.AlignmentFlag.AlignTrailing  # which a painter mirrors by itself
        painter.save()
        painter.setFont(option.font)
        # not the list's palette: a style sheet makes this role half transparent there
        painter.setPen(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            area, side | Qt.AlignmentFlag.AlignVCenter, keys_in_order(str(index.data(_KEYS)))
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Reserve space for the shortcut."""
        hint = super().sizeHint(option, index)
        keys = option.fontMetrics.horizontalAdvance(str(index.data(_KEYS)))
        return QSize(hint.width() + keys + 2 * _MARGIN, hint.height())


class CommandPalette(QDialog):
    """Lists the actions that are available now, and topics; Enter triggers one."""

    def __init__(
        self, registry: ActionRegistry, topics: Sequence[PaletteTopic], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._registry = registry
        self._topics = topics
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()

    def _build(self) -> None:
        title = _("Everything one can do")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        set_initial_size(self, _WIDTH, _HEIGHT)
        float_over_window(self)
        self._most_height = self.height()
        self._line = QLineEdit()
        self._line.setAccessibleName(_("Name of an action"))
        self._line.setPlaceholderText(_("Type what you want to do"))
        self._line.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self._matches = _ActionFilter(self)
        self._matches.setSourceModel(self._model)
        self._list = QListView()
        self._list.setObjectName("palette")
        self._list.setAccessibleName(_("Actions"))
        self._list.setModel(self._matches)
        self._list.setItemDelegate(_ShortcutDelegate(self._list))
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setUniformItemSizes(True)
        self._list.setMinimumHeight(1)  # two lines need less than Qt wants of any list
        self._empty_hint = plain_label(_("Nothing fits these words."), "muted")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        for part in (self._line, self._empty_hint, self._list):
            self._column.addWidget(part)
        self._fill()
        self._select_first()

    def _fill(self) -> None:
        available = tuple(action for action in self._registry.all_actions() if action.is_available)
        self._registry.refresh_actions(available)
        for action in available:
            self._model.appendRow(_action_row(action))
        for topic in self._topics:
            self._model.appendRow(_topic_row(topic))

    def _connect(self) -> None:
        self._line.textChanged.connect(self._on_text_changed)
        self._line.returnPressed.connect(self._on_return)
        self._list.clicked.connect(self._on_return)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move through the list while the line keeps the focus."""
        if isinstance(event, QKeyEvent) and self._is_for_list(event):
            self._list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    @staticmethod
    def _is_for_list(event: QKeyEvent) -> bool:
        return event.type() is QEvent.Type.KeyPress and Qt.Key(event.key()) in _LIST_KEYS

    def _select_first(self) -> None:
        self._list.setCurrentIndex(self._matches.index(0, 0))
        has_rows = self._matches.rowCount() > 0
        self._list.setVisible(has_rows)
        self._empty_hint.setVisible(not has_rows)
        self._fit_height()

    def _fit_height(self) -> None:
        """Be as high as the lines need, up to the first height, with the upper edge in place."""
        self._list.ensurePolished()
        margins = self.contentsMargins() + self._column.contentsMargins()
        below = self._empty_hint.sizeHint().height()
        if rows := self._matches.rowCount():
            below = rows * self._list.sizeHintForRow(0) + 2 * self._list.frameWidth()
        needed = margins.top() + margins.bottom() + self._line.sizeHint().height()
        needed += self._column.spacing() + below
        self.resize(self.width(), min(needed, self._most_height))

    def _on_text_changed(self, text: str) -> None:
        self._matches.set_filter_text(text)
        self._select_first()

    def _on_return(self) -> None:
        trigger = self._list.currentIndex().data(_TRIGGER)
        if callable(trigger):
            self.accept()
            trigger()


def _topic_row(topic: PaletteTopic) -> QStandardItem:
    item = QStandardItem(topic.label)
    item.setData("", _KEYS)
    item.setData(f"{topic.label}\n{topic.words}", _SEARCHED)
    item.setData(topic.label, Qt.ItemDataRole.AccessibleTextRole)
    item.setData(topic.trigger, _TRIGGER)
    item.setData("topic", _KIND)
    return item


def _action_row(action: Action) -> QStandardItem:
    keys = shortcut_text(action)
    item = QStandardItem(action.label)  # few have an icon: their names would stand askew
    item.setData(keys, _KEYS)
    menu = _(action.group.value).replace("&", "")
    spoken = f"{menu}: {action.label} {keys}".strip()
    item.setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
    item.setData(spoken, _SEARCHED)
    item.setData(action.trigger, _TRIGGER)
    return item
