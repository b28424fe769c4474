"""Slices of prompts that are read beside answers: their sizes, from made-up timings."""

from msgspec import structs

from core.engine.runtime.slice_sizes import (
    SLICE_SECONDS,
    SliceSizes,
    attention_kernel,
)
from core.messages import EngineTuning, Placement
from tests.engine.made_timings import made_timings

SPEED = 200.0
LONG = 5000


def timed(fused_small: float, separate: float) -> EngineTuning:
    """Return timings by seconds a token at 1,000 cells, below the tile and else.."""
    fused = fused_small / 1000, separate / 1000
    return made_timings(1 / 10_000, fused, separate / 1000, (256, 1024, 3072))


def read_tokens(sizes: SliceSizes, pending: int, cells: int, written: int, speed: float) -> int:
    """Return the slice that is no longer than a pause."""
    return sizes.choose_slice(pending, cells, written, speed, may_wait=False).tokens


def waited_tokens(sizes: SliceSizes, pending: int, cells: int, written: int, speed: float) -> int:
    """Return the slice where text may wait."""
    return sizes.choose_slice(pending, cells, written, speed, may_wait=True).tokens


def test_without_timings_slices_follow_the_reading_speed() -> None:
    fast, slow = (read_tokens(SliceSizes(), LONG, 0, 1, speed) for speed in (1000.0, 50.0))
    assert 0.5 * SLICE_SECONDS < (fast + 1) / 1000 <= SLICE_SECONDS
    assert 1 <= slow < fast


def test_slices_that_took_too_long_become_smaller() -> None:
    sizes = SliceSizes()
    before = read_tokens(sizes, LONG, 2000, 1, 4000.0)
    for _batch in range(8):
        sizes.add_measurement(before + 1, 2000, 0.4)
    assert read_tokens(sizes, LONG, 2000, 1, 4000.0) <= before / 2


def test_without_timings_a_kernel_that_was_seen_to_be_slow_is_left() -> None:
    """Small batches take 13 ms a token, as flash attention does there; the tile 3 ms."""
    sizes = SliceSizes()
    sizes.add_reading(512, 500, 512 * 0.0025)
    assert waited_tokens(sizes, LONG, 500, 1, 400.0) < 64
    for _batch in range(4):
        sizes.add_measurement(17, 500, 17 * 0.013)
    assert waited_tokens(sizes, LONG, 500, 1, 400.0) >= 64
    assert waited_tokens(sizes, 20, 500, 1, 400.0) < 20, "the rest has no place in the fast kernel"
    for _batch in range(20):
        sizes.add_measurement(17, 500, 17 * 0.003)
    assert waited_tokens(sizes, LONG, 500, 1, 400.0) < 64


def test_slices_become_smaller_with_the_cells_that_are_read() -> None:
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.001, 0.001), "separate")
    early, late = (read_tokens(sizes, LONG, cells, 1, SPEED) for cells in (256, 4000))
    assert early > late >= 1


def test_a_slice_does_not_fall_into_the_slow_kernel() -> None:
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.02, 0.0005), "fused")
    assert waited_tokens(sizes, LONG, 1024, 1, SPEED) >= 64
    sizes.set_tuning(timed(0.02, 0.0005), "separate")
    assert waited_tokens(sizes, LONG, 6000, 1, SPEED) < 64


def test_no_batch_is_longer_than_a_pause_where_text_cannot_wait() -> None:
    """The fast kernel takes .3 s for its least batch, and the slow one 10 ms a token."""
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.01, 0.004), "fused")
    for cells in (256, 1024, 2048, 3072):
        chosen = sizes.choose_slice(LONG, cells, 1, SPEED, may_wait=False)
        assert chosen.interval == 0
        assert chosen.seconds <= max(SLICE_SECONDS, 1.34 * cells * 1e-5)


def test_text_that_waits_lasts_for_a_slice_that_is_longer_than_a_pause() -> None:
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.01, 0.002), "fused")
    chosen = sizes.choose_slice(LONG, 3072, 1, SPEED, may_wait=True)
    assert chosen.tokens >= 64
    assert chosen.seconds > SLICE_SECONDS > chosen.interval
    assert chosen.pieces * chosen.interval >= chosen.seconds
    early = sizes.choose_slice(LONG, 32, 1, SPEED, may_wait=True)
    assert early.interval == early.pieces == 0, "text waited where it brings nothing"


def test_what_writing_takes_besides_is_counted_in_each_batch() -> None:
    """The last layer of a small model takes longer than all others, and is not in the timings."""
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.001, 0.001), "separate")
    before = read_tokens(sizes, LONG, 1000, 4, SPEED)
    for _batch in range(4):
        sizes.add_writing(4, 1000, 4 * (0.001 + 0.0001 + 0.01))
    assert read_tokens(sizes, LONG, 1000, 4, SPEED) <= before - 30


def test_where_no_slice_keeps_the_bound_one_of_the_quickest_is_taken() -> None:
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.9, 0.1), "separate")
    assert 1 <= read_tokens(sizes, LONG, 3072, 1, SPEED) <= 8


def test_timings_are_corrected_by_what_batches_take() -> None:
    sizes = SliceSizes()
    sizes.set_tuning(timed(0.001, 0.001), "separate")
    before = read_tokens(sizes, LONG, 1000, 1, SPEED)
    expected = (before + 1) * (0.001 + 0.0001)
    for _batch in range(10):
        sizes.add_measurement(before + 1, 1000, 4 * expected)
    assert read_tokens(sizes, LONG, 1000, 1, SPEED) <= before / 2


def test_a_small_cache_has_costs_of_its_own() -> None:
    assert attention_kernel(Placement(flash_attention="off")) == "separate"
    assert attention_kernel(Placement(flash_attention="auto", cache_keys="f16")) == "fused"
    small = Placement(flash_attention="on", cache_keys="q8_0", cache_values="q8_0")
    assert attention_kernel(small) == "q8_0"

    sizes = SliceSizes()
    sizes.set_tuning(timed(0.001, 0.001), attention_kernel(small))
    untimed = read_tokens(sizes, LONG, 4000, 1, SPEED)
    assert untimed == read_tokens(SliceSizes(), LONG, 4000, 1, SPEED), "nothing is known of it"
    slow = timed(0.001, 0.001)
    slow = structs.replace(
        slow,
        attention=tuple(structs.replace(each, q8_0=each.fused * 9) for each in slow.attention),
    )
    sizes.set_tuning(slow, attention_kernel(small))
    late = read_tokens(sizes, LONG, 4000, 1, SPEED)
    sizes.set_tuning(slow, "fused")
    assert late < read_tokens(sizes, LONG, 4000, 1, SPEED)
