"""The course of one question: search, load, read, write, done; driven by the children's events."""

import time
from collections.abc import Callable
from enum import Enum

from msgspec import structs

from core.chat.asking import Asking
from core.chat.conversation import Turn, TurnState
from core.chat.events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerText,
    Problem,
)
from core.chat.grounds import Grounds
from core.chat.history import statistics_of
from core.chat.order import Order, begin, nothing_found
from core.chat.ports import EnginePort, SavingPort, SearchPort
from core.errors import Code, describe
from core.messages import (
    AnswerDone,
    Chunk,
    EngineEvent,
    Failed,
    LibraryEvent,
    ModelLoaded,
    PromptFitted,
    SearchDone,
)

SOURCES = 8
"""Passages asked for; how many are sent depends on the context and the reading speed."""
SAVE_SECONDS = 1.0
"""An answer on its way is saved this often: a crash costs no more."""


class _Stage(Enum):
    SEARCHING = "searching"
    WAITING = "waiting"
    LOADING = "loading"
    SUMMARISING = "summarising"
    READING = "reading"
    WRITING = "writing"
    ENDED = "ended"


class Answer:
    """One question from being asked to being saved. It holds no thread; events drive it."""

    def __init__(
        self,
        order: Order,
        saving: SavingPort,
        library: SearchPort,
        engine: EnginePort,
        emit: Callable[[AnswerEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._order = order
        self._saving = saving
        self._library = library
        self._engine = engine
        self._emit = emit
        self._clock = clock
        self._stage = _Stage.SEARCHING
        self._waiting_for = ""
        self._loaded: ModelLoaded | None = None
        self._started = self._saved_at = clock()
        self._first_at: float | None = None
        self._grounds = Grounds(order)
        self._asking = Asking(order, self._grounds)
        self._raw = ""
        self._unsaved = False
        self.ended = False
        """Whether the last event has been told."""
        self.conversation, self._question, self._turn = begin(order)

    @property
    def turn_id(self) -> str:
        """The id of the answer's turn."""
        return self._turn.turn_id

    @property
    def question(self) -> Turn:
        """The question's turn."""
        return self._question

    @property
    def search_id(self) -> str:
        """The request id of the answer's own search, "" when it has none."""
        return self._waiting_for if self._stage is _Stage.SEARCHING else ""

    @property
    def waits(self) -> bool:
        """Whether it waits until another answer lets go of the engine."""
        return self._stage is _Stage.WAITING

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        return self._stage not in {_Stage.SEARCHING, _Stage.WAITING, _Stage.ENDED}

    def awaits(self, request_id: str) -> bool:
        """Whether an event of the engine with this id is for this answer."""
        return request_id in {self.turn_id, self._waiting_for}

    def start(self) -> AnswerStarted:
        """Save the question and begin; events may already be told before this returns."""
        started = AnswerStarted(
            chat_id=self.conversation.chat_id,
            question_id=self._question.turn_id,
            turn_id=self.turn_id,
            model=self._order.model,
        )
        self._save(self._question, self._turn)
        self._emit(started)
        self._search()
        return started

    def stop(self) -> None:
        """End the answer with what it has; the model may go on loading for the next one."""
        if self._stage is _Stage.SEARCHING:
            self._library.cancel(self._waiting_for)
        if self._stage in {_Stage.SEARCHING, _Stage.WAITING, _Stage.LOADING}:
            self._finish(AnswerDone(request_id="", stop="cancelled"))
        elif self._stage in {_Stage.SUMMARISING, _Stage.READING, _Stage.WRITING}:
            self._engine.cancel(self.turn_id)

    def close(self) -> None:
        """End now, without waiting for the engine; what has come is saved."""
        self.stop()
        if not self.ended:
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))

    def proceed(self) -> None:
        """Another answer has ended: ask for the engine again."""
        if self.waits:
            self._load()

    def tick(self) -> None:
        """Save what is due; called often, also while nothing arrives."""
        if self._unsaved and self._clock() - self._saved_at >= SAVE_SECONDS:
            self._saving.save_partial(self.turn_id, self._raw)
            self._saved_at = self._clock()
            self._unsaved = False

    def on_library(self, event: LibraryEvent) -> None:
        """Take the library's answer to the search."""
        if self._stage is not _Stage.SEARCHING:
            return
        if isinstance(event, SearchDone) and event.request_id == self._waiting_for:
            if self._grounds.take(event.hits):
                self._load()
            else:
                self._search()
        elif isinstance(event, Failed) and event.request_id == self._waiting_for:
            self._fail(event)

    def on_engine(self, event: EngineEvent) -> None:
        """Take the engine's progress with this answer."""
        if self.ended:
            return
        match event:
            case ModelLoaded() if event.request_id == self._waiting_for:
                self._generate(event)
            case Failed() if event.request_id in {self._waiting_for, self.turn_id}:
                self._on_failed(event)
            case _ if self._stage is _Stage.SUMMARISING:
                if isinstance(event, AnswerDone) and event.request_id == self.turn_id:
                    self._on_summary(event)
            case PromptFitted() if event.request_id == self.turn_id:
                self._on_fitted(event)
            case Chunk() if event.request_id == self.turn_id:
                self._on_chunk(event)
            case AnswerDone() if event.request_id == self.turn_id:
                self._finish(event)
            case _:
                pass

    def _search(self) -> None:
        query = self._grounds.next_query()
        if query is not None:
            self._enter(_Stage.SEARCHING)
            self._waiting_for = self._library.search(query, self._order.folder_ids, SOURCES)
        elif self._grounds.stand_in_transcript or not self._order.folder_ids:
            self._load()
        else:
            self._tell_sources()
            self._raw = nothing_found(self._order)
            self._finish(AnswerDone(request_id=self.turn_id, stop="stop", text=self._raw))

    def _tell_sources(self) -> None:
        self._emit(
            AnswerSources(
                chat_id=self.conversation.chat_id,
                turn_id=self.turn_id,
                sources=self._turn.sources,
            )
        )

    def _load(self) -> None:
        prepared = self._engine.prepare(self._order.model_path)
        if isinstance(prepared, ModelLoaded):
            self._generate(prepared)
        elif prepared is None:
            if not self.waits:
                self._enter(_Stage.WAITING)
        else:
            self._waiting_for = prepared
            self._enter(_Stage.LOADING)

    def _generate(self, loaded: ModelLoaded) -> None:
        self._loaded = loaded
        self._library.give_way(active=True)
        self._send()

    def _send(self) -> None:
        """Ask the engine, which may find that not all of the chat fits."""
        self._enter(_Stage.READING)
        self._engine.generate(
            self._asking.question(self.conversation, self.turn_id, self._fingerprint)
        )

    @property
    def _fingerprint(self) -> str:
        return self._loaded.fingerprint if self._loaded else ""

    def _on_failed(self, failed: Failed) -> None:
        """End in a problem, unless early turns can be summed up or left out."""
        if failed.code == Code.CONTEXT_FULL and self._asking.sums_up:
            request = self._asking.summary(failed)
            if request is None:
                self._send()
            else:
                self._enter(_Stage.SUMMARISING)
                self._engine.generate(request)
        elif self._stage is _Stage.SUMMARISING and failed.code != Code.ENGINE_DIED:
            self._asking.give_up()
            self._send()
        else:
            self._fail(failed)

    def _on_summary(self, done: AnswerDone) -> None:
        """Keep the summary and ask again, with it in the place of what it covers."""
        if done.stop == "cancelled":
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))
            return
        summary = self._asking.take(done, self.conversation)
        if summary is not None:
            self.conversation = self.conversation.with_summary(summary)
            self._save()
            chat_id = self.conversation.chat_id
            self._emit(AnswerSummarised(chat_id=chat_id, turn_id=self.turn_id, summary=summary))
        self._send()

    def _on_fitted(self, event: PromptFitted) -> None:
        self._question = structs.replace(self._question, sent=event.sent)
        self._turn = structs.replace(
            self._turn,
            sources=self._grounds.fit(event),
            note=self._asking.note(event),
        )
        if self._order.folder_ids:
            self._tell_sources()
        self._save(self._question, self._turn)
        self._enter(_Stage.READING, event.prompt_tokens)

    def _on_chunk(self, event: Chunk) -> None:
        if self._first_at is None:
            self._first_at = self._clock()
            self._enter(_Stage.WRITING)
        self._raw += event.text
        self._unsaved = True
        self._emit(
            AnswerText(chat_id=self.conversation.chat_id, turn_id=self.turn_id, text=event.text)
        )
        self.tick()

    def _finish(self, done: AnswerDone) -> None:
        raw = done.text or self._raw
        text, citations = self._grounds.cite(raw)
        first = 0.0 if self._first_at is None else self._first_at - self._started
        cancelled = done.stop == "cancelled"
        self._turn = structs.replace(
            self._turn,
            state=TurnState.CANCELLED if cancelled else TurnState.DONE,
            text=text,
            raw=raw,
            citations=citations,
            token_ids=done.token_ids,
            fingerprint=self._fingerprint,
            statistics=statistics_of(done, first),
        )
        self._end()
        self._emit(
            AnswerFinished(
                chat_id=self.conversation.chat_id,
                turn_id=self.turn_id,
                text=text,
                citations=citations,
                sources=self._turn.sources,
                statistics=self._turn.statistics,
                note=self._turn.note,
            )
        )

    def _fail(self, failed: Failed) -> None:
        message, hint = describe(failed.code, failed.facts)
        text, citations = self._grounds.cite(self._raw)
        self._turn = structs.replace(
            self._turn,
            state=TurnState.FAILED,
            text=text,
            raw=self._raw,
            citations=citations,
            fingerprint=self._fingerprint,
            note=f"{message} {hint}",
        )
        self._end()
        self._emit(
            AnswerFailed(
                chat_id=self.conversation.chat_id,
                turn_id=self.turn_id,
                problem=Problem(code=failed.code, message=message, hint=hint),
            )
        )

    def _end(self) -> None:
        self._stage = _Stage.ENDED
        self.ended = True
        self._library.give_way(active=False)
        self._save(self._question, self._turn)

    def _enter(self, stage: _Stage, tokens: int = 0) -> None:
        self._stage = stage
        self._emit(
            AnswerStage(
                chat_id=self.conversation.chat_id,
                turn_id=self.turn_id,
                stage=stage.value,
                tokens=tokens,
            )
        )

    def _save(self, *turns: Turn) -> None:
        for turn in turns:
            self.conversation = self.conversation.with_turn(turn)
        self._saving.save(self.conversation, *turns)
