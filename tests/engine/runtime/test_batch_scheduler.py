"""Which tokens are evaluated when: several answers, shared beginnings, stops, and too few cells."""

from pathlib import Path

import pytest

from core.engine.runtime.batch_scheduler import SLOTS_FOR_ANSWERS
from core.messages import Adapter
from tests.engine.fake_context import FakeContext, FakeSampler
from tests.engine.scheduling import Bench, following


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_answer_is_read_once_and_written_token_by_token(bench: Bench) -> None:
    prompt = list(range(100))
    bench.job("a", prompt, limit=5)
    bench.run()
    assert bench.written["a"] == following(prompt, 5)
    assert bench.ended == {"a": "length"}
    # 64 tokens fit a batch; only the prompt's last one needs logits.
    assert bench.context.batches == [[(0, 64, 0)], [(0, 36, 1)]] + [[(0, 1, 1)]] * 4


def test_answers_are_written_together(bench: Bench) -> None:
    for name in "abc":
        bench.job(name, [ord(name)], limit=4)
    bench.run()
    assert bench.written == {name: following([ord(name)], 4) for name in "abc"}
    assert [len(batch) for batch in bench.context.batches] == [3, 3, 3, 3]


def test_a_choice_knows_how_many_choose_from_its_batch(bench: Bench) -> None:
    """A prompt that is read in part chooses nothing."""
    jobs = [bench.job(name, [ord(name)], limit=2) for name in "abc"]
    jobs.append(bench.job("long", list(range(200, 400)), limit=1))
    bench.run()
    samplers = [job.sampler for job in jobs]
    assert all(isinstance(each, FakeSampler) for each in samplers)
    seen = [each.choices for each in samplers if isinstance(each, FakeSampler)]
    assert seen == [[3, 3], [3, 3], [3, 3], [1]]


def test_a_long_prompt_is_read_in_slices_between_the_tokens_of_another(bench: Bench) -> None:
    bench.job("writer", [1], limit=30)
    bench.scheduler.run_batch()
    bench.job("reader", list(range(200, 400)), limit=1)
    bench.run()
    both = [batch for batch in bench.context.batches if len(batch) == 2]
    assert len(both) > 3, "the prompt was read at once"
    assert all((0, 1, 1) in batch for batch in both), "the writer had to wait"


def test_a_follow_up_evaluates_only_what_is_new(bench: Bench) -> None:
    prompt = list(range(50))
    bench.job("a", prompt)
    bench.run()
    longer = [*prompt, *bench.written["a"], 500, 501]
    bench.job("b", longer)
    bench.run()
    # The last token that was written never was evaluated.
    assert bench.cached == {"a": 0, "b": len(longer) - 3}
    assert bench.written["b"] == following(longer)


def test_samples_of_one_question_read_it_once(bench: Bench) -> None:
    prompt = list(range(100))
    for name in "abcd":
        bench.job(name, prompt)
    bench.run()
    read = sum(tokens for batch in bench.context.batches for _s, tokens, _l in batch)
    assert read == 100 + 3 + 4 * 9, "100 once, the last token for each other, nine of each answer"
    assert bench.cached == {"a": 0, "b": 99, "c": 99, "d": 99}
    assert all(bench.written[name] == following(prompt) for name in "abcd")


def test_a_chat_that_was_left_comes_back_without_being_read(bench: Bench) -> None:
    first, other = list(range(100)), list(range(300, 400))
    bench.job("a", first, folder="one")
    bench.run()
    bench.job("b", other, folder="two")
    bench.run()
    assert bench.context.cells[0] == [] or bench.context.cells[1] == []
    again = [*first, *bench.written["a"], 7]
    bench.job("c", again, folder="one")
    bench.run()
    assert bench.cached["c"] == len(again) - 2
    assert bench.written["c"] == following(again)


def test_what_is_waited_for_cannot_be_read_by_another_adapter(bench: Bench) -> None:
    prompt = list(range(100))
    bent = (Adapter(path="a.gguf"),)
    bench.job("plain", prompt)
    bench.job("bent", prompt, key="bent", adapters=bent)
    bench.run()
    assert bench.cached == {"plain": 0, "bent": 0}
    assert all(len(batch) == 1 for batch in bench.context.batches), "adapters were mixed"
    assert bent in bench.context.attached
    assert bench.written["plain"] == bench.written["bent"] == following(prompt)


def test_a_stop_ends_one_answer_and_no_other(bench: Bench) -> None:
    bench.job("a", [1], limit=20)
    bench.job("b", [500], limit=20)
    for _ in range(5):
        bench.scheduler.run_batch()
    assert bench.scheduler.cancel("a")
    assert not bench.scheduler.cancel("a")
    bench.run()
    assert bench.ended == {"a": "cancelled", "b": "length"}
    assert bench.written["b"] == following([500], 20)


def test_an_aborted_batch_is_evaluated_again(bench: Bench) -> None:
    bench.job("a", list(range(90)), limit=5)
    bench.scheduler.run_batch()
    bench.context.aborts = 2
    bench.run()
    assert bench.written["a"] == following(list(range(90)), 5)


def test_an_aborted_batch_of_a_recurrent_model_begins_again() -> None:
    bench = Bench()
    bench.context.keeps_a_state = True
    bench.job("a", list(range(30)), limit=5)
    bench.scheduler.run_batch()
    bench.context.cells[0].append(999)  # part of a batch that can't be taken back
    bench.context.aborts = 1
    bench.run()
    assert bench.written["a"] == following(list(range(30)), 5)


def test_with_too_few_cells_the_later_answer_begins_again_later() -> None:
    bench = Bench(FakeContext(size=900, capacity=64))
    bench.job("a", list(range(100)), limit=400)
    bench.job("b", list(range(500, 600)), limit=400)
    bench.run()
    assert bench.ended == {"a": "length", "b": "length"}
    for name, start in (("a", 100), ("b", 600)):
        assert bench.written[name] == [(start + i) % 1000 for i in range(400)]


def test_an_answer_alone_ends_when_the_cells_do() -> None:
    bench = Bench(FakeContext(size=64))
    bench.job("a", list(range(60)), limit=50)
    bench.run()
    assert bench.ended == {"a": "length"}
    assert bench.written["a"] == following(list(range(60)), 5)


def test_a_batch_that_fails_ends_all_and_the_next_question_works(bench: Bench) -> None:
    bench.job("a", [1])
    bench.job("b", [2])
    bench.scheduler.run_batch()
    error = RuntimeError("broken")
    bench.scheduler.fail_all_jobs(error)
    assert bench.failed == {"a": error, "b": error}
    bench.job("c", [3])
    bench.run()
    assert bench.written["c"] == following([3])


def test_states_are_written_when_that_spares_time(tmp_path: Path) -> None:
    bench = Bench()
    bench.snapshots.configure_limits(str(tmp_path), 1 << 20, 1 << 20)
    chat = tmp_path / "chat"
    chat.mkdir()
    bench.job("a", list(range(300)), folder=str(chat), key="k")
    bench.run()
    bench.scheduler.write_idle_states()
    assert list(chat.iterdir()) == [], "reading it again takes no time"
    bench.scheduler.pool.min_tokens_to_write = 100
    bench.scheduler.write_idle_states()
    bench.snapshots.close()
    assert len(list(chat.iterdir())) == 1


def test_guesses_that_are_right_come_in_one_batch(bench: Bench) -> None:
    phrase = [5, 6, 7, 8, 9, 10, 11, 12]
    bench.drafter.costs.add_measurement(1, 0.01)
    bench.drafter.costs.add_measurement(32, 0.011)
    job = bench.job("a", [*phrase, 500, 5, 6, 7], limit=40, drafting=True)
    bench.run()
    assert bench.written["a"] == following([7], 40)
    assert job.accepted > 0
    assert job.checks < 40
    written = sum(len(batch) for batch in bench.context.batches)
    assert written < 40, "every token took a batch of its own"


def test_wrong_guesses_change_nothing(bench: Bench) -> None:
    bench.context.rule = lambda tokens: tokens[-4] if len(tokens) % 7 else 9
    bench.drafter.costs.add_measurement(1, 0.01)
    bench.drafter.costs.add_measurement(32, 0.011)
    plain = Bench()
    plain.context.rule = bench.context.rule
    prompt = [1, 2, 3, 4] * 5
    job = bench.job("a", prompt, limit=100, drafting=True)
    bench.run()
    plain.job("a", prompt, limit=100)
    plain.run()
    assert job.drafted > job.accepted
    assert bench.written == plain.written


def test_an_answer_goes_before_prompts_that_are_judged(bench: Bench) -> None:
    for number in range(12):
        start = 100 * number
        bench.job(f"j{number}", list(range(start, start + 60)), limit=1, is_judging=True)
    bench.scheduler.run_batch()
    bench.job("answer", [7], limit=2)
    bench.run()
    ended = list(bench.ended)
    assert ended.index("answer") < 4, "it waited for more than what was being read"
    assert len(ended) == 13


def test_a_judged_prompt_leaves_no_state_behind(bench: Bench) -> None:
    chat, judged = list(range(100)), list(range(300, 400))
    bench.job("chat", chat)
    bench.run()
    for name in "abcde":
        bench.job(name, [*judged, ord(name)], limit=1, is_judging=True)
    bench.run()
    bench.job("again", [*chat, *bench.written["chat"], 7], limit=1)
    bench.run()
    assert bench.cached["again"] == 109, "the chat is read again"
    assert bench.snapshots.find_longest("", "", judged) is None
    assert [bench.cached[name] for name in "abcde"] == [0, 100, 100, 100, 100]


def test_a_judged_prompt_shares_a_chat_and_leaves_it_whole(bench: Bench) -> None:
    chat = list(range(100))
    bench.job("chat", chat)
    bench.run()
    bench.job("judged", [*chat[:80], 500], limit=1, is_judging=True)
    bench.run()
    assert bench.cached["judged"] == 80
    bench.job("again", [*chat, *bench.written["chat"], 7], limit=1)
    bench.run()
    assert bench.cached["again"] == 109


def test_when_cells_run_out_judged_prompts_go_first() -> None:
    bench = Bench(FakeContext(size=128))
    bench.job("answer", list(range(60)), limit=60)
    bench.scheduler.run_batch()
    bench.job("judged", list(range(200, 265)), limit=1, is_judging=True)
    bench.run()
    assert bench.written["answer"] == following(list(range(60)), 60)
    assert bench.ended == {"answer": "length", "judged": "length"}


def test_an_answer_for_the_person_goes_before_those_of_programs(bench: Bench) -> None:
    slots = bench.context.sequences
    for number in range(slots):
        bench.job(f"program {number}", [number], limit=30, is_outside=True)
    bench.scheduler.run_batch()
    bench.job("late program", [90], limit=2, is_outside=True)
    bench.job("person", [99], limit=3)
    for _batch in range(4):
        bench.scheduler.run_batch()
    assert bench.ended == {"person": "length"}
    bench.run()
    assert bench.ended == dict.fromkeys(bench.ended, "length")
    assert len(bench.ended) == slots + 2
    for number in range(slots):
        assert bench.written[f"program {number}"] == following([number], 30), "none lost a word"


def test_prompts_to_be_judged_leave_a_slot_to_an_answer(bench: Bench) -> None:
    for number in range(bench.context.sequences + 2):
        start = 100 * number
        bench.job(f"j{number}", list(range(start, start + 100)), limit=1, is_judging=True)
    bench.scheduler.run_batch()
    assert len(bench.scheduler.pool.idle_slots) == SLOTS_FOR_ANSWERS


def test_what_answers_share_is_counted_once_when_they_start_beside_each_other() -> None:
    bench = Bench(FakeContext(size=600))
    prompt = list(range(400))
    bench.job("a", prompt, limit=50)
    bench.job("b", prompt, limit=50)
    bench.run()
    assert max(len(batch) for batch in bench.context.batches) == 2, "one waited for the other"
    assert bench.cached["b"] == 399


def test_the_person_s_prompt_is_read_before_that_of_a_program(bench: Bench) -> None:
    bench.job("program", list(range(200)), limit=1, is_outside=True)
    bench.scheduler.run_batch()
    bench.job("person", list(range(300, 500)), limit=1)
    bench.run()
    assert list(bench.ended) == ["person", "program"]


def test_when_cells_run_out_the_answer_of_a_program_goes_first() -> None:
    bench = Bench(FakeContext(size=900, capacity=64))
    bench.job("program", list(range(100)), limit=400, is_outside=True)
    bench.job("person", list(range(500, 600)), limit=400)
    bench.run()
    assert list(bench.ended) == ["person", "program"]
    assert bench.written["program"] == following(list(range(100)), 400)
