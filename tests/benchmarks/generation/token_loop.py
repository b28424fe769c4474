"""Prints what a written token costs besides its evaluation by llama.cpp, in microseconds.

Usage: python tests/benchmarks/generation/token_loop.py [--model FILE.gguf] [--tokens N]
       [--at-once N …]

The engine child runs in this process, its events going nowhere. Counted is the thread's own time
of each step, less that of `llama_decode`; printed are the median and the range of the tenths of all
steps, a step of N answers divided by N. The first 20 steps are left out.
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.paths import shipped_models
from core.chat.answering.prompt_fitting import fit_prompt
from core.engine.llama.llama_context import LlamaContext
from core.engine.runtime.engine_child import EngineChild
from core.messages import Generate, LoadModel, Placement, PromptTurn, Sampling

_WARM = 20
_KINDS = {
    "greedy": Sampling(temperature=0.0),
    "as by default": Sampling(seed=1),
    "all penalties": Sampling(
        seed=1, repeat_penalty=1.1, presence_penalty=0.2, frequency_penalty=0.2, dry_multiplier=0.8
    ),
}


class DecodeClock:
    """Replaces `LlamaContext.decode` by one that adds up its time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._decode = LlamaContext.decode

    def decode(self, context: LlamaContext) -> None:
        """Evaluate, and count the time of this thread."""
        started = time.thread_time()
        try:
            self._decode(context)
        finally:
            self.seconds += time.thread_time() - started


def main() -> None:
    """Measure each kind of sampling with each number of answers."""
    options = _options()
    clock = DecodeClock()

    def decode(context: LlamaContext) -> None:
        clock.decode(context)

    LlamaContext.decode = decode  # type: ignore[method-assign, assignment]
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("wb") as outgoing:
        child = EngineChild(fit_prompt, io.BytesIO(), outgoing)
        placement = Placement(threads=1, sequences=max(options.at_once))
        child.handle_request(
            LoadModel(
                request_id="load",
                path=str(options.model),
                states_folder=folder,
                placement=placement,
            )
        )
        for at_once in options.at_once:
            for name, sampling in _KINDS.items():
                steps = _steps(child, clock, sampling, at_once, options.tokens)
                tenths = statistics.quantiles(steps, n=10)
                sys.stdout.write(
                    f"{at_once} at once, {name:14} {statistics.median(steps):6.0f} us a token"
                    f" ({tenths[0]:.0f} to {tenths[-1]:.0f}; {len(steps)} steps)\n"
                )


def _steps(
    child: EngineChild, clock: DecodeClock, sampling: Sampling, at_once: int, tokens: int
) -> list[float]:
    for number in range(at_once):
        child.handle_request(
            Generate(
                request_id=f"{sampling.temperature}-{at_once}-{number}",
                turns=(PromptTurn(role="user", text=f"Tell a long story of {number + 2} ships."),),
                sampling=sampling,
                max_tokens=tokens,
                drafting=False,
            )
        )
    steps = []
    while child.has_work:
        before, decoded = time.thread_time(), clock.seconds
        child.step_answers()
        step = time.thread_time() - before - (clock.seconds - decoded)
        steps.append(step / at_once * 1e6)
    return steps[_WARM:]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 4])
    return parser.parse_args()


if __name__ == "__main__":
    main()
