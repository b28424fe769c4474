"""How many threads a batch is computed with, over a machine whose cores others take."""

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.engine.devices.fitting_threads import FittingThreads
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.messages import Placement


class Machine:
    """Eight cores; others want `others` of them, and take those from threads if none is free."""

    def __init__(self, others: float = 0.0, *, gives_way: bool = False) -> None:
        self.others, self.gives_way = others, gives_way
        self.now = self.own = self.busy = 0.0

    def fitting(self, most: int = 8) -> FittingThreads:
        return FittingThreads(
            most, cores=8, clock=lambda: self.now, own=lambda: self.own, busy=lambda: self.busy
        )

    def compute(self, threads: FittingThreads, seconds: float) -> int:
        """Compute batches of .05 s; returns the number of threads of the last one."""
        for _ in range(round(seconds / 0.05)):
            count = threads.begin_batch()
            wanted = count + self.others
            share = 1.0 if self.gives_way else min(1.0, 8 / wanted)
            own = 0.05 * count * share
            others = 0.05 * min(self.others * share, 8 - count * share)
            self.pass_time(0.05, own, others)
            threads.end_batch()
        return threads.count

    def pass_time(self, seconds: float, own: float = 0.0, others: float = 0.0) -> None:
        self.now += seconds
        self.own += own
        self.busy += own + others


def test_all_threads_are_used_while_nobody_takes_their_cores() -> None:
    machine = Machine(others=0.0)
    assert machine.compute(machine.fitting(), 5) == 8


def test_one_core_that_another_program_takes_is_left_to_it() -> None:
    machine = Machine(others=1.0)
    assert machine.compute(machine.fitting(), 0.3) == 7


def test_many_busy_programs_leave_few_threads() -> None:
    machine = Machine(others=8.0)
    assert machine.compute(machine.fitting(), 3) <= 3


def test_programs_that_give_way_cost_no_thread() -> None:
    machine = Machine(others=8.0, gives_way=True)
    assert machine.compute(machine.fitting(), 3) == 8


def test_threads_come_back_when_the_others_have_ended() -> None:
    machine = Machine(others=8.0)
    threads = machine.fitting()
    machine.compute(threads, 2)
    machine.others = 0.0
    assert machine.compute(threads, 1) == 8


def test_threads_come_back_after_a_rest_without_waiting_for_a_batch() -> None:
    machine = Machine(others=8.0)
    threads = machine.fitting()
    machine.compute(threads, 2)
    machine.pass_time(60.0)
    assert threads.begin_batch() == 8


def test_threads_that_wait_for_something_else_are_kept() -> None:
    machine = Machine()
    threads = machine.fitting()
    for _ in range(40):
        threads.begin_batch()
        machine.pass_time(0.05, own=0.01)
        threads.end_batch()
    assert threads.count == 8


def test_a_system_that_tells_nothing_changes_nothing() -> None:
    machine = Machine()
    threads = FittingThreads(
        8, cores=8, clock=lambda: machine.now, own=lambda: machine.own, busy=lambda: math.inf
    )
    for _ in range(40):
        threads.begin_batch()
        machine.pass_time(0.05, own=0.01)
        threads.end_batch()
    assert threads.count == 8


def test_a_program_that_comes_and_goes_makes_threads_return_ever_later() -> None:
    machine = Machine()
    threads = machine.fitting()
    changes, before = [], threads.count
    for step in range(600):
        machine.others = 4.0 if step % 20 < 10 else 0.0
        count = machine.compute(threads, 0.05)
        changes += [step] if count > before else []
        before = count
    gaps = [later - earlier for earlier, later in itertools.pairwise(changes)]
    assert gaps[-1] > 2 * gaps[0]


@pytest.mark.parametrize(("attention", "fewer"), [("on", False), ("off", True)])
def test_a_model_says_the_same_whatever_number_of_threads_fits(
    attention: str,
    fewer: bool,
    starter_model: Path,
) -> None:
    placement = Placement(context=1024, threads=2, sequences=1, flash_attention=attention)
    model = LlamaModel(starter_model, placement, AbortFlag())
    context = LlamaContext(model, AbortFlag())
    rows, used = [], []
    for count in (2, 1):
        context.truncate(0, 0)
        for start in (0, 300):
            read(context, range(5, 305), start, count)
            used.append(context._used_threads)
        for place in (600, 601):
            row = read(context, (7,), place, count)
            used.append(context._used_threads)
        rows.append(row)
    context.close()
    model.close()
    assert rows[0] == rows[1]
    assert used == [2] * 4 + [1, 1, *([1, 1] if fewer else [2, 2])]


def read(context: LlamaContext, tokens: Sequence[int], start: int, threads: int) -> bytes:
    context._threads.count = threads
    context._threads._start_window()
    context.batch.clear()
    place = context.batch.add_tokens(tokens, start=start, sequence=0, outputs=1)
    context.decode()
    return bytes(context.logits(place).tobytes())
