"""Whether models go into memory, remembered: planning a large one takes milliseconds."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct

from core.gguf import Header
from core.models.facts import Facts

RENEWED = 6
"""So many plans are made anew in one look at the shelf when memory or settings have changed; the
others are a little old until the next look."""


class Fit(NamedTuple):
    """Whether a model goes into memory ("yes", "tight", "no") and how many bytes it needs."""

    verdict: str
    needed: int


Plan = Callable[[Header], Fit]
PlanKey = Callable[[str], str]
"""A path to what names all that its plan depends on; "" to plan each time."""


class KeptFit(Struct, frozen=True, array_like=True):
    """A plan of the file as it was at `versions`, for what `key` names."""

    key: str
    versions: tuple[tuple[int, int], ...]
    verdict: str
    needed: int


class Fits:
    """The plans of one shelf. One thread uses it, but `planned` may be called from any."""

    def __init__(self, plan: Plan, key: PlanKey) -> None:
        self._plan = plan
        self._key = key
        self._left = RENEWED
        self.kept: dict[str, KeptFit] = {}

    def look(self) -> None:
        """A look at the shelf begins."""
        self._left = RENEWED

    def planned(self, path: str, facts: Facts) -> KeptFit:
        """Plan a file now; only settings and free memory are read."""
        fit = self._plan(facts.header())
        return KeptFit(self._key(path), _versions(facts), fit.verdict, fit.needed)

    def of(self, path: str, facts: Facts) -> Fit:
        """Return whether a file fits, from what is remembered if that still holds."""
        known = self.kept.get(path)
        if known is None or known.versions != _versions(facts) or self._is_due(path, known):
            known = self.kept[path] = self.planned(path, facts)
        return Fit(known.verdict, known.needed)

    def _is_due(self, path: str, known: KeptFit) -> bool:
        if known.key and known.key == self._key(path):
            return False
        self._left -= bool(known.key)
        return not known.key or self._left >= 0


def _versions(facts: Facts) -> tuple[tuple[int, int], ...]:
    return tuple(stamp.version for stamp in facts.stamps)
