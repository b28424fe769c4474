"""Split of a model's layers over the graphics cards, as many as fit into their free memory."""

from collections.abc import Callable, Iterator

from msgspec import structs

from core.engine.memory.compute_buffers import compute_bytes
from core.engine.memory.memory_budget import RESERVE_BYTES, PlanningInputs, layer_cache_bytes
from core.messages import Device, Placement


def split_layers(shape: PlanningInputs, requested: Placement) -> Placement | None:
    """Return the placement with the most layers on the cards, None if not even one fits.

    Experts stay in main memory before whole layers do: they are most of the weights, and a token
    needs few of them.
    """
    all_layers = len(shape.parts.layers) + 1
    most = all_layers if requested.gpu_layers < 0 else min(requested.gpu_layers, all_layers)
    if not shape.cards:
        return None
    asked = max(requested.experts_on_cpu, 0)
    layers = _most(most, lambda number: _place_layers(shape, requested, number, asked) is not None)
    if layers < most and requested.experts_on_cpu < 0 and shape.parts.expert_layer_count:
        every = all_layers - 1
        more = _most(
            most, lambda number: _place_layers(shape, requested, number, every) is not None
        )
        if more > layers:
            layers = more
            asked = every - _most(
                every,
                lambda fewer: _place_layers(shape, requested, layers, every - fewer) is not None,
            )
    return _place_layers(shape, requested, layers, asked) if layers else None


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to `limit` that fits, when each smaller one does too."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _place_layers(
    shape: PlanningInputs, requested: Placement, layers: int, experts_on_cpu: int
) -> Placement | None:
    """Return the placement with the outputs and the last `layers` - 1 layers on cards, if it fits.

    The first cards are filled first: with fewer cards, less is transferred between them.
    """
    placement = structs.replace(requested, gpu_layers=layers, experts_on_cpu=experts_on_cpu)
    waiting = list(_sizes(shape, placement))
    counts: list[int] = []
    for card in shape.cards:
        count = _count_fitting(shape, placement, waiting, card)
        counts.append(count)
        del waiting[:count]
    if waiting or not layers:
        return None
    used = [(card, count) for card, count in zip(shape.cards, counts, strict=True) if count]
    return structs.replace(
        placement,
        device=",".join(card.name for card, _count in used),
        tensor_split=tuple(float(count) for _card, count in used) if len(used) > 1 else (),
        map_file=True,
    )


def _sizes(shape: PlanningInputs, placement: Placement) -> Iterator[int]:
    """Yield the bytes of each layer that goes to a card, the outputs last."""
    parts = shape.parts
    for index in range(len(parts.layers) + 1 - placement.gpu_layers, len(parts.layers)):
        layer = parts.layers[index]
        experts = layer.experts if index >= placement.experts_on_cpu else 0
        yield layer.weights + experts + layer_cache_bytes(layer, placement)
    yield parts.outputs + parts.tied


def _count_fitting(
    shape: PlanningInputs, placement: Placement, waiting: list[int], card: Device
) -> int:
    """Return how many of the waiting layers fit on `card` beside its intermediate results."""
    count, used = 0, 0
    for index, size in enumerate(waiting):
        compute = compute_bytes(shape.header, placement, outputs=index == len(waiting) - 1)
        if used + size + compute + RESERVE_BYTES > card.free:
            break
        used, count = used + size, count + 1
    return count
