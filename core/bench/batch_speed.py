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
"""Answers at once for which a ratio is asked."""


def measure_batches(rig: BenchSession) -> list[BenchMetric]:
    """Write 1, 2, 4 and 8 answers at once, as many as the engine takes."""
    most = min(
        rig.loaded_model.placement.sequences, rig.loaded_model.context // (SHORT_PROMPT + WRITTEN)
    )
    sizes = [size for size in AT_ONCE if size <= most]
    bare_prompt = rig.reference.prompt_tokens(question_turns(STORY_REQUESTS[0]))
    answer_together(rig, 1)  # what all the prompts begin with is then at hand
    ours: dict[int, list[float]] = {size: [] for size in sizes}
    bare: dict[int, list[float]] = {size: [] for size in sizes}
    for _round, size in itertools.product(range(rig.rounds), sizes):
        ours[size].append(combined_speed(answer_together(rig, size)))
        bare[size].append(size * WRITTEN / rig.reference.time_writing(bare_prompt, WRITTEN, size))
    return [
        compared_metric(
            f"batch_{size}",
            ngettext("{count} answer at once", "{count} answers at once", size).format(count=size),
            _("tokens/s"),
            ours[size],
            bare[size],
            reference_name=_("bare batches, one cache"),
            asked=MetricTarget(least=LEAST_SPEED) if size == JUDGED else None,
        )
        for size in sizes
    ]


def answer_together(rig: BenchSession, size: int) -> list[TimedAnswer]:
    """Answer so many questions at once with 64 tokens each."""
    answers = [rig.start_answer(question_turns(story), WRITTEN) for story in STORY_REQUESTS[:size]]
    rig.wait_for_answers(*answers)
    return answers


def combined_speed(answers: list[TimedAnswer]) -> float:
    """Return the tokens a second of all, from the last one's first words to the last end.

    They begin in the same batch, so that hardly any was written before.
    """
    begun = max(answer.first_text_at for answer in answers)
    ended = max(answer.ended for answer in answers)
    written = sum(answer.done_event.completion_tokens - 1 for answer in answers)
    return written / max(ended - begun, 1e-9)
