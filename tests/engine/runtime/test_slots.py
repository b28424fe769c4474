"""What is at hand of a chat: in which cells, under which key, in memory and on disk."""

from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.engine.runtime.kv_snapshots import MOST_SHORT
from core.engine.runtime.slot_pool import AHEAD_TOKENS
from tests.engine.fake_context import FakeContext
from tests.engine.scheduling import Bench, following


def test_a_state_never_changes_its_key() -> None:
    bench = Bench()
    chat = list(range(300, 400))
    bench.job("a", list(range(100)), key="plain", folder="one")
    bench.run()
    bench.job("b", chat, limit=100, key="bent", folder="two")
    bench.run()
    bench.job("c", list(range(500, 600)), key="other", folder="three")
    bench.run()
    bench.job("d", list(range(700, 800)), key="plain", folder="four")
    bench.run()
    bench.job("b again", chat, key="bent", folder="two")
    bench.run()
    assert bench.cached["b again"] == len(chat) - 1
    bench.job("other", chat, key="other", folder="five")
    bench.run()
    assert bench.cached["other"] == 0, "cells of one adapter were taken for another's"


@pytest.mark.parametrize("length", [40, 100, 400])
def test_programs_in_turns_have_their_prompts_read_once(length: int) -> None:
    bench = Bench(FakeContext(size=4000))
    head = list(range(24))
    prompts = {
        name: [*head, *range(start, start + length)] for name, start in (("a", 1000), ("b", 3000))
    }
    for turn in range(2):
        for name, tokens in prompts.items():
            bench.job(f"{name}{turn}", tokens, limit=5)
            bench.run()
    assert bench.cached["b0"] == len(head)
    assert bench.cached["a1"] == bench.cached["b1"] == len(head) + length - 1


@pytest.mark.parametrize("length", [16, 24, 41])
def test_short_prompts_behind_a_longer_head_are_read_once(length: int) -> None:
    bench = Bench(FakeContext(size=4000))
    head = list(range(60))  # such as the system prompt of a template
    prompts = {
        name: [*head, *range(start, start + length)] for name, start in (("a", 1000), ("b", 3000))
    }
    for turn in range(2):
        for name, tokens in prompts.items():
            bench.job(f"{name}{turn}", tokens, limit=5)
            bench.run()
    assert bench.cached["b0"] == len(head)
    assert bench.cached["a1"] == bench.cached["b1"] == len(head) + length - 1


def test_many_short_prompts_leave_a_long_one_in_memory() -> None:
    bench = Bench(FakeContext(size=4000))
    long = list(range(2000, 2300))
    bench.job("long", long, limit=5)
    bench.run()
    for number in range(MOST_SHORT + 20):
        bench.job(f"short {number}", [9000 + number] * 30, limit=2)
        bench.run()
    bench.job("first", [9000] * 30, limit=2)
    bench.run()
    assert bench.cached["first"] == 0, "more short states are kept than are looked through"
    bench.job("again", long, limit=5)
    bench.run()
    assert bench.cached["again"] == len(long) - 1


def test_chats_in_turns_are_both_written_to_disk(tmp_path: Path) -> None:
    bench = Bench(FakeContext(size=2000))
    bench.snapshots.configure_limits(str(tmp_path), 1 << 20, 1 << 20)
    chats = {"one": list(range(70)), "two": list(range(500, 570))}
    for name in chats:
        (tmp_path / name).mkdir()
    for turn in range(4):
        for name, tokens in chats.items():
            bench.scheduler.pool.min_tokens_to_write = 100
            bench.job(f"{name}{turn}", tokens, limit=10, folder=str(tmp_path / name))
            bench.run()
            tokens += [*bench.written[f"{name}{turn}"], *range(900, 960)]
    bench.scheduler.pool.min_tokens_to_write = 100
    bench.scheduler.write_idle_states()
    bench.snapshots.close()
    written = {path.parent.name for path in tmp_path.glob("*/*.state")}
    assert written == {"one", "two"}, "what was only in memory was taken for written"


def test_what_was_guessed_is_forgotten_when_no_token_may_come(tmp_path: Path) -> None:
    bench = Bench()
    chat = tmp_path / "chat"
    chat.mkdir()
    bench.snapshots.configure_limits(str(tmp_path), 1 << 20, 1 << 20)
    bench.drafter.costs.add_measurement(1, 0.01)
    bench.drafter.costs.add_measurement(32, 0.011)
    prompt = [*range(100), 500, *range(50, 53)]
    job = bench.job("a", prompt, limit=40, drafting=True, folder=str(chat))

    def choose(_context: FakeContext, _index: int, *, choices: int) -> int:
        assert choices == 1
        raise ModelError(ErrorCode.GRAMMAR_STUCK, detail="")

    while not bench.written["a"]:
        bench.scheduler.run_batch()
    job.sampler.choose_token = choose  # type: ignore[assignment,method-assign]
    bench.run()
    assert "a" in bench.failed
    (lane,) = [lane for lane in bench.scheduler.pool.slots if lane.tokens]
    assert bench.context.cells[lane.number] == lane.tokens
    assert lane.cached == len(lane.tokens)


def test_two_that_don_t_fit_together_end_one_after_the_other() -> None:
    bench = Bench(FakeContext(size=1024))
    shared = list(range(400))
    for name in ("one", "two"):
        bench.job(name, [*shared, 900 + len(name), ord(name[0])], limit=64, folder=name)
        bench.run()
    longer = {
        name: [*shared, 900 + len(name), ord(name[0]), *bench.written[name]]
        for name in bench.written
    }
    bench.job("one more", [*longer["one"], 7], limit=60, folder="one")
    bench.scheduler.run_batch()
    bench.job("two more", [*longer["two"], 8], limit=60, folder="two")
    bench.run()
    assert bench.ended["one more"] == bench.ended["two more"] == "length"
    assert bench.written["one more"] == following([7], 60)
    assert bench.written["two more"] == following([8], 60)


def test_what_was_read_is_read_again_in_another_context() -> None:
    bench = Bench()
    prompt = list(range(100, 180))
    bench.job("first", prompt, key="before", folder="chat")
    bench.run()
    other = FakeContext()
    bench.scheduler.replace_context(other, {"before": "after"})  # type: ignore[arg-type]
    while bench.scheduler.pool.read_ahead():
        pass
    answered = [*prompt, *following(prompt)]
    bench.job("second", [*answered, 7], key="after", folder="chat")
    bench.run()
    assert bench.cached["second"] == len(answered) // AHEAD_TOKENS * AHEAD_TOKENS


def test_a_question_goes_on_from_what_was_read_again() -> None:
    bench = Bench()
    prompt = list(range(100, 180))
    bench.job("first", prompt, key="before", folder="chat")
    bench.run()
    bench.scheduler.replace_context(FakeContext(), {"before": "after"})  # type: ignore[arg-type]
    assert bench.scheduler.pool.read_ahead()
    bench.job("second", [*prompt, 7], key="after", folder="chat")
    bench.run()
    assert bench.cached["second"] == AHEAD_TOKENS
    assert bench.written["second"] == following([7])
