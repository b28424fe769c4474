"""Statement judging: the judge's supports for the sentences of an answer, a few pairs a step."""

from collections.abc import Iterator

from core.library.tasks.task_context import TaskContext
from core.messages import JudgeStatements, StatementsJudged, StatementSupport

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
