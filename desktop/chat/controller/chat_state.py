"""Chat state of a window: ticked folders of each chat, sources of each turn."""

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from core.chat.conversations.conversation import Source, Turn
from desktop.chat.controller.cited_source import cited_sources


class ChatState(Struct):
    """Kept while the window is open."""

    folder_ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Ticked folders by chat; the id of a chat that isn't saved yet is UNSAVED_CHAT_ID."""
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)
    """By turn id."""
    sources_turn_id: str = ""
    """The turn whose sources were shown last, "" for none."""

    def store_sources(self, turns: Iterable[Turn]) -> None:
        """Keep the sources of these turns."""
        self.sources.update(
            {
                turn.turn_id: cited_sources(turn.sources, turn.citations, turn.sentences)
                for turn in turns
            }
        )

    def forget_chat(self, chat_id: str) -> None:
        """Drop a deleted chat."""
        self.folder_ids.pop(chat_id, None)

    def note_shown_sources(self, _sources: object, turn_id: str) -> None:
        """Remember whose sources are shown."""
        self.sources_turn_id = turn_id

    def last_sources(self, turns: Sequence[Turn]) -> tuple[tuple[Source, ...], str]:
        """Return the sources of the last turn, and its id."""
        turn_id = turns[-1].turn_id if turns else ""
        return self.sources.get(turn_id, ()), turn_id
