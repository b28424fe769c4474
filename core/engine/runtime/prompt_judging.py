"""Prompt judging: how much likelier an answer to each of some prompts begins with one word."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from core.base.clock import Clock
from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.engine.llama.token_candidates import Logits, read_logits
from core.engine.runtime.answer_job import AnswerJob, JobGroup
from core.engine.runtime.kv_snapshots import common_prefix_length
from core.engine.runtime.model_loading import LoadedModel
from core.messages import AnswerDone, JudgePrompts, PromptsJudged

JUDGED = "judged"
"""Reason by which a judged prompt ends."""


class WordComparison:
    """Log-likelihood of one set of first tokens minus that of another, at one batch position."""

    def __init__(self, yes: Sequence[int], no: Sequence[int], size: int) -> None:
        self._yes, self._no = np.array(yes, dtype=np.intp), np.array(no, dtype=np.intp)
        self._size = size
        self.difference: float | None = None
        """The result, once the position was evaluated."""

    def choose_token(self, context: Handle, index: int = -1, **_choices: int) -> int:
        """Compare, and return any token: nothing is written after it."""
        logits = read_logits(context, index, self._size)
        self.difference = _log_sum(logits[self._yes]) - _log_sum(logits[self._no])
        return int(self._yes[0])

    def close(self) -> None:
        """Nothing native is held."""


def first_tokens(vocabulary: Vocabulary, word: str) -> set[int]:
    """Return the tokens that a word begins with, by case and with or without a space before it."""
    cases = {word, word.lower(), word.upper(), word.capitalize()}
    spelled = [*cases, *(f" {each}" for each in cases)]
    return {tokens[0] for each in spelled if (tokens := vocabulary.tokenize(each, control=False))}


class PromptJudging:
    """One request: a job for each prompt, and one result when all have ended.

    `on_end` gets the result, `on_failure` the error of the first job that failed.
    """

    def __init__(
        self,
        request: JudgePrompts,
        loaded: LoadedModel,
        on_end: Callable[[PromptsJudged | AnswerDone], None],
        on_failure: Callable[[Exception], None],
        clock: Clock = time.perf_counter,
    ) -> None:
        self._request = request
        self._loaded = loaded
        self._on_end = on_end
        self._on_failure = on_failure
        self._clock = clock
        self._started = clock()
        yes = first_tokens(loaded.model.vocabulary, request.yes)
        no = first_tokens(loaded.model.vocabulary, request.no)
        self._yes, self._no = sorted(yes - no), sorted(no - yes)
        self._comparisons: list[WordComparison | None] = []
        self._prompt_tokens = self._read_tokens = 0

    def submit(self, prompts: Sequence[list[int]]) -> None:
        """Start all prompts that may be read; their tokens are given in the request's order.

        A vocabulary in which both words begin alike can judge nothing.
        """
        can_compare = bool(self._yes and self._no)
        readable = self._readable_count(prompts) if can_compare else 0
        size = self._loaded.model.vocabulary.size
        read: list[tuple[list[int], WordComparison]] = []
        for n, tokens in enumerate(prompts):
            may_read = n < readable and len(tokens) < self._loaded.context.size
            comparison = WordComparison(self._yes, self._no, size) if may_read else None
            self._comparisons.append(comparison)
            if comparison:
                read.append((tokens, comparison))
        group = JobGroup(len(read), self._finish, self._on_failure)
        for tokens, comparison in read:
            self._loaded.scheduler.submit_job(self._job(tokens, comparison, group))
        if not read:
            self._finish(was_cancelled=False)

    def _readable_count(self, prompts: Sequence[list[int]]) -> int:
        """Return how many of the first prompts can be read in the request's seconds."""
        if not self._request.seconds:
            return len(prompts)
        left = self._request.seconds * self._loaded.scheduler.prompt_tokens_per_second
        for count, tokens in enumerate(prompts):
            common = common_prefix_length(prompts[0], tokens) if count else 0
            left -= len(tokens) - common
            if left < 0:
                return count
        return len(prompts)

    def _job(self, tokens: list[int], comparison: WordComparison, group: JobGroup) -> AnswerJob:
        self._prompt_tokens += len(tokens)
        count = len(tokens)

        def note_cached(cached: int) -> None:
            self._read_tokens += count - cached

        return AnswerJob(
            request_id=self._request.request_id,
            tokens=tokens,
            limit=1,
            sampler=comparison,
            on_start=note_cached,
            on_token=lambda _token: JUDGED,
            on_end=group.end_job,
            on_failure=group.fail_job,
            key=self._loaded.state_key(()),
            drafting=False,
            is_judging=True,
        )

    def _finish(self, was_cancelled: bool) -> None:  # noqa: FBT001 - of a group
        request_id = self._request.request_id
        if was_cancelled:
            self._on_end(AnswerDone(request_id=request_id, stop="cancelled"))
            return
        self._on_end(
            PromptsJudged(
                request_id=request_id,
                differences=tuple(
                    None if each is None else each.difference for each in self._comparisons
                ),
                prompt_tokens=self._prompt_tokens,
                read_tokens=self._read_tokens,
                elapsed=self._clock() - self._started,
            )
        )


def _log_sum(logits: Logits) -> float:
    """Return the logarithm of the summed exponentials."""
    return float(np.logaddexp.reduce(logits.astype(np.float64)))
