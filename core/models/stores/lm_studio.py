"""LM Studio's models: publisher/repository/file.gguf under a folder that its settings name."""

from collections.abc import Iterator
from pathlib import Path

from core.models.entry import Origin
from core.models.stores.found import Found, Places, gguf_files, read_json, read_text, text_under


def find(places: Places) -> Iterator[Found]:
    """Yield what lies in its folders, the older ones too."""
    for folder in dict.fromkeys(_folders(places)):
        for path in gguf_files(folder):
            yield Found(path=str(path), origin=Origin.LM_STUDIO)


def _folders(places: Places) -> Iterator[Path]:
    homes = [places.home / ".lmstudio", places.cache / "lm-studio"]
    if pointed := read_text(places.home / ".lmstudio-home-pointer").strip():
        homes.insert(0, Path(pointed))
    for home in homes:
        if set_ := text_under(read_json(home / "settings.json"), "downloadsFolder"):
            yield Path(set_)
        yield home / "models"
