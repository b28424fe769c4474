"""Awaited reading: questions that are asked again as soon as all files are read."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.app.library.folder_service import FolderService

AskAnew = Callable[[str, tuple[str, ...], str], bool]
"""Takes a chat, the folders it answers from and the answer's turn; False: not now."""


class AwaitedReading(QObject):
    """Each question is asked once.

    `check_folders` is to be called whenever a folder changed or an answer ended.
    """

    def __init__(self, folders: FolderService, ask_anew: AskAnew, parent: QObject) -> None:
        super().__init__(parent)
        self._folders = folders
        self._ask_anew = ask_anew
        self._awaited: dict[str, tuple[str, tuple[str, ...]]] = {}

    def await_reading(self, chat_id: str, folder_ids: tuple[str, ...], turn_id: str) -> None:
        """Ask the question of an answer again when nothing of its folders is left to be read.

        That may be at once.
        """
        self._awaited[turn_id] = chat_id, folder_ids
        self.check_folders()

    def is_awaited(self, turn_id: str) -> bool:
        """Return whether the question of an answer is going to be asked again."""
        return turn_id in self._awaited

    def check_folders(self) -> None:
        """Ask what waited for folders that are read by now."""
        for turn_id, (chat_id, folder_ids) in list(self._awaited.items()):
            if self._are_read(folder_ids) and self._ask_anew(chat_id, folder_ids, turn_id):
                self._awaited.pop(turn_id, None)

    def _are_read(self, folder_ids: tuple[str, ...]) -> bool:
        return not any(
            folder.state == "syncing" or (folder.changes and folder.state != "paused")
            for folder in self._folders.known_folders
            if not folder_ids or folder.folder_id in folder_ids
        )
