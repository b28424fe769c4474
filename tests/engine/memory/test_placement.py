"""Where a model is placed for what is free: pure, from headers, some of them of huge models."""

import pytest
from msgspec import structs

from core.base.errors import EngineError, ErrorCode, ModelError
from core.base.paths import shipped_models
from core.engine.memory.memory_budget import RESERVE_BYTES, layers_by_card
from core.engine.memory.placement_planner import (
    DEFAULT_CONTEXT,
    LEAST_CONTEXT,
    PlannedPlacement,
    choose_or_minimal_placement,
    choose_placement,
    describe_reductions,
    next_smaller_placement,
)
from core.gguf import GgufHeader, read_header
from core.messages import Device, Placement
from tests.gguf.synthetic import Q4_K, dense, experts

MIB = 1 << 20
GIB = 1 << 30


def processor(*repacks: str) -> Device:
    return Device(
        name="CPU",
        description="",
        backend="CPU",
        kind="cpu",
        total=GIB,
        free=GIB,
        repacks=repacks,
    )


def card(name: str, free: int, kind: str = "gpu") -> Device:
    return Device(name=name, description="", backend="Vulkan", kind=kind, total=2 * free, free=free)


@pytest.fixture(scope="module")
def starter() -> GgufHeader:
    return read_header(shipped_models()[0])


@pytest.fixture(scope="module")
def seventy_billion(tmp_path_factory: pytest.TempPathFactory) -> GgufHeader:
    outline = dense(
        layers=80,
        width=8192,
        inner=28_672,
        heads=64,
        cached=8,
        head=128,
        vocabulary=1024,
        matrices=Q4_K,
    )
    return read_header(outline.write_outline(tmp_path_factory.mktemp("dense") / "dense.gguf"))


@pytest.fixture(scope="module")
def many_experts(tmp_path_factory: pytest.TempPathFactory) -> GgufHeader:
    outline = experts(
        layers=48,
        width=2048,
        inner=768,
        count=128,
        used=8,
        heads=32,
        cached=4,
        head=128,
        vocabulary=1024,
        matrices=Q4_K,
    )
    return read_header(outline.write_outline(tmp_path_factory.mktemp("moe") / "moe.gguf"))


REQUESTED = Placement()


def on_processor(
    header: GgufHeader, available: int, requested: Placement = REQUESTED
) -> PlannedPlacement:
    return choose_placement(header, requested, (processor(),), available)


def test_with_room_everything_is_as_wished(starter: GgufHeader) -> None:
    chosen = on_processor(starter, 64 * GIB).placement
    assert (chosen.context, chosen.cache_keys, chosen.device) == (DEFAULT_CONTEXT, "f16", "cpu")
    assert (chosen.gpu_layers, chosen.flash_attention) == (0, "auto")
    assert on_processor(starter, 64 * GIB, Placement(context=3000)).placement.context == 3000
    trained = on_processor(starter, 64 * GIB, Placement(context=100_000)).placement
    assert trained.context == starter.context_length


def test_verdicts(starter: GgufHeader) -> None:
    requested = Placement(context=2048)
    needed = on_processor(starter, 64 * GIB, requested).plan.total
    assert on_processor(starter, needed + RESERVE_BYTES, requested).plan.verdict == "yes"
    tight = on_processor(starter, needed, requested)
    assert (tight.plan.verdict, tight.placement.cache_keys) == ("tight", "f16")


def test_the_cache_is_kept_less_exactly_before_the_context_shrinks(starter: GgufHeader) -> None:
    whole = on_processor(starter, 64 * GIB).plan.total
    less = on_processor(starter, whole + RESERVE_BYTES - 1).placement
    assert (less.context, less.cache_keys, less.cache_values) == (DEFAULT_CONTEXT, "q8_0", "q8_0")
    assert less.flash_attention == "on", "llama.cpp keeps values in a smaller type only with it"
    small = on_processor(starter, on_processor(starter, GIB, less).plan.total + RESERVE_BYTES - 1)
    assert small.placement.context < DEFAULT_CONTEXT
    assert small.placement.cache_keys == "q8_0"


def test_what_a_person_set_is_kept(starter: GgufHeader) -> None:
    whole = on_processor(starter, 64 * GIB).plan.total
    requested = Placement(cache_keys="f16", cache_values="f16")
    chosen = on_processor(starter, whole + RESERVE_BYTES - 1, requested).placement
    assert chosen.cache_keys == "f16"
    assert chosen.context < DEFAULT_CONTEXT
    off = Placement(flash_attention="off", cache_keys="q8_0", cache_values="q8_0")
    assert on_processor(starter, 64 * GIB, off).placement.cache_values == "f16"


def test_what_does_not_fit_is_said(starter: GgufHeader) -> None:
    with pytest.raises(ModelError) as caught:
        on_processor(starter, 100 * MIB)
    assert caught.value.code == ErrorCode.MODEL_TOO_LARGE
    planned = choose_or_minimal_placement(starter, Placement(), (processor(),), 100 * MIB)
    assert (planned.plan.verdict, planned.placement.context) == ("no", LEAST_CONTEXT)


def test_a_large_card_takes_all(starter: GgufHeader) -> None:
    devices = (card("Vulkan0", 8 * GIB), processor("Q4_1"))
    placed = choose_placement(starter, Placement(), devices, 8 * GIB)
    assert (placed.placement.device, placed.placement.gpu_layers) == ("Vulkan0", 31)
    main, graphics = placed.plan.devices
    assert (main.device, graphics.device) == ("CPU", "Vulkan0")
    assert main.cache == 0
    assert graphics.cache == 180 * MIB
    # The table of tokens serves for the outputs too, and lies on both sides then.
    assert graphics.weights == pytest.approx(92.1 * MIB, rel=0.01)
    assert main.weights == pytest.approx(28.7 * MIB, rel=0.01)


def test_a_small_card_takes_what_fits(seventy_billion: GgufHeader) -> None:
    placed = choose_placement(
        seventy_billion, Placement(), (card("A", 16 * GIB), processor()), 64 * GIB
    )
    layers = placed.placement.gpu_layers
    assert 25 < layers < 40
    assert placed.plan.verdict == "yes"
    graphics = placed.plan.devices[1]
    assert graphics.total + RESERVE_BYTES <= 16 * GIB
    one_more = graphics.total / layers + graphics.total + RESERVE_BYTES
    assert one_more > 16 * GIB, "it was filled"


def test_layers_that_are_wished_for_are_the_most(seventy_billion: GgufHeader) -> None:
    devices = (card("A", 16 * GIB), processor())
    few = choose_placement(seventy_billion, Placement(gpu_layers=5), devices, 64 * GIB).placement
    assert few.gpu_layers == 5
    none = choose_placement(seventy_billion, Placement(gpu_layers=0), devices, 64 * GIB).placement
    assert none.device == "cpu"
    only = choose_placement(seventy_billion, Placement(device="cpu"), devices, 64 * GIB).placement
    assert only.device == "cpu"


def test_several_cards_share_the_layers(seventy_billion: GgufHeader) -> None:
    devices = (card("A", 16 * GIB), card("B", 32 * GIB), processor())
    placed = choose_placement(seventy_billion, Placement(), devices, 64 * GIB)
    assert placed.placement.device == "A,B"
    assert placed.placement.gpu_layers == 81, "all of them"
    assert sum(placed.placement.tensor_split) == 81
    for graphics in placed.plan.devices[1:]:
        assert graphics.total + RESERVE_BYTES <= graphics.free
    one = choose_placement(seventy_billion, Placement(device="B"), devices, 64 * GIB).placement
    assert (one.device, one.tensor_split) == ("B", ())


def test_shares_mean_what_llama_cpp_makes_of_them() -> None:
    split = Placement(tensor_split=(3.0, 1.0, 2.0))
    assert layers_by_card(7, 6, split, 3) == (None, None, 0, 0, 0, 1, 2, 2)
    assert layers_by_card(3, 99, Placement(), 1) == (0, 0, 0, 0)
    assert layers_by_card(3, 0, Placement(), 1) == (None,) * 4


def test_experts_stay_in_main_memory_rather_than_whole_layers(many_experts: GgufHeader) -> None:
    devices = (card("A", 8 * GIB), processor())
    placed = choose_placement(many_experts, Placement(), devices, 64 * GIB)
    assert placed.placement.gpu_layers == 49
    on_cpu = placed.placement.experts_on_cpu
    assert 0 < on_cpu < 48
    requested = Placement(experts_on_cpu=0)
    whole = choose_placement(many_experts, requested, devices, 64 * GIB).placement
    assert whole.gpu_layers < 40
    roomy = choose_placement(
        many_experts, Placement(), (card("A", 64 * GIB), processor()), 64 * GIB
    )
    assert (roomy.placement.gpu_layers, roomy.placement.experts_on_cpu) == (49, 0)


def test_a_card_that_shares_main_memory_is_the_last_choice(starter: GgufHeader) -> None:
    shared = card("I", 64 * GIB, "igpu")
    own = choose_placement(starter, Placement(), (shared, card("A", 2 * GIB), processor()), 8 * GIB)
    assert own.placement.device == "A"
    alone = choose_placement(starter, Placement(), (shared, processor()), 8 * GIB)
    assert alone.placement.device == "I"
    main, graphics = alone.plan.devices
    assert graphics.free == 8 * GIB, "it has no more than the machine"
    assert main.free == 8 * GIB - graphics.total, "and what it takes is taken from the machine"


def test_a_card_that_is_not_there_is_said(starter: GgufHeader) -> None:
    with pytest.raises(EngineError) as caught:
        choose_placement(starter, Placement(device="CUDA7"), (processor(),), 8 * GIB)
    assert caught.value.code == ErrorCode.DEVICE_UNKNOWN


def test_a_file_that_would_lie_in_memory_twice_is_not_mapped(seventy_billion: GgufHeader) -> None:
    plain = choose_placement(seventy_billion, Placement(), (processor(),), 128 * GIB)
    copied = choose_placement(seventy_billion, Placement(), (processor("Q4_K"),), 128 * GIB)
    assert plain.placement.map_file
    assert not copied.placement.map_file
    weights = sum(tensor.size for tensor in seventy_billion.tensors)
    for placed in (plain, copied):
        assert placed.plan.devices[0].weights == pytest.approx(weights, rel=0.001)


def test_stepping_down_ends() -> None:
    placement = Placement(
        context=8192,
        sequences=8,
        device="A",
        gpu_layers=40,
        cache_keys="f16",
        cache_values="f16",
    )
    seen = []
    smaller: Placement | None = placement
    while smaller is not None:
        seen.append(smaller)
        smaller = next_smaller_placement(smaller)
    assert [each.cache_keys for each in seen[:4]] == ["f16", "q8_0", "q4_0", "q4_0"]
    assert [each.context for each in seen[2:8]] == [8192, 4096, 2048, 1024, 512, 512]
    assert [each.gpu_layers for each in seen[6:]] == [40, 20, 10, 5, 2, 1, 0]
    assert seen[-1].device == "cpu"


def test_values_stay_whole_without_flash_attention() -> None:
    placement = Placement(context=512, cache_keys="f16", cache_values="f16", flash_attention="off")
    smaller = next_smaller_placement(placement)
    assert smaller is not None
    assert (smaller.cache_keys, smaller.cache_values) == ("q8_0", "f16")
    assert smaller.flash_attention == "off"


def test_reductions_are_told_one_by_one() -> None:
    tried = Placement(context=8192, gpu_layers=40, cache_keys="f16")
    assert describe_reductions(tried, tried) == []
    less = structs.replace(tried, context=4096, gpu_layers=20, cache_keys="q4_0")
    kept, seen, layers = describe_reductions(tried, less)
    assert "q4_0" in kept
    assert "4096" in seen
    assert "8192" in seen
    assert "20" in layers
