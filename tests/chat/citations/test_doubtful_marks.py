"""Marks that a small model's answer must not get: on what was cut, and against what is true."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import RENT, source

KITE = source(1, "Fly the Stormcock in winds from 6 to 20 knots. Never fly near power lines.")
CUT = "The monthly rent is 740 euros. It is due on the third working"


def verdicts(judgement: AnswerJudgement, *chances: SupportChance) -> list[SentenceVerdict]:
    return [each.verdict for each in judgement.result(chances).sentences]


def test_the_number_of_a_code_is_no_other_number() -> None:
    answer = "The Stormcock K-22 is designed to fly in winds of 6 to 20 knots."
    judgement = AnswerJudgement(answer, [KITE])
    assert verdicts(judgement) == [SentenceVerdict.UNSUPPORTED]


def test_another_number_of_the_same_code_contradicts() -> None:
    passage = source(1, "The Stormcock K-24 is flown in winds from 6 to 20 knots.")
    judgement = AnswerJudgement(
        "The Stormcock K-22 is flown in winds from 6 to 20 knots.", [passage]
    )
    assert verdicts(judgement) == [SentenceVerdict.CONTRADICTED]


def test_nothing_is_supported_that_is_more_likely_contradicted() -> None:
    answer = "740 euros is the monthly rent."
    chances = {
        SupportChance(0.34, 0.53): SentenceVerdict.UNSUPPORTED,
        SupportChance(0.53, 0.34): SentenceVerdict.SUPPORTED,
    }
    for chance, expected in chances.items():
        assert verdicts(AnswerJudgement(answer, [RENT]), chance) == [expected]


@pytest.mark.parametrize(("ending", "judged"), [("", 1), (" day.", 2), (" day.**", 2)])
def test_a_sentence_that_was_cut_gets_no_mark(ending: str, judged: int) -> None:
    judgement = AnswerJudgement(CUT + ending, [RENT], is_cut=True)
    assert len(verdicts(judgement)) == judged
    assert len(verdicts(AnswerJudgement(CUT + ending, [RENT]))) == 2
