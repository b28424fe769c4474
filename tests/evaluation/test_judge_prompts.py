"""Grades and preferences as models write them, and both orders put together."""

import pytest

from core.evaluation.judge_prompts import (
    combine_grades,
    combine_preferences,
    read_grade,
    read_preference,
)


@pytest.mark.parametrize(
    ("reply", "grade"),
    [
        ('{"grade": 4}', 4),
        ("Grade: 2 of 5", 2),
        ("I would say 3.", 3),
        ('{"grade": 9}', None),
        ("10/10", None),
        ("", None),
    ],
)
def test_a_grade_is_read(reply: str, grade: int | None) -> None:
    assert read_grade(reply) == grade


def test_grades_become_a_score() -> None:
    assert combine_grades([5, 4]) == pytest.approx(0.875)
    assert combine_grades([1, 1]) == 0
    assert combine_grades([5, None]) is None


@pytest.mark.parametrize(
    ("first", "swapped", "preferred"),
    [
        ("A", "B", 1),
        ("B", "A", -1),
        ("A", "A", 0),
        ("equal", "equal", 0),
        ("A", "equal", 0),
        ("", "B", None),
    ],
)
def test_a_preference_holds_in_both_orders(first: str, swapped: str, preferred: int | None) -> None:
    assert combine_preferences(first, swapped) == preferred


def test_a_preference_is_read() -> None:
    assert read_preference('{"better": "B"}') == "B"
    assert read_preference("Answer A is better.") == "A"
    assert read_preference("both") == ""
