"""A probe of the starter model: pieces are timed, and what they lead to."""

import time
from itertools import count

import pytest

from core.base.paths import shipped_models
from core.engine.devices import quiet_check
from core.engine.memory.attention_shape import AttentionShape, ModelShape, model_shape
from core.engine.tuning import thread_timer
from core.engine.tuning.engine_probe import BATCHES, BUDGET_SECONDS, EngineProbe
from core.gguf import read_header
from core.messages import EngineTuning

SMALL = ModelShape(
    attention=(AttentionShape(2, 4, 2, 64, 64), AttentionShape(1, 4, 2, 64, 64, window=512)),
    type_id=2,
    columns=256,
    rows=512,
    weight_bytes=1 << 20,
)


def run_all(probe: EngineProbe) -> EngineTuning:
    try:
        for _piece in range(200):
            if tuning := probe.run_piece():
                return tuning
    finally:
        probe.close()
    raise AssertionError("the probe doesn't end")


def test_every_batch_is_timed_with_both_kinds_of_attention() -> None:
    tuning = run_all(EngineProbe("here", SMALL, "CPU", 2048))
    assert {timing.rows for timing in tuning.weights} == set(BATCHES)
    assert {timing.depth for timing in tuning.attention} == {32, 256, 1024}
    assert all(timing.fused > 0 and timing.separate > 0 for timing in tuning.attention)
    assert all(timing.q8_0 > 0 and timing.q4_0 > 0 for timing in tuning.attention)
    assert [offer.type for offer in tuning.caches] == ["q8_0", "q4_0"]
    assert tuning.by_threads == ()
    assert (tuning.machine, tuning.shape) == ("here", SMALL.name)


def test_a_slow_machine_times_less_and_computes_the_rest() -> None:
    ticks = count()
    probe = EngineProbe("here", SMALL, "CPU", 2048, clock=lambda: next(ticks) / 30)
    tuning = run_all(probe)
    assert tuning.seconds < BUDGET_SECONDS + 2.5
    larger = {timing.rows: timing.seconds for timing in tuning.weights}
    assert larger[512] == 2 * larger[256]


def test_heads_that_fill_no_block_have_no_small_cache() -> None:
    narrow = ModelShape(
        attention=(AttentionShape(2, 4, 2, 80, 80),),
        type_id=2,
        columns=256,
        rows=512,
        weight_bytes=1 << 20,
    )
    tuning = run_all(EngineProbe("here", narrow, "CPU", 2048))
    assert all(timing.fused > 0 and timing.q8_0 == 0 for timing in tuning.attention)
    assert tuning.caches == ()


def quiet(monkeypatch: pytest.MonkeyPatch, others: float) -> None:
    """Let others compute for so many seconds in each."""
    started = time.perf_counter()
    monkeypatch.setattr(
        quiet_check,
        "busy_seconds",
        lambda: time.process_time() + others * (time.perf_counter() - started),
    )


def test_threads_are_compared_where_nobody_else_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet(monkeypatch, 0.1)
    tuning = run_all(EngineProbe("here", SMALL, "CPU", 512, threads=2, clock=lambda: 0.0))
    assert [timing.threads for timing in tuning.by_threads] == [2, 1]
    assert all(timing.written > 0 and timing.read > 0 for timing in tuning.by_threads)


def test_threads_are_not_compared_while_others_compute_but_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert thread_timer.thread_counts(8) == (8, 6, 4, 2)
    quiet(monkeypatch, 0.9)
    tuning = run_all(EngineProbe("here", SMALL, "CPU", 512, threads=2, clock=lambda: 0.0))
    assert (tuning.by_threads, tuning.threads) == ((), 0)
    quiet(monkeypatch, 0.0)
    again = EngineProbe("here", SMALL, "CPU", 512, threads=2, known=tuning, clock=lambda: 0.0)
    later = run_all(again)
    assert [timing.threads for timing in later.by_threads] == [2, 1]
    assert later.attention == tuning.attention


def test_a_short_context_is_timed_within_its_length() -> None:
    tuning = run_all(EngineProbe("here", SMALL, "CPU", 512))
    assert {timing.depth for timing in tuning.attention} == {32}
    assert max(timing.rows for timing in tuning.weights) == 256


def test_the_starter_model_has_a_shape_to_time() -> None:
    assert model_shape(read_header(shipped_models()[0])) is not None
