"""Nearness of sentences by the model that ships: other words, two ways of computing."""

import pytest

from core.base.paths import judge_model, resources_folder
from core.library.judging.learned_judge import BASE_MODEL, LearnedJudge
from core.library.judging.sentence_nearness import SentenceNearness
from core.library.text.embedder_token_counter import shared_token_counter

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


def test_torch_and_numpy_agree() -> None:
    folder = resources_folder() / "models" / BASE_MODEL
    nearness = [
        SentenceNearness(folder / "model.safetensors", shared_token_counter(folder)).cosines(
            ASKED, [RULES, BREAD], with_torch=with_torch
        )
        for with_torch in (False, True)
    ]
    assert nearness[0] == pytest.approx(nearness[1], abs=0.01)
