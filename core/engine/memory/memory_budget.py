"""Memory that a placed model takes on each device, and whether that much is free."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct, structs

from core.engine.memory.compute_buffers import (
    cache_cells,
    compute_bytes,
    host_compute_bytes,
    output_bytes,
    window_cells,
)
from core.engine.memory.model_footprint import (
    EXPERT_TENSORS,
    LayerFootprint,
    ModelFootprint,
    cache_bytes,
    is_input_tensor,
    is_repacked,
    layer_index,
    tied_embedding,
)
from core.gguf import GgufHeader, TensorInfo
from core.messages import Device, DeviceMemory, MemoryPlan, Placement

RESERVE_BYTES = 512 << 20
"""Bytes that stay free for other programs, so that the system doesn't swap."""
PROGRAM_BYTES = 41 << 20
"""Memory of the child itself: Python and the libraries, without a model."""
VOCABULARY_BYTES = 186
"""Bytes of one token in llama.cpp's tables: its text, twice, and a hash entry."""
_PAGE = 4096


class PlanningInputs(Struct, frozen=True, kw_only=True):
    """Everything that a plan is computed from. `main` is main memory with its free bytes."""

    header: GgufHeader
    parts: ModelFootprint
    main: Device
    cards: tuple[Device, ...]
    rearranges: bool
    """Whether the processor may keep copies of weights that it multiplies faster."""


def memory_plan(shape: PlanningInputs, placement: Placement) -> MemoryPlan:
    """Return the bytes on each device of a complete placement."""
    cards = named_cards(shape, placement)
    place = layers_by_card(len(shape.parts.layers), placement.gpu_layers, placement, len(cards))
    on_cards = [_card(shape, placement, place, index) for index in range(len(cards))]
    borrowed = sum(device.total for device in on_cards if device.kind == "igpu")
    main = _main(shape, placement, place)
    devices = [structs.replace(main, free=max(main.free - borrowed, 0)), *on_cards]
    verdicts = [device_verdict(device) for device in devices]
    return MemoryPlan(
        context=placement.context,
        devices=tuple(devices),
        verdict=max(verdicts, key=("yes", "tight", "no").index),
    )


def device_verdict(device: DeviceMemory) -> str:
    """Return "yes", "tight" (less than the reserve stays free) or "no"."""
    if device.total > device.free:
        return "no"
    return "yes" if device.total + RESERVE_BYTES <= device.free else "tight"


def named_cards(shape: PlanningInputs, placement: Placement) -> tuple[Device, ...]:
    """Return the graphics cards that a placement names, in its order."""
    if placement.device == "cpu" or placement.gpu_layers == 0:
        return ()
    named = placement.device.split(",")
    return tuple(card for name in named for card in shape.cards if card.name == name)


def layers_by_card(
    layers: int, gpu_layers: int, placement: Placement, cards: int
) -> tuple[int | None, ...]:
    """Return each layer's card, None for main memory; the outputs count as one more layer.

    As llama.cpp does (llama-model.cpp, `get_layer_buft_list`): the last layers go to cards first,
    and each card gets its share of them in order.
    """
    count = min(gpu_layers, layers + 1) if cards else 0
    split = placement.tensor_split[:cards] or (1.0,) * cards
    limits = [limit / sum(split) for limit in accumulate(split)]
    begin = layers + 1 - count
    return tuple(
        None
        if index < begin
        else next(
            (i for i, limit in enumerate(limits) if limit > (index - begin) / count), cards - 1
        )
        for index in range(layers + 1)
    )


def _card(
    shape: PlanningInputs, placement: Placement, place: Sequence[int | None], card: int
) -> DeviceMemory:
    device = named_cards(shape, placement)[card]
    parts = shape.parts
    mine = [index for index, where in enumerate(place[:-1]) if where == card]
    outputs = place[-1] == card
    weights = sum(parts.layers[index].weights for index in mine)
    weights += sum(
        parts.layers[index].experts for index in mine if index >= placement.experts_on_cpu
    )
    if outputs:
        weights += parts.outputs + parts.tied
    return DeviceMemory(
        device=device.name,
        kind=device.kind,
        weights=weights,
        cache=sum(layer_cache_bytes(parts.layers[index], placement) for index in mine),
        compute=compute_bytes(shape.header, placement, outputs=outputs),
        free=device.free,
    )


def _main(shape: PlanningInputs, placement: Placement, place: Sequence[int | None]) -> DeviceMemory:
    header = shape.header
    mine = [index for index, where in enumerate(place[:-1]) if where is None]
    works = bool(mine) or place[-1] is None or placement.experts_on_cpu > 0
    compute = host_compute_bytes(header, placement)
    if works:
        compute = compute_bytes(header, placement, outputs=place[-1] is None)
    return DeviceMemory(
        device=shape.main.name,
        kind=shape.main.kind,
        weights=_host_weights(shape, placement, place),
        cache=sum(layer_cache_bytes(shape.parts.layers[index], placement) for index in mine),
        compute=compute + output_bytes(header, placement.sequences),
        program=PROGRAM_BYTES + VOCABULARY_BYTES * header.vocabulary_size,
        free=shape.main.free,
    )


def layer_cache_bytes(layer: LayerFootprint, placement: Placement) -> int:
    """Return the bytes of a layer's cached keys, values and states."""
    cells = cache_cells(placement.context)
    if layer.window and placement.short_windows:
        cells = window_cells(placement, layer.window)
    cached = cache_bytes(layer, cells, placement.cache_keys, placement.cache_values)
    return cached + layer.state * max(placement.sequences, 1)


def _host_weights(shape: PlanningInputs, placement: Placement, place: Sequence[int | None]) -> int:
    """Return the bytes of weights in main memory, rearranged copies included.

    A mapped file counts from the first to the last tensor that is used from the mapping: the rest
    is unmapped after loading. The processor rearranges no weights if a card provides host memory
    (llama-model.cpp, `make_cpu_buft_list`).
    """
    types = () if any(where is not None for where in place) else shape.main.repacks
    plain, copied = [], 0
    for tensor in _host_tensors(shape, placement, place):
        if not is_input_tensor(tensor) and is_repacked(tensor, types):
            copied += tensor.size
        else:
            plain.append(tensor)
    tied = tied_embedding(shape.header)
    if tied and place[-1] is None and is_repacked(tied, types):
        copied += tied.size
    if not placement.map_file or not plain:
        return copied + sum(tensor.size for tensor in plain)
    return copied + sum(_mapped(plain, part) for part in {tensor.part for tensor in plain})


def _mapped(tensors: Sequence[TensorInfo], part: int) -> int:
    """Return the bytes of one of the model's files that stay mapped for these tensors."""
    inside = [tensor for tensor in tensors if tensor.part == part]
    first = min(tensor.offset for tensor in inside) // _PAGE * _PAGE
    return max(tensor.offset + tensor.size for tensor in inside) - first


def _host_tensors(
    shape: PlanningInputs, placement: Placement, place: Sequence[int | None]
) -> Iterator[TensorInfo]:
    for tensor in shape.header.tensors:
        layer = layer_index(tensor)
        if is_input_tensor(tensor):
            yield tensor
        elif layer is None or layer >= len(place) - 1:
            if place[-1] is None:
                yield tensor
        elif place[layer] is None or (
            layer < placement.experts_on_cpu and EXPERT_TENSORS.match(tensor.name)
        ):
            yield tensor
