"""Trash page: deleted chats, to be restored or deleted for good."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import format_moment, one_line
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme

_ID = Qt.ItemDataRole.UserRole


class TrashPage(Page):
    """Restores at once; deleting for good needs a confirmation."""

    widest = 900

    def __init__(self, theme: Theme, notices: NoticeCenter, app: App, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notices = notices
        self._app = app
        self._build()
        self._connect()
        self.refresh_chats()
        self._list.setFocus()

    def _build(self) -> None:
        words = _("Trash")
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        self._about = plain_label(role="muted", wrap=True)
        self._list = QListWidget()
        self._list.setObjectName("plain_list")
        self._list.setAccessibleName(_("Chats in the trash"))
        self._list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self._restore = TextButton(self._theme, _("Restore"), role="primary")
        self._delete = TextButton(self._theme, _("Delete for good…"))
        self._empty = TextButton(self._theme, _("Empty the trash…"))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._about, 1)
        head.addWidget(self._empty)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self._delete, self._restore):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._list, 1)
        column.addLayout(buttons)
        self._rest = QWidget()  # below the words of an empty trash
        self._rest.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        column.addWidget(self._rest, 1)
        self._delete_key = QShortcut(QKeySequence("Delete"), self._list)
        self._delete_key.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _connect(self) -> None:
        self._list.itemSelectionChanged.connect(self._on_selection_changed)
        self._list.itemActivated.connect(self._on_restore)
        self._restore.clicked.connect(self._on_restore)
        self._delete.clicked.connect(self._on_delete)
        self._delete_key.activated.connect(self._on_delete)
        self._empty.clicked.connect(self._on_empty)

    def refresh_chats(self) -> None:
        """List the chats as they are now."""
        today = datetime.now(UTC).astimezone().date()
        self._list.clear()
        for chat in self._app.chat_organizer.list_trashed_chats():
            title = one_line(chat.title)
            when = _("deleted {when}").format(when=format_moment(chat.trashed, today))
            item = QListWidgetItem(f"{title}  ·  {when}")
            item.setData(_ID, chat.chat_id)
            self._list.addItem(item)
        some = self._list.count() > 0
        self._about.setText(
            _("Chats stay here for thirty days, then they go for good.")
            if some
            else _("The trash is empty.")
        )
        for part in (self._list, self._empty, self._restore, self._delete):
            part.setVisible(some)
        self._rest.setVisible(not some)
        if some:
            self._list.setCurrentRow(0)
        self._on_selection_changed()

    def _chosen(self) -> list[str]:
        return [str(item.data(_ID)) for item in self._list.selectedItems()]

    def _all(self) -> list[str]:
        return [str(self._list.item(row).data(_ID)) for row in range(self._list.count())]

    def _on_selection_changed(self) -> None:
        for button in (self._restore, self._delete):
            button.setVisible(self._list.count() > 0)
            button.setEnabled(bool(self._chosen()))

    def _on_restore(self) -> None:
        try:
            for chat_id in self._chosen():
                self._app.chat_service.restore_chat(chat_id)
        except InglenookError as error:
            self._notices.post_error("chat", error)
        self.refresh_chats()

    def _on_delete(self) -> None:
        self._ask(self._chosen(), _("Delete these chats for good?"))

    def _on_empty(self) -> None:
        self._ask(self._all(), _("Empty the trash?"))

    def _ask(self, chat_ids: list[str], title: str) -> None:
        if not chat_ids:
            return
        asking = ConfirmDialog(
            self._theme,
            self,
            title=title,
            text=_("The chats and their answers can't be brought back."),
            button_text=_("Delete"),
            value=None,
        )
        asking.prefer_cancel()
        asking.accepted.connect(lambda: self._delete_all(chat_ids))
        asking.open()

    def _delete_all(self, chat_ids: list[str]) -> None:
        try:
            for chat_id in chat_ids:
                self._app.chat_service.delete_chat(chat_id)
        except InglenookError as error:
            self._notices.post_error("chat", error)
        self.refresh_chats()
