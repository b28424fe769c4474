"""Devices of this machine and planned placements of models, from the planning child process."""

from collections.abc import Callable

from msgspec import structs

from core.app.events.app_events import (
    AppEvent,
    DevicesFound,
    ModelPlacementPlanned,
    ModelsChanged,
    RequestFailed,
)
from core.app.loading.load_options import LoadOptions
from core.app.problems import problem_of_failure
from core.engine.client.planner_client import PlannerClient
from core.messages import Device, DevicesListed, Failed, ModelPlanned
from core.messages.planner_messages import SkippedBackend


class PlacementService:
    """Asks the planning child. `devices` are those last seen, none before that.

    `skipped_backends` are the backends that brought none.
    """

    def __init__(self, planner: PlannerClient, emit: Callable[[AppEvent], None]) -> None:
        self._planner = planner
        self._emit = emit
        self._looks: set[str] = set()
        self.devices: tuple[Device, ...] = ()
        self.skipped_backends: tuple[SkippedBackend, ...] = ()

    def refresh_devices(self) -> None:
        """Find out what there is, ahead of any question; a failure is told when someone asks."""
        self._looks.add(self._planner.list_devices())

    def list_devices(self) -> str:
        """Ask for the devices: DevicesFound or RequestFailed carries the returned id."""
        return self._planner.list_devices()

    def plan_placement(
        self, path: str, wishes: LoadOptions, *, context: int = 0, any_architecture: bool = False
    ) -> str:
        """Ask where a file would lie; ModelPlacementPlanned or RequestFailed answers.

        `context` 0: as set.
        """
        wish = wishes.placement_for(path)
        if context:
            wish = structs.replace(wishes.configured_placement(path), context=context)
        return self._planner.plan_model(path, wish, any_architecture=any_architecture)

    def process_child_events(self) -> None:
        """Pass on what the child found."""
        for event in self._planner.poll():
            self._on_planner(event)

    def close(self) -> None:
        """End the child."""
        self._planner.stop()

    def _on_planner(self, event: DevicesListed | ModelPlanned | Failed) -> None:
        looked = event.request_id in self._looks
        self._looks.discard(event.request_id)
        if isinstance(event, DevicesListed):
            self.devices, self.skipped_backends = event.devices, event.skipped
            if looked:
                self._emit(ModelsChanged())  # what fits is known better now
            else:
                self._emit(
                    DevicesFound(
                        request_id=event.request_id, devices=event.devices, skipped=event.skipped
                    )
                )
        elif isinstance(event, ModelPlanned):
            self._emit(
                ModelPlacementPlanned(
                    request_id=event.request_id,
                    placement=event.placement,
                    plan=event.plan,
                    layers=event.layers,
                    expert_layers=event.expert_layers,
                )
            )
        elif not looked:
            self._emit(
                RequestFailed(request_id=event.request_id, problem=problem_of_failure(event))
            )
