"""Making a level of a model and measuring levels: one at a time, stopped by ending the child."""

import contextlib
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_ladder import LevelFinished, LevelMoved, LevelsMeasured, MeasuredLevel
from core.app.ladders import quality_text, text_name
from core.app.level_jobs import PARTIAL, Making, Measuring, file_name, told
from core.app.models import ModelDesk
from core.app.problems import problem_of, problem_of_failure
from core.app.siblings import Sibling, siblings_of
from core.app.wishes import Wishes
from core.chat.events import Problem
from core.engine.levels_client import LevelResult, LevelsClient, new_id
from core.errors import Code, InglenookError, ModelError
from core.messages import (
    Failed,
    LevelMade,
    LevelProgress,
    LevelsPlanned,
    MakingOf,
    MeasureLevels,
    QualityMeasured,
    Quantize,
)
from core.models.entry import ModelEntry
from core.models.levels import LOW_BITS, Level, bits_of, makeable
from core.models.measured import Measured
from core.paths import Paths
from core.sizes import human_bytes
from core.words import _

SCRATCH = "measuring.tmp"
SPARE_BYTES = 64 << 20
"""What a new level leaves free on the disk."""


class LevelDesk:
    """Makes and measures. One thread uses it; `clock` counts seconds."""

    def __init__(
        self,
        client: LevelsClient,
        paths: Paths,
        models: ModelDesk,
        wishes: Wishes,
        measured: Measured,
        emit: Callable[[AppEvent], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._paths = paths
        self._models = models
        self._wishes = wishes
        self._measured = measured
        self._emit = emit
        self._clock = clock
        self._scratch = paths.root / SCRATCH
        self._making: dict[str, Making] = {}
        self._measuring: dict[str, Measuring] = {}
        self._sweep()

    @property
    def busy(self) -> str:
        """The id of what is being made or measured, "" for nothing."""
        return next(iter((*self._making, *self._measuring)), "")

    def warning(self, ref: str) -> str:
        """Return what to say before a level is made of `ref`, "" if nothing. Raises ModelError."""
        entry = self._models.find(ref)
        bits = bits_of(entry.quantization)
        if not bits or bits >= LOW_BITS:
            return ""
        return _(
            "{file} is already at {level}: what is made of it loses more than the same level made "
            "of the original. Fetch Q8_0 or F16 first if you can."
        ).format(file=Path(entry.path).name, level=entry.quantization)

    def make(
        self, ref: str, level: str, *, matrix: str = "", name: str = "", measure: bool = True
    ) -> str:
        """Begin to make a level of `ref` in the app's own folder, and measure it afterwards.

        LevelFinished or RequestFailed carries the returned id, LevelMoved before them. `matrix` is
        an importance matrix's path, `name` the new file's name. Raises ModelError.
        """
        self._refuse_if_busy()
        wanted = makeable(level)
        entry = self._models.find(ref)
        _refuse_pointless(entry, wanted)
        if wanted.needs_matrix and not matrix:
            raise ModelError(Code.LEVEL_NEEDS_MATRIX, level=wanted.name)
        target = self._paths.models / file_name(name, Path(entry.path), wanted.name)
        if target.exists():
            raise ModelError(Code.LEVEL_THERE, path=str(target))
        making = MakingOf(path=entry.path, levels=((wanted.name, wanted.file_type),))
        request_id = self._client.plan((), making, self._wishes.of(entry.path))
        self._making[request_id] = Making(entry, wanted, target, matrix, measure, self._clock())
        return request_id

    def measure(self, ref: str, *, every: bool = False) -> str:
        """Begin to measure `ref` against the best level that is here, or `every` level.

        LevelsMeasured or RequestFailed carries the returned id. Raises ModelError.
        """
        self._refuse_if_busy()
        entry = self._models.find(ref)
        levels = siblings_of(entry, self._models.all())
        if not every:
            levels = [each for each in levels if each is levels[0] or each.entry == entry]
        return self._begin_measuring(new_id(), levels)

    def cancel(self, request_id: str) -> None:
        """Stop it. What was made whole stays; nothing half-made does."""
        self._client.cancel(request_id)
        if request_id in self._making or request_id in self._measuring:
            self._ended(Failed(request_id=request_id, code=Code.CANCELLED))

    def pump(self) -> None:
        """Pass on what the child did."""
        for event in self._client.poll():
            self._on_event(event)

    def close(self) -> None:
        """Stop everything; nothing half-made stays."""
        self._client.stop()
        self._making.clear()
        self._measuring.clear()
        self._sweep()

    # ------------------------------------------------------------ what the child says

    def _on_event(self, event: LevelResult) -> None:
        if isinstance(event, LevelProgress):
            self._tell_progress(event)
        elif isinstance(event, LevelsPlanned):
            self._begin_making(event)
        elif isinstance(event, LevelMade):
            self._on_made(event)
        elif isinstance(event, QualityMeasured):
            self._on_measured(event)
        elif isinstance(event, Failed):
            self._ended(event)

    def _begin_making(self, planned: LevelsPlanned) -> None:
        """The disk is looked at with the very size the file will have."""
        making = self._making[planned.request_id]
        needed = planned.plans[0].bytes
        self._paths.models.mkdir(parents=True, exist_ok=True)  # planning takes a while
        free = shutil.disk_usage(self._paths.models).free
        if needed + SPARE_BYTES > free:
            facts = {
                "file": Path(making.entry.path).name,
                "level": making.level.name,
                "needed": human_bytes(needed),
                "free": human_bytes(free),
                "folder": str(self._paths.models),
            }
            request_id = planned.request_id
            self._ended(Failed(request_id=request_id, code=Code.QUANTIZE_NO_ROOM, facts=facts))
            return
        making.started = self._clock()
        self._client.ask(
            Quantize(
                request_id=planned.request_id,
                path=making.entry.path,
                partial=str(making.partial),
                target=str(making.target),
                level=making.level.name,
                file_type=making.level.file_type,
                threads=self._wishes.of(making.entry.path).threads,
                matrix=making.matrix,
            )
        )

    def _tell_progress(self, event: LevelProgress) -> None:
        measuring = self._measuring.get(event.request_id)
        making = self._making.get(event.request_id)
        job = measuring or making
        if job is None:
            return
        if not event.done or not job.is_moving:  # how long the child took to start tells nothing
            job.is_moving, job.started, job.first = True, self._clock(), event.done
        passed, done = self._clock() - job.started, event.done - job.first
        left = passed * (event.total - event.done) / done if done else None
        self._emit(
            LevelMoved(
                request_id=event.request_id,
                stage="measuring" if measuring else "making",
                done=event.done,
                total=event.total,
                current=event.current,
                seconds_left=left,
                path="" if making is None else str(making.target),
            )
        )

    def _on_made(self, made: LevelMade) -> None:
        making = self._making[made.request_id]
        making.made = made
        self._emit(ModelsChanged())
        if not making.measure:
            self._finish(made.request_id)
            return
        try:
            entry = self._models.find(made.path)
            levels = siblings_of(entry, self._models.all())
            levels = [each for each in levels if each is levels[0] or each.entry == entry]
            self._begin_measuring(made.request_id, levels)
        except InglenookError as error:
            self._finish(made.request_id, problem=problem_of(error))

    def _begin_measuring(self, request_id: str, levels: Sequence[Sibling]) -> str:
        text = quality_text()
        best = levels[0].entry
        self._measuring[request_id] = Measuring(levels, text, self._clock())
        return self._client.ask(
            MeasureLevels(
                request_id=request_id,
                files=tuple(each.entry.path for each in levels),
                text=text,
                scratch=str(self._scratch),
                wish=self._wishes.of(best.path),
            )
        )

    def _on_measured(self, event: QualityMeasured) -> None:
        measuring = self._measuring.pop(event.request_id)
        best = measuring.levels[0].entry
        self._measured.keep_quality(event.levels, text_name(measuring.text), best.quantization)
        results = tuple(
            told(each.entry, quality, event.levels[0], best)
            for each, quality in zip(measuring.levels, event.levels, strict=True)
        )
        if event.request_id in self._making:
            self._finish(event.request_id, measured=results[-1])
        else:
            self._emit(
                LevelsMeasured(request_id=event.request_id, levels=results, seconds=event.seconds)
            )

    def _ended(self, failed: Failed) -> None:
        """A request ended without its result; a level that is whole is told all the same."""
        self._measuring.pop(failed.request_id, None)
        self._scratch.unlink(missing_ok=True)
        making = self._making.get(failed.request_id)
        problem = problem_of_failure(failed)
        if making and making.made is None and making.target.exists():
            self._emit(ModelsChanged())  # it was whole before the child was ended
        if making and making.made:
            self._finish(failed.request_id, problem=problem)
            return
        if making:
            del self._making[failed.request_id]
            with contextlib.suppress(OSError):
                making.partial.unlink(missing_ok=True)
        self._emit(RequestFailed(request_id=failed.request_id, problem=problem))

    def _finish(
        self,
        request_id: str,
        *,
        measured: MeasuredLevel | None = None,
        problem: Problem | None = None,
    ) -> None:
        making = self._making.pop(request_id)
        assert making.made is not None
        path = making.made.path
        ref = next((each.ref for each in self._models.all() if each.path == path), path)
        self._emit(
            LevelFinished(
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
        if self.busy:
            raise ModelError(Code.QUANTIZE_BUSY)

    def _sweep(self) -> None:
        """Remove what a program that was ended left half-made."""
        with contextlib.suppress(OSError):
            self._scratch.unlink(missing_ok=True)
            for left in self._paths.models.glob(f"*{PARTIAL}"):
                left.unlink(missing_ok=True)


def _refuse_pointless(entry: ModelEntry, level: Level) -> None:
    bits = bits_of(entry.quantization)
    if bits and level.bits >= bits:
        raise ModelError(
            Code.LEVEL_POINTLESS,
            file=Path(entry.path).name,
            source=entry.quantization,
            level=level.name,
        )
