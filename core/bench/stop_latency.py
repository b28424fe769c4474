"""Benchmark of Stop, and of the pause that reading a long prompt causes in another answer."""

import itertools

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MeasuredValues, MetricTarget
from core.bench.bench_prompts import STORY_REQUESTS, long_question, question_turns
from core.bench.bench_session import BenchSession
from core.bench.first_token_latency import prompt_length
from core.bench.mixed_answers import percentile_99
from core.bench.timed_answer import TimedAnswer

PROMPT = 4000
SHARES = (0.15, 0.35, 0.5, 0.65, 0.85)
"""The moments of Stop, as shares of the time that reading takes."""
WRITING_SECONDS = (0.05, 0.13, 0.21, 0.34, 0.55)
MOST_MILLISECONDS = 100.0


def measure_stop_latency(bench: BenchSession) -> list[BenchMetric]:
    """Stop while a long prompt is read, and while an answer is written."""
    length = prompt_length(bench, PROMPT)
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


def measure_pauses(bench: BenchSession) -> list[BenchMetric]:
    """Measure the pauses of one answer while a long prompt is read for another.

    By a model that was timed on this machine, as the app's is.
    """
    bench.restart_engine(timed=True)
    length = prompt_length(bench)
    rounds = [_pauses_beside(bench, length, number) for number in range(max(1, bench.rounds // 2))]
    bench.restart_engine()
    alone, beside = (
        MeasuredValues(tuple(map(percentile_99, pauses))) for pauses in zip(*rounds, strict=True)
    )
    longest = max((pause for _before, pauses in rounds for pause in pauses), default=0.0)
    return [
        BenchMetric(
            key="gap",
            what=_("99 of 100 pauses, {count} tokens read beside").format(count=length),
            unit=_("ms"),
            value=beside.median,
            spread=beside.spread,
            reference=alone.median,
            reference_name=_("before that"),
            reference_spread=alone.spread,
            asked=MetricTarget(most=MOST_MILLISECONDS),
            note=_("the longest took {milliseconds:.0f} ms").format(milliseconds=longest),
        )
    ]


def _pauses_beside(
    bench: BenchSession, length: int, number: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of the pauses before a prompt is read, and while it is."""
    turns = long_question(3000 + number, length, bench.reference.count_prompt_tokens)
    answer = bench.start_answer(question_turns(STORY_REQUESTS[number % len(STORY_REQUESTS)]), 1000)
    bench.wait_until(lambda: len(answer.chunks) >= 20 or bool(answer.done))
    before = len(answer.chunks)
    other = bench.start_answer(turns, 4)
    bench.wait_for_answers(other)
    if not answer.done:
        bench.engine.cancel(answer.request_id)
        bench.wait_for_answers(answer)
    seen = [at for at in answer.chunks if at <= other.first_text_at]
    return _milliseconds(seen[:before]), _milliseconds(seen[max(before - 1, 0) :])


def _milliseconds(times: list[float]) -> list[float]:
    return [1000 * (later - earlier) for earlier, later in itertools.pairwise(times)]
