"""Awaited reading: questions to be asked again when all is read, and what their answers say."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.app.library.folder_service import FolderService
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.transcript.transcript_view import TranscriptView

AskAnew = Callable[[str, tuple[str, ...], str], bool]
"""Takes a chat, the folders it answers from and the answer's turn; False: not now."""


class AwaitedReading(QObject):
    """Each question is asked once.

    `check_folders` is to be called whenever a folder changed or an answer ended.
    """

    def __init__(
        self,
        folders: FolderService,
        transcript: TranscriptView,
        ask_anew: AskAnew,
        asked_folders: Callable[[], tuple[str, ...]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._folders = folders
        self._transcript = transcript
        self._ask_anew = ask_anew
        self._asked_folders = asked_folders
        """Returns the folders that the open chat answers from."""
        transcript.laid_out.connect(self._show_reading)
        self._awaited: dict[str, tuple[str, tuple[str, ...]]] = {}

    def await_reading(self, chat_id: str, folder_ids: tuple[str, ...], turn_id: str) -> None:
        """Ask the question of an answer again when nothing of its folders is left to be read.

        That may be at once.
        """
        self._awaited[turn_id] = chat_id, folder_ids
        self.check_folders()

    def check_folders(self) -> None:
        """Ask what waited for folders that are read by now."""
        for turn_id, (chat_id, folder_ids) in list(self._awaited.items()):
            if self._are_read(folder_ids) and self._ask_anew(chat_id, folder_ids, turn_id):
                self._awaited.pop(turn_id, None)
        self._show_reading()

    def _show_reading(self) -> None:
        """Say in each answer that misses files whether they are read by now."""
        cards = [each for each in self._transcript.built_cards if isinstance(each, AnswerCard)]
        for card in cards:
            if card.is_finished and card.turn.statistics.unread_files:
                is_read = self._are_read(self._asked_folders())
                card.assurance.show_reading(
                    awaited=card.turn_id in self._awaited, read_since=is_read
                )

    def _are_read(self, folder_ids: tuple[str, ...]) -> bool:
        """Whether nothing is left: of a folder that is only being listed nobody knows yet."""
        known = {folder.folder_id: folder for folder in self._folders.known_folders}
        asked = [known.get(folder_id) for folder_id in folder_ids or known]
        return all(
            folder is not None and (folder.state == "paused" or folder.is_in_step)
            for folder in asked
        )
