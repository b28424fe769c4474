"""The quantization child by script: plans at once, makes and measures when a test says so."""

from pathlib import Path
from typing import Any

from msgspec import structs

from core.messages import (
    DeviceMemory,
    MeasureQuality,
    MemoryPlan,
    ModelQuantized,
    Placement,
    PlanQuantizations,
    QualityMeasured,
    QuantizationPlan,
    QuantizationQuality,
    QuantizationsPlanned,
    QuantizationTaskProgress,
    Quantize,
    Request,
    TensorTypeBytes,
    TensorTypeSpeed,
    TensorTypesTimed,
    TimeTensorTypes,
)
from core.models.quantizations.quantization_types import find_quantization
from tests.fakes.planner_child import PROCESSOR
from tests.fakes.scripted_child import ScriptedChild

SPEED = 10_000_000_000.0
"""Bytes a second of every type of weights."""
LAYERS = 37


class FakeQuantizationChild(ScriptedChild):
    """Plans any level `bytes_per_bit` large, on the processor, and times every type alike.

    What is made and measured are a test's to finish. `gpu_layers` is how many of `LAYERS` of a
    level lie on a graphics card, and `plan_changes` replaces fields of its plan, both by its name.
    """

    def __init__(self) -> None:
        super().__init__("quantizer")
        self.bytes_per_bit = 10_000
        self.devices = (PROCESSOR,)
        self.gpu_layers: dict[str, int] = {}
        self.plan_changes: dict[str, dict[str, Any]] = {}

    def serve(self, request: Request[Any, Any]) -> None:
        if isinstance(request, PlanQuantizations):
            files = [self._plan(Path(path).stem.rpartition("-")[2], path) for path in request.files]
            making = request.making.levels if request.making else ()
            made = [self._plan(level) for level, _number in making]
            self.answer(
                QuantizationsPlanned,
                request.request_id,
                plans=(*files, *made),
                devices=self.devices,
            )
        elif isinstance(request, TimeTensorTypes):
            names = ("CPU", *request.devices)
            speeds = tuple(
                TensorTypeSpeed(device=name, type=type_, speed=SPEED)
                for name in names
                for type_ in request.types
            )
            self.answer(TensorTypesTimed, request.request_id, speeds=speeds, threads=2)

    # ------------------------------------------------------------ what a test says

    def report_progress(self, done: int, total: int, current: str = "") -> None:
        """Say how far making or measuring is."""
        request = self._job(Quantize, MeasureQuality)
        self.deliver(
            QuantizationTaskProgress(
                request_id=request.request_id, done=done, total=total, current=current
            )
        )

    def finish_quantizing(self, content: bytes, seconds: float = 60.0) -> None:
        """Write the file that was asked for."""
        request = self._job(Quantize)
        size = Path(request.target).write_bytes(content)
        self.answer(
            ModelQuantized, request.request_id, path=request.target, bytes=size, seconds=seconds
        )

    def finish_measuring(self, *levels: dict[str, Any], seconds: float = 2.0) -> None:
        """Say what came of each file, in their order; what isn't given is as of the best."""
        request = self._job(MeasureQuality)
        measured = []
        for path, changes in zip(request.files, (*levels, *({},) * 99), strict=False):
            quality = QuantizationQuality(
                path=path,
                fingerprint=f"fingerprint of {path}",
                perplexity=9.0,
                perplexity_error=0.1,
                divergence=0.0,
                divergence_error=0.0,
                same_choice=1.0,
                tokens=900,
                tokens_per_second=31.0,
                placement=Placement(context=512, threads=2, device="cpu", gpu_layers=0),
            )
            measured.append(structs.replace(quality, **changes))
        self.answer(QualityMeasured, request.request_id, levels=tuple(measured), seconds=seconds)

    def _job(self, *kinds: type[Any]) -> Any:
        jobs = self.waiting_for(*kinds)
        assert jobs, "nothing is made or measured"
        return jobs[-1]

    def _plan(self, level: str, path: str = "") -> QuantizationPlan:
        name = level.upper()
        quantization = find_quantization(name)
        bits = quantization.bits if quantization else 16.0
        size = Path(path).stat().st_size if path else int(bits * self.bytes_per_bit)
        memory = DeviceMemory(device="CPU", kind="cpu", weights=size, cache=60 << 20)
        plan = QuantizationPlan(
            level=name,
            path=path,
            bytes=size,
            placement=Placement(context=8192, threads=2, gpu_layers=self.gpu_layers.get(name, 0)),
            plan=MemoryPlan(context=8192, devices=(memory,), verdict="yes", measured=bool(path)),
            layers=LAYERS,
            reads=(TensorTypeBytes(device="CPU", type=name, bytes=size),),
            cached=100_000,
            needs_matrix=bool(quantization and quantization.needs_matrix),
        )
        return structs.replace(plan, **self.plan_changes.get(name, {}))
