"""Judging steps: the judge's opinion of the sentences of an answer or of passages, in parts."""

from collections.abc import Iterator

from core.library.tasks.task_context import TaskContext
from core.messages import (
    JudgePassages,
    JudgeStatements,
    PassagesJudged,
    StatementsJudged,
    StatementSupport,
)

PAIRS_A_STEP = 8
"""Some 120 ms on one core; a search waits no longer."""


def judge_statements(request: JudgeStatements, context: TaskContext) -> Iterator[bool]:
    """Judge the pairs; without a judge none is judged."""
    judge = context.judge
    supports: list[StatementSupport] = []
    for first in range(0, len(request.pairs) if judge is not None else 0, PAIRS_A_STEP):
        part = request.pairs[first : first + PAIRS_A_STEP]
        pairs = [(pair.statement, pair.evidence) for pair in part]
        found = judge.judge_statements(request.question, pairs) if judge is not None else []
        supports += [
            StatementSupport(supported=each.supported, contradicted=each.contradicted)
            for each in found
        ]
        yield True
    context.send(StatementsJudged(request_id=request.request_id, supports=tuple(supports)))
    yield True


def judge_passages(request: JudgePassages, context: TaskContext) -> Iterator[bool]:
    """Judge the texts; without a judge none is judged."""
    judge = context.judge
    probabilities: list[float] = []
    for first in range(0, len(request.texts) if judge is not None else 0, PAIRS_A_STEP):
        part = request.texts[first : first + PAIRS_A_STEP]
        probabilities += judge.answer_probabilities(request.question, part) if judge else []
        yield True
    done = PassagesJudged(request_id=request.request_id, probabilities=tuple(probabilities))
    context.send(done)
    yield True
