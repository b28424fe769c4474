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
    """Plan the files, then the quantizations to be made. Raises ModelError."""
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
    """Plans for one request: devices, free memory, and the results of dry runs."""

    def __init__(self, request: PlanQuantizations) -> None:
        # Explicit, so that a plan can be compared with what was measured.
        threads = choose_threads(request.placement.threads)
        self._requested = structs.replace(request.placement, threads=threads)
        self._does_dry_run = request.dry_run
        self._available = available_memory()
        self._measured_plans: dict[Placement, MemoryPlan] = {}
        self.devices: tuple[Device, ...] = list_devices()

    def plan_file(self, path: Path) -> QuantizationPlan:
        """Plan a file that is here, with a dry run if that is allowed."""
        header = gguf.read_header(path)
        found = self._planned(header, header.quantization)
        if self._does_dry_run:
            measured = dry_run(path, found.placement, found.plan)
            if measured:
                self._measured_plans[_layout(found.placement)] = measured
                found = structs.replace(found, plan=measured)
        return structs.replace(found, path=str(path))

    def plan_makeable(
        self, source: Path, header: GgufHeader, level: tuple[str, int]
    ) -> QuantizationPlan:
        """Plan a quantization to be made, with the dry run of a file with the same placement."""
        name, file_type = level
        made, lacks_matrix = predict_header(source, header, file_type)
        found = self._planned(made, name)
        measured = self._measured_plans.get(_layout(found.placement))
        if measured:
            devices = [
                structs.replace(own, compute=other.compute, cache=other.cache)
                for own, other in zip(found.plan.devices, measured.devices, strict=True)
            ]
            plan = structs.replace(found.plan, devices=tuple(devices), measured=True)
            found = structs.replace(found, plan=plan)
        return structs.replace(found, needs_matrix=lacks_matrix)

    def _planned(self, header: GgufHeader, level: str) -> QuantizationPlan:
        return plan_quantization(header, level, self._requested, self.devices, self._available)


def _layout(placement: Placement) -> Placement:
    """Return the part of a placement that intermediate results depend on."""
    return structs.replace(placement, map_file=True)
