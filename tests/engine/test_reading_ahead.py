"""What a prompt will begin with is read while nobody waits, and gives way to what is asked."""

import pytest

from core.engine.llama.request_interrupts import Interrupts
from core.engine.runtime.answer_job import ExpectedPrompt
from core.engine.runtime.slot_pool import AHEAD_TOKENS
from core.messages import Adapter
from tests.engine.fake_context import FakeContext
from tests.engine.scheduling import Bench, following

PAST = list(range(300, 300 + 3 * AHEAD_TOKENS))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def read_all(bench: Bench) -> int:
    """Return how many batches it took."""
    batches = 0
    while bench.scheduler.pool.read_ahead():
        batches += 1
    return batches


def test_an_expected_past_is_read_in_small_batches_without_logits(bench: Bench) -> None:
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(PAST, "", "chat"))
    assert not bench.scheduler.has_work
    assert read_all(bench) == 3
    assert all(logits == 0 for batch in bench.context.batches for _s, _count, logits in batch)
    assert not bench.scheduler.pool.can_read_ahead
    bench.job("next", [*PAST, 7, 8], folder="chat")
    bench.run()
    assert bench.cached["next"] == len(PAST)
    assert bench.written["next"] == following([8])


def test_what_is_no_whole_batch_is_read_with_the_question(bench: Bench) -> None:
    """Few rows are computed otherwise than many: the answer would be another one."""
    past = PAST[:-1]
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(past, "", "chat"))
    assert read_all(bench) == 2
    bench.job("next", [*past, 7], folder="chat")
    bench.run()
    assert bench.cached["next"] == 2 * AHEAD_TOKENS
    assert bench.context.batches[2] == [(0, AHEAD_TOKENS, 1)]


def test_what_the_past_has_in_common_with_what_is_there_is_not_read_again(bench: Bench) -> None:
    system, early = list(range(40)), list(range(500, 560))
    bench.job("first", [*system, *early], folder="chat")
    bench.run()
    bench.context.batches.clear()
    bench.scheduler.pool.expect_prompt(ExpectedPrompt([*system, *PAST], "", "chat"))
    read_all(bench)
    assert sum(count for batch in bench.context.batches for _s, count, _l in batch) == len(PAST)


def test_a_question_takes_what_was_read_by_then(bench: Bench) -> None:
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(PAST, "", "chat"))
    assert bench.scheduler.pool.read_ahead()
    bench.job("next", [*PAST, 7], folder="chat")
    bench.run()
    assert bench.cached["next"] == AHEAD_TOKENS
    assert bench.written["next"] == following([7])


def test_an_interruption_keeps_what_was_read_before(bench: Bench) -> None:
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(PAST, "", "chat"))
    bench.scheduler.pool.read_ahead()
    bench.context.aborts = 1
    assert bench.scheduler.pool.read_ahead()
    assert bench.context.cells[0] == PAST[:AHEAD_TOKENS]
    assert bench.scheduler.pool.can_read_ahead, "it goes on when nobody waits again"


def test_another_chat_ends_it(bench: Bench) -> None:
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(PAST, "", "chat"))
    bench.scheduler.pool.read_ahead()
    bench.job("other", [1, 2, 3], folder="other")
    bench.run()
    assert not bench.scheduler.pool.can_read_ahead
    assert bench.written["other"] == following([3])


def test_a_past_is_read_with_the_adapters_of_its_chat(bench: Bench) -> None:
    bent = (Adapter(path="a.gguf"),)
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(PAST, "bent", "chat", bent))
    read_all(bench)
    assert bench.context.attached[-1] == bent


def test_a_past_is_read_in_the_context_that_came_meanwhile(bench: Bench) -> None:
    bench.scheduler.pool.expect_prompt(ExpectedPrompt(PAST, "before", "chat"))
    bench.scheduler.pool.read_ahead()
    bench.scheduler.replace_context(FakeContext(), {"before": "after"})  # type: ignore[arg-type]
    read_all(bench)
    bench.job("next", [*PAST, 7], key="after", folder="chat")
    bench.run()
    assert bench.cached["next"] == len(PAST)


def test_an_arrival_interrupts_idle_work_alone() -> None:
    interrupts = Interrupts()
    interrupts.note_arrival()
    assert not interrupts.flag.is_set, "an answer goes on while others are asked for"
    with interrupts.idle_work():
        interrupts.note_arrival()
        assert interrupts.flag.is_set
    assert not interrupts.flag.is_set


def test_a_cancel_still_counts_after_idle_work() -> None:
    interrupts = Interrupts()
    interrupts.begin_request("one")
    with interrupts.idle_work():
        interrupts.note_cancel("one")
    assert interrupts.flag.is_set
    assert interrupts.due_requests == {"one"}
    interrupts.end_request("one")
    assert not interrupts.flag.is_set
