"""Search controller: runs searches of chats and documents, and opens the chosen result."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.app.problems import problem_of_failure
from core.base.i18n import _
from core.chat.answering.turn_conversion import sources_from_hits
from core.chat.conversations.conversation import Role, Source
from core.chat.store.chat_search import ChatHit, make_excerpt, search_terms
from core.ipc.awaited_reply import AwaitedReply
from core.messages import Failed, SearchDone, SearchHit, SearchVerdict
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.locale_formatting import format_moment, one_line
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.search.search_dialog import SearchDialog
from desktop.search.search_results import SearchResult

HITS = 12


class SearchController(QObject):
    """Searches for one window; only the results of the last query are shown."""

    turn_chosen = Signal(str, str, str)
    """A chat, one of its turns ("" for its title), and the query."""
    passage_chosen = Signal(object)  # Source

    def __init__(self, app: App, theme: Theme, dialogs: DialogManager, window: QWidget) -> None:
        super().__init__(window)
        self._app = app
        self._theme = theme
        self._dialogs = dialogs
        self._window = window
        self._dialog: SearchDialog | None = None
        self._awaited = AwaitedReply()
        """The search of the documents that was started last."""
        self._query = ""

    def open_dialog(self) -> None:
        """Show the search dialog."""
        self._dialogs.open_dialog("search", self._make)

    def _make(self) -> SearchDialog:
        dialog = self._dialog = SearchDialog(self._theme, self._window)
        dialog.chats_wanted.connect(self._on_chats_wanted)
        dialog.documents_wanted.connect(self._on_documents_wanted)
        dialog.chosen.connect(self._on_chosen)
        dialog.finished.connect(self._on_finished)
        return dialog

    def _on_chats_wanted(self, query: str) -> None:
        self._query = query
        if self._dialog is not None:
            hits = self._app.chats.search.find_hits(query)
            self._dialog.show_chats([self._chat_result(hit) for hit in hits])

    def _on_documents_wanted(self, query: str) -> None:
        self._awaited.abandon()
        dialog = self._dialog
        if dialog is None:
            return
        if not query or not self._app.folders.known_folders:
            dialog.show_documents(())
            return
        dialog.show_documents_searching()
        found = self._awaited.wait_for(self._app.library.search_folders(query, (), HITS))
        found.on_done(self._on_documents_found).on_error(self._on_search_failed)

    def _on_documents_found(self, done: SearchDone) -> None:
        if self._dialog is not None:
            results = [self._passage_result(hit) for hit in done.hits]
            is_sure = done.verdict is SearchVerdict.ANSWERED
            self._dialog.show_documents(results, is_sure=is_sure)

    def _on_search_failed(self, failure: Failed) -> None:
        if self._dialog is not None:
            problem = problem_of_failure(failure)
            self._dialog.show_documents((), f"{problem.message} {problem.hint}")

    def _chat_result(self, hit: ChatHit) -> SearchResult:
        """Return a result for a hit in a chat; a hit in a title has no excerpt."""
        when = format_moment(hit.updated, datetime.now(UTC).astimezone().date())
        if hit.turn_id:
            author = _("You") if hit.role == Role.USER else _("Answer")
            when = f"{author} · {when}"
        excerpt, marks = (hit.excerpt, hit.marks) if hit.turn_id else ("", ())
        return SearchResult(one_line(visible_text(hit.title)), when, excerpt, marks, target=hit)

    def _passage_result(self, hit: SearchHit) -> SearchResult:
        (source,) = sources_from_hits((hit,))
        excerpt, marks = make_excerpt(hit.text, search_terms(self._query))
        place = _("page {page}").format(page=hit.page) if hit.page is not None else ""
        place = " · ".join(filter(None, (one_line(hit.folder, 24), place)))
        return SearchResult(one_line(visible_text(hit.file)), place, excerpt, marks, target=source)

    def _on_chosen(self, target: object) -> None:
        if isinstance(target, ChatHit):
            self.turn_chosen.emit(target.chat_id, target.turn_id, self._query)
        elif isinstance(target, Source):
            self.passage_chosen.emit(target)

    def _on_finished(self) -> None:
        self._awaited.abandon()
        self._dialog = None
