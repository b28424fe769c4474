"""Sentences of passages compared with a doubtful question, which is in other words."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths
from core.library.judging.judge import Support
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.evidence_weights import (
    EmbedderModels,
    EvidenceModels,
    LogisticModel,
    SentenceCosineRange,
)
from core.library.search.relevance_judge import FoundPassage
from core.library.store.library_records import LibraryRecords
from core.messages import SearchVerdict

ASKED = "How early must I tell them that I quit?"
PASSAGES = [
    FoundPassage("Towels have to be placed on the machines.", "rules", 0.1),
    FoundPassage("The contract is cancelled in writing six weeks before.", "gym", 0.2),
]
MODELS = EvidenceModels(
    answered=LogisticModel(
        bias=-15.6, weights={"judge": 1.0, "sentence_cosine": 20.0}, threshold=0.3
    ),
    on_topic=LogisticModel(bias=-5.0, weights={}, threshold=0.5),
    sentence_cosine_range=SentenceCosineRange(lowest=0.02, highest=0.5, usual=0.78),
)


class SentenceJudge:
    """A judge that is as sure of all passages, and knows how near their sentences are."""

    name = "sentences"

    def __init__(self, probability: float, cosines: Sequence[float]) -> None:
        self._probability = probability
        self._cosines = list(cosines)
        self.asked = 0

    def answer_probabilities(self, _question: str, passages: Sequence[str]) -> list[float]:
        return [self._probability for _passage in passages]

    def sentence_cosines(self, _question: str, _passages: Sequence[str]) -> list[float]:
        self.asked += 1
        if not self._cosines:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path="model")
        return self._cosines

    def judge_statements(
        self, _question: str, statements: Sequence[tuple[str, str]]
    ) -> list[Support]:
        return [Support(0.0, 0.0) for _pair in statements]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    paths = Paths(tmp_path)
    paths.create_folders()
    records = LibraryRecords(paths)
    yield records.connection
    records.close()


def _evidence(connection: apsw.Connection, judge: SentenceJudge) -> EvidenceJudge:
    return EvidenceJudge(connection, "model", judge, EmbedderModels(plain=MODELS, judged=MODELS))


def test_a_near_sentence_without_shared_words_answers(connection: apsw.Connection) -> None:
    judge = SentenceJudge(0.15, [0.7, 0.86])
    found = _evidence(connection, judge).assess(ASKED, PASSAGES)
    assert found.verdict is SearchVerdict.ANSWERED
    assert found.passages[1] == found.confidence > found.threshold > found.passages[0]


def test_without_a_near_sentence_it_stays_refused(connection: apsw.Connection) -> None:
    found = _evidence(connection, SentenceJudge(0.15, [0.7, 0.72])).assess(ASKED, PASSAGES)
    assert found.verdict is not SearchVerdict.ANSWERED


@pytest.mark.parametrize("probability", [0.9, 0.001])
def test_only_doubtful_questions_are_looked_at_twice(
    connection: apsw.Connection, probability: float
) -> None:
    judge = SentenceJudge(probability, [0.7, 0.86])
    _evidence(connection, judge).assess(ASKED, PASSAGES)
    assert judge.asked == 0


def test_a_damaged_model_costs_sentence_cosines_alone(connection: apsw.Connection) -> None:
    found = _evidence(connection, SentenceJudge(0.15, [])).assess(ASKED, PASSAGES)
    assert found.verdict is not SearchVerdict.ANSWERED
    assert found.confidence == pytest.approx(0.15)
