"""JSON fields of chats.db: what each column holds, for who reads it and for who repairs it."""

from typing import Generic, TypeVar

import msgspec

from core.chat.conversations.assurance import NO_ASSURANCE, Assurance
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import AnswerStatistics, JudgedSentence
from core.chat.conversations.tool_calls import RecordedCall
from core.messages import Adapter

Value = TypeVar("Value")
UNREADABLE = ValueError
"""What a changed bit within a text leads to: UnicodeDecodeError and msgspec's errors are such."""


class JsonField(Generic[Value]):
    """A column whose text is a value as JSON; `default` stands for an empty or unreadable one."""

    def __init__(self, column: str, kind: type[Value], default: Value) -> None:
        self.column = column
        self._kind = kind
        self._default = default

    @property
    def default_text(self) -> str:
        """The text of the default."""
        return self.encode_value(self._default)

    @staticmethod
    def encode_value(value: Value) -> str:
        """Return the text to store for a value."""
        return msgspec.json.encode(value).decode()

    def decode_value(self, text: str | bytes) -> Value:
        """Return the value of a stored text. Raises UNREADABLE."""
        return msgspec.json.decode(text, type=self._kind) if text else self._default

    def can_decode(self, text: bytes) -> bool:
        """Return whether a stored text can be read."""
        try:
            self.decode_value(text)
        except (UNREADABLE, RecursionError):
            return False
        return True


FOLDER_IDS = JsonField("folder_ids", tuple[str, ...], ())
ADAPTERS = JsonField("adapters", tuple[Adapter, ...], ())
CHAT_STYLE = JsonField("manner", ChatStyle, DEFAULT_CHAT_STYLE)
STATISTICS = JsonField("statistics", AnswerStatistics, AnswerStatistics())
SENTENCES = JsonField("sentences", tuple[JudgedSentence, ...], ())
ASSURANCE = JsonField("data", Assurance, NO_ASSURANCE)
TOOL_CALLS = JsonField("calls", tuple[RecordedCall, ...], ())
DRAFT_FILES = JsonField("files", tuple[str, ...], ())
DRAFT_STYLE = JsonField("chat_style", ChatStyle, DEFAULT_CHAT_STYLE)
FIELDS = (
    FOLDER_IDS,
    ADAPTERS,
    CHAT_STYLE,
    STATISTICS,
    SENTENCES,
    ASSURANCE,
    TOOL_CALLS,
    DRAFT_FILES,
    DRAFT_STYLE,
)
