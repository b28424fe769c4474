"""What a window has around its chats: prompts, search, comparison, trash; and their actions."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMainWindow

from core.app.events import AnswerEvent, RequestFailed, SearchFinished
from core.chat.conversation import Source
from core.errors import InglenookError
from desktop.actions import ActionRegistry
from desktop.chat.chat_actions import ChatDeeds, register_chats
from desktop.chat.chats_room import ChatsRoom
from desktop.chat.room import ChatRoom
from desktop.chat.standing import NEW
from desktop.chat.view import ChatView
from desktop.compare.place import Place
from desktop.dialogs import Dialogs
from desktop.notices import Notices
from desktop.ports import Front
from desktop.prompts.room import PromptRoom
from desktop.search.room import SearchRoom
from desktop.sidebar import Sidebar
from desktop.theme import Theme


class ChatParts(QObject):
    """Puts them together; each is made when it is first asked for."""

    def __init__(  # noqa: PLR0913 - one word for each part of the window it stands between
        self,
        window: QMainWindow,
        front: Front,
        theme: Theme,
        notices: Notices,
        *,
        view: ChatView,
        sidebar: Sidebar,
        chat: ChatRoom,
        chats: ChatsRoom,
        dialogs: Dialogs,
        show_place: Callable[[Source], object],
        new_window: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._front = front
        self._theme = theme
        self._notices = notices
        self._view = view
        self._sidebar = sidebar
        self._chat = chat
        self._chats = chats
        self._dialogs = dialogs
        self._new_window = new_window
        self._show_place = show_place
        self._on_compared: Callable[[AnswerEvent], None] | None = None
        self.prompts = PromptRoom(
            front,
            theme,
            notices,
            composer=view.composer,
            standing=chat.standing,
            dialogs=dialogs,
            window=window,
        )
        self.search = SearchRoom(front, theme, dialogs, window)
        self._connect(show_place)

    def _connect(self, show_place: Callable[[Source], object]) -> None:
        self._view.composer.expand = self.prompts.expand
        self.search.turn_chosen.connect(self._on_turn_chosen)
        self.search.passage_chosen.connect(show_place)
        self._chats.window_wanted.connect(self._new_window)
        self._chats.exporting.taken_in.connect(self._chats.open)
        self._chats.trash_counted.connect(self._sidebar.count_trash)
        self._sidebar.temporary_button.clicked.connect(self._chats.open_temporary)
        self._sidebar.search_button.clicked.connect(self.search.open)
        self._sidebar.trash_button.clicked.connect(self._show_trash)

    def register(self, registry: ActionRegistry) -> None:
        """Offer what can be done."""
        deeds = ChatDeeds(
            new_window=lambda: self._new_window(""),
            search=self.search.open,
            show_trash=self._show_trash,
            edit_manner=self.prompts.edit_manner,
            edit_prompts=self.prompts.edit_prompts,
            compare=self._compare,
        )
        register_chats(registry, self._chats, deeds)

    def handle(self, event: AnswerEvent | SearchFinished) -> None:
        """Take what was heard of a search, or of answers that are compared."""
        if isinstance(event, SearchFinished):
            self.search.handle(event)
        elif self._on_compared is not None:
            self._on_compared(event)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was one of ours."""
        return self.search.fail(event)

    def _show_trash(self) -> None:
        from desktop.chat.trash_dialog import TrashDialog  # noqa: PLC0415 - rarely needed

        self._dialogs.open(
            "trash", lambda: TrashDialog(self._theme, self._notices, self._front, self._window)
        )

    def _compare(self) -> None:
        self._dialogs.open("compare", self._make_comparison)

    def _make_comparison(self) -> QDialog:
        from desktop.compare.dialog import CompareDialog  # noqa: PLC0415 - rarely needed

        dialog = CompareDialog(self._view.tools, self._front, self._window, self._place)
        dialog.question.setPlainText(self._view.composer.draft)
        dialog.kept.connect(self._on_kept)
        dialog.source_chosen.connect(self._show_place)
        dialog.finished.connect(self._on_comparison_over)
        self._on_compared = dialog.handle
        return dialog

    def _place(self) -> Place:
        standing, chat_id = self._chat.standing, self._chat.chat_id
        used = self._front.servers.used_by(chat_id) if chat_id else None
        return Place(
            chat_id=chat_id,
            folder_ids=self._sidebar.folders.ticked,
            files=self._view.composer.files,
            manner=standing.manner,
            is_temporary=standing.is_temporary,
            server=used.name if used else self._chat.model_for_new(),
        )

    def _on_kept(self, chat_id: str) -> None:
        """Open the chat; the files that were asked stay with it, as after any question."""
        files = self._view.composer.files
        self._view.composer.set_draft("")
        if self._chat.chat_id == NEW:
            self._chat.standing.begin(chat_id)
        self._chat.open_chat(chat_id)
        self._view.composer.set_files(files)

    def _on_comparison_over(self) -> None:
        self._on_compared = None

    def _on_turn_chosen(self, chat_id: str, turn_id: str, query: str) -> None:
        """Open the chat at the words in the turn; one of another branch is brought to light."""
        self._chats.open(chat_id)
        if not turn_id or self._chat.chat_id != chat_id:
            return
        if self._view.transcript.turn(turn_id) is None and not self._chat.answering:
            try:
                self._front.turns.step(chat_id, turn_id, 0)
            except InglenookError as error:
                self._notices.refuse("chat", error)
                return
            self._chat.reload()
        self._view.find_bar.open_at(turn_id, query)
