"""Turn controller: actions on single turns, such as retry, edit, branch, rate, delete."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from msgspec import structs
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from core.app.app import App
from core.app.chats.ask_options import AS_SET, AskOptions
from core.app.events.app_events import AnswerStarted
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.window_settings import USE_TOOLS
from core.chat.answering.answer_request import DocumentUse
from core.chat.conversations.conversation import Turn
from core.chat.conversations.turn_tree import TurnRemoval
from desktop.chat.cards.turn_bar import (
    AGAIN,
    AGAIN_WITH,
    BAD,
    BRANCH,
    CHECK,
    COMPARE,
    CONTINUE,
    COPY,
    COPY_PLAIN,
    DELETE,
    DETAILS,
    FROM_NEAREST,
    GO_THROUGH_ALL,
    GOOD,
    LONGER,
    NEWER,
    OLDER,
    SEARCH_ANYWAY,
    STOP_CHECK,
    WHEN_READ,
    WITHOUT_FOLDER,
)
from desktop.chat.composer.adapter_selection import AdapterSelection
from desktop.chat.controller.awaited_reading import AwaitedReading
from desktop.chat.controller.running_answer_cards import RunningAnswerCards
from desktop.chat.markdown.markdown_plain_text import markdown_to_plain_text
from desktop.chat.view.chat_view import ChatView
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme

_KEY, _BUSY = "turn", "answering"
_DOCUMENT_USES = {
    SEARCH_ANYWAY: DocumentUse.SEARCH,
    FROM_NEAREST: DocumentUse.NEAREST,
    GO_THROUGH_ALL: DocumentUse.WHOLE,
    WITHOUT_FOLDER: DocumentUse.NONE,
}
_ANSWERS = {AGAIN, AGAIN_WITH, LONGER, COMPARE, *_DOCUMENT_USES}
Made = TypeVar("Made")


class TurnController(QObject):
    """Requests changes of turns; `changed` means that the open chat has to be shown again.

    Nothing is done to a chat while an answer runs in it, but copying.
    """

    changed = Signal()
    chat_wanted = Signal(str)
    """Another chat is to be opened."""
    variation_wanted = Signal(str)
    """An answer's question is to be answered again, with what a menu offers."""
    edit_taken = Signal()
    """What was written in place of a message is saved, and its editor gone."""

    def __init__(
        self,
        app: App,
        theme: Theme,
        notices: NoticeCenter,
        view: ChatView,
        running_answers: RunningAnswerCards,
        open_chat: Callable[[], tuple[str, tuple[str, ...]]],
        adapters: AdapterSelection,
    ) -> None:
        super().__init__(view)
        self._turns = app.turns
        self._verification = app.verification
        self._settings = app.settings
        self._theme = theme
        self._notices = notices
        self._view = view
        self._running_answers = running_answers
        self._open_chat = open_chat
        """Returns the open chat and the folders it answers from."""
        self._adapters = adapters
        self.awaited_reading = AwaitedReading(
            app.folders, view.transcript, self._ask_anew, lambda: open_chat()[1], self
        )
        """The questions that are asked again when all files are read."""
        self._connect()

    def _connect(self) -> None:
        transcript = self._view.transcript
        transcript.action_requested.connect(self.run_action)
        transcript.edited.connect(self._on_edited)
        transcript.again_clicked.connect(self._on_again_clicked)
        self._running_answers.busy_changed.connect(self.awaited_reading.check_folders)
        self._running_answers.busy_changed.connect(partial(self._notices.dismiss_notice, _BUSY))

    def run_action(self, turn_id: str, action: str) -> None:
        """Run the chosen action on a turn."""
        turn = self._view.transcript.find_turn(turn_id)
        if turn is None:
            return
        if action == COPY:
            QGuiApplication.clipboard().setText(self._view.transcript.turn_text(turn_id))
        elif action == COPY_PLAIN:
            words = markdown_to_plain_text(self._view.transcript.turn_text(turn_id))
            QGuiApplication.clipboard().setText(words)
        elif action in {GOOD, BAD}:
            self._ask_why(turn, 1 if action == GOOD else -1)
        elif action == DETAILS:
            self._show_details(turn_id)
        elif action == WHEN_READ:
            self.awaited_reading.await_reading(*self._open_chat(), turn_id)
        elif action == STOP_CHECK:
            self._verification.stop_checks(turn_id)
        elif not self._is_answering():
            self._change(turn_id, action)

    def _is_answering(self) -> bool:
        """Whether an answer runs in the open chat; says so, as nothing can be changed then."""
        running = bool(self._running_answers.running_turn_id(self._open_chat()[0]))
        if running:
            words = _("An answer is being written in this chat.")
            self._notices.post_info(_BUSY, words, _("Stop it, or wait for its end, and try again."))
        return running

    def _change(self, turn_id: str, action: str) -> None:
        chat_id = self._open_chat()[0]
        if action in _ANSWERS:
            self._answer_anew(turn_id, action)
        elif action == CHECK:
            self._try(partial(self._verification.check_sentences, chat_id, turn_id))
        elif action == CONTINUE:
            self._go_on(chat_id, turn_id)
        elif action == DELETE:
            self._delete(chat_id, turn_id)
        elif action == BRANCH:
            branched = self._try(partial(self._turns.branch_chat, chat_id, turn_id))
            if branched:
                self.chat_wanted.emit(branched)
        elif action in {OLDER, NEWER}:
            by = 1 if action == NEWER else -1
            self._try(partial(self._turns.show_version, chat_id, turn_id, by))
            self.changed.emit()

    def _on_again_clicked(self, turn_id: str, when_full: str) -> None:
        self.answer_again(turn_id, AskOptions(when_full=when_full))

    def _answer_longer(self, turn_id: str) -> None:
        """Request an answer that may be twice as long as the one that was cut off."""
        turn = self._view.transcript.find_turn(turn_id)
        if turn is not None:
            limit = 2 * max(turn.statistics.completion_tokens, 1)
            self.answer_again(turn_id, AskOptions(max_tokens=limit))

    def _answer_anew(self, turn_id: str, action: str) -> None:
        """Request one more answer, as the action says."""
        if action == AGAIN_WITH:
            self.variation_wanted.emit(turn_id)
        elif action == LONGER:
            self._answer_longer(turn_id)
        elif action == COMPARE:
            self._find_consensus(turn_id)
        else:
            document_use = _DOCUMENT_USES.get(action, DocumentUse.AUTO)
            self.answer_again(turn_id, AskOptions(document_use=document_use))

    def answer_again(self, turn_id: str, options: AskOptions = AS_SET) -> None:
        """Request another answer to the question of an answer, from what the open chat asks now."""
        chat_id, folder_ids = self._open_chat()
        if self._running_answers.running_turn_id(chat_id):
            return
        files = self._view.composer.files
        again = partial(self._turns.regenerate_answer, chat_id, turn_id)
        self._start(again, structs.replace(options, folder_ids=folder_ids, files=files))

    def _ask_anew(self, chat_id: str, folder_ids: tuple[str, ...], turn_id: str) -> bool:
        """Answer a question again, of a chat that need not be open; False while it is answered."""
        if self._running_answers.running_turn_id(chat_id):
            return False
        if chat_id == self._open_chat()[0]:
            self.answer_again(turn_id)
        else:
            options = AskOptions(folder_ids=folder_ids)
            self._try(partial(self._turns.regenerate_answer, chat_id, turn_id, options))
        return True

    def _find_consensus(self, turn_id: str) -> None:
        chat_id, folder_ids = self._open_chat()
        ask = partial(self._turns.find_consensus, chat_id, turn_id)
        self._start(ask, AskOptions(folder_ids=folder_ids, files=self._view.composer.files))

    def _go_on(self, chat_id: str, turn_id: str) -> None:
        turn = self._view.transcript.find_turn(turn_id)
        begun = turn.text if turn else ""

        def follow(started: AnswerStarted) -> None:
            if started.turn_id == turn_id:
                self._running_answers.continue_answer(started, begun)
            else:  # another version, which says all that was read
                self._running_answers.track_answer(started)

        self._start(partial(self._turns.continue_answer, chat_id, turn_id), follow=follow)

    def _start(
        self,
        ask: Callable[[AskOptions], AnswerStarted],
        options: AskOptions = AS_SET,
        *,
        follow: Callable[[AnswerStarted], object] | None = None,
    ) -> bool:
        """Start an answer with the adapters of the open chat, and return whether it was started.

        `follow` shows it.
        """
        try:
            adapters = self._adapters.selected_adapters
            started = ask(structs.replace(options, adapters=adapters))
        except InglenookError as error:
            again = partial(self._start, ask, options, follow=follow)
            self._notices.post_error(_KEY, error, self._adapters.way_on(error, again))
            return False
        self._notices.dismiss_notice(_KEY)
        (follow or self._running_answers.track_answer)(started)
        self._view.transcript.follow_end()
        self.changed.emit()
        return True

    def _on_edited(self, turn_id: str, text: str) -> None:
        chat_id, folder_ids = self._open_chat()
        turn = self._view.transcript.find_turn(turn_id)
        if turn is None or self._is_answering():
            return
        if turn.role == "user":
            ask = partial(self._turns.edit_question, chat_id, turn_id, text)
            options = AskOptions(
                folder_ids=folder_ids,
                files=self._view.composer.files,
                use_tools=self._settings.get_value(USE_TOOLS),
            )
            if not self._start(ask, options):
                return
        elif self._try(partial(self._turns.edit_answer, chat_id, turn_id, text)) is None:
            return
        else:
            self.changed.emit()
        self._view.transcript.unfinished_edits.keep_edit(turn, "")
        self.edit_taken.emit()

    def _delete(self, chat_id: str, turn_id: str) -> None:
        removed = self._try(partial(self._turns.delete_turn, chat_id, turn_id))
        if removed is None:
            return
        self.changed.emit()
        several = len(removed.turns) > 1
        words = _("A question and its answer were deleted.") if several else _("It was deleted.")
        undo = partial(self._restore, removed)
        self._notices.post_undoable(_KEY, words, undo)

    def _restore(self, removed: TurnRemoval) -> None:
        """Undo a deletion, and open its chat: another one may have been opened since."""

        def restore() -> str:
            self._turns.restore_turn(removed)
            return removed.chat_id

        chat_id = self._try(restore)
        if chat_id == self._open_chat()[0]:
            self.changed.emit()
        elif chat_id is not None:
            self.chat_wanted.emit(chat_id)

    def _ask_why(self, turn: Turn, rating: int) -> None:
        """Save a rating at once, and offer a note; the same thumb again removes the rating."""
        from desktop.chat.cards.rating_dialog import RatingDialog  # noqa: PLC0415 - not for the first paint

        if turn.rating == rating:
            self._rate(turn.turn_id, 0, "")
            return
        self._rate(turn.turn_id, rating, turn.rating_note)
        dialog = RatingDialog(self._theme, self._view.window(), rating, turn.rating_note)
        dialog.note_saved.connect(partial(self._rate, turn.turn_id, rating))
        dialog.open()

    def _rate(self, turn_id: str, rating: int, note: str) -> None:
        chat_id = self._open_chat()[0]
        try:
            self._turns.rate_answer(chat_id, turn_id, rating, note)
        except InglenookError as error:
            self._notices.post_error(_KEY, error)
            return
        self._view.transcript.show_rating(turn_id, rating, note)

    def _show_details(self, turn_id: str) -> None:
        from desktop.chat.cards.answer_details_dialog import AnswerDetailsDialog  # noqa: PLC0415 - not for the first paint

        details = self._try(partial(self._turns.answer_details, self._open_chat()[0], turn_id))
        if details is not None:
            AnswerDetailsDialog(self._theme, self._view.window(), details).open()

    def _try(self, call: Callable[[], Made]) -> Made | None:
        """Return what a call returns; an error becomes a notice, and None is returned."""
        try:
            made = call()
        except InglenookError as error:
            self._notices.post_error(_KEY, error)
            return None
        self._notices.dismiss_notice(_KEY)
        return made
