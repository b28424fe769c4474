"""Question suggestions in an empty chat: three, made of the ticked folders' own titles."""

from PySide6.QtCore import QObject

from core.app.library.document_service import DocumentService
from core.ipc.awaited_reply import AwaitedReply
from core.messages import SyncDone
from desktop.chat.view.chat_view import ChatView
from desktop.kit.reply_lifetime import bind_reply


class QuestionSuggestions(QObject):
    """Asks for suggestions when other folders are ticked or one was read; a click asks one.

    While files are attached there are none: a question is asked of these alone.
    """

    def __init__(self, documents: DocumentService, view: ChatView) -> None:
        super().__init__(view)
        self._documents = documents
        self._view = view
        self._folder_ids: tuple[str, ...] = ()
        self._awaited = AwaitedReply()
        view.greeting.question_chosen.connect(self._ask)
        view.composer.files_changed.connect(self._request)

    def show_folders(self, folder_ids: tuple[str, ...]) -> None:
        """Suggest questions to these folders; none where they are no others than before."""
        if folder_ids != self._folder_ids:
            self._folder_ids = folder_ids
            self._request()

    def on_folder_read(self, done: SyncDone) -> None:
        """Suggest anew if a ticked folder was read."""
        if done.folder.folder_id in self._folder_ids:
            self._request()

    def _request(self) -> None:
        self._awaited.give_up()
        self._view.greeting.show_questions(())
        if self._folder_ids and not self._view.composer.files:
            suggested = bind_reply(self._documents.suggest_questions(self._folder_ids), self)
            self._awaited.wait_for(suggested).on_done(self._view.greeting.show_questions)

    def _ask(self, question: str) -> None:
        """Put a question into the composer and send it; it stays there if it can't be asked."""
        self._view.composer.set_draft(question)
        self._view.composer.sent.emit(question)
