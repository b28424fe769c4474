"""Reranker protocols: a better order for the first passages of a ranking.

`core.library.search.cross_encoder_reranker` implements them. Another takes its place by
implementing `LoadableReranker` and being named in `core.library.serving.library_backends`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias


class Reranker(Protocol):
    """As a search uses it, on the library's main thread."""

    def rerank(
        self, question: str, scores: Mapping[int, float], text_of: Callable[[int], str]
    ) -> dict[int, float]:
        """Return all passages of `scores` with a score from 0 to 1, best first.

        `scores` are passage ids with fused scores from 0 to 1; `text_of` reads a passage. Takes
        well under a second, however many there are: what there is no time for stays behind, in its
        order. Raises nothing but what the model raises, which fails the search.
        """


class LoadableReranker(Reranker, Protocol):
    """As it is chosen: loaded and timed on a thread of its own before a search uses it."""

    @property
    def milliseconds(self) -> float:
        """What one passage takes here, as measured last; 0 before `load_model`."""

    @property
    def is_fast_enough(self) -> bool:
        """Whether this machine reads enough passages in time for a search to use it."""

    def load_model(self) -> None:
        """Bring the model into memory and time it; takes seconds.

        Raises LibraryError(RERANKER_REFUSED) for a folder that can't be used.
        """


OpenReranker: TypeAlias = Callable[[Path], LoadableReranker]
"""Makes a reranker of a model's folder; nothing is read or loaded yet."""
