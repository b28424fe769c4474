"""Measurements of models are kept, one for each shape and machine, and told in a sentence."""

from msgspec import structs

from core.app.loading.tuning_store import MOST_TUNINGS, TuningStore
from core.app.loading.tuning_text import describe_tuning
from core.base.i18n import use_language
from core.base.paths import Paths
from core.messages import CacheOffer, EngineTuning, ThreadsTiming

OFF = EngineTuning(
    machine="here",
    shape="small",
    flash_attention="off",
    batch=64,
    gain=2.44,
    seconds=1.4,
    attention=(),
    weights=(),
)


def test_measurements_outlive_the_program(root: Paths) -> None:
    store = TuningStore(root.tunings)
    store.save_tuning(OFF)
    newer = structs.replace(OFF, gain=3.0)
    store.save_tuning(newer)
    elsewhere = structs.replace(OFF, machine="another driver")
    store.save_tuning(elsewhere)
    assert TuningStore(root.tunings).tunings == (newer, elsewhere)
    for number in range(MOST_TUNINGS):
        store.save_tuning(structs.replace(OFF, shape=f"shape {number}"))
    assert len(TuningStore(root.tunings).tunings) == MOST_TUNINGS


def test_a_model_that_is_gone_has_no_measurement(root: Paths) -> None:
    assert TuningStore(root.tunings).tuning_of_model(str(root.root / "gone.gguf")) is None


def test_what_was_chosen_is_said() -> None:
    assert "without flash attention" in describe_tuning(OFF)
    assert "2.4 times" in describe_tuning(OFF)
    assert "64 tokens" in describe_tuning(OFF)
    usual = structs.replace(OFF, flash_attention="auto", batch=512, gain=1.0)
    assert "usual way" in describe_tuning(usual)


def test_what_other_caches_and_threads_would_do_is_said() -> None:
    slower = CacheOffer(type="q8_0", batch=512, gain=0.5)
    assert "is not faster" in describe_tuning(structs.replace(OFF, caches=(slower,)))
    faster = CacheOffer(type="q8_0", batch=512, gain=1.52)
    told = describe_tuning(structs.replace(OFF, caches=(faster,)))
    assert "1.5 times as fast, but whether" in told
    worse = structs.replace(faster, perplexity=0.013)
    assert "1.3 % worse" in describe_tuning(structs.replace(OFF, caches=(worse,)))
    taken = describe_tuning(structs.replace(OFF, caches=(worse,), cache="q8_0"))
    assert "3.7 times as fast as usual" in taken
    assert "as q8_0" in taken

    timings = tuple(ThreadsTiming(threads=each, written=0.1, read=0.01) for each in (8, 4))
    told = describe_tuning(structs.replace(OFF, by_threads=timings))
    assert "Fewer threads are not" in told
    told = describe_tuning(structs.replace(OFF, by_threads=timings, threads=4))
    assert "Threads: 4 instead of 8" in told


def test_a_gain_is_written_with_the_sign_of_the_language() -> None:
    use_language("fr")
    try:
        assert " 1,5 fois " in describe_tuning(structs.replace(OFF, gain=1.5))
    finally:
        use_language("en")
