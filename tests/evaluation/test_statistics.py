"""Intervals, paired comparisons and calibration."""

import random

import pytest

from core.evaluation.answer_record import AnswerRecord
from core.evaluation.answer_set import SetQuestion
from core.evaluation.bootstrap import compare_pairs, estimate_mean, sign_test
from core.evaluation.calibration import measure_calibration
from core.evaluation.evaluation_summary import compare_runs, count_refusals
from core.evaluation.question_sample import sample_questions


def test_an_interval_is_as_wide_as_theory_says() -> None:
    values = [1.0] * 60 + [0.0] * 40
    found = estimate_mean(values)
    assert found.mean == pytest.approx(0.6)
    assert found.low == pytest.approx(0.6 - 0.096, abs=0.015)
    assert found.high == pytest.approx(0.6 + 0.096, abs=0.015)
    assert found == estimate_mean(values)
    assert estimate_mean([0.5]).low == 0.5


def test_pairs_are_compared_by_question() -> None:
    drawn = random.Random(1)
    first = [drawn.random() for _ in range(200)]
    found = compare_pairs(first, [each + 0.1 for each in first])
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)
    assert (found.better, found.worse, found.equal) == (200, 0, 0)
    assert found.p < 1e-9
    assert compare_pairs([1, 0], [0, 1]).p == 1


def test_the_sign_test_is_the_textbook_s() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(9, 1) == pytest.approx(2 * 11 / 1024)
    assert sign_test(5, 5) == 1


def test_calibration_of_what_is_known() -> None:
    pairs = [(0.95, True)] * 19 + [(0.95, False)] + [(0.25, True)] * 5 + [(0.25, False)] * 15
    found = measure_calibration(pairs)
    assert found
    assert found.error == pytest.approx(0)
    assert [each.count for each in found.bins] == [20, 20]
    wrong = measure_calibration([(1.0, False)] * 4)
    assert wrong
    assert wrong.error == wrong.brier == 1
    assert measure_calibration([]) is None


def record(number: int, reply: str, **changes: object) -> AnswerRecord:
    fields = {"id": str(number), "question": "?", "answers": ("yes",), "reply": reply, **changes}
    return AnswerRecord(**fields)  # type: ignore[arg-type]


def test_runs_are_compared_on_what_both_answered() -> None:
    first = [record(n, "no", scores={"token_f1": 0.0}) for n in range(8)]
    second = [record(n, "yes", scores={"token_f1": 1.0}) for n in range(8)]
    second[7] = record(7, "", problem="It failed.")
    found = compare_runs(first, second)
    assert set(found) == {"right", "token_f1"}
    assert found["right"].mean == 1
    assert found["right"].count == 7
    assert compare_runs(first, []) == {}


def test_the_refusal_table() -> None:
    records = [
        record(1, "yes"),
        record(2, "", is_refused=True),
        record(3, "", is_refused=True, answerable=False),
        record(4, "yes", answerable=False),
        record(5, "yes", answerable=False),
    ]
    table = count_refusals(records)
    assert table.balanced_accuracy == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert count_refusals(records[:1]).balanced_accuracy is None


def test_a_sample_keeps_both_sides() -> None:
    questions = [SetQuestion(id=str(n), question="?", is_answerable=n % 4 != 0) for n in range(100)]
    drawn = sample_questions(questions, 20, 3)
    assert drawn == sample_questions(questions, 20, 3)
    assert sum(each.is_answerable for each in drawn) == 15
    assert [int(each.id) for each in drawn] == sorted(int(each.id) for each in drawn)
    assert sample_questions(questions, 0, 1) == tuple(questions)
