"""Compares the memory plan with what the engine child really takes, in one table.

    python -m tests.benchmarks.memory [--model FILE]... [--context N]... [--levels LEVEL...]
        [--caches TYPE...] [--threads N]

Each model is planned by the planning child (with a dry run), then loaded by the engine child, whose
context is read full once with guessing on. What counts is what the system says of that process:
memory no file stands behind, and what of the model's file is mapped and lies in memory. `--levels`
makes further files of the first model by quantizing it again.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import llama_cpp

from core.base.paths import Paths, shipped_models
from core.bench.memory_accuracy import child_memory
from core.engine.client.engine_client import EngineClient
from core.engine.client.planner_client import PlannerClient
from core.ipc.client import Client, new_request_id
from core.ipc.reply import Reply
from core.messages import (
    Generate,
    LoadModel,
    ModelLoaded,
    ModelPlanned,
    Placement,
    PlanModel,
    PromptTurn,
    Sampling,
)
from tests.waiting import wait_for

MIB = 1 << 20
MINUTES = 30 * 60.0
CACHES = ("f16", "q8_0", "q4_0")
SENTENCE = "The quick brown fox jumps over the lazy dog by the old stone bridge. "
TOKENS_PER_SENTENCE = 15
LEVELS = {"Q2_K": 10, "Q4_0": 2, "Q4_K_M": 15, "Q6_K": 18, "Q8_0": 7}  # llama_ftype of llama.h

Result = TypeVar("Result")


class Pair:
    """The engine and the planning child of one root."""

    def __init__(self, paths: Paths) -> None:
        self.engine = EngineClient(paths, lambda: None)
        self.planner = PlannerClient(paths, lambda: None)
        self._numbers = itertools.count()

    def planned(self, path: Path, requested: Placement) -> ModelPlanned:
        request = PlanModel(request_id=new_request_id(), path=str(path), placement=requested)
        return _awaited(self.planner, self.planner.send(request))

    def measured(self, path: Path, requested: Placement) -> int:
        """Load, read the context full, answer; return the bytes the child takes then."""
        load = LoadModel(request_id=new_request_id(), path=str(path), placement=requested)
        loaded = _awaited(self.engine, self.engine.load_model(load))
        assert isinstance(loaded, ModelLoaded)
        text = SENTENCE * max((loaded.context - 400) // TOKENS_PER_SENTENCE, 1)
        request = Generate(
            request_id=f"answer{next(self._numbers)}",
            turns=(PromptTurn(role="user", text=text, plain=text),),
            sampling=Sampling(temperature=0.0, repeat_penalty=1.0),
            max_tokens=64,
        )
        _awaited(self.engine, self.engine.send(request))
        assert self.engine.pid is not None
        taken = child_memory(self.engine.pid, path)
        self.engine.unload_model()
        return taken

    def stop(self) -> None:
        self.engine.stop()
        self.planner.stop()


def _awaited(client: Client[Any], reply: Reply[Any, Result]) -> Result:
    def is_done() -> bool:
        client.poll()
        return reply.is_done

    wait_for(is_done, MINUTES)
    if reply.result is None:
        raise SystemExit(str(reply.failure))
    return reply.result


def quantized(source: Path, folder: Path, levels: list[str]) -> Iterator[Path]:
    for level in levels:
        parameters = llama_cpp.llama_model_quantize_default_params()
        parameters.ftype = LEVELS[level]
        parameters.allow_requantize = True
        target = folder / f"{source.stem.split('.')[0]}.{level}.gguf"
        if llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), parameters):
            raise SystemExit(f"{source} can't be made {level}")
        yield target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, action="append")
    parser.add_argument("--context", type=int, action="append")
    parser.add_argument("--levels", nargs="*", default=[], choices=LEVELS)
    parser.add_argument("--caches", nargs="*", default=CACHES, choices=CACHES)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    models = options.model or shipped_models()[:1]
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        paths.create_folders()
        pair = Pair(paths)
        models = [*models, *quantized(models[0], Path(folder), options.levels)]
        _print("MODEL", "CONTEXT", "CACHE", "PLANNED", "MEASURED", "OFF BY", "SECONDS")
        for path, context, cache in itertools.product(
            models, options.context or [2048, 8192], options.caches
        ):
            requested = Placement(
                context=context,
                threads=options.threads,
                device="cpu",
                cache_keys=cache,
                cache_values=cache,
            )
            began = time.perf_counter()
            plan = pair.planned(path, requested).plan.total
            taken = pair.measured(path, requested)
            _print(
                path.stem[:32],
                str(context),
                cache,
                f"{plan / MIB:.1f} MiB",
                f"{taken / MIB:.1f} MiB",
                f"{plan / taken - 1:+.1%}",
                f"{time.perf_counter() - began:.0f}",
            )
        pair.stop()


def _print(*cells: str) -> None:
    widths = (32, 7, 5, 12, 12, 7, 7)
    line = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
