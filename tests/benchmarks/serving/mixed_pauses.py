"""Prints the pauses of answers while prompts are read beside them, in time of the processor.

Usage: python tests/benchmarks/serving/mixed_pauses.py [--model FILE.gguf] [--rounds N]
       [--prompts N,N,… …]

One thread computes, whose own time is counted: other programs make no difference but in the caches.
Of each mix, the first answer writes before the others are asked. Printed are what 99 of 100 pauses
keep, the longest, and tokens a second over those of the best order: the same prompts read one by
one, then answered together. First with llama.cpp's defaults, as before a model was timed, then with
what was chosen from the timings.
"""

import argparse
import itertools
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core import gguf
from core.base.paths import shipped_models
from core.bench.mixed_answers import percentile_99
from core.engine.devices.device_list import list_devices
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import choose_placement
from core.engine.memory.placement_tuning import tuned_placement
from core.engine.tuning.engine_probe import EngineProbe
from core.messages import EngineTuning, Placement
from tests.benchmarks.attention import Answers

_WRITTEN = 96


class Mix(NamedTuple):
    """Milliseconds of all pauses, and the tokens a second over those of the best order."""

    pauses: list[float]
    speed: float


def main() -> None:
    """Measure each mix as before the model was timed, and after."""
    options = _options()
    header = gguf.read_header(options.model)
    shape = model_shape(header)
    assert shape is not None, "its attention is not timed"
    requested = Placement(threads=1, device="cpu")
    plain = choose_placement(header, requested, list_devices(), available_memory()).placement
    probe = EngineProbe("here", shape, PROCESSOR, plain.context)
    while (tuning := probe.run_piece()) is None:
        pass
    probe.close()
    model = LlamaModel(options.model, plain, AbortFlag())
    sides: tuple[tuple[str, EngineTuning | None], ...] = (("defaults", None), ("timed", tuning))
    for lengths in options.prompts:
        found: dict[str, list[Mix]] = {name: [] for name, _known in sides}
        for _round, (name, known) in itertools.product(range(options.rounds), sides):
            model.placement = tuned_placement(plain, requested, known)
            found[name].append(_measure(model, known, lengths))
        for name, mixes in found.items():
            late = statistics.median(percentile_99(mix.pauses) for mix in mixes)
            longest = max(max(mix.pauses) for mix in mixes)
            speeds = [mix.speed for mix in mixes]
            print(
                f"prompts of {lengths}, {name}: 99 of 100 pauses {late:.0f} ms, the longest"
                f" {longest:.0f} ms; speed {statistics.median(speeds):.2f} of the best order"
                f" ({min(speeds):.2f} to {max(speeds):.2f})",
                flush=True,
            )
    model.close()


def _measure(model: LlamaModel, tuning: EngineTuning | None, lengths: Sequence[int]) -> Mix:
    clock = time.thread_time
    context = LlamaContext(model, AbortFlag())
    answers = Answers(context, tuning, model.placement, clock)
    first, *others = [answers.draw_tokens(length) for length in lengths]
    started = clock()
    all_times = [answers.start("0", first, _WRITTEN)]
    answers.run_until(all_times[0])
    all_times += [answers.start(str(n), each, _WRITTEN) for n, each in enumerate(others, 1)]
    _finish(answers)
    mixed = clock() - started
    context.close()

    context = LlamaContext(model, AbortFlag())
    answers = Answers(context, tuning, model.placement, clock)
    prompts = [answers.draw_tokens(length) for length in lengths]
    started = clock()
    for number, prompt in enumerate(prompts):
        answers.start(f"read {number}", prompt, 1)
        _finish(answers)
    for number, prompt in enumerate(prompts):  # what was read is not read again
        answers.start(f"write {number}", prompt, _WRITTEN)
    _finish(answers)
    in_turn = clock() - started
    context.close()
    pairs = (pair for times in all_times for pair in itertools.pairwise(times))
    return Mix([1000 * (later - earlier) for earlier, later in pairs], in_turn / mixed)


def _finish(answers: Answers) -> None:
    while answers.scheduler.has_work:
        answers.scheduler.run_batch()


def _lengths(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--prompts",
        type=_lengths,
        nargs="+",
        default=[[50, 500], [50, 500, 1000, 1000], [50, 300, 300, 300] * 2],
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
