"""Chat list controller: opening, renaming, grouping and trashing of chats."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import ChatListEntry
from core.chat.store.chat_organizer import ChatGroup
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.export.chat_export_controller import ChatExportController
from desktop.chat.list.chat_list import ChatAction, ChatList
from desktop.chat.list.chat_trashing import ChatTrashing
from desktop.kit.buttons_and_labels import pop_up_menu
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.locale_formatting import format_count, one_line
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme

ActionHandler = Callable[[str, str, str], object]
"""Takes a `ChatAction`, the id of a chat or group, and a value."""


def make_chat_menu(
    parent: QWidget, chat: ChatListEntry, groups: Sequence[ChatGroup], do: ActionHandler
) -> QMenu:
    """Return the context menu of a chat."""
    menu = _menu(parent)
    handler = partial(_action_handler, chat.chat_id, do)
    menu.addAction(_("Open in a new window")).triggered.connect(handler(ChatAction.WINDOW))
    menu.addSeparator()
    menu.addAction(_("Rename…")).triggered.connect(handler(ChatAction.RENAME))
    if chat.pinned:
        menu.addAction(_("Unpin")).triggered.connect(handler(ChatAction.UNPIN))
    else:
        menu.addAction(_("Pin")).triggered.connect(handler(ChatAction.PIN))
    moving = menu.addMenu(_("Move to group"))
    for group in groups:
        action = moving.addAction(one_line(group.name, 40).replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(group.group_id == chat.group_id)
        action.triggered.connect(handler(ChatAction.MOVE, group.group_id))
    if groups:
        moving.addSeparator()
    moving.addAction(_("New group…")).triggered.connect(handler(ChatAction.MOVE_TO_NEW))
    if chat.group_id:
        moving.addAction(_("Out of the group")).triggered.connect(handler(ChatAction.MOVE))
    menu.addAction(_("Export…")).triggered.connect(handler(ChatAction.EXPORT))
    menu.addSeparator()
    menu.addAction(_("Move to the trash")).triggered.connect(handler(ChatAction.TRASH))
    return menu


def make_group_menu(parent: QWidget, group: ChatGroup, do: ActionHandler) -> QMenu:
    """Return the context menu of a group."""
    menu = _menu(parent)
    handler = partial(_action_handler, group.group_id, do)
    menu.addAction(_("Rename this group…")).triggered.connect(handler(ChatAction.RENAME_GROUP))
    menu.addAction(_("Remove this group")).triggered.connect(handler(ChatAction.REMOVE_GROUP))
    return menu


def _action_handler(
    about: str, do: ActionHandler, action: ChatAction, value: str = ""
) -> Callable[[], object]:
    """Return a slot that ignores the checked state of a triggered action."""
    return lambda *_checked: do(action, about, value)


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


class ChatListController(QObject):
    """Keeps the list up to date with the saved chats and the open one.

    `show_in_other_window` brings forward the window in which a chat is open already, if there is
    one.
    """

    list_refreshed = Signal(int)
    trash_counted = Signal(int)
    window_wanted = Signal(str)
    open_chat_wanted = Signal()
    """The chat was chosen that is open already, maybe behind a page."""

    def __init__(
        self,
        app: App,
        theme: Theme,
        notices: NoticeCenter,
        *,
        chats: ChatList,
        chat_controller: ChatController,
    ) -> None:
        super().__init__(chats)
        self._app = app
        self._theme = theme
        self._notices = notices
        self._list = chats
        self._chat_controller = chat_controller
        self._chats: dict[str, ChatListEntry] = {}
        self._trashing = ChatTrashing(app, notices, self._let_go, chat_controller.open_chat)
        self.show_in_other_window: Callable[[str], bool] = _nowhere
        self.export_controller = ChatExportController(app, theme, notices, chats)
        self._connect()

    def _connect(self) -> None:
        self._list.chat_chosen.connect(self.open_chat)
        self._list.action_requested.connect(self.run_action)
        self._list.menu_wanted.connect(self._on_menu_wanted)
        self._list.group_menu_wanted.connect(self._on_group_menu_wanted)
        self._list.several_menu_wanted.connect(self._on_several_menu_wanted)
        self._list.trash_wanted.connect(self._trash)
        self._chat_controller.chat_opened.connect(self._on_chat_opened)
        self._chat_controller.running_answers.busy_changed.connect(self._on_busy_changed)

    @property
    def current_chat(self) -> ChatListEntry | None:
        """The open chat as listed; None for a new or temporary one."""
        return self._chats.get(self._chat_controller.chat_id)

    def refresh_list(self) -> None:
        """List the saved chats."""
        chats = self._app.chats.list_chats()
        trashed = self._app.chat_organizer.list_trashed_chats()
        self._chats = {chat.chat_id: chat for chat in chats}
        self._list.show_chats(chats, self._app.chat_organizer.list_groups())
        self.list_refreshed.emit(len(chats))
        self.trash_counted.emit(len(trashed))
        self._trashing.forget_restored(trashed)
        if self.current_chat is not None:
            self._chat_controller.set_title(self.current_chat.title)
        elif any(chat.chat_id == self._chat_controller.chat_id for chat in trashed):
            self._let_go(self._chat_controller.chat_id)

    def open_new_chat(self) -> None:
        """Open an empty chat, which is saved with its first question."""
        self._chat_controller.open_new_chat()

    def open_temporary_chat(self) -> None:
        """Open a chat that is never saved."""
        self._chat_controller.open_new_chat(temporary=True)

    def open_chat(self, chat_id: str) -> None:
        """Show a chat here, or raise the window in which it is open."""
        if chat_id == self._chat_controller.chat_id:
            self.open_chat_wanted.emit()
        elif not self.show_in_other_window(chat_id):
            self._chat_controller.open_chat(chat_id)

    def run_action(self, action: str, about: str, value: str = "") -> None:
        """Run an action on a chat or a group."""
        match ChatAction(action):
            case ChatAction.WINDOW:
                self.window_wanted.emit(about)
            case ChatAction.RENAME:
                self._ask_for_title(about)
            case ChatAction.PIN | ChatAction.UNPIN:
                pinned = action == ChatAction.PIN
                self._try(partial(self._app.chat_organizer.pin_chat, about, pinned=pinned))
            case ChatAction.MOVE:
                self._try(partial(self._app.chat_organizer.move_to_group, about, value))
            case ChatAction.MOVE_TO_NEW:
                self._ask_for_group(about)
            case ChatAction.EXPORT:
                self.export_controller.export_chat(about)
            case ChatAction.TRASH:
                self._trash((about,))
            case ChatAction.RENAME_GROUP:
                self._ask_for_group_name(about)
            case ChatAction.REMOVE_GROUP:
                self._try(partial(self._app.chat_organizer.remove_group, about))

    def _try(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except InglenookError as error:
            self._notices.post_error("chat", error)
            return False
        return True

    def _trash(self, chat_ids: Sequence[str]) -> None:
        self._trashing.trash_chats([self._chats[each] for each in chat_ids if each in self._chats])

    def _let_go(self, chat_id: str) -> None:
        was_open = chat_id == self._chat_controller.chat_id
        self._chat_controller.forget_chat(chat_id)
        if was_open:
            self._chat_controller.open_new_chat()

    def _ask_for_title(self, chat_id: str) -> None:
        old = self._chats[chat_id].title if chat_id in self._chats else ""
        rename = partial(self._app.chat_service.rename_chat, chat_id)
        self._ask(_("Rename this chat"), _("Rename"), old, rename)

    def _ask_for_group_name(self, group_id: str) -> None:
        names = {group.group_id: group.name for group in self._app.chat_organizer.list_groups()}
        rename = partial(self._app.chat_organizer.rename_group, group_id)
        self._ask(_("Rename this group"), _("Rename"), names.get(group_id, ""), rename)

    def _ask_for_group(self, chat_id: str) -> None:
        def move(name: str) -> None:
            group = self._app.chat_organizer.add_group(name)
            self._app.chat_organizer.move_to_group(chat_id, group.group_id)

        self._ask(_("Name of the new group"), _("Move"), "", move)

    def _ask(self, title: str, button_text: str, value: str, take: Callable[[str], object]) -> None:
        asking = ConfirmDialog(
            self._theme,
            self._list.window(),
            title=title,
            text="",
            button_text=button_text,
            value=value,
        )

        def accept() -> None:
            text = " ".join(asking.input_line.text().split())
            if text:
                self._try(partial(take, text))

        asking.accepted.connect(accept)
        asking.open()

    def _on_menu_wanted(self, chat_id: str, where: QPoint) -> None:
        if chat_id in self._chats:
            groups = self._app.chat_organizer.list_groups()
            menu = make_chat_menu(self._list, self._chats[chat_id], groups, self.run_action)
            pop_up_menu(menu, where)

    def _on_several_menu_wanted(self, chat_ids: tuple[str, ...], where: QPoint) -> None:
        def pin() -> None:
            for chat_id in chat_ids:
                self.run_action(ChatAction.PIN, chat_id)

        menu = _menu(self._list)
        menu.addAction(_("Pin")).triggered.connect(pin)
        number = len(chat_ids)
        words = ngettext(
            "Move {count} chat to the trash", "Move {count} chats to the trash", number
        )
        exporting = ngettext("Export {count} chat…", "Export {count} chats…", number)
        export = menu.addAction(exporting.format(count=format_count(number)))
        export.triggered.connect(lambda: self.export_controller.export_several(chat_ids))
        menu.addSeparator()
        trash = menu.addAction(words.format(count=format_count(number)))
        trash.triggered.connect(lambda: self._trash(chat_ids))
        pop_up_menu(menu, where)

    def _on_group_menu_wanted(self, group_id: str, where: QPoint) -> None:
        for group in self._app.chat_organizer.list_groups():
            if group.group_id == group_id:
                pop_up_menu(make_group_menu(self._list, group, self.run_action), where)

    def _on_chat_opened(self, chat_id: str) -> None:
        self._list.mark_current(chat_id)
        if self.current_chat is not None:
            self._chat_controller.set_title(self.current_chat.title)

    def _on_busy_changed(self) -> None:
        self._list.show_answering(self._chat_controller.running_answers.chat_ids)


def _nowhere(_chat_id: str) -> bool:
    return False
