"""Prints what guessing ahead gains or costs on twelve kinds of text.

Usage: python tests/benchmarks/generation/guessing.py [--model FILE.gguf] [--tokens N]
       [--attention auto]

The model answers each request greedily without guessing; then batches of some sizes are timed at
some depths, by the thread's own time with one thread. With both, the guessing of the engine is run
over the answers: every guess is right or wrong as it would have been, and each batch takes the time
that was measured, so that two runs differ in nothing but the rules. Printed is the speed over that
without guessing, where every answer comes to a new guesser and where one has all of them in turn.
"""

import argparse
import bisect
import io
import os
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.paths import shipped_models
from core.chat.answering.prompt_fitting import fit_prompt
from core.engine.llama.llama_context import LlamaContext
from core.engine.runtime.answer_job import AnswerJob
from core.engine.runtime.engine_child import EngineChild
from core.engine.runtime.model_loading import LoadedModel
from core.engine.runtime.speculative_decoding import SpeculativeDrafter
from core.messages import Generate, LoadModel, Placement, PromptTurn, Sampling

_REQUESTS = Path(__file__).with_name("guessing_requests.toml")
DEPTHS = (60, 250, 500, 1000)
SIZES = (1, 2, 4, 8, 16, 32)
_TIMES = 5
_STEP_SECONDS = 0.0003
"""What a step costs besides the batch (see token_loop.py)."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer: all its tokens, of which the first ones are the prompt's."""

    kind: str
    tokens: list[int]
    prompt_length: int


class BatchTimes:
    """Measured seconds of a batch by its size and depth; between them on a line."""

    def __init__(self, context: LlamaContext, tokens: list[int]) -> None:
        self._seconds: dict[int, list[float]] = {}
        depth, batch = 0, context.batch
        for goal in DEPTHS:
            while depth < goal:
                count = min(batch.capacity, goal - depth)
                _decode(context, tokens, depth, count)
                depth += count
            self._seconds[goal] = [_timed(context, tokens, depth, size) for size in SIZES]

    def seconds_for(self, count: int, depth: int) -> float:
        """Return the seconds of `count` tokens at a depth, with what a step costs besides."""
        at_depths = [_between(count, SIZES, self._seconds[each]) for each in DEPTHS]
        return _between(depth, DEPTHS, at_depths) + _STEP_SECONDS


def _decode(context: LlamaContext, tokens: list[int], depth: int, count: int) -> None:
    context.batch.clear()
    part = tokens[depth : depth + count]
    context.batch.add_tokens(part, start=depth, sequence=0, outputs=min(count, SIZES[-1]))
    context.decode()


def _timed(context: LlamaContext, tokens: list[int], depth: int, size: int) -> float:
    found = []
    for _ in range(_TIMES):
        started = time.thread_time()
        _decode(context, tokens, depth, size)
        found.append(time.thread_time() - started)
        context.truncate(0, depth)
    return min(found)


def _between(place: int, places: tuple[int, ...], values: list[float]) -> float:
    above = min(max(bisect.bisect(places, place), 1), len(places) - 1)
    below = above - 1
    share = (min(max(place, places[0]), places[-1]) - places[below]) / (
        places[above] - places[below]
    )
    return values[below] + share * (values[above] - values[below])


def main() -> None:
    """Let the model answer, time its batches, and run the guessing over both."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("wb") as outgoing:
        child = EngineChild(fit_prompt, io.BytesIO(), outgoing)
        placement = Placement(threads=1, sequences=4, flash_attention=options.attention)
        load = LoadModel(
            request_id="load", path=str(options.model), states_folder=folder, placement=placement
        )
        child.handle_request(load)
        loaded: Any = child._loaded
        written = list(_answers(child, loaded, options.tokens))
        times = BatchTimes(loaded.context, [t for one in written for t in one.tokens])
        for name, kept in (("each answer anew", False), ("one after the other", True)):
            sys.stdout.write(f"{name}\n")
            _print_gains(loaded, written, times, kept=kept)


def _answers(child: EngineChild, loaded: LoadedModel, tokens: int) -> Iterator[Written]:
    requests = tomllib.loads(_REQUESTS.read_text())
    scheduler, jobs = loaded.scheduler, []
    for kind, prompts in requests["kinds"].items():
        for prompt in prompts:
            text = prompt
            for name, content in requests["texts"].items():
                text = text.replace(f"{{{name}}}", content)
            turns = (PromptTurn(role="user", text=text),)
            sampling = Sampling(temperature=0.0)
            child.handle_request(
                Generate(
                    request_id=text,
                    turns=turns,
                    sampling=sampling,
                    max_tokens=tokens,
                    drafting=False,
                )
            )
            jobs.append((kind, scheduler._waiting[-1]))
            while child.has_work:
                child.step_answers()
        sys.stderr.write(f"\r{kind} written      ")
    for kind, job in jobs:
        yield Written(kind, list(job.tokens), job.prompt_length)


def _print_gains(
    loaded: LoadedModel, written: list[Written], times: BatchTimes, *, kept: bool
) -> None:
    drafter = _new_drafter(loaded, times)
    gains: dict[str, list[float]] = {}
    guesses: dict[str, list[int]] = {}
    for one in written:
        if not kept:
            drafter = _new_drafter(loaded, times)
        plain = sum(
            times.seconds_for(1, depth) for depth in range(one.prompt_length + 1, len(one.tokens))
        )
        seconds, accepted, drafted = _replay(one, drafter, times)
        gains.setdefault(one.kind, []).append(plain / seconds if seconds else 1.0)
        counts = guesses.setdefault(one.kind, [0, 0])
        counts[0] += accepted
        counts[1] += drafted
    for kind, found in gains.items():
        right, drafted = guesses[kind]
        each = " ".join(f"{gain:.3f}" for gain in found)
        mean = statistics.geometric_mean(found)
        sys.stdout.write(f"  {kind:12} {mean:.3f} ({each}), right {right} of {drafted}\n")


def _new_drafter(loaded: LoadedModel, times: BatchTimes) -> SpeculativeDrafter:
    drafter = SpeculativeDrafter(loaded.model.vocabulary.ends_answer)
    drafter.costs.set_estimate(SIZES[-1], times.seconds_for(SIZES[-1], DEPTHS[0]))
    return drafter


def _replay(one: Written, drafter: SpeculativeDrafter, times: BatchTimes) -> tuple[float, int, int]:
    """Return the seconds of an answer with guessing, the right guesses and all."""
    nothing: Any = None
    place = one.prompt_length + 1
    job = AnswerJob(
        "", one.tokens[: one.prompt_length], 1 << 30, nothing, nothing, nothing, nothing, nothing
    )
    job.tokens.append(one.tokens[place - 1])
    seconds, accepted, drafted = 0.0, 0, 0
    while place < len(one.tokens):
        draft = drafter.propose_draft(job, len(one.tokens) - place)
        depth, count = len(job.tokens), len(draft.tokens)
        right = 0
        while right < count and draft.tokens[right] == one.tokens[place + right]:
            right += 1
        job.tokens += one.tokens[place : place + right + 1]
        place += right + 1
        took = times.seconds_for(count + 1, depth)
        drafter.record_result(job, draft, right)
        drafter.costs.add_measurement(count + 1, took, depth)
        seconds, accepted, drafted = seconds + took, accepted + right, drafted + count
    drafter.forget_job(job)
    return seconds, accepted, drafted


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--attention", default="auto", choices=["auto", "on", "off"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
