"""Text that waits: shown piece by piece while a long slice of a prompt is read, and in order."""

import itertools
import time
from collections.abc import Callable

import msgspec
import pytest

from core.bench.mixed_answers import percentile_99
from core.engine.runtime.slice_sizes import ReadingSlice
from core.engine.runtime.text_pacing import TextBridge, TextPacer
from core.messages import AnswerChunk, AnswerDone, EngineTuning
from tests.benchmarks.attention import ShownTimes
from tests.engine.fake_context import FakeContext
from tests.engine.made_timings import made_timings
from tests.engine.scheduling import Bench

CELL_SECONDS, FAST_CELL_SECONDS, ROW_SECONDS = 7e-6, 1.5e-6, 4e-3
"""What a row takes for each cell, below the tile and from it on, and besides."""


def piece(text: str) -> AnswerChunk:
    return AnswerChunk(request_id="1", text=text)


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_pieces_are_shown_one_by_one_while_nobody_writes() -> None:
    sent: list[tuple[float, msgspec.Struct]] = []
    line = TextPacer(lambda event: sent.append((time.perf_counter(), event))).open_line()
    line.send_text(piece("at once"))
    line.set_interval(0.05)
    for text in "abcd":
        line.send_text(piece(text))
    assert line.waiting_count >= 3
    wait_until(lambda: len(sent) == 5)
    assert [event for _at, event in sent] == [piece(text) for text in ("at once", *"abcd")]
    assert all(later - at >= 0.045 for (at, _), (later, _) in itertools.pairwise(sent))


def test_any_other_event_takes_what_waits_with_it() -> None:
    sent: list[msgspec.Struct] = []
    line = TextPacer(sent.append).open_line()
    line.set_interval(60.0)
    line.send_text(piece("first"))
    wait_until(lambda: bool(sent))
    line.send_text(piece("a"))
    line.send_text(piece("b"))
    assert sent == [piece("first")]
    done = AnswerDone(request_id="1", stop="eos")
    line.send_event(done)
    assert sent == [piece("first"), piece("a"), piece("b"), done]


def test_without_an_interval_what_waits_is_shown() -> None:
    sent: list[msgspec.Struct] = []
    line = TextPacer(sent.append).open_line()
    line.set_interval(60.0)
    for text in "abc":
        line.send_text(piece(text))
    line.set_interval(0.0)
    line.send_text(piece("d"))
    assert sent == [piece(text) for text in "abcd"]


def test_an_answer_that_shows_nothing_does_not_hold_up_a_prompt() -> None:
    bridge, reading = TextBridge(), ReadingSlice(64, 0.6, 0.08)
    silent = ShownTimes(lambda: 0.0)
    assert any(bridge.begin_slice(reading, [silent]) for _batch in range(3 * reading.pieces))


class TimedContext(FakeContext):
    """Computes in time of its own, slow below the tile, as flash attention on processors."""

    now = 0.0

    def decode(self) -> None:
        rows, cells = self.batch.size, sum(map(len, self.cells))
        super().decode()
        each = FAST_CELL_SECONDS if rows >= 64 else CELL_SECONDS
        self.now += rows * (ROW_SECONDS + each * cells)


def timings() -> EngineTuning:
    fused = CELL_SECONDS, FAST_CELL_SECONDS
    return made_timings(ROW_SECONDS, fused, CELL_SECONDS, (32, 256, 1024, 3072))


@pytest.mark.parametrize(("length", "most"), [(500, 1.6), (3000, 1.6), (6000, 2.2)])
def test_a_long_prompt_is_read_nearly_as_fast_as_alone_and_nobody_waits(
    length: int, most: float
) -> None:
    """A row of a small batch takes 25 ms at 3,000 tokens, and the least fast batch half a second.

    At 6,000, the answer itself needs half of the time. While slices were at least four tokens, or
    one and a half times the bound, pauses were 150 ms.
    """
    context = TimedContext(size=20_000, capacity=512)
    bench = Bench(context)
    bench.scheduler._clock = lambda: context.now
    bench.scheduler.slices.set_tuning(timings(), "fused")
    started = context.now
    bench.job("alone", [9] * length, limit=1)
    bench.run()
    alone = context.now - started
    for slot in bench.scheduler.pool.slots:
        bench.scheduler.pool.clear_slot(slot)

    shown = ShownTimes(lambda: context.now)
    job = bench.job("writer", [1], limit=5000, shown=shown)

    def on_token(_token: int) -> str:
        shown.add_token()
        return ""

    job.on_token = on_token
    while len(shown.times) < 5:
        bench.scheduler.run_batch()
    bench.job("reader", [7] * length, limit=1)
    started, first = context.now, len(shown.times) - 1
    while "reader" not in bench.ended:
        bench.scheduler.run_batch()
    pauses = [after - before for before, after in itertools.pairwise(shown.times[first:])]
    assert percentile_99(pauses) <= 0.1
    assert len(pauses) > 5 * (context.now - started)
    assert context.now - started <= most * alone
