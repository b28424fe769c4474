"""Load fallback: a smaller placement is tried each time memory runs out."""

import logging
from collections.abc import Callable
from typing import TypeVar

from core.base.errors import ModelError
from core.engine.llama import llama_log
from core.engine.memory.placement_planner import next_smaller_placement
from core.messages import Placement

_log = logging.getLogger(__name__)

Made = TypeVar("Made")


def load_with_fallback(placement: Placement, make: Callable[[Placement], Made]) -> Made:
    """Return the result of `make` for the first placement with enough memory.

    `make` must free everything when it raises. Raises what it raised for any other reason, or with
    the smallest placement.
    """
    while True:
        llama_log.start_capture()
        try:
            return make(placement)
        except (ModelError, MemoryError, RuntimeError):
            smaller = next_smaller_placement(placement) if llama_log.ran_out_of_memory() else None
            if smaller is None:
                raise
            _log.warning("no memory for %s; trying %s", placement, smaller)
            placement = smaller
