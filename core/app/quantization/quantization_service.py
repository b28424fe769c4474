"""Quantization and its quality measurement: one job at a time, in a child process."""

import contextlib
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.events.model_events import (
    ModelTaskFailed,
    QuantizationJobFinished,
    QuantizationJobStarted,
    QuantizationMeasurement,
    QuantizationsMeasured,
)
from core.app.loading.load_options import LoadOptions
from core.app.models.model_service import ModelService
from core.app.problems import problem_of, problem_of_failure
from core.app.quantization.quantization_files import QuantizationFile, find_quantization_files
from core.app.quantization.quantization_jobs import (
    PARTIAL_SUFFIX,
    JobProgressEstimate,
    JobSubject,
    QuantizationJob,
    QuantizationJobProgress,
    compare_with_best,
    output_file_name,
)
from core.app.quantization.quantization_ladder_service import text_fingerprint
from core.base.clock import Clock
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.base.paths import Paths
from core.chat.answering.answer_events import Problem
from core.engine.client.quantization_client import QuantizationClient
from core.engine.quantization.quality_text import load_quality_text
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    MeasureQuality,
    ModelQuantized,
    PlanQuantizations,
    QualityMeasured,
    QuantizationsPlanned,
    QuantizationTargets,
    QuantizationTaskProgress,
    Quantize,
)
from core.models.info.model_entry import ModelEntry
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.quantizations.quantization_types import (
    LOW_BITS,
    Quantization,
    makeable_quantization,
    published_bits,
)

SCRATCH_FILE = "measuring.tmp"
SPARE_BYTES = 64 << 20
"""What a new file leaves free on the disk."""

JobResult = QuantizationJobFinished | QuantizationsMeasured
AnyJob = Reply[QuantizationJobProgress, JobResult]
AnyResult = TypeVar("AnyResult", QuantizationJobFinished, QuantizationsMeasured)
Result = TypeVar("Result")


class QuantizationService:
    """Quantizes models and measures the result. One thread uses it; `clock` counts seconds.

    Beginnings and ends are emitted, too: every window shows them.
    """

    def __init__(
        self,
        client: QuantizationClient,
        paths: Paths,
        models: ModelService,
        load_options: LoadOptions,
        measurements: MeasurementStore,
        emit: Callable[[AppEvent], None],
        *,
        clock: Clock = time.monotonic,
    ) -> None:
        self._client = client
        self._paths = paths
        self._models = models
        self._load_options = load_options
        self._measurements = measurements
        self._emit = emit
        self._clock = clock
        self._scratch = paths.models / SCRATCH_FILE
        self.subject = JobSubject("")
        """What is quantized or measured; the last one while nothing is."""
        self._active: (
            Reply[QuantizationJobProgress, QuantizationJobFinished]
            | Reply[QuantizationJobProgress, QuantizationsMeasured]
            | None
        ) = None
        self._remove_partial_files()

    @property
    def is_busy(self) -> bool:
        """Whether something is being quantized or measured."""
        return self._active is not None

    def follow_active_job(self) -> AnyJob | None:
        """Return a reply of what is being quantized or measured, None for nothing."""
        return self._active.convert(_as_job_result) if self._active else None

    def quality_warning(self, ref: str) -> str:
        """Return what to say before `ref` is quantized, "" if nothing. Raises ModelError."""
        entry = self._models.find_usable_model(ref)
        bits = published_bits(entry.quantization)
        if not bits or bits >= LOW_BITS:
            return ""
        return _(
            "{file} is already at {level}: what is made of it loses more than the same level made "
            "of the original. Fetch Q8_0 or F16 first if you can."
        ).format(file=Path(entry.path).name, level=entry.quantization)

    def create_quantization(
        self, ref: str, level: str, *, matrix: str = "", name: str = "", measure: bool = True
    ) -> Reply[QuantizationJobProgress, QuantizationJobFinished]:
        """Quantize `ref` to `level` into the app's own folder, and measure the result.

        `matrix` is an importance matrix's path, `name` the new file's name. Raises ModelError.
        """
        self._refuse_if_busy()
        wanted = makeable_quantization(level)
        entry = self._models.find_usable_model(ref)
        _refuse_pointless(entry, wanted)
        if wanted.needs_matrix and not matrix:
            raise ModelError(ErrorCode.LEVEL_NEEDS_MATRIX, level=wanted.name)
        target = self._paths.models / output_file_name(name, Path(entry.path), wanted.name)
        if target.exists():
            raise ModelError(ErrorCode.LEVEL_THERE, path=str(target))
        job = QuantizationJob(entry, wanted, target, matrix, measure)
        planned = self._client.send(
            PlanQuantizations(
                request_id=new_request_id(),
                files=(),
                making=QuantizationTargets(
                    path=entry.path, levels=((wanted.name, wanted.file_type),)
                ),
                placement=self._load_options.placement_for(entry.path),
            )
        )
        made = planned.then(lambda plans: self._quantize(job, plans))
        made.on_error(lambda _failed: self._on_not_made(job))
        self.subject = JobSubject(Path(entry.path).name, wanted.name)
        return self._follow(made.then(lambda file: self._finish_job(job, file)))

    def measure_quality(
        self, ref: str, *, every: bool = False
    ) -> Reply[QuantizationJobProgress, QuantizationsMeasured]:
        """Measure `ref` against the best quantization that is here, or `every` one that is.

        Raises ModelError.
        """
        self._refuse_if_busy()
        task = self._measure(self._files_to_measure(ref, every=every))
        path = self._models.find_usable_model(ref).path
        self.subject = JobSubject(Path(path).name)
        return self._follow(task)

    def close(self) -> None:
        """Stop everything; no unfinished file stays."""
        self._client.stop()
        self._active = None
        self._remove_partial_files()

    # ------------------------------------------------------------ stages of a job

    def _quantize(
        self, job: QuantizationJob, planned: QuantizationsPlanned
    ) -> Reply[QuantizationJobProgress, ModelQuantized]:
        """Make the file. Raises ModelError if it does not fit on the disk, as it was planned."""
        needed = planned.plans[0].bytes
        self._paths.models.mkdir(parents=True, exist_ok=True)  # planning takes a while
        free = shutil.disk_usage(self._paths.models).free
        if needed + SPARE_BYTES > free:
            raise ModelError(
                ErrorCode.QUANTIZE_NO_ROOM,
                file=Path(job.entry.path).name,
                level=job.level.name,
                needed=format_bytes(needed),
                free=format_bytes(free),
                folder=str(self._paths.models),
            )
        task = self._client.send(
            Quantize(
                request_id=new_request_id(),
                path=job.entry.path,
                partial=str(job.partial_path),
                target=str(job.target),
                level=job.level.name,
                file_type=job.level.file_type,
                threads=self._load_options.placement_for(job.entry.path).threads,
                matrix=job.matrix,
            )
        )
        return self._estimated(task, "making")

    def _on_not_made(self, job: QuantizationJob) -> None:
        if job.target.exists():  # it was complete before the child was ended
            self._emit(ModelsChanged())
        with contextlib.suppress(OSError):
            job.partial_path.unlink(missing_ok=True)

    def _finish_job(
        self, job: QuantizationJob, made: ModelQuantized
    ) -> Reply[QuantizationJobProgress, QuantizationJobFinished]:
        """Measure the new file, if that is wanted; a failure costs only the measurement."""
        self._emit(ModelsChanged())
        if not job.measure:
            return Reply.finished(self._job_result(job, made))
        try:
            task = self._measure(self._files_to_measure(made.path))
        except InglenookError as error:
            return Reply.finished(self._job_result(job, made, problem=problem_of(error)))
        return task.convert(
            lambda measured: self._job_result(job, made, measured=measured.levels[-1]),
            recover=lambda failed: self._job_result(job, made, problem=problem_of_failure(failed)),
        )

    def _job_result(
        self,
        job: QuantizationJob,
        made: ModelQuantized,
        *,
        measured: QuantizationMeasurement | None = None,
        problem: Problem | None = None,
    ) -> QuantizationJobFinished:
        models = self._models.registry.list_models()
        return QuantizationJobFinished(
            ref=next((each.ref for each in models if each.path == made.path), made.path),
            path=made.path,
            level=job.level.name,
            bytes=made.bytes,
            seconds=made.seconds,
            measured=measured,
            problem=problem,
        )

    def _files_to_measure(self, ref: str, *, every: bool = False) -> list[QuantizationFile]:
        """Return the best file of a model and that of `ref`, or all. Raises ModelError."""
        entry = self._models.find_usable_model(ref)
        files = find_quantization_files(entry, self._models.registry.list_models())
        return [each for each in files if every or each is files[0] or each.entry == entry]

    def _measure(
        self, files: Sequence[QuantizationFile]
    ) -> Reply[QuantizationJobProgress, QuantizationsMeasured]:
        """Measure files of one model, the best first. Raises ModelError without the text."""
        text = load_quality_text()
        task = self._client.send(
            MeasureQuality(
                request_id=new_request_id(),
                files=tuple(each.entry.path for each in files),
                text=text,
                scratch=str(self._scratch),
                placement=self._load_options.placement_for(files[0].entry.path),
            )
        )
        task.on_error(lambda _failed: self._remove_scratch_file())
        return self._estimated(task, "measuring").convert(
            lambda measured: self._save_measurements(files, text, measured)
        )

    def _save_measurements(
        self, files: Sequence[QuantizationFile], text: str, measured: QualityMeasured
    ) -> QuantizationsMeasured:
        best = files[0].entry
        self._measurements.save_quality(measured.levels, text_fingerprint(text), best.quantization)
        levels = tuple(
            compare_with_best(each.entry, quality, measured.levels[0], best)
            for each, quality in zip(files, measured.levels, strict=True)
        )
        return QuantizationsMeasured(levels=levels, seconds=measured.seconds)

    # ------------------------------------------------------------ the active job

    def _follow(
        self, job: Reply[QuantizationJobProgress, AnyResult]
    ) -> Reply[QuantizationJobProgress, AnyResult]:
        """Make a job the active one until its end."""
        self._active = job
        job.on_done(self._on_job_end)
        job.on_error(lambda failed: self._on_job_end(ModelTaskFailed(failure=failed)))
        self._emit(QuantizationJobStarted())
        return job.share()

    def _on_job_end(self, event: JobResult | ModelTaskFailed) -> None:
        self._active = None
        self._emit(event)

    def _estimated(
        self, task: Reply[QuantizationTaskProgress, Result], stage: str
    ) -> Reply[QuantizationJobProgress, Result]:
        """Return a reply whose progress says how long the stage still takes."""
        estimate = JobProgressEstimate(stage, self._clock)
        estimated: Reply[QuantizationJobProgress, Result] = Reply(task.request_id, task.cancel)
        task.on_progress(lambda progress: estimated.report(estimate.job_progress(progress)))
        task.on_done(estimated.finish).on_error(estimated.fail)
        return estimated

    # ------------------------------------------------------------ rules

    def _refuse_if_busy(self) -> None:
        if self.is_busy:
            raise ModelError(ErrorCode.QUANTIZE_BUSY)

    def _remove_partial_files(self) -> None:
        """Remove the unfinished files of a program that was ended."""
        self._remove_scratch_file()
        with contextlib.suppress(OSError):
            for left in self._paths.models.glob(f"*{PARTIAL_SUFFIX}"):
                left.unlink(missing_ok=True)

    def _remove_scratch_file(self) -> None:
        with contextlib.suppress(OSError):
            self._scratch.unlink(missing_ok=True)


def _as_job_result(result: JobResult) -> JobResult:
    """Widen the type of a job's result."""
    return result


def _refuse_pointless(entry: ModelEntry, level: Quantization) -> None:
    bits = published_bits(entry.quantization)
    if bits and level.bits >= bits:
        raise ModelError(
            ErrorCode.LEVEL_POINTLESS,
            file=Path(entry.path).name,
            source=entry.quantization,
            level=level.name,
        )
