"""Controller of the features around chats: prompts, search, comparison, trash."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from core.app.events.app_events import AnswerEvent
from core.base.errors import InglenookError
from core.chat.conversations.conversation import Source
from core.chat.store.draft_store import UNSAVED_CHAT_ID
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.list.chat_actions import ChatActionCallbacks, register_chat_actions
from desktop.chat.list.chat_list_controller import ChatListController
from desktop.chat.view.chat_view import ChatView
from desktop.compare.compare_context import CompareContext
from desktop.kit.actions import ActionRegistry
from desktop.kit.window_context import WindowContext
from desktop.prompts.prompt_controller import PromptController
from desktop.search.search_controller import SearchController
from desktop.window.sidebar import Sidebar


class ChatFeaturesController(QObject):
    """Owns the controllers of these features; each is created when it is first needed."""

    def __init__(
        self,
        context: WindowContext,
        *,
        view: ChatView,
        sidebar: Sidebar,
        chat: ChatController,
        chats: ChatListController,
        show_place: Callable[[Source], object],
        new_window: Callable[[str], object],
    ) -> None:
        super().__init__(context.window)
        self._context = context
        self._view = view
        self._sidebar = sidebar
        self._chat = chat
        self._chats = chats
        self._new_window = new_window
        self._show_place = show_place
        self._on_compared: Callable[[AnswerEvent], None] | None = None
        self.prompts = PromptController(context, view.composer, chat.next_question)
        self.search = SearchController(context.app, context.theme, context.dialogs, context.window)
        self._connect()

    def _connect(self) -> None:
        self._view.composer.expand_command = self.prompts.expand_command
        self.search.turn_chosen.connect(self._on_turn_chosen)
        self.search.passage_chosen.connect(self._on_passage_chosen)
        self._chats.window_wanted.connect(self._new_window)
        self._chats.export_controller.chats_imported.connect(self._chats.open_chat)
        self._chats.open_chat_wanted.connect(self._uncover_chat)
        self._chats.trash_counted.connect(self._sidebar.show_trash_count)
        self._sidebar.temporary_button.clicked.connect(self._chats.open_temporary_chat)
        self._sidebar.search_button.clicked.connect(self.search.open_dialog)
        self._sidebar.trash_button.clicked.connect(self._show_trash)

    def register_actions(self, registry: ActionRegistry) -> None:
        """Register the actions of these features."""
        callbacks = ChatActionCallbacks(
            new_window=lambda: self._new_window(""),
            search=self.search.open_dialog,
            show_trash=self._show_trash,
            edit_chat_style=self.prompts.edit_chat_style,
            edit_prompts=self.prompts.edit_prompts,
            compare=self._compare,
        )
        register_chat_actions(registry, self._chats, callbacks)

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Pass an answer event to an open comparison."""
        if self._on_compared is not None:
            self._on_compared(event)

    def _uncover_chat(self) -> None:
        """Show the open chat where pages lie over it."""
        if self._context.dialogs.show_chat():
            self._view.composer.setFocus()

    def _show_trash(self) -> None:
        from desktop.chat.list.trash_page import TrashPage  # noqa: PLC0415 - rarely needed

        def make() -> TrashPage:
            context = self._context
            page = TrashPage(context.theme, context.notices, context.app, context.window)
            self._chats.trash_counted.connect(page.refresh_chats)
            return page

        self._context.dialogs.open_page("trash", make)

    def _compare(self) -> None:
        self._context.dialogs.open_dialog("compare", self._make_comparison)

    def _make_comparison(self) -> QDialog:
        from desktop.compare.compare_dialog import CompareDialog  # noqa: PLC0415 - rarely needed

        dialog = CompareDialog(
            self._view.tools, self._context.app, self._context.window, self._place
        )
        dialog.question.setPlainText(self._view.composer.draft)
        dialog.answer_saved.connect(self._on_answer_saved)
        dialog.source_chosen.connect(self._show_place)
        dialog.finished.connect(self._on_comparison_over)
        self._on_compared = dialog.on_answer_event
        return dialog

    def _place(self) -> CompareContext:
        next_question, chat_id = self._chat.next_question, self._chat.chat_id
        used = self._context.app.servers.server_for_chat(chat_id) if chat_id else None
        return CompareContext(
            chat_id=chat_id,
            folder_ids=self._sidebar.folders.ticked_folder_ids,
            files=self._view.composer.files,
            chat_style=next_question.chat_style,
            is_temporary=next_question.is_temporary,
            server=used.name if used else self._chat.server_for_new_chat(),
        )

    def _on_answer_saved(self, chat_id: str) -> None:
        """Open the chat; the files of the question stay attached to it, as after any question."""
        files = self._view.composer.files
        self._view.composer.set_draft("")
        if self._chat.chat_id == UNSAVED_CHAT_ID:
            self._chat.next_question.assign_chat_id(chat_id)
        self._chat.open_chat(chat_id)
        self._view.composer.set_files(files)

    def _on_comparison_over(self) -> None:
        self._on_compared = None

    def _on_passage_chosen(self, source: Source) -> None:
        self._context.dialogs.show_chat()
        self._show_place(source)

    def _on_turn_chosen(self, chat_id: str, turn_id: str, query: str) -> None:
        """Open the chat at the matching words of a turn, if need be in another branch."""
        self._chats.open_chat(chat_id)
        if not turn_id or self._chat.chat_id != chat_id:
            return
        if self._view.transcript.find_turn(turn_id) is None and not self._chat.answering_turn_id:
            try:
                self._context.app.turns.show_version(chat_id, turn_id, 0)
            except InglenookError as error:
                self._context.notices.post_error("chat", error)
                return
            self._chat.reload_chat()
        self._view.find_bar.open_at_turn(turn_id, query)
