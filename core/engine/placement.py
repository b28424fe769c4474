"""Chooses where a model's layers lie and how long its context is, for the memory that is free."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, structs

from core.engine.budget import Shape, memory_plan
from core.engine.compute import CONTEXT_STEP
from core.engine.dealing import deal
from core.engine.footprint import (
    breaks_rearranged,
    can_quantize_cache,
    footprint,
    is_input,
    is_repacked,
)
from core.errors import Code, EngineError, ModelError
from core.gguf import Header
from core.messages import Device, MemoryPlan, Placement
from core.sizes import human_bytes
from core.words import _

DEFAULT_CONTEXT = 8192
LEAST_CONTEXT = 512
GOOD_CONTEXT = 2048
"""Below it, a smaller cache type is tried before the context shrinks further."""
SEQUENCES = 8
"""Answers at once; a further one waits."""
COPIED_SHARE = 0.1
"""A file is mapped unless more of its weights than this would lie in memory twice."""

CACHE_TYPES = ("f16", "q8_0", "q4_0")
"""From the largest to the smallest."""


class Placed(Struct, frozen=True, kw_only=True):
    """A placement in which nothing is left to be chosen, and the memory it takes."""

    placement: Placement
    plan: MemoryPlan


def place(header: Header, wish: Placement, devices: tuple[Device, ...], available: int) -> Placed:
    """Fill what `wish` leaves open so that the model fits; `available` are bytes of main memory.

    Figures that are given are the most that is taken; threads stay as they are. Keys and values
    are kept in f16 unless only a smaller type or context fits. Raises ModelError(MODEL_TOO_LARGE)
    when not even the least fits, EngineError for a device that is not there.
    """
    shape = shape_of(header, wish, devices, available)
    best: Placed | None = None
    for context, keys, values in _candidates(header, wish):
        placed = _placed(shape, wish, context, keys, values)
        if placed.plan.verdict == "yes":
            return placed
        if placed.plan.verdict == "tight" and best is None:
            best = placed
    if best:
        return best
    raise _too_large(header, placed.plan)


def plan_anyway(
    header: Header, wish: Placement, devices: tuple[Device, ...], available: int
) -> Placed:
    """Return what `place` would, or the least there is when not even that fits."""
    try:
        return place(header, wish, devices, available)
    except ModelError:
        shape = shape_of(header, wish, devices, available)
        context, keys, values = list(_candidates(header, wish))[-1]
        return _placed(shape, wish, context, keys, values)


def step_down(placement: Placement) -> Placement | None:
    """Return the next smaller thing to try after memory ran out, None when nothing is left.

    First the cache gets a smaller type, then the context is halved, then layers leave the cards.
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


def reductions(tried: Placement, placement: Placement) -> list[str]:
    """Say for a person, a sentence each, what was given up between two placements."""
    said = []
    if tried.cache_keys != placement.cache_keys:
        sentence = _("Its memory of the conversation is kept less exactly ({type}).")
        said.append(sentence.format(type=placement.cache_keys))
    if placement.context < tried.context:
        sentence = _("It keeps {count} tokens in view instead of {before}.")
        said.append(sentence.format(count=placement.context, before=tried.context))
    if placement.gpu_layers < tried.gpu_layers:
        sentence = _("{count} of its layers run on the graphics card instead of {before}.")
        said.append(sentence.format(count=placement.gpu_layers, before=tried.gpu_layers))
    return said


def _on_fewer(placement: Placement, layers: int) -> Placement:
    if layers:
        return structs.replace(placement, gpu_layers=layers)
    return structs.replace(placement, device="cpu", gpu_layers=0, tensor_split=(), experts_on_cpu=0)


def shape_of(header: Header, wish: Placement, devices: tuple[Device, ...], available: int) -> Shape:
    """Return all that a plan is computed from; `available` are bytes of main memory."""
    processors = [device for device in devices if device.kind == "cpu"]
    main = Device(name="CPU", description="", backend="CPU", kind="cpu", total=0, free=0)
    main = structs.replace(processors[0] if processors else main, free=available)
    rearranges = not breaks_rearranged(header, main.repacks)
    if not rearranges:
        main = structs.replace(main, repacks=())
    cards = tuple(
        card if card.kind == "gpu" else structs.replace(card, free=min(card.free, available))
        for card in _wanted_cards(wish, devices)
    )
    return Shape(
        header=header, parts=footprint(header), main=main, cards=cards, rearranges=rearranges
    )


def _wanted_cards(wish: Placement, devices: tuple[Device, ...]) -> tuple[Device, ...]:
    """Return the cards a wish means: those with memory of their own come before the others."""
    wanted = wish.device
    if wanted == "cpu":
        return ()
    if wanted not in {"", "auto"}:
        return tuple(_named(name, devices) for name in wanted.split(","))
    trusted = [device for device in devices if device_identity(device) not in wish.avoid]
    own = tuple(device for device in trusted if device.kind == "gpu")
    return own or tuple(device for device in trusted if device.kind == "igpu")


def device_identity(device: Device) -> str:
    """Name a device so that it is known again after another one was plugged in."""
    return f"{device.backend} {device.description}"


def _named(name: str, devices: tuple[Device, ...]) -> Device:
    for device in devices:
        if device.name == name and device.kind in {"gpu", "igpu"}:
            return device
    raise EngineError(Code.DEVICE_UNKNOWN, name=name)


def _candidates(header: Header, wish: Placement) -> Iterator[tuple[int, str, str]]:
    """Yield context and types of keys and values, the best first."""
    trained = header.context_length or DEFAULT_CONTEXT
    most = min(wish.context or DEFAULT_CONTEXT, trained)
    shorter = [most]
    while shorter[-1] > LEAST_CONTEXT:
        step = shorter[-1] * 3 // 4 // CONTEXT_STEP * CONTEXT_STEP
        shorter.append(max(step, min(LEAST_CONTEXT, most)))
    first, second, *last = _cache_types(header, wish)
    yield most, *first
    for context in shorter:
        if context >= min(GOOD_CONTEXT, most):
            yield context, *second
    for context in shorter:
        yield from ((context, *types) for types in (last or [second]))


def _cache_types(header: Header, wish: Placement) -> list[tuple[str, str]]:
    """Return the pairs that may be chosen, the largest first; values need flash attention."""
    smaller = CACHE_TYPES if can_quantize_cache(header) else CACHE_TYPES[:1]
    pairs = []
    for type_ in smaller:
        keys = type_ if wish.cache_keys == "auto" else wish.cache_keys
        values = type_ if wish.cache_values == "auto" else wish.cache_values
        if wish.flash_attention == "off":
            values = "f16"
        pairs.append((keys, values))
    return pairs if len(pairs) > 1 else pairs * 2


def _placed(shape: Shape, wish: Placement, context: int, keys: str, values: str) -> Placed:
    """Return the placement with this cache that has most on the cards."""
    placement = structs.replace(
        wish,
        avoid=(),
        rearrange=shape.rearranges,
        context=context,
        sequences=wish.sequences or SEQUENCES,
        cache_keys=keys,
        cache_values=values,
        flash_attention="on" if values != "f16" else wish.flash_attention,
    )
    chosen = deal(shape, placement)
    if chosen is None:
        chosen = structs.replace(_on_fewer(placement, 0), map_file=_maps(shape))
    return Placed(placement=chosen, plan=memory_plan(shape, chosen))


def _too_large(header: Header, plan: MemoryPlan) -> ModelError:
    return ModelError(
        Code.MODEL_TOO_LARGE,
        file=Path(header.path).name,
        needed=human_bytes(plan.total),
        available=human_bytes(sum(device.free for device in plan.devices)),
    )


def _maps(shape: Shape) -> bool:
    copied = sum(
        tensor.size
        for tensor in shape.header.tensors
        if not is_input(tensor) and is_repacked(tensor, shape.main.repacks)
    )
    return copied <= COPIED_SHARE * sum(tensor.size for tensor in shape.header.tensors)
