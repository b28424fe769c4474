"""Answer clusters: groups of answers that say the same, the largest one first."""

from collections.abc import Sequence

from core.chat.answer_cache.question_match import cosine
from core.chat.consensus.answer_agreement import list_differences, say_the_same
from core.chat.conversations.assurance import Agreement, OtherAnswer


def cluster_answers(texts: Sequence[str], vectors: Sequence[bytes]) -> list[list[int]]:
    """Return the places of the answers in groups; in a group each says the same as all others.

    The largest group comes first, of equal ones that with the earliest answer. In a group the one
    that is nearest to the others comes first. `vectors` may be empty.
    """
    groups: list[list[int]] = []
    for place, text in enumerate(texts):
        for group in groups:
            if all(
                say_the_same(text, texts[each], _nearness(vectors, place, each)) for each in group
            ):
                group.append(place)
                break
        else:
            groups.append([place])
    groups.sort(key=lambda group: (-len(group), group[0]))
    return [sorted(group, key=lambda place: -_closeness(vectors, place, group)) for group in groups]


def agreement_of(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> Agreement:
    """Return how many agree with the first answer of the first group, and what the others say."""
    common = texts[groups[0][0]]
    return Agreement(
        samples=len(texts),
        agreed=len(groups[0]),
        others=tuple(
            OtherAnswer(
                text=texts[group[0]],
                count=len(group),
                differences=list_differences(common, texts[group[0]]),
            )
            for group in groups[1:]
        ),
    )


def _nearness(vectors: Sequence[bytes], one: int, other: int) -> float | None:
    return cosine(vectors[one], vectors[other]) if vectors else None


def _closeness(vectors: Sequence[bytes], place: int, group: Sequence[int]) -> float:
    return sum(_nearness(vectors, place, each) or 0.0 for each in group)
