"""Tool run: one answer whose model may call tools, round after round, until it answers in words."""

import time
from collections.abc import Callable
from enum import Enum
from functools import partial

from msgspec import structs

from core.base.clock import Clock
from core.base.tool_call_reader import CallText, ToolCallReader
from core.chat.answering.answer_draft import AdoptedAnswer
from core.chat.answering.answer_events import AnswerEvent, AnswerStarted
from core.chat.answering.answer_judging import JUDGING_SECONDS
from core.chat.answering.answer_protocols import AnswerEngine, AnswerSaver, StatementJudge
from core.chat.answering.answer_request import AnswerRequest, DocumentUse
from core.chat.answering.generate_requests import GenerateRequests
from core.chat.answering.repetition import RepetitionCheck
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.answering.tool_transcript import result_limit, round_turns
from core.chat.answering.turn_conversion import left_out_note
from core.chat.conversations.tool_calls import CallDecision
from core.chat.tools.rounds_written import RoundsWritten
from core.chat.tools.tool_box import ToolBox
from core.chat.tools.tool_calling import ToolCalling
from core.chat.tools.tool_draft import ToolDraft
from core.chat.tools.tool_rounds import ToolRounds
from core.ipc.awaited_reply import AwaitedReply
from core.messages import (
    REPEATED,
    AnswerChunk,
    AnswerDone,
    Failed,
    Generate,
    ModelLoaded,
    PromptFitted,
    StatementsJudged,
    ThinkingChunk,
)


class _Stage(Enum):
    WAITING = "waiting"
    LOADING = "loading"
    READING = "reading"
    THINKING = "thinking"
    WRITING = "writing"
    CALLING = "calling"
    JUDGING = "judging"
    ENDED = "ended"


_WITHOUT_ENGINE = {_Stage.WAITING, _Stage.CALLING, _Stage.JUDGING, _Stage.ENDED}
_BEFORE_WORDS = {_Stage.WAITING, _Stage.LOADING, _Stage.READING}
_COMPUTING = {_Stage.READING, _Stage.THINKING, _Stage.WRITING}


class ToolRun:
    """An answer on its way. It holds no thread; replies drive it, and a person's decisions.

    Documents are not searched before the model asks for it: their passages become sources then.
    """

    def __init__(
        self,
        request: AnswerRequest,
        saver: AnswerSaver,
        engine: AnswerEngine,
        box: ToolBox,
        emit: Callable[[AnswerEvent], None],
        judge: StatementJudge | None,
        clock: Clock = time.monotonic,
    ) -> None:
        """`judge` says with the rules which sentences the found passages support."""
        self._request = request
        self._engine = engine
        self._clock = clock
        self._stage = _Stage.WAITING
        self._is_stopped = self._is_repeating = False
        self._awaited = AwaitedReply()
        self._deadline = 0.0
        self._fingerprint, self._context = "", 0
        self._last: AnswerDone | None = None
        self._writing = RoundsWritten()
        self._before = ""  # the answer's text when the round began
        self._reader = ToolCallReader()
        self._repetition = RepetitionCheck()
        plain = structs.replace(request, document_use=DocumentUse.NONE)
        self._retrieval = RetrievalContext(plain)
        self._requests = GenerateRequests(plain, self._retrieval)
        self._rounds = ToolRounds(box.offered_tools(request), clock)
        self.draft = ToolDraft(plain, self._retrieval, saver, emit, clock, judge)
        """Its turns, and the chat with them, as they are by now."""
        self._calling = ToolCalling(
            request, box, self._rounds, self.draft, self._retrieval, self._prepare_model
        )
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    @property
    def has_ended(self) -> bool:
        """Whether the last event has been emitted, or is just being emitted."""
        return self._stage is _Stage.ENDED

    @property
    def is_computing(self) -> bool:
        """Whether the model computes for it."""
        return self._stage in _COMPUTING

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        return self._stage not in _WITHOUT_ENGINE

    def start(self) -> AnswerStarted:
        """Save the question and begin."""
        started = self.draft.start()
        if not self.has_ended:  # by who heard of the start
            self._prepare_model()
        return started

    def stop(self, instead: AdoptedAnswer | None = None) -> None:
        """End the answer with what it has; an earlier one never stands `instead`."""
        if instead is not None or self.has_ended:
            return
        self._is_stopped = True
        if self._stage is not _Stage.LOADING:
            self._awaited.cancel()
        if not self.is_computing:
            self._finish()

    def close(self) -> None:
        """End now, without waiting for the engine; what has come is saved."""
        self.stop()
        if not self.has_ended:
            self._finish()

    def check_deadlines(self) -> None:
        """Save what is due, and give up a call that takes too long; to be called often."""
        self.draft.save_if_due()
        self._calling.give_up_late_call()
        if self._stage is _Stage.JUDGING and self._clock() >= self._deadline:
            self._finish(self._last)

    def retry_engine(self) -> None:
        """Another answer has ended: ask for the engine again if this one waits for it."""
        if self._stage is _Stage.WAITING:
            self._prepare_model()

    def decide_call(self, n: int, decision: CallDecision) -> None:
        """Take the person's word on the call `n`, if that is asking."""
        self._calling.decide_call(n, decision)

    # ------------------------------------------------------------ the model

    def _prepare_model(self) -> None:
        prepared = self._engine.prepare_model(self._request.model_path)
        if isinstance(prepared, ModelLoaded):
            self._ask_model(prepared)
        elif prepared is None:
            self._enter(_Stage.WAITING)
        elif self._enter(_Stage.LOADING):
            self._awaited.wait_for(prepared)
            prepared.on_done(self._ask_model).on_error(self._finish)

    def _ask_model(self, prepared: ModelLoaded | AnswerDone) -> None:
        """Send the question with all that was called until now."""
        if isinstance(prepared, AnswerDone):  # its load was cancelled
            self._finish()
            return
        self._fingerprint, self._context = prepared.fingerprint, prepared.context
        self._rounds.limit = result_limit(prepared.context)
        self._before = self.draft.raw
        if self._enter(_Stage.READING):
            usual = self._requests.answer_request(
                self.draft.conversation, self.turn_id, self._fingerprint
            )
            request = with_rounds(usual, self._rounds, self.draft.raw)
            reply = self._awaited.wait_for(self._engine.start_generation(request))
            reply.on_progress(self._on_written).on_done(self._on_round_done)
            reply.on_error(self._finish)

    def _on_written(self, event: PromptFitted | AnswerChunk | ThinkingChunk) -> None:
        if isinstance(event, PromptFitted):
            self._begin_round(event)
            return
        is_thinking = isinstance(event, ThinkingChunk)
        stage = _Stage.THINKING if is_thinking else _Stage.WRITING
        if self._stage is not stage:
            self._enter(stage)
        if is_thinking:
            self.draft.add_thinking(event.text)
            return
        for piece in self._reader.read_piece(event.text):
            if isinstance(piece, CallText):
                self._add_text(piece.text)

    def _begin_round(self, fitted: PromptFitted) -> None:
        """The prompt is being read; what an engine that was ended wrote is void."""
        self._reader = ToolCallReader(is_active=bool(self._rounds.schemas))
        self._repetition = RepetitionCheck()
        if self._rounds.calls:
            self.draft.return_to(self._before)
        else:
            self.draft.set_sent_prompt(fitted, (), left_out_note(fitted))
        self._enter(_Stage.READING, fitted.prompt_tokens)

    def _add_text(self, text: str) -> None:
        if self._before and self.draft.raw == self._before:
            text = f"\n\n{text.lstrip()}"
        self.draft.add_text(text)
        repeats = not self._request.may_repeat and self._repetition.add_text(text)
        if repeats and not self._is_repeating:
            self._is_repeating = True
            self._awaited.cancel()

    def _on_round_done(self, done: AnswerDone) -> None:
        for piece in self._reader.read_piece("", final=True):
            if isinstance(piece, CallText):
                self._add_text(piece.text)
        whole = self._writing.add_round(done)
        has_all = done.stop != "cancelled" and not self._is_stopped
        if has_all and self._rounds.add_round(done.text, len(self.draft.raw)):
            self._last = whole
            self._awaited.give_up()
            if self._enter(_Stage.CALLING):
                self._calling.make_calls()
        elif self._is_repeating and not self._is_stopped:
            self._finish(structs.replace(whole, stop=REPEATED))
        elif has_all:
            self._judge(whole)
        else:
            self._finish(whole)

    # ------------------------------------------------------------ the end

    def _judge(self, done: AnswerDone, judged: StatementsJudged | Failed | None = None) -> None:
        """Have the answer judged by the passages that were found, if there are any; then end."""
        self._last = done
        reply = None if judged else self.draft.judging.ask_judge(self.draft.raw)
        if reply is not None and self._enter(_Stage.JUDGING):
            self._deadline = self._clock() + JUDGING_SECONDS
            self._awaited.wait_for(reply)
            after = partial(self._judge, done)
            reply.on_done(after).on_error(after)
        elif not self.has_ended:
            if isinstance(judged, StatementsJudged):
                self.draft.judging.set_judged(judged)
            self._finish(done)

    def _finish(self, last: AnswerDone | Failed | None = None) -> None:
        """End with the last event of the engine; without one the answer was cancelled."""
        written = self._last or AnswerDone(request_id=self.turn_id, stop="")
        last = last or structs.replace(written, stop="cancelled")
        self._stage = _Stage.ENDED
        self._awaited.give_up()
        self._calling.end_calls()
        if isinstance(last, Failed):
            self.draft.fail_answer(last, self._fingerprint)
        else:
            self.draft.finish_answer(last, self._fingerprint, self._context)

    def _enter(self, stage: _Stage, tokens: int = 0) -> bool:
        """Emit a stage; returns False if who heard of it has ended the answer."""
        self._stage = stage
        # Text before a call stays: these stages would say that it is void.
        is_later = bool(self._rounds.calls) and stage in _BEFORE_WORDS
        self.draft.emit_stage("results" if is_later else stage.value, tokens)
        return not self.has_ended


def with_rounds(usual: Generate, rounds: ToolRounds, raw: str) -> Generate:
    """Return the request for an answer with its tools and what they have returned until now."""
    return structs.replace(
        usual,
        turns=(*usual.turns, *round_turns(raw, rounds.calls)),
        sampling=structs.replace(usual.sampling, tools=rounds.schemas),
        sources=(),
        may_leave_out=True,
        shortens_ahead=False,
    )
