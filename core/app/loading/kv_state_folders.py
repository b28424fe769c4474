"""Folders of saved KV states between starts: one for each saved chat.

The engine child writes into these folders and never makes one, so a folder that is gone stays gone.
"""

import logging
import shutil
from collections.abc import Container
from pathlib import Path

import uuid_utils

from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings

_log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
_GONE = ".gone-"


class KvStateFolders:
    """Creates and removes the folders. Without its state, a chat is read again."""

    def __init__(self, paths: Paths, settings: Settings) -> None:
        self._root = paths.states
        self._settings = settings

    @property
    def is_enabled(self) -> bool:
        """Whether states are to be saved."""
        return self._settings.get_value(declared.KEEP_STATES)

    @property
    def byte_limit(self) -> int:
        """Most bytes of all folders together."""
        return self._settings.get_value(declared.STATES_MEGABYTES) * MEGABYTE

    @property
    def parent_folder(self) -> str:
        """The folder of all chats' folders, "" if states are not saved."""
        return str(self._root) if self.is_enabled else ""

    def chat_folder(self, chat_id: str) -> str:
        """Create and return a chat's folder; "" if states are not saved or the disk refuses."""
        if not self.is_enabled:
            return ""
        folder = self._root / chat_id
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            _log.exception("no folder for a chat's state")
            return ""
        return str(folder)

    def remove_chat_folder(self, chat_id: str) -> None:
        """Remove a chat's folder, also while the engine writes into it."""
        folder = self._root / chat_id
        # Under another name the engine can't write into it; Windows doesn't rename open files.
        aside = self._root / f"{_GONE}{uuid_utils.uuid7().hex}"
        try:
            folder.replace(aside)
        except FileNotFoundError:
            return
        except OSError:
            aside = folder
        _remove(aside)

    def remove_stale_folders(self, chat_ids: Container[str]) -> None:
        """Remove the folders of other chats; all of them if states are not saved."""
        try:
            folders = list(self._root.iterdir())
        except OSError:
            return
        for folder in folders:
            if not self.is_enabled or folder.name not in chat_ids:
                _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder; what can't be removed now is removed at the next start."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        _log.warning("a chat's state could not be removed yet")
