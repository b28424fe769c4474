"""Prints the engine's speed over that of llama.cpp's own tools, built from the same source.

Usage: python tests/benchmarks/engine.py --llama-bench PATH --batched-bench PATH
       [--model FILE.gguf] [--threads N] [--core N] [--rounds N] [--context N]

tests/benchmarks/llama_tools.py builds both. Each round runs llama-bench (pp512,
tg128), llama-batched-bench (4 sequences, one cache), and the engine in its child, one after the
other; --core pins all of them to one core. Ratios are taken round by round, their median counts.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.base.paths import Paths, shipped_models
from core.bench.batch_speed import WRITTEN, answer_together, combined_speed
from core.bench.bench_session import BenchOptions, BenchSession
from core.bench.single_answer_speed import answer_greedily, answer_new_prompt
from core.messages import Placement

AT_ONCE = 4
ASKED = {"reading": 0.97, "generation": 0.97, f"{AT_ONCE} at once": 0.95}


def main() -> None:
    """Measure in rounds and print each, then the medians."""
    options = _options()
    if options.core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {options.core})  # the children inherit it
    woken = threading.Event()

    def wait() -> None:
        woken.wait(0.1)
        woken.clear()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        paths = Paths(Path(folder))
        paths.create_folders()
        requested = Placement(context=options.context, threads=options.threads)
        order = BenchOptions(path=str(options.model), placement=requested, rounds=options.rounds)
        with BenchSession(paths, order, woken.set, wait) as rig:
            _measure(rig, options)


def _measure(rig: BenchSession, options: argparse.Namespace) -> None:
    ours: dict[str, Callable[[int], float]] = {
        "reading": lambda number: _reading_speed(rig, number),
        "generation": lambda _number: answer_greedily(rig).tokens_per_second,
        f"{AT_ONCE} at once": lambda _number: combined_speed(answer_together(rig, AT_ONCE)),
    }
    theirs: dict[str, Callable[[], float]] = {
        "reading": lambda: _llama_bench(options, "-p", "512", "-n", "0"),
        "generation": lambda: _llama_bench(options, "-p", "0", "-n", "128"),
        f"{AT_ONCE} at once": lambda: _batched_bench(options),
    }
    ratios: dict[str, list[float]] = {name: [] for name in ours}
    for name, measure in ours.items():
        measure(0)  # the first one touches memory that the others find ready
        for number in range(1, options.rounds + 1):
            reference, speed = theirs[name](), measure(number)
            ratios[name].append(speed / reference)
            _say(f"{name:12} {speed:8.1f} tokens/s of {reference:8.1f}: {ratios[name][-1]:.3f}")
    for name, found in ratios.items():
        median = statistics.median(found)
        _say(f"{name:12} {median:.3f} ({min(found):.3f} - {max(found):.3f}), asked {ASKED[name]}")


def _reading_speed(rig: BenchSession, number: int) -> float:
    answer = answer_new_prompt(rig, number)
    return answer.tokens_read / answer.seconds_to_first_text


def _llama_bench(options: argparse.Namespace, *what: str) -> float:
    command = [options.llama_bench, "-m", options.model, "-t", options.threads, "-r", 1]
    output = _output([*command, *what, "-o", "json"])
    return float(json.loads(output)[0]["avg_ts"])


def _batched_bench(options: argparse.Namespace) -> float:
    command = [options.batched_bench, "-m", options.model, "-t", options.threads, "-kvu"]
    sizes = ["-npp", 32, "-ntg", WRITTEN, "-npl", AT_ONCE, "-c", 2048]
    lines = _output([*command, *sizes, "--output-format", "jsonl"]).splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return float(found[-1]["speed_tg"])


def _output(command: list[object]) -> str:
    done = subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True
    )
    return done.stdout


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--llama-bench", type=Path, required=True)
    parser.add_argument("--batched-bench", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--core", type=int, help="Linux only")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--context", type=int, default=4096)
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
