"""A loaded model changes to what was measured to be faster, as far as there is memory for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from core.engine.devices.device_list import choose_threads
from core.engine.devices.machine_name import machine_name
from core.engine.llama import llama_log
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.compute_buffers import MAX_OUTPUTS
from core.engine.memory.memory_budget import RESERVE_BYTES
from core.engine.runtime import idle_probe, model_loading
from core.engine.runtime.batch_scheduler import WARM_UP_TOKENS
from core.engine.runtime.idle_probe import IdleProbe
from core.engine.runtime.model_loading import LoadedModel, load_model
from core.messages import (
    CacheOffer,
    EngineTuning,
    LoadModel,
    ModelTuned,
    Placement,
    ThreadsTiming,
)

pytestmark = pytest.mark.slow

OFF = EngineTuning(
    machine="here",
    shape="small",
    flash_attention="off",
    batch=128,
    gain=2.0,
    seconds=1.0,
    attention=(),
    weights=(),
)


class FoundProbe:
    """A probe that is done at once."""

    def __init__(self, *_arguments: object, **_more: object) -> None: ...

    def run_piece(self) -> EngineTuning:
        return OFF

    def close(self) -> None: ...


@pytest.fixture
def request_to_load(starter_model: Path) -> LoadModel:
    placement = Placement(context=1024, threads=1, device="cpu")
    return LoadModel(request_id="load", path=str(starter_model), placement=placement, measures=True)


@pytest.fixture
def loaded(request_to_load: LoadModel) -> Iterator[LoadedModel]:
    model = load_model(request_to_load, AbortFlag())
    yield model
    model.close()


def failing(monkeypatch: pytest.MonkeyPatch, fails: Callable[[Placement], bool]) -> list[Placement]:
    """Let contexts of some placements find no memory; returns those that were closed."""
    closed: list[Placement] = []
    reserve, close = model_loading._reserve_output_memory, LlamaContext.close

    def reserve_or_fail(context: Any) -> None:
        if fails(context._model.placement):
            raise RuntimeError("llama_decode returned -2")
        reserve(context)

    def recorded_close(context: Any) -> None:
        closed.append(context._model.placement)
        close(context)

    monkeypatch.setattr(model_loading, "_reserve_output_memory", reserve_or_fail)
    monkeypatch.setattr(LlamaContext, "close", recorded_close)
    return closed


def tuned(request: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> ModelTuned:
    monkeypatch.setattr(idle_probe, "EngineProbe", FoundProbe)
    sent: list[Any] = []
    IdleProbe(request, loaded, sent.append).run_piece()
    (event,) = sent
    assert isinstance(event, ModelTuned)
    assert event.placement == loaded.model.placement
    return event


def test_what_has_memory_is_taken(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = tuned(request_to_load, loaded, monkeypatch)
    assert (event.placement.flash_attention, event.placement.batch) == ("off", 128)
    assert event.tuning == OFF


def test_nothing_changes_where_it_would_take_the_reserve(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scores of a whole batch take 512 x 1024 x heads x 4 bytes more."""
    monkeypatch.setattr(idle_probe, "available_memory", lambda: RESERVE_BYTES + 1000)
    large = structs.replace(OFF, batch=512)
    monkeypatch.setattr(FoundProbe, "run_piece", lambda _self: large)
    before = loaded.model.placement
    event = tuned(request_to_load, loaded, monkeypatch)
    assert event.placement == before
    assert event.tuning == large, "each load compares it with what is free then"


def test_a_change_without_memory_is_freed_and_not_chosen_again(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = loaded.model.placement
    closed = failing(monkeypatch, lambda placement: placement.flash_attention == "off")
    event = tuned(request_to_load, loaded, monkeypatch)
    assert event.placement == before
    assert [each.flash_attention for each in closed] == ["auto", "off"]
    assert (event.tuning.flash_attention, event.tuning.batch, event.tuning.gain) == ("auto", 512, 1)
    assert event.tuning.shape == OFF.shape, "it is not measured again at every load"


def test_where_the_way_back_is_closed_too_less_is_taken(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama_log, "ran_out_of_memory", lambda: True)
    failing(monkeypatch, lambda placement: placement.cache_keys == "f16")
    event = tuned(request_to_load, loaded, monkeypatch)
    assert (event.placement.cache_keys, event.placement.context) == ("q8_0", 1024)
    assert loaded.scheduler.prompt_tokens_per_second > 0
    assert loaded.event.placement == event.placement


def test_a_load_without_memory_for_the_choice_takes_the_defaults(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = structs.replace(OFF, machine=_machine(loaded), shape=_shape(loaded))
    failing(monkeypatch, lambda placement: placement.flash_attention == "off")
    again = load_model(structs.replace(request_to_load, tunings=(found,)), AbortFlag())
    assert again.model.placement == loaded.model.placement
    assert again.event.tried is None, "nothing is less than without the measurement"
    assert again.event.tuning == found
    again.close()


def test_how_fast_it_reads_is_not_measured_again_at_each_load(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = (ThreadsTiming(threads=1, written=0.01, read=0.004),)
    found = structs.replace(
        OFF,
        machine=_machine(loaded),
        shape=_shape(loaded),
        flash_attention="auto",
        by_threads=timed,
    )
    decoded: list[int] = []
    decode = LlamaContext.decode

    def counted_decode(context: Any) -> None:
        decoded.append(context.batch.size)
        decode(context)

    monkeypatch.setattr(LlamaContext, "decode", counted_decode)
    again = load_model(structs.replace(request_to_load, tunings=(found,)), AbortFlag())
    assert again.event.prompt_tokens_per_second == pytest.approx(250)
    assert decoded == [MAX_OUTPUTS], "the memory of an answer is tried, and nothing else"
    again.close()

    other = structs.replace(found, by_threads=(structs.replace(timed[0], threads=7),))
    load_model(structs.replace(request_to_load, tunings=(other,)), AbortFlag()).close()
    assert decoded[1:] == [MAX_OUTPUTS, WARM_UP_TOKENS], "with so many threads it was never timed"

    decoded.clear()
    known = load_model(structs.replace(request_to_load, reading_speed=80.0), AbortFlag())
    assert known.event.prompt_tokens_per_second == pytest.approx(80)
    assert not decoded, "a model that was loaded here before is not tried"
    known.close()


@pytest.mark.parametrize(("layers", "device", "threads"), [(31, "card", 1), (3, "CPU", 4)])
def test_what_most_layers_are_on_is_timed_and_what_one_thread_took_divided(
    loaded: LoadedModel,
    monkeypatch: pytest.MonkeyPatch,
    layers: int,
    device: str,
    threads: int,
) -> None:
    placement = structs.replace(loaded.model.placement, device="card", gpu_layers=layers, threads=4)
    loaded.model.placement = placement
    used: list[int] = []
    monkeypatch.setattr(
        loaded.scheduler.slices, "set_tuning", lambda *_tuning, threads: used.append(threads)
    )
    loaded.use_tuning(OFF)
    assert (loaded.main_device, used) == (device, [threads])
    machines = {machine_name(Placement(), each) for each in ("card", "CPU")}
    assert len(machines) == 2, "one isn't taken for the other"


def _shape(loaded: LoadedModel) -> str:
    shape = model_shape(loaded.header)
    assert shape is not None
    return shape.name


def _machine(loaded: LoadedModel) -> str:
    requested = Placement(threads=loaded.model.placement.threads, device="cpu")
    return machine_name(requested, "CPU")


def test_fewer_threads_compute_where_the_person_set_no_number(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = structs.replace(OFF, threads=1)
    monkeypatch.setattr(FoundProbe, "run_piece", lambda _self: fewer)
    free = structs.replace(request_to_load.placement, threads=0)
    loaded.untuned = structs.replace(loaded.untuned, threads=2)
    loaded.model.placement = loaded.untuned
    set_ = structs.replace(free, threads=2)
    kept = tuned(structs.replace(request_to_load, placement=set_), loaded, monkeypatch)
    assert kept.placement.threads == min(2, choose_threads(2))
    event = tuned(structs.replace(request_to_load, placement=free), loaded, monkeypatch)
    assert event.placement.threads == loaded.event.threads == 1


def test_a_timing_that_is_asked_for_begins_anew_where_only_threads_were_compared(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[EngineTuning | None] = []

    class RecordedProbe(FoundProbe):
        def __init__(
            self, *_arguments: object, known: EngineTuning | None, **_more: object
        ) -> None:
            begun.append(known)

    monkeypatch.setattr(idle_probe, "EngineProbe", RecordedProbe)
    monkeypatch.setattr(idle_probe, "thread_counts", lambda _usual: (2, 1))
    loaded.use_tuning(OFF)
    sent: list[Any] = []
    probe = IdleProbe(request_to_load, loaded, sent.append)
    assert begun == [OFF], "what is known is completed"
    probe.add_request("again")
    assert begun == [OFF, None]
    probe.run_piece()
    assert {type(each).__name__ for each in sent} == {"ModelTuned", "ModelTimed"}


class ShortComparison:
    """A comparison of caches that ends after two pieces."""

    result = 0.0
    windows = 0
    closed = 0

    def __init__(self, _model: object, type_: str, text: str, windows: int) -> None:
        assert (type_, bool(text)) == ("q8_0", True)
        type(self).windows = windows
        self._pieces = 0

    def run_piece(self) -> float | None:
        self._pieces += 1
        return self.result if self._pieces > 1 else None

    def close(self) -> None:
        type(self).closed += 1


def compared(
    request: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch, perplexity: float
) -> ModelTuned:
    """Find a cache that is faster, and how well the model predicts with it."""
    offer = CacheOffer(type="q8_0", batch=512, gain=1.5)
    found = structs.replace(OFF, caches=(offer,))
    monkeypatch.setattr(FoundProbe, "run_piece", lambda _self: found)
    monkeypatch.setattr(idle_probe, "EngineProbe", FoundProbe)
    monkeypatch.setattr(idle_probe, "CacheComparison", ShortComparison)
    monkeypatch.setattr(ShortComparison, "result", perplexity)
    sent: list[Any] = []
    probe = IdleProbe(request, loaded, sent.append)
    while not sent:
        probe.run_piece()
    (event,) = sent
    assert isinstance(event, ModelTuned)
    return event


def test_a_faster_cache_is_taken_where_the_model_predicts_as_well(
    request_to_load: LoadModel, loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded.scheduler.prompt_tokens_per_second = 5000.0
    before, key = loaded.event.memory[0].cache, loaded.state_key(())
    event = compared(request_to_load, loaded, monkeypatch, 0.0)
    assert ShortComparison.windows > 0
    assert event.placement.cache_keys == event.placement.cache_values == "q8_0"
    assert event.tuning.caches[0].perplexity == 0.0
    assert event.memory[0].cache < 0.6 * before
    assert loaded.state_key(()) != key, "a state of the other cache is not taken"


@pytest.mark.parametrize(("speed", "perplexity"), [(5000.0, 0.002), (50.0, 0.0)])
def test_a_cache_that_predicts_worse_or_was_not_compared_is_only_told(
    request_to_load: LoadModel,
    loaded: LoadedModel,
    monkeypatch: pytest.MonkeyPatch,
    speed: float,
    perplexity: float,
) -> None:
    loaded.scheduler.prompt_tokens_per_second = speed
    event = compared(request_to_load, loaded, monkeypatch, perplexity)
    assert (event.placement.cache_keys, event.placement.flash_attention) == ("f16", "off")
    assert event.tuning.caches[0].gain == 1.5
    assert event.tuning.caches[0].perplexity in {perplexity, None}
