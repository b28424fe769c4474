"""Model files of other programs: possible folders, and readers for lists and settings."""

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
"""Folders that are searched in one store, which also limits circular links."""


class StoreModelFile(Struct, frozen=True, kw_only=True):
    """A GGUF file of another program. `name` is its name there, "" for the file name.

    `sha256` is the checksum by which the store names the file, "" if it does not.
    """

    path: str
    origin: str
    name: str = ""
    sha256: str = ""
    licence: str = ""


class StoreLocations(NamedTuple):
    """Home folder, environment and platform, which determine the folders of programs."""

    home: Path
    environment: Mapping[str, str]
    platform: str

    @classmethod
    def of_current_user(cls) -> "StoreLocations":
        """Return where programs of this person and this system keep their files."""
        return cls(Path.home(), os.environ, sys.platform)

    def folder_from_variable(self, name: str) -> Path | None:
        """Return the folder in an environment variable, None if it is not set."""
        value = self.environment.get(name, "").strip()
        return Path(value).expanduser() if value else None

    @property
    def data_folder(self) -> Path:
        """The folder for data of programs."""
        if self.platform == "win32":
            return self.folder_from_variable("LOCALAPPDATA") or self.home / "AppData/Local"
        if self.platform == "darwin":
            return self.home / "Library/Application Support"
        return self.folder_from_variable("XDG_DATA_HOME") or self.home / ".local/share"

    @property
    def settings_folder(self) -> Path:
        """The folder for settings of programs."""
        if self.platform == "win32":
            return self.folder_from_variable("APPDATA") or self.home / "AppData/Roaming"
        if self.platform == "darwin":
            return self.home / "Library/Application Support"
        return self.folder_from_variable("XDG_CONFIG_HOME") or self.home / ".config"

    @property
    def cache_folder(self) -> Path:
        """The folder for caches of programs."""
        return self.folder_from_variable("XDG_CACHE_HOME") or self.home / ".cache"


def find_gguf_files(folder: Path) -> Iterator[Path]:
    """Yield the GGUF files under a folder; of a model in parts, only the first part.

    Unreadable and hidden folders and links to folders are skipped.
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
    """Return the content of a JSON file, None if it can't be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def read_text(path: Path) -> str:
    """Return the content of a short text file, "" if it can't be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def nested_text(node: object, *keys: str) -> str:
    """Return the text under `keys` in nested objects, "" if there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, str) else ""
