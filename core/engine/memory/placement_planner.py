"""Choice of a model's device layers, context length and cache types for the free memory."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, structs

from core.base.errors import EngineError, ErrorCode, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.engine.memory.compute_buffers import CONTEXT_STEP, cache_cells, window_cells
from core.engine.memory.gpu_layer_split import split_layers
from core.engine.memory.memory_budget import RESERVE_BYTES, PlanningInputs, memory_plan
from core.engine.memory.model_footprint import (
    breaks_when_repacked,
    can_quantize_cache,
    compute_footprint,
    is_input_tensor,
    is_repacked,
)
from core.engine.memory.placement_tuning import CACHE_TYPES, tuned_placement
from core.gguf import GgufHeader
from core.messages import Device, EngineTuning, MemoryPlan, Placement

DEFAULT_CONTEXT = 8192
LEAST_CONTEXT = 512
GOOD_CONTEXT = 2048
"""Below it, a smaller cache type is tried before a still smaller context."""
SEQUENCES = 8
"""Answers at once; a further one has to wait."""
COPIED_SHARE = 0.1
"""A file is mapped unless a larger share of its weights would be in memory twice."""


class PlannedPlacement(Struct, frozen=True, kw_only=True):
    """A complete placement, and the memory that it takes."""

    placement: Placement
    plan: MemoryPlan


def choose_placement(
    header: GgufHeader,
    requested: Placement,
    devices: tuple[Device, ...],
    available: int,
    tuning: EngineTuning | None = None,
) -> PlannedPlacement:
    """Choose what `requested` leaves open, so that the model fits.

    `available` are bytes of main memory. Requested numbers are upper limits; threads stay as they
    are. Keys and values are f16 unless only a smaller type or context fits. What `tuning` found to
    be faster is taken where it fits as well. Raises ModelError(MODEL_TOO_LARGE) if not even the
    smallest placement fits, and EngineError for a device that is not there.
    """
    shape = collect_planning_inputs(header, requested, devices, available)
    best: PlannedPlacement | None = None
    for context, keys, values in _candidates(header, requested):
        placed = _placed(shape, requested, context, keys, values)
        if placed.plan.verdict == "yes":
            return _tuned(shape, placed, requested, tuning)
        if placed.plan.verdict == "tight" and best is None:
            best = placed
    if best:
        return best
    raise _too_large(header, placed.plan)


def choose_or_minimal_placement(
    header: GgufHeader,
    requested: Placement,
    devices: tuple[Device, ...],
    available: int,
    tuning: EngineTuning | None = None,
) -> PlannedPlacement:
    """Return what `choose_placement` does, or the smallest placement if nothing fits."""
    try:
        return choose_placement(header, requested, devices, available, tuning)
    except ModelError:
        shape = collect_planning_inputs(header, requested, devices, available)
        context, keys, values = list(_candidates(header, requested))[-1]
        return _placed(shape, requested, context, keys, values)


def can_change_placement(
    header: GgufHeader,
    before: Placement,
    after: Placement,
    devices: tuple[Device, ...],
    available: int,
) -> bool:
    """Return whether a model that is loaded as in `before` may take what `after` takes.

    `devices` and `available` are what is free beside it; the reserve has to stay free.
    """
    shape = collect_planning_inputs(header, before, devices, available)
    free = {device.name: device.free for device in (shape.main, *shape.cards)}
    old, new = (memory_plan(shape, placement).devices for placement in (before, after))
    more = {
        each.device: each.total - was.total
        for was, each in zip(old, new, strict=True)
        if each.total > was.total
    }
    borrowed = sum(more.get(card.name, 0) for card in shape.cards if card.kind == "igpu")
    if borrowed:
        more[shape.main.name] = more.get(shape.main.name, 0) + borrowed
    return all(size + RESERVE_BYTES <= free[name] for name, size in more.items())


def next_smaller_placement(placement: Placement) -> Placement | None:
    """Return the next smaller placement to try after memory ran out, None for the smallest.

    First the cache gets a smaller type, then the context is halved, then the layers on cards.
    """
    if placement.cache_keys != CACHE_TYPES[-1]:
        smaller = CACHE_TYPES[CACHE_TYPES.index(placement.cache_keys) + 1]
        keys_only = placement.flash_attention == "off"
        return structs.replace(
            placement,
            cache_keys=smaller,
            cache_values=placement.cache_values if keys_only else smaller,
            flash_attention="off" if keys_only else "on",
        )
    if placement.context > LEAST_CONTEXT:
        half = placement.context // 2 // CONTEXT_STEP * CONTEXT_STEP
        return structs.replace(placement, context=max(half, LEAST_CONTEXT))
    if placement.gpu_layers > 0:
        return _on_fewer(placement, placement.gpu_layers // 2)
    return None


def describe_reductions(tried: Placement, placement: Placement) -> list[str]:
    """Describe the differences between two placements, one sentence each."""
    sentences = []
    if tried.cache_keys != placement.cache_keys:
        sentence = _("Its memory of the conversation is kept less exactly ({type}).")
        sentences.append(sentence.format(type=placement.cache_keys))
    if placement.context < tried.context:
        sentence = _("It keeps {count} tokens in view instead of {before}.")
        sentences.append(sentence.format(count=placement.context, before=tried.context))
    if placement.gpu_layers < tried.gpu_layers:
        sentence = _("{count} of its layers run on the graphics card instead of {before}.")
        sentences.append(sentence.format(count=placement.gpu_layers, before=tried.gpu_layers))
    return sentences


def _on_fewer(placement: Placement, layers: int) -> Placement:
    if layers:
        return structs.replace(placement, gpu_layers=layers)
    return structs.replace(placement, device="cpu", gpu_layers=0, tensor_split=(), experts_on_cpu=0)


def collect_planning_inputs(
    header: GgufHeader, requested: Placement, devices: tuple[Device, ...], available: int
) -> PlanningInputs:
    """Return the inputs of a plan; `available` are bytes of main memory."""
    processors = [device for device in devices if device.kind == "cpu"]
    main = Device(name="CPU", description="", backend="CPU", kind="cpu", total=0, free=0)
    main = structs.replace(processors[0] if processors else main, free=available)
    rearranges = not breaks_when_repacked(header, main.repacks)
    if not rearranges:
        main = structs.replace(main, repacks=())
    cards = tuple(
        card if card.kind == "gpu" else structs.replace(card, free=min(card.free, available))
        for card in _requested_cards(requested, devices)
    )
    return PlanningInputs(
        header=header,
        parts=compute_footprint(header),
        main=main,
        cards=cards,
        rearranges=rearranges,
    )


def _requested_cards(requested: Placement, devices: tuple[Device, ...]) -> tuple[Device, ...]:
    """Return the cards that may be used: those with memory of their own come first."""
    wanted = requested.device
    if wanted == "cpu":
        return ()
    if wanted not in {"", "auto"}:
        return tuple(_named(name, devices) for name in wanted.split(","))
    trusted = [device for device in devices if device_identity(device) not in requested.avoid]
    own = tuple(device for device in trusted if device.kind == "gpu")
    return own or tuple(device for device in trusted if device.kind == "igpu")


def device_identity(device: Device) -> str:
    """Return a name that stays the same when other devices are plugged in."""
    return f"{device.backend} {device.description}"


def _named(name: str, devices: tuple[Device, ...]) -> Device:
    for device in devices:
        if device.name == name and device.is_card:
            return device
    raise EngineError(ErrorCode.DEVICE_UNKNOWN, name=name)


def _candidates(header: GgufHeader, requested: Placement) -> Iterator[tuple[int, str, str]]:
    """Yield context length and types of keys and values, the best first."""
    trained = header.context_length or DEFAULT_CONTEXT
    most = min(requested.context or DEFAULT_CONTEXT, trained)
    shorter = [most]
    while shorter[-1] > LEAST_CONTEXT:
        step = shorter[-1] * 3 // 4 // CONTEXT_STEP * CONTEXT_STEP
        shorter.append(max(step, min(LEAST_CONTEXT, most)))
    first, second, *last = _cache_types(header, requested)
    yield most, *first
    for context in shorter:
        if context >= min(GOOD_CONTEXT, most):
            yield context, *second
    for context in shorter:
        yield from ((context, *types) for types in (last or [second]))


def _cache_types(header: GgufHeader, requested: Placement) -> list[tuple[str, str]]:
    """Return the allowed pairs, the largest first; small values need flash attention."""
    smaller = CACHE_TYPES if can_quantize_cache(header) else CACHE_TYPES[:1]
    pairs = []
    for type_ in smaller:
        keys = type_ if requested.cache_keys == "auto" else requested.cache_keys
        values = type_ if requested.cache_values == "auto" else requested.cache_values
        if requested.flash_attention == "off":
            values = "f16"
        pairs.append((keys, values))
    return pairs if len(pairs) > 1 else pairs * 2


def _placed(
    shape: PlanningInputs, requested: Placement, context: int, keys: str, values: str
) -> PlannedPlacement:
    """Return the placement with this cache that has the most layers on the cards."""
    placement = structs.replace(
        requested,
        avoid=(),
        rearrange=shape.rearranges,
        context=context,
        sequences=requested.sequences or SEQUENCES,
        cache_keys=keys,
        cache_values=values,
        flash_attention="on" if values != "f16" else requested.flash_attention,
    )
    placement = structs.replace(placement, short_windows=_has_short_windows(shape, placement))
    chosen = split_layers(shape, placement)
    if chosen is None:
        chosen = structs.replace(_on_fewer(placement, 0), map_file=_maps(shape))
    return PlannedPlacement(placement=chosen, plan=memory_plan(shape, chosen))


def _has_short_windows(shape: PlanningInputs, placement: Placement) -> bool:
    """Return whether layers with a window keep less: where that saves half of their cells.

    In a short context all is kept, so that any earlier turn can be gone back to.
    """
    window = max((layer.window for layer in shape.parts.layers), default=0)
    if not window:
        return False
    return 2 * window_cells(placement, window) <= cache_cells(placement.context)


def _tuned(
    shape: PlanningInputs,
    placed: PlannedPlacement,
    requested: Placement,
    tuning: EngineTuning | None,
) -> PlannedPlacement:
    """Return a placement with what was measured to be faster, if that fits too."""
    placement = tuned_placement(placed.placement, requested, tuning)
    plan = memory_plan(shape, placement)
    return PlannedPlacement(placement=placement, plan=plan) if plan.verdict == "yes" else placed


def _too_large(header: GgufHeader, plan: MemoryPlan) -> ModelError:
    return ModelError(
        ErrorCode.MODEL_TOO_LARGE,
        file=Path(header.path).name,
        needed=format_bytes(plan.total),
        available=format_bytes(sum(device.free for device in plan.devices)),
    )


def _maps(shape: PlanningInputs) -> bool:
    copied = sum(
        tensor.size
        for tensor in shape.header.tensors
        if not is_input_tensor(tensor) and is_repacked(tensor, shape.main.repacks)
    )
    return copied <= COPIED_SHARE * sum(tensor.size for tensor in shape.header.tensors)
