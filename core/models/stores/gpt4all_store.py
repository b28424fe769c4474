"""GPT4All store: files in the folder that its settings name."""

from collections.abc import Iterator
from pathlib import Path

from core.models.info.model_entry import ModelOrigin
from core.models.stores.store_files import (
    StoreLocations,
    StoreModelFile,
    find_gguf_files,
    read_text,
)


def find_gpt4all_models(places: StoreLocations) -> Iterator[StoreModelFile]:
    """Yield the files in its folders."""
    for folder in dict.fromkeys(_folders(places)):
        for path in find_gguf_files(folder):
            if not path.name.startswith("incomplete-"):  # still being downloaded
                yield StoreModelFile(path=str(path), origin=ModelOrigin.GPT4ALL)


def _folders(places: StoreLocations) -> Iterator[Path]:
    for line in read_text(places.settings_folder / "nomic.ai/GPT4All.ini").splitlines():
        key, _sign, value = line.partition("=")
        if key.strip() == "modelPath" and value.strip():
            yield Path(value.strip().strip('"'))
    yield places.data_folder / "nomic.ai/GPT4All"
