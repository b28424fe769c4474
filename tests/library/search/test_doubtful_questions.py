"""Doubtful questions of a search: the nearest sentences are read by themselves."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths
from core.library.judging.judge import SentenceReading, Support
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.evidence_weights import (
    DoubtRange,
    EmbedderModels,
    EvidenceModels,
    LogisticModel,
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
        bias=-15.6,
        weights={
            "judge": 1.0,
            "sentence_cosine": 20.0,
            "judge*shortness": -0.7,
            "sentence_judge*shortness": 0.7,
        },
        threshold=0.3,
    ),
    on_topic=LogisticModel(bias=-5.0, weights={}, threshold=0.5),
    doubt=DoubtRange(lowest=0.02, highest=0.5, usual=0.78),
)


class SentenceJudge:
    """A judge that is as sure of all passages, and reads these sentences."""

    name = "sentences"

    def __init__(self, probability: float, *sentences: SentenceReading) -> None:
        self._probability = probability
        self._sentences = list(sentences)
        self.asked = 0

    def answer_probabilities(self, _question: str, passages: Sequence[str]) -> list[float]:
        return [self._probability for _passage in passages]

    def sentence_cosines(self, _question: str, _passages: Sequence[str]) -> list[float]:
        return [each.cosine for each in self._sentences]

    def read_sentences(
        self, _question: str, _passages: Sequence[tuple[str, str]]
    ) -> list[SentenceReading]:
        self.asked += 1
        if not self._sentences:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path="model")
        return self._sentences

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


FAR, NEAR = SentenceReading(0.7, 0.2), SentenceReading(0.86, 0.5)


def test_a_near_sentence_without_shared_words_answers(connection: apsw.Connection) -> None:
    judge = SentenceJudge(0.15, FAR, NEAR)
    found = _evidence(connection, judge).assess(ASKED, PASSAGES)
    assert found.verdict is SearchVerdict.ANSWERED
    assert found.passages[1] == found.confidence > found.threshold > found.passages[0]


def test_a_sentence_that_answers_by_itself_answers(connection: apsw.Connection) -> None:
    judge = SentenceJudge(0.15, FAR, SentenceReading(0.75, 0.95))
    found = _evidence(connection, judge).assess(ASKED, PASSAGES)
    assert found.verdict is SearchVerdict.ANSWERED


def test_without_such_a_sentence_it_stays_refused(connection: apsw.Connection) -> None:
    judge = SentenceJudge(0.15, FAR, SentenceReading(0.72, 0.5))
    found = _evidence(connection, judge).assess(ASKED, PASSAGES)
    assert found.verdict is not SearchVerdict.ANSWERED


@pytest.mark.parametrize("probability", [0.9, 0.001])
def test_sentences_are_read_for_doubtful_questions_alone(
    connection: apsw.Connection, probability: float
) -> None:
    judge = SentenceJudge(probability, FAR, NEAR)
    _evidence(connection, judge).assess(ASKED, PASSAGES)
    assert judge.asked == 0


def test_a_damaged_model_costs_the_sentences_alone(connection: apsw.Connection) -> None:
    found = _evidence(connection, SentenceJudge(0.15)).assess(ASKED, PASSAGES)
    assert found.verdict is not SearchVerdict.ANSWERED
    assert found.confidence == pytest.approx(0.15)
