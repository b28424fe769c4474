"""Benchmark beside llama.cpp's own tools: reading, writing at depths, several answers at once."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import psutil

from core.base.i18n import _, ngettext
from core.bench.batch_speed import AT_ONCE
from core.bench.bench_metrics import BenchMetric, MetricTarget, compared_metric
from core.bench.bench_prompts import STORY_REQUESTS, long_question, question_turns
from core.bench.bench_session import SHORT_PROMPT, BenchSession
from core.bench.llama_tools import BATCHED, BENCH, LlamaTools, ToolFailedError, used_seconds
from core.bench.timed_answer import TimedAnswer
from core.messages import PromptTurn

DEPTHS = (0, 512, 2048, 4096, 8192)
READ = 512
WRITTEN, WRITTEN_DEEP = 128, 32
MOST_ROUNDS_DEEP = 3
"""At depths whose reading takes most of the time."""
LEAST_SPEED, LEAST_AT_ONCE = 0.98, 0.97

_Speed = Callable[[int], float]
"""Measures a round, and returns tokens for each second of the processor."""


class _Comparison(NamedTuple):
    """What is compared: the metric's key and words, the tool, and the least ratio to it."""

    key: str
    what: str
    tool: str = BENCH
    least: float = LEAST_SPEED


def measure_beside_tools(bench: BenchSession) -> list[BenchMetric]:
    """Measure engine and tools in turns; a line without a value says what is missing."""
    tools = LlamaTools(bench.options.tools, bench.loaded_model)
    missing = [name for name in (BENCH, BATCHED) if not tools.has_tool(name)]
    if missing:
        note = _("{tools} not found; “--tools DIR” says where llama.cpp's tools are.")
        what = _("llama.cpp's own tools")
        return [BenchMetric(key="tools", what=what, note=note.format(tools=", ".join(missing)))]
    return [*_depths(bench, tools), _reading(bench, tools), *_at_once(bench, tools)]


def _depths(bench: BenchSession, tools: LlamaTools) -> Iterator[BenchMetric]:
    """Write after so many tokens; a prompt is read once for all rounds."""
    for depth in DEPTHS:
        if depth + WRITTEN + SHORT_PROMPT > bench.loaded_model.context:
            continue
        tokens, rounds = WRITTEN, bench.rounds
        if depth > READ:
            tokens, rounds = WRITTEN_DEEP, min(bench.rounds, MOST_ROUNDS_DEEP)
        turns = question_turns(STORY_REQUESTS[0])
        if depth:
            turns = long_question(depth, depth, bench.reference.count_prompt_tokens)

        def ours(
            _number: int, turns: tuple[PromptTurn, ...] = turns, tokens: int = tokens
        ) -> float:
            return _writing_speed(bench, [bench.start_answer(turns, tokens + 1)])

        def theirs(_number: int, depth: int = depth, tokens: int = tokens) -> float:
            return tools.writing_speed(max(depth, SHORT_PROMPT // 2), tokens)

        what = _("writing after {depth} tokens").format(depth=depth or SHORT_PROMPT // 2)
        yield _compare(_Comparison(f"depth_{depth}", what), ours, theirs, rounds)


def _reading(bench: BenchSession, tools: LlamaTools) -> BenchMetric:
    length = bench.fitting_prompt_length(READ)

    def ours(number: int) -> float:
        tokens = unknown_tokens(bench, number, length)
        before = _engine_seconds(bench)
        answer = bench.start_answer((), 1, prompt_ids=tokens)
        bench.wait_until(lambda: bool(answer.done))
        return answer.tokens_read / max(_engine_seconds(bench) - before, 1e-6)

    what = _("reading {count} tokens").format(count=length)
    return _compare(
        _Comparison("tools_reading", what),
        ours,
        lambda _number: tools.reading_speed(length),
        bench.rounds,
    )


def unknown_tokens(bench: BenchSession, seed: int, count: int) -> tuple[int, ...]:
    """Return tokens in an order of chance, as `llama-bench` reads them.

    Prompts of a chat begin alike: what the engine knows of them it doesn't read again, and what
    follows reads that, too, so that fewer tokens took longer each.
    """
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    turns = long_question(seed, count, bench.reference.count_prompt_tokens)
    return tuple(chance.choices(bench.reference.prompt_tokens(turns), k=count))


def _at_once(bench: BenchSession, tools: LlamaTools) -> Iterator[BenchMetric]:
    for count in AT_ONCE:
        tokens = WRITTEN if count <= 2 else WRITTEN // 2

        def ours(_number: int, count: int = count, tokens: int = tokens) -> float:
            stories = STORY_REQUESTS[:count]
            answers = [bench.start_answer(question_turns(each), tokens + 1) for each in stories]
            return _writing_speed(bench, answers)

        def theirs(_number: int, count: int = count, tokens: int = tokens) -> float:
            return tools.speed_at_once(count, tokens)

        what = ngettext("{count} answer at once", "{count} answers at once", count)
        what = what.format(count=count)
        compared = _Comparison(f"at_once_{count}", what, BATCHED, LEAST_AT_ONCE)
        yield _compare(compared, ours, theirs, bench.rounds)


def _compare(compared: _Comparison, ours: _Speed, theirs: _Speed, rounds: int) -> BenchMetric:
    """Measure both in turns, in changing order; a round before that is not counted."""
    key, what, tool, least = compared
    measured: dict[_Speed, list[float]] = {ours: [], theirs: []}
    try:
        for number in range(rounds + 1):
            for side in (ours, theirs) if number % 2 else (theirs, ours):
                if number or side is ours:
                    measured[side].append(side(number))
    except ToolFailedError:
        return BenchMetric(key=key, what=what, note=_("{tool} failed.").format(tool=tool))
    return compared_metric(
        key,
        what,
        _("tokens/s of the processor"),
        measured[ours][1:],
        measured[theirs],
        reference_name=tool,
        asked=MetricTarget(least=least),
    )


def _writing_speed(bench: BenchSession, answers: list[TimedAnswer]) -> float:
    """Return the tokens for each second of the engine's processor time, once all are writing."""
    bench.wait_until(lambda: all(answer.chunks or answer.done for answer in answers))
    before = _engine_seconds(bench)
    bench.wait_until(lambda: all(answer.done for answer in answers))
    seconds = _engine_seconds(bench) - before
    written = sum(answer.done_event.completion_tokens - 1 for answer in answers)
    return written / max(seconds, 1e-6)


def _engine_seconds(bench: BenchSession) -> float:
    return used_seconds(psutil.Process(bench.engine.pid))
