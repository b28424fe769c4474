"""How many tokens a second several answers get together."""

import itertools

from core.engine.bench.figures import Asked, Figure, compared
from core.engine.bench.rig import Answer, Rig
from core.engine.bench.texts import STORIES, question
from core.words import _, ngettext

AT_ONCE = (1, 2, 4, 8)
WRITTEN = 64
LEAST_SPEED = 0.95
JUDGED = 4
"""Answers at once for which a ratio is asked."""


def measure_batches(rig: Rig) -> list[Figure]:
    """Write 1, 2, 4 and 8 answers at once, as many as the engine takes."""
    sizes = [size for size in AT_ONCE if size <= rig.loaded.placement.sequences]
    prompts = [question(story) for story in STORIES]
    bare_prompt = rig.tokens(prompts[0])
    rig.answered(prompts[0], 1)  # what all the prompts begin with is then at hand
    ours: dict[int, list[float]] = {size: [] for size in sizes}
    bare: dict[int, list[float]] = {size: [] for size in sizes}
    for _round, size in itertools.product(range(rig.rounds), sizes):
        answers = [rig.ask(prompts[number], WRITTEN) for number in range(size)]
        rig.finish(*answers)
        ours[size].append(together(answers))
        bare[size].append(size * WRITTEN / rig.time_writing(bare_prompt, WRITTEN, size))
    return [
        compared(
            f"batch_{size}",
            ngettext("{count} answer at once", "{count} answers at once", size).format(count=size),
            _("tokens/s"),
            ours[size],
            bare[size],
            reference_name=_("bare batches, one cache"),
            asked=Asked(bound=LEAST_SPEED) if size == JUDGED else None,
        )
        for size in sizes
    ]


def together(answers: list[Answer]) -> float:
    """Return the tokens a second of all, from the last one's first words to the last end.

    They begin in the same batch, so that hardly any was written before.
    """
    begun = max(answer.first for answer in answers)
    ended = max(answer.ended for answer in answers)
    written = sum(answer.told.completion_tokens - 1 for answer in answers)
    return written / max(ended - begun, 1e-9)
