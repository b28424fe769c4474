"""Loads with less each time memory runs out."""

import logging
from collections.abc import Callable
from typing import TypeVar

from core.engine import native_log
from core.engine.placement import step_down
from core.errors import ModelError
from core.messages import Placement

_log = logging.getLogger(__name__)

Made = TypeVar("Made")


def stepping_down(placement: Placement, make: Callable[[Placement], Made]) -> Made:
    """Return what `make` makes of the first placement that it finds memory for.

    `make` must leave nothing behind when it raises. Raises what it raised for any other reason,
    or with the least there is.
    """
    while True:
        native_log.listen()
        try:
            return make(placement)
        except (ModelError, MemoryError, RuntimeError):
            smaller = step_down(placement) if native_log.ran_out() else None
            if smaller is None:
                raise
            _log.warning("no memory for %s; trying %s", placement, smaller)
            placement = smaller
