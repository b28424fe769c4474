"""The planner child by script: the devices of a machine, and a plan for any model."""

from typing import Any

from core.messages import (
    Device,
    DeviceMemory,
    DevicesListed,
    ListDevices,
    MemoryPlan,
    ModelPlanned,
    Placement,
    PlanModel,
    Request,
)
from core.messages.planner_messages import SkippedBackend
from tests.fakes.scripted_child import ScriptedChild

PROCESSOR = Device(
    name="CPU", description="A processor", backend="CPU", kind="cpu", total=16 << 30, free=8 << 30
)


class FakePlannerChild(ScriptedChild):
    """Answers at once: a machine with a processor alone, on which everything fits."""

    def __init__(self) -> None:
        super().__init__("planner")
        self.devices: tuple[Device, ...] = (PROCESSOR,)
        self.skipped: tuple[SkippedBackend, ...] = ()
        self.plan = MemoryPlan(
            context=8192,
            devices=(DeviceMemory(device="CPU", kind="cpu", weights=90 << 20, cache=60 << 20),),
            verdict="yes",
            measured=True,
        )

    def serve(self, request: Request[Any, Any]) -> None:
        if isinstance(request, ListDevices):
            self.answer(
                DevicesListed, request.request_id, devices=self.devices, skipped=self.skipped
            )
        elif isinstance(request, PlanModel):
            placement = Placement(context=self.plan.context, threads=2, device="cpu", gpu_layers=0)
            self.answer(
                ModelPlanned,
                request.request_id,
                path=request.path,
                placement=placement,
                plan=self.plan,
                layers=31,
                expert_layers=0,
            )
