"""Prints what the measured choice of attention and batch gains over llama.cpp's defaults.

Usage: python tests/benchmarks/attention.py [--model FILE.gguf] [--threads N] [--core N]
       [--rounds N] [--depths N …] [--beside N]

Both contexts stand side by side over one model and take turns, in changing order, at the same
depth and with the same tokens: writing, a short prompt, 128 tokens of a long one. Then a prompt of
--beside tokens is read while an answer is written, with the pauses of that answer. Median and
range of the rounds are in milliseconds; with one thread, of the thread's own time, so that other
programs count less.
"""

import argparse
import itertools
import os
import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core import gguf
from core.base.paths import shipped_models
from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import choose_placement
from core.engine.memory.placement_tuning import tuned_placement
from core.engine.runtime.answer_job import AnswerJob
from core.engine.runtime.batch_scheduler import BatchScheduler
from core.engine.runtime.kv_snapshots import KvSnapshotStore
from core.engine.runtime.slice_sizes import attention_kernel
from core.engine.runtime.speculative_decoding import SpeculativeDrafter
from core.engine.tuning.engine_probe import EngineProbe
from core.messages import EngineTuning, Placement

WRITTEN, SHORT, PIECE = 12, 19, 128
BEFORE_PROMPT = 300
"""Tokens before the answer that is written while a prompt is read."""


class Side:
    """A context of one placement."""

    def __init__(self, model: LlamaModel, placement: Placement, clock: Callable[[], float]) -> None:
        model.placement = placement
        self.context = LlamaContext(model, AbortFlag())
        self._clock = clock

    def read(self, tokens: list[int], start: int, end: int) -> float:
        """Read up to `end` and return the milliseconds."""
        batch, started = self.context.batch, self._clock()
        while start < end:
            part = tokens[start : min(start + batch.capacity, end)]
            batch.clear()
            batch.add_tokens(part, start=start, sequence=0, outputs=int(start + len(part) == end))
            self.context.decode()
            start += len(part)
        return 1000 * (self._clock() - started)

    def write(self, tokens: list[int], depth: int) -> float:
        """Evaluate tokens one by one and return the milliseconds of one."""
        seconds = sum(
            self.read(tokens, place, place + 1) for place in range(depth, depth + WRITTEN)
        )
        return seconds / WRITTEN

    def measures(self, tokens: list[int], depth: int) -> dict[str, Callable[[], float]]:
        """Return what is measured at a depth, by name."""
        return {
            "a token": partial(self.write, tokens, depth),
            f"{SHORT} tokens": partial(self.read, tokens, depth, depth + SHORT),
            f"{PIECE} tokens": partial(self.read, tokens, depth, depth + PIECE),
        }


def main() -> None:
    """Measure both sides and print each figure as soon as it is there."""
    options = _options()
    if options.core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {options.core})
    threads = choose_threads(options.threads)
    clock = time.thread_time if threads == 1 else time.perf_counter
    header = gguf.read_header(options.model)
    shape = model_shape(header)
    assert shape is not None, "its attention is not timed"
    requested = Placement(threads=threads, device="cpu")
    plain = choose_placement(header, requested, list_devices(), available_memory()).placement
    probe = EngineProbe("here", shape, PROCESSOR, plain.context)
    while (tuning := probe.run_piece()) is None:
        pass
    probe.close()
    print(
        f"chosen: flash attention {tuning.flash_attention}, batch {tuning.batch}, "
        f"gain {tuning.gain:.2f}, measured in {tuning.seconds:.2f} s"
    )
    model = LlamaModel(options.model, plain, AbortFlag())
    placements = {"defaults": plain, "chosen": tuned_placement(plain, requested, tuning)}
    _compare_depths(model, placements, clock, options)
    for name, placement in placements.items():
        known = tuning if name == "chosen" else None
        print(f"{name}: {_beside(model, placement, known, clock, options.beside)}", flush=True)
    model.close()


def _compare_depths(
    model: LlamaModel,
    placements: dict[str, Placement],
    clock: Callable[[], float],
    options: argparse.Namespace,
) -> None:
    sides = {name: Side(model, placement, clock) for name, placement in placements.items()}
    draw = random.Random(1)
    tokens = [draw.randrange(1000, 20_000) for _ in range(max(options.depths) + PIECE)]
    for side in sides.values():  # touches the weights
        side.read(tokens, 0, 64)
        side.context.truncate(0, 0)
    reached = 0
    for depth in sorted(options.depths):
        for side in sides.values():
            side.read(tokens, reached, depth)
        reached = depth
        found: dict[tuple[str, str], list[float]] = {}
        for number in range(options.rounds):
            for name, side in sorted(sides.items(), reverse=bool(number % 2)):
                for label, measure in side.measures(tokens, depth).items():
                    found.setdefault((label, name), []).append(measure())
                    side.context.truncate(0, depth)
        for label in dict.fromkeys(label for label, _name in found):
            before, after = found[label, "defaults"], found[label, "chosen"]
            ratio = statistics.median(before) / statistics.median(after)
            print(
                f"depth {depth}, {label}: defaults {_range(before)}, chosen {_range(after)},"
                f" {ratio:.2f} times as fast",
                flush=True,
            )
    for side in sides.values():
        side.context.close()


class _AnyToken:
    """Chooses tokens by chance: what is written makes no difference here."""

    def __init__(self) -> None:
        self._draw = random.Random(2)

    def choose_token(self, context: object, index: int = -1, **_choices: int) -> int:
        return self._draw.randrange(1000, 20_000)

    def close(self) -> None:
        """Free nothing."""


class ShownTimes:
    """When the tokens of an answer are shown, on the clock that counts: a TextLine's rule."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.times: list[float] = []
        self._clock = clock
        self._interval = 0.0
        self._written: deque[float] = deque()

    @property
    def waiting_count(self) -> int:
        """Tokens that were written and are not yet shown."""
        self._show_due()
        return len(self._written)

    def set_interval(self, seconds: float) -> None:
        """Show a token every so many seconds from now on; 0: all at once."""
        self._show_due()
        self._interval = seconds
        self._show_due()

    def add_token(self) -> None:
        """Write a token."""
        self._show_due()
        self._written.append(self._clock())
        self._show_due()

    def end(self) -> None:
        """Show the rest."""
        self.set_interval(0.0)

    def _show_due(self) -> None:
        now = self._clock()
        while self._written:
            last = self.times[-1] if self.times else float("-inf")
            # Without an interval, what waited is shown at this moment, and not when it was written.
            due = max(self._written[0], last + self._interval) if self._interval else now
            if due > now:
                return
            self.times.append(due)
            self._written.popleft()


class Answers:
    """A scheduler, and when the tokens of its answers are shown."""

    def __init__(
        self,
        context: LlamaContext,
        tuning: EngineTuning | None,
        placement: Placement,
        clock: Callable[[], float],
    ) -> None:
        drafter = SpeculativeDrafter(lambda _token: False)
        self.scheduler = BatchScheduler(context, KvSnapshotStore(), AbortFlag(), clock, drafter)
        self._clock = clock
        self._draw = random.Random(3)
        if tuning:
            self.scheduler.slices.set_tuning(
                tuning, attention_kernel(placement), threads=placement.threads
            )

    def draw_tokens(self, count: int) -> list[int]:
        """Return a prompt of so many tokens."""
        return [self._draw.randrange(1000, 20_000) for _ in range(count)]

    def start(self, name: str, prompt: list[int], limit: int) -> list[float]:
        """Start an answer to a prompt; return the list of its times."""
        shown = ShownTimes(self._clock)

        def on_token(_token: int) -> str:
            shown.add_token()
            return ""

        job = AnswerJob(
            request_id=name,
            tokens=list(prompt),
            limit=limit,
            sampler=_AnyToken(),
            on_start=lambda _cached: None,
            on_token=on_token,
            on_end=lambda _reason: shown.end(),
            on_failure=print,
            drafting=False,
            shown=shown,
        )
        self.scheduler.submit_job(job)
        return shown.times

    def run_until(self, times: list[float], count: int = 1) -> None:
        """Compute until so many tokens have come."""
        while len(times) < count:
            self.scheduler.run_batch()


def _beside(
    model: LlamaModel,
    placement: Placement,
    tuning: EngineTuning | None,
    clock: Callable[[], float],
    count: int,
) -> str:
    """Read a prompt alone, then another beside an answer."""
    model.placement = placement
    context = LlamaContext(model, AbortFlag())
    answers = Answers(context, tuning, placement, clock)
    started = clock()
    first = answers.start("alone", answers.draw_tokens(count), 1)
    answers.run_until(first)
    alone = first[0] - started
    for slot in answers.scheduler.pool.slots:
        answers.scheduler.pool.clear_slot(slot)
    written = answers.start("answer", answers.draw_tokens(BEFORE_PROMPT), 4096)
    answers.run_until(written, WRITTEN)
    started = clock()
    first = answers.start("beside", answers.draw_tokens(count), 1)
    answers.run_until(first)
    context.close()
    times = written[WRITTEN - 1 :]
    pauses = [1000 * (after - before) for before, after in itertools.pairwise(times)]
    last = statistics.quantiles(pauses, n=100)[98]
    return (
        f"{count} tokens read in {alone:.1f} s alone, in {first[0] - started:.1f} s beside an"
        f" answer, whose pauses are {statistics.median(pauses):.0f} ms in the middle,"
        f" {last:.0f} ms at the 99th percentile, {max(pauses):.0f} ms at most"
    )


def _range(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ms ({min(values):.1f}–{max(values):.1f})"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--core", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--depths", type=int, nargs="+", default=[0, 500, 3000])
    parser.add_argument("--beside", type=int, default=2000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
