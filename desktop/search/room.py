"""What happens with the search box: asks chats and documents, and jumps to what was chosen."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.events import RequestFailed, SearchFinished
from core.chat.conversation import Role, Source
from core.chat.history import sources_of
from core.chat.searching import ChatHit, excerpt_of, terms_of
from core.errors import InglenookError
from core.messages import Hit
from core.words import _
from desktop.chat.visible import shown
from desktop.dialogs import Dialogs
from desktop.ports import Front
from desktop.search.dialog import SearchDialog
from desktop.search.rows import Result
from desktop.theme import Theme
from desktop.words import moment, one_line

HITS = 12


class SearchRoom(QObject):
    """Belongs to one window. Only what the last query found is shown."""

    turn_chosen = Signal(str, str, str)
    """A chat, one of its turns ("" for its title), and what was looked for."""
    passage_chosen = Signal(object)  # Source

    def __init__(self, front: Front, theme: Theme, dialogs: Dialogs, window: QWidget) -> None:
        super().__init__(window)
        self._front = front
        self._theme = theme
        self._dialogs = dialogs
        self._window = window
        self._dialog: SearchDialog | None = None
        self._request_id = ""
        self._query = ""

    def open(self) -> None:
        """Show the box."""
        self._dialogs.open("search", self._make)

    def handle(self, event: SearchFinished) -> None:
        """Show what the documents hold."""
        if event.request_id == self._request_id and self._dialog is not None:
            self._dialog.show_documents([self._passage(hit) for hit in event.hits])

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was ours."""
        if event.request_id != self._request_id:
            return False
        if self._dialog is not None:
            self._dialog.show_documents((), f"{event.problem.message} {event.problem.hint}")
        return True

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
            hits = self._front.chats.search.find(query)
            self._dialog.show_chats([self._chat(hit) for hit in hits])

    def _on_documents_wanted(self, query: str) -> None:
        self._drop()
        if self._dialog is None:
            return
        if not query or not self._front.folders.known:
            self._dialog.show_documents(())
            return
        try:
            self._request_id = self._front.folders.search(query, (), HITS)
        except InglenookError as error:
            self._dialog.show_documents((), f"{error.message} {error.hint}")
            return
        self._dialog.wait_for_documents()

    def _chat(self, hit: ChatHit) -> Result:
        """Say where a hit stands; one in a title shows the title alone."""
        when = moment(hit.updated, datetime.now(UTC).astimezone().date())
        if hit.turn_id:
            who = _("You") if hit.role == Role.USER else _("Answer")
            when = f"{who} · {when}"
        excerpt, marks = (hit.excerpt, hit.marks) if hit.turn_id else ("", ())
        return Result(one_line(shown(hit.title)), when, excerpt, marks, target=hit)

    def _passage(self, hit: Hit) -> Result:
        (source,) = sources_of((hit,))
        excerpt, marks = excerpt_of(hit.text, terms_of(self._query))
        place = _("page {page}").format(page=hit.page) if hit.page is not None else ""
        place = " · ".join(filter(None, (one_line(hit.folder, 24), place)))
        return Result(one_line(shown(hit.file)), place, excerpt, marks, target=source)

    def _on_chosen(self, target: object) -> None:
        if isinstance(target, ChatHit):
            self.turn_chosen.emit(target.chat_id, target.turn_id, self._query)
        elif isinstance(target, Source):
            self.passage_chosen.emit(target)

    def _on_finished(self) -> None:
        self._drop()
        self._dialog = None

    def _drop(self) -> None:
        if self._request_id:
            self._front.folders.cancel(self._request_id)
            self._request_id = ""
