"""Plans for files and for quantizations that could be made of them: memory on this machine."""

from pathlib import Path

from msgspec import structs

from core import gguf
from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.memory.free_memory import available_memory
from core.engine.memory.quantization_memory import plan_quantization
from core.engine.planning.dry_run import dry_run
from core.engine.quantization.quantization_maker import predict_header
from core.gguf import GgufHeader
from core.messages import (
    Device,
    MemoryPlan,
    Placement,
    PlanQuantizations,
    QuantizationPlan,
    QuantizationsPlanned,
)


def plan_quantizations(request: PlanQuantizations) -> QuantizationsPlanned:
    """Plan the files, then what could be made. Raises ModelError for a file that can't be read."""
    planner = _Planner(request)
    plans = [planner.plan_file(Path(path)) for path in request.files]
    if request.making:
        source = Path(request.making.path)
        header = gguf.read_header(source)
        plans += [planner.plan_makeable(source, header, level) for level in request.making.levels]
    return QuantizationsPlanned(
        request_id=request.request_id, plans=tuple(plans), devices=planner.devices
    )


class _Planner:
    """One request's devices and free memory, and what dry runs told about results in between."""

    def __init__(self, request: PlanQuantizations) -> None:
        # Said outright, so that a plan tells what really ran from what would.
        threads = choose_threads(request.placement.threads)
        self._requested = structs.replace(request.placement, threads=threads)
        self._dry = request.dry_run
        self._available = available_memory()
        self._told: dict[Placement, MemoryPlan] = {}
        self.devices: tuple[Device, ...] = list_devices()

    def plan_file(self, path: Path) -> QuantizationPlan:
        """Plan a file that is here: as llama.cpp lays it out, if it may be asked."""
        header = gguf.read_header(path)
        found = self._planned(header, header.quantization)
        if self._dry:
            told = dry_run(path, found.placement, found.plan)
            if told:
                self._told[_layout(found.placement)] = told
                found = structs.replace(found, plan=told)
        return structs.replace(found, path=str(path))

    def plan_makeable(
        self, source: Path, header: GgufHeader, level: tuple[str, int]
    ) -> QuantizationPlan:
        """Plan what could be made: results in between are those of a file placed the same way."""
        name, file_type = level
        made, lacks_matrix = predict_header(source, header, file_type)
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

    def _planned(self, header: GgufHeader, level: str) -> QuantizationPlan:
        return plan_quantization(header, level, self._requested, self.devices, self._available)


def _layout(placement: Placement) -> Placement:
    """Return what results in between depend on: not on how weights come into memory."""
    return structs.replace(placement, map_file=True)
