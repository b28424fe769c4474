"""What was dropped on the window or handed over by a second start, by kind."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QMimeData

MODEL_SUFFIX = ".gguf"


class Dropped(Struct, frozen=True):
    """Absolute paths: folders, GGUF files, and anything else."""

    folders: tuple[str, ...]
    models: tuple[str, ...]
    others: tuple[str, ...]


def sort_paths(paths: Iterable[str]) -> Dropped:
    """Tell folders from models from other files."""
    folders, models, others = [], [], []
    for path in paths:
        if Path(path).is_dir():
            folders.append(path)
        elif path.lower().endswith(MODEL_SUFFIX):
            models.append(path)
        else:
            others.append(path)
    return Dropped(folders=tuple(folders), models=tuple(models), others=tuple(others))


def sorted_paths(data: QMimeData) -> Dropped:
    """Return what a drag carries from this computer."""
    return sort_paths(url.toLocalFile() for url in data.urls() if url.isLocalFile())
