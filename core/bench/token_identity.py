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
"""An answer, and the bare loop's tokens."""


def measure_identity(rig: BenchSession) -> list[BenchMetric]:
    """Compare 200 greedy tokens with the bare loop's; at once, up to the noise of batches."""
    count = min(AT_ONCE, rig.loaded_model.placement.sequences)
    prompts = [question_turns(story) for story in STORY_REQUESTS[:count]]
    written = rig.fitting_answer_length(WRITTEN, count)
    tokens = [rig.reference.prompt_tokens(turns) for turns in prompts]
    bare = [rig.reference.write_greedily(prompt, written) for prompt in tokens]
    alone = []
    for turns in prompts:
        rig.restart_engine()  # what was read in other batches differs in the last bits
        alone.append(rig.complete_answer(turns, written))
    what = _("alone as the bare loop's, {count} tokens").format(count=written)
    figures = [_equal(rig, "identity_alone", what, list(zip(alone, bare, strict=True)))]
    if count < 2:
        return figures
    noise = rig.reference.batch_noise(tokens, bare)
    rig.restart_engine()
    together = [rig.start_answer(turns, written) for turns in prompts]
    rig.wait_for_answers(*together)
    what = _("at once as the bare loop's, but for noise")
    pairs = list(zip(together, bare, strict=True))
    at_once = _equal(rig, "identity_together", what, pairs, noise=noise)
    return [*figures, _noise(noise), at_once]


def _noise(noise: float) -> BenchMetric:
    return BenchMetric(
        key="batch_noise",
        what=_("largest noise of a logit in batches"),
        value=noise,
        note=_("bare loop, the same prompts and answers, the 10 likeliest tokens at each step"),
    )


def _equal(
    rig: BenchSession, key: str, what: str, pairs: list[AnswerPair], *, noise: float = -1.0
) -> BenchMetric:
    """Count the answers that are the bare loop's, or are so up to a step that noise can decide.

    Of an answer that ended with a stop text the tokens aren't told, so it can't be judged.
    """
    judged = [(answer, bare) for answer, bare in pairs if answer.done_event.stop != "stop"]
    if not judged:
        return BenchMetric(key=key, what=what, note=_("all ended with a stop text: not comparable"))
    equal, notes = 0, []
    for answer, expected in judged:
        ours = answer.done_event.token_ids
        place = first_difference(ours, expected)
        if place is None:
            equal += 1
            continue
        said, gap = both_logits(rig, answer.turns, ours, expected, place)
        equal += gap <= noise
        sentence = _("one differs from token {place} on: {logits}")
        notes.append(sentence.format(place=place + 1, logits=said))
    return BenchMetric(
        key=key,
        what=what,
        value=equal,
        reference=len(judged),
        reference_name=_("all that can be judged"),
        asked=MetricTarget(least=len(judged)),
        note="; ".join(notes) or _("equal to the last token"),
    )
