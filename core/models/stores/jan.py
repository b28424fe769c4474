"""Jan's models: a model.gguf or what a model.yml names, under its data folder."""

import re
from collections.abc import Iterator
from pathlib import Path

from core.models.entry import Origin
from core.models.stores.found import Found, Places, gguf_files, read_json, read_text, text_under
from core.patterns import pattern

_LINE = pattern(r"^(name|model_path):\s*(.+?)\s*$", re.MULTILINE)


def find(places: Places) -> Iterator[Found]:
    """Yield what lies in its folders, the older ones too."""
    seen: set[Path] = set()
    for folder in dict.fromkeys(_folders(places)):
        for models in (folder / "llamacpp/models", folder / "models"):
            for path, name in _in_folder(models, folder):
                if path not in seen:
                    seen.add(path)
                    yield Found(path=str(path), origin=Origin.JAN, name=name)


def _in_folder(models: Path, data: Path) -> Iterator[tuple[Path, str]]:
    for path in gguf_files(models):
        described = dict(_LINE.findall(read_text(path.with_name("model.yml"))))
        yield path, _plain(described.get("name", "")) or _folder_name(path, models)
    # A model that was imported lies elsewhere, and only its description is here.
    for description in sorted(models.rglob("model.yml")) if models.is_dir() else ():
        described = dict(_LINE.findall(read_text(description)))
        path = Path(_plain(described.get("model_path", "")))
        if path.suffix.lower() == ".gguf" and (data / path).is_file():
            yield data / path, _plain(described.get("name", ""))


def _folders(places: Places) -> Iterator[Path]:
    for home in (places.settings / "Jan", places.data / "Jan"):
        if set_ := text_under(read_json(home / "settings.json"), "data_folder"):
            yield Path(set_)
        yield home / "data"
    yield places.home / "jan"


def _folder_name(path: Path, models: Path) -> str:
    """A file called model.gguf is known by its folders."""
    if path.stem.lower() != "model":
        return ""
    return "/".join(path.parent.relative_to(models).parts)


def _plain(value: str) -> str:
    return value.strip().strip("\"'")
