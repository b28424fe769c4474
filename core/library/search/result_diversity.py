"""Result diversity: several files, no text twice, adjacent passages merged."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

SAME_FILE_FACTOR = 0.85
"""What a further passage of the same file counts for, again for each one after. A file that alone
speaks of a matter keeps the list; one that is only a little ahead lets others in."""
MAX_MERGED_PASSAGES = 4
"""Passages that become one hit at most: about 600 tokens, which is still one place to look at."""


@dataclass(frozen=True, slots=True)
class PassageCandidate:
    """A passage with its place: characters `start` to `end` of its section, which is of `file`.

    `first` and `last` are the ids of the passages that stand in it, the same until some are joined.
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
    """Return up to `count` of the candidates, which come best first, each worth its place.

    What stands side by side in one section and on one page is joined under the better's score.
    """
    waiting = list(_without_repeats(candidates))
    taken: Counter[tuple[str, bytes]] = Counter()
    chosen: list[PassageCandidate] = []
    while waiting and len(chosen) < count:
        best = max(waiting, key=lambda each: each.score * SAME_FILE_FACTOR ** taken[each.file])
        waiting.remove(best)
        taken[best.file] += 1
        chosen = _with(chosen, best)
    return chosen


def _without_repeats(candidates: Iterable[PassageCandidate]) -> Iterator[PassageCandidate]:
    seen: set[str] = set()
    for each in candidates:
        if each.text not in seen:
            seen.add(each.text)
            yield each


def _with(chosen: list[PassageCandidate], new: PassageCandidate) -> list[PassageCandidate]:
    """Return the list with one more, which takes the place of the first it stands beside."""
    for place, each in enumerate(chosen):
        if _touch(each, new):
            joined = replace(
                each,
                first=min(each.first, new.first),
                last=max(each.last, new.last),
                start=min(each.start, new.start),
                end=max(each.end, new.end),
            )
            rest = [*chosen[:place], joined]
            for other in chosen[place + 1 :]:
                rest = _with(rest, other)
            return rest
    return [*chosen, new]


def _touch(one: PassageCandidate, other: PassageCandidate) -> bool:
    if (one.section_id, one.page, one.heading) != (other.section_id, other.page, other.heading):
        return False
    if one.last - one.first + other.last - other.first + 2 > MAX_MERGED_PASSAGES:
        return False
    return other.first == one.last + 1 or one.first == other.last + 1
