"""Unfinished edits: what is being written in place of messages, whether their cards are built."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from core.chat.conversations.conversation import Turn


class UnfinishedEdits(QObject):
    """Of the open chat, by turn. An edit that says what the message says is none."""

    changed = Signal(str)
    """The turn of which more or less is written now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._written: dict[str, str] = {}

    def show_edits(self, written: Mapping[str, str]) -> None:
        """Hold those of another chat."""
        self._written = dict(written)

    def written_text(self, turn_id: str) -> str:
        """Return what is written in place of a message, "" for nothing."""
        return self._written.get(turn_id, "")

    def keep_edit(self, turn: Turn, text: str) -> None:
        """Keep what is written in place of a message; nothing ends the edit."""
        if text == turn.text:
            text = ""
        if text != self.written_text(turn.turn_id):
            self._written[turn.turn_id] = text
            self.changed.emit(turn.turn_id)
