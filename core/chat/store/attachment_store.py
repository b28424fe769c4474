"""Attachment store: texts and pictures that were pasted as files, for questions about them.

Under a data key they are encrypted; the library child decrypts them for its extractors.
"""

import contextlib
import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import uuid_utils

from core.base.data_files import write_data_file
from core.base.errors import storage_error_from_os
from core.base.formatting import format_bytes
from core.base.i18n import _

_FOLDER = "attachments"
_ID_LENGTH = 36


class AttachmentStore:
    """A folder for each attachment, so that its file can have a readable name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: dict[str, set[Path]] = {}
        """Attachments by the chat in which something was asked about them since the start."""

    def save_text(self, text: str) -> str:
        """Save a text as a file and return its path. Raises StorageError."""
        content = text.encode("utf-8", "replace")
        title = _("Pasted text ({size})").format(size=format_bytes(len(content)))
        return self._save(f"{title}.txt", content)

    def save_picture(self, content: bytes, width: int, height: int) -> str:
        """Save a PNG of so many pixels and return its path. Raises StorageError."""
        title = _("Pasted picture ({width} × {height})").format(width=width, height=height)
        return self._save(f"{title}.png", content)

    def remove_unused(self, used_paths: Callable[[], Collection[str]]) -> None:
        """Delete what no chat names any more; `used_paths` is only called if there is anything."""
        with contextlib.suppress(OSError):
            folders = [each for each in self._folder.iterdir() if each.is_dir()]
            used = {Path(path).parent for path in used_paths()} if folders else set()
            for folder in folders:
                if folder not in used:
                    shutil.rmtree(folder, ignore_errors=True)

    def note_files(self, chat_id: str, paths: Collection[str]) -> None:
        """Remember that a chat asked about these files; those that are no attachments don't count.

        An answer without sources names none of them.
        """
        mine = {Path(path).parent for path in paths if self._is_mine(path)}
        if mine:
            self._asked.setdefault(chat_id, set()).update(mine)

    def remove_of_chat(
        self, chat_id: str, named: Collection[str], used_paths: Callable[[], Collection[str]]
    ) -> None:
        """Delete the attachments of a deleted chat, but those that another one names or asked."""
        folders = {Path(path).parent for path in named if self._is_mine(path)}
        folders |= self._asked.pop(chat_id, set())
        if not folders:
            return
        used = {Path(path).parent for path in used_paths()}.union(*self._asked.values())
        for folder in folders - used:
            shutil.rmtree(folder, ignore_errors=True)

    def _is_mine(self, path: str) -> bool:
        return Path(path).parent.parent == self._folder

    def _save(self, name: str, content: bytes) -> str:
        path = self._folder / str(uuid_utils.uuid7()) / name.replace("/", "-")
        try:
            path.parent.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise storage_error_from_os(error, str(path)) from error
        write_data_file(path, content)
        return str(path)


def attachment_title(path: str) -> str:
    """Return the title of an attachment without its suffix, "" for the path of any other file."""
    file = Path(path)
    is_ours = file.parent.parent.name == _FOLDER and len(file.parent.name) == _ID_LENGTH
    return file.stem if is_ours else ""
