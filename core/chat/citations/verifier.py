"""Verifier protocol: judges which of the passages that were sent support a sentence.

`core.chat.citations.rule_based_verifier` implements it. A learned judge takes its place by
implementing the protocol and being handed to `AnswerRun`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from core.chat.conversations.conversation import Source


class SupportingSpan(NamedTuple):
    """Characters `start` to `end` of the text of source `n`, the sentence or row that supports."""

    n: int
    start: int
    end: int


class Verifier(Protocol):
    """Holds nothing of an answer; one may judge them all."""

    def supporting_spans(
        self, sentences: Sequence[str], sources: Sequence[Source], *, is_whole_answer: bool
    ) -> Sequence[Sequence[SupportingSpan]]:
        """Return for each sentence, in order, what supports it.

        Best first, empty for a sentence that none supports. The sentences are of one answer, in
        its order, without the model's own markers, and may hold Markdown; `sources` are what the
        model was sent, at least one. `is_whole_answer`: the one sentence is all of the answer,
        which may be a single word. Called on the front end's main thread when an answer has ended,
        so it returns within some 50 ms, and raises nothing.
        """
