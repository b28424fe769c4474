"""Answer run: the state machine of one question, from search and load to the saved answer."""

import time
from collections.abc import Callable
from enum import Enum
from functools import partial

from msgspec import structs

from core.base.clock import Clock
from core.base.errors import ErrorCode
from core.chat.answering.answer_draft import AdoptedAnswer, AnswerDraft
from core.chat.answering.answer_events import AnswerEvent, AnswerStarted
from core.chat.answering.answer_judging import JUDGING_SECONDS
from core.chat.answering.answer_protocols import (
    AnswerEngine,
    AnswerSaver,
    SourceSearch,
    StatementJudge,
)
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.early_load import EarlyLoad
from core.chat.answering.generate_requests import GenerateRequests
from core.chat.answering.prompt_fitting import WHOLE_SHARE, source_budget
from core.chat.answering.question_rewriting import REWRITING_SECONDS
from core.chat.answering.repetition import RepetitionCheck
from core.chat.answering.retrieval_context import RetrievalContext
from core.ipc.awaited_reply import AwaitedReply
from core.messages import (
    REPEATED,
    AnswerChunk,
    AnswerDone,
    Failed,
    Generate,
    ModelLoaded,
    PromptFitted,
    SearchDone,
    StatementsJudged,
    ThinkingChunk,
)

DEFAULT_SOURCES = 8
"""Passages to search for while the model is not loaded; else as many as it can read, in bounds."""
MIN_SOURCES, MAX_SOURCES = 4, 24
TOKENS_PER_PASSAGE = 200
"""Tokens of a passage with its label, about."""
WHOLE_FILE_TOKENS = 20_000
"""Tokens of files that are passed on as a whole while no model is loaded to say what it reads."""


class _Stage(Enum):
    REWRITING = "rewriting"
    SEARCHING = "searching"
    WAITING = "waiting"
    LOADING = "loading"
    SUMMARISING = "summarising"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    JUDGING = "judging"
    CORRECTING = "correcting"
    ENDED = "ended"


_WITHOUT_ENGINE = {_Stage.SEARCHING, _Stage.WAITING, _Stage.JUDGING, _Stage.ENDED}
_BEFORE_ANSWER = {_Stage.REWRITING, _Stage.SEARCHING, _Stage.WAITING, _Stage.LOADING}


class AnswerRun:
    """One question from being asked to being saved. It holds no thread; replies drive it.

    It waits for one reply at a time, and detaches from it when it goes on before its end.
    """

    def __init__(
        self,
        request: AnswerRequest,
        saver: AnswerSaver,
        search: SourceSearch,
        engine: AnswerEngine,
        emit: Callable[[AnswerEvent], None],
        clock: Clock = time.monotonic,
        judge: StatementJudge | None = None,
    ) -> None:
        """`judge` says with the rules which sentences are supported by what was sent."""
        self._request = request
        self._search = search
        self._engine = engine
        self._stage = _Stage.SEARCHING
        self._is_stopped = False
        self._awaited = AwaitedReply()
        self._clock = clock
        self._deadline = 0.0
        self._loaded_at_start: ModelLoaded | None = None
        self._early_load = EarlyLoad(engine, request.model_path)
        self._last: AnswerDone | None = None
        self._fingerprint = ""
        self._context = 0
        self._repetition = RepetitionCheck()
        self._is_repeating = False
        self._retrieval = RetrievalContext(request)
        self._generate_requests = GenerateRequests(request, self._retrieval)
        self.draft = AnswerDraft(request, self._retrieval, saver, emit, clock, judge)
        """Its turns, and the chat with them, as they are by now."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""
        self.is_computing = False
        """Whether the model has begun to compute for it; until the end."""

    @property
    def has_ended(self) -> bool:
        """Whether the last event has been emitted, or is just being emitted."""
        return self._stage is _Stage.ENDED

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        if self._stage is _Stage.SEARCHING:  # nobody unloads what it needs in a moment
            needs_model = self._early_load.is_begun or self._loaded_at_start is not None
            return needs_model and self._awaited.is_waiting
        return self._stage not in _WITHOUT_ENGINE

    def start(self) -> AnswerStarted:
        """Save the question and begin; events may already be emitted before this returns.

        A follow-up question is first rewritten by the model, if that is loaded.
        """
        started = self.draft.start()
        self._loaded_at_start = self._engine.loaded_model(self._request.model_path)
        if self.has_ended:  # by who heard of the start
            return started
        if self._loaded_at_start is None or not self._retrieval.is_follow_up:
            self._search_next_query()
            return started
        if not self._enter(_Stage.REWRITING):
            return started
        self._deadline = self._clock() + REWRITING_SECONDS
        request = self._retrieval.rewrite_question_request(f"{self.turn_id} question")
        reply = self._awaited.wait_for(self._engine.start_generation(request))
        reply.on_done(self._search_next_query).on_error(self._search_next_query)
        return started

    def stop(self, instead: AdoptedAnswer | None = None) -> None:
        """End the answer with what it has; the model may go on loading for the next one.

        An earlier answer stands `instead`, but only before the model begins with a new one: later
        this does nothing.
        """
        is_before = self._stage in _BEFORE_ANSWER
        if instead is not None and not is_before:
            return
        if self._stage is not _Stage.LOADING:
            self._awaited.cancel()
        if is_before:
            self._finish(instead)
        else:
            self._is_stopped = True

    def close(self) -> None:
        """End now, without waiting for the engine; what has come is saved."""
        self.stop()
        if not self.has_ended:
            self._finish()

    def check_deadlines(self) -> None:
        """Save what is due, and search when the model takes too long to rewrite the question.

        To be called often, also while nothing arrives.
        """
        self.draft.save_if_due()
        if self._stage is _Stage.REWRITING and self._clock() >= self._deadline:
            self._awaited.abandon()
            self._search_next_query()
        if self._stage is _Stage.JUDGING and self._clock() >= self._deadline:
            self._finish(self._last)

    def retry_engine(self) -> None:
        """Another answer has ended: ask for the engine again if this one waits for it."""
        if self._stage is _Stage.WAITING:
            self._prepare_model()

    # ------------------------------------------------------------ sources

    def _search_next_query(self, rewritten: AnswerDone | Failed | None = None) -> None:
        """Search for the next query; first for the one that the model has `rewritten`."""
        if rewritten is not None:
            self._retrieval.add_rewritten_query(rewritten)
        query = self._retrieval.next_query()
        if query is not None:
            if not self._enter(_Stage.SEARCHING):
                return
            self._early_load.begin_load()
            found = self._search(query, *_readable_amount(self._loaded_at_start))
            self._awaited.wait_for(found)
            found.on_done(self._on_search_done).on_error(self._on_failed)
        elif self._retrieval.sources_in_transcript or not self._retrieval.uses_documents:
            self._prepare_model()
        else:
            self._finish(AnswerDone(request_id=self.turn_id, stop="stop", text=self.draft.refuse()))

    def _on_search_done(self, done: SearchDone) -> None:
        if self._retrieval.set_result(done):
            self._prepare_model()
        else:
            self._search_next_query()

    # ------------------------------------------------------------ the answer

    def _prepare_model(self) -> None:
        self._awaited.give_up()  # so that it holds nothing itself, if the model is to load anew
        failure = self._early_load.take_failure()
        if failure is not None:
            self._finish(failure)
            return
        prepared = self._engine.prepare_model(self._request.model_path)
        if isinstance(prepared, ModelLoaded):
            self._start_answer(prepared)
        elif prepared is not None:
            if self._enter(_Stage.LOADING):
                self._awaited.wait_for(prepared)
                prepared.on_done(self._start_answer).on_error(self._on_failed)
        elif self._stage is not _Stage.WAITING:
            self._enter(_Stage.WAITING)

    def _start_answer(self, prepared: ModelLoaded | AnswerDone | None = None) -> None:
        """Ask the model, just prepared or not; it may find that not all of the chat fits."""
        if isinstance(prepared, AnswerDone):  # its load was cancelled
            self._finish()
            return
        if prepared is not None:
            self._fingerprint, self._context = prepared.fingerprint, prepared.context
        if self._enter(_Stage.READING):
            conversation = self.draft.conversation
            self._generate(
                self._generate_requests.answer_request(
                    conversation, self.turn_id, self._fingerprint
                )
            )

    def _generate(self, request: Generate) -> None:
        """Send one of the requests whose reply is the answer, or a summary on the way to it."""
        reply = self._awaited.wait_for(self._engine.start_generation(request))
        self._repetition = RepetitionCheck()
        if self._stage is _Stage.SUMMARISING:  # what is written then is no answer
            reply.on_done(self._on_summary)
        else:
            reply.on_progress(self._on_written).on_done(self._on_answer_done)
        reply.on_error(self._on_failed)

    def _on_written(self, event: PromptFitted | AnswerChunk | ThinkingChunk) -> None:
        if isinstance(event, PromptFitted):
            sources = self._retrieval.record_sent_sources(event)
            note = self._generate_requests.answer_note(event, sources)
            self.draft.set_sent_prompt(event, sources, note)
            self._enter(_Stage.READING, event.prompt_tokens)
            return
        is_thinking = isinstance(event, ThinkingChunk)
        stage = _Stage.THINKING if is_thinking else _Stage.WRITING
        if self._stage is not stage:
            self._enter(stage)
            self._repetition = RepetitionCheck()
        (self.draft.add_thinking if is_thinking else self.draft.add_text)(event.text)
        repeats = not self._request.may_repeat and self._repetition.add_text(event.text)
        if repeats and not self._is_repeating:
            self._is_repeating = True  # its end says so
            self._awaited.cancel()

    def _on_summary(self, done: AnswerDone) -> None:
        """Save the summary and ask again, with it in the place of what it covers."""
        if done.stop == "cancelled":
            self._finish()
            return
        summary = self._generate_requests.finish_summary(done, self.draft.conversation)
        if summary is not None:
            self.draft.add_summary(summary)
        self._start_answer()

    def _on_failed(self, failed: Failed) -> None:
        """End in a problem, unless early turns can be summarised or left out."""
        if self._is_stopped:  # the failure was on its way before
            self._finish()
        elif failed.code == ErrorCode.CONTEXT_FULL and self._generate_requests.summarises_when_full:
            request = self._generate_requests.early_summary_request(failed)
            if request is None:
                self._start_answer()
            elif self._enter(_Stage.SUMMARISING):
                self._generate(request)
        elif self._stage is _Stage.SUMMARISING and failed.code != ErrorCode.ENGINE_DIED:
            self._generate_requests.allow_leaving_out()
            self._start_answer()
        else:
            self._finish(failed)

    # ------------------------------------------------------------ stages

    def _on_answer_done(
        self, done: AnswerDone, judged: StatementsJudged | Failed | None = None
    ) -> None:
        """Have the answer judged; then end it, or have it written again to prove it."""
        if self._is_repeating and not self._is_stopped:
            done = structs.replace(done, stop=REPEATED)
        self._last = done
        judging, text = self.draft.judging, self.draft.whole_text(done)
        is_whole = not self._is_stopped and done.stop != "cancelled"
        judging.is_cut = not is_whole or done.stop == "length"
        if judged is None and is_whole and (reply := judging.ask_judge(text)):
            self.is_computing = False
            self._deadline = self._clock() + JUDGING_SECONDS
            if self._enter(_Stage.JUDGING):
                self._awaited.wait_for(reply)
                after = partial(self._on_answer_done, done)
                reply.on_done(after).on_error(after)
            return
        if isinstance(judged, StatementsJudged):
            judging.set_judged(judged)
        correction = judging.next_correction(text) if is_whole else ""
        if not correction:
            self._finish(done)
        elif self._enter(_Stage.CORRECTING):
            self._generate_requests.correction = correction
            self.draft.begin_again()
            self._prepare_model()

    def _finish(self, last: AnswerDone | AdoptedAnswer | Failed | None = None) -> None:
        """End with the last event of the engine; without one the answer was cancelled."""
        last = last or self._last or AnswerDone(request_id=self.turn_id, stop="cancelled")
        self._stage = _Stage.ENDED
        self.is_computing = False
        self._awaited.give_up()
        if isinstance(last, Failed):
            self.draft.fail_answer(last, self._fingerprint)
        elif isinstance(last, AdoptedAnswer):
            self.draft.adopt_answer(last)
        else:
            self.draft.finish_answer(last, self._fingerprint, self._context)

    def _enter(self, stage: _Stage, tokens: int = 0) -> bool:
        """Emit a stage; returns False if who heard of it has ended the answer."""
        self._stage = stage
        if stage in {_Stage.REWRITING, _Stage.READING}:
            self.is_computing = True
        self.draft.emit_stage(stage.value, tokens)
        return not self.has_ended


def _readable_amount(model: ModelLoaded | None) -> tuple[int, int]:
    """Return how many passages a model can read at once, and how many tokens of a whole file."""
    if model is None:
        return DEFAULT_SOURCES, WHOLE_FILE_TOKENS
    budget = source_budget(model.context, model.prompt_tokens_per_second)
    passages = max(MIN_SOURCES, min(MAX_SOURCES, budget // TOKENS_PER_PASSAGE))
    return passages, int(model.context * WHOLE_SHARE)
