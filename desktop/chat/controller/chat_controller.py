"""Chat controller: opens chats and sends questions of one window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerChecked, AnswerEvent, AnswerStarted
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.window_settings import USE_TOOLS
from core.chat.conversations.conversation import Conversation, Source, Turn
from core.chat.conversations.tool_calls import CallDecision
from core.chat.conversations.turn_tree import shown_versions
from core.chat.store.draft_store import UNSAVED_CHAT_ID
from desktop.chat.composer.adapter_selection import AdapterSelection
from desktop.chat.composer.next_question import NextQuestion
from desktop.chat.controller.answer_again_menu import AnswerAgainMenu
from desktop.chat.controller.chat_state import ChatState
from desktop.chat.controller.cited_source import source_at_mark
from desktop.chat.controller.edit_saver import UnfinishedEditSaver
from desktop.chat.controller.running_answer_cards import RunningAnswerCards
from desktop.chat.controller.turn_controller import TurnController
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.chat.message.external_links import ask_to_open_link
from desktop.chat.view.chat_view import ChatView
from desktop.chat.view.question_suggestions import QuestionSuggestions
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme


class ChatController(QObject):
    """Opens chats and sends questions; `running_answers` shows the answers."""

    chat_opened = Signal(str)
    sources_shown = Signal(object, str)  # tuple[Source, ...] and their turn
    source_chosen = Signal(object)  # Source, with the sentence of the clicked mark
    ticked_folders_restored = Signal(object)
    """The ids of the folders that the opened chat answers from, as a tuple."""

    def __init__(self, app: App, theme: Theme, notices: NoticeCenter, view: ChatView) -> None:
        super().__init__(view)
        self._app = app
        self._theme = theme
        self._notices = notices
        self._view = view
        self._chat_id = UNSAVED_CHAT_ID
        self._asking = ""
        self.server_for_new_chat: Callable[[], str] = str
        """Returns the name of the server for a new chat, "" for none."""
        self._chat_state = ChatState()
        self.adapter_selection = AdapterSelection(app, notices, view.composer.adapter_chips)
        self.next_question = NextQuestion(app, notices, view.composer)
        unfinished = view.transcript.unfinished_edits
        self.edit_saver = UnfinishedEditSaver(app.chats.edits, notices, unfinished)
        self.running_answers = RunningAnswerCards(view, self._chat_state)
        self.turn_controller = TurnController(
            app,
            theme,
            notices,
            view,
            self.running_answers,
            lambda: (self._chat_id, self._chat_state.folder_ids.get(self._chat_id, ())),
            self.adapter_selection,
        )
        self.suggestions = QuestionSuggestions(app.documents, view)
        self.again_menu = AnswerAgainMenu(view, self.turn_controller)
        self._connect()

    def _connect(self) -> None:
        self.running_answers.sources_given.connect(self.sources_shown)
        self.sources_shown.connect(self._chat_state.note_shown_sources)
        self.running_answers.busy_changed.connect(self._on_busy_changed)
        self._view.composer.sent.connect(self.ask_question)
        self._view.composer.stopped.connect(self.stop_answer)
        composer, notices = self._view.composer, self._notices
        # That they are asked alone is over with them.
        composer.files_changed.connect(
            lambda: None if composer.files else notices.dismiss_notice("files")
        )
        transcript = self._view.transcript
        transcript.citation_clicked.connect(self._show_sources)
        transcript.sources_clicked.connect(self._show_sources)
        transcript.call_decided.connect(partial(_decide_call, self._app, self._notices))
        transcript.link_clicked.connect(partial(ask_to_open_link, self._theme, self._view))
        self.turn_controller.changed.connect(self.reload_chat)
        self.turn_controller.chat_wanted.connect(self.open_chat)

    @property
    def chat_id(self) -> str:
        """The open chat; UNSAVED_CHAT_ID if it isn't saved yet."""
        return self._chat_id

    @property
    def answering_turn_id(self) -> str:
        """The turn whose answer runs in the open chat, "" for none."""
        return self.running_answers.running_turn_id(self._chat_id)

    def sources_of(self, turn_id: str) -> tuple[Source, ...]:
        """Return the sources of an answer in the transcript."""
        return self._chat_state.sources.get(turn_id, ())

    def source_of_mark(self, turn_id: str, mark: CitationMark) -> Source | None:
        """Return the source of a mark in an answer, with the sentence of that mark."""
        turn = self._view.transcript.find_turn(turn_id)
        citations, sentences = (turn.citations, turn.sentences) if turn else ((), ())
        return source_at_mark(self.sources_of(turn_id), citations, sentences, mark)

    def set_ticked_folders(self, folder_ids: tuple[str, ...]) -> None:
        """Answer the open chat from these folders."""
        self._chat_state.folder_ids[self._chat_id] = folder_ids
        self.suggestions.show_folders(folder_ids)

    def open_new_chat(self, *, temporary: bool = False) -> None:
        """Show an empty chat; it answers from the folders of the chat before.

        Nothing of a `temporary` one is ever saved.
        """
        folder_ids = self._chat_state.folder_ids.get(self._chat_id, ())
        self._leave(UNSAVED_CHAT_ID)
        self.next_question.open_new_chat(temporary=temporary)
        self._chat_state.folder_ids[UNSAVED_CHAT_ID] = folder_ids
        self.adapter_selection.forget_chat(UNSAVED_CHAT_ID)
        self.adapter_selection.open_chat(UNSAVED_CHAT_ID)
        self._show([], None)
        if temporary:
            self.set_title(_("Temporary chat"))

    def open_chat(self, chat_id: str) -> None:
        """Show a saved chat; the draft of the chat before is saved."""
        try:
            conversation = self._app.chat_service.load_chat(chat_id)
        except InglenookError as error:
            self._notices.post_error("chat", error)
            return
        self._leave(chat_id)
        self.next_question.open_conversation(conversation)
        self._chat_state.folder_ids.setdefault(chat_id, conversation.folder_ids)
        self.adapter_selection.open_chat(chat_id, conversation.adapters)
        self._show(self.running_answers.conversation_turns(conversation), conversation)
        self.ticked_folders_restored.emit(self._chat_state.folder_ids[chat_id])

    def reload_chat(self) -> None:
        """Show the open chat again, at the same scroll position."""
        try:
            conversation = self._app.chat_service.load_chat(self._chat_id)
        except InglenookError as error:
            self._notices.post_error("chat", error)
            return
        turns = self.running_answers.conversation_turns(conversation)
        self._chat_state.store_sources(turns)
        focused = QApplication.focusWidget()
        if focused is not None and self._view.transcript.isAncestorOf(focused):
            self._view.composer.setFocus()  # else Qt moves it on from the card that goes
        self._view.show_turns(
            turns, conversation.summaries, shown_versions(conversation), stay=True
        )
        self.running_answers.restore_stage(self._chat_id)
        self._on_busy_changed()
        here = {turn.turn_id for turn in turns}
        if self._chat_state.sources_turn_id not in here and not self.answering_turn_id:
            self.sources_shown.emit(*self._chat_state.last_sources(turns))  # of another version

    def forget_chat(self, chat_id: str) -> None:
        """Drop a deleted chat."""
        self._chat_state.forget_chat(chat_id)
        self.adapter_selection.forget_chat(chat_id)
        self.next_question.forget_chat(chat_id)
        if self._chat_id == chat_id:
            self._chat_id = UNSAVED_CHAT_ID

    def ask_question(self, text: str, when_full: str = "") -> None:
        """Send a question from the open chat. Its text stays in the composer if that fails.

        `when_full` says what becomes of early messages that no longer fit, "" as it is set.
        """
        if self.answering_turn_id:
            return
        folder_ids = self._chat_state.folder_ids.get(self._chat_id, ())
        self._asking = text
        asked_once = self._view.composer.chips.model
        try:
            started = self._app.questions.ask_question(
                text,
                AskOptions(
                    folder_ids=folder_ids,
                    files=self._view.composer.files,
                    when_full=when_full,
                    model=asked_once or self.server_for_new_chat(),
                    once=bool(asked_once),
                    adapters=self.adapter_selection.selected_adapters,
                    temporary=self.next_question.is_temporary,
                    chat_style=self.next_question.chat_style,
                    use_tools=self._app.settings.get_value(USE_TOOLS),
                ),
                chat_id=self._chat_id or None,
            )
        except InglenookError as error:
            again = partial(self.ask_question, text, when_full)
            self._notices.post_error("ask", error, self.adapter_selection.way_on(error, again))
            return
        finally:
            self._asking = ""
        self._begin(started, text)
        self._view.composer.chips.show_model("")
        for key in ("ask", "pasted", "files"):  # those of files speak of the next question
            self._notices.dismiss_notice(key)
        if self._view.composer.draft.strip() == text:
            self._view.composer.set_draft("")

    def stop_answer(self) -> None:
        """Stop the answer in the open chat, in whatever stage."""
        if self.answering_turn_id:
            self._app.answers.stop_answer(self.answering_turn_id)

    def set_title(self, title: str) -> None:
        """Show a new title for the open chat."""
        self._view.header.set_title(title)

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Begin or go on with the answer of an event."""
        if isinstance(event, AnswerStarted):
            if self._asking:
                self._begin(event, self._asking)
            else:
                self.running_answers.track_answer(event)
        elif isinstance(event, AnswerChecked):
            self.running_answers.show_checks(event)
        else:
            self.running_answers.on_answer_event(event)

    def _begin(self, started: AnswerStarted, text: str) -> None:
        if self.running_answers.has_begun(started):
            return
        if self._chat_id != started.chat_id:
            self._chat_state.folder_ids[started.chat_id] = self._chat_state.folder_ids.get(
                self._chat_id, ()
            )
            self.adapter_selection.assign_chat_id(started.chat_id)
            self.next_question.assign_chat_id(started.chat_id)
            self._chat_id = started.chat_id
            self.chat_opened.emit(started.chat_id)
        self.running_answers.start_answer(started, text)

    def _leave(self, chat_id: str) -> None:
        if chat_id != self._chat_id:  # what was offered there means nothing here
            for key in ("turn", "answering", "trashed", "files"):
                self._notices.dismiss_notice(key)
        self.edit_saver.open_chat(chat_id)
        self.next_question.leave_chat(chat_id)
        self._chat_id = chat_id

    def _show(self, turns: list[Turn], conversation: Conversation | None) -> None:
        self._chat_state.store_sources(turns)
        if conversation is None:
            self._view.show_turns(turns)
        else:
            versions = shown_versions(conversation)
            self._view.show_turns(turns, conversation.summaries, versions)
        self._view.header.set_title(conversation.title if conversation else "")
        self.running_answers.restore_stage(self._chat_id)
        self._on_busy_changed()
        self.chat_opened.emit(self._chat_id)
        self.sources_shown.emit(*self._chat_state.last_sources(turns))

    def _on_busy_changed(self) -> None:
        self._view.composer.set_answering(answering=bool(self.answering_turn_id))

    def _show_sources(self, turn_id: str, mark: CitationMark | None = None) -> None:
        self.sources_shown.emit(self.sources_of(turn_id), turn_id)
        source = self.source_of_mark(turn_id, mark) if mark is not None else None
        if source is not None:
            self.source_chosen.emit(source)


def _decide_call(
    app: App, notices: NoticeCenter, turn_id: str, n: int, decision: CallDecision
) -> None:
    """Tell the answer; where “always” can't be kept, the call is made this once."""
    try:
        app.answers.decide_call(turn_id, n, decision)
    except InglenookError as error:
        notices.post_error("tools", error)
        app.answers.decide_call(turn_id, n, CallDecision.ONCE)
