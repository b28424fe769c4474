"""Whether answers are the very tokens that a bare loop writes, alone and several at once."""

from typing import TypeAlias

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure
from core.engine.bench.guessing import both_logits, first_difference
from core.engine.bench.rig import Rig
from core.engine.bench.texts import STORIES, question
from core.words import _

WRITTEN = 200
AT_ONCE = 4

Pair: TypeAlias = tuple[Answer, tuple[int, ...]]
"""An answer, and the bare loop's tokens."""


def measure_identity(rig: Rig) -> list[Figure]:
    """Compare 200 greedy tokens with the bare loop's; at once, up to the noise of batches."""
    count = min(AT_ONCE, rig.loaded.placement.sequences)
    prompts = [question(story) for story in STORIES[:count]]
    written = rig.writable(WRITTEN, count)
    tokens = [rig.bare.tokens(turns) for turns in prompts]
    bare = [rig.bare.write_greedily(prompt, written) for prompt in tokens]
    alone = []
    for turns in prompts:
        rig.restart()  # what was read in other batches differs in the last bits
        alone.append(rig.answered(turns, written))
    what = _("alone as the bare loop's, {count} tokens").format(count=written)
    figures = [_equal(rig, "identity_alone", what, list(zip(alone, bare, strict=True)))]
    if count < 2:
        return figures
    noise = rig.bare.batch_noise(tokens, bare)
    rig.restart()
    together = [rig.ask(turns, written) for turns in prompts]
    rig.finish(*together)
    what = _("at once as the bare loop's, but for noise")
    pairs = list(zip(together, bare, strict=True))
    at_once = _equal(rig, "identity_together", what, pairs, noise=noise)
    return [*figures, _noise(noise), at_once]


def _noise(noise: float) -> Figure:
    return Figure(
        key="batch_noise",
        what=_("largest noise of a logit in batches"),
        value=noise,
        note=_("bare loop, the same prompts and answers, the 10 likeliest tokens at each step"),
    )


def _equal(rig: Rig, key: str, what: str, pairs: list[Pair], *, noise: float = -1.0) -> Figure:
    """Count the answers that are the bare loop's, or are so up to a step that noise can decide.

    Of an answer that ended with a stop text the tokens aren't told, so it can't be judged.
    """
    judged = [(answer, bare) for answer, bare in pairs if answer.told.stop != "stop"]
    if not judged:
        return Figure(key=key, what=what, note=_("all ended with a stop text: not comparable"))
    equal, notes = 0, []
    for answer, expected in judged:
        ours = answer.told.token_ids
        place = first_difference(ours, expected)
        if place is None:
            equal += 1
            continue
        said, gap = both_logits(rig, answer.turns, ours, expected, place)
        equal += gap <= noise
        sentence = _("one differs from token {place} on: {logits}")
        notes.append(sentence.format(place=place + 1, logits=said))
    return Figure(
        key=key,
        what=what,
        value=equal,
        reference=len(judged),
        reference_name=_("all that can be judged"),
        asked=Asked(least=len(judged)),
        note="; ".join(notes) or _("equal to the last token"),
    )
