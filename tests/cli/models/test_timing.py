"""`model time`, and what `model info` and `devices` say of what was measured."""

from core import gguf
from core.app.loading.tuning_store import TuningStore
from core.base.paths import shipped_models
from core.engine.memory.attention_shape import model_shape
from core.messages import AttentionTiming, EngineTuning, ThreadsTiming, WeightsTiming
from tests.cli.conftest import Inglenook
from tests.cli.test_commands import STARTER


def starter_tuning() -> EngineTuning:
    shape = model_shape(gguf.read_header(shipped_models()[0]))
    assert shape is not None
    return EngineTuning(
        machine="here",
        shape=shape.name,
        flash_attention="off",
        batch=128,
        gain=2.4,
        seconds=1.4,
        attention=(AttentionTiming(rows=1, depth=3072, fused=0.117, separate=0.024, q8_0=0.05),),
        weights=(WeightsTiming(rows=1, seconds=0.006),),
        by_threads=(ThreadsTiming(threads=2, written=0.009, read=0.001),),
    )


def test_a_model_is_timed_and_what_was_chosen_told(inglenook: Inglenook) -> None:
    assert "nothing to choose" in inglenook("model", "time", STARTER).out
    inglenook.engine.tuning = starter_tuning()
    told = inglenook("model", "time", STARTER).out
    assert "without flash attention" in told
    assert all(each in told for each in ("117.0 ms", "50.0 ms", "9.0 ms"))
    (fields,) = inglenook("model", "time", STARTER, "--json").objects
    assert fields["tuning"]["batch"] == 128


def test_what_was_measured_is_in_a_models_information(inglenook: Inglenook) -> None:
    inglenook.paths.create_folders()
    (before,) = inglenook("model", "info", STARTER, "--json").objects
    assert before["tuning"] is None
    TuningStore(inglenook.paths.tunings).save_tuning(starter_tuning())
    (after,) = inglenook("model", "info", STARTER, "--json").objects
    assert after["tuning"]["gain"] == 2.4
    assert "2.4 times as fast" in inglenook("model", "info", STARTER).out
