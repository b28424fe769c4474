"""The sentences of an answer are judged at its end; unproven ones may be written again or go."""

from typing import Any

from core.base.errors import ErrorCode
from core.chat.answering.answer_judging import JUDGING_SECONDS
from core.chat.answering.answer_run import AnswerRun
from core.messages import (
    Failed,
    JudgeOpened,
    JudgeStatements,
    StatementsJudged,
    StatementSupport,
)
from tests.chat.answer_bench import AnswerBench, done, fitted, hit

PASSAGE = "The lease was signed in 1981. The monthly rent is 740 euros."
RIGHT, WRONG, FOREIGN = (
    "The monthly rent is 740 euros.",
    "The lease was signed in 1982.",
    "Penguins live in the Antarctic.",
)


def answered(bench: AnswerBench, text: str, **more: Any) -> AnswerRun:
    """Return an answer from one passage whose model has just ended."""
    answer = bench.ask("What is the rent?", folder_ids=("f",), **more)
    bench.found(hit(1, PASSAGE))
    bench.engine_says(fitted(answer, (1,)))
    bench.engine_says(done(answer, text))
    return answer


def judged(bench: AnswerBench, *supports: tuple[float, float]) -> None:
    """Let the judge answer what it was asked last."""
    request = bench.library.last_sent(JudgeStatements)
    found = tuple(StatementSupport(supported=one, contradicted=two) for one, two in supports)
    bench.library_says(StatementsJudged(request_id=request.request_id, supports=found))


def verdicts(bench: AnswerBench, answer: AnswerRun) -> list[str]:
    return [each.verdict.value for each in bench.saved(answer).sentences]


def test_without_a_judge_the_rules_alone_judge(bench: AnswerBench) -> None:
    answer = answered(bench, f"{RIGHT} {WRONG} {FOREIGN}")
    assert answer.has_ended
    assert bench.library.all_sent(JudgeStatements) == []
    assert verdicts(bench, answer) == ["supported", "contradicted", "unsupported"]
    assert bench.told[-1].sentences == bench.saved(answer).sentences


def test_an_installed_judge_is_asked_at_the_end(bench: AnswerBench) -> None:
    bench.library_says(JudgeOpened(name="judge"))
    answer = answered(bench, "Animals may not come in.")
    assert not answer.has_ended
    assert not answer.is_computing
    request = bench.library.last_sent(JudgeStatements)
    assert request.question == "What is the rent?"
    (pair,) = request.pairs
    assert (pair.statement, pair.evidence) == ("Animals may not come in.", PASSAGE)
    judged(bench, (0.9, 0.05))
    assert answer.has_ended
    assert verdicts(bench, answer) == ["supported"]
    assert bench.saved(answer).sentences[0].support == 0.9


def test_a_judge_that_takes_too_long_or_fails_is_not_waited_for(bench: AnswerBench) -> None:
    bench.library_says(JudgeOpened(name="judge"))
    late = answered(bench, RIGHT)
    bench.now += JUDGING_SECONDS
    late.check_deadlines()
    assert verdicts(bench, late) == ["supported"]
    failing = answered(bench, WRONG)
    request_id = bench.library.last_sent(JudgeStatements).request_id
    bench.library_says(Failed(request_id=request_id, code=ErrorCode.LIBRARY_DIED))
    assert verdicts(bench, failing) == ["contradicted"]


def test_an_unproven_answer_is_written_again_with_the_contradiction_named(
    bench: AnswerBench,
) -> None:
    answer = answered(bench, f"{RIGHT} {WRONG}", only_proven=True)
    assert not answer.has_ended
    again = bench.generated[-1]
    assert again.request_id == bench.generated[0].request_id
    assert WRONG in again.turns[-1].text
    assert "The lease was signed in 1981." in again.turns[-1].text
    bench.engine_says(fitted(answer, (1,), sent="sent, and what was wrong"))
    bench.engine_says(done(answer, RIGHT))
    assert answer.has_ended
    saved = bench.saved(answer)
    assert (saved.text, saved.note) == (RIGHT, "")
    assert answer.draft.question.sent == "sent", "the next turn knows of no correction"
    assert saved.token_ids == (1, 2)


def test_what_stays_unproven_is_left_out_and_told(bench: AnswerBench) -> None:
    answer = answered(bench, FOREIGN, only_proven=True)
    for text in (FOREIGN, f"{WRONG} {RIGHT} {FOREIGN}"):
        bench.engine_says(fitted(answer, (1,)))
        bench.engine_says(done(answer, text))
    assert answer.has_ended
    assert len(bench.generated) == 3
    saved = bench.saved(answer)
    assert (saved.text, saved.raw, saved.token_ids) == (RIGHT, RIGHT, ())
    assert saved.note == "2 sentences left out: not in your documents."
    assert saved.statistics.left_out == 2
    (sentence,), (citation,) = saved.sentences, saved.citations
    assert saved.text[sentence.start : sentence.end] == RIGHT
    assert saved.text[citation.start : citation.end] == RIGHT


def test_an_answer_of_which_nothing_is_proven_says_so(bench: AnswerBench) -> None:
    answer = answered(bench, FOREIGN, only_proven=True)
    for _time in range(2):
        bench.engine_says(fitted(answer, (1,)))
        bench.engine_says(done(answer, FOREIGN))
    saved = bench.saved(answer)
    assert saved.text == "Nothing of the answer was in your documents."
    assert (saved.sentences, saved.citations) == ((), ())


def test_a_stopped_answer_is_not_written_again(bench: AnswerBench) -> None:
    answer = bench.ask("What is the rent?", folder_ids=("f",), only_proven=True)
    bench.found(hit(1, PASSAGE))
    bench.engine_says(fitted(answer, (1,)))
    answer.stop()
    bench.engine_says(done(answer, f"{RIGHT} {WRONG}", stop="cancelled"))
    assert answer.has_ended
    assert len(bench.generated) == 1
    assert bench.saved(answer).text == RIGHT
