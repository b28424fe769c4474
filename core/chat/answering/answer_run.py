"""Answer run: the state machine of one question, from search and load to the saved answer."""

import time
from collections.abc import Callable
from enum import Enum

from core.base.errors import ErrorCode
from core.chat.answering.answer_draft import AnswerDraft
from core.chat.answering.answer_events import AnswerEvent, AnswerStarted
from core.chat.answering.answer_protocols import AnswerEngine, AnswerSaver, SourceSearch
from core.chat.answering.answer_request import AnswerRequest, nothing_found_text
from core.chat.answering.generate_requests import GenerateRequests
from core.chat.answering.prompt_fitting import WHOLE_SHARE, source_budget
from core.chat.answering.question_rewriting import REWRITING_SECONDS
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.conversations.conversation import Conversation
from core.messages import (
    AnswerChunk,
    AnswerDone,
    EngineEvent,
    Failed,
    LibraryEvent,
    ModelLoaded,
    PromptFitted,
    SearchDone,
    ThinkingChunk,
)

DEFAULT_SOURCES = 8
"""Passages asked for while the model is not loaded; else as many as it can read, within bounds."""
MIN_SOURCES, MAX_SOURCES = 4, 24
TOKENS_PER_PASSAGE = 200
"""Tokens of a passage with its place, about."""
WHOLE_FILE_TOKENS = 20_000
"""How long files may be that are handed over as a whole while no model says what it can read."""


class _Stage(Enum):
    REWRITING = "rewriting"
    SEARCHING = "searching"
    WAITING = "waiting"
    LOADING = "loading"
    SUMMARISING = "summarising"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    ENDED = "ended"


_NOT_ASKED = {_Stage.REWRITING, _Stage.SEARCHING, _Stage.WAITING, _Stage.LOADING}


class AnswerRun:
    """One question from being asked to being saved. It holds no thread; events drive it."""

    def __init__(
        self,
        order: AnswerRequest,
        saving: AnswerSaver,
        library: SourceSearch,
        engine: AnswerEngine,
        emit: Callable[[AnswerEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._order = order
        self._library = library
        self._engine = engine
        self._stage = _Stage.SEARCHING
        self._stopped = False
        self._waiting_for = ""
        self._clock = clock
        self._deadline = 0.0
        self._ready: ModelLoaded | None = None
        self._fingerprint = ""
        self._context = 0
        self._grounds = RetrievalContext(order)
        self._asking = GenerateRequests(order, self._grounds)
        self.draft = AnswerDraft(order, self._grounds, saving, emit, clock)
        """Its turns as they are by now; to be told the time by `tick`."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    @property
    def conversation(self) -> Conversation:
        """The chat, with what has come of the answer."""
        return self.draft.conversation

    @property
    def has_ended(self) -> bool:
        """Whether the last event has been told, or is just being told."""
        return self._stage is _Stage.ENDED

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        return self._stage not in {_Stage.SEARCHING, _Stage.WAITING, _Stage.ENDED}

    def awaits_event(self, request_id: str) -> bool:
        """Whether an event with this id is for this answer."""
        return request_id in {self.turn_id, self._waiting_for}

    def start(self) -> AnswerStarted:
        """Save the question and begin; events may already be told before this returns.

        What a question means that leans on others, the model says first if it is loaded.
        """
        started = self.draft.start()
        self._ready = self._engine.loaded_model(self._order.model_path)
        if self._ready is None or not self._grounds.is_follow_up:
            self._search()
            return started
        self._enter(_Stage.REWRITING)
        self._library.pause_indexing(active=True)
        self._waiting_for = f"{self.turn_id} question"
        self._deadline = self._clock() + REWRITING_SECONDS
        self._engine.start_generation(self._grounds.rewrite_question_request(self._waiting_for))
        return started

    def stop(self) -> None:
        """End the answer with what it has; the model may go on loading for the next one."""
        if self._stage is _Stage.SEARCHING:
            self._library.cancel(self._waiting_for)
        elif self._stage is _Stage.REWRITING:
            self._engine.cancel(self._waiting_for)
        if self._stage in _NOT_ASKED:
            self._finish(AnswerDone(request_id="", stop="cancelled"))
        elif not self.has_ended:
            self._stopped = True
            self._engine.cancel(self.turn_id)

    def close(self) -> None:
        """End now, without waiting for the engine; what has come is saved."""
        self.stop()
        if not self.has_ended:
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))

    def check_deadlines(self) -> None:
        """Save what is due, and search when the model takes too long over the question.

        Called often, also while nothing arrives.
        """
        self.draft.save_if_due()
        if self._stage is _Stage.REWRITING and self._clock() >= self._deadline:
            self._engine.cancel(self._waiting_for)
            self._search()

    def retry_engine(self, *, again: bool = False) -> None:
        """Another answer has ended: ask for the engine again if that was waited for.

        `again`: the load that was waited for came to nothing.
        """
        if again and self._stage is _Stage.LOADING:
            self._stage = _Stage.WAITING
        if self._stage is _Stage.WAITING:
            self._load()

    def on_library_event(self, event: LibraryEvent) -> None:
        """Take the library's answer to the search."""
        if self._stage is not _Stage.SEARCHING:
            return
        if isinstance(event, SearchDone) and event.request_id == self._waiting_for:
            if self._grounds.set_hits(event.hits):
                self._load()
            else:
                self._search()
        elif isinstance(event, Failed) and event.request_id == self._waiting_for:
            self._on_failed(event)

    def on_engine_event(self, event: EngineEvent) -> None:
        """Take the engine's progress with this answer."""
        match event:
            case _ if self.has_ended:
                pass
            case AnswerDone() | Failed() if self._stage is _Stage.REWRITING:
                self._grounds.add_rewritten_query(event)
                self._search()
            case ModelLoaded() if event.request_id == self._waiting_for:
                self._ask(event)
            case Failed() if self.awaits_event(event.request_id):
                self._on_failed(event)
            case AnswerDone() if event.request_id == self.turn_id:
                if self._stage is _Stage.SUMMARISING:
                    self._on_summary(event)
                else:
                    self._finish(event)
            case PromptFitted() | ThinkingChunk() | AnswerChunk() if (
                event.request_id == self.turn_id
            ):
                if self._stage is not _Stage.SUMMARISING:  # what is written then is no answer
                    self._on_written(event)

    def _on_written(self, event: PromptFitted | ThinkingChunk | AnswerChunk) -> None:
        if isinstance(event, PromptFitted):
            self.draft.set_sent_prompt(
                event, self._grounds.record_sent_sources(event), self._asking.answer_note(event)
            )
            self._enter(_Stage.READING, event.prompt_tokens)
            return
        thinks = isinstance(event, ThinkingChunk)
        stage = _Stage.THINKING if thinks else _Stage.WRITING
        if self._stage is not stage:
            self._enter(stage)
        (self.draft.add_thinking if thinks else self.draft.add_text)(event.text)

    def _search(self) -> None:
        query = self._grounds.next_query()
        order = self._order
        if query is not None:
            self._enter(_Stage.SEARCHING)
            k, tokens = _readable(self._ready)
            if order.files:
                self._waiting_for = self._library.search_files(query, order.files, k, tokens)
            else:
                self._waiting_for = self._library.search_folders(query, order.folder_ids, k)
        elif self._grounds.sources_in_transcript or not order.is_grounded:
            self._load()
        else:
            self.draft.emit_sources()
            text = nothing_found_text(self._order)
            self._finish(AnswerDone(request_id=self.turn_id, stop="stop", text=text))

    def _load(self) -> None:
        prepared = self._engine.prepare_model(self._order.model_path)
        if isinstance(prepared, ModelLoaded):
            self._ask(prepared)
        elif prepared is None:
            if self._stage is not _Stage.WAITING:
                self._enter(_Stage.WAITING)
        else:
            self._waiting_for = prepared
            self._enter(_Stage.LOADING)

    def _ask(self, loaded: ModelLoaded | None = None) -> None:
        """Ask the model, just loaded or not; it may find that not all of the chat fits."""
        if loaded is not None:
            self._fingerprint, self._context = loaded.fingerprint, loaded.context
            self._library.pause_indexing(active=True)
        self._enter(_Stage.READING)
        conversation = self.draft.conversation
        self._engine.start_generation(
            self._asking.answer_request(conversation, self.turn_id, self._fingerprint)
        )

    def _on_failed(self, failed: Failed) -> None:
        """End in a problem, unless early turns can be summed up or left out."""
        if self._stopped:  # the word of the failure was on its way before
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))
        elif failed.code == ErrorCode.CONTEXT_FULL and self._asking.summarises_when_full:
            request = self._asking.early_summary_request(failed)
            if request is None:
                self._ask()
            else:
                self._enter(_Stage.SUMMARISING)
                self._engine.start_generation(request)
        elif self._stage is _Stage.SUMMARISING and failed.code != ErrorCode.ENGINE_DIED:
            self._asking.allow_leaving_out()
            self._ask()
        else:
            self._finish(failed)

    def _on_summary(self, done: AnswerDone) -> None:
        """Keep the summary and ask again, with it in the place of what it covers."""
        if done.stop == "cancelled":
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))
            return
        summary = self._asking.finish_summary(done, self.draft.conversation)
        if summary is not None:
            self.draft.add_summary(summary)
        self._ask()

    def _finish(self, last: AnswerDone | Failed) -> None:
        self._stage = _Stage.ENDED
        self._library.pause_indexing(active=False)
        if isinstance(last, Failed):
            self.draft.fail_answer(last, self._fingerprint)
        else:
            self.draft.finish_answer(last, self._fingerprint, self._context)

    def _enter(self, stage: _Stage, tokens: int = 0) -> None:
        self._stage = stage
        self.draft.emit_stage(stage.value, tokens)


def _readable(model: ModelLoaded | None) -> tuple[int, int]:
    """Return how many passages a model can read at once, and how many tokens of a whole file."""
    if model is None:
        return DEFAULT_SOURCES, WHOLE_FILE_TOKENS
    budget = source_budget(model.context, model.prompt_tokens_per_second)
    passages = max(MIN_SOURCES, min(MAX_SOURCES, budget // TOKENS_PER_PASSAGE))
    return passages, int(model.context * WHOLE_SHARE)
