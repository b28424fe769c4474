"""Engine child: loads one model, answers many requests at once, stops when cancelled."""

import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, TypeVar

from core.base.errors import ErrorCode, InglenookError
from core.engine.chat_template.template_rendering import DEFAULT_TEMPLATE, PLAIN_STOPS
from core.engine.chat_template.thinking_marks import ThinkingTracker
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.engine.llama.abort_flag import Aborted
from core.engine.llama.adapter_content import remove_leftovers
from core.engine.llama.request_interrupts import Interrupts
from core.engine.runtime.answer_job import AnswerJob
from core.engine.runtime.answer_stream import AnswerStream
from core.engine.runtime.example_scoring import start_examples
from core.engine.runtime.idle_probe import IdleProbe
from core.engine.runtime.model_loading import LoadedModel, load_model
from core.engine.runtime.prompt_judging import PromptJudging
from core.engine.runtime.prompt_preparation import (
    FitPrompt,
    expected_prompt,
    prepare_prompt,
    token_limit,
)
from core.engine.runtime.text_pacing import TextLine, TextPacer
from core.engine.runtime.token_sampler import TokenSampler
from core.engine.runtime.tool_layout import lay_out_tools
from core.ipc.channel import Channel, ParentGone
from core.messages import (
    AnswerDone,
    Cancel,
    EngineRequest,
    Failed,
    Generate,
    JudgePrompts,
    LoadModel,
    LoadProgress,
    PastExpected,
    PromptsJudged,
    ReadAhead,
    ScoreExamples,
    TimeModel,
    TokenizeExamples,
)

IDLE_SECONDS = 0.5
"""After so long without a request, states are written to disk."""

PIECE_WAIT_SECONDS = 0.01
"""Between two pieces of a measurement, a request has so long to arrive."""

PROGRESS_SECONDS = 0.2
"""Shortest time between two LoadProgress events."""

_log = logging.getLogger(__name__)

Made = TypeVar("Made")


class EngineChild:
    """State of the child: at most one model, and the requests that were cancelled."""

    def __init__(self, fit: FitPrompt, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._fit = fit
        self._channel: Channel[EngineRequest] = Channel(
            EngineRequest, incoming, outgoing, on_arrival=self.on_request_arrived
        )
        self._send = self._channel.send
        self._pacer = TextPacer(self._send)
        self._interrupts = Interrupts()
        self._loaded: LoadedModel | None = None
        self._transcript: TranscriptTokenizer | None = None
        self._has_written_states = True
        self._probe: IdleProbe | None = None

    def on_request_arrived(self, request: EngineRequest) -> None:
        """Run on the reader thread for each request: a cancel can't wait for its turn."""
        if isinstance(request, Cancel):
            self._interrupts.note_cancel(request.request_id)
        self._interrupts.note_arrival()

    def run(self) -> None:
        """Handle requests and continue answers until the parent hangs up: raises ParentGone."""
        self._channel.start("engine")
        try:
            while True:
                request = self._channel.receive(self.wait_seconds)
                if request is not None:
                    self.handle_request(request)
                elif self.has_work:
                    self.step_answers()
                else:
                    self.work_while_idle()
        except ParentGone:
            self.close()
            raise

    @property
    def has_work(self) -> bool:
        """Whether there is something to do without a further request."""
        return self._loaded is not None and self._loaded.scheduler.has_work

    def handle_request(self, request: EngineRequest) -> None:
        """Handle or start one request; every way it can end sends its last event."""
        if isinstance(request, Cancel):
            self._cancel(request.request_id)
            return
        self._interrupts.begin_request(request.request_id)
        try:
            self._start(request)
        except Aborted:
            self._interrupts.end_request(request.request_id)
            self._send(AnswerDone(request_id=request.request_id, stop="cancelled"))
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border of a process: report it and continue
            self._fail(request.request_id, error)

    def _start(self, request: EngineRequest) -> None:
        end = self._interrupts.end_request
        match request:
            case LoadModel():
                self._load(request)
            case Generate():
                self._generate(request)
            case JudgePrompts():
                self._judge(request)
            case ReadAhead():
                self._read_ahead(request)
            case TokenizeExamples() | ScoreExamples():
                start_examples(request, self._loaded, self._transcript, self._send, end, self._fail)
            case TimeModel():
                if self._probe is None:
                    raise InglenookError(ErrorCode.NO_MODEL)
                end(request.request_id)
                self._probe.add_request(request.request_id)

    def step_answers(self) -> None:
        """Evaluate one batch of the running answers; a cancel interrupts it."""
        assert self._loaded is not None
        scheduler = self._loaded.scheduler
        self._has_written_states = False
        try:
            scheduler.run_batch()
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - as above; all its answers end with it
            _log.exception("a batch failed")
            scheduler.fail_all_jobs(error)
        if self._interrupts.flag.is_set:
            self._cancel_all_due()

    @property
    def wait_seconds(self) -> float | None:
        """Seconds to wait for a request before there is something to do; None: without limit."""
        if self.has_work:
            return 0.0
        if _can_read_ahead(self._loaded):
            return PIECE_WAIT_SECONDS
        if not self._has_written_states:
            return IDLE_SECONDS
        return PIECE_WAIT_SECONDS if self._probe and self._probe.has_work else None

    def work_while_idle(self) -> None:
        """Read what is expected, write states to disk, then measure the model piece by piece."""
        if self._loaded and _can_read_ahead(self._loaded):
            with self._interrupts.idle_work():  # whatever arrives interrupts it
                self._loaded.scheduler.pool.read_ahead()
            self._has_written_states = False
        elif not self._has_written_states:
            self._has_written_states = True
            if self._loaded:
                self._loaded.scheduler.write_idle_states()
        elif self._probe:
            self._probe.run_piece()

    def close(self) -> None:
        """Save states after the parent is gone, if that is quick."""
        if self._loaded:
            self._loaded.scheduler.write_idle_states()
            self._loaded.scheduler.snapshots.close()

    def _cancel(self, request_id: str) -> None:
        """Handle a Cancel in turn; mostly the reader thread has seen it before."""
        if self._loaded:
            self._loaded.scheduler.cancel(request_id)
        if self._probe:
            self._probe.cancel_request(request_id)
        self._interrupts.end_request(request_id)
        self._interrupts.forget_cancel(request_id)

    def _cancel_all_due(self) -> None:
        for request_id in self._interrupts.due_requests:
            assert self._loaded is not None
            self._loaded.scheduler.cancel(request_id)
            self._interrupts.end_request(request_id)

    def _fail(self, request_id: str, error: Exception) -> None:
        self._interrupts.end_request(request_id)
        if isinstance(error, InglenookError):
            self._send(Failed.from_error(request_id, error))
            return
        _log.error("request failed", exc_info=error)
        facts = {"detail": type(error).__name__, "logs": "engine.log"}
        self._send(Failed(request_id=request_id, code=ErrorCode.INTERNAL, facts=facts))

    def _load(self, request: LoadModel) -> None:
        if self._probe:
            self._probe.close()
        self._probe = None
        if self._loaded:
            self._loaded.scheduler.fail_all_jobs(InglenookError(ErrorCode.NO_MODEL))
            self._loaded.close()
            self._loaded = None
        loaded = load_model(
            request, self._interrupts.flag, _progress(self._send, request.request_id)
        )
        self._loaded = loaded
        template = loaded.template or DEFAULT_TEMPLATE
        self._transcript = TranscriptTokenizer(
            loaded.model.vocabulary,
            template,
            loaded.model.path.name,
            self._interrupts.flag.raise_if_set,
            loaded.tool_template,
        )
        self._interrupts.end_request(request.request_id)
        self._send(loaded.event)
        self._probe = IdleProbe(request, loaded, self._send)
        self._has_written_states = False  # so that a question may come before the first piece

    def _generate(self, request: Generate) -> None:
        """Fit the prompt and submit the answer to the scheduler."""
        if not (self._loaded and self._transcript):
            raise InglenookError(ErrorCode.NO_MODEL)
        transcript, loaded = self._transcript, self._loaded
        vocabulary = loaded.model.vocabulary
        if not request.sampling.thinking:
            transcript = transcript.without_thinking()
        tools = self._prepare(request.request_id, lambda: lay_out_tools(request, transcript))
        request, transcript = tools.request, tools.transcript
        fitted, tokens = self._prepare(
            request.request_id, lambda: prepare_prompt(self._fit, request, loaded, transcript)
        )
        opened = bool(request.turns) and transcript.append_begun_answer(request, tokens)
        for adapter in request.adapters:
            loaded.model.load_adapter(adapter.path)
        stops, marks = () if loaded.template or not request.turns else PLAIN_STOPS, loaded.marks
        line = self._pacer.open_line()
        stream = AnswerStream(request, vocabulary, line, stops=stops, marks=marks, opened=opened)
        if tools.translation is not None:
            stream.translate_calls(tools.translation)
        thinking = ThinkingTracker(marks, vocabulary, opened=opened) if marks else None
        sampler = TokenSampler(request.sampling, vocabulary, thinking, request.logprobs, tools.form)
        job = AnswerJob(
            request_id=request.request_id,
            tokens=tokens,
            limit=token_limit(loaded, tokens, request),
            sampler=sampler,
            on_start=partial(stream.send_prompt_fitted, fitted, tuple(tokens)),
            on_token=lambda token: stream.add_token(token, sampler.last_score),
            on_end=lambda stop: self._answered(stream, job, stop),
            on_failure=lambda error: self._refused(job, line, error),
            key=loaded.state_key(request.adapters),
            folder=request.state_folder,
            adapters=request.adapters,
            drafting=request.drafting and not loaded.model.is_recurrent,
            is_outside=request.is_outside,
            shown=line,
        )
        loaded.scheduler.submit_job(job)

    def _read_ahead(self, request: ReadAhead) -> None:
        """Have the past of a question that will be asked read while nobody waits."""
        if not (self._loaded and self._transcript):
            raise InglenookError(ErrorCode.NO_MODEL)
        loaded, asked, transcript = self._loaded, request.question, self._transcript
        if not asked.sampling.thinking:
            transcript = transcript.without_thinking()
        past = self._prepare(
            request.request_id, lambda: expected_prompt(self._fit, asked, loaded, transcript)
        )
        if not loaded.scheduler.has_work:
            loaded.scheduler.pool.expect_prompt(past)
        self._interrupts.end_request(request.request_id)
        self._send(PastExpected(request_id=request.request_id, tokens=len(past.tokens)))

    def _judge(self, request: JudgePrompts) -> None:
        """Submit the prompts to the scheduler."""
        if not (self._loaded and self._transcript):
            raise InglenookError(ErrorCode.NO_MODEL)
        transcript = self._transcript
        prompts = self._prepare(
            request.request_id,
            lambda: [transcript.immediate_answer_tokens(turns) for turns in request.prompts],
        )
        request_id = request.request_id

        def send_result(result: PromptsJudged | AnswerDone) -> None:
            self._interrupts.end_request(request_id)
            self._send(result)

        PromptJudging(
            request, self._loaded, send_result, lambda error: self._fail(request_id, error)
        ).submit(prompts)

    def _prepare(self, request_id: str, make: Callable[[], Made]) -> Made:
        """Make prompts; tries again if another request was cancelled meanwhile."""
        while True:
            try:
                return make()
            except Aborted:
                if self._interrupts.was_cancelled(request_id):
                    raise
                self._cancel_all_due()

    def _answered(self, stream: AnswerStream, job: AnswerJob, stop: str) -> None:
        job.sampler.close()
        self._interrupts.end_request(job.request_id)
        stream.send_done(stop, job)

    def _refused(self, job: AnswerJob, line: TextLine, error: Exception) -> None:
        job.sampler.close()
        line.set_interval(0)
        self._fail(job.request_id, error)


def _can_read_ahead(loaded: LoadedModel | None) -> bool:
    """Whether what the next prompt begins with is known and not yet read."""
    return loaded is not None and loaded.scheduler.pool.can_read_ahead


def _progress(send: Callable[[LoadProgress], None], request_id: str) -> Callable[[float], None]:
    """Return a callback that sends the progress of a load; llama.cpp calls it for every tensor."""
    sent_at = time.monotonic()

    def send_progress(share: float) -> None:
        nonlocal sent_at
        now = time.monotonic()
        if now - sent_at >= PROGRESS_SECONDS:
            sent_at = now
            send(LoadProgress(request_id=request_id, share=share))

    return send_progress


def serve(incoming: BinaryIO, outgoing: BinaryIO, fit: FitPrompt) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    if sys.platform != "linux":  # where none are made
        remove_leftovers()
    EngineChild(fit, incoming, outgoing).run()
