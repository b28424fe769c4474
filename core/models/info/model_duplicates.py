"""Duplicate models: files with the very same content, and the bytes they waste."""

from collections.abc import Iterable
from typing import NamedTuple

from core.models.info.model_facts import ModelFacts


class DuplicateCandidate(NamedTuple):
    """A model that may be there twice; `sums` are its files' checksums as far as they are known."""

    path: str
    ref: str
    facts: ModelFacts
    sums: tuple[str, ...]
    rank: int = 0
    """The least of several wastes nothing: it is what would stay."""


class DuplicateInfo(NamedTuple):
    """The names of those with the same content, and the bytes this one wastes."""

    refs: tuple[str, ...]
    wasted: int


def find_duplicates(copies: Iterable[DuplicateCandidate]) -> dict[str, DuplicateInfo]:
    """Return, by path, what has twins. Of several, the first wastes nothing.

    The same `print` is the same content unless checksums say otherwise; it looks into the weights
    of each layer. Two names for one file (links) waste nothing.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[DuplicateCandidate]] = {}
    for copy in copies:
        if copy.facts.print:
            alike.setdefault((copy.facts.print, ()), []).append(copy)
    found: dict[str, DuplicateInfo] = {}
    for group in alike.values():
        for same in _by_sum(group):
            if len(same) > 1:
                found.update(_duplicates(same))
    return found


def _by_sum(group: list[DuplicateCandidate]) -> list[list[DuplicateCandidate]]:
    """Part those whose checksums differ; one whose checksum is not known goes with the first."""
    parted: dict[tuple[str, ...], list[DuplicateCandidate]] = {}
    unknown: list[DuplicateCandidate] = []
    for copy in group:
        if copy.sums and all(copy.sums):
            parted.setdefault(copy.sums, []).append(copy)
        else:
            unknown.append(copy)
    if not parted:
        return [unknown]
    groups = list(parted.values())
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
