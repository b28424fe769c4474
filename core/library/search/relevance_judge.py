"""Relevance judge protocol: whether what a search found is about the question at all.

`core.library.search.relevance_threshold` implements it by cosines and shared words; a learned judge
takes its place by implementing the protocol and being handed to `Searcher`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class RelevanceJudge(Protocol):
    """Belongs to one library; the library's main thread calls."""

    def has_relevant_passage(
        self, question: str, passage_ids: Sequence[int], cosines: Mapping[int, float]
    ) -> bool:
        """Return whether one of the passages, best first, may answer the question.

        `cosines` of question and passage, -1 to 1, of those that the vector ranking found.
        Otherwise the search has no hits. Raises what a full or damaged disk raises.
        """
