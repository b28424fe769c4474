"""Foreign chat: what one chat of another program holds, before it becomes one of ours."""

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct


class ForeignTurn(Struct, frozen=True, kw_only=True):
    """A message. Ids are the program's own, unique in their chat; `created` is in seconds, or 0.

    `is_shown`: False for what only leads from one message to the next (system prompts, tools); its
    `thinking` then goes to the answer after it.
    """

    turn_id: str
    parent_id: str | None
    is_question: bool
    text: str
    created: float
    thinking: str
    model: str
    attachments: tuple[str, ...]
    is_shown: bool = True


class ForeignChat(Struct, frozen=True, kw_only=True):
    """A chat; `leaf_id` is the message it was left at, "" if the program doesn't tell."""

    program: str
    chat_id: str
    title: str
    created: float
    updated: float
    turns: tuple[ForeignTurn, ...]
    leaf_id: str = ""


class SkippedChat(Struct, frozen=True):
    """What was left out: its title, or the file it stands in, and why, as text for the person."""

    name: str
    reason: str


class MalformedChatError(ValueError):
    """A chat isn't what its program writes; the text of the error says why, for the person."""


Record = Mapping[str, Any]
"""One chat as JSON, not checked."""


class HistoryProgram(Protocol):
    """A program whose chats are JSON objects."""

    @property
    def name(self) -> str:
        """The program's name, as people know it."""

    def recognizes(self, record: Record) -> bool:
        """Return whether an object looks like a chat of this program."""

    def read_chat(self, record: Record, file: str) -> ForeignChat:
        """Return the chat; `file` is the name it stands in. Raises MalformedChatError."""
