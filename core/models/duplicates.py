"""Which models hold the very same content, and the bytes that wastes."""

from collections.abc import Iterable
from typing import NamedTuple

from core.models.facts import Facts


class Copy(NamedTuple):
    """A model that may be there twice; `sums` are its files' checksums as far as they are known."""

    path: str
    ref: str
    facts: Facts
    sums: tuple[str, ...]
    rank: int = 0
    """The least of several wastes nothing: it is what would stay."""


class Twins(NamedTuple):
    """The names of those with the same content, and the bytes this one wastes."""

    refs: tuple[str, ...]
    wasted: int


def find_twins(copies: Iterable[Copy]) -> dict[str, Twins]:
    """Return, by path, what has twins. Of several, the first wastes nothing.

    The same `print` is the same content unless checksums say otherwise; it looks into the weights
    of each layer. Two names for one file (links) waste nothing.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[Copy]] = {}
    for copy in copies:
        if copy.facts.print:
            alike.setdefault((copy.facts.print, ()), []).append(copy)
    found: dict[str, Twins] = {}
    for group in alike.values():
        for same in _by_sum(group):
            if len(same) > 1:
                found.update(_twins(same))
    return found


def _by_sum(group: list[Copy]) -> list[list[Copy]]:
    """Part those whose checksums differ; one whose checksum is not known goes with the first."""
    parted: dict[tuple[str, ...], list[Copy]] = {}
    unknown: list[Copy] = []
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


def _twins(same: list[Copy]) -> dict[str, Twins]:
    places: set[tuple[int, int]] = set()
    found = {}
    for copy in sorted(same, key=lambda each: (each.rank, each.ref)):
        others = tuple(other.ref for other in same if other is not copy)
        wasted = 0
        for stamp in copy.facts.stamps:
            wasted += stamp.size if places and stamp.place not in places else 0
        places.update(stamp.place for stamp in copy.facts.stamps)
        found[copy.path] = Twins(others, wasted)
    return found
