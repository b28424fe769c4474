"""Benchmark of exactness: greedy tokens compared with those of the reference loop."""

from typing import TypeAlias

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MetricTarget
from core.bench.bench_prompts import STORY_REQUESTS, question_turns
from core.bench.bench_session import BenchSession
from core.bench.speculative_gain import both_logits, first_difference
from core.bench.timed_answer import TimedAnswer

WRITTEN = 200
AT_ONCE = 4

AnswerPair: TypeAlias = tuple[TimedAnswer, tuple[int, ...]]
"""An answer, and the tokens of the reference loop."""


def measure_identity(bench: BenchSession) -> list[BenchMetric]:
    """Compare 200 greedy tokens with the reference loop's; several at once, up to batch noise."""
    count = min(AT_ONCE, bench.loaded_model.placement.sequences)
    prompts = [question_turns(story) for story in STORY_REQUESTS[:count]]
    written = bench.fitting_answer_length(WRITTEN, count)
    tokens = [bench.reference.prompt_tokens(turns) for turns in prompts]
    expected = [bench.reference.write_greedily(prompt, written) for prompt in tokens]
    alone = []
    for turns in prompts:
        bench.restart_engine()  # what was read in other batches differs in the last bits
        alone.append(bench.complete_answer(turns, written))
    what = _("alone as the bare loop's, {count} tokens").format(count=written)
    figures = [_equal(bench, "identity_alone", what, list(zip(alone, expected, strict=True)))]
    if count < 2:
        return figures
    noise = bench.reference.batch_noise(tokens, expected)
    bench.restart_engine()
    together = [bench.start_answer(turns, written) for turns in prompts]
    bench.wait_for_answers(*together)
    what = _("at once as the bare loop's, but for noise")
    pairs = list(zip(together, expected, strict=True))
    at_once = _equal(bench, "identity_together", what, pairs, noise=noise)
    return [*figures, _noise(noise), at_once]


def _noise(noise: float) -> BenchMetric:
    return BenchMetric(
        key="batch_noise",
        what=_("largest noise of a logit in batches"),
        value=noise,
        note=_("bare loop, the same prompts and answers, the 10 likeliest tokens at each step"),
    )


def _equal(
    bench: BenchSession, key: str, what: str, pairs: list[AnswerPair], *, noise: float = -1.0
) -> BenchMetric:
    """Count the answers that equal the reference, or do so up to a step that noise can decide.

    The tokens of an answer that ended with a stop text are not known, so it is left out.
    """
    judged = [(answer, expected) for answer, expected in pairs if answer.done_event.stop != "stop"]
    if not judged:
        return BenchMetric(key=key, what=what, note=_("all ended with a stop text: not comparable"))
    equal, notes = 0, []
    for answer, expected in judged:
        ours = answer.done_event.token_ids
        place = first_difference(ours, expected)
        if place is None:
            equal += 1
            continue
        logits, gap = both_logits(bench, answer.turns, ours, expected, place)
        equal += gap <= noise
        sentence = _("one differs from token {place} on: {logits}")
        notes.append(sentence.format(place=place + 1, logits=logits))
    return BenchMetric(
        key=key,
        what=what,
        value=equal,
        reference=len(judged),
        reference_name=_("all that can be judged"),
        asked=MetricTarget(least=len(judged)),
        note="; ".join(notes) or _("equal to the last token"),
    )
