"""Question sample: some questions of a set, drawn so that both sides keep their share."""

import random
from collections.abc import Sequence

from core.evaluation.answer_set import SetQuestion


def sample_questions(
    questions: Sequence[SetQuestion], most: int, seed: int
) -> tuple[SetQuestion, ...]:
    """Return at most `most` questions (0: all) in their order; the same for the same seed.

    What can be answered and what can't is drawn in the set's own proportion.
    """
    if not most or most >= len(questions):
        return tuple(questions)
    generator = random.Random(seed)  # noqa: S311 - no secret: the same draw each time is wanted
    chosen: set[int] = set()
    sides = [
        [place for place, each in enumerate(questions) if each.is_answerable is side]
        for side in (True, False)
    ]
    first = round(most * len(sides[0]) / len(questions))
    for side, count in zip(sides, (first, most - first), strict=True):
        chosen.update(generator.sample(side, min(count, len(side))))
    return tuple(each for place, each in enumerate(questions) if place in chosen)
