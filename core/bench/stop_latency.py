"""Benchmark of Stop, and of the pause that reading a long prompt causes in another answer."""

import itertools

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MeasuredValues, MetricTarget, compared_metric
from core.bench.bench_prompts import STORY_REQUESTS, long_question, question_turns
from core.bench.bench_session import BenchSession
from core.bench.first_token_latency import history_tokens
from core.bench.timed_answer import TimedAnswer

PROMPT = 4000
SHARES = (0.15, 0.35, 0.5, 0.65, 0.85)
"""The moments of Stop, as shares of the time that reading takes."""
WRITING_SECONDS = (0.05, 0.13, 0.21, 0.34, 0.55)
MOST_MILLISECONDS = 100.0


def measure_stop_latency(bench: BenchSession) -> list[BenchMetric]:
    """Stop while a long prompt is read, and while an answer is written."""
    length = history_tokens(bench, PROMPT)
    expected = length / bench.loaded_model.prompt_tokens_per_second
    reading, writing = [], []
    for number in range(bench.rounds):
        turns = long_question(2000 + number, length, bench.reference.count_prompt_tokens)
        answer = bench.start_answer(turns, 8)
        bench.wait_until(lambda answer=answer: answer.fitted is not None)  # type: ignore[misc]
        bench.wait_seconds(expected * SHARES[number % len(SHARES)])
        if not answer.chunks:
            reading.append(_time_stop(bench, answer))
        answer = bench.start_answer(
            question_turns(STORY_REQUESTS[number % len(STORY_REQUESTS)]), 400
        )
        bench.wait_until(lambda answer=answer: bool(answer.chunks))  # type: ignore[misc]
        bench.wait_seconds(WRITING_SECONDS[number % len(WRITING_SECONDS)])
        if not answer.done:
            writing.append(_time_stop(bench, answer))
    while_reading = _("Stop, {count} tokens being read").format(count=length)
    return [
        _stop_metric("stop_reading", while_reading, reading),
        _stop_metric("stop_writing", _("Stop, an answer being written"), writing),
    ]


def _time_stop(bench: BenchSession, answer: TimedAnswer) -> float:
    """Stop an answer and return the milliseconds until its last event."""
    pressed = bench.now
    bench.engine.cancel(answer.request_id)
    bench.wait_for_answers(answer)
    return (answer.ended - pressed) * 1000


def _stop_metric(key: str, what: str, milliseconds: list[float]) -> BenchMetric:
    if not milliseconds:
        return BenchMetric(key=key, what=what, note=_("it was over before Stop could be pressed"))
    sample = MeasuredValues(tuple(milliseconds))
    return BenchMetric(
        key=key,
        what=what,
        unit=_("ms"),
        value=max(milliseconds),
        asked=MetricTarget(most=MOST_MILLISECONDS),
        note=_("the slowest of {count}; in the middle {median:.1f} ms").format(
            count=len(milliseconds), median=sample.median
        ),
    )


def measure_longest_pause(bench: BenchSession) -> list[BenchMetric]:
    """Measure the pauses of one answer while a long prompt is read for another."""
    length = history_tokens(bench)
    alone, beside = [], []
    for number in range(max(1, bench.rounds // 2)):
        turns = long_question(3000 + number, length, bench.reference.count_prompt_tokens)
        answer = bench.start_answer(
            question_turns(STORY_REQUESTS[number % len(STORY_REQUESTS)]), 1000
        )
        bench.wait_until(lambda answer=answer: len(answer.chunks) >= 20 or bool(answer.done))  # type: ignore[misc]
        before = len(answer.chunks)
        other = bench.start_answer(turns, 4)
        bench.wait_for_answers(other)
        if not answer.done:
            bench.engine.cancel(answer.request_id)
            bench.wait_for_answers(answer)
        seen = [at for at in answer.chunks if at <= other.first_text_at]
        alone.append(longest_pause(answer.chunks[:before]) * 1000)
        beside.append(longest_pause(seen[max(before - 1, 0) :]) * 1000)
    what = _("longest pause, {count} tokens read beside").format(count=length)
    return [
        compared_metric(
            "gap",
            what,
            _("ms"),
            beside,
            alone,
            reference_name=_("before that"),
        )
    ]


def longest_pause(times: list[float]) -> float:
    """Return the longest time between two successive times; 0 if there are fewer than two."""
    return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)
