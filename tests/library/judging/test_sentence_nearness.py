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
