"""Benchmark prompts: text of any length, passages to be quoted, stories to be written."""

import random
from collections.abc import Callable

from core.messages import PromptTurn

_SUBJECTS = (
    "The harbour", "A quiet village", "The old engineer", "Our neighbour", "The morning train",
    "A heavy storm", "The library", "Every gardener", "The northern road", "A small museum",
    "The clockmaker", "That long winter", "The river ferry", "A young doctor", "The town council",
)  # fmt: skip
_VERBS = (
    "kept", "remembered", "measured", "repaired", "described", "carried", "protected", "counted",
    "painted", "borrowed", "expected", "collected", "delayed", "opened", "followed",
)  # fmt: skip
_OBJECTS = (
    "seven wooden boats", "the letters of the year before", "a map without names",
    "the water below the bridge", "nearly all of the harvest", "the books that nobody wanted",
    "a lamp with a green shade", "the price of bread", "twelve stones from the quarry",
    "the road to the coast", "a list of missing tools", "what the children had found",
)  # fmt: skip
_ENDS = (
    "before the snow came", "without a word", "as the law required", "until late in the evening",
    "while the others slept", "for more than forty years", "near the eastern gate",
    "because the bell was broken", "after the second meeting", "in spite of the rain",
)  # fmt: skip

PASSAGES = (
    (
        "The lighthouse on Skarn Point was built in 1874 from granite that was cut on the island "
        "itself. Its lamp burned whale oil for eleven years, then paraffin, and since 1931 "
        "electricity from a cable of nine kilometres. The tower is 38 metres high and has 197 "
        "steps. In clear weather its light is seen from a distance of 42 kilometres."
    ),
    (
        "Each tenant shall pay the rent in advance, at the latest on the third working day of the "
        "month. The deposit amounts to two months of rent and is returned within six weeks after "
        "the end of the contract. The tenant must not sublet the flat without the written consent "
        "of the owner. Small repairs up to a sum of 120 euros are paid by the tenant."
    ),
    (
        "Pour 300 grams of flour into a bowl and make a hollow in the middle. Dissolve the yeast "
        "in warm milk, add a spoon of sugar and let it rest for fifteen minutes. Knead the dough "
        "until it no longer sticks to your hands, cover it with a cloth and let it rise for one "
        "hour. Bake the bread at 220 degrees until its crust is brown."
    ),
)
QUOTE_REQUESTS = (
    "Repeat the following text exactly, word for word:\n\n{passage}",
    "Copy this text without changing it.\n\nText: {passage}",
    "{passage}\n\nWrite the text above again, all of it.",
    "{passage}\n\n{passage}\n\n{passage}",
)
"""Ways to ask for a passage; the first one that a model answers by quoting is used."""
STORY_REQUESTS = (
    "Write a long story about a lighthouse keeper who finds a strange letter.",
    "Explain in detail how bread is made, from the field to the table.",
    "Describe a journey by train through the mountains in winter, in many sentences.",
    "Tell me about the life of bees and why they matter, as long as you can.",
    "Write a long letter from a sailor to his sister about a storm.",
    "Explain how rain comes about, step by step, with many details.",
    "Write a long story about two children who build a boat.",
    "Describe an old market town on a summer morning, in many sentences.",
)
"""Requests with long answers; several answers at once have one each."""

CountTokens = Callable[[tuple[PromptTurn, ...]], int]


def question_turns(text: str) -> tuple[PromptTurn, ...]:
    """Return the turns of a new chat."""
    return (PromptTurn(role="user", text=text),)


def random_sentences(seed: int, count: int) -> str:
    """Return `count` sentences, other ones for each seed, so that no cache helps."""
    chosen = random.Random(seed)  # noqa: S311 - not for secrets
    parts = (_SUBJECTS, _VERBS, _OBJECTS, _ENDS)
    return " ".join(
        " ".join(chosen.choice(part) for part in parts) + f" ({chosen.randrange(10_000)})."
        for _ in range(count)
    )


def long_question(seed: int, tokens: int, count: CountTokens) -> tuple[PromptTurn, ...]:
    """Return a question whose prompt has at most, and nearly, `tokens` tokens."""
    text = random_sentences(seed, max(tokens // 8, 4)).split()
    length = len(text)
    turns = question_turns(_about(seed, text))
    while length > 1 and (counted := count(turns)) > tokens:
        length = max(1, min(length - 1, int(length * (tokens - 4) / counted)))
        turns = question_turns(_about(seed, text[:length]))
    return turns


def _about(seed: int, words: list[str]) -> str:
    return f"Note {seed}. {' '.join(words)} What is this about?"


QUOTED_RUN = 8
"""So many tokens in a row are a quotation."""


def quoted_share(answer: tuple[int, ...], prompt: tuple[int, ...]) -> float:
    """Return the share of an answer that is also in its prompt, in runs of QUOTED_RUN tokens."""
    known = {prompt[place : place + QUOTED_RUN] for place in range(len(prompt) - QUOTED_RUN + 1)}
    quoted: set[int] = set()
    for place in range(len(answer) - QUOTED_RUN + 1):
        if answer[place : place + QUOTED_RUN] in known:
            quoted.update(range(place, place + QUOTED_RUN))
    return len(quoted) / len(answer) if answer else 0.0
