"""Examples of a training: laid out as tokens, and how badly a model predicts their answers."""

from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp
import numpy as np

from core.base.errors import ErrorCode, ModelError
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.engine.llama.token_candidates import read_logits
from core.engine.runtime.answer_job import AnswerJob, JobGroup
from core.engine.runtime.model_loading import LoadedModel
from core.messages import (
    AnswerDone,
    ExamplesProgress,
    ExamplesScored,
    ExamplesTokenized,
    ExampleTokens,
    ScoreExamples,
    TokenizeExamples,
)


def start_examples(
    request: TokenizeExamples | ScoreExamples,
    loaded: LoadedModel | None,
    transcript: TranscriptTokenizer | None,
    send: Callable[[Any], None],
    end: Callable[[str], None],
    fail: Callable[[str, Exception], None],
) -> None:
    """Send the tokens of examples, or submit them to the scheduler. Raises ModelError.

    `end` is called before the last event of a request, `fail` sends it for one that failed.
    """
    if loaded is None or transcript is None:
        raise ModelError(ErrorCode.NO_MODEL)
    request_id = request.request_id
    if isinstance(request, TokenizeExamples):
        tokenized = tokenize_examples(request, transcript, loaded.model.vocabulary)
        end(request_id)
        send(tokenized)
        return

    def send_event(event: ExamplesProgress | ExamplesScored | AnswerDone) -> None:
        if not isinstance(event, ExamplesProgress):
            end(request_id)
        send(event)

    ExampleScoring(request, loaded, send_event, lambda error: fail(request_id, error)).submit()


def tokenize_examples(
    request: TokenizeExamples, transcript: TranscriptTokenizer, vocabulary: Vocabulary
) -> ExamplesTokenized:
    """Return each example as an answer without thinking would have been written, with its end.

    Raises ModelError(TEMPLATE_FAILED).
    """
    examples = []
    for example in request.examples:
        prompt = transcript.immediate_answer_tokens(example.turns)
        answer = vocabulary.tokenize(example.answer.strip(), control=False)
        tokens = (*prompt, *answer, _end_token(vocabulary))
        examples.append(ExampleTokens(tokens=tokens, start=len(prompt)))
    return ExamplesTokenized(request_id=request.request_id, examples=tuple(examples))


def _end_token(vocabulary: Vocabulary) -> int:
    """Return the token by which the model ends its turn."""
    turn_end = int(llama_cpp.llama_vocab_eot(vocabulary.handle))
    return turn_end if turn_end >= 0 else vocabulary.eos


class KnownAnswerScorer:
    """Chooses the tokens of an answer that is known, and adds up how unlikely they were."""

    def __init__(self, tokens: Sequence[int], size: int) -> None:
        self._tokens = tokens
        self._size = size
        self._place = 0
        self.surprise = 0.0

    @property
    def mean(self) -> float:
        """The mean negative log likelihood of what was chosen, in nats."""
        return self.surprise / max(self._place, 1)

    def choose_token(self, context: Handle, index: int = -1, **_choices: int) -> int:
        """Return the next token of the answer."""
        logits: Any = read_logits(context, index, self._size)
        token = self._tokens[self._place]
        self._place += 1
        values = logits.astype(np.float64)
        self.surprise += float(np.logaddexp.reduce(values) - values[token])
        return token

    def close(self) -> None:
        """Nothing native is held."""


class ExampleScoring:
    """One request: a job for each example, and one result when all have ended."""

    def __init__(
        self,
        request: ScoreExamples,
        loaded: LoadedModel,
        send: Callable[[ExamplesProgress | ExamplesScored | AnswerDone], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._request = request
        self._loaded = loaded
        self._send = send
        self._answers: list[KnownAnswerScorer] = []
        self._group = JobGroup(len(request.examples), self._finish, on_failure)

    def submit(self) -> None:
        """Start all examples. Raises ModelError for an adapter that can't be loaded."""
        for adapter in self._request.adapters:
            self._loaded.model.load_adapter(adapter.path)
        jobs = [self._job(example) for example in self._request.examples]
        for job in jobs:
            self._loaded.scheduler.submit_job(job)
        if not jobs:
            self._finish(was_cancelled=False)

    def _job(self, example: ExampleTokens) -> AnswerJob:
        answer = KnownAnswerScorer(
            example.tokens[example.start :], self._loaded.model.vocabulary.size
        )
        self._answers.append(answer)
        return AnswerJob(
            request_id=self._request.request_id,
            tokens=list(example.tokens[: example.start]),
            limit=len(example.tokens) - example.start,
            sampler=answer,
            on_start=lambda _cached: None,
            on_token=lambda _token: "",
            on_end=self._on_job_ended,
            on_failure=self._group.fail_job,
            key=self._loaded.state_key(self._request.adapters),
            adapters=self._request.adapters,
            drafting=False,
            is_judging=True,
        )

    def _on_job_ended(self, reason: str) -> None:
        self._group.end_job(reason)
        if self._group.running:
            done = len(self._answers) - self._group.running
            self._send(ExamplesProgress(request_id=self._request.request_id, done=done))

    def _finish(self, was_cancelled: bool) -> None:  # noqa: FBT001 - of a group
        request_id = self._request.request_id
        if was_cancelled:
            self._send(AnswerDone(request_id=request_id, stop="cancelled"))
            return
        losses = tuple(answer.mean for answer in self._answers)
        self._send(ExamplesScored(request_id=request_id, losses=losses))
