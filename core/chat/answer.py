"""The course of one question: search, load, read, write, done; driven by the children's events."""

import time
from collections.abc import Callable
from enum import Enum

from core.chat.asking import Asking
from core.chat.conversation import Conversation
from core.chat.draft import Draft
from core.chat.events import AnswerEvent, AnswerStarted
from core.chat.grounds import Grounds
from core.chat.order import Order, nothing_found
from core.chat.ports import EnginePort, SavingPort, SearchPort
from core.chat.prompt import WHOLE_SHARE, source_budget
from core.chat.rewriting import REWRITING_SECONDS
from core.errors import Code
from core.messages import (
    AnswerDone,
    Chunk,
    EngineEvent,
    Failed,
    LibraryEvent,
    ModelLoaded,
    PromptFitted,
    SearchDone,
    Thought,
)

SOURCES = 8
"""Passages asked for while the model is not loaded; else as many as it can read, within bounds."""
FEWEST_SOURCES, MOST_SOURCES = 4, 24
PASSAGE_COST = 200
"""Tokens of a passage with its place, about."""
WHOLE_TOKENS = 20_000
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
        self._grounds = Grounds(order)
        self._asking = Asking(order, self._grounds)
        self.draft = Draft(order, self._grounds, saving, emit, clock)
        """Its turns as they are by now; to be told the time by `tick`."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    @property
    def conversation(self) -> Conversation:
        """The chat, with what has come of the answer."""
        return self.draft.conversation

    @property
    def ended(self) -> bool:
        """Whether the last event has been told, or is just being told."""
        return self._stage is _Stage.ENDED

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        return self._stage not in {_Stage.SEARCHING, _Stage.WAITING, _Stage.ENDED}

    def awaits(self, request_id: str) -> bool:
        """Whether an event with this id is for this answer."""
        return request_id in {self.turn_id, self._waiting_for}

    def start(self) -> AnswerStarted:
        """Save the question and begin; events may already be told before this returns.

        What a question means that leans on others, the model says first if it is loaded.
        """
        started = self.draft.start()
        self._ready = self._engine.ready(self._order.model_path)
        if self._ready is None or not self._grounds.leans:
            self._search()
            return started
        self._enter(_Stage.REWRITING)
        self._library.give_way(active=True)
        self._waiting_for = f"{self.turn_id} question"
        self._deadline = self._clock() + REWRITING_SECONDS
        self._engine.generate(self._grounds.ask_to_rewrite(self._waiting_for))
        return started

    def stop(self) -> None:
        """End the answer with what it has; the model may go on loading for the next one."""
        if self._stage is _Stage.SEARCHING:
            self._library.cancel(self._waiting_for)
        elif self._stage is _Stage.REWRITING:
            self._engine.cancel(self._waiting_for)
        if self._stage in _NOT_ASKED:
            self._finish(AnswerDone(request_id="", stop="cancelled"))
        elif not self.ended:
            self._stopped = True
            self._engine.cancel(self.turn_id)

    def close(self) -> None:
        """End now, without waiting for the engine; what has come is saved."""
        self.stop()
        if not self.ended:
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))

    def tick(self) -> None:
        """Save what is due, and search when the model takes too long over the question.

        Called often, also while nothing arrives.
        """
        self.draft.tick()
        if self._stage is _Stage.REWRITING and self._clock() >= self._deadline:
            self._engine.cancel(self._waiting_for)
            self._search()

    def proceed(self, *, again: bool = False) -> None:
        """Another answer has ended: ask for the engine again if that was waited for.

        `again`: the load that was waited for came to nothing.
        """
        if again and self._stage is _Stage.LOADING:
            self._stage = _Stage.WAITING
        if self._stage is _Stage.WAITING:
            self._load()

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
            self._on_failed(event)

    def on_engine(self, event: EngineEvent) -> None:
        """Take the engine's progress with this answer."""
        match event:
            case _ if self.ended:
                pass
            case AnswerDone() | Failed() if self._stage is _Stage.REWRITING:
                self._grounds.take_rewritten(event)
                self._search()
            case ModelLoaded() if event.request_id == self._waiting_for:
                self._ask(event)
            case Failed() if self.awaits(event.request_id):
                self._on_failed(event)
            case AnswerDone() if event.request_id == self.turn_id:
                if self._stage is _Stage.SUMMARISING:
                    self._on_summary(event)
                else:
                    self._finish(event)
            case PromptFitted() | Thought() | Chunk() if event.request_id == self.turn_id:
                if self._stage is not _Stage.SUMMARISING:  # what is written then is no answer
                    self._on_written(event)

    def _on_written(self, event: PromptFitted | Thought | Chunk) -> None:
        if isinstance(event, PromptFitted):
            self.draft.fit(event, self._grounds.fit(event), self._asking.note(event))
            self._enter(_Stage.READING, event.prompt_tokens)
            return
        thinks = isinstance(event, Thought)
        stage = _Stage.THINKING if thinks else _Stage.WRITING
        if self._stage is not stage:
            self._enter(stage)
        (self.draft.think if thinks else self.draft.add)(event.text)

    def _search(self) -> None:
        query = self._grounds.next_query()
        order = self._order
        if query is not None:
            self._enter(_Stage.SEARCHING)
            k, tokens = _readable(self._ready)
            if order.files:
                self._waiting_for = self._library.search_files(query, order.files, k, tokens)
            else:
                self._waiting_for = self._library.search(query, order.folder_ids, k)
        elif self._grounds.stand_in_transcript or not order.is_grounded:
            self._load()
        else:
            self.draft.tell_sources()
            text = nothing_found(self._order)
            self._finish(AnswerDone(request_id=self.turn_id, stop="stop", text=text))

    def _load(self) -> None:
        prepared = self._engine.prepare(self._order.model_path)
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
            self._library.give_way(active=True)
        self._enter(_Stage.READING)
        conversation = self.draft.conversation
        self._engine.generate(self._asking.question(conversation, self.turn_id, self._fingerprint))

    def _on_failed(self, failed: Failed) -> None:
        """End in a problem, unless early turns can be summed up or left out."""
        if self._stopped:  # the word of the failure was on its way before
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))
        elif failed.code == Code.CONTEXT_FULL and self._asking.sums_up:
            request = self._asking.summary(failed)
            if request is None:
                self._ask()
            else:
                self._enter(_Stage.SUMMARISING)
                self._engine.generate(request)
        elif self._stage is _Stage.SUMMARISING and failed.code != Code.ENGINE_DIED:
            self._asking.give_up()
            self._ask()
        else:
            self._finish(failed)

    def _on_summary(self, done: AnswerDone) -> None:
        """Keep the summary and ask again, with it in the place of what it covers."""
        if done.stop == "cancelled":
            self._finish(AnswerDone(request_id=self.turn_id, stop="cancelled"))
            return
        summary = self._asking.take(done, self.draft.conversation)
        if summary is not None:
            self.draft.sum_up(summary)
        self._ask()

    def _finish(self, last: AnswerDone | Failed) -> None:
        self._stage = _Stage.ENDED
        self._library.give_way(active=False)
        if isinstance(last, Failed):
            self.draft.fail(last, self._fingerprint)
        else:
            self.draft.finish(last, self._fingerprint, self._context)

    def _enter(self, stage: _Stage, tokens: int = 0) -> None:
        self._stage = stage
        self.draft.enter(stage.value, tokens)


def _readable(model: ModelLoaded | None) -> tuple[int, int]:
    """Return how many passages a model can read at once, and how many tokens of a whole file."""
    if model is None:
        return SOURCES, WHOLE_TOKENS
    budget = source_budget(model.context, model.prompt_tokens_per_second)
    passages = max(FEWEST_SOURCES, min(MOST_SOURCES, budget // PASSAGE_COST))
    return passages, int(model.context * WHOLE_SHARE)
