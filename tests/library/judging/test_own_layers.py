"""Layers of the judge that read statements alone, and statements that need no reading."""

import pytest

from core.base.paths import resources_folder
from core.library.judging import judge_network
from core.library.judging.learned_judge import BASE_MODEL, LearnedJudge

pytestmark = pytest.mark.slow
JUDGE = resources_folder() / "judging" / "judge"
TEXT = [0, 581, 23, 1107, 2, 2, 4, 19, 250, 1081, 77, 2]
EVIDENCE = "The mill was closed in autumn. Wooden gutters are painted every summer by the pupils."


def test_torch_and_numpy_read_statements_with_the_same_layers() -> None:
    files = (
        resources_folder() / "models" / BASE_MODEL / "model.safetensors",
        (JUDGE / "judge.safetensors"),
    )
    fast, plain = judge_network.load_network(*files), judge_network.load_numpy_network(*files)
    for head in ("answer", "support"):
        [one] = judge_network.score_texts(fast, [TEXT], head)
        [other] = judge_network.score_in_numpy(plain, [TEXT], head)
        assert all(abs(a - b) < 0.2 for a, b in zip(one, other, strict=True))


def test_a_whole_sentence_of_the_evidence_is_supported() -> None:
    judge = LearnedJudge(JUDGE)
    verbatim = "Wooden gutters are painted every summer by the pupils."
    part = "gutters are painted every summer by the pupils."
    first, second = judge.judge_statements("", [(verbatim, EVIDENCE), (part, EVIDENCE)])
    assert first.supported > 0.95
    assert second != first
