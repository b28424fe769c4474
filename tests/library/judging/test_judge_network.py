"""The judge's network in eight bits reads as it does in float32, and what needs no reading."""

import numpy as np
import pytest

from core.base.paths import judge_model
from core.library.judging.judge_network import BaseModel, JudgeNetwork
from core.library.judging.learned_judge import LearnedJudge
from core.library.text.embedder_token_counter import shared_token_counter
from tests.library.judging.float_judge import BASE_FILE, JUDGE_FILE, float_mean, float_scores

pytestmark = pytest.mark.slow

EVIDENCE = "The mill was closed in autumn. Wooden gutters are painted every summer by the pupils."
TEXTS = [
    "When was the mill closed?",
    "Who paints the gutters? " + EVIDENCE,
    "Wann wurde die Mühle geschlossen? " + EVIDENCE * 3,
    "7, 8, 9",
]


@pytest.fixture(scope="module")
def texts() -> list[list[int]]:
    counter = shared_token_counter(BASE_FILE.parent)
    return [[0, *counter.text_ids(text)[:180], 2] for text in TEXTS]


@pytest.mark.parametrize("head", ["answer", "support"])
def test_eight_bits_score_as_float32_does(texts: list[list[int]], head: str) -> None:
    network = JudgeNetwork(BaseModel(BASE_FILE), JUDGE_FILE)
    found = network.score_texts(texts, head)
    for text, scores in zip(texts, found, strict=True):
        assert scores == pytest.approx(float_scores(text, head), abs=0.15)


def test_a_score_does_not_depend_on_the_texts_beside_it(texts: list[list[int]]) -> None:
    network = JudgeNetwork(BaseModel(BASE_FILE), JUDGE_FILE)
    together = network.score_texts(texts, "answer")
    assert together == [network.score_texts([text], "answer")[0] for text in texts]


def test_sentences_have_the_vectors_of_float32(texts: list[list[int]]) -> None:
    found = BaseModel(BASE_FILE).mean_vectors(texts)
    for text, mean in zip(texts, found, strict=True):
        exact = float_mean(text)
        cosine = mean @ exact / np.linalg.norm(mean) / np.linalg.norm(exact)
        assert float(cosine) > 0.995


def test_a_whole_sentence_of_the_evidence_is_supported() -> None:
    judge = LearnedJudge(judge_model())
    verbatim = "Wooden gutters are painted every summer by the pupils."
    part = "gutters are painted every summer by the pupils."
    first, second = judge.judge_statements("", [(verbatim, EVIDENCE), (part, EVIDENCE)])
    assert first.supported > 0.95
    assert second != first
