"""Jan store: model.gguf files, and files that a model.yml names, in its data folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from core.base.lazy_regex import lazy_pattern
from core.models.info.model_entry import ModelOrigin
from core.models.stores.store_files import (
    StoreLocations,
    StoreModelFile,
    find_gguf_files,
    nested_text,
    read_json,
    read_text,
)

_LINE = lazy_pattern(r"^(name|model_path):\s*(.+?)\s*$", re.MULTILINE)


def find_jan_models(places: StoreLocations) -> Iterator[StoreModelFile]:
    """Yield the files in its current and older folders."""
    seen: set[Path] = set()
    for folder in dict.fromkeys(_folders(places)):
        for models in (folder / "llamacpp/models", folder / "models"):
            for path, name in _in_folder(models, folder):
                if path not in seen:
                    seen.add(path)
                    yield StoreModelFile(path=str(path), origin=ModelOrigin.JAN, name=name)


def _in_folder(models: Path, data: Path) -> Iterator[tuple[Path, str]]:
    for path in find_gguf_files(models):
        described = dict(_LINE.findall(read_text(path.with_name("model.yml"))))
        yield path, _plain(described.get("name", "")) or _folder_name(path, models)
    # An imported model is elsewhere; only its description is here.
    for description in sorted(models.rglob("model.yml")) if models.is_dir() else ():
        described = dict(_LINE.findall(read_text(description)))
        path = Path(_plain(described.get("model_path", "")))
        if path.suffix.lower() == ".gguf" and (data / path).is_file():
            yield data / path, _plain(described.get("name", ""))


def _folders(places: StoreLocations) -> Iterator[Path]:
    for home in (places.settings_folder / "Jan", places.data_folder / "Jan"):
        if set_ := nested_text(read_json(home / "settings.json"), "data_folder"):
            yield Path(set_)
        yield home / "data"
    yield places.home / "jan"


def _folder_name(path: Path, models: Path) -> str:
    """Return a name made of the folders, for a file called model.gguf."""
    if path.stem.lower() != "model":
        return ""
    return "/".join(path.parent.relative_to(models).parts)


def _plain(value: str) -> str:
    return value.strip().strip("\"'")
