"""Suggestion of a catalog model that suits the memory of this machine."""

from collections.abc import Sequence

from msgspec import Struct

from core.base.errors import ModelError
from core.engine.memory.free_memory import available_memory
from core.messages import Device
from core.models.model_catalog import CatalogModel, load_catalog
from core.models.quantizations.catalog_header import estimate_bytes

SUGGESTED_QUANTIZATION = "Q4_K_M"
"""The quantization by which sizes are compared: the most common one."""
MEMORY_FACTOR = 1.25
"""Memory for the cache, intermediate results and the program, as a factor of the weights."""
_FASTEST = 5_000_000_000
"""Most active parameters with which a processor alone is fast enough."""
_CARDS = frozenset({"gpu", "igpu"})


class ModelSuggestion(Struct, frozen=True):
    """A model to download; `size` in bytes, by the published bits per weight."""

    model: CatalogModel
    level: str
    size: int


def suggest_model(devices: Sequence[Device], memory: int | None = None) -> ModelSuggestion | None:
    """Return the largest starter model of the catalog that runs well here, None if none does.

    `memory` are the bytes of main memory to use, None for the free ones.
    """
    free = available_memory() if memory is None else memory
    cards = [each.free for each in devices if each.kind in _CARDS]
    available = max([free, *cards])
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
