"""All stores, looked through one after the other."""

import logging
from collections.abc import Callable, Iterator

from core.models.stores import gpt4all, hub_cache, jan, lm_studio, ollama
from core.models.stores.found import Found, Places

_log = logging.getLogger(__name__)

_STORES: tuple[Callable[[Places], Iterator[Found]], ...] = (
    lm_studio.find,
    ollama.find,
    jan.find,
    gpt4all.find,
    hub_cache.find,
)


def find_all(places: Places) -> Iterator[Found]:
    """Yield what other programs hold. One store that is odd doesn't hide the others."""
    for find in _STORES:
        try:
            yield from find(places)
        except (OSError, ValueError, RecursionError):
            _log.exception("%s could not be looked through", find.__module__)
