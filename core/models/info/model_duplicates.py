"""Duplicate models: files with the same content, and the bytes they waste."""

from collections.abc import Iterable
from typing import NamedTuple

from core.models.info.model_facts import ModelFacts


class DuplicateCandidate(NamedTuple):
    """A model that may have duplicates; `sums` are its files' checksums, "" if unknown."""

    path: str
    ref: str
    facts: ModelFacts
    sums: tuple[str, ...]
    rank: int
    """Of several duplicates, the one with the lowest rank would be kept: it wastes nothing."""


class DuplicateInfo(NamedTuple):
    """The names of models with the same content, and the bytes that this one wastes."""

    refs: tuple[str, ...]
    wasted: int


def find_duplicates(copies: Iterable[DuplicateCandidate]) -> dict[str, DuplicateInfo]:
    """Return the duplicates by their paths. The first of several wastes nothing.

    Equal fingerprints mean equal content unless checksums differ: they contain samples of the
    weights of all layers. Two names of one file (links) waste nothing.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[DuplicateCandidate]] = {}
    for copy in copies:
        if copy.facts.sample_digest:
            alike.setdefault((copy.facts.sample_digest, ()), []).append(copy)
    found: dict[str, DuplicateInfo] = {}
    for group in alike.values():
        for same in _by_sum(group):
            if len(same) > 1:
                found.update(_duplicates(same))
    return found


def _by_sum(group: list[DuplicateCandidate]) -> list[list[DuplicateCandidate]]:
    """Split a group by checksums; candidates without a checksum join the first subgroup."""
    by_sums: dict[tuple[str, ...], list[DuplicateCandidate]] = {}
    unknown: list[DuplicateCandidate] = []
    for copy in group:
        if copy.sums and all(copy.sums):
            by_sums.setdefault(copy.sums, []).append(copy)
        else:
            unknown.append(copy)
    if not by_sums:
        return [unknown]
    groups = list(by_sums.values())
    groups[0] = [*groups[0], *unknown]
    return groups


def _duplicates(same: list[DuplicateCandidate]) -> dict[str, DuplicateInfo]:
    places: set[tuple[int, int]] = set()
    found = {}
    for copy in sorted(same, key=lambda each: (each.rank, each.ref)):
        others = tuple(other.ref for other in same if other is not copy)
        wasted = 0
        for stamp in copy.facts.stamps:
            wasted += stamp.size if places and stamp.place not in places else 0
        places.update(stamp.place for stamp in copy.facts.stamps)
        found[copy.path] = DuplicateInfo(others, wasted)
    return found
