"""Store search: the models that other programs hold."""

import logging
from collections.abc import Callable, Iterator

from core.models.stores import (
    gpt4all_store,
    hugging_face_store,
    jan_store,
    lm_studio_store,
    ollama_store,
)
from core.models.stores.store_files import StoreLocations, StoreModelFile

_log = logging.getLogger(__name__)

_STORES: tuple[Callable[[StoreLocations], Iterator[StoreModelFile]], ...] = (
    lm_studio_store.find_lm_studio_models,
    ollama_store.find_ollama_models,
    jan_store.find_jan_models,
    gpt4all_store.find_gpt4all_models,
    hugging_face_store.find_hugging_face_models,
)


def find_store_models(places: StoreLocations) -> Iterator[StoreModelFile]:
    """Yield the files of other programs. A damaged store doesn't hide the others."""
    for find in _STORES:
        try:
            yield from find(places)
        except (OSError, ValueError, RecursionError):
            _log.exception("%s could not be searched", find.__module__)
