"""Timings that were repeated on a machine that is busy now and then."""

import pytest

from core.engine.memory.attention_shape import AttentionShape, ModelShape
from core.engine.tuning.attention_timer import AttentionTimer
from core.engine.tuning.engine_probe import EngineProbe
from core.engine.tuning.repeated_timings import UNSURE, Piece, RepeatedTimings
from core.messages import EngineTuning

SMALL = ModelShape(
    attention=(AttentionShape(2, 4, 2, 64, 64),),
    type_id=2,
    columns=256,
    rows=512,
    weight_bytes=1 << 20,
)
WRITTEN = Piece("fused", 1, 32)


def test_one_slow_timing_counts_nothing_and_the_second_fastest_is_sure() -> None:
    timings = RepeatedTimings()
    assert (timings.least_seconds(WRITTEN), timings.sure_seconds(WRITTEN)) == (0.0, 0.0)
    timings.add_timing(WRITTEN, 1.0)
    assert timings.sure_seconds(WRITTEN) == UNSURE
    for seconds in (9.0, 1.1):
        timings.add_timing(WRITTEN, seconds)
    assert (timings.least_seconds(WRITTEN), timings.sure_seconds(WRITTEN)) == (1.0, 1.1)
    larger = WRITTEN._replace(rows=2)
    timings.compute_from(larger, WRITTEN, 2)
    assert (timings.least_seconds(larger), timings.sure_seconds(larger)) == (2.0, 2.2)
    assert not timings.is_timed(larger)


def tuning_where(monkeypatch: pytest.MonkeyPatch, busy: set[int], separate: float) -> EngineTuning:
    """Return what is chosen where fused attention is slowed down in the `busy` calls of each."""
    calls: dict[tuple[int, int], int] = {}

    def seconds(
        _timer: AttentionTimer, rows: int, depth: int, *, fused: bool, cache: str = "f16"
    ) -> float:
        if cache != "f16":
            return 0.0
        if not fused:
            return rows / 1e5 * separate
        calls[rows, depth] = calls.get((rows, depth), 0) + 1
        return rows / 1e5 * (5 if calls[rows, depth] in busy else 1)

    monkeypatch.setattr(AttentionTimer, "attention_seconds", seconds)
    monkeypatch.setattr(AttentionTimer, "weights_seconds", lambda _timer, rows: rows / 1e6)
    probe = EngineProbe("here", SMALL, "CPU", 2048, clock=lambda: 0.0)
    try:
        while (tuning := probe.run_piece()) is None:
            pass
    finally:
        probe.close()
    return tuning


@pytest.mark.parametrize("busy", [{1}, {1, 2}, {3}])
def test_a_program_that_computes_for_a_moment_changes_no_choice(
    monkeypatch: pytest.MonkeyPatch, busy: set[int]
) -> None:
    assert tuning_where(monkeypatch, busy, separate=1.0).flash_attention == "auto"


def test_what_is_much_faster_is_chosen_on_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tuning_where(monkeypatch, {1, 3}, separate=0.4).flash_attention == "off"
