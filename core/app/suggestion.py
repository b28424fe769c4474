"""Which model of the catalog suits this machine, for someone who has only the starter."""

from collections.abc import Sequence

from msgspec import Struct

from core.engine.free_memory import available_memory
from core.errors import ModelError
from core.messages import Device
from core.models.catalog import CatalogModel, load_catalog
from core.models.catalog_header import bytes_of

LEVEL = "Q4_K_M"
"""The level with which a comparison of sizes is fair: what most people take."""
ROOM = 1.25
"""Beside the weights: the conversation, what is computed, the program."""
_FASTEST = 5_000_000_000
"""Parameters a processor alone reads fast enough to be talked with, a token at a time."""
_CARDS = frozenset({"gpu", "igpu"})


class Suggestion(Struct, frozen=True):
    """A model to fetch; `size` in bytes, by the published bits a weight."""

    model: CatalogModel
    level: str
    size: int


def suggestion(devices: Sequence[Device], memory: int | None = None) -> Suggestion | None:
    """Return the largest starter model of the catalog that runs well here, None if none does.

    `memory` are the bytes there are without a graphics card, None: what is free.
    """
    free = available_memory() if memory is None else memory
    cards = [each.free for each in devices if each.kind in _CARDS]
    room = max([free, *cards])
    try:
        starters = [each for each in load_catalog() if each.starter and each.file(LEVEL)]
    except ModelError:
        return None
    fitting = [
        each
        for each in starters
        if bytes_of(each, LEVEL) * ROOM <= room and (cards or each.active <= _FASTEST)
    ]
    best = max(fitting, key=lambda each: each.parameters, default=None)
    return Suggestion(best, LEVEL, bytes_of(best, LEVEL)) if best else None
