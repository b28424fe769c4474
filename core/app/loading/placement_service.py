"""Planned placements: where a model would lie in memory, without loading it."""

from typing import Never

from msgspec import structs

from core.app.loading.load_options import LoadOptions
from core.app.loading.tuning_store import TuningStore
from core.engine.client.planner_client import PlannerClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import ModelPlanned, PlanModel


class PlacementService:
    """Asks the planning child, with the options that loading would take."""

    def __init__(
        self, planner: PlannerClient, load_options: LoadOptions, tunings: TuningStore
    ) -> None:
        self._planner = planner
        self._load_options = load_options
        self._tunings = tunings

    def plan_placement(
        self, path: str, *, context: int = 0, any_architecture: bool = False
    ) -> Reply[Never, ModelPlanned]:
        """Ask where a file would lie; `context` 0: as set."""
        requested = self._load_options.placement_for(path)
        if context:
            configured = self._load_options.configured_placement(path)
            requested = structs.replace(configured, context=context)
        return self._planner.send(
            PlanModel(
                request_id=new_request_id(),
                path=path,
                placement=requested,
                any_architecture=any_architecture,
                tunings=self._tunings.tunings,
            )
        )
