"""Short ids: as many first letters of a chat's id as name no other chat."""

from collections.abc import Iterable
from itertools import pairwise

LEAST_LETTERS = 13
"""First characters of a UUIDv7 that hold its time to the millisecond; imported chats share them."""


def _shared_letters(first: str, second: str) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, two) in pairs if one != two), min(len(first), len(second)))


def shortest_ids(ids: Iterable[str]) -> dict[str, str]:
    """Return for each id its shortest beginning that no other one has."""
    ordered = sorted(set(ids))
    shared = [0, *(_shared_letters(*pair) for pair in pairwise(ordered)), 0]
    return {
        id_: id_[: max(LEAST_LETTERS, before + 1, after + 1)]
        for id_, before, after in zip(ordered, shared, shared[1:], strict=False)
    }
