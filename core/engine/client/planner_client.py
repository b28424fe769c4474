"""Planner client, the front end's side of memory planning: a child for each request."""

from collections.abc import Callable

import uuid_utils
from msgspec import structs

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.devices.backend_packs import PACKS_VARIABLE, PROCESSOR_VARIABLE
from core.ipc.child_process import ChildProcess, describe_exit
from core.messages import (
    ChildDied,
    DevicesListed,
    Failed,
    Hello,
    ListDevices,
    ModelPlanned,
    Placement,
    PlanModel,
    PlannerEvent,
)


class PlannerClient:
    """Asks what devices there are and where a model would lie. One thread uses it.

    What llama.cpp holds of a graphics card while it looks goes with the child.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[PlannerEvent] | None = None,
    ) -> None:
        self._process: ChildProcess[PlannerEvent] = process or ChildProcess(
            "planner",
            PlannerEvent,
            paths.logs / "planner.log",
            wake,
            environment={PACKS_VARIABLE: str(paths.packs)},
        )
        self._cards_crash = False
        self._pending: dict[str, ListDevices | PlanModel] = {}

    def list_devices(self) -> str:
        """Return the request id that DevicesListed or Failed answers."""
        return self._ask(ListDevices(request_id=uuid_utils.uuid7().hex))

    def plan_model(self, path: str, wish: Placement, *, any_architecture: bool = False) -> str:
        """Return the request id that ModelPlanned or Failed answers."""
        return self._ask(
            PlanModel(
                request_id=uuid_utils.uuid7().hex,
                path=path,
                wish=wish,
                any_architecture=any_architecture,
            )
        )

    def poll(self) -> list[DevicesListed | ModelPlanned | Failed]:
        """Return what arrived. A dry run that ended the child is asked for again without.

        A driver that ends the child while it looks is left out of the next look.
        """
        events: list[DevicesListed | ModelPlanned | Failed] = []
        for event in self._process.poll():
            if isinstance(event, ChildDied):
                events += self._bury(event)
            elif not isinstance(event, Hello):
                self._pending.pop(event.request_id, None)
                events.append(self._as_crashed(event))
        if events and not self._pending:
            self._process.stop(grace=0)
        return events

    def stop(self) -> None:
        """End the child; what was pending is forgotten."""
        self._pending.clear()
        self._process.stop(grace=0)

    def _ask(self, request: ListDevices | PlanModel) -> str:
        self._pending[request.request_id] = request
        self._process.send(request)
        return request.request_id

    def _as_crashed(
        self, event: DevicesListed | ModelPlanned | Failed
    ) -> DevicesListed | ModelPlanned | Failed:
        """Say of backends that were left out after a crash why they were."""
        if not self._cards_crash or not isinstance(event, DevicesListed):
            return event
        crashed = tuple(structs.replace(each, reason="crashed") for each in event.skipped)
        return structs.replace(event, skipped=crashed)

    def _bury(self, death: ChildDied) -> list[Failed]:
        pending, self._pending = self._pending, {}
        failures = []
        for request in pending.values():
            if isinstance(request, PlanModel) and request.dry_run:
                self._ask(structs.replace(request, dry_run=False))
            elif not self._cards_crash:
                self._cards_crash = True
                self._process.environment[PROCESSOR_VARIABLE] = "1"
                self._ask(request)
            else:
                facts = {"detail": describe_exit(death.exit_code)}
                failures.append(
                    Failed(request_id=request.request_id, code=ErrorCode.PLANNER_DIED, facts=facts)
                )
        return failures
