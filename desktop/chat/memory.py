"""What the window keeps of each chat while it is open: ticked folders, sources."""

from collections.abc import Iterable

from msgspec import Struct, field

from core.chat.conversation import Source, Turn


class ChatMemory(Struct):
    """By chat id; the id of a chat that isn't saved yet is empty."""

    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)
    """By turn id."""

    def note(self, turns: Iterable[Turn]) -> None:
        """Keep the sources of these turns."""
        self.sources.update({turn.turn_id: turn.sources for turn in turns})

    def forget(self, chat_id: str) -> None:
        """Forget a deleted chat."""
        self.ticks.pop(chat_id, None)
