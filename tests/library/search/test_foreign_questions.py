"""Questions in another language than the passages: the judge ranks them and decides alone."""

from collections.abc import Sequence

import pytest

from core.base.errors import ErrorCode, LibraryError
from core.library.judging.judge import SentenceReading, Support
from core.library.search.foreign_questions import (
    ANSWERED,
    MOST_READ,
    ON_TOPIC,
    ForeignQuestionReranker,
    assess_by_judge,
    foreign_question_reranker,
    is_foreign,
)
from core.messages import SearchVerdict

RENT = "The rent of the flat is to be paid on the third day of the month."
PUMP = "The pump in the garden was repaired by the members in spring."
ASKED = "Wann ist die Miete für die Wohnung zu zahlen?"


class RentJudge:
    """A judge that knows what is about rent."""

    name = "rent"

    def __init__(self) -> None:
        self.read: list[str] = []
        self.is_broken = False

    def answer_probabilities(self, _question: str, passages: Sequence[str]) -> list[float]:
        if self.is_broken:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path="judge")
        self.read += passages
        return [0.9 if "rent " in text else 0.02 for text in passages]

    def sentence_cosines(self, _question: str, passages: Sequence[str]) -> list[float]:
        return [0.0 for _passage in passages]

    def read_sentences(
        self, _question: str, passages: Sequence[tuple[str, str]]
    ) -> list[SentenceReading]:
        return [SentenceReading(0.0, 0.5) for _passage in passages]

    def judge_statements(
        self, _question: str, statements: Sequence[tuple[str, str]]
    ) -> list[Support]:
        return [Support(0.0, 0.0) for _pair in statements]


@pytest.mark.parametrize(
    ("question", "texts", "foreign"),
    [
        (ASKED, [RENT, PUMP], True),
        ("When is the rent of the flat to be paid?", [RENT, PUMP], False),
        (ASKED, [RENT, "Die Miete ist am dritten Tag des Monats zu zahlen."], False),
        ("Miete?", [RENT], False),
        (ASKED, ["E18 | 40 | 1400"], False),
        (ASKED, [], False),
        ("किराया कितना है?", [RENT], True),
    ],
)
def test_a_question_is_foreign_where_no_text_is_in_its_language(
    question: str, texts: list[str], foreign: bool
) -> None:
    assert is_foreign(question, texts) is foreign


def test_the_judge_ranks_what_words_and_cosines_cannot() -> None:
    judge, texts = RentJudge(), dict.fromkeys(range(2 * MOST_READ), PUMP) | {MOST_READ - 1: RENT}
    scores = {n: 1 - n / 1000 for n in texts}
    ranked = ForeignQuestionReranker(judge).rerank(ASKED, scores, texts.__getitem__)
    assert next(iter(ranked)) == MOST_READ - 1
    assert len(ranked) == len(scores)
    assert list(ranked.values()) == sorted(ranked.values(), reverse=True)
    assert len(judge.read) == MOST_READ


def test_other_questions_are_left_to_words_and_cosines() -> None:
    judge, scores = RentJudge(), {1: 0.5, 2: 0.9}
    reranker = ForeignQuestionReranker(judge)
    asked = "When is the rent of the flat to be paid?"
    assert reranker.rerank(asked, scores, {1: RENT, 2: PUMP}.__getitem__) == scores
    assert reranker.rerank(ASKED, {}, str) == {}
    assert not judge.read


def test_what_there_is_no_time_for_stays_behind() -> None:
    judge, times = RentJudge(), iter([0.0, 100.0, 100.0])
    scores = {n: 1 - n / 1000 for n in range(30)}
    reranker = ForeignQuestionReranker(judge, lambda: next(times))
    ranked = reranker.rerank(ASKED, scores, lambda n: RENT if n == 7 else PUMP)
    assert next(iter(ranked)) == 7
    assert list(ranked)[-1] == 29
    assert len(judge.read) == 8


def test_a_judge_that_fails_is_not_asked_again() -> None:
    judge = RentJudge()
    judge.is_broken = True
    reranker = ForeignQuestionReranker(judge)
    assert reranker.rerank(ASKED, {1: 0.5}, lambda _n: RENT) == {1: 0.5}
    judge.is_broken = False
    assert reranker.rerank(ASKED, {1: 0.5}, lambda _n: RENT) == {1: 0.5}


def test_the_verdict_is_the_judges_alone() -> None:
    found = assess_by_judge([0.01, 0.6], 3)
    assert found.verdict is SearchVerdict.ANSWERED
    assert found.confidence == max(found.passages)
    assert found.passages[0] == found.passages[2] < ON_TOPIC < ANSWERED < found.confidence
    assert assess_by_judge([0.25], 1).verdict is SearchVerdict.ON_TOPIC
    assert assess_by_judge([0.1], 1).verdict is SearchVerdict.NOTHING


def test_a_multilingual_embedder_needs_no_such_ranking() -> None:
    assert foreign_question_reranker(RentJudge(), multilingual=True) is None
    assert foreign_question_reranker(None, multilingual=False) is None
    assert foreign_question_reranker(RentJudge(), multilingual=False) is not None
