"""Relevance judge protocol: whether what a search found answers the question, and how surely.

`core.library.search.evidence_judge` implements it; another takes its place by implementing the
protocol and being handed to `Searcher`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from core.messages import SearchVerdict

EXAMINED_PASSAGES = 5
"""Number of the best passages that are examined."""


class FoundPassage(NamedTuple):
    """A passage as found: `title` is its file and heading, `cosine` -1 to 1 to the question."""

    text: str
    title: str
    cosine: float


class Assessment(NamedTuple):
    """What the passages say on the question.

    `confidence` is the calibrated probability, 0 to 1, that they answer it, which counts as
    answered from `threshold` on; `passages` that of each passage by itself, in the order they were
    handed in, at most `confidence`. `missing_value` names the kind of value that is asked for and
    that the nearest passages lack (see `asked_value`), "" where nothing is to be said of it.
    """

    verdict: SearchVerdict
    confidence: float
    passages: tuple[float, ...]
    threshold: float = 0.5
    missing_value: str = ""


NOTHING_FOUND = Assessment(SearchVerdict.NOTHING, 0.0, ())


class RelevanceJudge(Protocol):
    """Belongs to one library; the library's main thread calls."""

    def assess(self, question: str, passages: Sequence[FoundPassage]) -> Assessment:
        """Judge the passages, best first; the first EXAMINED_PASSAGES of them decide.

        Raises what a full or damaged disk raises.
        """
