"""The judge that ships, on texts that nobody trained it with: coarse right and wrong."""

import shutil
from pathlib import Path

import pytest

from core.base.error_codes import ErrorCode
from core.base.errors import LibraryError
from core.base.paths import judge_model
from core.library.judging.learned_judge import LearnedJudge

pytestmark = pytest.mark.slow

JUDGE = judge_model()
FERRY = (
    "The ferry to Brennholm leaves the north quay at 7:40 and 18:15, on Sundays only at 10:00. "
    "A return ticket costs 26 crowns; children under six travel free. Bicycles are not allowed."
)
BREAD = "Knead the dough for ten minutes and let it rest overnight in a cold place."


@pytest.fixture(scope="module")
def judge() -> LearnedJudge:
    return LearnedJudge(JUDGE)


def test_a_passage_that_answers_is_told_from_one_that_does_not(judge: LearnedJudge) -> None:
    answering, other = judge.answer_probabilities(
        "How much is a return ticket for the ferry?", [FERRY, BREAD]
    )
    assert answering > 0.7
    assert other < 0.5


def test_a_statement_is_supported_contradicted_or_neither(judge: LearnedJudge) -> None:
    question = "How much is a return ticket for the ferry?"
    right, wrong, elsewhere = judge.judge_statements(
        question,
        [
            ("A return ticket costs 26 crowns.", FERRY),
            ("A return ticket costs 62 crowns.", FERRY),
            ("A return ticket costs 26 crowns.", BREAD),
        ],
    )
    assert right.supported > 0.5
    assert wrong.contradicted > wrong.supported
    assert elsewhere.supported < 0.2
    assert elsewhere.contradicted < 0.5


def test_another_language_is_read_too(judge: LearnedJudge) -> None:
    answering, other = judge.answer_probabilities(
        "Was kostet eine Rückfahrkarte für die Fähre?", [FERRY, BREAD]
    )
    assert answering > other


def test_the_order_of_passages_does_not_matter(judge: LearnedJudge) -> None:
    long = " ".join([BREAD] * 4)
    texts = [FERRY, long, BREAD, "", FERRY]
    there = judge.answer_probabilities("When does the ferry leave on Sundays?", texts)
    back = judge.answer_probabilities("When does the ferry leave on Sundays?", texts[::-1])
    assert there == pytest.approx(back[::-1], abs=0.05)
    assert judge.answer_probabilities("Anything?", []) == []
    assert judge.judge_statements("Anything?", []) == []


def test_a_damaged_or_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError) as refused:
        LearnedJudge(tmp_path)
    assert refused.value.code is ErrorCode.EMBEDDER_MISSING
    shutil.copytree(JUDGE, tmp_path / "judge")
    with (tmp_path / "judge" / "judge.safetensors").open("r+b") as weights:
        weights.seek(5000)
        weights.write(b"damaged")
    with pytest.raises(LibraryError) as refused:
        LearnedJudge(tmp_path / "judge").answer_probabilities("Is it whole?", [FERRY])
    assert refused.value.code is ErrorCode.EMBEDDER_MISSING


def test_without_the_model_it_goes_on_from_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.library.judging.learned_judge.resources_folder", lambda: tmp_path)
    with pytest.raises(LibraryError) as refused:
        LearnedJudge(JUDGE).answer_probabilities("Is it there?", [FERRY])
    assert refused.value.code is ErrorCode.EMBEDDER_MISSING
    with pytest.raises(LibraryError) as refused:
        LearnedJudge(JUDGE).judge_statements("", [("It is there.", FERRY)])
    assert refused.value.code is ErrorCode.EMBEDDER_MISSING
