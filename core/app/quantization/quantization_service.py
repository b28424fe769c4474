"""Quantization and its quality measurement: one job at a time, in a child process."""

import contextlib
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.app.clients import Clients
from core.app.events.app_events import AppEvent, ModelsChanged, RequestFailed
from core.app.events.model_events import (
    QuantizationJobFinished,
    QuantizationJobUpdated,
    QuantizationMeasurement,
    QuantizationsMeasured,
)
from core.app.loading.load_options import LoadOptions
from core.app.models.model_service import ModelService
from core.app.problems import problem_of, problem_of_failure
from core.app.quantization.quantization_files import QuantizationFile, find_quantization_files
from core.app.quantization.quantization_jobs import (
    PARTIAL_SUFFIX,
    MeasurementJob,
    QuantizationJob,
    compare_with_best,
    output_file_name,
)
from core.app.quantization.quantization_ladder_service import (
    QuantizationLadderService,
    load_quality_text,
    text_fingerprint,
)
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.base.paths import Paths
from core.chat.answering.answer_events import Problem
from core.engine.client.quantization_client import (
    QuantizationClient,
    QuantizationResult,
    new_request_id,
)
from core.messages import (
    Failed,
    MeasureQuality,
    ModelQuantized,
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
"""What a new level leaves free on the disk."""


class QuantizationService:
    """Makes and measures. One thread uses it; `clock` counts seconds."""

    def __init__(
        self,
        client: QuantizationClient,
        paths: Paths,
        models: ModelService,
        wishes: LoadOptions,
        measured: MeasurementStore,
        emit: Callable[[AppEvent], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._paths = paths
        self._models = models
        self._load_options = wishes
        self._measured = measured
        self._emit = emit
        self._clock = clock
        self._scratch = paths.root / SCRATCH_FILE
        self._quantization_jobs: dict[str, QuantizationJob] = {}
        self._measurement_jobs: dict[str, MeasurementJob] = {}
        self._remove_partial_files()

    @property
    def active_request_id(self) -> str:
        """The id of what is being made or measured, "" for nothing."""
        return next(iter((*self._quantization_jobs, *self._measurement_jobs)), "")

    def quality_warning(self, ref: str) -> str:
        """Return what to say before a level is made of `ref`, "" if nothing. Raises ModelError."""
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
    ) -> str:
        """Begin to make a level of `ref` in the app's own folder, and measure it afterwards.

        QuantizationJobFinished or RequestFailed carries the returned id, QuantizationJobUpdated
        before them. `matrix` is an importance matrix's path, `name` the new file's name. Raises
        ModelError.
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
        making = QuantizationTargets(path=entry.path, levels=((wanted.name, wanted.file_type),))
        request_id = self._client.plan_quantizations(
            (), making, self._load_options.placement_for(entry.path)
        )
        self._quantization_jobs[request_id] = QuantizationJob(
            entry, wanted, target, matrix, measure, self._clock()
        )
        return request_id

    def measure_quality(self, ref: str, *, every: bool = False) -> str:
        """Begin to measure `ref` against the best level that is here, or `every` level.

        QuantizationsMeasured or RequestFailed carries the returned id. Raises ModelError.
        """
        self._refuse_if_busy()
        entry = self._models.find_usable_model(ref)
        levels = find_quantization_files(entry, self._models.list_models())
        if not every:
            levels = [each for each in levels if each is levels[0] or each.entry == entry]
        return self._begin_measuring(new_request_id(), levels)

    def cancel(self, request_id: str) -> None:
        """Stop it. What was made whole stays; nothing half-made does."""
        self._client.cancel(request_id)
        if request_id in self._quantization_jobs or request_id in self._measurement_jobs:
            self._on_failed(Failed(request_id=request_id, code=ErrorCode.CANCELLED))

    def process_child_events(self) -> None:
        """Pass on what the child did."""
        for event in self._client.poll():
            self._on_event(event)

    def close(self) -> None:
        """Stop everything; nothing half-made stays."""
        self._client.stop()
        self._quantization_jobs.clear()
        self._measurement_jobs.clear()
        self._remove_partial_files()

    # ------------------------------------------------------------ what the child says

    def _on_event(self, event: QuantizationResult) -> None:
        if isinstance(event, QuantizationTaskProgress):
            self._emit_progress(event)
        elif isinstance(event, QuantizationsPlanned):
            self._begin_making(event)
        elif isinstance(event, ModelQuantized):
            self._on_made(event)
        elif isinstance(event, QualityMeasured):
            self._on_measured(event)
        elif isinstance(event, Failed):
            self._on_failed(event)

    def _begin_making(self, planned: QuantizationsPlanned) -> None:
        """The disk is looked at with the very size the file will have."""
        making = self._quantization_jobs[planned.request_id]
        needed = planned.plans[0].bytes
        self._paths.models.mkdir(parents=True, exist_ok=True)  # planning takes a while
        free = shutil.disk_usage(self._paths.models).free
        if needed + SPARE_BYTES > free:
            facts = {
                "file": Path(making.entry.path).name,
                "level": making.level.name,
                "needed": format_bytes(needed),
                "free": format_bytes(free),
                "folder": str(self._paths.models),
            }
            request_id = planned.request_id
            self._on_failed(
                Failed(request_id=request_id, code=ErrorCode.QUANTIZE_NO_ROOM, facts=facts)
            )
            return
        making.started = self._clock()
        self._client.send_request(
            Quantize(
                request_id=planned.request_id,
                path=making.entry.path,
                partial=str(making.partial_path),
                target=str(making.target),
                level=making.level.name,
                file_type=making.level.file_type,
                threads=self._load_options.placement_for(making.entry.path).threads,
                matrix=making.matrix,
            )
        )

    def _emit_progress(self, event: QuantizationTaskProgress) -> None:
        measuring = self._measurement_jobs.get(event.request_id)
        making = self._quantization_jobs.get(event.request_id)
        job = measuring or making
        if job is None:
            return
        if not event.done or not job.is_moving:  # how long the child took to start tells nothing
            job.is_moving, job.started, job.first = True, self._clock(), event.done
        passed, done = self._clock() - job.started, event.done - job.first
        left = passed * (event.total - event.done) / done if done else None
        self._emit(
            QuantizationJobUpdated(
                request_id=event.request_id,
                stage="measuring" if measuring else "making",
                done=event.done,
                total=event.total,
                current=event.current,
                seconds_left=left,
                path="" if making is None else str(making.target),
            )
        )

    def _on_made(self, made: ModelQuantized) -> None:
        making = self._quantization_jobs[made.request_id]
        making.made = made
        self._emit(ModelsChanged())
        if not making.measure:
            self._finish(made.request_id)
            return
        try:
            entry = self._models.find_usable_model(made.path)
            levels = find_quantization_files(entry, self._models.list_models())
            levels = [each for each in levels if each is levels[0] or each.entry == entry]
            self._begin_measuring(made.request_id, levels)
        except InglenookError as error:
            self._finish(made.request_id, problem=problem_of(error))

    def _begin_measuring(self, request_id: str, levels: Sequence[QuantizationFile]) -> str:
        text = load_quality_text()
        best = levels[0].entry
        self._measurement_jobs[request_id] = MeasurementJob(levels, text, self._clock())
        return self._client.send_request(
            MeasureQuality(
                request_id=request_id,
                files=tuple(each.entry.path for each in levels),
                text=text,
                scratch=str(self._scratch),
                wish=self._load_options.placement_for(best.path),
            )
        )

    def _on_measured(self, event: QualityMeasured) -> None:
        measuring = self._measurement_jobs.pop(event.request_id)
        best = measuring.levels[0].entry
        self._measured.save_quality(
            event.levels, text_fingerprint(measuring.text), best.quantization
        )
        results = tuple(
            compare_with_best(each.entry, quality, event.levels[0], best)
            for each, quality in zip(measuring.levels, event.levels, strict=True)
        )
        if event.request_id in self._quantization_jobs:
            self._finish(event.request_id, measured=results[-1])
        else:
            self._emit(
                QuantizationsMeasured(
                    request_id=event.request_id, levels=results, seconds=event.seconds
                )
            )

    def _on_failed(self, failed: Failed) -> None:
        """A request ended without its result; a level that is whole is told all the same."""
        self._measurement_jobs.pop(failed.request_id, None)
        self._scratch.unlink(missing_ok=True)
        making = self._quantization_jobs.get(failed.request_id)
        problem = problem_of_failure(failed)
        if making and making.made is None and making.target.exists():
            self._emit(ModelsChanged())  # it was whole before the child was ended
        if making and making.made:
            self._finish(failed.request_id, problem=problem)
            return
        if making:
            del self._quantization_jobs[failed.request_id]
            with contextlib.suppress(OSError):
                making.partial_path.unlink(missing_ok=True)
        self._emit(RequestFailed(request_id=failed.request_id, problem=problem))

    def _finish(
        self,
        request_id: str,
        *,
        measured: QuantizationMeasurement | None = None,
        problem: Problem | None = None,
    ) -> None:
        making = self._quantization_jobs.pop(request_id)
        assert making.made is not None
        path = making.made.path
        ref = next((each.ref for each in self._models.list_models() if each.path == path), path)
        self._emit(
            QuantizationJobFinished(
                request_id=request_id,
                ref=ref,
                path=path,
                level=making.level.name,
                bytes=making.made.bytes,
                seconds=making.made.seconds,
                measured=measured,
                problem=problem,
            )
        )

    # ------------------------------------------------------------ rules

    def _refuse_if_busy(self) -> None:
        if self.active_request_id:
            raise ModelError(ErrorCode.QUANTIZE_BUSY)

    def _remove_partial_files(self) -> None:
        """Remove what a program that was ended left half-made."""
        with contextlib.suppress(OSError):
            self._scratch.unlink(missing_ok=True)
            for left in self._paths.models.glob(f"*{PARTIAL_SUFFIX}"):
                left.unlink(missing_ok=True)


def _refuse_pointless(entry: ModelEntry, level: Quantization) -> None:
    bits = published_bits(entry.quantization)
    if bits and level.bits >= bits:
        raise ModelError(
            ErrorCode.LEVEL_POINTLESS,
            file=Path(entry.path).name,
            source=entry.quantization,
            level=level.name,
        )


def open_quantization_services(
    clients: Clients,
    paths: Paths,
    models: ModelService,
    wishes: LoadOptions,
    measured: MeasurementStore,
    emit: Callable[[AppEvent], None],
) -> tuple[QuantizationLadderService, QuantizationService]:
    """Open both; each has a child of its own, so that a ladder is shown while a level is made."""
    return (
        QuantizationLadderService(clients.ladders, models, wishes, measured, emit),
        QuantizationService(clients.quantization, paths, models, wishes, measured, emit),
    )
