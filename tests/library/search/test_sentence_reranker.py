"""The first passages of a ranking in the order of their nearest sentences."""

from collections.abc import Sequence

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import judge_model
from core.library.judging.judge import SentenceReading, Support
from core.library.judging.learned_judge import LearnedJudge
from core.library.search.sentence_reranker import (
    MOST_CHARACTERS,
    MOST_READ,
    REACH,
    SentenceReranker,
    sentence_reranker,
)

TEXTS = {1: "The pump was repaired.", 2: "Three months before you leave.", 3: "Hens, at most six."}


class MonthsJudge:
    """A judge for whom months are near."""

    name = "months"

    def __init__(self) -> None:
        self.compared: list[str] = []
        self.is_broken = False

    def answer_probabilities(self, _question: str, passages: Sequence[str]) -> list[float]:
        raise AssertionError(passages)

    def sentence_cosines(self, _question: str, passages: Sequence[str]) -> list[float]:
        self.compared += passages
        if self.is_broken:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path="judge")
        return [0.9 if "months" in text else 0.82 for text in passages]

    def read_sentences(
        self, _question: str, passages: Sequence[tuple[str, str]]
    ) -> list[SentenceReading]:
        raise AssertionError(passages)

    def judge_statements(
        self, _question: str, statements: Sequence[tuple[str, str]]
    ) -> list[Support]:
        raise AssertionError(statements)


def test_the_nearest_sentence_comes_first_and_scores_stay_in_order() -> None:
    ranked = SentenceReranker(MonthsJudge()).rerank(
        "How early?", {1: 0.9, 2: 0.6, 3: 0.5}, TEXTS.__getitem__
    )
    assert list(ranked.items()) == [(2, 0.9), (1, 0.6), (3, 0.5)]


def test_what_is_out_of_reach_is_neither_compared_nor_moved() -> None:
    judge = MonthsJudge()
    scores = {1: 0.9, 3: 0.8, 2: 0.89 - REACH}
    assert list(SentenceReranker(judge).rerank("How early?", scores, TEXTS.__getitem__)) == [
        1,
        3,
        2,
    ]
    assert judge.compared == [TEXTS[1], TEXTS[3]]


def test_where_one_passage_is_far_ahead_none_is_compared() -> None:
    judge = MonthsJudge()
    scores = {1: 0.95, 2: 0.95 - 1.1 * REACH}
    assert SentenceReranker(judge).rerank("How early?", scores, TEXTS.__getitem__) == scores
    assert SentenceReranker(judge).rerank("How early?", {}, TEXTS.__getitem__) == {}
    assert not judge.compared


def test_so_much_is_compared_and_no_more() -> None:
    judge, scores = MonthsJudge(), {n: 1.0 - n / 1000 for n in range(100)}
    ranked = SentenceReranker(judge).rerank("How early?", scores, lambda n: f"Text {n}.")
    assert len(judge.compared) == MOST_READ
    assert list(ranked) == list(scores)
    judge.compared.clear()
    SentenceReranker(judge).rerank("How early?", scores, lambda _n: "x" * (MOST_CHARACTERS // 2))
    assert len(judge.compared) == 2


def test_a_judge_that_can_not_be_used_leaves_the_order() -> None:
    judge, scores = MonthsJudge(), {1: 0.9, 2: 0.8}
    judge.is_broken = True
    reranker = SentenceReranker(judge)
    for _search in range(2):
        assert reranker.rerank("How early?", scores, TEXTS.__getitem__) == scores
    assert len(judge.compared) == 2, "it was asked once"
    assert sentence_reranker(None) is None


def test_the_real_judge_finds_what_is_said_in_other_words() -> None:
    texts = {
        1: "The early train is moving out of the station at six. Owners of dogs tell the guard.",
        2: "The rent is 742 euros. Heating stays at 85. Please write to me three months before the"
        " end of a month if you want to leave. The keys are in the shop.",
        3: "Early potatoes are planted out in March and moved in April.",
    }
    scores = {1: 0.95, 3: 0.7, 2: 0.6}
    ranked = SentenceReranker(LearnedJudge(judge_model())).rerank(
        "How early must I tell the owner that I'm moving out?", scores, texts.__getitem__
    )
    assert next(iter(ranked)) == 2
