"""Benchmark of several answers at once: their tokens per second together."""

import itertools

from core.base.i18n import _, ngettext
from core.bench.bench_metrics import BenchMetric, MetricTarget, compared_metric
from core.bench.bench_prompts import STORY_REQUESTS, question_turns
from core.bench.bench_session import SHORT_PROMPT, BenchSession
from core.bench.timed_answer import TimedAnswer

AT_ONCE = (1, 2, 4, 8)
WRITTEN = 64
LEAST_SPEED = 0.95
JUDGED = 4
"""The number of answers at once that has a target."""


def measure_batches(bench: BenchSession) -> list[BenchMetric]:
    """Write 1, 2, 4 and 8 answers at once, up to what the engine takes."""
    most = min(
        bench.loaded_model.placement.sequences,
        bench.loaded_model.context // (SHORT_PROMPT + WRITTEN),
    )
    sizes = [size for size in AT_ONCE if size <= most]
    prompt = bench.reference.prompt_tokens(question_turns(STORY_REQUESTS[0]))
    answer_together(bench, 1)  # the beginning that all prompts share is then in the cache
    ours: dict[int, list[float]] = {size: [] for size in sizes}
    reference: dict[int, list[float]] = {size: [] for size in sizes}
    for _round, size in itertools.product(range(bench.rounds), sizes):
        ours[size].append(combined_speed(answer_together(bench, size)))
        reference[size].append(size * WRITTEN / bench.reference.time_writing(prompt, WRITTEN, size))
    return [
        compared_metric(
            f"batch_{size}",
            ngettext("{count} answer at once", "{count} answers at once", size).format(count=size),
            _("tokens/s"),
            ours[size],
            reference[size],
            reference_name=_("bare batches, one cache"),
            asked=MetricTarget(least=LEAST_SPEED) if size == JUDGED else None,
        )
        for size in sizes
    ]


def answer_together(bench: BenchSession, size: int) -> list[TimedAnswer]:
    """Answer `size` questions at once with 64 tokens each."""
    answers = [
        bench.start_answer(question_turns(story), WRITTEN) for story in STORY_REQUESTS[:size]
    ]
    bench.wait_for_answers(*answers)
    return answers


def combined_speed(answers: list[TimedAnswer]) -> float:
    """Return the tokens per second of all, from the last first token to the last end.

    They start in the same batch, so that hardly a token was written before.
    """
    started = max(answer.first_text_at for answer in answers)
    ended = max(answer.ended for answer in answers)
    written = sum(answer.done_event.completion_tokens - 1 for answer in answers)
    return written / max(ended - started, 1e-9)
