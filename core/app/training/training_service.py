"""Training service: adapters trained on a person's examples, one at a time, in child processes."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from msgspec import structs

from core import gguf
from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.events.model_events import TrainingEnded
from core.app.loading.load_options import LoadOptions
from core.app.models.model_service import ModelService
from core.app.training.training_job import (
    COMPARED_ANSWERS,
    FEWEST_EXAMPLES,
    LONGEST_EXAMPLE,
    TrainingEstimate,
    TrainingExample,
    TrainingJob,
    TrainingJobProgress,
    TrainingOutcome,
    split_examples,
)
from core.app.training.training_run import Job, TrainingRun
from core.app.training.training_store import TrainingStore
from core.base.errors import ErrorCode, ModelError
from core.base.formatting import format_bytes
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.engine.memory.free_memory import available_memory
from core.ipc.child_process import STOP_SECONDS
from core.ipc.reply import Reply
from core.messages import AdapterTrained, ExampleText, ExampleTokens, Failed, TrainingSettings
from core.models.info.model_entry import ModelEntry
from core.training.trainable_models import check_trainable, is_coarse, training_size
from core.training.trainer_client import TrainerClient

TIMED_SECONDS = 6.0
"""For so long steps are timed for an estimate."""
_HALF = 2
ChosenExamples = Sequence[tuple[ExampleText, str]]
"""Examples, each with the id of the chat it is from, "" for a file."""


class TrainingService:
    """Trains adapters for models of the list. One thread uses it.

    A training that was stopped or killed stays until it is resumed or discarded.
    """

    def __init__(
        self,
        paths: Paths,
        engine: EngineClient,
        trainer: TrainerClient,
        models: ModelService,
        load_options: LoadOptions,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._paths = paths
        self._engine = engine
        self._trainer = trainer
        self._models = models
        self._load_options = load_options
        self._emit = emit
        self._active: TrainingRun | None = None
        self._estimated: Reply[TrainingJobProgress, TrainingEstimate] | None = None
        self.store = TrainingStore(paths)
        """The unfinished training, and what was measured of adapters."""

    @property
    def is_busy(self) -> bool:
        """Whether something is being trained or estimated."""
        return self._active is not None

    def follow_active_job(self) -> Job | None:
        """Return a reply of what is being trained, None for nothing."""
        run = self._active
        return run.reply.share() if run is not None and run.keeps_job else None

    def follow_active_estimate(self) -> Reply[TrainingJobProgress, TrainingEstimate] | None:
        """Return a reply of what is being estimated, None for nothing."""
        estimated = self._estimated
        return estimated.share() if estimated is not None else None

    def is_coarse(self, ref: str) -> bool:
        """Whether so much of a model was rounded away that it learns badly. Raises ModelError."""
        return is_coarse(gguf.read_header(Path(self._models.find_usable_model(ref).path)))

    def estimate(
        self, ref: str, examples: ChosenExamples, settings: TrainingSettings
    ) -> Reply[TrainingJobProgress, TrainingEstimate]:
        """Time some steps and say what the whole would take. Raises ModelError."""
        run, entry = self._begin(ref, examples)
        run.keeps_job = False
        estimated: Reply[TrainingJobProgress, TrainingEstimate] = Reply(
            run.reply.request_id, run.cancel
        )
        self._estimated = estimated
        run.reply.on_progress(estimated.report).on_error(estimated.fail)

        def end(job: TrainingJob, timed: AdapterTrained) -> None:
            self._active = self._estimated = None
            estimated.finish(_estimate_of(job, timed))

        self._read(
            run,
            entry,
            examples,
            settings,
            lambda job: run.time_steps(job, TIMED_SECONDS, lambda timed: end(job, timed)),
        )
        return estimated.share()

    def train(
        self, ref: str, examples: ChosenExamples, settings: TrainingSettings, name: str = ""
    ) -> Job:
        """Train an adapter called `name` for a model. Raises ModelError."""
        if self.store.unfinished_job() is not None:
            raise ModelError(ErrorCode.TRAINING_UNFINISHED)
        run, entry = self._begin(ref, examples)

        def start(job: TrainingJob) -> None:
            run.chat_ids = job.chat_ids
            self.store.save_job(job)
            run.train(job)

        self._read(run, entry, examples, settings, start, name or f"{entry.ref}-lora")
        return run.reply.share()

    def resume(self) -> Job:
        """Go on with the unfinished training. Raises ModelError, also if there is none."""
        job = self.store.unfinished_job()
        if job is None:
            raise ModelError(ErrorCode.TRAINING_NONE)
        self._check_idle()
        self._check_memory(self._models.find_usable_model(job.path), job)
        run, _entry = self._begin(job.path, ())
        run.chat_ids = job.chat_ids
        run.train(job)
        return run.reply.share()

    def discard(self) -> None:
        """Delete the unfinished training. Raises ModelError while it runs, or if there is none."""
        self._check_idle()
        if self.store.unfinished_job() is None:
            raise ModelError(ErrorCode.TRAINING_NONE)
        self.store.discard_job()
        self._emit(ModelsChanged())  # its adapter may have been there

    def close(self) -> None:
        """Stop; a training can be resumed from its last checkpoint."""
        self._trainer.stop(STOP_SECONDS if self._active else 0.0)
        self._engine.stop(0.0)
        run, self._active, self._estimated = self._active, None, None
        if run is not None:
            self._discard_lost(run)

    # ------------------------------------------------------------ the active run

    def _check_idle(self) -> None:
        if self.is_busy:
            raise ModelError(ErrorCode.TRAINING_BUSY)

    def _begin(self, ref: str, examples: ChosenExamples) -> tuple[TrainingRun, ModelEntry]:
        """Return a run that is the active one until its end. Raises ModelError."""
        self._check_idle()
        entry = self._models.find_usable_model(ref)
        check_trainable(gguf.read_header(Path(entry.path)), Path(entry.path).name)
        if examples and len(examples) < FEWEST_EXAMPLES:
            count, least = str(len(examples)), str(FEWEST_EXAMPLES)
            raise ModelError(ErrorCode.TRAINING_EXAMPLES, count=count, least=least)
        placement = self._load_options.placement_for(entry.path)
        run = TrainingRun(self._paths, self.store, self._engine, self._trainer, placement)
        run.chat_ids = frozenset(chat_id for _text, chat_id in examples)
        run.reply.on_done(self._on_finished).on_error(self._on_failed)
        self._active = run
        return run, entry

    def _read(
        self,
        run: TrainingRun,
        entry: ModelEntry,
        examples: ChosenExamples,
        settings: TrainingSettings,
        then: Callable[[TrainingJob], object],
        name: str = "",
    ) -> None:
        """Have the engine read the examples and measure; `then` gets the job."""

        def on_tokens(tokens: tuple[ExampleTokens, ...]) -> None:
            job = _job_of(entry, examples, tokens, settings, name)
            self._check_memory(entry, job)

            def on_held_out(expected: tuple[float, ...]) -> None:
                some = job.learnt[: max(len(job.held_out), COMPARED_ANSWERS)]
                run.score(some, (), lambda before: then(_measured(job, expected, before)))

            run.score(job.held_out, (), on_held_out)

        run.read_examples(entry.path, [text for text, _chat in examples], on_tokens)

    def _check_memory(self, entry: ModelEntry, job: TrainingJob) -> None:
        """Raise ModelError if training would take more memory than there is."""
        header = gguf.read_header(Path(entry.path))
        longest = max(len(each.tokens.tokens) for each in job.learnt)
        needed = training_size(header, job.settings, longest).memory
        free = available_memory()
        if needed > free:
            raise ModelError(
                ErrorCode.TRAINING_MEMORY,
                file=Path(entry.path).name,
                needed=format_bytes(needed),
                free=format_bytes(free),
            )

    def _on_finished(self, outcome: TrainingOutcome) -> None:
        self._active = None
        self._emit(ModelsChanged())
        self._emit(TrainingEnded(ref=outcome.ref))

    def _on_failed(self, failed: Failed) -> None:
        run, self._active, self._estimated = self._active, None, None
        if run is not None:
            self._discard_lost(run)
        self._emit(ModelsChanged())  # the adapter may be there, and only its comparison failed
        self._emit(TrainingEnded(failure=failed))

    def _discard_lost(self, run: TrainingRun) -> None:
        if run.has_lost_chat and run.keeps_job:
            self.store.discard_job()

    def forget_chats(self, chat_ids: Collection[str]) -> None:
        """Delete what is kept of chats that are none of these: a training, and shown answers.

        A training that runs ends then. What an adapter has learnt stays in it until it is removed.
        """
        known, run = {"", *chat_ids}, self._active
        if run is not None and not run.chat_ids <= known:
            run.has_lost_chat = True
            run.cancel()
        if run is None or not run.keeps_job:
            job = self.store.unfinished_job()
            if job is not None and not job.chat_ids <= known:
                self.store.discard_job()
        self.store.forget_answers(chat_ids)


def _job_of(
    entry: ModelEntry,
    examples: ChosenExamples,
    tokens: tuple[ExampleTokens, ...],
    settings: TrainingSettings,
    name: str,
) -> TrainingJob:
    """Return the job of examples that are not too long. Raises ModelError for too few."""
    known = [
        TrainingExample(text=text, tokens=each, chat_id=chat_id)
        for (text, chat_id), each in zip(examples, tokens, strict=True)
        if len(each.tokens) <= LONGEST_EXAMPLE
    ]
    if len(known) < FEWEST_EXAMPLES:
        count, least = str(len(known)), str(FEWEST_EXAMPLES)
        raise ModelError(ErrorCode.TRAINING_EXAMPLES, count=count, least=least)
    learnt, held_out = split_examples(known, settings.seed)
    if not held_out:
        raise ModelError(ErrorCode.TRAINING_QUESTIONS)
    return TrainingJob(
        ref=entry.ref,
        path=entry.path,
        name=name,
        settings=settings,
        learnt=learnt,
        held_out=held_out,
        expected=(),
        learnt_before=(),
        left_out=len(examples) - len(known),
    )


def _measured(
    job: TrainingJob, expected: tuple[float, ...], before: tuple[float, ...]
) -> TrainingJob:
    return structs.replace(job, expected=expected, learnt_before=before)


def _estimate_of(job: TrainingJob, timed: AdapterTrained) -> TrainingEstimate:
    lengths = [len(each.tokens.tokens) for each in job.learnt]
    return TrainingEstimate(
        ref=job.ref,
        examples=len(job.learnt),
        held_out=len(job.held_out),
        left_out=job.left_out,
        tokens=sum(lengths),
        longest=max(lengths),
        steps=timed.steps,
        seconds=timed.load_seconds + timed.steps * timed.step_seconds,
        free_seconds=timed.steps * timed.free_step_seconds,
        memory=timed.memory,
        adapter_bytes=timed.parameters * _HALF,
        parameters=timed.parameters,
    )
