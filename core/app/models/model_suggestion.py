"""Suggestion of a catalog model that suits this computer, whatever else runs on it just now."""

from collections.abc import Sequence

from msgspec import Struct

from core.base.errors import ModelError
from core.engine.memory.free_memory import total_memory
from core.messages import Device
from core.models.model_catalog import CatalogModel, load_catalog
from core.models.quantizations.catalog_header import estimate_bytes

SUGGESTED_QUANTIZATION = "Q4_K_M"
"""The quantization by which sizes are compared: the most common one."""
MEMORY_FACTOR = 1.25
"""Memory for the cache, intermediate results and the program, as a factor of the weights."""
SYSTEM_SHARE = 0.25
"""Share of main memory that the system and other programs keep."""
CARD_SHARE = 0.1
"""Share of a graphics card's memory that the screen keeps."""
_FASTEST = 5_000_000_000
"""Most active parameters with which a processor alone is fast enough."""


class ModelSuggestion(Struct, frozen=True):
    """A model to download; `size` in bytes, by the published bits per weight."""

    model: CatalogModel
    level: str
    size: int


def suggest_model(devices: Sequence[Device], memory: int | None = None) -> ModelSuggestion | None:
    """Return the largest starter model of the catalog that runs well here, None if none does.

    `memory` are the bytes of main memory to use, None for what this computer can spare.
    """
    available = usable_memory(devices) if memory is None else memory
    cards = [each for each in devices if each.is_card]
    try:
        starters = [
            each
            for each in load_catalog()
            if each.starter and each.file_for_quantization(SUGGESTED_QUANTIZATION)
        ]
    except ModelError:
        return None
    fitting = [
        each
        for each in starters
        if estimate_bytes(each, SUGGESTED_QUANTIZATION) * MEMORY_FACTOR <= available
        and (cards or each.active <= _FASTEST)
    ]
    best = max(fitting, key=lambda each: each.parameters, default=None)
    return (
        ModelSuggestion(best, SUGGESTED_QUANTIZATION, estimate_bytes(best, SUGGESTED_QUANTIZATION))
        if best
        else None
    )


def usable_memory(devices: Sequence[Device]) -> int:
    """Return the bytes that a model can have here, in main memory or on one graphics card.

    What happens to be free now is another question: a model is got once and used for months.
    """
    cards = [int(each.total * (1 - CARD_SHARE)) for each in devices if each.is_card]
    return max([int(total_memory() * (1 - SYSTEM_SHARE)), *cards])
