"""Registry file on disk: models and folders a person added, renamed or took off the list."""

import json
import logging
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

from core.base.data_files import write_data_file
from core.base.paths import Paths
from core.base.state_files import read_state_file, report_damaged_file

_log = logging.getLogger(__name__)


class RegistryFile:
    """The lists of one root; after a change, call `save_registry`. One thread uses it.

    `added` maps files to names, in the order in which they were added; `names` does so for found
    files; `folders` are scanned; `forgotten` files are not shown although they are found; files in
    `anyway` may have an unknown architecture.
    """

    def __init__(self, paths: Paths, name: Callable[[Path, Container[str]], str]) -> None:
        self._path = paths.model_registry
        self._name = name
        self.added: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.folders: list[str] = []
        self.forgotten: set[str] = set()
        self.anyway: set[str] = set()
        self._load()

    def save_registry(self) -> None:
        """Write the lists. Raises StorageError, and the ones on disk stay as they were."""
        content = {
            "version": 1,
            "files": list(self.added),
            "refs": self.added,
            "anyway": sorted(self.anyway & self.added.keys()),
            "names": self.names,
            "folders": self.folders,
            "forgotten": sorted(self.forgotten),
        }
        write_data_file(self._path, json.dumps(content, indent=2).encode())

    def _load(self) -> None:
        content = read_state_file(self._path, dict[str, Any])
        if content is None:
            return
        try:
            self._parse(content)
        except (ValueError, TypeError, KeyError) as error:
            report_damaged_file(self._path, error)

    def _parse(self, content: dict[str, Any]) -> None:
        files, refs = _texts(content["files"]), _named(content.get("refs", {}))
        # A list of an earlier version holds no names, or fewer of these lists.
        anyway, forgotten = (_texts(content.get(key, [])) for key in ("anyway", "forgotten"))
        folders, names = _texts(content.get("folders", [])), _named(content.get("names", {}))
        taken = {refs[file] for file in files if file in refs}
        for file in files:
            if file not in refs:
                refs[file] = self._name(Path(file), taken)
                taken.add(refs[file])
        self.added = {file: refs[file] for file in files}
        self.names, self.folders = names, folders
        self.forgotten, self.anyway = set(forgotten), set(anyway)


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("not a list of paths")
    return value


def _named(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("not names of paths")
    _texts([*value.keys(), *value.values()])
    return value
