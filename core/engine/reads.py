"""What a level takes on this machine, and what it reads of its weights for each token it writes."""

from collections import Counter

from core.engine.budget import Shape, cards_of, layers_by_card
from core.engine.footprint import EXPERTS, cache_bytes, is_input, layer_of, tied_table
from core.engine.placement import plan_anyway, shape_of
from core.gguf import Header, TensorInfo
from core.messages import Device, LevelPlan, Placement, TypeBytes


def plan_level(
    header: Header, level: str, wish: Placement, devices: tuple[Device, ...], available: int
) -> LevelPlan:
    """Plan a level from its header alone; `available` are bytes of main memory."""
    placed = plan_anyway(header, wish, devices, available)
    shape = shape_of(header, wish, devices, available)
    return LevelPlan(
        level=level,
        bytes=header.size,
        placement=placed.placement,
        plan=placed.plan,
        layers=header.block_count + 1,
        reads=reads_of(shape, placed.placement),
        cached=cached_token(shape, placed.placement),
    )


def reads_of(shape: Shape, placement: Placement) -> tuple[TypeBytes, ...]:
    """Return the bytes that one token's products run over, of a placement with nothing open.

    The table that tokens are looked up in counts when it makes the outputs too; of experts those
    count that a token uses. Lists of single numbers are next to nothing and left out.
    """
    header = shape.header
    cards = cards_of(shape, placement)
    place = layers_by_card(len(shape.parts.layers), placement.gpu_layers, placement, len(cards))
    tied = tied_table(header)
    experts = max(header.figure("expert_count"), 1)
    used = min(header.figure("expert_used_count") or experts, experts)
    counted: Counter[tuple[str, str]] = Counter()
    for tensor in header.tensors:
        if len(tensor.shape) < 2 or (is_input(tensor) and tensor != tied):
            continue
        where = _place(tensor, place, placement)
        device = shape.main.name if where is None else cards[where].name
        size = tensor.size * used // experts if EXPERTS.match(tensor.name) else tensor.size
        counted[device, tensor.type_label] += size
    return tuple(
        TypeBytes(device=device, type=type_, bytes=size)
        for (device, type_), size in sorted(counted.items())
    )


def cached_token(shape: Shape, placement: Placement) -> int:
    """Return the bytes of keys and values that are kept of one token."""
    return sum(
        cache_bytes(layer, 256, placement.cache_keys, placement.cache_values) // 256
        for layer in shape.parts.layers
    )


def _place(tensor: TensorInfo, place: tuple[int | None, ...], placement: Placement) -> int | None:
    layer = layer_of(tensor)
    if layer is None or layer >= len(place) - 1:
        return place[-1]
    if layer < placement.experts_on_cpu and EXPERTS.match(tensor.name):
        return None
    return place[layer]
