"""Quantization client, the front end's side of planning, making and measuring quantizations."""

from collections.abc import Callable

import uuid_utils
from msgspec import structs

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.ipc.child_process import ChildProcess, describe_death
from core.messages import (
    ChildDied,
    Failed,
    Hello,
    MeasureQuality,
    ModelQuantized,
    Placement,
    PlanQuantizations,
    QualityMeasured,
    QuantizationEvent,
    QuantizationsPlanned,
    QuantizationTargets,
    QuantizationTaskProgress,
    Quantize,
    TensorTypesTimed,
    TimeTensorTypes,
)

QuantizationResult = (
    QuantizationsPlanned
    | TensorTypesTimed
    | QuantizationTaskProgress
    | ModelQuantized
    | QualityMeasured
    | Failed
)
_Request = PlanQuantizations | TimeTensorTypes | Quantize | MeasureQuality


class QuantizationClient:
    """Asks the child; each request is answered by its event or by Failed. One thread uses it.

    The child ends when nothing is pending: it holds a model, or a graphics card.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[QuantizationEvent] | None = None,
    ) -> None:
        self._process: ChildProcess[QuantizationEvent] = process or ChildProcess(
            "levels", QuantizationEvent, paths.logs / "levels.log", wake
        )
        self._pending: dict[str, _Request] = {}

    @property
    def pid(self) -> int | None:
        """The running child's process id, None when there is none."""
        return self._process.pid

    @property
    def has_pending(self) -> bool:
        """Whether something is pending."""
        return bool(self._pending)

    def plan_quantizations(
        self, files: tuple[str, ...], making: QuantizationTargets | None, wish: Placement
    ) -> str:
        """Return the request id that QuantizationsPlanned or Failed answers."""
        return self.send_request(
            PlanQuantizations(request_id=new_request_id(), files=files, making=making, wish=wish)
        )

    def send_request(self, request: _Request) -> str:
        """Send a request that was made with `new_request_id`; returns its id."""
        self._pending[request.request_id] = request
        self._process.send(request)
        return request.request_id

    def cancel(self, request_id: str) -> list[str]:
        """End what is being done for a request; returns the ids that were pending with it."""
        if request_id not in self._pending:
            return []
        ended = list(self._pending)
        self.stop()
        return ended

    def poll(self) -> list[QuantizationResult]:
        """Return what arrived. A dry run that ended the child is asked for again without."""
        events: list[QuantizationResult] = []
        for event in self._process.poll():
            if isinstance(event, ChildDied):
                events += self._bury(event)
            elif not isinstance(event, Hello):
                if not isinstance(event, QuantizationTaskProgress):
                    self._pending.pop(event.request_id, None)
                events.append(event)
        if events and not self._pending:
            self._process.stop(grace=0)
        return events

    def stop(self) -> None:
        """End the child; what was pending is forgotten."""
        self._pending.clear()
        self._process.stop(grace=0)

    def _bury(self, death: ChildDied) -> list[QuantizationResult]:
        pending, self._pending = self._pending, {}
        failures: list[QuantizationResult] = []
        for request in pending.values():
            if isinstance(request, PlanQuantizations) and request.dry_run:
                self.send_request(structs.replace(request, dry_run=False))
            else:
                facts = {"detail": describe_death(death)}
                failures.append(
                    Failed(request_id=request.request_id, code=ErrorCode.QUANTIZE_DIED, facts=facts)
                )
        return failures


def new_request_id() -> str:
    """Return an id for a request."""
    return uuid_utils.uuid7().hex
