"""What is chosen from timings, and where it is taken: pure, from made-up timings."""

from collections.abc import Sequence

import pytest
from msgspec import structs

from core.base.paths import shipped_models
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.memory_budget import RESERVE_BYTES
from core.engine.memory.placement_planner import choose_placement
from core.engine.memory.placement_tuning import (
    MOST_PERPLEXITY,
    TimingTable,
    choose_cache,
    choose_threads_of,
    choose_tuning,
    faster_cache,
    find_tuning,
    tuned_placement,
    without_choice,
)
from core.gguf import GgufHeader, read_header
from core.messages import (
    AttentionTiming,
    Device,
    EngineTuning,
    Placement,
    ThreadsTiming,
    WeightsTiming,
)
from tests.gguf.synthetic import dense

BATCHES = (1, 16, 64, 128, 256, 512)
GIB = 1 << 30


def chosen(
    attention: Sequence[AttentionTiming], weights: Sequence[WeightsTiming], slower: float = 1.0
) -> EngineTuning:
    """Choose from timings; those that were seen twice are `slower` than the fastest."""
    ways = ("fused", "separate", "q8_0", "q4_0")
    sure = [
        structs.replace(each, **{way: slower * getattr(each, way) for way in ways})
        for each in attention
    ]
    weighed = [structs.replace(each, seconds=slower * each.seconds) for each in weights]
    least = TimingTable(attention, weights)
    return choose_tuning("machine", "shape", least, TimingTable(sure, weighed), 1.0)


def tuning_from(fused: dict[int, float], separate: dict[int, float]) -> EngineTuning:
    """Choose from attention's seconds by batch size; others take a millisecond a token."""
    timings = [
        AttentionTiming(
            rows=rows,
            depth=1024,
            fused=fused.get(rows, rows / 1000),
            separate=separate.get(rows, rows / 1000),
        )
        for rows in BATCHES
    ]
    weights = [WeightsTiming(rows=rows, seconds=rows / 1000) for rows in BATCHES]
    return chosen(timings, weights)


def processor(free: int = 8 * GIB) -> Device:
    return Device(name="CPU", description="", backend="CPU", kind="cpu", total=free, free=free)


@pytest.fixture(scope="module")
def starter() -> GgufHeader:
    return read_header(shipped_models()[0])


def test_equal_timings_leave_the_defaults() -> None:
    tuning = tuning_from({}, {})
    assert (tuning.flash_attention, tuning.batch, tuning.gain) == ("auto", 512, 1.0)


def test_slow_flash_attention_in_writing_is_switched_off() -> None:
    tuning = tuning_from({1: 0.1, 16: 1.7}, {1: 0.02, 16: 0.1})
    assert tuning.flash_attention == "off"
    assert tuning.gain > 2


def test_a_small_difference_leaves_the_defaults() -> None:
    tuning = tuning_from({1: 0.00102}, {})
    assert tuning.flash_attention == "auto"


def test_a_choice_is_faster_by_more_than_what_timings_vary() -> None:
    timings = [
        AttentionTiming(rows=rows, depth=1024, fused=rows / 100, separate=rows / 125)
        for rows in BATCHES
    ]
    weights = [WeightsTiming(rows=rows, seconds=rows / 10000) for rows in BATCHES]
    assert chosen(timings, weights).flash_attention == "off"
    assert chosen(timings, weights, slower=1.3).flash_attention == "auto"
    twice = [structs.replace(each, separate=each.fused / 2) for each in timings]
    assert chosen(twice, weights, slower=1.3).flash_attention == "off"


def test_a_smaller_batch_is_faster_by_more_than_what_timings_vary() -> None:
    timings = [
        AttentionTiming(rows=rows, depth=1024, fused=each, separate=each)
        for rows in BATCHES
        for each in (rows / 1000 * (1.3 if rows == 512 else 1),)
    ]
    weights = [WeightsTiming(rows=rows, seconds=rows / 10000) for rows in BATCHES]
    assert chosen(timings, weights).batch == 256
    assert chosen(timings, weights, slower=1.2).batch == 512


def test_batches_that_fall_out_of_the_cache_become_smaller() -> None:
    slow = {256: 1.0, 512: 4.0}
    assert tuning_from(slow, slow).batch == 128


def test_without_timings_of_long_prompts_nothing_is_chosen() -> None:
    timing = AttentionTiming(rows=1, depth=256, fused=1.0, separate=0.1)
    weights = WeightsTiming(rows=1, seconds=0.1)
    tuning = chosen([timing], [weights])
    assert (tuning.flash_attention, tuning.batch) == ("auto", 512)


def test_a_measurement_holds_for_its_machine_only() -> None:
    tuning = tuning_from({}, {})
    assert find_tuning((tuning,), "shape", "machine") == tuning
    assert find_tuning((tuning,), "shape", "other driver") is None
    assert find_tuning((tuning,), "shape") == tuning


def test_what_the_person_set_stays() -> None:
    tuning = tuning_from({1: 0.1, 16: 1.7}, {1: 0.02, 16: 0.1})
    placed = Placement(cache_keys="f16", cache_values="f16")
    assert tuned_placement(placed, Placement(), tuning).flash_attention == "off"
    assert tuned_placement(placed, Placement(), None) == placed
    for kept in (
        structs.replace(placed, flash_attention="on"),
        structs.replace(placed, cache_keys="q8_0", cache_values="q8_0"),
    ):
        assert tuned_placement(kept, kept, tuning) == kept


def test_a_placement_takes_what_was_measured_where_it_fits(starter: GgufHeader) -> None:
    slow = {256: 1.0, 512: 4.0}
    tuning = tuning_from({1: 0.1, **slow}, {1: 0.02, **slow})
    requested = Placement(device="cpu", threads=1)
    plain = choose_placement(starter, requested, (processor(),), 8 * GIB)
    tuned = choose_placement(starter, requested, (processor(),), 8 * GIB, tuning)
    assert (tuned.placement.flash_attention, tuned.placement.batch) == ("off", 128)
    # Scores take memory, and the smaller batch saves some.
    difference = tuned.plan.devices[0].compute - plain.plan.devices[0].compute
    assert difference != 0

    without_batch = structs.replace(tuning, batch=512)
    larger = choose_placement(starter, requested, (processor(),), 8 * GIB, without_batch)
    tight = plain.plan.total + RESERVE_BYTES + (1 << 20)
    assert larger.plan.total > tight - RESERVE_BYTES
    kept = choose_placement(starter, requested, (processor(tight),), tight, without_batch)
    assert kept.placement.flash_attention == "auto", "it has no memory for the scores"


def test_shapes_are_read_from_the_header(
    starter: GgufHeader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shape = model_shape(starter)
    assert shape is not None
    (kind,) = shape.attention
    assert (kind.layers, kind.heads, kind.kv_heads, kind.window) == (30, 9, 3, 0)
    other = dense(layers=4, width=256, inner=512, heads=4, cached=2, head=64, vocabulary=64)
    path = tmp_path_factory.mktemp("shapes") / "small.gguf"
    small = model_shape(read_header(other.write_outline(path)))
    assert small is not None
    assert small.name != shape.name


def test_where_the_time_was_up_early_the_defaults_stay() -> None:
    timings = [AttentionTiming(rows=each, depth=32, fused=2.0, separate=0.1) for each in (1, 128)]
    weights = [WeightsTiming(rows=each, seconds=0.1) for each in (1, 128)]
    tuning = chosen(timings, weights)
    assert (tuning.flash_attention, tuning.batch) == ("auto", 512)


def with_caches(q8_0: float, q4_0: float) -> EngineTuning:
    """Choose where attention over small caches takes so many times what f16 does."""
    timings = [
        AttentionTiming(
            rows=rows, depth=1024, fused=each, separate=each, q8_0=each * q8_0, q4_0=each * q4_0
        )
        for rows in BATCHES
        for each in (rows / 100,)
    ]
    weights = [WeightsTiming(rows=rows, seconds=rows / 1000) for rows in BATCHES]
    return chosen(timings, weights)


def test_a_small_cache_is_taken_only_where_it_is_faster_and_predicts_as_well() -> None:
    slow = with_caches(1.0, 0.5)
    assert faster_cache(slow) is None, "q4_0 is only told"
    assert choose_cache(slow, 0.0) == slow

    fast = with_caches(0.5, 0.5)
    offer = faster_cache(fast)
    assert offer is not None
    assert offer.type == "q8_0"
    assert offer.gain > 1.5
    assert fast.cache == "f16"
    worse = choose_cache(fast, 2 * MOST_PERPLEXITY)
    assert worse.cache == "f16"
    assert worse.caches[0].perplexity == 2 * MOST_PERPLEXITY
    assert choose_cache(fast, float("nan")).cache == "f16"
    assert choose_cache(fast, MOST_PERPLEXITY / 2).cache == "q8_0"


def test_a_placement_takes_the_chosen_cache_and_its_memory(starter: GgufHeader) -> None:
    tuning = choose_cache(with_caches(0.5, 0.5), 0.0)
    requested = Placement(device="cpu")
    plain = choose_placement(starter, requested, (processor(),), 8 * GIB)
    tuned = choose_placement(starter, requested, (processor(),), 8 * GIB, tuning)
    assert (tuned.placement.cache_keys, tuned.placement.cache_values) == ("q8_0", "q8_0")
    assert tuned.placement.flash_attention == "on"
    assert tuned.plan.devices[0].cache < 0.6 * plain.plan.devices[0].cache

    exact = structs.replace(requested, cache_keys="f16", cache_values="f16")
    kept = choose_placement(starter, exact, (processor(),), 8 * GIB, tuning)
    assert kept.placement.cache_keys == "f16", "the person has chosen"
    assert without_choice(tuning).cache == "f16"


def threads_timed(*seconds: float) -> tuple[ThreadsTiming, ...]:
    counts = (8, 6, 4, 2)
    return tuple(
        ThreadsTiming(threads=count, written=each, read=each)
        for count, each in zip(counts, seconds, strict=False)
    )


def test_fewer_threads_are_taken_only_where_they_are_clearly_faster() -> None:
    tuning = tuning_from({}, {})
    assert choose_threads_of(tuning, ()).threads == 0
    assert choose_threads_of(tuning, threads_timed(1.0, 0.95, 0.9, 1.5)).threads == 0
    fewer = choose_threads_of(tuning, threads_timed(1.0, 0.8, 0.5, 0.6))
    assert fewer.threads == 4
    placed = Placement(cache_keys="f16", cache_values="f16")
    assert tuned_placement(placed, Placement(), fewer).threads == 4
    assert tuned_placement(placed, Placement(threads=7), fewer).threads == 7
    assert without_choice(fewer).threads == 0
