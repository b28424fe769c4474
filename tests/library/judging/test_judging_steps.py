"""The judge's opinion of many texts, told in parts so that a search may come between."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.library.tasks.judging_steps import PAIRS_A_STEP, judge_passages
from core.library.tasks.task_context import TaskContext
from core.messages import JudgePassages, PassagesJudged
from tests.library.search.test_foreign_questions import RentJudge


@pytest.mark.parametrize(("judge", "steps"), [(RentJudge(), 4), (None, 1)])
def test_each_text_gets_its_probability(judge: RentJudge | None, steps: int) -> None:
    sent: list[Any] = []
    others = [f"text {n}" for n in range(2 * PAIRS_A_STEP)]
    texts = (*others, "The rent is due.")
    context = cast("TaskContext", SimpleNamespace(judge=judge, send=sent.append))
    request = JudgePassages(request_id="r", question="When is rent due?", texts=texts)
    assert len(list(judge_passages(request, context))) == steps
    (done,) = sent
    assert isinstance(done, PassagesJudged)
    expected = () if judge is None else (*[0.02] * (2 * PAIRS_A_STEP), 0.9)
    assert done.probabilities == expected
