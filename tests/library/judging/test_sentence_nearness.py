"""Nearness of sentences by the model that ships: other words."""

import pytest

from core.base.paths import judge_model
from core.library.judging.learned_judge import LearnedJudge

pytestmark = pytest.mark.slow

ASKED = "What do I owe for going there and back by boat?"
RULES = (
    "The ferry leaves the north quay at 7:40. A return ticket costs 26 crowns. Bicycles are not"
    " allowed."
)
BREAD = "Knead the dough for ten minutes. Let it rest overnight in a cold place."


def test_what_is_said_in_other_words_is_nearer() -> None:
    near, far, empty = LearnedJudge(judge_model()).sentence_cosines(ASKED, [RULES, BREAD, ""])
    assert near > far > empty == 0.0


def test_the_sentence_that_answers_is_surer_alone_than_one_that_does_not() -> None:
    judge = LearnedJudge(judge_model())
    asked = "What does a return ticket of the ferry cost?"
    near, far, empty = judge.read_sentences(
        asked, [("ferry", RULES), ("bread", BREAD), ("empty", "")]
    )
    assert near.cosine > far.cosine > empty.cosine == 0.0
    assert near.probability > far.probability
    assert near.cosine == judge.sentence_cosines(asked, [RULES])[0]
