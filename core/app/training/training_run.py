"""Training run: one adapter from its examples to its comparison, by an engine and a trainer.

They never run at once, as each holds the whole model. The engine lays the examples out as a chat
would, and measures before and after: what is shown is what a chat gets.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from core.app.training.training_job import (
    COMPARED_ANSWERS,
    LONGEST_EXAMPLE,
    TrainedAnswer,
    TrainingExample,
    TrainingJob,
    TrainingJobProgress,
    TrainingOutcome,
)
from core.app.training.training_store import TrainingStore
from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    Adapter,
    AdapterTrained,
    AnswerDone,
    ExamplesScored,
    ExamplesTokenized,
    ExampleText,
    ExampleTokens,
    Failed,
    Generate,
    LoadModel,
    Placement,
    Sampling,
    ScoreExamples,
    TokenizeExamples,
    TrainAdapter,
    TrainingProgress,
)
from core.training.trainer_client import TrainerClient

_ANSWER_TOKENS = 160
_SEQUENCES = 4
Result = TypeVar("Result")
Job = Reply[TrainingJobProgress, TrainingOutcome]


class TrainingRun:
    """The steps of one training, each begun by the end of the one before. One thread uses it.

    `reply` ends with the outcome, or with the failure of a step; a cancel ends the step.
    """

    def __init__(
        self,
        paths: Paths,
        store: TrainingStore,
        engine: EngineClient,
        trainer: TrainerClient,
        placement: Placement,
    ) -> None:
        self._paths = paths
        self._store = store
        self._engine = engine
        self._trainer = trainer
        self._placement = structs.replace(
            placement, context=_SEQUENCES * LONGEST_EXAMPLE, sequences=_SEQUENCES
        )
        self._current: Reply[Any, Any] | None = None
        self._is_cancelled = False
        self._started = time.monotonic()
        self._trained: AdapterTrained | None = None
        self._target = Path()
        self._answers: list[TrainedAnswer] = []
        self.reply: Job = Reply(new_request_id(), self.cancel)
        self.chat_ids: frozenset[str] = frozenset()
        """The chats that its examples are from, "" for a file."""
        self.has_lost_chat = False
        """Whether one of these was deleted meanwhile: nothing is kept then."""
        self.keeps_job = True
        """Whether the unfinished job is its own; an estimate has none."""

    # ------------------------------------------------------------ what a caller begins

    def read_examples(
        self,
        path: str,
        examples: Sequence[ExampleText],
        then: Callable[[tuple[ExampleTokens, ...]], object],
    ) -> None:
        """Have the engine lay examples out; `then` gets their tokens."""

        def tokenize(_loaded: object) -> None:
            self._tell(TrainingJobProgress(stage="reading"))
            request = TokenizeExamples(request_id=new_request_id(), examples=tuple(examples))
            self._do(self._engine.send(request), lambda done: then(_tokens_of(done)))

        self._load(path, (), tokenize)

    def score(
        self,
        examples: Sequence[TrainingExample],
        adapters: tuple[Adapter, ...],
        then: Callable[[tuple[float, ...]], object],
    ) -> None:
        """Have the loaded engine say how badly it predicts answers; `then` gets the losses."""
        tokens = tuple(example.tokens for example in examples)
        request = ScoreExamples(request_id=new_request_id(), examples=tokens, adapters=adapters)
        self._do(self._engine.send(request), lambda done: then(_losses_of(done)))

    def time_steps(
        self, job: TrainingJob, seconds: float, then: Callable[[AdapterTrained], object]
    ) -> None:
        """Have the trainer take some steps that nothing is kept of."""
        self._engine.unload_model()
        self._do(self._trainer.send(self._request(job, seconds)), then)

    def train(self, job: TrainingJob) -> None:
        """Train a job, from its last checkpoint if there is one, and compare."""
        self._engine.unload_model()
        self._do(
            self._trainer.send(self._request(job)),
            lambda trained: self._compare(job, trained),
        )

    def cancel(self) -> None:
        """End with the step that runs; the trainer writes a checkpoint first."""
        self._is_cancelled = True
        if self._current is not None:
            self._current.cancel()

    def _fail(self, failure: Failed) -> None:
        """End without an outcome."""
        self._engine.unload_model()
        self.reply.fail(failure)

    # ------------------------------------------------------------ after training

    def _compare(self, job: TrainingJob, trained: AdapterTrained) -> None:
        self._trained = trained
        self._target = self._store.keep_adapter(job)
        self._tell(TrainingJobProgress(stage="comparing"))
        adapter = Adapter(path=str(self._target))
        self._load(
            job.path,
            (adapter.path,),
            lambda _loaded: self.score(
                job.held_out, (adapter,), lambda after: self._compare_learnt(job, adapter, after)
            ),
        )

    def _compare_learnt(
        self, job: TrainingJob, adapter: Adapter, held_out: tuple[float, ...]
    ) -> None:
        learnt = job.learnt[: len(job.learnt_before)]

        def go_on(after: tuple[float, ...]) -> None:
            shown = [(each, True) for each in job.held_out[:COMPARED_ANSWERS]]
            shown += [(each, False) for each in learnt[:COMPARED_ANSWERS]]
            self._answer_next(job, adapter, shown, lambda: self._end(job, held_out, after))

        self.score(learnt, (adapter,), go_on)

    def _answer_next(
        self,
        job: TrainingJob,
        adapter: Adapter,
        left: list[tuple[TrainingExample, bool]],
        then: Callable[[], object],
    ) -> None:
        """Answer the next question without the adapter, and then with it."""
        if not left:
            then()
            return
        (example, is_held_out), *others = left

        def keep(before: str, after: str) -> None:
            question = example.text.turns[-1].text
            compared = TrainedAnswer(
                question=question,
                wanted=example.text.answer,
                before=before,
                after=after,
                is_held_out=is_held_out,
                chat_id=example.chat_id,
            )
            self._answers.append(compared)
            self._answer_next(job, adapter, others, then)

        self._generate(
            example,
            (),
            lambda before: self._generate(example, (adapter,), lambda after: keep(before, after)),
        )

    def _generate(
        self,
        example: TrainingExample,
        adapters: tuple[Adapter, ...],
        then: Callable[[str], object],
    ) -> None:
        request = Generate(
            request_id=new_request_id(),
            turns=example.text.turns,
            sampling=Sampling(temperature=0.0, repeat_penalty=1.0, thinking=False),
            max_tokens=_ANSWER_TOKENS,
            adapters=adapters,
        )

        def go_on(done: AnswerDone) -> None:
            if done.stop == "cancelled":
                raise InglenookError(ErrorCode.CANCELLED)
            then(done.text.strip())

        self._do(self._engine.send(request), go_on)

    def _end(
        self, job: TrainingJob, held_out: tuple[float, ...], learnt: tuple[float, ...]
    ) -> None:
        assert self._trained is not None
        self._engine.unload_model()
        outcome = TrainingOutcome(
            ref=self._target.stem,
            path=str(self._target),
            model=job.ref,
            bytes=self._trained.bytes,
            seconds=self._trained.step_seconds * self._trained.steps,
            examples=len(job.learnt),
            held_out=len(job.held_out),
            left_out=job.left_out,
            held_out_before=_mean(job.expected),
            held_out_after=_mean(held_out),
            learnt_before=_mean(job.learnt_before),
            learnt_after=_mean(learnt),
            answers=tuple(self._answers),
            curve=self._trained.curve,
        )
        self._store.keep_outcome(outcome)
        self.reply.finish(outcome)

    # ------------------------------------------------------------ steps

    def _load(self, path: str, adapters: tuple[str, ...], then: Callable[[object], object]) -> None:
        request = LoadModel(
            request_id=new_request_id(), path=path, placement=self._placement, adapters=adapters
        )

        def go_on(loaded: object) -> None:
            if isinstance(loaded, AnswerDone):
                raise InglenookError(ErrorCode.CANCELLED)
            then(loaded)

        self._do(self._engine.load_model(request), go_on)

    def _do(self, step: Reply[Any, Result], then: Callable[[Result], object]) -> None:
        """Make a step the current one; an error that `then` raises ends the run."""
        self._current = step

        def go_on(result: Result) -> None:
            try:
                if self._is_cancelled:  # it came when the step had just ended
                    raise InglenookError(ErrorCode.CANCELLED)
                then(result)
            except InglenookError as error:
                failure = Failed.from_error(self.reply.request_id, error)
                self._fail(failure)

        step.on_progress(self._on_progress).on_error(self._fail).on_done(go_on)
        if self._is_cancelled:  # it came while this step was begun
            step.cancel()

    def _on_progress(self, progress: object) -> None:
        if isinstance(progress, TrainingProgress):
            self._tell(
                TrainingJobProgress(
                    stage=progress.stage,
                    done=progress.step,
                    total=progress.steps,
                    loss=progress.loss,
                    held_out=progress.held_out,
                    seconds_left=progress.seconds_left,
                )
            )

    def _tell(self, progress: TrainingJobProgress) -> None:
        self.reply.report(progress)

    def _request(self, job: TrainingJob, seconds: float = 0.0) -> TrainAdapter:
        return TrainAdapter(
            request_id=new_request_id(),
            path=job.path,
            examples=tuple(each.tokens for each in job.learnt),
            held_out=tuple(each.tokens for each in job.held_out),
            expected=job.expected,
            settings=job.settings,
            checkpoint=str(self._paths.training_checkpoint),
            adapter=str(self._paths.trained_adapter),
            name=job.name,
            threads=self._placement.threads,
            seconds=seconds,
        )


def _tokens_of(done: ExamplesTokenized | AnswerDone) -> tuple[ExampleTokens, ...]:
    """Return the tokens. Raises CANCELLED."""
    if isinstance(done, AnswerDone):
        raise InglenookError(ErrorCode.CANCELLED)
    return done.examples


def _losses_of(done: ExamplesScored | AnswerDone) -> tuple[float, ...]:
    """Return the losses. Raises CANCELLED."""
    if isinstance(done, AnswerDone):
        raise InglenookError(ErrorCode.CANCELLED)
    return done.losses


def _mean(losses: Sequence[float]) -> float:
    return sum(losses) / len(losses) if losses else 0.0
