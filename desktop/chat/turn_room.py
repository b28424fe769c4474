"""What is done with single turns of the open chat, and what is shown and offered after it."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from core.app.events import AnswerStarted
from core.chat.conversation import Turn
from core.chat.tree import Removal
from core.errors import InglenookError
from core.words import _
from desktop.chat.course import AnswerCourse
from desktop.chat.plain_words import plain_words
from desktop.chat.turn_bar import (
    AGAIN,
    BAD,
    BRANCH,
    CONTINUE,
    COPY,
    COPY_PLAIN,
    DELETE,
    DETAILS,
    GOOD,
    NEWER,
    OLDER,
)
from desktop.chat.view import ChatView
from desktop.notices import Notices
from desktop.theme import Theme
from desktop.turn_ports import TurnCalls

_KEY = "turn"
Made = TypeVar("Made")


class TurnRoom(QObject):
    """Makes the calls about turns; `changed` says that the open chat is to be shown anew.

    Nothing is done to a chat while an answer runs in it, but copying.
    """

    changed = Signal()
    chat_wanted = Signal(str)
    """Another chat than the open one is to be shown."""

    def __init__(
        self,
        turns: TurnCalls,
        theme: Theme,
        notices: Notices,
        view: ChatView,
        course: AnswerCourse,
        open_chat: Callable[[], tuple[str, tuple[str, ...]]],
    ) -> None:
        super().__init__(view)
        self._turns = turns
        self._theme = theme
        self._notices = notices
        self._view = view
        self._course = course
        self._open_chat = open_chat
        """Returns the chat that is shown, and the folders it answers from."""
        self._connect()

    def _connect(self) -> None:
        transcript = self._view.transcript
        transcript.deed_wanted.connect(self.do)
        transcript.edited.connect(self._on_edited)
        transcript.again_clicked.connect(self.again)

    def do(self, turn_id: str, deed: str) -> None:
        """Do what was chosen for a turn."""
        turn = self._view.transcript.turn(turn_id)
        if turn is None:
            return
        if deed == COPY:
            QGuiApplication.clipboard().setText(self._view.transcript.words_of(turn_id))
        elif deed == COPY_PLAIN:
            words = plain_words(self._view.transcript.words_of(turn_id))
            QGuiApplication.clipboard().setText(words)
        elif deed in {GOOD, BAD}:
            self._ask_why(turn, 1 if deed == GOOD else -1)
        elif deed == DETAILS:
            self._show_details(turn_id)
        elif not self._course.turn_in(self._open_chat()[0]):
            self._change(turn_id, deed)

    def _change(self, turn_id: str, deed: str) -> None:
        chat_id = self._open_chat()[0]
        if deed == AGAIN:
            self.again(turn_id, "")
        elif deed == CONTINUE:
            self._go_on(chat_id, turn_id)
        elif deed == DELETE:
            self._delete(chat_id, turn_id)
        elif deed == BRANCH:
            branched = self._try(partial(self._turns.branch, chat_id, turn_id))
            if branched:
                self.chat_wanted.emit(branched)
        elif deed in {OLDER, NEWER}:
            by = 1 if deed == NEWER else -1
            self._try(partial(self._turns.step, chat_id, turn_id, by))
            self.changed.emit()

    def again(self, turn_id: str, when_full: str) -> None:
        """Answer the question of an answer once more."""
        chat_id, folder_ids = self._open_chat()
        if self._course.turn_in(chat_id):
            return
        self._start(
            partial(self._turns.again, chat_id, turn_id, folder_ids=folder_ids, when_full=when_full)
        )

    def _go_on(self, chat_id: str, turn_id: str) -> None:
        turn = self._view.transcript.turn(turn_id)
        begun = turn.text if turn else ""
        started = self._try(partial(self._turns.resume, chat_id, turn_id))
        if started is not None:
            self._course.go_on(started, begun)
            self._view.transcript.follow()
            self.changed.emit()

    def _start(self, ask: Callable[[], AnswerStarted]) -> None:
        started = self._try(ask)
        if started is not None:
            self._course.note(started)
            self._view.transcript.follow()
            self.changed.emit()

    def _on_edited(self, turn_id: str, text: str) -> None:
        chat_id, folder_ids = self._open_chat()
        turn = self._view.transcript.turn(turn_id)
        if turn is None or self._course.turn_in(chat_id):
            return
        if turn.role == "user":
            self._start(
                partial(self._turns.edit_question, chat_id, turn_id, text, folder_ids=folder_ids)
            )
        elif self._try(partial(self._turns.edit_answer, chat_id, turn_id, text)) is not None:
            self.changed.emit()

    def _delete(self, chat_id: str, turn_id: str) -> None:
        removed = self._try(partial(self._turns.delete, chat_id, turn_id))
        if removed is None:
            return
        self.changed.emit()
        several = len(removed.turns) > 1
        words = _("A question and its answer were deleted.") if several else _("It was deleted.")
        undo = partial(self._restore, removed)
        self._notices.say(_KEY, words, action=(_("Undo"), undo))

    def _restore(self, removed: Removal) -> None:
        """Take a deletion back, and show where: another chat may have been opened meanwhile."""

        def restore() -> str:
            self._turns.restore(removed)
            return removed.chat_id

        chat_id = self._try(restore)
        if chat_id == self._open_chat()[0]:
            self.changed.emit()
        elif chat_id is not None:
            self.chat_wanted.emit(chat_id)

    def _ask_why(self, turn: Turn, rating: int) -> None:
        """Take a rating at once, and offer a note; the same thumb again takes it back."""
        from desktop.chat.rating_dialog import RatingDialog  # noqa: PLC0415 - not for the first paint

        if turn.rating == rating:
            self._rate(turn.turn_id, 0, "")
            return
        self._rate(turn.turn_id, rating, turn.rating_note)
        dialog = RatingDialog(self._theme, self._view.window(), rating, turn.rating_note)
        dialog.noted.connect(partial(self._rate, turn.turn_id, rating))
        dialog.open()

    def _rate(self, turn_id: str, rating: int, note: str) -> None:
        chat_id = self._open_chat()[0]
        try:
            self._turns.rate(chat_id, turn_id, rating, note)
        except InglenookError as error:
            self._notices.refuse(_KEY, error)
            return
        self._view.transcript.rate(turn_id, rating, note)

    def _show_details(self, turn_id: str) -> None:
        from desktop.chat.details_dialog import DetailsDialog  # noqa: PLC0415 - not for the first paint

        details = self._try(partial(self._turns.details, self._open_chat()[0], turn_id))
        if details is not None:
            DetailsDialog(self._theme, self._view.window(), details).open()

    def _try(self, call: Callable[[], Made]) -> Made | None:
        """Return what a call gives; a refusal is told, and gives None."""
        try:
            made = call()
        except InglenookError as error:
            self._notices.refuse(_KEY, error)
            return None
        self._notices.drop(_KEY)
        return made
