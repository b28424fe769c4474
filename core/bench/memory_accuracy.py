"""Benchmark of memory: the use of the engine child, compared with the plan."""

import sys
from pathlib import Path

import psutil

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MetricTarget
from core.bench.bench_prompts import long_question
from core.bench.bench_session import BenchSession
from core.messages import DeviceMemory

WITHIN = 0.05
PROMPT = 600
WRITTEN = 16


def measure_memory(bench: BenchSession) -> list[BenchMetric]:
    """Load in a fresh child, read more than one batch, and measure the memory of the child."""
    bench.engine.unload_model()
    before = bench.free_memory_by_device()
    bench.restart_engine()
    bench.complete_answer(
        long_question(0, bench.fitting_prompt_length(PROMPT), bench.reference.count_prompt_tokens),
        WRITTEN,
    )
    after = bench.free_memory_by_device()
    planned = bench.plan_placement(bench.loaded_model.placement).plan.devices
    used = child_memory(bench.engine.pid or 0, Path(bench.options.path))
    return [
        _compared(
            device,
            used if device.kind == "cpu" else before[device.device] - after[device.device],
        )
        for device in planned
        if device.total
    ]


def child_memory(pid: int, model: Path) -> int:
    """Return the bytes of main memory that are a process's own, and those of the mapped model.

    On a system that doesn't list mappings, all resident memory of the process.
    """
    if sys.platform != "linux":
        return int(psutil.Process(pid).memory_info().rss)
    mapped = model.resolve()
    own = of_model = 0
    in_model = False
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8").splitlines():
        name, _sign, rest = line.partition(":")
        if name == "Anonymous":
            own += _bytes(rest)
        elif name == "Rss" and in_model:
            of_model += _bytes(rest)
        elif "-" in line.split(" ", 1)[0]:  # first line of a mapping: addresses, rights, …, path
            in_model = Path(line.split(maxsplit=5)[-1]) == mapped
    return own + of_model


def _bytes(field: str) -> int:
    """Return the bytes of “   1234 kB”."""
    return int(field.split(maxsplit=1)[0]) * 1024


def _compared(device: DeviceMemory, used: int) -> BenchMetric:
    return BenchMetric(
        key=f"memory_{device.device}",
        what=_("memory planned on {device}").format(device=device.device),
        unit="B",
        value=device.total,
        reference=used,
        reference_name=_("really taken"),
        ratio=device.total / used if used else None,
        asked=MetricTarget(least=1 - WITHIN, most=1 + WITHIN),
    )
