"""JSON export: whole chats with every version of every turn; chat_import reads it again."""

import time
from collections.abc import Sequence

import msgspec
from msgspec import Struct, field, structs

from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import Conversation, ConversationSummary, Turn

FORMAT = "inglenook chats"
VERSION = 1


class ChatRecord(Struct, frozen=True, kw_only=True):
    """One chat. Times are in seconds since the epoch; `leaf_id` is the last shown turn."""

    title: str
    created: float
    updated: float
    turns: tuple[Turn, ...]
    leaf_id: str | None = None
    folder_ids: tuple[str, ...] = ()
    chat_style: ChatStyle = field(default=DEFAULT_CHAT_STYLE, name="manner")
    summaries: tuple[ConversationSummary, ...] = ()


class ChatFile(Struct, frozen=True, kw_only=True):
    """Content of a file. Fields that a later version adds are ignored by an earlier one."""

    format: str
    version: int
    chats: tuple[ChatRecord, ...]
    exported: float = 0.0


def chats_to_json(chats: Sequence[Conversation]) -> bytes:
    """Return all chats as one file. Token numbers are left out: only one model knows them."""
    file = ChatFile(
        format=FORMAT, version=VERSION, exported=time.time(), chats=tuple(map(_record, chats))
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def _record(chat: Conversation) -> ChatRecord:
    return ChatRecord(
        title=chat.title,
        created=chat.created,
        updated=chat.updated,
        turns=tuple(structs.replace(turn, token_ids=()) for turn in chat.turns.values()),
        leaf_id=chat.leaf_id,
        folder_ids=chat.folder_ids,
        chat_style=chat.chat_style,
        summaries=tuple(structs.replace(each, token_ids=()) for each in chat.summaries),
    )
