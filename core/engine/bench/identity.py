"""Whether answers are the very tokens that a bare loop writes, alone and several at once."""

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure
from core.engine.bench.guessing import both_logits, first_difference
from core.engine.bench.rig import Rig
from core.engine.bench.texts import STORIES, question
from core.words import _

WRITTEN = 200
AT_ONCE = 4


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
    figures = [_alone(rig, alone, bare, written)]
    if count < 2:
        return figures
    noise = rig.bare.batch_noise(tokens, bare)
    rig.restart()
    together = [rig.ask(turns, written) for turns in prompts]
    rig.finish(*together)
    return [*figures, _noise(noise), _together(rig, together, bare, noise)]


def _alone(rig: Rig, answers: list[Answer], bare: list[tuple[int, ...]], written: int) -> Figure:
    equal, notes = 0, []
    for answer, expected in zip(answers, bare, strict=True):
        place = first_difference(answer.told.token_ids, expected)
        equal += place is None
        if place is not None:
            said, _gap = both_logits(rig, answer.turns, answer.told.token_ids, expected, place)
            notes.append(
                _("differs from token {place} on: {logits}").format(place=place + 1, logits=said)
            )
    return Figure(
        key="identity_alone",
        what=_("alone as the bare loop's, {count} tokens").format(count=written),
        value=equal,
        reference=len(answers),
        reference_name=_("all"),
        asked=Asked(least=len(answers)),
        note="; ".join(notes),
    )


def _noise(noise: float) -> Figure:
    return Figure(
        key="batch_noise",
        what=_("largest noise of a logit in batches"),
        value=noise,
        note=_("bare loop, the same prompts and answers, the 10 likeliest tokens at each step"),
    )


def _together(rig: Rig, answers: list[Answer], bare: list[tuple[int, ...]], noise: float) -> Figure:
    """Count the answers that are equal up to the first step that noise can decide."""
    good, notes = 0, []
    for answer, expected in zip(answers, bare, strict=True):
        place = first_difference(answer.told.token_ids, expected)
        if place is None:
            good += 1
            continue
        said, gap = both_logits(rig, answer.turns, answer.told.token_ids, expected, place)
        good += gap <= noise
        sentence = _("one differs from token {place} on: {logits}")
        notes.append(sentence.format(place=place + 1, logits=said))
    return Figure(
        key="identity_together",
        what=_("at once as the bare loop's, but for noise"),
        value=good,
        reference=len(answers),
        reference_name=_("all"),
        asked=Asked(least=len(answers)),
        note="; ".join(notes) or _("equal to the last token"),
    )
