"""Model files of other programs, the folders they may lie in, and readers for their lists."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from core.gguf import is_later_part

MOST_BYTES = 4 << 20
"""Other programs' lists and settings are far smaller."""
MOST_FOLDERS = 20_000
"""Folders that are looked through in one store; a link in a circle ends here at the latest."""


class StoreModelFile(Struct, frozen=True, kw_only=True):
    """A GGUF file of another program. `name` is what that one calls it, "" for the file's own.

    `sha256` is what the store says the content is, by its own naming; "" when it doesn't.
    """

    path: str
    origin: str
    name: str = ""
    sha256: str = ""
    licence: str = ""


class StoreLocations(NamedTuple):
    """What decides where programs keep things: tests hand in others."""

    home: Path
    environment: Mapping[str, str]
    platform: str

    @classmethod
    def of_current_user(cls) -> "StoreLocations":
        """Return those of the person who runs the program."""
        return cls(Path.home(), os.environ, sys.platform)

    def folder_from_variable(self, name: str) -> Path | None:
        """Return the folder that a variable names."""
        value = self.environment.get(name, "").strip()
        return Path(value).expanduser() if value else None

    @property
    def data_folder(self) -> Path:
        """Where programs keep a person's data."""
        if self.platform == "win32":
            return self.folder_from_variable("LOCALAPPDATA") or self.home / "AppData/Local"
        if self.platform == "darwin":
            return self.home / "Library/Application Support"
        return self.folder_from_variable("XDG_DATA_HOME") or self.home / ".local/share"

    @property
    def settings_folder(self) -> Path:
        """Where programs keep a person's settings."""
        if self.platform == "win32":
            return self.folder_from_variable("APPDATA") or self.home / "AppData/Roaming"
        if self.platform == "darwin":
            return self.home / "Library/Application Support"
        return self.folder_from_variable("XDG_CONFIG_HOME") or self.home / ".config"

    @property
    def cache_folder(self) -> Path:
        """Where programs keep what they can get again."""
        return self.folder_from_variable("XDG_CACHE_HOME") or self.home / ".cache"


def find_gguf_files(folder: Path) -> Iterator[Path]:
    """Yield the GGUF files under a folder, the first parts of those that are cut into several.

    What can't be read is passed over, as are hidden folders and links to folders.
    """
    for count, (place, folders, names) in enumerate(os.walk(folder)):
        if count >= MOST_FOLDERS:
            return
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(".gguf") and not name.startswith("."):
                path = Path(place) / name
                if not is_later_part(path):
                    yield path


def read_json(path: Path) -> Any:  # noqa: ANN401 - another program's file, anything may be in it
    """Return what a JSON file holds, None when it can't be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def read_text(path: Path) -> str:
    """Return a short text file's content, "" when it can't be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def nested_text(holder: object, *keys: str) -> str:
    """Return the text that nested objects hold under `keys`, "" when there is none."""
    for key in keys:
        holder = holder.get(key) if isinstance(holder, dict) else None
    return holder if isinstance(holder, str) else ""
