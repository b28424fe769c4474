"""Memory a quantization takes on this machine, and the bytes of weights read per token."""

from collections import Counter

from core.engine.memory.memory_budget import PlanningInputs, layers_by_card, named_cards
from core.engine.memory.model_footprint import (
    EXPERT_TENSORS,
    cache_bytes,
    is_input_tensor,
    layer_index,
    tied_embedding,
)
from core.engine.memory.placement_planner import (
    choose_or_minimal_placement,
    collect_planning_inputs,
)
from core.gguf import GgufHeader, TensorInfo
from core.messages import Device, Placement, QuantizationPlan, TensorTypeBytes


def plan_quantization(
    header: GgufHeader,
    level: str,
    requested: Placement,
    devices: tuple[Device, ...],
    available: int,
) -> QuantizationPlan:
    """Plan a quantization from its header alone; `available` are bytes of main memory."""
    placed = choose_or_minimal_placement(header, requested, devices, available)
    shape = collect_planning_inputs(header, requested, devices, available)
    return QuantizationPlan(
        level=level,
        bytes=header.size,
        placement=placed.placement,
        plan=placed.plan,
        layers=header.block_count + 1,
        reads=weight_reads(shape, placed.placement),
        cached=cache_bytes_per_token(shape, placed.placement),
    )


def weight_reads(shape: PlanningInputs, placement: Placement) -> tuple[TensorTypeBytes, ...]:
    """Return the bytes of weights that are read for one token in a complete placement.

    The token embedding counts if it is used for the outputs, too; of the experts, those count that
    one token uses. One-dimensional tensors are negligible and left out.
    """
    header = shape.header
    cards = named_cards(shape, placement)
    place = layers_by_card(len(shape.parts.layers), placement.gpu_layers, placement, len(cards))
    tied = tied_embedding(header)
    experts = max(header.architecture_number("expert_count"), 1)
    used = min(header.architecture_number("expert_used_count") or experts, experts)
    counted: Counter[tuple[str, str]] = Counter()
    for tensor in header.tensors:
        if len(tensor.shape) < 2 or (is_input_tensor(tensor) and tensor != tied):
            continue
        where = _place(tensor, place, placement)
        device = shape.main.name if where is None else cards[where].name
        size = tensor.size * used // experts if EXPERT_TENSORS.match(tensor.name) else tensor.size
        counted[device, tensor.type_label] += size
    return tuple(
        TensorTypeBytes(device=device, type=type_, bytes=size)
        for (device, type_), size in sorted(counted.items())
    )


def cache_bytes_per_token(shape: PlanningInputs, placement: Placement) -> int:
    """Return the bytes of the cached keys and values of one token."""
    return sum(
        cache_bytes(layer, 256, placement.cache_keys, placement.cache_values) // 256
        for layer in shape.parts.layers
    )


def _place(tensor: TensorInfo, place: tuple[int | None, ...], placement: Placement) -> int | None:
    layer = layer_index(tensor)
    if layer is None or layer >= len(place) - 1:
        return place[-1]
    if layer < placement.experts_on_cpu and EXPERT_TENSORS.match(tensor.name):
        return None
    return place[layer]
