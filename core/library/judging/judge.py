"""Judge protocol: whether a passage answers a question, and whether evidence supports a statement.

`core.library.judging.learned_judge` implements it with the model in `resources/judging/judge`.
Another takes its place by being named in `core.library.serving.library_backends`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias


class Support(NamedTuple):
    """Calibrated probabilities, 0 to 1; what is left of their sum to 1 is "says nothing of it"."""

    supported: float
    contradicted: float


class SentenceReading(NamedTuple):
    """What is read of the sentence of a passage that is nearest to a question.

    `cosine` is that of both, `probability` that the sentence holds an answer.
    """

    cosine: float
    probability: float


class Judge(Protocol):
    """Belongs to the library child; its main thread calls. Texts may be in any language."""

    @property
    def name(self) -> str:
        """Identity of the judge and its weights, for what is cached or measured by it."""

    def answer_probabilities(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return for each passage the probability that it holds an answer to the question.

        In the order of `passages`; the judge reads the part of a long one that is nearest to the
        question. A passage takes 50 ms of one busy core, or 80 on a processor without VNNI.
        """

    def sentence_cosines(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return for each passage the cosine of the question and its nearest sentence, -1 to 1.

        In the order of `passages`, by the multilingual model that the judge goes on from: it finds
        what is said in other words. A sentence takes some 12 ms of one busy core.
        """

    def read_sentences(
        self, question: str, passages: Sequence[tuple[str, str]]
    ) -> list[SentenceReading]:
        """Return the nearest sentence of each (title, passage), judged below that title alone.

        What else a note says is often about what the question asks for, too, and deceives who
        reads all of it. Beside the cosines, which are kept, a passage takes some 12 ms of one busy
        core.
        """

    def judge_statements(
        self, question: str, statements: Sequence[tuple[str, str]]
    ) -> list[Support]:
        """Return for each pair (statement, evidence) whether the evidence supports it.

        `question` is what the statements answer: it gives "Yes." and "At nine." a meaning, and may
        be "". A statement is one sentence, row or list entry; evidence a passage of any length, of
        which the sentences nearest to the statement are read. A pair takes 50 ms of one busy core.
        """


OpenJudge: TypeAlias = Callable[[Path], Judge]
"""Makes a judge of a model's folder; its weights are read at the first call.

Raises LibraryError for a folder that can't be used.
"""
