"""Result diversity: several files, no text twice, adjacent passages merged."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

SAME_FILE_FACTOR = 0.85
"""Factor for the score of a second passage of a file, once more for a third, and so on. A file that
alone treats a subject fills the list; one that is only a little ahead lets others in."""
MAX_MERGED_PASSAGES = 4
"""Passages that become one hit at most: about 600 tokens, which is still one place to look at."""


@dataclass(frozen=True, slots=True)
class PassageCandidate:
    """A passage with its place: characters `start` to `end` of its section, which is of `file`.

    `first` and `last` are passage ids, which differ if neighbouring passages were merged.
    """

    passage_id: int
    first: int
    last: int
    score: float
    file: tuple[str, bytes]
    section_id: int
    start: int
    end: int
    page: int | None
    heading: str
    text: str


def select_diverse(candidates: Iterable[PassageCandidate], count: int) -> list[PassageCandidate]:
    """Return up to `count` of the candidates, which are given best first, from several files.

    Neighbours in one section and on one page are merged, with the better score.
    """
    waiting = list(_without_repeats(candidates))
    taken: Counter[tuple[str, bytes]] = Counter()
    chosen: list[PassageCandidate] = []
    while waiting and len(chosen) < count:
        best = max(waiting, key=lambda each: each.score * SAME_FILE_FACTOR ** taken[each.file])
        waiting.remove(best)
        taken[best.file] += 1
        chosen = _merged_with(chosen, best)
    return chosen


def _without_repeats(candidates: Iterable[PassageCandidate]) -> Iterator[PassageCandidate]:
    seen: set[str] = set()
    for each in candidates:
        if each.text not in seen:
            seen.add(each.text)
            yield each


def _merged_with(chosen: list[PassageCandidate], new: PassageCandidate) -> list[PassageCandidate]:
    """Return the list with one more, merged with the neighbours that it has in the list."""
    for place, each in enumerate(chosen):
        if _are_neighbours(each, new):
            joined = replace(
                each,
                first=min(each.first, new.first),
                last=max(each.last, new.last),
                start=min(each.start, new.start),
                end=max(each.end, new.end),
            )
            rest = [*chosen[:place], joined]
            for other in chosen[place + 1 :]:
                rest = _merged_with(rest, other)
            return rest
    return [*chosen, new]


def _are_neighbours(one: PassageCandidate, other: PassageCandidate) -> bool:
    if (one.section_id, one.page, one.heading) != (other.section_id, other.page, other.heading):
        return False
    if one.last - one.first + other.last - other.first + 2 > MAX_MERGED_PASSAGES:
        return False
    return other.first == one.last + 1 or one.first == other.last + 1
