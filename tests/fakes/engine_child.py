"""The engine child by script: models are loaded at once, answers are a test's to write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.base.errors import ErrorCode
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Cancel,
    EngineTuning,
    ExamplesScored,
    ExamplesTokenized,
    ExampleText,
    ExampleTokens,
    Failed,
    Generate,
    JudgePrompts,
    LoadModel,
    LoadProgress,
    ModelLoaded,
    ModelTimed,
    PastExpected,
    PromptFitted,
    PromptsJudged,
    ReadAhead,
    ScoreExamples,
    ThinkingChunk,
    TimeModel,
    TokenizeExamples,
)
from tests.fakes.child_process import FakeChildProcess

_TITLE_WORDS = "Write a title of two to six words"
_REWRITING_WORDS = "Write the last question anew"
"""How a request for a title, and for a question that stands alone, is known from others."""


@dataclass
class RunningAnswer:
    """A question that the engine was given, and what it has written so far."""

    request: Generate
    text: str = ""
    thinking: str = ""
    is_fitted: bool = False
    statistics: dict[str, Any] = field(default_factory=dict)


def tokens_of_words(example: ExampleText) -> ExampleTokens:
    """Return an example whose words are tokens, each of the number of its letters."""
    prompt = [len(word) for turn in example.turns for word in turn.text.split()]
    answer = [len(word) for word in example.answer.split()]
    return ExampleTokens(tokens=(*prompt, *answer, 2), start=len(prompt))


class FakeEngineChild(FakeChildProcess):
    """Loads and answers as the engine does; what it writes are the calls of a test.

    `loads_at_once`: a model is there as soon as it is asked for, else after `finish_loading`.
    `script` answers each question by itself with these pieces; without one a test writes, to the
    question that was sent last or to the one that `request_id` names. What else a model is asked
    for (`title`, `rewriting` of a question) is answered at once, None: left to the test as well.
    `reads_at_once`: examples are read and scored at once, else never.
    `judge` scores each prompt that is judged; without it, a test calls `finish_judging`.
    `full_early`: the next past that is to be read ahead is full; so many early turns are too many.
    """

    def __init__(self) -> None:
        super().__init__("engine")
        self.loads_at_once = True
        self.reads_at_once = True
        self.full_early = 0
        self.context = 8192
        self.script: tuple[str, ...] | None = None
        self.title: str | None = ""
        self.rewriting: str | None = ""
        self.loading: LoadModel | None = None
        self.tuning: EngineTuning | None = None
        self.running: dict[str, RunningAnswer] = {}
        self.judging: JudgePrompts | None = None
        self.reading: TokenizeExamples | ScoreExamples | None = None
        self.judge: Callable[[str], float] | None = None

    def receive(self, request: msgspec.Struct) -> None:
        match request:
            case LoadModel():
                self.loading = request
                if self.loads_at_once:
                    self.finish_loading()
            case Generate():
                self.running[request.request_id] = RunningAnswer(request)
                script = self._script_for(request)
                if script is not None:
                    self.write(*script, request_id=request.request_id)
                    self.finish_answer(request_id=request.request_id)
            case TokenizeExamples() | ScoreExamples():
                self._read_examples(request)
            case ReadAhead() | TimeModel():
                self._answer_at_once(request)
            case JudgePrompts():
                self.judging = request
                if self.judge is not None:
                    self.finish_judging(*(self.judge(each[-1].text) for each in request.prompts))
            case Cancel():
                self._cancel(request.request_id)

    def _answer_at_once(self, request: ReadAhead | TimeModel) -> None:
        if isinstance(request, TimeModel):
            self.deliver(ModelTimed(request_id=request.request_id, tuning=self.tuning))
        elif self.full_early:
            facts = {"early": str(self.full_early), "context": str(self.context)}
            self.full_early = 0
            code = ErrorCode.CONTEXT_FULL
            self.deliver(Failed(request_id=request.request_id, code=code, facts=facts))
        else:
            self.deliver(PastExpected(request_id=request.request_id, tokens=0))

    def _read_examples(self, request: TokenizeExamples | ScoreExamples) -> None:
        """Answer as a model that an adapter makes better."""
        if not self.reads_at_once:
            self.reading = request
        elif isinstance(request, TokenizeExamples):
            tokens = tuple(map(tokens_of_words, request.examples))
            self.deliver(ExamplesTokenized(request_id=request.request_id, examples=tokens))
        else:
            losses = (1.0 if request.adapters else 3.0,) * len(request.examples)
            self.deliver(ExamplesScored(request_id=request.request_id, losses=losses))

    def stop(self, grace: float = 0.0) -> None:
        super().stop(grace)
        self.loading = None
        self.running.clear()

    def die(self, exit_code: int = -11, tail: str = "") -> None:
        super().die(exit_code, tail)
        self.loading = None
        self.running.clear()

    # ------------------------------------------------------------ loading

    def report_loading(self, share: float) -> None:
        """Say how much of the weights is there."""
        assert self.loading, "no model is being loaded"
        self.deliver(LoadProgress(request_id=self.loading.request_id, share=share))

    def finish_loading(self, **changes: Any) -> None:
        """Say that the model is loaded."""
        assert self.loading, "no model is being loaded"
        request, self.loading = self.loading, None
        loaded = ModelLoaded(
            request_id=request.request_id,
            path=request.path,
            fingerprint=f"fingerprint of {request.path}",
            context=self.context,
            threads=2,
            prompt_tokens_per_second=400.0,
            seconds=0.8,
            draft=request.draft_path,
        )
        self.deliver(msgspec.structs.replace(loaded, **changes))

    def fail_loading(self, code: ErrorCode, **facts: str) -> None:
        """Say that the model can't be loaded."""
        assert self.loading, "no model is being loaded"
        request, self.loading = self.loading, None
        self.deliver(Failed(request_id=request.request_id, code=code, facts=facts))

    # ------------------------------------------------------------ judging

    def finish_judging(self, *differences: float | None) -> None:
        """Say how much likelier Yes is than No, by prompt."""
        assert self.judging, "nothing is judged"
        request, self.judging = self.judging, None
        self.deliver(PromptsJudged(request_id=request.request_id, differences=differences))

    # ------------------------------------------------------------ answering

    def fit_prompt(self, *, request_id: str = "", **changes: Any) -> None:
        """Say that the prompt was laid out, and is being read."""
        answer = self.find_answer(request_id)
        answer.is_fitted = True
        answer.text = answer.thinking = ""
        request = answer.request
        fitted = PromptFitted(
            request_id=request.request_id,
            sent=request.turns[-1].text,
            sources_used=tuple(source.n for source in request.sources),
            turns_left_out=0,
            sources_left_out=0,
            prompt_tokens=1260,
            cached_tokens=1204,
            prompt=f"<|im_start|>user\n{request.turns[-1].text}",
        )
        self.deliver(msgspec.structs.replace(fitted, **changes))

    def think(self, *pieces: str, request_id: str = "") -> None:
        """Stream what is thought before the answer."""
        answer = self._begin_writing(request_id)
        for piece in pieces:
            answer.thinking += piece
            self.deliver(ThinkingChunk(request_id=answer.request.request_id, text=piece))

    def write(self, *pieces: str, request_id: str = "") -> None:
        """Stream pieces of the answer."""
        answer = self._begin_writing(request_id)
        for piece in pieces:
            answer.text += piece
            self.deliver(AnswerChunk(request_id=answer.request.request_id, text=piece))

    def finish_answer(self, stop: str = "eos", *, request_id: str = "", **changes: Any) -> None:
        """End an answer with what was written."""
        answer = self.find_answer(request_id)
        if stop != "cancelled" and not answer.is_fitted:
            self.fit_prompt(request_id=request_id)
        del self.running[answer.request.request_id]
        done = AnswerDone(
            request_id=answer.request.request_id,
            stop=stop,
            text=answer.text,
            thinking=answer.thinking,
            prompt_tokens=1260,
            cached_tokens=1204,
            completion_tokens=86,
            seconds_to_first_token=0.42,
            tokens_per_second=41.3,
            checks=40,
            drafted_tokens=120,
            accepted_tokens=84,
        )
        self.deliver(msgspec.structs.replace(done, **changes))

    def fail_answer(
        self, code: ErrorCode = ErrorCode.INTERNAL, *, request_id: str = "", **facts: str
    ) -> None:
        """End an answer in a failure."""
        answer = self.find_answer(request_id)
        del self.running[answer.request.request_id]
        self.deliver(Failed(request_id=answer.request.request_id, code=code, facts=facts))

    def find_answer(self, request_id: str = "") -> RunningAnswer:
        """Return the answer that was asked for last, or the one of a request."""
        assert self.running, "no answer runs"
        return self.running[request_id or list(self.running)[-1]]

    def _script_for(self, request: Generate) -> tuple[str, ...] | None:
        """Return what is answered without a test's doing, None if nothing."""
        side = {_TITLE_WORDS: self.title, _REWRITING_WORDS: self.rewriting}
        for words, text in side.items():
            if words in request.turns[-1].text:
                return None if text is None else (text,)
        return self.script

    def _begin_writing(self, request_id: str) -> RunningAnswer:
        answer = self.find_answer(request_id)
        if not answer.is_fitted:
            self.fit_prompt(request_id=request_id)
        return answer

    def _cancel(self, request_id: str) -> None:
        waiting = self.loading or self.judging or self.reading
        if waiting and waiting.request_id == request_id:
            self.loading = self.judging = self.reading = None
            self.deliver(AnswerDone(request_id=request_id, stop="cancelled"))
        elif request_id in self.running:
            self.finish_answer("cancelled", request_id=request_id)
