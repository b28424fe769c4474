"""What files and the levels that could be made of them would take on this machine."""

from pathlib import Path

from msgspec import structs

from core import gguf
from core.engine.devices import choose_threads, list_devices
from core.engine.dry_run import dry_run
from core.engine.free_memory import available_memory
from core.engine.making import would_be
from core.engine.reads import plan_level
from core.gguf import Header
from core.messages import (
    Device,
    LevelPlan,
    LevelsPlanned,
    MemoryPlan,
    Placement,
    PlanLevels,
)


def plan_levels(request: PlanLevels) -> LevelsPlanned:
    """Plan the files, then what could be made. Raises ModelError for a file that can't be read."""
    planner = _Planner(request)
    plans = [planner.file(Path(path)) for path in request.files]
    if request.making:
        source = Path(request.making.path)
        header = gguf.read_header(source)
        plans += [planner.made(source, header, level) for level in request.making.levels]
    return LevelsPlanned(request_id=request.request_id, plans=tuple(plans), devices=planner.devices)


class _Planner:
    """One request's devices and free memory, and what dry runs told about results in between."""

    def __init__(self, request: PlanLevels) -> None:
        # Said outright, so that a plan tells what really ran from what would.
        threads = choose_threads(request.wish.threads)
        self._wish = structs.replace(request.wish, threads=threads)
        self._dry = request.dry_run
        self._available = available_memory()
        self._told: dict[Placement, MemoryPlan] = {}
        self.devices: tuple[Device, ...] = list_devices()

    def file(self, path: Path) -> LevelPlan:
        """Plan a file that is here: as llama.cpp lays it out, if it may be asked."""
        header = gguf.read_header(path)
        found = self._planned(header, header.quantization)
        if self._dry:
            told = dry_run(path, found.placement, found.plan)
            if told:
                self._told[_layout(found.placement)] = told
                found = structs.replace(found, plan=told)
        return structs.replace(found, path=str(path))

    def made(self, source: Path, header: Header, level: tuple[str, int]) -> LevelPlan:
        """Plan what could be made: results in between are those of a file placed the same way."""
        name, file_type = level
        made, lacks_matrix = would_be(source, header, file_type)
        found = self._planned(made, name)
        told = self._told.get(_layout(found.placement))
        if told:
            devices = [
                structs.replace(own, compute=other.compute, cache=other.cache)
                for own, other in zip(found.plan.devices, told.devices, strict=True)
            ]
            plan = structs.replace(found.plan, devices=tuple(devices), measured=True)
            found = structs.replace(found, plan=plan)
        return structs.replace(found, needs_matrix=lacks_matrix)

    def _planned(self, header: Header, level: str) -> LevelPlan:
        return plan_level(header, level, self._wish, self.devices, self._available)


def _layout(placement: Placement) -> Placement:
    """Return what results in between depend on: not on how weights come into memory."""
    return structs.replace(placement, map_file=True)
