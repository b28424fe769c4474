"""LM Studio store: publisher/repository/file.gguf under a folder that its settings name."""

from collections.abc import Iterator
from pathlib import Path

from core.models.info.model_entry import ModelOrigin
from core.models.stores.store_files import (
    StoreLocations,
    StoreModelFile,
    find_gguf_files,
    nested_text,
    read_json,
    read_text,
)


def find_lm_studio_models(places: StoreLocations) -> Iterator[StoreModelFile]:
    """Yield the files in its current and older folders."""
    for folder in dict.fromkeys(_folders(places)):
        for path in find_gguf_files(folder):
            yield StoreModelFile(path=str(path), origin=ModelOrigin.LM_STUDIO)


def _folders(places: StoreLocations) -> Iterator[Path]:
    homes = [places.home / ".lmstudio", places.cache_folder / "lm-studio"]
    if pointed := read_text(places.home / ".lmstudio-home-pointer").strip():
        homes.insert(0, Path(pointed))
    for home in homes:
        if set_ := nested_text(read_json(home / "settings.json"), "downloadsFolder"):
            yield Path(set_)
        yield home / "models"
