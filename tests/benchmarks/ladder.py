"""Sets what a ladder tells of memory and speed against what a model's levels really take.

Usage: python tests/benchmarks/ladder.py FILE FILE... [--context 8192] [--calibrate LEVEL]

The files are levels of one model. Memory is what llama.cpp says it allocated for each, loaded in an
engine child, beside the plan of the file and the plan of the same level as if it were to be made.
Speed is of one thread, in seconds of its own processor time, so that whatever else the machine does
counts little: expected from the speed of each type of weights, and corrected by one level's run.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from msgspec import structs

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core import gguf
from core.base.paths import Paths, resources_folder
from core.engine.client.engine_client import EngineClient
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.quantization.quality_measurement import WindowReader, split_windows
from core.engine.quantization.quantization_planner import plan_quantizations
from core.engine.quantization.type_speed import measure_type_speeds
from core.messages import (
    LoadModel,
    ModelLoaded,
    Placement,
    PlanQuantizations,
    QuantizationPlan,
    QuantizationTargets,
    TensorTypeSpeed,
    TimeTensorTypes,
)
from core.models.quantizations.quantization_types import find_quantization
from core.models.quantizations.speed_estimate import (
    MeasuredRun,
    estimate_seconds_per_token,
    estimate_tokens_per_second,
)

_PROSE = resources_folder() / "catalog" / "quality.txt"


def allocated(paths: Paths, path: str, requested: Placement) -> int:
    """Return the bytes llama.cpp says it took for a loaded file: weights, cache, results."""
    woken = threading.Event()
    client = EngineClient(paths, woken.set)
    try:
        reply = client.load_model(LoadModel(request_id="load", path=path, placement=requested))
        while not reply.is_done:
            woken.wait(1)
            woken.clear()
            client.poll()
        if not isinstance(reply.result, ModelLoaded):
            raise SystemExit(f"{path}: {reply.failure}")
        return sum(each.weights + each.cache + each.compute for each in reply.result.memory)
    finally:
        client.stop()


def planned(plan: QuantizationPlan) -> int:
    """Return the same sum of a plan: without the program itself."""
    return sum(each.weights + each.cache + each.compute for each in plan.plan.devices)


def speed(path: Path, requested: Placement) -> float:
    """Return the tokens a second of processor time that one thread writes, the best of rounds."""
    placement = structs.replace(requested, context=512, sequences=1, device="cpu", gpu_layers=0)
    model = LlamaModel(path, placement, AbortFlag())
    try:
        reader = WindowReader(model, placement)
        try:
            window = split_windows(model, _PROSE.read_text(encoding="utf-8"))[0]
            return max(reader.writing_speed(window, time.thread_time) for _round in range(3))
        finally:
            reader.close()
    finally:
        model.close()


def plans_of(
    files: list[str], requested: Placement
) -> tuple[list[QuantizationPlan], list[QuantizationPlan]]:
    """Return the plans of the files, and of their levels as made of the largest one."""
    source = max(files, key=lambda each: Path(each).stat().st_size)
    levels = [find_quantization(gguf.read_header(Path(each)).quantization) for each in files]
    named = tuple((level.name, level.file_type) for level in levels if level)
    request = PlanQuantizations(
        request_id="1",
        files=tuple(files),
        making=QuantizationTargets(path=source, levels=named),
        placement=requested,
    )
    plans = list(plan_quantizations(request).plans)
    return plans[: len(files)], plans[len(files) :]


def speeds_of(plans: list[QuantizationPlan]) -> tuple[TensorTypeSpeed, ...]:
    """Return how fast one thread multiplies the types of weights that occur, the best of rounds."""
    header = gguf.read_header(Path(plans[0].path))
    types = tuple({read.type for plan in plans for read in plan.reads} | {"F16"})
    best: dict[str, TensorTypeSpeed] = {}
    for _round in range(3):
        request = TimeTensorTypes(
            request_id="1",
            types=types,
            columns=header.embedding_length,
            rows=header.architecture_number("feed_forward_length"),
            threads=1,
        )
        for each in measure_type_speeds(request, time.thread_time).speeds:
            if each.type not in best or best[each.type].speed < each.speed:
                best[each.type] = each
    return tuple(best.values())


def main() -> None:
    """Measure each file and print a line for each, then the largest differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--context", type=int, default=8192)
    parser.add_argument("--calibrate", default="")
    options = parser.parse_args()
    requested = Placement(context=options.context, threads=1)
    plans, made = plans_of(options.files, requested)
    speeds = speeds_of(plans)
    wrote = {plan.path: speed(Path(plan.path), plan.placement) for plan in plans}
    known = next((each for each in plans if each.level == options.calibrate), plans[0])
    expected = {plan.path: estimate_seconds_per_token(plan, speeds) or 0.0 for plan in plans}
    run = MeasuredRun(expected[known.path], 1 / wrote[known.path])
    worst = {"memory": 0.0, "memory_of_made": 0.0, "speed": 0.0, "speed_before": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        paths.create_folders()
        for plan, as_made in zip(plans, made, strict=True):
            taken = allocated(paths, plan.path, requested)
            real = wrote[plan.path]
            differences = {
                "memory": planned(plan) / taken - 1,
                "memory_of_made": planned(as_made) / taken - 1,
                "speed": estimate_tokens_per_second(expected[plan.path], [run]) / real - 1,
                "speed_before": 1 / expected[plan.path] / real - 1,
            }
            worst = {key: max(worst[key], abs(differences[key])) for key in worst}
            rounded = {key: round(each, 4) for key, each in differences.items()}
            line = {"level": plan.level, "allocated": taken, "tokens_per_second": round(real, 2)}
            print(json.dumps(line | rounded), flush=True)
    print(json.dumps({"calibrated_with": known.level, "worst": worst}))


if __name__ == "__main__":
    main()
