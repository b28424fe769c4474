"""Cache of memory fits: whether a model fits into this machine's memory."""

from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct

from core.gguf import GgufHeader
from core.models.info.model_facts import ModelFacts

MAX_REPLANS = 6
"""Plans that are renewed in one listing after memory or settings have changed; the others stay
outdated until the next listing."""


class ModelFit(NamedTuple):
    """Whether a model fits into memory ("yes", "tight", "no"), and the bytes it needs."""

    verdict: str
    needed: int


FitPlanner = Callable[[GgufHeader], ModelFit]
FitKey = Callable[[str], str]
"""Path to a key that names everything its plan depends on; "" to plan each time."""


class CachedFit(Struct, frozen=True, array_like=True):
    """A plan for the file at `versions` and the conditions that `key` names."""

    key: str
    versions: tuple[tuple[int, int], ...]
    verdict: str
    needed: int


class ModelFitCache:
    """The plans of one registry. One thread uses it, but `plan_fit` may be called from any."""

    def __init__(self, plan: FitPlanner, key: FitKey) -> None:
        self._plan = plan
        self._key = key
        self._left = MAX_REPLANS
        self.cached_fits: dict[str, CachedFit] = {}

    def begin_listing(self, most_replans: int = MAX_REPLANS) -> None:
        """Start a listing of the models, which may renew so many plans."""
        self._left = most_replans

    def plan_fit(self, path: str, facts: ModelFacts) -> CachedFit:
        """Plan a file now; only settings and free memory are read."""
        fit = self._plan(facts.header())
        return CachedFit(self._key(path), _versions(facts), fit.verdict, fit.needed)

    def fit_for_file(self, path: str, facts: ModelFacts) -> ModelFit:
        """Return whether a file fits, from the cache if that is still valid."""
        known = self.cached_fits.get(path)
        if known is None or known.versions != _versions(facts) or self._is_due(path, known):
            known = self.cached_fits[path] = self.plan_fit(path, facts)
        return ModelFit(known.verdict, known.needed)

    def _is_due(self, path: str, known: CachedFit) -> bool:
        if known.key and known.key == self._key(path):
            return False
        self._left -= bool(known.key)
        return not known.key or self._left >= 0


def _versions(facts: ModelFacts) -> tuple[tuple[int, int], ...]:
    return tuple(stamp.version for stamp in facts.stamps)
