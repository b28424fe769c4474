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
from core.engine.abort import AbortFlag
from core.engine.client import EngineClient
from core.engine.level_plans import plan_levels
from core.engine.model import Model
from core.engine.quality import Reader, windows_of
from core.engine.type_speed import time_types
from core.messages import (
    Failed,
    LevelPlan,
    MakingOf,
    ModelLoaded,
    Placement,
    PlanLevels,
    TimeTypes,
    TypeSpeed,
)
from core.models.levels import level_named
from core.models.pace import Run, seconds_a_token, tokens_a_second
from core.paths import Paths, resources_folder

_PROSE = resources_folder() / "catalog" / "quality.txt"


def allocated(paths: Paths, path: str, wish: Placement) -> int:
    """Return the bytes llama.cpp says it took for a loaded file: weights, cache, results."""
    woken = threading.Event()
    client = EngineClient(paths, woken.set)
    try:
        request_id = client.load(path, wish)
        while True:
            for event in client.poll():
                if isinstance(event, Failed):
                    raise SystemExit(f"{path}: {event.code}")
                if isinstance(event, ModelLoaded) and event.request_id == request_id:
                    return sum(each.weights + each.cache + each.compute for each in event.memory)
            woken.wait(1)
            woken.clear()
    finally:
        client.stop()


def planned(plan: LevelPlan) -> int:
    """Return the same sum of a plan: without the program itself."""
    return sum(each.weights + each.cache + each.compute for each in plan.plan.devices)


def speed(path: Path, wish: Placement) -> float:
    """Return the tokens a second of processor time that one thread writes, the best of rounds."""
    placement = structs.replace(wish, context=512, sequences=1, device="cpu", gpu_layers=0)
    model = Model(path, placement, AbortFlag())
    try:
        reader = Reader(model, placement)
        try:
            window = windows_of(model, _PROSE.read_text(encoding="utf-8"))[0]
            return max(reader.writing_speed(window, time.thread_time) for _round in range(3))
        finally:
            reader.close()
    finally:
        model.close()


def plans_of(files: list[str], wish: Placement) -> tuple[list[LevelPlan], list[LevelPlan]]:
    """Return the plans of the files, and of their levels as made of the largest one."""
    source = max(files, key=lambda each: Path(each).stat().st_size)
    levels = [level_named(gguf.read_header(Path(each)).quantization) for each in files]
    named = tuple((level.name, level.file_type) for level in levels if level)
    request = PlanLevels(
        request_id="1", files=tuple(files), making=MakingOf(path=source, levels=named), wish=wish
    )
    plans = list(plan_levels(request).plans)
    return plans[: len(files)], plans[len(files) :]


def speeds_of(plans: list[LevelPlan]) -> tuple[TypeSpeed, ...]:
    """Return how fast one thread multiplies the types of weights that occur, the best of rounds."""
    header = gguf.read_header(Path(plans[0].path))
    types = tuple({read.type for plan in plans for read in plan.reads} | {"F16"})
    best: dict[str, TypeSpeed] = {}
    for _round in range(3):
        request = TimeTypes(
            request_id="1",
            types=types,
            columns=header.embedding_length,
            rows=header.figure("feed_forward_length"),
            threads=1,
        )
        for each in time_types(request, time.thread_time).speeds:
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
    wish = Placement(context=options.context, threads=1)
    plans, made = plans_of(options.files, wish)
    speeds = speeds_of(plans)
    wrote = {plan.path: speed(Path(plan.path), plan.placement) for plan in plans}
    known = next((each for each in plans if each.level == options.calibrate), plans[0])
    expected = {plan.path: seconds_a_token(plan, speeds) or 0.0 for plan in plans}
    run = Run(expected[known.path], 1 / wrote[known.path])
    worst = {"memory": 0.0, "memory_of_made": 0.0, "speed": 0.0, "speed_before": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        paths.create()
        for plan, as_made in zip(plans, made, strict=True):
            taken = allocated(paths, plan.path, wish)
            real = wrote[plan.path]
            differences = {
                "memory": planned(plan) / taken - 1,
                "memory_of_made": planned(as_made) / taken - 1,
                "speed": tokens_a_second(expected[plan.path], [run]) / real - 1,
                "speed_before": 1 / expected[plan.path] / real - 1,
            }
            worst = {key: max(worst[key], abs(differences[key])) for key in worst}
            rounded = {key: round(each, 4) for key, each in differences.items()}
            line = {"level": plan.level, "allocated": taken, "tokens_per_second": round(real, 2)}
            print(json.dumps(line | rounded), flush=True)
    print(json.dumps({"calibrated_with": known.level, "worst": worst}))


if __name__ == "__main__":
    main()
