"""The front end's side of planning, making and measuring levels: one child, one thing at a time."""

from collections.abc import Callable

import uuid_utils
from msgspec import structs

from core.errors import Code
from core.messages import (
    Failed,
    Hello,
    LevelMade,
    LevelProgress,
    LevelsEvent,
    LevelsPlanned,
    MakingOf,
    MeasureLevels,
    Placement,
    PlanLevels,
    QualityMeasured,
    Quantize,
    TimeTypes,
    TypesTimed,
    WorkerDied,
)
from core.paths import Paths
from core.worker import Worker, describe_death

LevelResult = LevelsPlanned | TypesTimed | LevelProgress | LevelMade | QualityMeasured | Failed
_Request = PlanLevels | TimeTypes | Quantize | MeasureLevels


class LevelsClient:
    """Asks the child; each request is answered by its event or by Failed. One thread uses it.

    The child ends when nothing is pending: it holds a model, or a graphics card.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        worker: Worker[LevelsEvent] | None = None,
    ) -> None:
        self._worker: Worker[LevelsEvent] = worker or Worker(
            "levels", LevelsEvent, paths.logs / "levels.log", wake
        )
        self._pending: dict[str, _Request] = {}

    @property
    def pid(self) -> int | None:
        """The running child's process id, None when there is none."""
        return self._worker.pid

    @property
    def busy(self) -> bool:
        """Whether something is pending."""
        return bool(self._pending)

    def plan(self, files: tuple[str, ...], making: MakingOf | None, wish: Placement) -> str:
        """Return the request id that LevelsPlanned or Failed answers."""
        return self.ask(PlanLevels(request_id=new_id(), files=files, making=making, wish=wish))

    def ask(self, request: _Request) -> str:
        """Send a request that was made with `new_id`; returns its id."""
        self._pending[request.request_id] = request
        self._worker.send(request)
        return request.request_id

    def cancel(self, request_id: str) -> list[str]:
        """End what is being done for a request; returns the ids that were pending with it."""
        if request_id not in self._pending:
            return []
        ended = list(self._pending)
        self.stop()
        return ended

    def poll(self) -> list[LevelResult]:
        """Return what arrived. A dry run that ended the child is asked for again without."""
        events: list[LevelResult] = []
        for event in self._worker.poll():
            if isinstance(event, WorkerDied):
                events += self._bury(event)
            elif not isinstance(event, Hello):
                if not isinstance(event, LevelProgress):
                    self._pending.pop(event.request_id, None)
                events.append(event)
        if events and not self._pending:
            self._worker.stop(grace=0)
        return events

    def stop(self) -> None:
        """End the child; what was pending is forgotten."""
        self._pending.clear()
        self._worker.stop(grace=0)

    def _bury(self, death: WorkerDied) -> list[LevelResult]:
        pending, self._pending = self._pending, {}
        failures: list[LevelResult] = []
        for request in pending.values():
            if isinstance(request, PlanLevels) and request.dry_run:
                self.ask(structs.replace(request, dry_run=False))
            else:
                facts = {"detail": describe_death(death)}
                failures.append(
                    Failed(request_id=request.request_id, code=Code.QUANTIZE_DIED, facts=facts)
                )
        return failures


def new_id() -> str:
    """Return an id for a request."""
    return uuid_utils.uuid7().hex
