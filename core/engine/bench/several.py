"""How many tokens a second several answers get together."""

import itertools

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure, compared
from core.engine.bench.rig import SHORT_PROMPT, Rig
from core.engine.bench.texts import STORIES, question
from core.words import _, ngettext

AT_ONCE = (1, 2, 4, 8)
WRITTEN = 64
LEAST_SPEED = 0.95
JUDGED = 4
"""Answers at once for which a ratio is asked."""


def measure_batches(rig: Rig) -> list[Figure]:
    """Write 1, 2, 4 and 8 answers at once, as many as the engine takes."""
    most = min(rig.loaded.placement.sequences, rig.loaded.context // (SHORT_PROMPT + WRITTEN))
    sizes = [size for size in AT_ONCE if size <= most]
    bare_prompt = rig.bare.tokens(question(STORIES[0]))
    write_together(rig, 1)  # what all the prompts begin with is then at hand
    ours: dict[int, list[float]] = {size: [] for size in sizes}
    bare: dict[int, list[float]] = {size: [] for size in sizes}
    for _round, size in itertools.product(range(rig.rounds), sizes):
        ours[size].append(together(write_together(rig, size)))
        bare[size].append(size * WRITTEN / rig.bare.time_writing(bare_prompt, WRITTEN, size))
    return [
        compared(
            f"batch_{size}",
            ngettext("{count} answer at once", "{count} answers at once", size).format(count=size),
            _("tokens/s"),
            ours[size],
            bare[size],
            reference_name=_("bare batches, one cache"),
            asked=Asked(least=LEAST_SPEED) if size == JUDGED else None,
        )
        for size in sizes
    ]


def write_together(rig: Rig, size: int) -> list[Answer]:
    """Answer so many questions at once with 64 tokens each."""
    answers = [rig.ask(question(story), WRITTEN) for story in STORIES[:size]]
    rig.finish(*answers)
    return answers


def together(answers: list[Answer]) -> float:
    """Return the tokens a second of all, from the last one's first words to the last end.

    They begin in the same batch, so that hardly any was written before.
    """
    begun = max(answer.first for answer in answers)
    ended = max(answer.ended for answer in answers)
    written = sum(answer.told.completion_tokens - 1 for answer in answers)
    return written / max(ended - begun, 1e-9)
